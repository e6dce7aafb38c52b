"""Read feed files and print what they promise, one JSON line a feed, in the order given.

Each line: {"file", "title", "entries": [{"id", "guid", "url", "title", "published", "updated",
"summary"}], "error", "warnings"}. "error" is null or "kind: message"; the exit code is 1 where any
line has one. "id" is what the entry keeps when its title is edited; "guid" is what the feed says.
RSS, RDF, Atom, JSON Feed and sitemaps are read, broken ones as far as they go.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from extractors.errors import FeedError, UsageError
from extractors.feeds import parse_feed
from extractors.model import Entry

SECONDS = 10.0  # a feed that takes longer costs that feed only


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="the body of a feed")
    parser.add_argument("--from-list", metavar="FILE", help="read more names from FILE, one a line")
    parser.add_argument(
        "--url", default="", help="where the bodies came from: relative links are relative to it"
    )


def run(args: argparse.Namespace) -> int:
    """Print a line for each file; return 1 where one of them has an error."""
    names = [*args.files, *(_listed(args.from_list) if args.from_list else ())]
    if not names:
        raise UsageError("name a FILE, or a list of them with --from-list")
    failed = False
    for line in lines_of(names, args.url):
        failed = failed or line["error"] is not None
        sys.stdout.buffer.write(_json(line))  # UTF-8, whatever the terminal's encoding
        sys.stdout.buffer.flush()
    return 1 if failed else 0


def _listed(path: str) -> list[str]:
    try:
        text = Path(path).read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    return [line for line in text.splitlines() if line.strip()]


def lines_of(
    names: Iterable[str],
    url: str,
    read: Callable[[str, str], dict[str, Any]] | None = None,
    seconds: float = SECONDS,
) -> Iterator[dict[str, Any]]:
    """Yield the line of each of *names*, in their order.

    Feeds are read in one other process, which is replaced when it dies or needs over *seconds*.
    """
    with ProcessPool(max_workers=1) as pool:
        waiting: deque[tuple[str, Any]] = deque()
        for name in names:
            waiting.append(
                (name, pool.schedule(read or read_file, args=(name, url), timeout=seconds))
            )
            if len(waiting) > 20:
                yield _answer(*waiting.popleft())
        while waiting:
            yield _answer(*waiting.popleft())


def _answer(name: str, future: Any) -> dict[str, Any]:
    try:
        line: dict[str, Any] = future.result()
    except TimeoutError:
        return _failure(name, "timeout", "not read in time")
    except ProcessExpired as error:
        return _failure(name, "crash", f"the reader died with code {error.exitcode}")
    except Exception as error:  # noqa: BLE001 - one feed costs one feed, and is named
        return _failure(name, "crash", f"{type(error).__name__}: {error}")
    return line


def read_file(name: str, url: str) -> dict[str, Any]:
    """Return the line of the feed in the file *name*, fetched from *url*."""
    try:
        feed = parse_feed(Path(name).read_bytes(), url=url)
    except FeedError as error:
        return _failure(name, error.kind, str(error))
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        return _failure(name, "unreadable", getattr(error, "strerror", None) or str(error))
    entries = [_entry(entry) for entry in feed.entries]
    warnings = list(feed.warnings)
    return {
        "file": name,
        "title": feed.title,
        "entries": entries,
        "error": None,
        "warnings": warnings,
    }


def _failure(name: str, kind: str, message: str) -> dict[str, Any]:
    error = f"{kind}: {message}"
    return {"file": name, "title": None, "entries": [], "error": error, "warnings": []}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "published": _iso(entry.published_at),
        "updated": _iso(entry.updated_at),
        "summary": entry.summary,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _json(line: dict[str, Any]) -> bytes:
    """Return *line* as JSON; halves of code points, which a file's name may have, are "?"."""
    return json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
