"""Measure `casewatch backfill` on a WARC file against bare loops of trafilatura over its pages.

    python -m benchmarks.backfill [--pages 2000] [--runs 3] [--workers 2]

The file is built from ../shared/data/pages with a fixed seed. By turns, medians count: the backfill
(WARC read, articles, mentions, stories, alerts, all stored); a bare default
`bare_extraction(with_metadata=True)` loop; a bare loop with our options (`read_article`), each in
as many processes. Then a backfill is killed half-way, run again, and its warehouse compared with
that of an undisturbed one. Exits with 1 below 1.2 times the first loop, below 0.85 of the second,
or where the warehouses differ.
"""

from __future__ import annotations

import argparse
import gzip
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import duckdb

from extractors.errors import PageError
from extractors.model import Page
from warehouse.archive import Archive

PAGES = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "pages"
CRAWLED = datetime(2026, 11, 1, tzinfo=UTC)  # after every page of the sets
DEFAULT, OURS = 1.2, 0.85
_MOST = 5_000_000
_MADE_ANEW = frozenset(
    {"run_id", "raised_at", "warc_file", "warc_offset", "record_id", "capture_id", "changed_at"}
    | {"begun_at", "registry_version"}
)
_TABLES = ("article", "article_version", "mention", "event", "claim", "story_article", "alert")


def main() -> int:
    """Print a table; return 1 if a floor is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    with TemporaryDirectory(prefix="casewatch-backfill-") as folder:
        work = Path(folder)
        pages = sample(args.pages, seed=5)
        warc = work / "crawl" / Archive(work / "crawl", "bench", CRAWLED).store(pages)[0].file
        print(f"{len(pages):,} pages, {warc.stat().st_size / 1e6:.0f} MB packed")
        slow = _measure(work, warc, pages, args.runs, args.workers)
        same = _killed_half_way(work, warc, args.workers)
    return 1 if slow or not same else 0


def sample(most: int, *, seed: int) -> list[Page]:
    """Return *most* pages of the sets, each at an address of its own; twice if they are few."""
    files = sorted(p for p in PAGES.glob("**/*") if p.name.endswith((".html", ".html.gz")))
    chance = random.Random(seed)
    chance.shuffle(files)
    drawn = [files[n % len(files)] for n in range(most)]
    headers = (("Content-Type", "text/html"),)
    return [
        Page(url, url, 200, headers, _body(file), CRAWLED)
        for n, file in enumerate(drawn)
        if (url := f"https://site{n % 50}.example/{n}/{file.name.partition('.')[0]}")
    ]


def _body(file: Path) -> bytes:
    content = file.read_bytes()
    return gzip.decompress(content) if file.suffix == ".gz" else content


def _measure(work: Path, warc: Path, pages: Sequence[Page], runs: int, workers: int) -> bool:
    bodies = [page.body for page in pages]
    ways: dict[str, Callable[[int], float]] = {
        "casewatch backfill": lambda n: _seconds_of(work / f"home{n}", warc, workers),
        "bare_extraction, default": lambda _: loop(read_bare, bodies, workers),
        "read_article": lambda _: loop(read_whole, pages, workers),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(runs):
        for name, way in ways.items():
            took[name].append(way(number))
    rates = {name: len(pages) / median(seconds) for name, seconds in took.items()}
    ours = rates["casewatch backfill"]
    print(f"\n{'':28}{'pages/s':>9}{'ratio':>8}")
    for name, rate in rates.items():
        print(f"{name:28}{rate:9.1f}{ours / rate:8.2f}")
    default, own = ours / rates["bare_extraction, default"], ours / rates["read_article"]
    print(f"at least {DEFAULT} of the default loop, {OURS} of our own")
    return default < DEFAULT or own < OURS


def _seconds_of(home: Path, warc: Path, workers: int) -> float:
    begun = time.perf_counter()
    subprocess.run(
        command_for(warc), env=environment(home, workers), check=False, stdout=sys.stderr
    )
    return time.perf_counter() - begun


def command_for(warc: Path) -> list[str]:
    """Return the command that reads *warc* whole."""
    return [sys.executable, "-m", "flows.cli", "backfill", str(warc)]


def environment(home: Path, workers: int) -> dict[str, str]:
    """Return what `casewatch` is to find in its environment."""
    return {**os.environ, "CASEWATCH_HOME": str(home), "CASEWATCH_WORKERS": str(workers)}


def loop(read: Callable[..., None], given: Sequence[object], workers: int) -> float:
    """Return how many seconds *read* takes over *given*, in as many processes, start included."""
    begun = time.perf_counter()
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        for _ in pool.map(read, given, chunksize=4):
            pass
    return time.perf_counter() - begun


def read_bare(body: bytes) -> None:
    """Read a page as trafilatura does by itself."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - in the workers

    bare_extraction(body, with_metadata=True)


def read_whole(page: Page) -> None:
    """Read a page as casewatch does, without storing it."""
    from extractors.articles.read import read_article  # noqa: PLC0415 - in the workers

    try:
        read_article(page)
    except PageError:
        return


def _killed_half_way(work: Path, warc: Path, workers: int) -> bool:
    """Kill a backfill when half of the file is read, run it again, and compare the warehouses."""
    home = work / "killed"
    child = subprocess.Popen(
        command_for(warc),
        env=environment(home, workers),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert child.stderr is not None
    for line in child.stderr:
        if _share(line) >= 50:
            break
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    _seconds_of(home, warc, workers)
    different = [table for table in _TABLES if _rows(home, table) != _rows(work / "home0", table)]
    said = f"differs in {', '.join(different)}" if different else "equal to an undisturbed one"
    print(f"\nkilled at half of the file ({line.strip()}) and run again: {said}")
    return not different


def _share(line: str) -> int:
    """Return how many per cent a line of progress says were read, 0 for another line."""
    before, found, _ = line.partition("% read")
    return int(before.rpartition(" ")[2]) if found else 0


def _rows(home: Path, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home / "casewatch-read.duckdb"), read_only=True) as db:
        columns = db.execute(
            "select column_name from duckdb_columns() where table_name = ?", [table]
        ).fetchall()
        kept = ", ".join(name for (name,) in columns if name not in _MADE_ANEW)
        rows: list[tuple[object, ...]] = db.execute(
            f"select {kept} from {table} order by all"  # noqa: S608 - names of our own
        ).fetchall()
    return rows


if __name__ == "__main__":
    raise SystemExit(main())
