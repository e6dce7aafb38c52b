"""The small pieces of pages: marks, folds, charts, words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.charts import HEIGHT, WIDTH, spark, timeline
from review.folding import violent_words
from review.marks import Layer, cut, mark, paragraph_spans
from review.texts import paragraphs
from review.words import clock, day, listed, percent, plural, sentence, sure, ticked

TODAY = date(2026, 11, 24)


@st.composite
def layered(draw):
    text = draw(st.text(max_size=60))
    places = st.integers(0, len(text))
    spans = draw(
        st.lists(st.tuples(st.sampled_from(["mention", "passage"]), places, places), max_size=5)
    )
    return text, [Layer(name, min(a, b), max(a, b)) for name, a, b in spans]


@given(layered())
def test_pieces_joined_are_the_text_and_marks_lie_where_they_should(given_text):
    text, layers = given_text
    at = 0
    for one in cut(text, layers):
        assert text[at : at + len(one.text)] == one.text
        over = {
            layer.name for layer in layers if layer.start <= at and layer.end >= at + len(one.text)
        }
        assert not one.text or set(one.names) == over
        at += len(one.text)
    assert at == len(text)


def test_a_mention_is_marked():
    assert [(one.text, one.names) for one in mark("Ask Ada.", [(4, 7)])] == [
        ("Ask ", ()), ("Ada", ("mention",)), (".", ()),
    ]  # fmt: skip


@given(st.text(alphabet="ab \n"))
def test_paragraphs_hold_all_that_is_not_space(text):
    joined = "".join(text[start:end] for start, end in paragraph_spans(text))

    assert joined.split() == text.split() or "".join(joined.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("He was stabbed, and strangled.", "en", ("stabbed", "strangled")),
        ("The court set a hearing on the execution.", "en", ()),
        ("The rule was established and is stable.", "en", ()),
        ("Fue apuñalada y estrangulada.", "es", ("apuñalada", "estrangulada")),
        ("Das Opfer wurde vergewaltigt.", "de", ("vergewaltigt",)),
        ("Beaten to death with a hatchet", "xx", ("beaten to death", "hatchet")),
        ("blood", None, ("blood",)),
    ],
)
def test_words_of_violence_are_found(text, language, words):
    assert violent_words(text, language) == words


def test_a_violent_paragraph_is_folded_and_the_headline_is_told_apart():
    headline, first, second = paragraphs("Head\n\nHe was stabbed.\nHe lived.", [], "en")

    assert (headline.is_headline, first.is_headline) == (True, False)
    assert first.violent == ("stabbed",)
    assert second.violent == ()


days = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(1, 500), st.integers(1, 3)),
    min_size=1, max_size=40, unique_by=lambda one: one[0],
)  # fmt: skip


@given(days)
def test_a_timeline_counts_every_article_and_stays_in_its_frame(given_days):
    rows = [
        {"day": TODAY - timedelta(days=ago), "articles": count, "rank": rank}
        for ago, count, rank in given_days
    ]
    chart = timeline(rows, [(TODAY, "today", True)], TODAY)

    assert chart is not None
    assert chart.total == sum(count for _, count, _ in given_days)
    for bar in chart.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH
        assert bar.y >= 0
        assert bar.y + bar.height <= HEIGHT
    assert [dot.label for dot in chart.dots] == ["today"]
    assert len(chart.ticks) <= 8


@pytest.mark.parametrize(("ago", "unit"), [(0, "day"), (75, "day"), (76, "week"), (801, "month")])
def test_the_span_decides_how_finely_it_is_drawn(ago, unit):
    rows = [{"day": TODAY - timedelta(days=ago), "articles": 1, "rank": 1}]

    chart = timeline(rows, [], TODAY)

    assert chart is not None
    assert chart.unit == unit


def test_no_coverage_is_no_chart():
    assert timeline([], [], TODAY) is None


def test_a_sparkline_has_its_last_week_on_the_right():
    monday = date(2026, 11, 23)
    made = spark({monday: (4, 3), monday - timedelta(weeks=25): (2, 1)}, TODAY, 26)

    assert [(bar.x, bar.height) for bar in made.bars] == [(0.0, 12.0), (100.0, 24.0)]
    assert (made.total, made.most, made.latest) == (6, 4, 4)


def test_words_are_plain():
    assert day("2026-11-04T10:00:00.000000") == "4 Nov 2026"
    assert day(None) == "undated"
    assert clock(None) == "never"
    assert plural(1, "outlet") == "1 outlet"
    assert plural(1204, "outlet") == "1,204 outlets"
    assert listed(["a", "b", "c", "d"]) == "a, b, c, d"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
    assert sure(0.999) == "more than 99 % sure"
    assert sure(0.5) == "50 % sure"
    assert sure(0.001) == "less than 1 % sure"
    assert ticked("run `a<b` now") == "run <code>a&lt;b</code> now"
    assert percent(None) == "–"
    assert percent(0.984) == "98 %"
    assert sentence("stay (ordered). full name") == "Stay (ordered). Full name."
