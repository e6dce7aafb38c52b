"""Processes for the tests of upkeep: some stop where a test says, one writes on and on."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from extractors.model import Page
from flows.settings import Settings
from warehouse.archive import Archive
from warehouse.captures import capture_id_of
from warehouse.rows import insert_missing
from warehouse.store import Warehouse


def backup_until(home: Path, place: Path, words: str) -> None:
    """Make a backup; stop for ever, and say so, where it says *words*."""
    from flows.backup import make_backup

    make_backup(Settings(home=home), home / "no-seeds", place, say=_stop_at(words))


def restore_until(source: Path, home: Path, words: str) -> None:
    """Restore; stop for ever where it says *words*."""
    from flows.backup_manifest import chosen
    from flows.restoring import restore

    restore(chosen(source), Settings(home=home), over=True, say=_stop_at(words))


def retain_until(home: Path, words: str) -> None:
    """Discard pages of all articles without mention; stop for ever where it says *words*."""
    from flows.retention import retain

    retain(Settings(home=home), days=0, say=_stop_at(words))


def compact_until(home: Path, words: str) -> None:
    """Compact; stop for ever where it says *words*."""
    from flows.compaction import compact

    compact(Settings(home=home), say=_stop_at(words))


def write_on(home: Path) -> None:
    """Write page after page as a run does: first the record, then the row. Say "begun" once."""
    warehouse = Warehouse(home / "casewatch.duckdb")
    archive = Archive(home / "warc", "writer", datetime.now(UTC))
    page = Page("http://a.example/", "http://a.example/", 200, (), b"", datetime.now(UTC))
    for number in count():
        body = f"<p>{number}</p>".encode() * 2_000
        pages = [replace(page, url=f"http://a.example/{number}", body=body)]
        (record,) = archive.store(pages)
        row = {
            "capture_id": capture_id_of(record),
            "page_id": f"written {number}",
            "url": pages[0].url,
            "kind": "response",
            "fetched_at": datetime.now(UTC),
            "record_id": record.record_id,
            "warc_file": record.file,
            "warc_offset": record.offset,
            "payload_digest": record.digest,
        }
        with warehouse.transaction() as db:
            insert_missing(db, "capture", [row])
        if number == 2:
            print("begun", flush=True)


def hold(home: Path) -> None:
    """Hold the warehouse for ever."""
    with Warehouse(home / "casewatch.duckdb").held():
        print("begun", flush=True)
        time.sleep(600)


@contextmanager
def child(*words: object, said: str) -> Iterator[None]:
    """Start one of these, wait until it has said *said*, and kill it -9 after the block."""
    command = [sys.executable, __file__, *map(str, words)]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=root, env={"PYTHONPATH": str(root)}
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip() == said
            yield
        finally:
            process.kill()


def _stop_at(words: str):
    def say(said: str) -> None:
        if said.startswith(words):
            print("stopped", flush=True)
            time.sleep(600)

    return say


if __name__ == "__main__":
    what, *paths = sys.argv[1:]
    globals()[what](*[Path(word) if "/" in word else word for word in paths])
