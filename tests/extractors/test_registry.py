"""The registry: what a good file means, and what is said of a bad one."""

import pytest

from extractors.errors import RegistryError
from extractors.model import Policy
from extractors.registry import parse_registry, registry_warnings

CASE = """\
id: a-case
name: {given: [Ann], middle: [Marie], family: [Case]}
policy: context_required
jurisdiction: {country: US, region: US-TX}
status:
- {value: death_sentence, as_of: 2024-09-24, source: s1}
context:
- {type: victim, text: Smith, source: s1}
advocates: [an-advocate]
sources: {s1: "https://example.org/a"}
"""
ADVOCATE = """\
id: an-advocate
kind: org
names: [{text: Example Project, kind: org, source: s1}]
policy: name_sufficient
sources: {s1: "https://example.org/b"}
"""
FEEDS = """\
feeds:
- {id: one, url: "https://one.example/rss", outlet: One}
"""
FILES = {"cases/a-case.yaml": CASE, "advocates/an-advocate.yaml": ADVOCATE, "feeds.yaml": FEEDS}


def problems_of(**changed: str) -> tuple[str, ...]:
    """Return what is said of FILES with the file of each keyword changed."""
    paths = {"case": "cases/a-case.yaml", "advocate": "advocates/an-advocate.yaml"}
    files = FILES | {paths.get(name, "feeds.yaml"): text for name, text in changed.items()}
    with pytest.raises(RegistryError) as caught:
        parse_registry(files)
    return caught.value.problems


def test_good_files_become_subjects_and_feeds():
    registry = parse_registry(FILES)

    (case,) = registry.cases
    assert (case.id, case.display_name, case.policy) == (
        "a-case",
        "Ann Case",
        Policy.CONTEXT_REQUIRED,
    )
    assert [(status.value, status.as_of) for status in case.status] == [
        ("death_sentence", "2024-09-24")
    ]
    assert registry.advocates[0].display_name == "Example Project"
    assert registry.feeds[0].url == "https://one.example/rss"


def test_the_version_depends_on_the_files_and_on_nothing_else():
    again = dict(reversed(FILES.items()))

    assert parse_registry(FILES).version == parse_registry(again).version
    assert parse_registry(FILES | {"cases/a-case.yaml": CASE + "# x\n"}).version != (
        parse_registry(FILES).version
    )


def test_an_unknown_key_is_an_error_with_its_line_and_what_was_meant():
    assert problems_of(case=CASE.replace("type: victim", "typ: victim")) == (
        "cases/a-case.yaml:8: context[0].type: it is missing; add it",
        'cases/a-case.yaml:8: context[0].typ: unknown key; did you mean "type"?',
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: a-case", "id: b-case", "cases/a-case.yaml:1: id: 'b-case' must be the file's name"),
        (
            "source: s1}\nadv",
            "source: s2}\nadv",
            "cases/a-case.yaml:8: context[0].source: no source",
        ),
        (
            "an-advocate",
            "an-advocat",
            "cases/a-case.yaml:9: advocates[0]: no advocate 'an-advocat'",
        ),
        ("death_sentence", "guilty", "cases/a-case.yaml:6: status[0].value: Input should be"),
        ("policy: context_required\n", "", "cases/a-case.yaml:1: policy: it is missing; add it"),
        (
            "country: US",
            "country: NO",
            "cases/a-case.yaml:4: jurisdiction.country: YAML reads this",
        ),
        (
            "policy: context",
            "id: x\npolicy: context",
            "cases/a-case.yaml:3: not YAML as we read it",
        ),
        ("given: [Ann]", "given: [Ann", "cases/a-case.yaml:"),
        ("2024-09-24", "2024-13-45", "cases/a-case.yaml:"),
    ],
)
def test_each_mistake_is_named_with_file_and_line(old, new, said):
    (problem, *_) = problems_of(case=CASE.replace(old, new, 1))

    assert problem.startswith(said)


def test_all_problems_of_all_files_are_said_at_once():
    problems = problems_of(case="- a list", advocate="id: [", feeds="feeds: [{id: one}]")

    assert {problem.partition(":")[0] for problem in problems} >= set(FILES)


def test_a_subject_without_a_name_is_refused():
    nameless = "".join(line for line in ADVOCATE.splitlines(True) if not line.startswith("names"))
    (problem, *_) = problems_of(advocate=nameless)

    assert problem.startswith("advocates/an-advocate.yaml:1: file: it has no name: give `name`")


def test_a_feed_that_stands_twice_is_refused():
    twice = FEEDS + '- {id: one, url: "https://one.example/rss", outlet: One}\n'

    assert problems_of(feeds=twice) == (
        "feeds.yaml:3: feeds[1].id: 'one' is also feeds[0]",
        "feeds.yaml:3: feeds[1].url: 'https://one.example/rss' is also feeds[0]",
    )


def test_a_feed_that_is_no_web_address_is_refused():
    (problem,) = problems_of(feeds=FEEDS.replace("https:", "file:"))

    assert problem.startswith("feeds.yaml:2: feeds[0].url: URL scheme should be 'http' or 'https'")


def test_a_registry_without_cases_or_feeds_is_refused():
    with pytest.raises(RegistryError, match=r"no case is watched"):
        parse_registry({"feeds.yaml": FEEDS})
    with pytest.raises(RegistryError, match=r"feeds\.yaml: it is missing"):
        parse_registry({"cases/a-case.yaml": CASE, "advocates/an-advocate.yaml": ADVOCATE})


def test_a_name_that_needs_context_and_has_little_is_warned_of():
    (warning,) = registry_warnings(parse_registry(FILES))

    assert warning.startswith("cases/a-case.yaml: the name needs context, and there are 1 terms")


def test_a_form_inside_anothers_form_is_warned_of():
    other = ADVOCATE.replace("an-advocate", "other").replace(
        "Example Project", "New Example Project"
    )
    warnings = registry_warnings(parse_registry(FILES | {"advocates/other.yaml": other}))

    assert any(
        "'example project' stands inside 'new example project' of other" in w for w in warnings
    )
