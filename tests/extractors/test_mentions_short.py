"""Short forms: a surname follows its full name through the article, and nobody else's."""

from typing import Any

import pytest

from extractors.mentions import Tagger
from tests.extractors.people import EVERYBODY

TAGGER = Tagger(EVERYBODY)
COOPER = "Kevin Cooper has been on death row at San Quentin since 1985. "


def quotes(text: str, subject: str, **said: Any) -> list[str]:
    return [m.quote for m in TAGGER.tag(text, **said).mentions if m.subject == subject]


def test_a_surname_counts_before_and_after_the_full_name():
    text = f"Court hears Cooper\n\n{COOPER}Cooper wept. Mr. Cooper’s lawyers left."

    assert quotes(text, "kevin-cooper") == ["Cooper", "Kevin Cooper", "Cooper", "Cooper"]


def test_a_surname_without_the_full_name_is_nobody():
    assert TAGGER.tag("Cooper spoke of death row at San Quentin.").mentions == ()


@pytest.mark.parametrize(
    "other",
    [
        "Anderson Cooper asked.",
        "K. Cooper wrote.",
        "Cooper Hewitt reopened.",
        "The Mini-Cooper was red.",
        "The Cooper-Smith report came.",
        "A cooper made barrels.",
        "They met in Cooper County.",
        "Judge Cooper ruled.",
        "@Cooper tweeted.",
        "It cites Cooper v. Brown.",
    ],
)
def test_another_name_with_the_surname_in_it_is_somebody_else(other):
    assert quotes(COOPER + other, "kevin-cooper", language="en") == ["Kevin Cooper"]


def test_the_nearest_full_name_before_a_surname_has_it():
    text = f"{COOPER}Anderson Cooper asked him. Cooper smiled. Kevin Cooper wept. Cooper left."

    assert quotes(text, "kevin-cooper") == ["Kevin Cooper", "Kevin Cooper", "Cooper"]


def test_a_relative_does_not_take_the_surname():
    text = (
        "Rodney Reed won a stay of execution in Bastrop. His brother, Rodrick Reed, thanked all."
        " Reed is 51. Sandra Reed, his mother, wept. Reed waits."
    )

    assert quotes(text, "rodney-reed") == ["Rodney Reed", "Reed", "Reed"]


def test_a_surname_that_is_a_word_is_no_name_at_the_head_of_things():
    text = (
        "Charges dropped against Curtis Flowers\n\nCurtis Giovanni Flowers was tried in Winona for"
        " the Tardy Furniture murders. Flowers, 50, left. Flowers were laid. Some laid flowers."
    )

    assert quotes(text, "curtis-flowers") == [
        "Curtis Flowers",
        "Curtis Giovanni Flowers",
        "Flowers",
    ]


def test_a_former_surname_counts_where_the_registry_lists_it():
    text = "Haslam grants clemency to Cyntoia Brown\n\nBrown leaves in August."

    assert quotes(text, "cyntoia-brown-long") == ["Cyntoia Brown", "Brown"]
    assert quotes("Cyntoia Brown-Long spoke. Brown spoke.", "cyntoia-brown-long") == [
        "Cyntoia Brown-Long"
    ]


def test_a_birth_name_licenses_no_bare_surname():
    """“Cook” of Wesley Cook was Tim Cook and Cook County: only a caption may use it."""
    text = "Mumia Abu-Jamal, born Wesley Cook, killed nobody, he says of Faulkner. Cook spoke."

    assert quotes(text, "mumia-abu-jamal") == ["Mumia Abu-Jamal", "Wesley Cook"]
    assert "COOK" in quotes(f"COMMONWEALTH v. COOK. {text}", "mumia-abu-jamal")


def test_west_is_not_kim_kardashian_west():
    kim = "Kim Kardashian West spoke of the death penalty. "

    assert quotes(
        f"{kim}West Virginia has none. Kanye West sang. West said no.", "kim-kardashian"
    ) == ["Kim Kardashian West"]
    assert quotes(f"{kim}“Thank you,” West wrote.", "kim-kardashian")[1:] == ["West"]
    assert quotes(f"{kim}Kardashian West left.", "kim-kardashian")[1:] == ["Kardashian West"]


def test_her_sister_is_not_kim_kardashian():
    text = "Kim Kardashian visited death row. Her sister Khloé Kardashian stayed. Kardashian left."

    assert quotes(text, "kim-kardashian") == ["Kim Kardashian", "Kardashian"]


def test_a_surname_allowed_alone_needs_the_case_around_it():
    assert quotes("Glossip’s execution was stayed in Oklahoma.", "richard-glossip") == ["Glossip"]
    assert quotes("Glossip is a rare surname.", "richard-glossip") == []
    assert (
        quotes("Lea Glossip, his wife, spoke of the execution. I met Lea.", "richard-glossip") == []
    )


def test_a_precedent_is_a_kind_of_its_own_and_worth_no_alert():
    tagged = TAGGER.tag("In Glossip v. Gross the court allowed lethal injection on death row.")

    assert [(m.quote, m.kind) for m in tagged.mentions] == [("Glossip", "case_caption")]
    assert tagged.alerts == ()


def test_a_caption_against_the_state_is_his_case():
    text = f"State v. Cooper\n\n{COOPER}"

    assert [m.kind for m in TAGGER.tag(text).mentions] == ["case_caption", "full"]


def test_two_cases_of_one_surname_are_told_apart():
    text = (
        "Alice Marie Johnson was pardoned by Trump. Johnson served 21 years for drug trafficking."
        " Julius Jones, who killed Paul Howell, it was said, had his sentence commuted. Jones wept."
    )

    assert quotes(text, "alice-marie-johnson") == ["Alice Marie Johnson", "Johnson"]
    assert quotes(text, "julius-jones") == ["Julius Jones", "Jones"]


def test_a_german_compound_is_his_and_an_english_double_name_is_not():
    german = "Richard Glossip sitzt im Todestrakt. Der Glossip-Anwalt kam. Glossips Fall ist alt."

    assert quotes(german, "richard-glossip", language="de") == [
        "Richard Glossip",
        "Glossip",
        "Glossips",
    ]
