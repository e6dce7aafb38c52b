"""Full names: every way in which people write them, and every namesake that is somebody else."""

from datetime import date
from math import exp
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.mentions import Tagger, explain
from extractors.model import Tagging, Tier
from tests.extractors.people import EVERYBODY

TAGGER = Tagger(EVERYBODY)
DEATH_ROW = "His lawyers asked for clemency; he has been on death row at San Quentin since 1985."


def tag(text: str, **said: Any) -> Tagging:
    return TAGGER.tag(text, **said)


def quotes(text: str, subject: str, **said: Any) -> list[str]:
    return [m.quote for m in tag(text, **said).mentions if m.subject == subject]


@pytest.mark.parametrize(
    "written",
    [
        "Kevin Cooper",
        "KEVIN COOPER",
        "Kevin C. Cooper",
        "Kevin “KC” Cooper",
        'Kevin "KC" Cooper',
        "Kevin\nCooper",
        "Kevin\u00a0Cooper",
        "Kevin  Cooper",
        "Kevin Coo\u00adper",
        "Cooper, Kevin",
        "Cooper, Kevin J.",
    ],
)
def test_a_name_is_found_however_it_is_written(written):
    text = f"Among them: {written}; others were named too. {DEATH_ROW}"

    assert quotes(text, "kevin-cooper") == [written]


def test_a_possessive_is_not_part_of_the_name():
    text = f"Kevin Cooper’s and Kevin Cooper's case. {DEATH_ROW}"

    assert quotes(text, "kevin-cooper") == ["Kevin Cooper", "Kevin Cooper"]


def test_a_middle_name_a_nickname_and_a_suffix_belong_to_the_span():
    assert quotes("The stay of execution for Rodney Rodell Reed, of Bastrop.", "rodney-reed") == [
        "Rodney Rodell Reed"
    ]
    assert quotes(
        "Missouri executes Marcellus “Khaliifah” Williams. Khaliifah Williams killed Ms. Gayle, it"
        " said.",
        "marcellus-williams",
    ) == ["Marcellus “Khaliifah” Williams", "Khaliifah Williams"]
    assert quotes(
        "Robert Leslie Roberson III won a stay in the shaken baby case.", "robert-roberson"
    ) == ["Robert Leslie Roberson III"]


def test_a_german_genitive_is_a_name_in_german_only():
    german = "Kevin Coopers Anwälte bitten um Begnadigung. Der Todeskandidat sitzt in San Quentin."

    assert quotes(german, "kevin-cooper", language="de") == ["Kevin Coopers"]
    assert quotes(f"Kevin Coopers are many. {DEATH_ROW}", "kevin-cooper", language="en") == []


def test_a_hashtag_and_a_docket_number_name_a_case():
    tagged = tag("Vigil tonight #FreeKevinCooper. Docket CP-51-CR-0113571-1982 is open.")

    assert [(m.subject, m.kind) for m in tagged.mentions] == [
        ("kevin-cooper", "hashtag"),
        ("mumia-abu-jamal", "docket"),
    ]


def test_an_account_name_is_no_mention():
    assert tag("@KimKardashian tweeted of death row.").mentions == ()


def test_an_organisation_may_break_over_spaces_but_not_into_another():
    text = "The Innocence  Project filed. The Innocence Project said so."

    assert quotes(text, "innocence-project") == ["Innocence  Project", "Innocence Project"]
    for other in (
        "The California Innocence Project filed.",
        "The Innocence Project of Florida filed.",
        "The Loyola Innocence Project filed.",
        "The Innocence Project New Orleans filed.",
        "She founded the Hawaii Innocence Project.",
        "an innocence project of their own",
    ):
        assert quotes(other, "innocence-project") == [], other


def test_an_acronym_counts_beside_the_full_name_only():
    assert quotes("The Equal Justice Initiative (EJI) sued.", "equal-justice-initiative") == [
        "Equal Justice Initiative",
        "EJI",
    ]
    assert quotes("EJI Motors sold cars.", "equal-justice-initiative") == []


@pytest.mark.parametrize(
    "text",
    [
        "Striker Kevin Cooper scored twice on Saturday; the club is third in the league.",
        "Kevin Cooper, chief executive of a software maker, will step down in March.",
        "Kevin Cooper of San Bernardino won the golf championship.",
        "Judge Kevin Cooper sentenced the man to life in prison for murder.",
        "The obituary of Kevin Cooper, survived by two daughters, ran in Chino Hills.",
        "Julius Jones rushed for 122 yards and a touchdown for the Cowboys in Edmond, Oklahoma.",
        "Mayor Robert Roberson cut the ribbon in Palestine, Texas.",
        "Drummer Curtis Flowers leads a trio in Jackson, Mississippi.",
        "Rodney Reed was named head baseball coach near Houston, Texas.",
        "The California museum lent its director, Kevin Cooper, a desk.",
        "Kevin Cooper Roofing opens in Fargo.",
    ],
)
def test_a_namesake_is_not_a_mention(text):
    tagged = tag(text, published=date(2023, 5, 1))

    assert tagged.mentions == ()
    assert tagged.alerts == ()
    assert all(m.tier is Tier.REJECTED and m.evidence for m in tagged.rejected)


def test_an_age_tells_a_namesake_even_on_death_row():
    text = "Prosecutors will seek the death penalty against Kevin Cooper, {}, accused of murder."

    assert tag(text.format(31), published=date(2024, 2, 11)).alerts == ()
    assert tag(text.format(66), published=date(2024, 2, 11)).alerts == ("kevin-cooper",)


