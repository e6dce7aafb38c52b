"""Find tracked people in texts and print what was found, one JSON line a text, in order.

FILE holds {"id", "title", "text", "published"} lines, plain or .gz; title and published (a day or a
date-time of ISO 8601) may be missing, and a "language" may be given. Prints {"id", "mentions",
"alerts", "events"}: offsets count the code points of text. A line that cannot be read is named by
its number on standard error and costs itself only; then the exit code is 1.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.errors import UsageError

if TYPE_CHECKING:
    from extractors.mentions import Tagger
    from extractors.model import Event, Mention, Tagging


class LineError(ValueError):
    """A line of the file is not what it should be; the message says why."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare FILE and --seeds."""
    parser.add_argument("file", type=Path, metavar="FILE.jsonl")
    parser.add_argument(
        "--seeds", type=Path, default=Path("seeds"), help="folder of the registry (default: seeds)"
    )


def run(args: argparse.Namespace) -> int:
    """Print a line for each good line of FILE; return 1 if one was bad.

    Raises UsageError where FILE cannot be read, RegistryError where the registry is wrong.
    """
    from extractors.mentions import Tagger
    from flows.seeds import read_seeds

    tagger = Tagger(read_seeds(args.seeds).subjects)
    failed = False
    for number, line in numbered_lines(args.file):
        try:
            print(json.dumps(tag_line(line, tagger), ensure_ascii=False))
        except LineError as error:
            failed = True
            print(f"casewatch: {args.file}:{number}: {error}", file=sys.stderr)
    return int(failed)


def numbered_lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of *file* that are not blank, with their numbers from 1."""
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{file}: {error}") from error


def tag_line(line: bytes, tagger: Tagger) -> dict[str, Any]:
    """Return what *tagger* finds in one line. Raises LineError."""
    said = read_line(line)
    tagging = tagger.tag(
        said["text"],
        title=text_or_none(said, "title") or "",
        published=published_day(text_or_none(said, "published")),
        language=text_or_none(said, "language"),
    )
    return {"id": said.get("id"), **_row(tagging)}


def read_line(line: bytes) -> dict[str, Any]:
    """Return the object of one line, which has a text. Raises LineError."""
    try:
        said = json.loads(line)
    except ValueError as error:  # not UTF-8 as well
        raise LineError(f"not JSON: {error}") from error
    if not isinstance(said, dict):
        raise LineError("not an object")
    if not isinstance(said.get("text"), str):
        raise LineError("no text")
    return said


def text_or_none(said: dict[str, Any], key: str) -> str | None:
    """Return the text under *key*, None where there is none. Raises LineError on another type."""
    value = said.get(key)
    if value is not None and not isinstance(value, str):
        raise LineError(f"{key} is no text")
    return value


def published_day(written: str | None) -> date | None:
    """Return the day of an ISO 8601 date or date-time. Raises LineError."""
    if not written:
        return None
    try:
        return datetime.fromisoformat(written).date()
    except ValueError as error:
        raise LineError(f"published is no date: {written!r}") from error


def _row(tagging: Tagging) -> dict[str, Any]:
    return {
        "mentions": [_mention(one) for one in tagging.mentions],
        "alerts": list(tagging.alerts),
        "events": [_event(one) for one in tagging.events],
    }


def _mention(one: Mention) -> dict[str, Any]:
    return {
        "subject": one.subject,
        "start": one.start,
        "end": one.end,
        "quote": one.quote,
        "kind": one.kind,
        "confidence": one.confidence,
        "evidence": [
            {
                "term": term.term,
                "weight": term.weight,
                "text": term.text,
                "start": term.start,
                "end": term.end,
            }
            for term in one.evidence
        ],
    }


def _event(one: Event) -> dict[str, Any]:
    return {
        "type": one.type,
        "subject": one.subject,
        "modality": one.modality.value,
        "date": one.date.isoformat() if one.date else None,
        "start": one.start,
        "end": one.end,
    }
