"""What happened to whom, when, and whether it did happen."""

from datetime import date
from typing import Any

import pytest

from extractors.events.dates import days
from extractors.mentions import Tagger
from tests.extractors.people import EVERYBODY

TAGGER = Tagger(EVERYBODY)
FRIDAY = date(2019, 11, 15)


def events(text: str, **said: Any) -> list[tuple[str, str]]:
    said.setdefault("published", FRIDAY)
    return [(e.type, e.modality.value) for e in TAGGER.tag(text, **said).events]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Richard Glossip is scheduled to be executed on Nov. 20.",
            ("execution_date_set", "happened"),
        ),
        ("A judge set an execution date for Richard Glossip.", ("execution_date_set", "happened")),
        ("The court halted the execution of Richard Glossip.", ("stay", "happened")),
        ("Richard Glossip won a stay.", ("stay", "happened")),
        ("The governor refused to stay the execution of Richard Glossip.", ("stay", "denied")),
        ("Richard Glossip was executed on Friday.", ("executed", "happened")),
        ("Richard Glossip was pronounced dead at 6:12 p.m.", ("executed", "happened")),
        ("Richard Glossip asked the board for clemency.", ("clemency_requested", "asked")),
        (
            "The board recommended clemency for Richard Glossip.",
            ("clemency_recommended", "recommended"),
        ),
        ("The governor granted clemency to Richard Glossip.", ("clemency_granted", "happened")),
        ("The governor denied clemency to Richard Glossip.", ("clemency_denied", "denied")),
        ("Stitt commuted the sentence of Richard Glossip.", ("commuted", "happened")),
        ("Richard Glossip was pardoned.", ("pardoned", "happened")),
        ("A judge ordered DNA testing for Richard Glossip.", ("dna_testing_ordered", "ordered")),
        ("Richard Glossip seeks DNA testing.", ("dna_testing_ordered", "asked")),
        ("DNA tests excluded Richard Glossip.", ("dna_testing_result", "happened")),
        ("Richard Glossip filed an appeal.", ("appeal_filed", "happened")),
        ("The court rejected an appeal by Richard Glossip.", ("appeal_denied", "denied")),
        ("The justices ordered a new trial for Richard Glossip.", ("new_trial", "ordered")),
        ("A judge vacated the conviction of Richard Glossip.", ("conviction_vacated", "happened")),
        (
            "A judge vacated the death sentence of Richard Glossip.",
            ("sentence_vacated", "happened"),
        ),
        (
            "The court reinstated Richard Glossip’s conviction.",
            ("conviction_reinstated", "happened"),
        ),
        (
            "Prosecutors dropped the charges against Richard Glossip.",
            ("charges_dropped", "happened"),
        ),
        ("Richard Glossip was exonerated.", ("exonerated", "happened")),
        ("Richard Glossip was released from prison.", ("released", "happened")),
        ("Richard Glossip was resentenced.", ("resentenced", "happened")),
        ("A hearing for Richard Glossip is set for December.", ("hearing_set", "happened")),
    ],
)
def test_a_sentence_says_what_happened(sentence, expected):
    assert events(sentence) == [expected]


@pytest.mark.parametrize(
    "sentence",
    [
        "Richard Glossip will be exonerated, she hopes.",
        "Richard Glossip spoke of execution and of innocence.",
        "Richard Glossip could be released if the judge agrees.",
        "Richard Glossip was never pardoned.",
        "Nobody knows whether Richard Glossip would be executed.",
        "Richard Glossip sat in the court of appeals.",
        "They stayed in Tulsa with Richard Glossip.",
    ],
)
def test_hopes_and_plain_words_are_no_events(sentence):
    assert events(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("Suspenden la ejecución de Richard Glossip.", "es", ("stay", "happened")),
        ("Richard Glossip fue ejecutado el jueves.", "es", ("executed", "happened")),
        ("El gobernador conmutó la pena de Richard Glossip.", "es", ("commuted", "happened")),
        ("L’exécution de Richard Glossip est suspendue.", "fr", ("stay", "happened")),
        ("Richard Glossip a été exécuté mardi.", "fr", ("executed", "happened")),
        ("Die Hinrichtung von Richard Glossip wurde gestoppt.", "de", ("stay", "happened")),
        ("Richard Glossip wurde am Montag hingerichtet.", "de", ("executed", "happened")),
        (
            "Das Gericht hob das Urteil gegen Richard Glossip auf.",
            "de",
            ("conviction_vacated", "happened"),
        ),
    ],
)
def test_events_are_read_in_other_languages(sentence, language, expected):
    assert events(sentence, language=language) == [expected]


