"""What a subject would have found: stored texts that hold its name, tagged with it, bounded."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from extractors.mentions import Tagger, explain, snippet
from extractors.model import Case, Registry, Subject, Tagging
from review.index import fts_query
from review.marks import Cut, Layer, cut
from warehouse.desk import texts_at

MOST_TEXTS = 2_000
MOST_SECONDS = 8.0
_EXAMPLES = 8
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Example:
    """An article that would have matched, and why; or one that would not have."""

    article_id: str
    title: str
    outlet: str
    cuts: tuple[Cut, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """How many stored articles hold the name, were tagged, matched, and were turned down."""

    holding: int
    tagged: int
    matched: int
    alerting: int
    turned_down: int
    examples: tuple[Example, ...]
    refused: tuple[Example, ...]
    seconds: float

    @property
    def is_whole(self) -> bool:
        """Return whether every text that holds the name was tagged."""
        return self.tagged >= self.holding


def preview_subject(
    db: sqlite3.Connection, copy: duckdb.DuckDBPyConnection, subject: Subject, registry: Registry
) -> Preview:
    """Return what *subject* would have found in the stored articles, the newest first."""
    places = _places(db, subject)
    linked = _linked_with(subject, registry)
    tagger = Tagger([subject, *linked])
    begun = time.monotonic()
    tagged = matched = alerting = turned_down = 0
    examples: list[Example] = []
    refused: list[Example] = []
    for row in _texts(copy, places[:MOST_TEXTS], begun):
        found = tagger.tag(
            row["text"], published=row["published_day"], language=row["language"],
            body_start=row["body_start"],
        )  # fmt: skip
        tagged += 1
        if any(m.subject == subject.id for m in found.mentions):
            matched += 1
            alerting += subject.id in found.alerts
            examples += _example(row, found, subject, linked, len(examples))
        elif any(m.subject == subject.id for m in found.rejected):
            turned_down += 1
            refused += _example(row, found, subject, linked, len(refused), rejected=True)
    return Preview(
        len(places), tagged, matched, alerting, turned_down, tuple(examples), tuple(refused),
        time.monotonic() - begun,
    )  # fmt: skip


def _linked_with(subject: Subject, registry: Registry) -> list[Subject]:
    """Return the advocates of a case, or the cases that name an advocate."""
    if isinstance(subject, Case):
        return [one for one in registry.advocates if one.id in subject.advocates]
    return [one for one in registry.cases if subject.id in one.advocates]


def name_query(subject: Subject) -> str | None:
    """Return the query that finds every text which may name *subject*: by its rarest words."""
    forms = [
        *subject.name.family,
        *(subject.name.given if not subject.name.family else ()),
        *(form.text for form in subject.names),
        *subject.solo,
        *subject.hashtags,
        *(docket.number for docket in (subject.dockets if isinstance(subject, Case) else ())),
    ]
    terms = [term for form in forms if (term := fts_query(f'"{form}"'))]
    return " OR ".join(dict.fromkeys(terms)) or None


def _places(db: sqlite3.Connection, subject: Subject) -> list[int]:
    query = name_query(subject)
    if query is None:
        return []
    rows = db.execute(
        "select max(d.doc_id) from words w join doc d on d.doc_id = w.rowid "
        "where words match ? group by d.article_id order by 1 desc",
        [query],
    ).fetchall()
    return [row[0] for row in rows]


def _texts(
    copy: duckdb.DuckDBPyConnection, places: list[int], begun: float
) -> Iterator[dict[str, Any]]:
    for first in range(0, len(places), _BATCH):
        for row in texts_at(copy, places[first : first + _BATCH]):
            if time.monotonic() - begun > MOST_SECONDS:
                return
            yield row


def _example(
    row: dict[str, Any], found: Tagging, subject: Subject, linked: list[Subject], so_far: int,
    *, rejected: bool = False,
) -> list[Example]:  # fmt: skip
    if so_far >= _EXAMPLES:
        return []
    among = found.rejected if rejected else found.mentions
    mine = [m for m in among if m.subject == subject.id]
    best = max(mine, key=lambda m: m.confidence)
    start, end = snippet(row["text"], best.start, best.end)
    layers = [Layer("rejected" if rejected else "mention", m.start, m.end) for m in mine]
    names = {one.id: one.display_name for one in (subject, *linked)}
    why = explain(best, names, most=5)
    cuts = tuple(cut(row["text"], layers, start, end))
    return [Example(row["article_id"], row["title"], row["outlet"], cuts, why)]
