"""Read pages in a bare loop, without storing them, for benchmarks.peers to measure.

    python -m benchmarks.peers_ours default|ours PAGES WORKERS

PAGES is what benchmarks.peers wrote for its peers: a line of JSON for each page.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from benchmarks.articles_gold import FETCHED_AT
from benchmarks.backfill import loop, read_bare, read_whole
from extractors.model import Page


def main(way: str, listed: str, workers: str) -> None:
    """Read all pages of *listed*."""
    lines = Path(listed).read_text("utf-8").splitlines()
    files = [(page["url"], page["file"]) for page in map(json.loads, lines)]
    loop({"default": _default, "ours": _ours}[way], files, int(workers))


def _default(page: tuple[str, str]) -> None:
    read_bare(_body(page[1]))


def _ours(page: tuple[str, str]) -> None:
    url, file = page
    read_whole(Page(url, url, 200, (), _body(file), FETCHED_AT))


def _body(file: str) -> bytes:
    return gzip.decompress(Path(file).read_bytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
