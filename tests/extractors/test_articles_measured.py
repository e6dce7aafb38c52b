"""What is measured on annotated pages stays as good as it was: the gate of the extraction."""

import json

import pytest

from benchmarks.articles import (
    BASELINE,
    PAGES,
    SUM,
    Table,
    below_floors,
    measure,
    measures,
    pinned,
)
from benchmarks.articles_gold import Result, name_set, score, token_f1

SLACK = 0.3  # points: less than one page of the sample


@pytest.mark.shared
@pytest.mark.slow
def test_the_pinned_pages_are_read_as_well_as_before():
    assert PAGES.is_dir(), "../shared/data/pages is missing"
    rows, before = pinned()
    found = measures(measure(rows, ("casewatch",)))

    assert len(rows) == sum(map(len, json.loads(BASELINE.read_text("utf-8"))["ids"].values()))
    worse = {
        name: (value, found[name])
        for name, value in before.items()
        if (value - found[name]) * (-1 if name == "lost" else 1) > SLACK
    }
    assert worse == {}


def table_of(**gains) -> Table:
    table = Table()
    for name, gain in {"text": 0.0, "title": 10.0, "authors": 10.0, "day": 10.0, **gains}.items():
        column = table.columns[SUM]
        column.scores["casewatch"][name] = [0.5 + gain / 100]
        column.scores["trafilatura"][name] = [0.5]
    table.kinds = [(True, True), (False, False)]
    return table


def test_a_reader_at_its_floors_has_no_problems():
    assert below_floors(table_of(title=8.01, authors=8.01, day=4.01)) == []


@pytest.mark.parametrize(
    ("gains", "problem"),
    [
        ({"text": -0.1}, "text on"),
        ({"title": 7.0}, "title on"),
        ({"day": 3.0}, "day on"),
        ({"authors": 7.0}, "authors on"),
    ],
)
def test_a_reader_below_a_floor_is_named(gains, problem):
    (found,) = below_floors(table_of(**gains))

    assert found.startswith(problem)


def test_lost_articles_are_below_the_floor():
    table = table_of()
    table.kinds = [(True, True)] * 30 + [(True, False)] + [(False, False)] * 30

    assert below_floors(table) == ["3.2% of the articles are taken for something else"]


def test_a_field_without_gold_is_not_scored():
    assert score(Result(title="Stay"), {"title": "Stay!", "date": "", "authors": []}) == {
        "title": True
    }


def test_words_are_compared_with_their_repeats():
    assert token_f1("a a b", "a b b") == pytest.approx(2 / 3)
    assert token_f1("", "a") == 0.0


def test_authors_are_compared_as_a_set():
    assert name_set(["By Ann Lee and Bob Ray"]) == name_set(["bob ray", "Ann Lee"])
