"""Files of a registry, as short as they can be, for the tests that read them."""

CASE = """\
id: kevin-cooper
name: {given: [Kevin], family: [Cooper]}
policy: context_required
born: {year: 1958, source: s1}
jurisdiction: {country: US, region: US-CA}
status:
- {value: death_sentence, as_of: 2024-09, source: s1}
context:
- {type: victim, text: Ryen, source: s1}
- {type: prison, text: San Quentin, source: s1}
- {type: judge, text: William Fletcher, source: s1}
not:
- {label: "others, in sport", cues: [touchdown]}
advocates: [kim-kardashian]
sources: {s1: "https://news.example/cooper"}
"""
ADVOCATE = """\
id: kim-kardashian
name: {given: [Kim, Kimberly], family: [Kardashian]}
policy: name_sufficient
names:
- {text: Kim Kardashian West, kind: married_name, followup: [Kardashian West], source: s1}
short: [Kardashian, Kardashian West]
topic_gate: justice
sources: {s1: "https://news.example/kim"}
"""
FEEDS = """\
feeds:
- {id: news, url: "https://news.example/feed", outlet: News, language: en, country: US}
"""


def files(**changed: str) -> dict[str, str]:
    """Return a registry of one case, one advocate, one feed; *changed*: case, advocate, feeds."""
    return {
        "cases/kevin-cooper.yaml": changed.get("case", CASE),
        "advocates/kim-kardashian.yaml": changed.get("advocate", ADVOCATE),
        "feeds.yaml": changed.get("feeds", FEEDS),
    }
