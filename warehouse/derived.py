"""What derives from an article's words: mentions, events, advocacy, claims, made anew as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from extractors.model import Mention, stable_id
from warehouse.readings import Reading, Versions, version_id_of
from warehouse.rows import insert_missing

DERIVED = ("mention", "event", "advocacy_act", "claim")


def save_derived(
    db: duckdb.DuckDBPyConnection, readings: Sequence[Reading], versions: Versions
) -> None:
    """Store all that derives from *readings*, in place of what their versions had before."""
    ids = [version_id_of(reading.article) for reading in readings]
    for table in DERIVED:  # a version that comes back brings its claims of the day
        db.execute(
            f"delete from {table} where version_id in (select unnest($ids))",  # noqa: S608
            {"ids": ids},
        )
    made = {"tagger_version": versions.tagger, "registry_version": versions.registry}
    for table, rows_of in (
        ("mention", _mention_rows),
        ("event", _event_rows),
        ("advocacy_act", _advocacy_rows),
        ("claim", _claim_rows),
    ):
        rows = [
            {
                "version_id": version_id_of(reading.article),
                "article_id": reading.article.id,
                **row,
                **made,
            }
            for reading in readings
            for row in rows_of(reading)
        ]
        insert_missing(db, table, rows)


def _mention_rows(reading: Reading) -> Iterable[dict[str, Any]]:
    version = version_id_of(reading.article)
    for m in (*reading.tagging.mentions, *reading.tagging.rejected):
        yield {
            "mention_id": stable_id(version, m.subject, str(m.start), str(m.end)),
            "subject_id": m.subject,
            "start_offset": m.start,
            "end_offset": m.end,
            "quote": m.quote,
            "kind": m.kind,
            "form": m.form,
            "confidence": m.confidence,
            "tier": str(m.tier),
            "evidence": _evidence(m),
        }


def _evidence(mention: Mention) -> list[dict[str, Any]]:
    return [
        {"term": e.term, "weight": e.weight, "text": e.text, "start": e.start, "end": e.end}
        for e in mention.evidence
    ]


def _event_rows(reading: Reading) -> Iterable[dict[str, Any]]:
    version = version_id_of(reading.article)
    for e in reading.tagging.events:
        yield {
            "event_id": stable_id(version, e.subject, e.type, str(e.start)),
            "subject_id": e.subject,
            "type": e.type,
            "modality": str(e.modality),
            "event_date": e.date,
            "retold": e.retold,
            "start_offset": e.start,
            "end_offset": e.end,
            "quote": e.quote,
        }


def _advocacy_rows(reading: Reading) -> Iterable[dict[str, Any]]:
    version = version_id_of(reading.article)
    for a in reading.tagging.advocacy:
        yield {
            "advocacy_id": stable_id(version, a.advocate, a.case, str(a.start)),
            "advocate_id": a.advocate,
            "case_id": a.case,
            "act": a.act,
            "start_offset": a.start,
            "end_offset": a.end,
            "quote": a.quote,
        }


def _claim_rows(reading: Reading) -> Iterable[dict[str, Any]]:
    version = version_id_of(reading.article)
    for c in reading.claims:
        yield {
            "claim_id": stable_id(version, c.subject),
            "subject_id": c.subject,
            "alerts": c.alerts,
            "confidence": c.confidence,
            "rank": c.rank,
            "reason": c.reason,
            "start_offset": c.start,
            "end_offset": c.end,
            "quote": reading.article.text[c.start : c.end],
        }
