"""Rejected candidates for audit: what a person asked for, and the page of it, the likeliest first.

A twentieth is offered, chosen by its id once and for good: the verdicts of that sample say how much
is missed. Others are listed when asked for, and do not count.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from extractors.model import CandidateVerdict
from review.queue import STILL_OPEN, address, page_asked

PAGE = 25  # candidates a page
OPEN, ALL = "open", "all"
STATES = (OPEN, *(str(verdict) for verdict in CandidateVerdict), ALL)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose to see. An empty subject is everybody."""

    subject: str = ""
    verdict: str = OPEN
    which: str = ""  # "": the sample, "all": the likeliest of the others too
    page: int = 1

    def url(self, **changes: object) -> str:
        """Return the address of the list so chosen, with *changes*; page 1 unless given."""
        wanted = replace(self, **({"page": 1} | changes))  # type: ignore[arg-type]
        return address("/rejected", wanted, Choice())

    @property
    def is_plain(self) -> bool:
        """Return whether nothing is filtered."""
        return replace(self, page=1) == Choice()


@dataclass(frozen=True, slots=True)
class Offered:
    """A page of candidates, how many match in all, and how far the sample is judged."""

    candidates: tuple[dict[str, Any], ...]
    matching: int
    pages: int
    sampled: int
    judged: int  # of the sample, by somebody who was sure
    missed: int  # of those
    others: int  # outside the sample
    subjects: tuple[tuple[str, str, int], ...]  # (id, name, how many) of what is shown


def choice_from(query: Mapping[str, str]) -> Choice:
    """Return what the address asks for; what cannot be is left out."""
    verdict = query.get("verdict", OPEN)
    return Choice(
        subject=query.get("subject", "").strip()[:200],
        verdict=verdict if verdict in STATES else OPEN,
        which=ALL if query.get("which") == ALL else "",
        page=page_asked(query),
    )


def list_candidates(db: sqlite3.Connection, choice: Choice) -> Offered:
    """Return the page that *choice* asks for; *db* comes from `Index.reading()`."""
    where, values = _where(choice)
    counted = _subjects(db, replace(choice, subject=""))
    mine = [count for subject, _, count in counted if choice.subject in {"", subject}]
    pages = max(1, -(-sum(mine) // PAGE))
    rows = db.execute(
        f"select * from audited where {where} order by confidence desc, mention_id "  # noqa: S608 - ours
        "limit :most offset :skip",
        values | {"most": PAGE, "skip": (min(choice.page, pages) - 1) * PAGE},
    ).fetchall()
    return Offered(
        tuple(_as_candidate(row) for row in rows), sum(mine), pages, *_progress(db), counted
    )


def one_candidate(db: sqlite3.Connection, mention_id: str) -> dict[str, Any] | None:
    """Return a listed candidate with its verdict, or None."""
    row = db.execute("select * from audited where mention_id = ?", [mention_id]).fetchone()
    return _as_candidate(row) if row else None


def _where(choice: Choice) -> tuple[str, dict[str, Any]]:
    conditions = {OPEN: [STILL_OPEN], ALL: []}.get(choice.verdict, ["verdict = :verdict"])
    if not choice.which:
        conditions = [*conditions, "in_sample = 1"]
    if choice.subject:
        conditions = [*conditions, "subject_id = :subject"]
    return " and ".join(conditions) or "1", {"verdict": choice.verdict, "subject": choice.subject}


def _subjects(db: sqlite3.Connection, choice: Choice) -> tuple[tuple[str, str, int], ...]:
    where, values = _where(choice)
    rows = db.execute(
        f"select subject_id, max(display_name), count(*) from audited where {where} "  # noqa: S608 - ours
        "group by subject_id order by 2 collate nocase",
        values,
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def _progress(db: sqlite3.Connection) -> tuple[int, int, int, int]:
    sampled, judged, missed, others = db.execute(
        "select count(*) filter (where in_sample = 1), "
        "count(*) filter (where in_sample = 1 and verdict in ('missed', 'rightly_rejected')), "
        "count(*) filter (where in_sample = 1 and verdict = 'missed'), "
        "count(*) filter (where in_sample = 0) from audited"
    ).fetchone()
    return sampled, judged, missed, others


def _as_candidate(row: sqlite3.Row) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(row["facts"])
    return {name: row[name] for name in row.keys() if name != "facts"} | facts  # noqa: SIM118 - a row
