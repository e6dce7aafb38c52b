"""Measure what size costs: a run on a big warehouse beside one on an empty one, and the views.

    python -m benchmarks.size [--articles 200000] [--new 200] [--runs 3] [--seeds DIR]

A run is all that `casewatch run` does but for Prefect's start: 60 feeds and 200 new articles from
a server on this machine, without a gap between requests; read, tagged, stored, sorted into
stories, alerts raised, the read copy published. The two are timed by turns, medians count.
Exits with 1 if a run costs more than 1.25 times that on an empty warehouse, or a view takes 250 ms.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

MOST_RATIO = 1.25
MOST_MS = 250.0


def main() -> int:
    """Print two tables; return 1 if a floor is missed."""
    # here, because the worker processes that read pages import this module
    from benchmarks.size_run import medians, open_bench  # noqa: PLC0415

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--new", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    args = parser.parse_args()
    begun = time.perf_counter()
    with (
        TemporaryDirectory(prefix="casewatch-size-") as work,
        open_bench(Path(work), args.articles, args.new, args.seeds) as bench,
    ):
        size = (Path(work) / "big" / "casewatch.duckdb").stat().st_size / 1e6
        print(f"{args.articles:,} articles, {size:,.0f} MB, {time.perf_counter() - begun:.0f} s")
        bench.run("empty")  # warms up: imports, the server of worker processes
        pairs = [(bench.run("empty"), bench.run("big")) for _ in range(args.runs)]
        questions = bench.time_questions()
    empty, big = medians([pair[0] for pair in pairs]), medians([pair[1] for pair in pairs])
    return max(_print_runs(empty, big), _print_questions(questions))


def _print_runs(empty: Mapping[str, float], big: Mapping[str, float]) -> int:
    print(f"\n{'seconds':<28}{'empty':>8}{'big':>8}{'ratio':>8}")
    for part, seconds in empty.items():
        print(f"{part:<28}{seconds:8.2f}{big[part]:8.2f}{big[part] / seconds:8.2f}")
    ratio = big["whole run"] / empty["whole run"]
    missed = ratio > MOST_RATIO
    print(f"a whole run: {ratio:.2f}, floor {MOST_RATIO}: {_met(missed)}")
    return int(missed)


def _print_questions(questions: Mapping[str, float]) -> int:
    print(f"\n{'question, warm':<28}{'ms':>8}")
    for name, milliseconds in questions.items():
        print(f"{name:<28}{milliseconds:8.1f}{'  MISSED' if milliseconds >= MOST_MS else ''}")
    missed = [name for name, milliseconds in questions.items() if milliseconds >= MOST_MS]
    print(f"each under {MOST_MS:.0f} ms: {_met(bool(missed))}")
    return int(bool(missed))


def _met(missed: bool) -> str:
    return "MISSED" if missed else "met"


if __name__ == "__main__":
    sys.exit(main())
