"""Measure the tagger on a gold file: mentions, alerts, events, names, calibration, every miss.

FILE holds {"id", "language", "published", "text", "mentions": [{"subject", "start", "end"}],
"alerts": [subject...], "events": [...]} lines, plain or .gz. An event is {"type", "subject",
"modality", "date"} or its type alone; without "events", events are not measured. Prints tables, or
with --json one object; --misses lists each miss and each wrong claim. With --baseline each measure
that fell (by more than 0.0005) is named, and the exit code is 1; so it is after a line that cannot
be read, which is named too.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.errors import UsageError
from extractors.evaluation import falls, score
from extractors.scores import Bin, Count, Example, GoldEvent, GoldMention, Name, Scores, Share
from flows.commands.tag import LineError, numbered_lines, published_day, read_line, text_or_none

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from extractors.mentions import Tagger
    from extractors.model import Tagging

# What the older gold calls them -> what the tagger does.
LEGACY_EVENTS = {"clemency_request": "clemency_requested", "dna_testing": "dna_testing_ordered"}


@dataclass(slots=True)
class Score:
    """The examples read so far, and what the tagger made of them."""

    examples: list[Example] = field(default_factory=list)
    taggings: list[Tagging] = field(default_factory=list)

    def scores(self) -> Scores:
        """Return all measures."""
        return score(self.examples, self.taggings)

    @property
    def counts(self) -> Mapping[str, Count]:
        """Return the counts by name."""
        return self.scores().counts

    @property
    def misses(self) -> list[dict[str, Any]]:
        """Return what is to be looked at, in reading order."""
        return [asdict(miss) for miss in self.scores().misses]


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare GOLD, --seeds, --json, --misses, --baseline and --write-baseline."""
    parser.add_argument("file", type=Path, metavar="GOLD.jsonl")
    parser.add_argument(
        "--seeds", type=Path, default=Path("seeds"), help="folder of the registry (default: seeds)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--misses", action="store_true", help="list each miss and wrong claim")
    pinned = parser.add_mutually_exclusive_group()
    pinned.add_argument(
        "--baseline", type=Path, metavar="FILE.json", help="name each measure that fell; exit 1"
    )
    pinned.add_argument(
        "--write-baseline", type=Path, metavar="FILE.json", help="pin what is measured now"
    )


def run(args: argparse.Namespace) -> int:
    """Print what was measured; return 1 if a line of the gold was bad or a measure fell.

    Raises UsageError where GOLD or the baseline cannot be read.
    """
    from extractors.mentions import Tagger
    from flows.seeds import read_seeds

    before = read_baseline(args.baseline) if args.baseline else None
    read, failed = Score(), False
    tagger = Tagger(read_seeds(args.seeds).subjects)
    for number, line in numbered_lines(args.file):
        try:
            measure(line, tagger, read)
        except LineError as error:
            failed = True
            print(f"casewatch: {args.file}:{number}: {error}", file=sys.stderr)
    scores = read.scores()
    _show(scores, as_json=args.json, misses=args.misses)
    if args.write_baseline and not failed:  # a baseline of half the gold would hide a fall
        write_baseline(args.write_baseline, scores)
    return int(_fell(scores, before) or failed)


def measure(line: bytes, tagger: Tagger, score: Score) -> None:
    """Add one line of gold, and what *tagger* makes of it, to *score*. Raises LineError."""
    said = read_line(line)
    example = read_example(said)
    tagging = tagger.tag(
        said["text"],
        title=text_or_none(said, "title") or "",
        published=published_day(text_or_none(said, "published")),
        language=text_or_none(said, "language"),
    )
    score.examples.append(example)
    score.taggings.append(tagging)


def read_example(said: dict[str, Any]) -> Example:
    """Return the labels of one line. Raises LineError, also for a quote that the text has not."""
    try:
        mentions = frozenset(_mention(one, said["text"]) for one in said["mentions"])
        alerts, events = frozenset(said["alerts"]), said.get("events")
        told = None if events is None else tuple(map(_event, events))
    except (KeyError, TypeError) as error:
        raise LineError(f"no gold mentions and alerts, or events amiss: {error!r}") from error
    language = text_or_none(said, "language") or "unknown"
    return Example(str(said.get("id")), language, mentions, alerts, told)


def _mention(said: dict[str, Any], text: str) -> GoldMention:
    start, end = said["start"], said["end"]
    quote = text[start:end]
    if not 0 <= start < end <= len(text) or said.get("quote", quote) != quote:
        raise LineError(f"the gold mention {said!r} is not what stands there: {quote!r}")
    return GoldMention(start, end, said["subject"], quote)


def _event(said: str | dict[str, Any]) -> GoldEvent:
    if isinstance(said, str):
        return GoldEvent(LEGACY_EVENTS.get(said, said))
    kind, day = said["type"], said.get("date")
    return GoldEvent(
        LEGACY_EVENTS.get(kind, kind),
        said["subject"],
        said.get("modality"),
        None if day is None else str(day),  # a year may be a number
    )


