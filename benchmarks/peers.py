"""Measure casewatch beside other readers of news pages, on the same annotated pages.

    python3 -m venv PEERS && PEERS/bin/pip install -r benchmarks/peers.txt
    python -m benchmarks.peers --python PEERS/bin/python [--pages 300] [--runs 3] [--workers 2]

The pages are drawn from ../shared/data/pages with a fixed seed. By turns, medians count, start and
end of each command included: `casewatch backfill` of a WARC file (articles, mentions, stories,
alerts, all stored), bare loops of trafilatura, by default and with our options (`read_article`),
newspaper4k, news-please, each in as many processes. The peers run in their own interpreter, with
images not fetched and the network refused. fundus knows some publishers only, so it reads the pages
of those in all sets, beside `read_article` on the same. `s/page` is seconds of processors a page,
`beyond` the same without the first 8 pages and so without the start. Ratios are theirs to
casewatch's: how many times faster it is. Text is scored as in benchmarks.articles, on the
articles of the sample, and so are title, day and authors; what the backfill stores is
`read_article`'s. Exits with 1 where casewatch reads under 4 times the pages a second of newspaper4k
or 7 of news-please, or where its text is worse than a peer's.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from benchmarks.articles_gold import (
    FETCHED_AT,
    PAGES,
    Gold,
    Result,
    by_casewatch,
    by_trafilatura,
    page_of,
    read_rows,
    score,
    set_names,
    zone_of,
)
from benchmarks.backfill import command_for, environment
from benchmarks.peers_clock import Cost, clock
from extractors.model import Page
from warehouse.archive import Archive

FLOORS = {"newspaper4k": 4.0, "news-please": 7.0}
SHOWN = ("text", "title", "day", "authors")
SCRIPT = Path(__file__).parent / "peers_scripts" / "read_pages.py"
BACKFILL, DEFAULT, OURS = "casewatch backfill", "bare_extraction, default", "read_article"
FIRST = 8  # pages, four a worker
_SAID = 3  # failures of each peer that are named


@dataclass
class Row:
    """What one reader cost in each run, and what it made of the pages of the last."""

    costs: list[Cost] = field(default_factory=list)
    starts: list[Cost] = field(default_factory=list)  # of the first pages only
    results: list[Result] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    asked: int = 0  # attempts to reach the network

    def seconds(self) -> float:
        """Return the median of the seconds by the wall."""
        return median(cost.seconds for cost in self.costs)

    def processor(self) -> float:
        """Return the median of the seconds of processors."""
        return median(cost.processor for cost in self.costs)

    def beyond(self) -> float:
        """Return the median of the seconds of processors after the first pages."""
        return self.processor() - median(cost.processor for cost in self.starts)


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the readers find the pages, and how many processes each has."""

    work: Path
    python: Path
    workers: int
    rows: Sequence[Gold]

    def first(self) -> Bench:
        """Return the bench of the first pages only: what it costs is mostly the start."""
        return replace(self, work=self.work / "first", rows=self.rows[:FIRST])

    def listed(self) -> Path:
        """Return the file that lists the pages, written at the first call."""
        path = self.work / "pages.jsonl"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(json.dumps(_told(row)) + "\n" for row in self.rows), "utf-8")
        return path

    def ours(self, way: str) -> Callable[[Row], None]:
        """Return what measures a bare loop of ours."""
        return lambda row: row.costs.append(clock(self._ours(way)))

    def peer(self, name: str) -> Callable[[Row], None]:
        """Return what measures a peer and keeps what it made of the pages."""

        def measure(row: Row) -> None:
            output = self.work / f"{name}.jsonl"
            command = [str(self.python), str(SCRIPT), name, str(self.listed()), str(self.workers)]
            row.costs.append(clock(command, env=environment_of_peers(), output=output))
            _take(row, output.read_text("utf-8").splitlines(), self.rows)

        return measure

    def backfill(self) -> Callable[[Row], None]:
        """Return what measures a backfill of the pages' WARC file into a warehouse of its own."""
        crawl = self.work / "crawl"
        stored = Archive(crawl, "bench", FETCHED_AT).store([_page(row) for row in self.rows])
        warc = crawl / stored[0].file

        def measure(row: Row) -> None:
            home = self.work / f"home{len(row.costs)}"
            row.costs.append(clock(command_for(warc), env=environment(home, self.workers)))

        return measure

    def _ours(self, way: str) -> list[str]:
        module = [sys.executable, "-m", "benchmarks.peers_ours"]
        return [*module, way, str(self.listed()), str(self.workers)]