def test_a_namesake_who_is_warned_of_does_not_kill_the_article():
    text = (
        "What next for Julius Jones? The man, not to be confused with Julius Jones, the former"
        " Cowboys running back, stays at the Oklahoma State Penitentiary for killing Paul Howell."
    )

    tagged = tag(text)

    assert [m.start for m in tagged.mentions if m.subject == "julius-jones"] == [14]
    assert [m.subject for m in tagged.rejected] == ["julius-jones"]


def test_a_rare_name_stands_alone_and_a_common_one_does_not():
    assert tag("Richard Glossip spoke.").alerts == ("richard-glossip",)
    assert tag("Kevin Cooper spoke.").alerts == ()


def test_policy_belongs_to_the_form():
    """The birth name of a man with a rare name is a common name all the same."""
    assert tag("Mumia Abu-Jamal spoke.").alerts == ("mumia-abu-jamal",)
    assert tag("Wesley Cook spoke of the harvest.").mentions == ()


def test_a_celebrity_is_tagged_everywhere_and_alerted_for_justice_only():
    gala = tag("Kim Kardashian wore silver to the gala. Kardashian smiled.")

    assert [m.quote for m in gala.mentions] == ["Kim Kardashian", "Kardashian"]
    assert gala.alerts == ()
    assert tag("Kim Kardashian visited death row.").alerts == ("kim-kardashian",)


def test_words_of_the_topic_count_in_four_languages():
    for text, language in (
        ("Kevin Cooper sigue en el corredor de la muerte y pide clemencia.", "es"),
        ("Kevin Cooper reste dans le couloir de la mort et demande sa clémence.", "fr"),
        ("Kevin Cooper sitzt im Todestrakt; sein Gnadengesuch ist offen.", "de"),
    ):
        assert tag(text, language=language).alerts == ("kevin-cooper",), language
        assert tag(text).alerts == ("kevin-cooper",), language


def test_a_linked_advocate_is_evidence():
    [mention, _] = tag("Kevin Cooper met Kim Kardashian in prison.").mentions

    assert {"linked_celebrity"} <= {term.term for term in mention.evidence}


def test_a_campaign_for_a_prisoner_is_evidence():
    assert tag("Free Kevin Cooper\nA rally was held on Tuesday.").alerts == ("kevin-cooper",)
    assert tag("They let Kevin Cooper go home early.").alerts == ()


def test_a_lawyer_of_that_name_is_a_namesake():
    text = "Attorney Kevin Cooper filed an appeal for a client on death row in Ohio."

    assert tag(text).mentions == ()


def test_places_alone_never_suffice():
    [mention] = tag("Kevin Cooper moved from San Bernardino County to Chino Hills.").rejected

    assert mention.evidence[-1].term == "cap_places_only"
    assert mention.confidence < 0.5


def test_the_stored_terms_add_up_to_the_stored_confidence():
    text = (
        f"Kevin Cooper spoke. {DEATH_ROW} Cooper wept. Anderson Cooper asked Kim Kardashian West."
        " Kardashian West left. In Cooper v. Brown the court ruled; Cooper, Kevin. Glossip wept."
    )
    tagged = tag(text, published=date(2024, 1, 1))

    every = (*tagged.mentions, *tagged.rejected)
    assert len(every) > 6
    for mention in every:
        total = sum(term.weight for term in mention.evidence)
        assert mention.confidence == 1 / (1 + exp(-total))


def test_evidence_points_into_the_text():
    tagged = tag(f"Kevin Cooper spoke. {DEATH_ROW}")
    text = f"Kevin Cooper spoke. {DEATH_ROW}"

    for term in tagged.mentions[0].evidence:
        if term.term.startswith(("context_", "topic_")):
            assert text[term.start : term.end] == term.text


def test_a_title_of_its_own_is_evidence_but_yields_no_mention():
    tagged = tag("Cooper wept. He saw nobody.", title="Kevin Cooper leaves San Quentin’s death row")

    assert [(m.start, m.quote) for m in tagged.mentions] == [(0, "Cooper")]
    assert tagged.alerts == ("kevin-cooper",)


def test_an_explanation_says_why_in_words():
    [mention] = tag(
        "Kevin Cooper has spent decades at San Quentin and asked for clemency."
    ).mentions

    said = explain(mention, {})

    assert said.startswith("full name; San Quentin 22 characters away")
    assert said.endswith("no namesake cues")


def test_an_explanation_of_a_namesake_says_what_speaks_against_him():
    [mention] = tag("Julius Jones, a Cowboys running back, rushed for a touchdown.").rejected

    assert "a namesake's word: Cowboys" in explain(mention, {})


def test_an_article_without_a_name_says_nothing():
    tagged = tag("The council met on Monday and spoke of parking and of the death penalty.")

    assert tagged == type(tagged)((), (), (), ())


@settings(max_examples=60, deadline=None)
@given(before=st.text(max_size=60), after=st.text(max_size=60))
def test_a_quote_is_the_text_of_its_span(before, after):
    text = f"{before} Kevin Cooper, death row, Cooper. {after} Kim Kardashian West"
    tagged = tag(text, published=date(2024, 1, 1))

    found = [(m.quote, m.start, m.end) for m in (*tagged.mentions, *tagged.rejected)]
    found += [(e.quote, e.start, e.end) for e in tagged.events]
    found += [(a.quote, a.start, a.end) for a in tagged.advocacy]
    assert found
    assert all(quote == text[start:end] for quote, start, end in found)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="CoperKvin Jns,.'’“”-\n&;#x27", max_size=120))
def test_no_text_breaks_the_tagger(text):
    tagged = tag(text + " Glossip")

    assert all(m.quote == (text + " Glossip")[m.start : m.end] for m in tagged.mentions)