def test_the_sentence_before_may_name_the_case_but_not_the_one_before_that():
    assert events("Richard Glossip waits. An execution was halted.") == [("stay", "happened")]
    assert events("Richard Glossip waits. It rains. An execution was halted.") == []


def test_the_execution_is_that_of_the_only_case_two_sentences_on():
    text = "Richard Glossip waits. It rains. The execution was halted."

    assert events(text) == [("stay", "happened")]
    assert events("Rodney Reed waits too.\n\n" + text) == []


def test_the_closest_case_has_the_event():
    text = "Richard Glossip watched as Mumia Abu-Jamal was released from prison."

    [event] = TAGGER.tag(text).events
    assert (event.type, event.subject) == ("released", "mumia-abu-jamal")


def test_an_event_is_told_once():
    text = "Richard Glossip was executed on Friday. The execution of Glossip: he was put to death."

    assert events(text) == [("executed", "happened")]


def test_an_event_of_nobody_we_track_is_none():
    assert events("Jane Doe was executed on Friday.") == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The court halted the execution of Richard Glossip on Friday.", date(2019, 11, 15)),
        ("The court halted the execution of Richard Glossip on Thursday.", date(2019, 11, 14)),
        ("Richard Glossip is scheduled to be executed on Wednesday.", date(2019, 11, 20)),
        ("Richard Glossip is scheduled to be executed on Jan. 7.", date(2020, 1, 7)),
        ("Richard Glossip was executed Dec. 3.", date(2018, 12, 3)),
        ("Richard Glossip was executed on 3 November 2015.", date(2015, 11, 3)),
        ("Richard Glossip was executed yesterday.", date(2019, 11, 14)),
        ("Richard Glossip was executed in 2015.", None),
        ("Richard Glossip was executed on Feb. 30.", None),
    ],
)
def test_a_day_is_resolved_against_the_day_of_publication(sentence, expected):
    [event] = TAGGER.tag(sentence, published=FRIDAY).events

    assert event.date == expected


def test_without_a_day_of_publication_no_weekday_is_guessed():
    [event] = TAGGER.tag("Richard Glossip was executed on Friday.").events

    assert event.date is None


def test_days_are_read_in_four_languages():
    for written in (
        "20 de noviembre de 2019",
        "20 novembre 2019",
        "20. November 2019",
        "2019-11-20",
    ):
        assert [d.day for d in days(written, None, ahead=False)] == [date(2019, 11, 20)], written


def advocacy(text: str) -> list[tuple[str, str, str]]:
    return [(a.advocate, a.case, a.act) for a in TAGGER.tag(text).advocacy]


def test_an_act_for_a_case_is_advocacy():
    assert advocacy("Kim Kardashian met Richard Glossip on Thursday.") == [
        ("kim-kardashian", "richard-glossip", "met")
    ]
    assert advocacy("The Innocence Project represents Richard Glossip.") == [
        ("innocence-project", "richard-glossip", "represented")
    ]
    assert advocacy("Kim Kardashian urged the governor to spare Richard Glossip.") == [
        ("kim-kardashian", "richard-glossip", "petitioned")
    ]
    assert advocacy("Richard Glossip is supported by Kim Kardashian.") == [
        ("kim-kardashian", "richard-glossip", "said")
    ]


def test_a_mere_co_mention_is_no_advocacy():
    assert advocacy("The list holds Richard Glossip and Kim Kardashian.") == []
    assert advocacy("Kim Kardashian wore silver. Richard Glossip is on death row.") == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("A year after a court stayed the execution of Richard Glossip, little is known.", True),
        ("In November 2025 a court stayed the execution of Richard Glossip.", True),
        ("A court stayed the execution of Richard Glossip on Nov. 18, 2021.", True),
        ("A court stayed the execution of Richard Glossip on Friday.", False),
        ("A court stayed the execution of Richard Glossip.", False),
    ],
)
def test_what_is_told_of_the_past_is_known_from_news(sentence, expected):
    (event,) = TAGGER.tag(sentence, published=date(2026, 11, 20)).events

    assert event.retold is expected


def test_a_day_of_the_next_clause_is_not_the_events_own():
    text = "A court stayed the execution of Richard Glossip, a hearing on which opened on Monday."
    (event,) = TAGGER.tag(text, published=FRIDAY).events

    assert event.date is None


def test_an_anniversary_is_not_the_day_of_the_event():
    text = (
        "On December 10 it will be six years since the federal government executed Richard Glossip."
    )
    (event,) = TAGGER.tag(text, published=FRIDAY).events

    assert event.date is None
