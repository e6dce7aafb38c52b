"""Names as people write them: each form is made from the registry's parts of the name."""

from datetime import date
from typing import Any

import pytest

from extractors.mentions import Tagger
from extractors.model import NameForm, Subject
from tests.extractors.people import (
    ALONE,
    COOPER,
    EVERYBODY,
    make_advocate,
    make_case,
    make_org,
    terms,
)

HINTON = make_case("anthony-hinton", "Anthony", "Hinton", middle=("Ray",), policy=ALONE)
IBANEZ = make_case("jose-ibanez", "José", "Ibáñez", policy=ALONE)
MULLER = make_case("jurgen-muller", "Jürgen", "Müller", policy=ALONE)
SYED = make_case("adnan-syed", "Adnan", "Syed", context=terms(work="Serial"))
AMNESTY = make_org("amnesty", "Amnesty International", short=("Amnesty",))
DPIC = make_org("dpic", "Death Penalty Information Center", short=("DPIC",))
KIM = make_advocate(
    "kim",
    "Kim",
    "Kardashian",
    names=(
        NameForm(
            "Kim Kardashian West",
            "married_name",
            followup=("Kardashian West",),
            since=date(2014, 5, 24),
            until=date(2022, 3, 2),
        ),
    ),
)
TAGGER = Tagger((*EVERYBODY, HINTON, IBANEZ, MULLER, AMNESTY, DPIC))
ROW = "He has been on death row at San Quentin since the Chino Hills murders."


def quotes(text: str, subject: str, tagger: Tagger = TAGGER, **said: Any) -> list[str]:
    return [m.quote for m in tagger.tag(text, **said).mentions if m.subject == subject]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Kevin Cooper’s", "Kevin Cooper"),
        ("Kevin Cooper's", "Kevin Cooper"),
        ("“Kevin Cooper”", "Kevin Cooper"),
        ("‘Kevin Cooper’", "Kevin Cooper"),
        ("(Kevin Cooper)", "Kevin Cooper"),
        ("—Kevin Cooper—", "Kevin Cooper"),
        ("Kevin J. Cooper", "Kevin J. Cooper"),
        ("Kevin\nCooper", "Kevin\nCooper"),
        ("Kevin\u00a0Cooper", "Kevin\u00a0Cooper"),
        ("Mr. Kevin Cooper", "Kevin Cooper"),
        ("COOPER, KEVIN", "COOPER, KEVIN"),
        ("Cooper, Kevin J.", "Cooper, Kevin J."),
        ("Cooper, Kevin (b. 1958)", "Cooper, Kevin"),
    ],
)
def test_a_name_is_found_in_every_dress(written, found):
    assert quotes(f"Among them: {written}; and others. {ROW}", "kevin-cooper") == [found]


def test_a_headline_in_capitals_names_him_by_both_names_and_by_one():
    text = f"COURT SPARES KEVIN COOPER\n\nCOOPER TO STAY AT SAN QUENTIN\n\n{ROW}"

    assert quotes(text, "kevin-cooper") == ["KEVIN COOPER", "COOPER"]


def test_an_alphabetical_list_names_each_by_the_family_name_first():
    text = "Capital docket, San Quentin: Cooper, Kevin; Reed, Rodney, of Bastrop; Smith, John."

    assert quotes(text, "kevin-cooper") == ["Cooper, Kevin"]
    assert quotes(text, "rodney-reed") == ["Reed, Rodney"]


def test_a_common_short_name_is_taken_for_the_long_one():
    assert quotes("Tony Hinton was exonerated in Alabama.", "anthony-hinton") == ["Tony Hinton"]
    assert quotes("Toni Hinton was exonerated in Alabama.", "anthony-hinton") == []


@pytest.mark.parametrize(
    "written", ["José Ibáñez", "Jose Ibanez", "JOSÉ IBÁÑEZ", "Jose\u0301 Ibáñez"]
)
def test_accents_come_and_go(written):
    assert quotes(f"{written} salió de prisión.", "jose-ibanez", language="es") == [written]


@pytest.mark.parametrize("written", ["Jürgen Müller", "Jurgen Muller", "Jürgen Mueller"])
def test_umlauts_come_and_go(written):
    assert quotes(f"{written} ist frei.", "jurgen-muller", language="de") == [written]


def test_german_bends_a_surname_and_joins_it():
    text = "Kevin Cooper sitzt im Todestrakt. Coopers Anwalt kam. Der Cooper-Fall ist alt."

    assert quotes(text, "kevin-cooper", language="de") == ["Kevin Cooper", "Coopers", "Cooper"]


