"""Measure the tagger on a gold file: mentions, alerts, and every miss.

FILE holds {"id", "language", "published", "text", "mentions": [{"subject", "start", "end"}],
"alerts": [subject...]} lines, plain or .gz. Strict: a mention counts only with its exact span;
overlapping: with any part of it. Alerts are counted at the confidences 0.5 and 0.9. Prints a table
and the misses, or with --json one object. A line that cannot be read is named; then exits with 1.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.commands.tag import LineError, numbered_lines, published_day, read_line, text_or_none

if TYPE_CHECKING:
    from extractors.mentions import Tagger
    from extractors.model import Tagging

Span = tuple[str, int, int]  # subject, start, end


@dataclass(slots=True)
class Count:
    """What was right, what was claimed and is not so, and what was missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, right: int, wrong: int, missed: int) -> None:
        """Add the counts of one text."""
        self.right += right
        self.wrong += wrong
        self.missed += missed

    @property
    def precision(self) -> float:
        """Return the share of claims that are right; 1 without a claim."""
        claimed = self.right + self.wrong
        return self.right / claimed if claimed else 1.0

    @property
    def recall(self) -> float:
        """Return the share of the gold that was found; 1 without gold."""
        gold = self.right + self.missed
        return self.right / gold if gold else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def row(self) -> dict[str, float]:
        """Return the counts and shares, rounded, as they are printed."""
        return {
            "right": self.right,
            "wrong": self.wrong,
            "missed": self.missed,
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
        }


@dataclass(slots=True)
class Score:
    """The counts over a gold file, and what is to be looked at, in reading order."""

    counts: dict[str, Count] = field(
        default_factory=lambda: {
            name: Count() for name in ("mentions", "overlapping", "alerts_0.5", "alerts_0.9")
        }
    )
    misses: list[dict[str, Any]] = field(default_factory=list)
    texts: int = 0


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare GOLD, --seeds and --json."""
    parser.add_argument("file", type=Path, metavar="GOLD.jsonl")
    parser.add_argument(
        "--seeds", type=Path, default=Path("seeds"), help="folder of the registry (default: seeds)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Print what was measured; return 1 if a line of the gold was bad."""
    from extractors.mentions import Tagger
    from flows.seeds import read_seeds

    tagger = Tagger(read_seeds(args.seeds).subjects)
    score, failed = Score(), False
    for number, line in numbered_lines(args.file):
        try:
            measure(line, tagger, score)
        except LineError as error:
            failed = True
            print(f"casewatch: {args.file}:{number}: {error}", file=sys.stderr)
    print(json.dumps(_report(score), ensure_ascii=False) if args.json else "\n".join(_table(score)))
    return int(failed)


def measure(line: bytes, tagger: Tagger, score: Score) -> None:
    """Add what *tagger* makes of one line of gold to *score*. Raises LineError."""
    said = read_line(line)
    gold, alerts = _gold(said)
    tagging = tagger.tag(
        said["text"],
        title=text_or_none(said, "title") or "",
        published=published_day(text_or_none(said, "published")),
        language=text_or_none(said, "language"),
    )
    found = {(one.subject, one.start, one.end) for one in tagging.mentions}
    score.texts += 1
    _count(score.counts["mentions"], gold, found)
    _count_overlapping(score.counts["overlapping"], gold, found)
    _count(score.counts["alerts_0.5"], alerts, set(tagging.alerts))
    _count(score.counts["alerts_0.9"], alerts, _sure(tagging))
    score.misses.extend(_misses(said, gold, found, alerts, set(tagging.alerts)))


def _gold(said: dict[str, Any]) -> tuple[set[Span], set[str]]:
    try:
        mentions = {(one["subject"], one["start"], one["end"]) for one in said["mentions"]}
        return mentions, set(said["alerts"])
    except (KeyError, TypeError) as error:
        raise LineError(f"no gold mentions and alerts: {error!r}") from error


def _sure(tagging: Tagging) -> set[str]:
    confirmed = {one.subject for one in tagging.mentions if one.confidence >= 0.9}
    return confirmed & set(tagging.alerts)


def _count(count: Count, gold: set[Any], found: set[Any]) -> None:
    count.add(len(gold & found), len(found - gold), len(gold - found))


def _count_overlapping(count: Count, gold: set[Span], found: set[Span]) -> None:
    right = sum(any(_overlap(one, other) for other in found) for one in gold)
    wrong = sum(not any(_overlap(one, other) for other in gold) for one in found)
    count.add(right, wrong, len(gold) - right)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] == other[0] and one[1] < other[2] and other[1] < one[2]


def _misses(
    said: dict[str, Any],
    gold: set[Span],
    found: set[Span],
    alerts: set[str],
    raised: set[str],
) -> Iterator[dict[str, Any]]:
    for what, spans in (("missed", gold - found), ("wrong", found - gold)):
        for subject, start, end in sorted(spans, key=lambda span: span[1]):
            quote = said["text"][start:end]
            yield {
                "id": said.get("id"),
                "what": f"{what} mention",
                "subject": subject,
                "start": start,
                "end": end,
                "quote": quote,
            }
    for what, subjects in (("missed", alerts - raised), ("wrong", raised - alerts)):
        for subject in sorted(subjects):
            yield {"id": said.get("id"), "what": f"{what} alert", "subject": subject}


def _report(score: Score) -> dict[str, Any]:
    return {
        "texts": score.texts,
        **{name: count.row() for name, count in score.counts.items()},
        "misses": score.misses,
    }


def _table(score: Score) -> Iterable[str]:
    yield f"{score.texts} texts"
    yield f"{'':<12} {'right':>6} {'wrong':>6} {'missed':>6} {'P':>7} {'R':>7} {'F1':>7}"
    for name, count in score.counts.items():
        yield (
            f"{name:<12} {count.right:>6} {count.wrong:>6} {count.missed:>6}"
            f" {count.precision:>7.4f} {count.recall:>7.4f} {count.f1:>7.4f}"
        )
    for miss in score.misses:
        where = f" {miss['start']}-{miss['end']} {miss['quote']!r}" if "start" in miss else ""
        yield f"{miss['id']}: {miss['what']}: {miss['subject']}{where}"
