"""Two warehouses, compared row by row; and their records, read back from the archive."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping
from hashlib import sha1
from pathlib import Path
from typing import Any

import duckdb
from warcio.archiveiterator import ArchiveIterator

from warehouse.store import open_copy

Rows = Mapping[str, Counter[str]]  # table -> its rows in words, and how often each is there

# Left out of the comparison: times of our own clock, ids that are drawn for each run, and places
# in this run's own WARC file. Of "when next", whether there is such a time is compared.
_LEFT_OUT = {
    "alert": {"raised_at", "run_id"},
    "article": {"first_seen_at"},
    "article_change": {"change_id", "seen_at"},
    "article_version": {"fetched_at", "warc_file", "warc_offset"},
    "entry": {"first_seen_at", "changed_at"},
    "feed": {
        "last_polled_at",
        "last_ok_at",
        "last_new_at",
        "next_poll_at",
        "last_full_at",
        "moved_at",
        "gone_at",
    },
    "feed_fetch": {"feed_fetch_id", "run_id", "fetched_at", "milliseconds"},
    "page": {"first_seen_at", "last_fetched_at", "next_fetch_at"},
    "schema_migration": {"applied_at"},
    "story": {"first_seen_at"},
    "subject_search": {"searched_at"},
}
_WHETHER = {
    "next_poll_at",
    "next_fetch_at",
    "last_new_at",
    "last_ok_at",
    "last_full_at",
    "moved_at",
    "gone_at",
    "searched_at",
}
_RUNS = "run"  # one row more after a kill; only its states are looked at
_CAPTURES = "capture"  # so are these: the second run looks at pages of the first again


def stored_rows(home: Path) -> Rows:
    """Return all that the published copy in *home* holds, but for the columns left out."""
    with open_copy(home / "casewatch-read.duckdb") as db:
        tables = [
            name
            for (name,) in db.execute(
                "select table_name from duckdb_tables() where database_name = current_database()"
            ).fetchall()
        ]
        rows = {name: _rows(db, name) for name in tables if name not in {_RUNS, _CAPTURES}}
        return rows | {_RUNS: _unfinished_runs(db)}


def _rows(db: duckdb.DuckDBPyConnection, table: str) -> Counter[str]:
    names = [name for name, *_ in db.execute(f"describe {table}").fetchall()]
    left_out = _LEFT_OUT.get(table, set())
    columns = [name for name in names if name not in left_out]
    shown = [f'"{name}"' for name in columns]
    shown += [f'"{name}" is null as no_{name}' for name in sorted(left_out & _WHETHER)]
    found = db.execute(f"select {', '.join(shown)} from {table}").fetchall()  # noqa: S608
    return Counter(map(repr, found))


def _unfinished_runs(db: duckdb.DuckDBPyConnection) -> Counter[str]:
    """Return the runs that are neither done nor died, and whether the last one is done."""
    states = [s for (s,) in db.execute("select state from run order by started_at").fetchall()]
    odd = [state for state in states if state not in {"done", "died"}]
    return Counter([*odd, f"last: {states[-1] if states else None}"])


def differences(wanted: Rows, found: Rows) -> list[str]:
    """Return a line for each row that is in one of the two alone."""
    said = []
    for table in sorted({*wanted, *found}):
        lost = wanted.get(table, Counter()) - found.get(table, Counter())
        more = found.get(table, Counter()) - wanted.get(table, Counter())
        said += [f"{table}: lost: {row[:300]}" for row in lost]
        said += [f"{table}: more: {row[:300]}" for row in more]
    return said


def unreadable_records(home: Path) -> list[str]:
    """Return a line for each version whose record is not at its place with the right digest."""
    with open_copy(home / "casewatch-read.duckdb") as db:
        versions = db.execute(
            "select version_id, warc_file, warc_offset, payload_digest from article_version"
        ).fetchall()
    if not versions:
        return ["no version is stored"]
    return [
        f"version {version}: {file} at {offset}: wanted {digest}, found {found}"
        for version, file, offset, digest in versions
        if (found := _digest_at(home / "warc" / file, offset)) != digest
    ]


def _digest_at(file: Path, offset: int) -> str:
    with file.open("rb") as archive:
        archive.seek(offset)
        record: Any = next(iter(ArchiveIterator(archive)))
        body = record.content_stream().read()
    digest = base64.b32encode(sha1(body, usedforsecurity=False).digest()).decode()
    said = record.rec_headers.get_header("WARC-Payload-Digest")
    return f"sha1:{digest}" if said == f"sha1:{digest}" else f"record says {said}"
