"""Serve ../shared/data/feed_series in order as one feed over time, and poll it as runs do.

    python -m benchmarks.feed_series [--shared DIR] [--polls N]

Each snapshot is served by a real server under one address, at the time in its file's name; a run
polls it and stores what it finds in a DuckDB warehouse. Prints how many entries were new, edited,
vanished and returned, and what is stored. Exits with 1 unless what the warehouse has equals what a
plain reading of the snapshots says: each entry once, every change of a title a version.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import feedparser

from extractors.model import Feed, Registry
from flows.job import Clock, Job, make_job
from flows.polling import due_feeds, poll_feeds, store_polls
from flows.settings import Settings
from warehouse.intake import save_registry
from warehouse.store import Warehouse

SHARED = Path(__file__).resolve().parents[2] / "shared"
HOST = "series.example"


@contextmanager
def serving() -> Iterator[tuple[int, list[bytes]]]:
    """Serve the last of a list of bodies; yield the port and the list."""
    bodies: list[bytes] = []

    class Series(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(bodies[-1])))
            self.end_headers()
            self.wfile.write(bodies[-1])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Series)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1]), bodies
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def moment_of(path: Path) -> datetime:
    """Return the time in a snapshot's name: NUMBER_YYYYMMDDHHMMSS.xml."""
    return datetime.strptime(path.stem.rpartition("_")[2], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def in_order(series: Path) -> list[Path]:
    """Return the snapshots by their times."""
    return sorted(series.glob("*.xml"), key=lambda path: (moment_of(path), path.name))


def replay(paths: Sequence[Path]) -> dict[str, int]:
    """Return what polling *paths* one after the other left in a warehouse."""
    with TemporaryDirectory() as home, serving() as (port, bodies):
        settings = Settings(
            home=Path(home),
            host_gap=0.0,
            workers=0,
            poll_at_most=timedelta(),  # the series is denser than we would ask
            connect=((HOST, ("127.0.0.1", port)),),
        )
        registry = Registry((), (), (Feed("series", f"http://{HOST}/feed", "Series"),), "test")
        warehouse = Warehouse(settings.warehouse)
        with warehouse.transaction() as db:
            save_registry(db, registry)
        for path in paths:
            bodies.append(path.read_bytes())
            now = moment_of(path)
            job = make_job(settings, registry, clock=_standing_at(now))
            _poll(job)
        return _stored(warehouse)


def _standing_at(moment: datetime) -> Clock:
    return lambda: moment


def _poll(job: Job) -> None:
    store_polls(job, poll_feeds(job, due_feeds(job)))


def _stored(warehouse: Warehouse) -> dict[str, int]:
    with warehouse.transaction() as db:
        row = db.execute(
            """
            select count(*), count(*) filter (where outcome = 'unchanged'), sum(entries),
                sum(entries_new), sum(entries_edited), sum(entries_vanished), sum(entries_returned),
                (select count(*) from entry), (select count(distinct entry_id) from entry),
                (select count(*) from page), (select count(*) from entry_version),
                (select count(distinct entry_id) from entry_version)
            from feed_fetch
            """
        ).fetchone()
    names = (
        "polls", "of them unchanged", "entries seen", "new", "edited", "vanished", "returned",
        "entries stored", "of them with an id of their own", "pages (canonical addresses)",
        "titles kept of edited entries", "entries with more than one title",
    )  # fmt: skip
    return dict(zip(names, map(int, row or ()), strict=True))


def plain_reading(paths: Sequence[Path]) -> dict[str, int]:
    """Return the same counts by feedparser and nothing else: an item is its GUID.

    A title is its words. The publisher's site turned spaces into no-break spaces and back at almost
    every poll: counted as "only spaces edited", and no edit of anybody's.
    """
    titles: dict[str, str] = {}
    written: dict[str, str] = {}
    before: set[str] = set()
    counts: Counter[str] = Counter()
    changed: set[str] = set()
    last = b""
    for path in paths:
        body = path.read_bytes()
        if body == last:
            continue
        last = body
        raw = {e.id: e.title for e in feedparser.parse(BytesIO(body)).entries}
        items = {key: " ".join(title.split()) for key, title in raw.items()}
        counts["new"] += len(items.keys() - titles.keys())
        counts["vanished"] += len(before - items.keys())
        counts["returned"] += len((items.keys() - before) & titles.keys())
        edited = {key for key, title in items.items() if titles.get(key, title) != title}
        counts["edited"] += len(edited)
        other = {key for key, title in raw.items() if written.get(key, title) != title}
        counts["only spaces edited"] += len(other - edited)
        changed |= edited
        titles |= items
        written |= raw
        before = set(items)
    counts["entries stored"] = len(titles)
    counts["titles kept of edited entries"] = counts["edited"] + len(changed)
    counts["entries with more than one title"] = len(changed)
    return dict(counts)


def main() -> int:
    """Print both; return 1 where they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--polls", type=int, default=None, help="the first so many only")
    args = parser.parse_args()
    paths = in_order(args.shared / "data" / "feed_series")[: args.polls]
    stored, plain = replay(paths), plain_reading(paths)
    print(f"{'':<34}{'warehouse':>10}{'plain':>10}")
    for what, count in stored.items():
        print(f"{what:<34}{count:>10,}{plain.get(what, ''):>10}")
    print(f"{'only spaces edited':<34}{'':>10}{plain.pop('only spaces edited', 0):>10}")
    wrong = {what for what, count in plain.items() if stored[what] != count}
    if wrong:
        print("DIFFERENT:", ", ".join(sorted(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
