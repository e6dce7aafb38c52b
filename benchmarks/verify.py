"""How long `casewatch verify` takes, and how much memory, as the archive grows.

    python -m benchmarks.verify --articles 2000 20000

Builds a warehouse of made-up articles with one WARC record and three mentions each, then runs the
command in a process of its own. Memory is bounded, however many articles there are.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from extractors.model import Page, stable_id
from warehouse.archive import Archive, WarcPointer
from warehouse.captures import capture_id_of
from warehouse.rows import insert_missing
from warehouse.store import Warehouse

_NOW = datetime(2026, 11, 24, tzinfo=UTC)
_A_BATCH = 500
_MOST = 500  # MB, at any size
_MEASURED = """
import resource, sys
from flows.cli import main
code = main(["verify", *sys.argv[1:]])
print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
"""


def main() -> int:
    """Print a line a size: seconds and MB, reading every record and with --quick."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, nargs="+", default=[2_000, 20_000])
    sizes: list[int] = parser.parse_args().articles
    print(f"{'articles':>9} {'seconds':>8} {'MB':>6} {'records/s':>10} {'--quick':>9}")
    peaks = []
    for articles in sizes:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            _build(home, articles)
            seconds, peak = _measure(home)
            quick, _ = _measure(home, "--quick")
        peaks.append(peak)
        print(
            f"{articles:>9,} {seconds:>8.1f} {peak:>6} {articles / seconds:>10,.0f} {quick:>9.1f}"
        )
    return 0 if max(peaks) <= _MOST else 1


def _measure(home: Path, *words: str) -> tuple[float, int]:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *words],
        env=os.environ | {"CASEWATCH_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    code, peak = done.stderr.split()[-2:]
    assert code == "0", done.stdout
    return time.monotonic() - begun, int(peak)


def _build(home: Path, articles: int) -> None:
    archive = Archive(home / "warc", "bench", _NOW)
    warehouse = Warehouse(home / "casewatch.duckdb")
    for start in range(0, articles, _A_BATCH):
        numbers = range(start, min(start + _A_BATCH, articles))
        pages = [_page(n) for n in numbers]
        with warehouse.transaction() as db:
            records = archive.store(pages)
            rows = [
                _rows(n, page, record)
                for n, page, record in zip(numbers, pages, records, strict=True)
            ]
            for table in ("article", "article_version", "capture"):
                insert_missing(db, table, [row[table] for row in rows])
            insert_missing(db, "mention", [m for row in rows for m in row["mentions"]])
    (home / "casewatch.duckdb").rename(home / "casewatch-read.duckdb")


def _page(number: int) -> Page:
    words = sha256(str(number).encode()).hexdigest()
    body = f"<html><title>{number}</title>" + f"<p>Words {words} and more of them.</p>" * 200
    url = f"https://wire.example/{number}"
    return Page(url, url, 200, (("Content-Type", "text/html"),), body.encode(), _NOW)


def _rows(number: int, page: Page, record: WarcPointer) -> dict[str, Any]:
    text = f"{number}\n\n" + f"Ada Byron said so in words {number}. " * 150
    article_id = stable_id(page.url)
    version_id = stable_id(article_id, stable_id(text))
    return {
        "article": _article(page, article_id, version_id),
        "article_version": {
            "version_id": version_id,
            "article_id": article_id,
            "number": 1,
            "title": str(number),
            "text": text,
            "body_start": len(str(number)) + 2,
            "text_hash": stable_id(text),
            "fetched_at": _NOW,
            "warc_file": record.file,
            "warc_offset": record.offset,
            "payload_digest": record.digest,
            "extractor_version": "1",
        },
        "capture": {
            "capture_id": capture_id_of(record),
            "page_id": article_id,
            "url": page.url,
            "kind": "response",
            "status": 200,
            "fetched_at": _NOW,
            "record_id": record.record_id,
            "refers_to": None,
            "warc_file": record.file,
            "warc_offset": record.offset,
            "payload_digest": record.digest,
            "payload_sha256": record.sha256,
        },
        "mentions": [_mention(text, article_id, version_id, place) for place in range(3)],
    }


def _article(page: Page, article_id: str, version_id: str) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "canonical_url": page.url,
        "url": page.url,
        "host": "wire.example",
        "outlet": "Wire",
        "page_kind": "article",
        "authors": [],
        "first_seen_at": _NOW,
        "version_id": version_id,
        "versions": 1,
    }


def _mention(text: str, article_id: str, version_id: str, place: int) -> dict[str, Any]:
    start = -1
    for _ in range(place + 1):
        start = text.index("Ada Byron", start + 1)
    return {
        "mention_id": stable_id(version_id, str(start)),
        "version_id": version_id,
        "article_id": article_id,
        "subject_id": "ada-byron",
        "start_offset": start,
        "end_offset": start + 9,
        "quote": "Ada Byron",
        "kind": "full",
        "form": "Ada Byron",
        "confidence": 0.95,
        "tier": "confirmed",
        "evidence": [],
        "tagger_version": "1",
        "registry_version": "r",
    }


if __name__ == "__main__":
    sys.exit(main())
