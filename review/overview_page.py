"""The overview: who is in the news, every subject as a small chart, and how well we can see."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from review.charts import spark
from review.pages import desk_of, first_look
from review.render import page
from warehouse import desk as reads
from warehouse.reads import health_rows, last_run, table_counts

WEEKS = 26
_STATES = ("fine", "silent", "empty", "never polled", "failing")
_SHOWN = 40  # feeds that are not fine


def overview(request: Request) -> Response:
    """Show all subjects, the days ahead and the health of the feeds."""
    desk = desk_of(request)
    first_look(desk)
    with desk.copies.open() as copy:
        weeks = _by_subject(reads.coverage_by_week(copy, WEEKS))
        silences = reads.silence_rows(copy)
        health = health_rows(copy)
        facts: dict[str, Any] = {
            "counts": table_counts(copy),
            "run": last_run(copy),
            "upcoming": reads.upcoming_rows(copy),
        }
    states = Counter(row["state"] for row in health)
    return page(
        request, "overview.html", subjects=_multiples(silences, weeks), weeks=WEEKS,
        health=[row for row in health if row["state"] != "fine"][:_SHOWN],
        feeds=len(health), states=[(state, states[state]) for state in _STATES if states[state]],
        **facts,
    )  # fmt: skip


def _by_subject(
    rows: Sequence[Mapping[str, Any]],
) -> dict[str, dict[date, tuple[int, int]]]:
    weeks: dict[str, dict[date, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        weeks[row["subject_id"]][row["week"]] = (row["articles"], row["rank"])
    return weeks


def _multiples(
    silences: Sequence[Mapping[str, Any]], weeks: Mapping[str, dict[date, tuple[int, int]]]
) -> list[dict[str, Any]]:
    """Return a small chart a subject, those most in the news lately first.

    All charts have one scale, so that they can be compared; its square root would flatter.
    """
    today = datetime.now(UTC).date()
    lately = today - timedelta(days=28)
    full = max((count for by in weeks.values() for count, _ in by.values()), default=1)
    made = []
    for row in silences:
        mine = weeks.get(row["subject_id"], {})
        recent = sum(count for week, (count, _) in mine.items() if week >= lately)
        made.append({**row, "spark": spark(mine, today, WEEKS, full), "recent": recent})
    return sorted(
        made,
        key=lambda one: (
            one["kind"] != "case",
            -one["recent"],
            -one["articles"],
            one["subject_id"],
        ),
    )