def read_baseline(file: Path) -> dict[str, Any]:
    """Return the pinned {"texts", "measures"}. Raises UsageError."""
    try:
        pinned = json.loads(file.read_text(encoding="utf-8"))
        return {"texts": int(pinned["texts"]), "measures": dict(pinned["measures"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{file} is no baseline: {error!r}") from error


def write_baseline(file: Path, scores: Scores) -> None:
    """Pin *scores* in *file*, one measure a line, so that a change of it can be read in a diff."""
    pinned = {"texts": scores.texts, "measures": _measures(scores)}
    file.write_text(json.dumps(pinned, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _measures(scores: Scores) -> dict[str, float]:
    return {name: round(value, 4) for name, value in scores.measures().items()}


def _fell(scores: Scores, before: dict[str, Any] | None) -> bool:
    """Name on standard error what fell since *before*; return whether anything did."""
    if before is None:
        return False
    fallen = [
        f"{name}: was {was:.4f}, is {'gone' if now is None else f'{now:.4f}'}"
        for name, (was, now) in falls(_measures(scores), before["measures"]).items()
    ]
    if scores.texts != before["texts"]:
        fallen.insert(0, f"texts: were {before['texts']}, are {scores.texts}: not the same gold")
    for line in fallen:
        print(f"casewatch: fell: {line}", file=sys.stderr)
    return bool(fallen)


def _show(scores: Scores, *, as_json: bool, misses: bool) -> None:
    if as_json:
        print(json.dumps(report(scores, misses=misses), ensure_ascii=False))
        return
    from flows.show import console

    out = console()
    out.print(f"{scores.texts} texts")
    for table in _tables(scores):
        out.print(table)
        out.print()
    out.print(_worst(scores))
    if misses:
        _list_misses(out, scores)


def report(scores: Scores, *, misses: bool = False) -> dict[str, Any]:
    """Return *scores* as one JSON object, rounded to 4 places; its keys are stable."""
    told: dict[str, Any] = {
        "texts": scores.texts,
        **{name: count.row() for name, count in scores.counts.items()},
        "event_modality": _share(scores.modality),
        "event_date": _share(scores.dates),
        "kinds": {kind: _share(share) for kind, share in scores.kinds.items()},
        "languages": {one: _share(share) for one, share in scores.languages.items()},
        "names": {subject: _name(name) for subject, name in scores.names.items()},
        "worst": scores.worst,
        "calibration": {
            "brier": round(scores.brier, 4),
            "bins": [_bin(one) for one in scores.bins],
        },
    }
    return told | ({"misses": [asdict(miss) for miss in scores.misses]} if misses else {})


def _share(share: Share) -> dict[str, Any]:
    value = round(share.value, 4) if share.of else None  # of none is not all well
    return {"right": share.right, "of": share.of, "share": value}


def _name(name: Name) -> dict[str, Any]:
    claims, finds = name.mentions.claims, name.mentions.finds
    return {
        **name.mentions.row(),
        "precision_interval": [round(bound, 4) for bound in claims.interval],
        "recall_interval": [round(bound, 4) for bound in finds.interval],
        "alerts": name.alerts.row(),
    }


def _bin(one: Bin) -> dict[str, Any]:
    return {
        key: round(value, 4) if isinstance(value, float) else value
        for key, value in asdict(one).items()
    }


def _tables(scores: Scores) -> Iterator[Table]:
    yield _counts_table(scores)
    yield _table("precision of kind", "right", "of", "P", rows=map(_cells, scores.kinds.items()))
    yield _table(
        "recall in language", "right", "of", "R", rows=map(_cells, scores.languages.items())
    )
    told = {"modality": scores.modality, "date": scores.dates}
    yield _table("of the events found", "right", "of", "share", rows=map(_cells, told.items()))
    yield _names_table(scores)
    yield _calibration_table(scores)


def _counts_table(scores: Scores) -> Table:
    rows = ((name, *_numbers(count), _part(count.f1)) for name, count in scores.counts.items())
    return _table("", "right", "wrong", "missed", "P", "R", "F1", rows=rows)


def _names_table(scores: Scores) -> Table:
    rows = (
        (
            subject,
            *_numbers(name.mentions)[:3],
            f"{_part(name.mentions.precision)} {_interval(name.mentions.claims)}",
            f"{_part(name.mentions.recall)} {_interval(name.mentions.finds)}",
            f"{name.alerts.right}/{name.alerts.wrong}/{name.alerts.missed}",
        )
        for subject, name in scores.names.items()
    )
    return _table("name", "right", "wrong", "missed", "P, 95 %", "R, 95 %", "alerts", rows=rows)


def _calibration_table(scores: Scores) -> Table:
    rows = (
        (
            f"{one.low:.1f}-{one.high:.1f}",
            str(one.candidates),
            "" if one.confidence is None else _part(one.confidence),
            "" if one.share is None else _part(one.share),
        )
        for one in scores.bins
    )
    table = _table("confidence", "candidates", "mean", "right", rows=rows)
    table.caption = f"Brier {_part(scores.brier)} (0 is best)"
    return table


def _table(*titles: str, rows: Iterable[tuple[str, ...]]) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, caption_justify="left")
    for number, title in enumerate(titles):
        table.add_column(title, header_style="bold", justify="right" if number else "left")
    for row in rows:
        table.add_row(*row)
    return table


def _cells(named: tuple[str, Share]) -> tuple[str, ...]:
    name, share = named
    return name, str(share.right), str(share.of), _part(share.value) if share.of else "none"


def _numbers(count: Count) -> tuple[str, ...]:
    counted = (str(number) for number in (count.right, count.wrong, count.missed))
    return (*counted, _part(count.precision), _part(count.recall))


def _part(value: float) -> str:
    return f"{value:.4f}"


def _interval(share: Share) -> str:
    low, high = share.interval
    return f"({low:.2f}-{high:.2f})"


def _worst(scores: Scores) -> str:
    if scores.worst is None:
        return "No name has a miss or a wrong claim."
    name = scores.names[scores.worst]
    return f"Worst name: {scores.worst}, {name.faults} faults, lowest measure {_part(name.lowest)}"


def _list_misses(out: Console, scores: Scores) -> None:
    for miss in scores.misses:
        where = "" if miss.start is None else f" {miss.start}-{miss.end}"
        detail = f" {miss.detail!r}" if miss.detail else ""
        whom = miss.subject or ""
        out.print(f"{miss.id}: {miss.what}: {whom}{where}{detail}", soft_wrap=True)
