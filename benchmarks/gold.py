"""Turn the written gold into the JSON lines that `casewatch evaluate` reads.

    python -m benchmarks.gold [--part all|tune|held] [FILE.yaml] > GOLD.jsonl

The held part is a third of the examples, chosen by the hash of their ids. Nobody tunes on it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from extractors.model import stable_id

WRITTEN = Path(__file__).resolve().parents[1] / "gold" / "written.yaml"
PARTS = ("all", "tune", "held")
_MARK = re.compile(r"\[\[([a-z0-9-]+)\|([^\[\]|]+)\]\]")


def main() -> None:
    """Print the examples of one part, one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=WRITTEN)
    parser.add_argument("--part", choices=PARTS, default="all")
    args = parser.parse_args()
    for example in examples(args.file.read_text(encoding="utf-8")):
        if args.part == "all" or is_held(example["id"]) == (args.part == "held"):
            sys.stdout.write(json.dumps(example, ensure_ascii=False) + "\n")


def examples(text: str) -> list[dict[str, Any]]:
    """Return the examples in the YAML *text*, in its order, their marks turned into offsets.

    `example["text"][m["start"]:m["end"]] == m["quote"]` holds for each mention `m`. Raises
    ValueError for a mark that cannot be read, and KeyError for an example that lacks a key.
    """
    return [_example(written) for written in yaml.load(text, Loader=yaml.CSafeLoader)]


def is_held(example_id: str) -> bool:
    """Return whether the example belongs to the third that nobody tunes on."""
    return int(stable_id(example_id), 16) % 3 == 0


def unmark(marked: str) -> tuple[str, list[dict[str, Any]]]:
    """Return *marked* without its `[[subject|words]]` marks, and the mentions they mark.

    Raises ValueError if a bracket is left over.
    """
    plain, mentions, read = "", [], 0
    for mark in _MARK.finditer(marked):
        plain += marked[read : mark.start()]
        subject, quote = mark.groups()
        start, end = len(plain), len(plain) + len(quote)
        mentions.append({"subject": subject, "start": start, "end": end, "quote": quote})
        plain, read = plain + quote, mark.end()
    plain += marked[read:]
    if "[[" in plain or "]]" in plain:
        raise ValueError(f"a mark that cannot be read in {marked[:60]!r}")
    return plain, mentions


def _example(written: dict[str, Any]) -> dict[str, Any]:
    plain, mentions = unmark(written["text"])
    return {
        "id": written["id"],
        "language": written["language"],
        "published": str(written["published"]),
        "text": plain,
        "mentions": mentions,
        "alerts": sorted(written["alerts"]),
        "events": [_event(event) for event in written.get("events", [])],
    }


def _event(written: dict[str, Any]) -> dict[str, Any]:
    day = written.get("date")
    return {
        "type": written["type"],
        "subject": written["subject"],
        "modality": written["modality"],
        "date": None if day is None else str(day),
        "retold": written.get("retold", False),
    }


if __name__ == "__main__":
    main()