def test_spanish_and_french_put_words_before_a_surname():
    spanish = "Kevin Cooper está en el corredor de la muerte. La defensa de Cooper recurre."
    french = "Kevin Cooper attend dans le couloir de la mort. L’avocat de Cooper fait appel."

    assert quotes(spanish, "kevin-cooper", language="es") == ["Kevin Cooper", "Cooper"]
    assert quotes(french, "kevin-cooper", language="fr") == ["Kevin Cooper", "Cooper"]


def test_a_family_in_another_language_is_nobody():
    spanish = "Kevin Cooper está en el corredor de la muerte. Lloró la familia Cooper."
    german = "Kevin Cooper sitzt im Todestrakt. Familie Cooper weint."

    assert quotes(spanish, "kevin-cooper", language="es") == ["Kevin Cooper"]
    assert quotes(german, "kevin-cooper", language="de") == ["Kevin Cooper"]


def test_a_brother_in_german_is_somebody_else():
    text = "Rodney Reed sitzt im Todestrakt in Bastrop. Reeds Bruder Rodrick Reed weinte."

    assert quotes(text, "rodney-reed", language="de") == ["Rodney Reed", "Reeds"]


def test_a_hashtag_is_a_name_and_the_word_after_it_is_free():
    text = "The court blocked the execution. #FreeKevinCooper Kevin Cooper’s petition is pending."

    assert quotes(text, "kevin-cooper") == ["FreeKevinCooper", "Kevin Cooper"]


def test_a_surname_after_a_hashtag_has_no_given_name():
    text = "Richard Glossip was spared. #SaveRichardGlossip Glossip’s petition is pending."

    assert quotes(text, "richard-glossip")[-1] == "Glossip"


def test_a_married_name_is_followed_by_its_last_word_while_it_was_hers():
    tagger = Tagger([KIM])
    text = "Kim Kardashian West asked for clemency. “Thank you,” West wrote."

    assert quotes(text, "kim", tagger, published=date(2021, 11, 18))[1:] == ["West"]
    assert quotes(text, "kim", tagger, published=date(2024, 11, 18))[1:] == []
    assert quotes(text, "kim", tagger)[1:] == ["West"]


def test_a_former_name_is_followed_by_its_surname_where_the_registry_says_so():
    text = "Cyntoia Brown-Long, once Cyntoia Brown, was granted clemency. Brown-Long wept."

    assert quotes(text, "cyntoia-brown-long") == [
        "Cyntoia Brown-Long",
        "Cyntoia Brown",
        "Brown-Long",
    ]


def test_an_acronym_is_written_in_capitals():
    text = "The Death Penalty Information Center (DPIC) counts executions. Dpic is a word."

    assert quotes(text, "dpic") == ["Death Penalty Information Center", "DPIC"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Executions rose, Amnesty says.", ["Amnesty"]),
        ("Executions rose. Amnesty says so.", ["Amnesty"]),
        ("Executions rose. Amnesty laws were no help.", []),
        ("Executions rose. Amnesty for tax debts was extended.", []),
        ("Executions rose; an amnesty was denied.", []),
    ],
)
def test_an_organisation_called_by_a_word_is_known_by_its_place_in_the_sentence(text, found):
    assert quotes(text, "amnesty") == found


def test_a_surname_and_a_given_name_apart_are_one_person_beside_the_case():
    tagger = Tagger([SYED])
    text = "Court restores Syed verdict. Serial told of it; Adnan’s sister spoke of the murder."

    assert quotes(text, "adnan-syed", tagger)[0] == "Syed"
    assert quotes("Syed took four wickets; Adnan kept.", "adnan-syed", tagger) == []


def test_a_rare_name_in_pieces_is_nobody_where_no_word_of_its_case_stands():
    text = "Syed spoke on death row. Adnan’s sister asked for clemency and a stay of execution."

    assert Tagger([SYED]).tag(text, language="en").rejected == ()
    assert quotes(text, "adnan-syed", Tagger([SYED])) == []


def test_a_thousand_subjects_of_one_surname_raise_nothing_without_their_given_names():
    everybody: list[Subject] = [
        make_case(f"case-{n}", f"Given{n}", "Cooper", context=COOPER.context) for n in range(1000)
    ]

    assert Tagger(everybody).tag("Cooper spoke of death row at San Quentin.").mentions == ()
