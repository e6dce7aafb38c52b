"""Measure read_article beside plain trafilatura on the annotated pages under ../shared.

    python -m benchmarks.articles [--sample N] [--seed S] [--set NAME] [--misses FIELD] [--pin]

Both read the same bytes in the same run. Text is scored as the F1 of word counts, averaged over
pages (a page without text scores 0); title, day and authors as the share of pages where they are
right. `ms` is CPU time a page, both readers in turn in one process: compare the two, not runs.
Ends with 1 where casewatch is below its floors: text on no set below trafilatura; on the sum of
the sets title and authors 8 points better, day 4; articles told from other pages with 0.92
balanced accuracy, 2 % of them lost at most. Floors hold for whole sets, and are not asked of
samples. `with` and `without` are passages that the text must, and must not, hold.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.articles_gold import (
    PAGES,
    Gold,
    Result,
    by_casewatch,
    by_trafilatura,
    page_of,
    read_rows,
    says_article,
    score,
    set_names,
)
from extractors.model import Page

__all__ = ["BASELINE", "PAGES", "Table", "below_floors", "main", "measure", "measures", "page_of"]

BASELINE = Path(__file__).resolve().parents[1] / "gold" / "articles-baseline.json"
PINNED = 40  # pages a set in the baseline
SUM = "sum of the sets"
FIELDS = ("text", "title", "day", "authors")
SHOWN = ("text", "with", "without", "title", "day", "authors", "ms")
FLOORS = {"title": 8.0, "authors": 8.0, "day": 4.0}  # points above trafilatura, on the sum
LEAST_BALANCED, MOST_LOST = 0.92, 0.02

Reader = Callable[[Page, Gold], Result]
READERS: Mapping[str, Reader] = {"casewatch": by_casewatch, "trafilatura": by_trafilatura}


@dataclass
class Column:
    """The scores of both readers on the pages of one set, field by field, and their times."""

    scores: dict[str, dict[str, list[float]]] = field(
        default_factory=lambda: {reader: defaultdict(list) for reader in READERS}
    )

    def mean(self, reader: str, name: str) -> float | None:
        """Return the mean of one field in points, or milliseconds; None where nothing has it."""
        values = self.scores[reader][name]
        if not values:
            return None
        return sum(values) / len(values) * (1 if name == "ms" else 100)

    def gain(self, name: str) -> float | None:
        """Return by how many points casewatch is better, or None."""
        ours, theirs = (self.mean(reader, name) for reader in READERS)
        return None if ours is None or theirs is None else ours - theirs


@dataclass
class Table:
    """All that was measured. *kinds* holds for each page of wcxb_dev: is, and was taken for one."""

    columns: dict[str, Column] = field(default_factory=lambda: defaultdict(Column))
    kinds: list[tuple[bool, bool]] = field(default_factory=list)

    @property
    def lost(self) -> float:
        """Return the share of articles that were not taken for one."""
        taken = [was for is_article, was in self.kinds if is_article]
        return 1 - sum(taken) / len(taken)

    @property
    def balanced(self) -> float:
        """Return the balanced accuracy of article or not."""
        refused = [not was for is_article, was in self.kinds if not is_article]
        return (1 - self.lost + sum(refused) / len(refused)) / 2


def main() -> int:
    """Print the table; return 0, or 1 below the floors."""
    args = _parser().parse_args()
    names = args.sets or set_names()
    table = measure(read_rows(names, args.sample, args.seed), misses=args.misses)
    print_table(table)
    if args.pin:
        pin()
    problems = below_floors(table) if not args.sample and not args.sets else []
    for problem in problems:
        print(f"below the floor: {problem}", file=sys.stderr)
    return 1 if problems else 0


def measure(
    rows: Iterable[Gold], readers: Sequence[str] = tuple(READERS), misses: str | None = None
) -> Table:
    """Return what *readers* score on *rows*; casewatch's *misses* of one field are printed."""
    table = Table()
    for gold in rows:
        page = page_of(gold)
        for reader in readers:
            started = time.process_time()
            result = READERS[reader](page, gold)
            elapsed = 1000 * (time.process_time() - started)
            scores = score(result, gold)
            for name in _columns_of(gold):
                column = table.columns[name].scores[reader]
                column["ms"].append(elapsed)
                for each, value in scores.items():
                    column[each].append(value)
            if reader == "casewatch":
                _note(table, result, gold, scores, misses)
    return table


