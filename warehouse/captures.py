"""The index of the archive: which record holds a page, and which one a revisit refers to."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import duckdb

from extractors.model import stable_id
from warehouse.archive import Original, WarcPointer
from warehouse.intake import DuePage
from warehouse.readings import PageVisit
from warehouse.rows import insert_missing, named_rows


def save_captures(db: duckdb.DuckDBPyConnection, visits: Sequence[PageVisit]) -> None:
    """Store one row for each of *visits* that left a record, in the caller's transaction."""
    rows = [_row(visit, record) for visit in visits if (record := _record(visit)) is not None]
    insert_missing(db, "capture", rows)


def capture_id_of(record: WarcPointer) -> str:
    """Return the id of the capture that lies at *record*."""
    return stable_id(record.file, str(record.offset))


def discarding_of(db: duckdb.DuckDBPyConnection, file: str, offset: int) -> str | None:
    """Return when and by which rule the record at that place was discarded, in words, or None."""
    found = named_rows(
        db,
        "select discarded_at, discarded_by from capture "
        "where warc_file = ? and warc_offset = ? and discarded_at is not null",
        [file, offset],
    )
    return discarding(found[0]) if found else None


def discarding(capture: dict[str, Any]) -> str:
    """Return when and by which rule a capture was discarded, in words."""
    day = f"{capture['discarded_at']:%Y-%m-%d}"
    return f"discarded on {day} by the rule: {capture['discarded_by']}"


def with_originals(db: duckdb.DuckDBPyConnection, pages: Sequence[DuePage]) -> list[DuePage]:
    """Return *pages*, each with the newest capture that holds its last body, where there is one."""
    digests = {p.page_id: _as_warc(p.payload_digest) for p in pages if p.payload_digest}
    if not digests:
        return list(pages)
    rows = named_rows(
        db,
        """
        select c.page_id, c.capture_id, c.record_id, c.url, c.fetched_at,
            c.payload_digest as digest, c.payload_sha256 as sha256
        from capture c
        join (select unnest($pages) as page_id, unnest($digests) as digest) as wanted
            on wanted.page_id = c.page_id and wanted.digest = c.payload_digest
        where c.kind = 'response' and c.discarded_at is null
        order by c.fetched_at
        """,
        {"pages": list(digests), "digests": list(digests.values())},
    )
    newest = {row.pop("page_id"): Original(**row) for row in rows}
    return [replace(page, captured=newest.get(page.page_id)) for page in pages]


def _as_warc(hexadecimal: str) -> str:
    """Return the digest that the table page keeps as WARC records state it."""
    return "sha1:" + base64.b32encode(bytes.fromhex(hexadecimal)).decode()


def _record(visit: PageVisit) -> WarcPointer | None:
    if visit.record is not None:
        return visit.record
    return visit.reading.record if visit.reading else None


def _row(visit: PageVisit, record: WarcPointer) -> dict[str, Any]:
    return {
        "capture_id": capture_id_of(record),
        "page_id": visit.page.page_id,
        "url": visit.final_url or visit.page.url,
        "kind": record.kind,
        "status": visit.status,
        "fetched_at": visit.fetched_at,
        "record_id": record.record_id,
        "refers_to": record.refers_to,
        "warc_file": record.file,
        "warc_offset": record.offset,
        "payload_digest": record.digest,
        "payload_sha256": record.sha256,
    }
