"""Namesakes, relatives and other bearers in fresh text: what tells them from whom we track."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from extractors.mentions import Tagger
from flows.seeds import read_seeds

TAGGER = Tagger(read_seeds(Path(__file__).resolve().parents[2] / "seeds").subjects)
REED = "Rodney Reed won a stay of execution in Bastrop. "


def quotes(text: str, subject: str, language: str = "en") -> list[str]:
    tagged = TAGGER.tag(text, language=language, published=date(2024, 5, 1))
    return [mention.quote for mention in tagged.mentions if mention.subject == subject]


@pytest.mark.parametrize(
    "clause",
    [
        "Reed’s lawyers appealed.",
        "Supporters marched for Reed.",
        "The execution of Reed was put off.",
        "Reed, of Bastrop, served 27 years on death row.",
        "The Reed case goes on.",
    ],
)
def test_what_befalls_prisoners_is_theirs_whoever_was_named_last(clause):
    assert quotes(f"{REED}Singer Lou Reed was mentioned. {clause}", "rodney-reed") == [
        "Rodney Reed",
        "Reed",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "His brother, Rodrick Reed, came. “We got our brother back,” Reed said.",
        "Rodrick Reed, his brother, lives in Elgin. Reed will drive down on Sunday.",
        "Judge Karen Reed ruled. Reed retires in May.",
        "None of the clients has met a Reed.",
        "Reed, a roofer, watched.",
        "Reed Jr. watched.",
    ],
)
def test_a_surname_goes_to_who_was_named_last_or_is_described(sentence):
    assert quotes(REED + sentence, "rodney-reed") == ["Rodney Reed"]


def test_a_double_name_is_not_its_half():
    text = REED + "Judge Karen Reed-Mills ruled. The lawyers told Reed."

    assert quotes(text, "rodney-reed") == ["Rodney Reed", "Reed"]


def test_a_relative_of_the_same_name_has_a_suffix():
    text = "Missouri executed Marcellus Williams on Tuesday. His son, Marcellus Williams Jr., wept."

    assert quotes(text, "marcellus-williams") == ["Marcellus Williams"]


def test_a_given_name_may_come_before_the_full_one():
    text = "A rally for Rodney\n\nThe court stayed the execution of Rodney Reed of Bastrop."

    assert quotes(text, "rodney-reed") == ["Rodney", "Rodney Reed"]


@pytest.mark.parametrize(
    "text",
    [
        "The team executed its plan, said Kevin Cooper. The jury of the show agreed.",
        "Commuting by train suits Kevin Cooper, who lives near the court.",
        "Kevin Cooper pardoned thousands who had been convicted of possession.",
        "Kevin Cooper, R-N.Y., spoke of the death penalty.",
        "“The Hawk,” by Kevin Cooper: a crime novel about an innocent man on death row.",
        "Do I have to believe in the death penalty? — Kevin Cooper, Topeka",
        "On death row they like books, says the librarian at Riverbend, Kevin Cooper.",
        "Kevin Cooper, 51, of Lodi was booked into jail on a murder charge.",
    ],
)
def test_words_that_mean_other_things_make_no_prisoner(text):
    assert quotes(text, "kevin-cooper") == []


def test_an_article_knows_one_person_of_a_name():
    text = "Kevin Cooper, 37, is accused of murder. Kevin Cooper denies it; life in prison awaits."

    assert quotes(text, "kevin-cooper") == []


def test_a_name_does_not_reach_over_a_quotation_mark():
    text = "“I wrote it for the girl Viola,” Davis said in prison."

    assert quotes(text, "viola-davis") == []


def test_a_small_word_is_no_work_of_the_case():
    text = "Adnan Syed played a detective after a serial killer."

    assert quotes(text, "adnan-syed") == []


def test_a_caption_with_a_party_of_the_case_is_its_own():
    tagged = TAGGER.tag(f"{REED}The court decided Reed v. Goertz in April.", language="en")

    assert [(m.quote, m.kind) for m in tagged.mentions] == [
        ("Rodney Reed", "full"),
        ("Reed", "case_caption"),
    ]


def test_a_german_name_after_a_calling_is_somebody_elses():
    text = "Das Gericht stoppte die Hinrichtung von Rodney Reed. Sängerin Lena Reed freute sich."

    assert quotes(text, "rodney-reed", language="de") == ["Rodney Reed"]


@pytest.mark.parametrize(
    "text",
    [
        "Kevin Cooper, whose lawyer is Norman Hile, is in San Quentin.",
        "Kevin Cooper, with attorney Norman Hile beside him, spoke from San Quentin.",
    ],
)
def test_the_office_of_somebody_else_is_no_office_of_the_prisoner(text):
    (mention,) = TAGGER.tag(text).mentions

    assert "role_conflict" not in {term.term for term in mention.evidence}
