"""Read saved pages and print their articles, one JSON line a page, in order.

FILE holds {"id", "url", "html_path"} lines, plain or .gz; a relative html_path starts from the
folder of FILE, and pages may be .gz too. Prints {"id", "title", "authors", "published", "text",
"language", "error"}: text is the body without the title, published an ISO 8601 date-time in the
zone of the page, the bare day where no time is known, or null. Exits with 1 if a line has an error.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from extractors.errors import PageError, UsageError
from extractors.model import Article, Page

MAX_BYTES = 5_000_000  # one more is read, so that read_article sees what is too large


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of FILE: the page it names, or the problem it has."""

    id: object
    page: Page | None
    problem: str | None = None


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare FILE, --workers and --seconds."""
    parser.add_argument("file", type=Path, metavar="FILE.jsonl")
    parser.add_argument(
        "--workers",
        type=int,
        default=min(os.cpu_count() or 1, 8),
        help="processes that read pages (default: one a core); 0 reads in this one, without limits",
    )
    parser.add_argument(
        "--seconds", type=float, default=10.0, help="time for one page (default: 10)"
    )


def run(args: argparse.Namespace) -> int:
    """Print a line for each line of FILE; return 1 if one has an error.

    Raises UsageError where FILE cannot be read.
    """
    failed = False
    for line, read in _articles(args.file, args.workers, args.seconds):
        row = _row(line, read)
        failed = failed or row["error"] is not None
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    return int(failed)


def _articles(
    file: Path, workers: int, seconds: float
) -> Iterator[tuple[_Line, Article | PageError | None]]:
    """Yield each line with what its page gave. Pages are loaded as the readers take them."""
    from flows.extraction import stream_pages

    waiting: list[_Line] = []

    def pages() -> Iterator[tuple[Page, None, None]]:
        for line in _lines(file):
            waiting.append(line)
            if line.page is not None:
                yield line.page, None, None

    for read in stream_pages(pages(), workers=workers, seconds=seconds):
        while waiting[0].page is None:
            yield waiting.pop(0), None
        yield waiting.pop(0), read
    yield from ((line, None) for line in waiting)


def _lines(file: Path) -> Iterator[_Line]:
    fetched_at = datetime.now(UTC)  # pages dated later than tomorrow are wrong
    try:
        with _opened(file) as lines:
            for number, text in enumerate(lines, start=1):
                if text.strip():
                    yield _line(text, number, file, fetched_at)
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{file}: {error}") from error


def _opened(file: Path) -> Any:
    if file.suffix == ".gz":
        return gzip.open(file, "rb")
    return file.open("rb")


def _line(text: bytes, number: int, file: Path, fetched_at: datetime) -> _Line:
    try:
        said = json.loads(text)
    except ValueError as error:  # not UTF-8 as well
        return _Line(None, None, f"line {number}: not JSON: {error}")
    if not isinstance(said, dict):
        return _Line(None, None, f"line {number}: not an object")
    line_id = said.get("id")
    url, path = said.get("url"), said.get("html_path")
    if not isinstance(path, str) or not path:
        return _Line(line_id, None, f"line {number}: no html_path")
    if url is not None and not isinstance(url, str):
        return _Line(line_id, None, f"line {number}: url is no text")
    try:
        body = _body(file.parent / path)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        return _Line(line_id, None, f"line {number}: {path}: {_reason(error)}")
    return _Line(line_id, Page(url or "", url or "", 200, (), body, fetched_at))


def _body(path: Path) -> bytes:
    with _opened(path) as page:
        return bytes(page.read(MAX_BYTES + 1))


def _reason(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _row(line: _Line, read: Article | PageError | None) -> dict[str, Any]:
    found = read if isinstance(read, Article) else None
    error = f"{read.kind}: {read}" if isinstance(read, PageError) else line.problem
    return {
        "id": line.id,
        "title": found.title if found else None,
        "authors": list(found.authors) if found else [],
        "published": _published(found) if found else None,
        "text": found.text[found.body_start :] if found else None,
        "language": found.language if found else None,
        "error": error,
    }


def _published(article: Article) -> str | None:
    at = article.published_at
    if at is None:
        return None
    if at.time() == time(0) and not article.published_has_zone:
        return at.date().isoformat()
    return at.astimezone(timezone(timedelta(minutes=article.published_offset or 0))).isoformat()
