"""What is to be tagged again is found by its words, and by who tagged it last."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.real_texts import read_documents
from extractors.mentions import Tagger
from extractors.mentions.search import definition_of, sieve_for
from extractors.model import Case, ContextTerm, Notify, PersonName, Policy, Status
from flows.seeds import read_seeds
from warehouse.articles import save_visits
from warehouse.readings import Versions
from warehouse.retags import (
    Retagged,
    count_tagged_by_others,
    save_retagged,
    save_searches,
    searches,
    stored_texts,
    tagged_by_others,
    to_search,
)

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
MULLER = Case(
    id="jose-muller",
    name=PersonName(given=("José",), family=("Müller-Ortiz",)),
    display_name="José Müller-Ortiz",
    policy=Policy.NAME_SUFFICIENT,
    kind="person",
    context=(ContextTerm("prison", "Stone Hill", "a"),),
)
SIEVE = sieve_for([MULLER])


@pytest.fixture
def save(warehouse, versions):
    def saving(*visits, by: Versions = versions) -> None:
        with warehouse.transaction() as db:
            save_visits(db, visits, by)

    return saving


def found(warehouse, sieve, subjects=(), by=None):
    """Return the titles of the versions that are to be searched."""
    with warehouse.transaction() as db:
        rows = to_search(db, list(subjects), sieve, by or Versions("x", "later", "r"))
        return [one.text.partition("\n")[0] for one in stored_texts(db, rows)]


def passes(sieve, text):
    return sieve.passes(lambda pattern: re.search(pattern, text))


# --- the sieve -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "José Müller-Ortiz asked.",
        "JOSE MULLER ORTIZ ASKED.",
        "the Mueller\nOrtiz case",
        "Müller\u2010Ortiz’s lawyers",
        "Ｍüller Ortiz",
        "Jose Mulller of Stone Hill",
    ],
)
def test_a_text_with_the_name_in_any_spelling_passes(warehouse, save, make_visit, words):
    save(make_visit("one", f"Today {words}"), make_visit("two", "A bridge opens."))

    assert found(warehouse, SIEVE) == ["one"]


@pytest.mark.parametrize("words", ["A bridge opens.", "Stone Hill burns.", "José Ximuller-Ortiz"])
def test_a_text_without_it_is_held_back(warehouse, save, make_visit, words):
    save(make_visit("one", words))

    assert found(warehouse, SIEVE) == []


def test_without_patterns_every_text_is_to_be_read(warehouse, save, make_visit):
    save(make_visit("one", "A bridge opens."))

    assert found(warehouse, None) == ["one"]


def test_what_names_the_subject_now_is_read_whatever_it_says(warehouse, save, make_visit):
    save(make_visit("one"), make_visit("two", "A bridge opens.", named={}))

    assert found(warehouse, SIEVE, ["ada-byron"]) == ["one"]


def test_what_was_tagged_as_it_would_be_now_is_left_out(warehouse, save, make_visit, versions):
    save(make_visit("one"), make_visit("two"))
    save(make_visit("three"), by=Versions("x", "tagger-1", "registry-2"))

    assert found(warehouse, None, by=versions) == ["three"]


@settings(deadline=None)  # the first builds tables
@given(before=st.text(), after=st.text())
def test_whatever_stands_around_a_name_that_is_found_passes(before, after):
    text = f"{before} José Müller-Ortiz, on death row {after}"
    tagging = Tagger([MULLER]).tag(text, language="en")

    assert passes(SIEVE, text) or not (tagging.mentions or tagging.rejected)


@pytest.mark.shared
@pytest.mark.slow
def test_every_text_in_which_the_tagger_sees_a_subject_passes_its_sieve():
    subjects = read_seeds(SEEDS).subjects
    tagger = Tagger(subjects)
    sieves = {one.id: sieve_for([one]) for one in subjects}
    pairs = [
        (document.text, mention.subject)
        for document in read_documents()
        for tagging in [tagger.tag(document.text, published=document.published, language="en")]
        for mention in (*tagging.mentions, *tagging.rejected)
    ]

    assert len(pairs) > 500
    assert [subject for text, subject in pairs if not passes(sieves[subject], text)] == []


def test_thousands_of_subjects_have_no_sieve():
    many = [
        Case(
            id=f"c{n}",
            name=PersonName(given=("Ada",), family=(f"Quarryman{n}",)),
            display_name=f"Ada Quarryman{n}",
            policy=Policy.NAME_SUFFICIENT,
            kind="person",
        )
        for n in range(2_000)
    ]

    assert sieve_for(many) is None
    assert sieve_for(many[:50]) is not None


# --- definitions ---------------------------------------------------------------------------------


def test_a_new_status_or_delivery_is_no_other_definition():
    told = replace(
        MULLER,
        notify=Notify.WEEKLY,
        status=(Status("death_row", "2024", "a"),),
        sources=(("a", "https://a.example/"),),
        context=(ContextTerm("prison", "Stone Hill", "b"),),
    )

    assert definition_of(told) == definition_of(MULLER)
    assert definition_of(replace(MULLER, advocates=("x",))) != definition_of(MULLER)
    assert definition_of(replace(MULLER, policy=Policy.CONTEXT_REQUIRED)) != definition_of(MULLER)


# --- who tagged what -----------------------------------------------------------------------------


def test_what_another_tagger_tagged_is_counted_and_listed(warehouse, save, make_visit, versions):
    save(make_visit("one"), by=Versions("x", "older", "r"))
    save(make_visit("two", "A bridge opens.", named={}))

    with warehouse.transaction() as db:
        assert count_tagged_by_others(db, versions.tagger) == 1
        texts = stored_texts(db, tagged_by_others(db, versions.tagger))
    assert [(text.text[:3], text.known, text.result is None) for text in texts] == [
        ("one", True, False)
    ]


def test_what_says_the_same_is_only_marked(warehouse, save, make_visit, versions):
    save(make_visit("one"))
    later = Versions("x", "later", "registry-2")
    with warehouse.transaction() as db:
        (text,) = stored_texts(db, tagged_by_others(db, later.tagger))
        new = save_retagged(db, [Retagged(text.version_id, text.result, False, None)], later)

        assert new == 0
        assert tagged_by_others(db, later.tagger) == []
        assert db.execute("select distinct tagger_version from mention").fetchall() == [
            (versions.tagger,)
        ]


def test_a_search_that_is_due_is_no_search(warehouse, noon):
    with warehouse.transaction() as db:
        save_searches(db, {"a": "1", "b": "1"}, noon)
        save_searches(db, {"b": "2"}, None)

        assert searches(db) == {"a": "1"}