def below_floors(table: Table) -> list[str]:
    """Return what is below the floors, in words."""
    problems = []
    for name, column in table.columns.items():
        gain = column.gain("text")
        if gain is not None and gain < 0:
            problems.append(f"text on {name} is {gain:+.2f} points beside trafilatura")
    for each, floor in FLOORS.items():
        gain = table.columns[SUM].gain(each)
        if gain is None or gain < floor:
            problems.append(f"{each} on the {SUM} is {gain or 0:+.2f} points, not {floor:+.1f}")
    if table.balanced < LEAST_BALANCED:
        problems.append(f"balanced accuracy of articles is {table.balanced:.3f}")
    if table.lost > MOST_LOST:
        problems.append(f"{table.lost:.1%} of the articles are taken for something else")
    return problems


def print_table(table: Table) -> None:
    """Print one row a set: ours / trafilatura's (the difference, pages) for each field."""
    print(f"{'set':<16}" + "".join(f"{name:>25}" for name in SHOWN))
    for name, column in sorted(table.columns.items(), key=lambda each: each[0] == SUM):
        cells = (f"{_cell(column, each):>25}" for each in SHOWN)
        print(f"{name:<16}" + "".join(cells))
    if table.kinds and any(is_article for is_article, _ in table.kinds):
        print(
            f"articles told from other pages: {table.balanced:.3f} balanced, {table.lost:.1%} lost"
        )


def pinned() -> tuple[list[Gold], dict[str, float]]:
    """Return the gold rows of the baseline, and the numbers that casewatch had on them."""
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    wanted = {(name, key) for name, keys in baseline["ids"].items() for key in keys}
    rows = [row for row in read_rows(baseline["ids"]) if (row["set"], str(row["id"])) in wanted]
    return rows, baseline["measures"]


def measures(table: Table) -> dict[str, float]:
    """Return casewatch's numbers on the sum of the sets, and its articles told from others."""
    column = table.columns[SUM]
    found = {name: round(column.mean("casewatch", name) or 0.0, 2) for name in FIELDS}
    return {**found, "balanced": round(100 * table.balanced, 2), "lost": round(100 * table.lost, 2)}


def pin() -> None:
    """Write the baseline: the ids of a sample, and what casewatch measures on it."""
    rows = read_rows(set_names(), PINNED)
    ids: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        ids[row["set"]].append(str(row["id"]))
    found = measures(measure(rows, ("casewatch",)))
    baseline = {"measures": found, "ids": {name: sorted(keys) for name, keys in ids.items()}}
    BASELINE.write_text(json.dumps(baseline, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _columns_of(gold: Gold) -> tuple[str, ...]:
    """Return the rows of the table that a page counts for; other pages than articles: only one."""
    kind = gold.get("page_type", "article")
    name = str(gold["set"])
    if kind != "article":
        return (name,)
    return (name, f"{name} articles", SUM) if "page_type" in gold else (name, SUM)


def _note(
    table: Table, result: Result, gold: Gold, scores: Mapping[str, float], misses: str | None
) -> None:
    if "page_type" in gold:
        table.kinds.append((gold["page_type"] == "article", says_article(result)))
    if misses and scores.get(misses, 1.0) < 0.9:
        found = repr(getattr(result, misses))[:120]
        print(gold["set"], gold["id"], f"{scores[misses]:.2f}", found, gold.get("url"))


def _cell(column: Column, name: str) -> str:
    ours, theirs = (column.mean(reader, name) for reader in READERS)
    if ours is None or theirs is None:
        return "-"
    if name == "ms":
        return f"{ours:.1f} / {theirs:.1f} ({ours / theirs:.2f})"
    return (
        f"{ours:.1f} / {theirs:.1f} ({ours - theirs:+.1f}, {len(column.scores['casewatch'][name])})"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.articles", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sample", type=int, help="pages a set (default: all)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--set", action="append", dest="sets", help="only this set; repeatable")
    parser.add_argument("--misses", metavar="FIELD", help="print casewatch's misses of one field")
    parser.add_argument("--pin", action="store_true", help="write gold/articles-baseline.json anew")
    return parser


if __name__ == "__main__":
    sys.exit(main())