Ways = Mapping[str, Callable[[Row], None]]


def main() -> int:
    """Print the tables; return 1 if a floor is missed."""
    args = _parser().parse_args()
    rows = sample(args.pages, args.seed)
    with TemporaryDirectory(prefix="casewatch-peers-") as folder:
        bench = Bench(Path(folder) / "all", args.python, args.workers, rows)
        found = _measure(bench, args.runs)
        _print(rows, found, BACKFILL)
        known = _known_to_fundus(args.python)
        if known:
            few = Bench(Path(folder) / "few", args.python, args.workers, known)
            beside = _by_turns(_beside_fundus, few, args.runs)
            beside[OURS].results = [by_casewatch(page_of(row), row) for row in known]
            print(f"\nfundus has no parser for other pages than these {len(known)} of all sets:")
            _print(known, beside, OURS)
    problems = below_floors(rows, found)
    for problem in problems:
        print(f"below the floor: {problem}", file=sys.stderr)
    return 1 if problems else 0


def sample(most: int, seed: int) -> list[Gold]:
    """Return *most* annotated pages of all sets, in an order of chance."""
    rows = read_rows(set_names())
    return random.Random(seed).sample(rows, min(most, len(rows)))


def below_floors(rows: Sequence[Gold], found: Mapping[str, Row]) -> list[str]:
    """Return what is below the floors, in words."""
    problems = []
    ours = _means(rows, found[BACKFILL].results)["text"]
    for peer, floor in FLOORS.items():
        times = found[peer].seconds() / found[BACKFILL].seconds()
        theirs = _means(rows, found[peer].results)["text"]
        if times < floor:
            problems.append(f"{times:.2f} times the pages a second of {peer}, not {floor}")
        if ours < theirs:
            problems.append(f"text is {ours:.1f}, that of {peer} {theirs:.1f}")
    return problems


def _measure(bench: Bench, runs: int) -> dict[str, Row]:
    def ways(bench: Bench) -> Ways:
        return {
            BACKFILL: bench.backfill(),
            DEFAULT: bench.ours("default"),
            OURS: bench.ours("ours"),
            **{peer: bench.peer(peer) for peer in FLOORS},
        }

    found = _by_turns(ways, bench, runs)
    found[OURS].results = [by_casewatch(page_of(row), row) for row in bench.rows]
    found[BACKFILL].results = found[OURS].results
    found[DEFAULT].results = [by_trafilatura(page_of(row), row) for row in bench.rows]
    return found


def _beside_fundus(bench: Bench) -> Ways:
    return {OURS: bench.ours("ours"), "fundus": bench.peer("fundus")}


def _by_turns(ways: Callable[[Bench], Ways], bench: Bench, runs: int) -> dict[str, Row]:
    """Return what each way cost; in each run all of them, and before each its first pages."""
    whole, first = ways(bench), ways(bench.first())
    found, starts = ({name: Row() for name in whole} for _ in range(2))
    for number in range(runs):
        for name, measure in whole.items():
            first[name](starts[name])
            measure(found[name])
            cost = found[name].costs[-1]
            said = f"run {number + 1}: {name}: {cost.seconds:.1f} s, {cost.processor:.1f} s of CPU"
            print(said, file=sys.stderr, flush=True)
    for name, row in found.items():
        row.starts = starts[name].costs
    return found


