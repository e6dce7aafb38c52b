"""General rules of events: the only case, its lead, strangers, "it", participles, days ahead."""

from datetime import date

import pytest

from extractors.mentions import Tagger
from extractors.sentences import split_sentences
from tests.extractors.people import EVERYBODY

TAGGER = Tagger(EVERYBODY)
FRIDAY = date(2026, 11, 20)
ABOUT = "Richard Glossip waits on death row in Oklahoma."


def told(text: str, language: str = "en") -> list[tuple[str, str, bool]]:
    events = TAGGER.tag(text, published=FRIDAY, language=language).events
    return [(event.type, event.modality.value, event.retold) for event in events]


def types(text: str, language: str = "en") -> set[str]:
    return {kind for kind, _, _ in told(text, language)}


def test_a_headline_that_names_nobody_is_about_the_only_case():
    headline = "Court halts execution hours before it was to begin\n\n"

    assert ("stay", "happened", False) in told(headline + ABOUT)
    assert "stay" not in types(headline + ABOUT + " So does Rodney Reed in Texas.")


def test_a_lead_that_names_another_person_is_not_about_the_case_named_later():
    lead = "McALESTER — John Grant was executed on Thursday. "

    assert types(lead + ABOUT) == set()


def test_a_stranger_s_stay_in_the_next_sentence_is_not_the_case_s():
    assert types(ABOUT + " Murray Hooper’s lawyers asked for a stay of execution.") == set()


def test_a_case_that_is_only_cited_has_no_events():
    text = "Citing Glossip v. Oklahoma, the court ordered a new trial for Terrell Hobbs."

    assert types(text) == set()


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("His execution was near; the governor called it off.", "stay"),
        ("His conviction is history: a court threw it out.", "conviction_vacated"),
        ("His execution is near. It is set for Dec. 10.", "execution_date_set"),
    ],
)
def test_it_is_what_the_words_before_name(sentence, kind):
    assert kind in types(f"{ABOUT} {sentence}")
    assert types(f"{ABOUT} The game is near. It is set for Dec. 10.") == set()


def test_a_participle_tells_what_the_verb_brought_about():
    assert types("A judge sided with Richard Glossip, halting the execution.") == {"stay"}
    assert types("A judge could side with Richard Glossip, halting the execution.") == set()


def test_an_execution_told_with_a_day_ahead_is_a_date_set():
    assert types("Before Richard Glossip’s execution on Dec. 10, his friends pray.") == {
        "execution_date_set"
    }
    assert "execution_date_set" not in types("Richard Glossip’s execution on Nov. 10 was quiet.")


def test_a_day_set_stands_unless_somebody_acts():
    text = "Unless the governor acts, Richard Glossip will be executed on Dec. 10."

    assert ("execution_date_set", "happened", False) in told(text)


def test_whoever_will_not_be_executed_has_a_stay_not_a_stay_denied():
    text = "Richard Glossip will not be executed on Dec. 10, a judge ruled."

    assert ("stay", "happened", False) in told(text)


def test_one_of_many_to_be_exonerated_was_exonerated():
    assert "exonerated" in types("Richard Glossip is one of the oldest men ever to be exonerated.")
    assert types("Richard Glossip hopes to be exonerated.") == set()


def test_the_year_since_somebody_left_prison_is_told_of_the_past():
    assert told("Richard Glossip, who walked free in 2015, wrote a book.") == [
        ("released", "happened", True)
    ]


def test_people_who_were_released_are_not_the_case():
    assert types("Richard Glossip knows that 27 people were released from death row.") == set()


@pytest.mark.parametrize(
    ("language", "sentence", "kind"),
    [
        ("es", "El gobernador le negó la clemencia a Richard Glossip.", "clemency_denied"),
        ("es", "A Richard Glossip lo ejecutaron el año pasado en Oklahoma.", "executed"),
        ("es", "Richard Glossip salió de la cárcel en Oklahoma.", "released"),
        ("fr", "Richard Glossip a été libéré hier de la prison en Oklahoma.", "released"),
        ("fr", "Richard Glossip doit être exécuté le 10 décembre.", "execution_date_set"),
        (
            "de",
            "Richard Glossip, der am 10. Dezember sterben sollte, wartet.",
            "execution_date_set",
        ),
        ("de", "Der Gouverneur hat Richard Glossip 2020 begnadigt.", "pardoned"),
    ],
)
def test_other_languages_tell_it_in_wider_words(language, sentence, kind):
    assert kind in types(sentence, language)


def test_the_point_of_u_s_does_not_end_a_sentence_before_what_belongs_to_the_country():
    text = "The U.S. Supreme Court ruled. He left the U.S. They wept."

    spans = [text[start:end] for start, end in split_sentences(text)]
    assert spans == ["The U.S. Supreme Court ruled.", "He left the U.S.", "They wept."]
