"""A registry that nobody tuned for: names drawn from real lists, tagged in real texts."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.tagging import is_full
from benchmarks.tagging_subjects import absent, drawn
from extractors.mentions import Tagger
from extractors.model import Tier
from tests.extractors.people import make_case

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
PEOPLE = DATA / "people.jsonl"
TEXTS = DATA / "texts" / "newspaper_2001_2007" / "docs.jsonl.gz"
EVERY = 8  # of the texts; the benchmark tags them all


@pytest.fixture(scope="module")
def subjects():
    return {subject.id: subject for subject in drawn(PEOPLE, 5_000)}


@pytest.fixture(scope="module")
def tagger(subjects):
    return Tagger(tuple(subjects.values()))


def texts():
    """Return every eighth text by its id."""
    with gzip.open(TEXTS) as lines:
        every = [json.loads(line) for line in lines]
    return {one["id"]: one["text"] for one in every[::EVERY]}


@pytest.mark.shared
def test_a_draw_is_the_same_each_time_and_names_nobody_twice(subjects):
    names = [(one.name.given, one.name.family, one.name.suffix) for one in subjects.values()]

    assert len(set(names)) == 5_000
    assert list(subjects.values()) == drawn(PEOPLE, 5_000)


@pytest.mark.shared
def test_nobody_drawn_is_alerted_by_a_surname_alone(tagger, subjects):
    bare = [
        (article, subject)
        for article, text in texts().items()
        for tagging in [tagger.tag(text, language="en")]
        for subject in tagging.alerts
        if not any(
            is_full(one, subjects[subject]) for one in tagging.mentions if one.subject == subject
        )
    ]

    assert bare == []


@pytest.mark.shared
def test_every_claim_of_a_drawn_registry_quotes_its_text(tagger):
    for text in texts().values():
        tagging = tagger.tag(text, language="en")

        for one in (*tagging.mentions, *tagging.rejected, *tagging.events, *tagging.advocacy):
            assert text[one.start : one.end] == one.quote


@pytest.mark.parametrize("surname", ["Johnson", "Smith", "Brown", "Bush", "Page", "Free", "House"])
def test_a_bare_surname_is_nobody_even_beside_words_of_justice(surname):
    drawn_case = make_case("p1", "John", surname, region="US-TX")
    text = (
        f"{surname} spoke against the death penalty in Texas. John Adams, on death row, "
        f"asked for a stay of execution. {surname} said the execution must be stopped. Page 3"
    )

    tagging = Tagger((drawn_case,)).tag(text, language="en")

    assert tagging.mentions == ()
    assert tagging.alerts == ()


@pytest.mark.parametrize("given", ["and Corey", "A. Corey", "Corey"])
def test_a_stray_word_before_a_given_name_is_no_name(given):
    drawn_case = make_case("p1", given, "Ryan")
    text = "The governor and Ryan commuted every death sentence. Gov. George Ryan, a Ryan."

    assert Tagger((drawn_case,)).tag(text, language="en").mentions == ()
    assert Tagger((drawn_case,)).tag("On death row: Corey Ryan.", language="en").mentions


@pytest.mark.parametrize("written", ["T.J. Jones", "TJ Jones"])
def test_initials_are_a_given_name(written):
    tagging = Tagger((make_case("p1", "T.J.", "Jones"),)).tag(
        f"{written}, on death row, awaits execution.", language="en"
    )

    assert [(one.quote, one.tier is Tier.REJECTED) for one in tagging.mentions] == [
        (written, False)
    ]
    assert Tagger((make_case("p1", "T.J.", "Jones"),)).tag("t Jones, death row").mentions == ()


def test_subjects_that_do_not_occur_change_nothing():
    cooper = make_case("kevin-cooper", "Kevin", "Cooper")
    text = "Kevin Cooper is on death row. A judge stayed the execution of Cooper in Texas."

    alone = Tagger((cooper,)).tag(text, language="en")

    assert alone.mentions
    assert Tagger((cooper, *absent(500))).tag(text, language="en") == alone
