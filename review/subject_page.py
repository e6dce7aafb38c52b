"""One case, or one advocate: coverage, events, who speaks for whom, silence, precision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import duckdb
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from review.charts import timeline
from review.pages import desk_of, first_look
from review.queue import alerts_of
from review.render import page
from review.texts import sentence_of
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
    spoken = reads.advocacy_rows(
        copy, case=subject_id if is_case else None, advocate=None if is_case else subject_id
    )
    names = {row["subject_id"]: row["display_name"] for row in reads.subject_rows(copy)}
    return {
        "days": days,
        "chart": timeline(days, _marks(events), today),
        "events": [sentence_of(row) for row in events],
        "upcoming": reads.upcoming_rows(copy, subject_id),
        "spoken": _by_other(spoken, "advocate" if is_case else "case"),
        "linked": [(one, names.get(one, one)) for one in found["advocates"]],
        "stood_for": [] if is_case else _stood_for(copy, subject_id),
        "outlets": reads.coverage_by_outlet(copy, subject_id),
        "silence": reads.silence_row(copy, subject_id),
        "precision": reads.precision_rows(copy, subject_id),
        "recall": reads.recall_row(copy, subject_id),
        "stories": sum(row["stories"] for row in days),
        "articles": sum(row["articles"] for row in days),
    }


def _marks(events: Sequence[Mapping[str, Any]]) -> list[tuple[date, str, bool]]:
    return [
        (row["day"], f"{day(row['day'])}: {plain(row['type'])} ({row['modality']})", _grave(row))
        for row in events
        if row["day"] is not None
    ]


def _grave(row: Mapping[str, Any]) -> bool:
    return row["type"] in _GRAVE


def _by_other(rows: Sequence[Mapping[str, Any]], side: str) -> list[dict[str, Any]]:
    """Return the other side of each act, those with most acts first, with what was said."""
    acts: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        acts[(row[f"{side}_id"], row[side])].append(row)
    return [
        {"id": key[0], "name": key[1], "acts": said}
        for key, said in sorted(acts.items(), key=lambda one: (-len(one[1]), one[0][1]))
    ]


def _stood_for(copy: duckdb.DuckDBPyConnection, advocate_id: str) -> list[tuple[str, str]]:
    """Return the cases that the registry links to an advocate."""
    return [
        (row["subject_id"], row["display_name"])
        for row in reads.subject_rows(copy)
        if advocate_id in row["advocates"]
    ]
