"""The written gold: counts, marks, offsets. What the tagger makes of it is measured elsewhere."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from benchmarks.gold import WRITTEN, examples, is_held, unmark
from extractors.model import Modality
from flows.seeds import read_seeds

GOLD = examples(WRITTEN.read_text(encoding="utf-8"))
SECOND = examples(WRITTEN.with_name("written2.yaml").read_text(encoding="utf-8"))
SUBJECTS = {subject.id for subject in read_seeds(Path(__file__).parents[1] / "seeds").subjects}
EVENT_TYPES = {
    "execution_date_set",
    "stay",
    "executed",
    "clemency_requested",
    "clemency_recommended",
    "clemency_granted",
    "clemency_denied",
    "commuted",
    "pardoned",
    "dna_testing_ordered",
    "dna_testing_result",
    "appeal_filed",
    "appeal_denied",
    "new_trial",
    "conviction_vacated",
    "conviction_reinstated",
    "sentence_vacated",
    "charges_dropped",
    "exonerated",
    "released",
    "resentenced",
    "hearing_set",
}


def test_there_are_enough_examples_in_four_languages():
    """Small counts make wide intervals."""
    languages = Counter(example["language"] for example in GOLD)

    assert len(GOLD) >= 250
    assert languages["en"] >= 165
    assert languages["es"] >= 28
    assert languages["fr"] >= 23
    assert languages["de"] >= 23


def test_each_subject_is_mentioned_in_three_examples_or_more():
    """A subject that is seen once tells nothing."""
    seen = Counter(s for example in GOLD for s in {m["subject"] for m in example["mentions"]})

    assert {subject: seen[subject] for subject in SUBJECTS if seen[subject] < 3} == {}


def test_every_subject_is_in_the_registry():
    """A slip in a mark would count as a miss for ever."""
    named = {m["subject"] for example in GOLD for m in example["mentions"]}

    assert named <= SUBJECTS


def test_ids_are_unique():
    """The split hangs on them."""
    assert len({example["id"] for example in GOLD}) == len(GOLD)


def test_every_quote_is_the_text_of_its_span():
    """Offsets are into the text without marks."""
    for example in GOLD:
        for mention in example["mentions"]:
            span = slice(mention["start"], mention["end"])
            assert example["text"][span] == mention["quote"]


def test_alerts_and_events_are_of_subjects_that_the_text_mentions():
    """What is not mentioned cannot be told of."""
    for example in GOLD:
        mentioned = {m["subject"] for m in example["mentions"]}
        assert set(example["alerts"]) <= mentioned
        assert {event["subject"] for event in example["events"]} <= mentioned


def test_events_are_of_known_type_modality_and_day():
    """Every type occurs at least once."""
    events = [event for example in GOLD for event in example["events"]]

    assert {event["type"] for event in events} == EVENT_TYPES
    assert {event["modality"] for event in events} == {str(modality) for modality in Modality}
    for event in events:
        if event["date"] and len(event["date"]) not in {4, 7}:  # a year, a month
            date.fromisoformat(event["date"])


def test_about_a_third_is_held_out():
    """By the hash of the id, so that a new example moves no other."""
    held = sum(is_held(example["id"]) for example in GOLD)

    assert 0.25 < held / len(GOLD) < 0.42


def test_the_second_gold_is_for_tuning_and_sound():
    """Not one of its examples is held out, and its marks name subjects that there are."""
    ids = {example["id"] for example in SECOND}

    assert len(ids) == len(SECOND) >= 110
    assert not any(is_held(name) for name in ids)
    assert ids.isdisjoint(example["id"] for example in GOLD)
    assert {m["subject"] for example in SECOND for m in example["mentions"]} <= SUBJECTS
    for example in SECOND:
        assert set(example["alerts"]) <= {m["subject"] for m in example["mentions"]}


def test_a_mark_becomes_an_offset():
    """The words stay, the mark goes."""
    plain, mentions = unmark("Free [[kevin-cooper|Cooper]]’s case")

    assert plain == "Free Cooper’s case"
    assert mentions == [{"subject": "kevin-cooper", "start": 5, "end": 11, "quote": "Cooper"}]


def test_a_broken_mark_is_refused():
    """Half a mark would end up in the text."""
    with pytest.raises(ValueError, match="cannot be read"):
        unmark("Free [[kevin-cooper|Cooper]")