def _known_to_fundus(python: Path) -> list[Gold]:
    """Return the annotated pages of all sets whose publisher fundus knows."""
    command = [str(python), str(SCRIPT), "fundus-hosts"]
    done = subprocess.run(
        command, env=environment_of_peers(), check=True, capture_output=True, text=True
    )
    hosts = set(json.loads(done.stdout))
    return [
        row
        for row in read_rows(set_names())
        if (urlsplit(_page_url(row)).hostname or "").removeprefix("www.") in hosts
    ]


def _take(row: Row, lines: Sequence[str], rows: Sequence[Gold]) -> None:
    """Keep what a peer printed: for each page, what it made of it."""
    found = [json.loads(line) for line in lines]
    assert len(found) == len(rows)
    row.results = [_result(each, gold) for each, gold in zip(found, rows, strict=True)]
    row.failures = [each["failed"] for each in found if "failed" in each]
    row.asked = sum(each["asked"] for each in found)


def _result(found: Mapping[str, Any], gold: Gold) -> Result:
    """Return what a peer found; its moment is asked for the day in the zone of the gold."""
    if "failed" in found:
        return Result()
    at = datetime.fromisoformat(found["at"]) if found["at"] else None
    zone = zone_of(gold)
    moment = at.astimezone(zone) if at and at.tzinfo and zone else at
    day = f"{moment:%Y-%m-%d}" if moment else ""
    return Result(found["title"], day, tuple(found["authors"]), found["text"])


def _page(row: Gold) -> Page:
    url = _page_url(row)
    return Page(url, url, 200, (("Content-Type", "text/html"),), page_of(row).body, FETCHED_AT)


def _page_url(row: Gold) -> str:
    """Return the address of a page; one of its own where the set tells none."""
    known = row.get("final_url") or row.get("url")
    return str(known or f"https://example.org/{row['set']}/{row['id']}")


def _told(row: Gold) -> dict[str, object]:
    day = (row.get("date") or "")[:10] or None
    return {"url": _page_url(row), "file": str(PAGES / row["set"] / row["html"]), "day": day}


def environment_of_peers() -> dict[str, str]:
    """Return our environment without what makes an interpreter find our packages."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def _means(rows: Sequence[Gold], results: Sequence[Result]) -> dict[str, float]:
    """Return the mean of each field, in points, over the articles that have it in the gold."""
    scores: dict[str, list[float]] = defaultdict(list)
    for row, result in zip(rows, results, strict=True):
        if row.get("page_type", "article") == "article":
            for name, value in score(result, row).items():
                scores[name].append(value)
    return {name: 100 * mean(scores[name]) if scores[name] else float("nan") for name in SHOWN}


def _print(rows: Sequence[Gold], found: Mapping[str, Row], reference: str) -> None:
    heads = ("pages/s", "ratio", "s/page", "ratio", "beyond", "ratio", "MB", *SHOWN)
    print(f"\n{f'{len(rows):,} pages':26}" + "".join(f"{head:>9}" for head in heads))
    ours, count = found[reference], len(rows)
    for name, row in found.items():
        most = max(cost.memory for cost in row.costs)
        print(
            f"{name:26}{count / row.seconds():9.1f}{row.seconds() / ours.seconds():9.2f}"
            f"{row.processor() / count:9.3f}{row.processor() / ours.processor():9.2f}"
            f"{row.beyond() / (count - FIRST):9.3f}{row.beyond() / ours.beyond():9.2f}{most:9.0f}"
            + "".join(f"{value:9.1f}" for value in _means(rows, row.results).values())
        )
    for name, row in found.items():
        if row.failures or row.asked:
            kinds = Counter(failure.partition(":")[0] for failure in row.failures)
            print(f"{name}: raised on {dict(kinds)}, asked the network {row.asked} times")
            for failure in row.failures[:_SAID]:
                print(f"    {failure}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", type=Path, required=True, help="interpreter with the peers")
    parser.add_argument("--pages", type=int, default=300, help=f"more than {FIRST}")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=5)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
