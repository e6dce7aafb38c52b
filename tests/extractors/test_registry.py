"""The registry's files become what is watched."""

from __future__ import annotations

import random
from datetime import date
from time import perf_counter

import pytest

from extractors.model import (
    ContextTerm,
    Docket,
    Jurisdiction,
    NameForm,
    Namesake,
    PersonName,
    Policy,
    Status,
)
from extractors.registry import parse_registry
from tests.extractors.registry_files import ADVOCATE, CASE, FEEDS, files


def test_a_case_is_read_whole():
    case = parse_registry(files()).cases[0]

    assert case.id == "kevin-cooper"
    assert case.name == PersonName(given=("Kevin",), family=("Cooper",))
    assert case.display_name == "Kevin Cooper"
    assert case.kind == "person"
    assert case.policy is Policy.CONTEXT_REQUIRED
    assert case.born == 1958
    assert case.context[0] == ContextTerm("victim", "Ryen", "s1")
    assert case.namesakes == (Namesake("others, in sport", ("touchdown",)),)
    assert case.jurisdiction == Jurisdiction("US", "US-CA")
    assert case.status == (Status("death_sentence", "2024-09", "s1"),)
    assert case.advocates == ("kim-kardashian",)
    assert case.sources == (("s1", "https://news.example/cooper"),)
    assert case.languages == ("en",)


def test_an_advocate_is_read_whole():
    advocate = parse_registry(files()).advocates[0]

    assert advocate.name == PersonName(given=("Kim", "Kimberly"), family=("Kardashian",))
    assert advocate.short == ("Kardashian", "Kardashian West")
    assert advocate.topic_gate == "justice"
    assert advocate.names == (
        NameForm(
            "Kim Kardashian West", "married_name", None, ("Kardashian West",), None, None, "s1"
        ),
    )


def test_policy_belongs_to_the_form():
    case = CASE.replace(
        "policy: context",
        "names: [{text: Richard Goodman, kind: birth_name, policy: name_sufficient, source: s1}]\n"
        "policy: context",
    )

    read = parse_registry(files(case=case)).cases[0]

    assert read.policy is Policy.CONTEXT_REQUIRED
    assert read.names[0].policy is Policy.NAME_SUFFICIENT
    assert read.names[0].followup == ()


def test_a_feed_keeps_its_address_as_it_was_written():
    feeds = 'feeds: [{id: news, url: "https://News.example", outlet: News, kind: sitemap}]'

    feed = parse_registry(files(feeds=feeds)).feeds[0]

    assert feed.url == "https://News.example"
    assert (feed.kind, feed.language, feed.country, feed.source) == ("sitemap", None, None, None)


def test_a_single_spelling_needs_no_list():
    case = CASE.replace("given: [Kevin]", "given: Kevin")

    assert parse_registry(files(case=case)).cases[0].name.given == ("Kevin",)


def test_an_organisation_is_shown_by_its_first_name():
    advocate = """\
id: kim-kardashian
kind: org
names: [{text: Witness to Innocence, kind: org, source: s1}]
policy: name_sufficient
sources: {s1: "https://news.example/"}
"""

    assert parse_registry(files(advocate=advocate)).advocates[0].display_name == (
        "Witness to Innocence"
    )


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2024", "2024"),
        ("2024-09", "2024-09"),
        ("2024-09-24", "2024-09-24"),
        ('"2024-09-24"', "2024-09-24"),
    ],
)
def test_a_status_is_as_exact_as_its_source(written: str, kept: str):
    case = CASE.replace("as_of: 2024-09,", f"as_of: {written},")

    assert parse_registry(files(case=case)).cases[0].status[0].as_of == kept


def test_context_holds_from_a_day_until_another():
    case = CASE.replace(
        "text: San Quentin,", "text: San Quentin, from: 1985-05-15, until: 2024-06-01,"
    )

    term = parse_registry(files(case=case)).cases[0].context[1]

    assert (term.since, term.until) == (date(1985, 5, 15), date(2024, 6, 1))


def test_a_docket_keeps_its_core():
    docket = '{number: CP-51-CR-0113571-1982, core: "0113571-1982", source: s1}'
    case = CASE.replace("status:\n", f"dockets: [{docket}]\nstatus:\n")

    read = parse_registry(files(case=case)).cases[0]

    assert read.dockets == (Docket("CP-51-CR-0113571-1982", None, "s1", "0113571-1982"),)


def test_unknown_external_ids_are_left_out():
    case = CASE + "external_ids: {wikidata: Q1, dpic: null}\n"

    assert parse_registry(files(case=case)).cases[0].external_ids == (("wikidata", "Q1"),)


def test_texts_can_be_tagged_without_polling():
    assert parse_registry(files(feeds="feeds: []")).feeds == ()


def test_the_version_is_of_what_the_files_say_and_not_of_their_order():
    order = list(files().items())
    random.Random(1).shuffle(order)

    assert parse_registry(dict(order)).version == parse_registry(files()).version
    assert parse_registry(files(case=CASE + "# \n")).version != parse_registry(files()).version


def test_subjects_stand_in_the_order_of_their_ids():
    registry = parse_registry(
        {
            "cases/b.yaml": CASE.replace("kevin-cooper", "b"),
            "cases/a.yaml": CASE.replace("kevin-cooper", "a"),
            "advocates/kim-kardashian.yaml": ADVOCATE,
            "feeds.yaml": FEEDS,
        }
    )

    assert [subject.id for subject in registry.subjects] == ["a", "b", "kim-kardashian"]


def test_a_thousand_cases_are_read_in_seconds():
    many = {f"cases/c{n}.yaml": CASE.replace("kevin-cooper", f"c{n}") for n in range(1000)}
    started = perf_counter()

    registry = parse_registry(files() | many)

    assert len(registry.cases) == 1001
    assert perf_counter() - started < 5  # 0.6 s where this was written
