"""One case, or one advocate: coverage, events, who speaks for whom, silence, precision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import duckdb
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from review.charts import timeline
from review.marks import mark
from review.pages import desk_of, first_look
from review.queue import alerts_of
from review.render import page
from review.words import day, plain
from warehouse import desk as reads

_SHOWN = 12  # alerts
_GRAVE = frozenset({"execution_date_set", "stay", "executed"})


def subject(request: Request) -> Response:
    """Show a case or an advocate."""
    desk, subject_id = desk_of(request), request.path_params["subject_id"]
    first_look(desk)
    with desk.copies.open() as copy:
        found = reads.subject_row(copy, subject_id)
        if found is None:
            raise HTTPException(404, "Nobody of that id is or was watched.")
        right = f"/{found['kind']}/{subject_id}"
        if request.url.path != right:
            return RedirectResponse(right, 301)
        facts = _facts(copy, found)
        newest = [row["alert_id"] for row in reads.subject_alerts(copy, subject_id, _SHOWN)]
    with desk.index.reading() as db:
        alerts = alerts_of(db, newest)
    return page(request, "subject.html", subject=found, alerts=alerts, **facts)


def _facts(copy: duckdb.DuckDBPyConnection, found: Mapping[str, Any]) -> dict[str, Any]:
    subject_id, is_case = found["subject_id"], found["kind"] == "case"
    today = datetime.now(UTC).date()
    days = reads.coverage_by_day(copy, subject_id)
    events = reads.timeline_rows(copy, subject_id)
    linked = reads.linked_with(reads.subject_rows(copy), found)
    return {
        "days": days,
        "chart": timeline(days, _marks(events), today),
        "events": [_told(row) for row in events],
        "upcoming": reads.upcoming_rows(copy, subject_id),
        "spoken": reads.spoken_by_other(copy, found),
        "linked": linked if is_case else [],
        "stood_for": [] if is_case else linked,
        "outlets": reads.coverage_by_outlet(copy, subject_id),
        "silence": reads.silence_row(copy, subject_id),
        "precision": reads.precision_rows(copy, subject_id),
        "recall": reads.recall_row(copy, subject_id),
        "stories": sum(row["stories"] for row in days),
        "articles": sum(row["articles"] for row in days),
    }


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event's row with its sentence cut to mark the words that tell it."""
    sentence, quote = row["sentence"], row["quote"]
    at = sentence.find(quote)
    spans = [(at, at + len(quote))] if at >= 0 else []
    return {**row, "words": sentence, "cuts": mark(sentence, spans)}


def _marks(events: Sequence[Mapping[str, Any]]) -> list[tuple[date, str, bool]]:
    return [
        (row["day"], f"{day(row['day'])}: {plain(row['type'])} ({row['modality']})", _grave(row))
        for row in events
        if row["day"] is not None
    ]


def _grave(row: Mapping[str, Any]) -> bool:
    return row["type"] in _GRAVE
