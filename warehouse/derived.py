"""What derives from an article's words: mentions, events, advocacy, claims, made anew as one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from extractors.model import Claim, Mention, Tagging, stable_id
from extractors.sentences import snippet
from warehouse.readings import Reading, Versions, version_id_of
from warehouse.rows import key_column, storable

DERIVED = ("mention", "event", "advocacy_act", "claim")


@dataclass(frozen=True, slots=True)
class Told:
    """What the tagger made of one version: the rows that derive from its words.

    *result* is a hash of them, None where there are none: what comes out the same is not written.
    """

    version_id: str
    rows: Mapping[str, Sequence[dict[str, Any]]]  # by table
    result: str | None


def told(
    version_id: str, article_id: str, text: str, tagging: Tagging, claims: Sequence[Claim]
) -> Told:
    """Return what *tagging* and *claims* of *text* come to as rows."""
    rows = {
        "mention": [*_mention_rows(version_id, tagging)],
        "event": [*_event_rows(version_id, text, tagging)],
        "advocacy_act": [*_advocacy_rows(version_id, tagging)],
        "claim": [*_claim_rows(version_id, text, claims)],
    }
    if not any(rows.values()):
        return Told(version_id, {}, None)
    result = stable_id(json.dumps(rows, sort_keys=True, default=str))
    origin = {"version_id": version_id, "article_id": article_id}
    return Told(version_id, {t: [origin | row for row in rows[t]] for t in DERIVED}, result)


def save_derived(
    db: duckdb.DuckDBPyConnection, readings: Sequence[Reading], versions: Versions
) -> None:
    """Store all that derives from *readings*, in place of what their versions had before."""
    save_told(
        db,
        [
            told(
                version_id_of(one.article),
                one.article.id,
                one.article.text,
                one.tagging,
                one.claims,
            )
            for one in readings
        ],
        versions,
    )


def save_told(db: duckdb.DuckDBPyConnection, every: Sequence[Told], versions: Versions) -> None:
    """Store *every* in place of what its version had before, and by whom it was tagged."""
    ids = ",".join(one.version_id for one in every)
    for table in DERIVED:  # a version that comes back brings its claims of the day
        db.execute(
            f"delete from {table} where version_id in "  # noqa: S608 - names of our own
            "(select unnest(string_split($ids, ',')))",
            {"ids": ids},
        )
    made = {"tagger_version": versions.tagger, "registry_version": versions.registry}
    for table in DERIVED:
        _insert(db, table, [row | made for one in every for row in one.rows.get(table, ())])
    save_taggings(db, {one.version_id: one.result for one in every}, versions)


def _insert(db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Insert *rows*, of two with one key the first; their versions have none in *table*.

    As JSON: mentions bring lists of structs, which DuckDB takes in four times as fast from a text
    as value by value.
    """
    if not rows:
        return
    key = key_column(db, table)
    first = {row[key]: row for row in reversed(rows)}
    types = dict(
        db.execute(
            "select column_name, data_type from duckdb_columns() where table_name = ?", [table]
        ).fetchall()
    )
    fields = ", ".join(f'"{name}" {types[name]}' for name in rows[0])
    columns = ", ".join(f'"{name}"' for name in rows[0])
    db.execute(
        f"insert into {table} ({columns}) select {columns} from "  # noqa: S608 - names of our own
        f"(select r.* from (select unnest($rows::json::struct({fields})[]) as r))",
        {"rows": json.dumps(storable([*reversed(first.values())]), default=str)},
    )


def save_taggings(
    db: duckdb.DuckDBPyConnection, results: Mapping[str, str | None], versions: Versions
) -> None:
    """Store by whom the versions, the keys of *results*, were tagged last, and what came of it."""
    # As one text each: DuckDB is much longer over a list of values.
    values = {"ids": ",".join(results)}
    db.execute(
        "delete from tagging where version_id in (select unnest(string_split($ids, ',')))", values
    )
    values |= {"results": ",".join(result or "" for result in results.values())}
    values |= {"tagger": versions.tagger, "registry": versions.registry}
    db.execute(
        "insert into tagging select unnest(string_split($ids, ',')), $tagger, $registry, "
        "nullif(unnest(string_split($results, ',')), '') where $ids <> ''",
        values,
    )


def _mention_rows(version: str, tagging: Tagging) -> Iterable[dict[str, Any]]:
    for m in (*tagging.mentions, *tagging.rejected):
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


def _event_rows(version: str, text: str, tagging: Tagging) -> Iterable[dict[str, Any]]:
    for e in tagging.events:
        begin, end = snippet(text, e.start, e.end)
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
            "sentence": text[begin:end],
        }


def _advocacy_rows(version: str, tagging: Tagging) -> Iterable[dict[str, Any]]:
    for a in tagging.advocacy:
        yield {
            "advocacy_id": stable_id(version, a.advocate, a.case, str(a.start)),
            "advocate_id": a.advocate,
            "case_id": a.case,
            "act": a.act,
            "start_offset": a.start,
            "end_offset": a.end,
            "quote": a.quote,
        }


def _claim_rows(version: str, text: str, claims: Sequence[Claim]) -> Iterable[dict[str, Any]]:
    for c in claims:
        yield {
            "claim_id": stable_id(version, c.subject),
            "subject_id": c.subject,
            "alerts": c.alerts,
            "confidence": c.confidence,
            "rank": c.rank,
            "reason": c.reason,
            "start_offset": c.start,
            "end_offset": c.end,
            "quote": text[c.start : c.end],
        }
