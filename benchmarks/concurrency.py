"""Let everybody at one home at once: runs that write, queries, the desk, a notebook.

    python -m benchmarks.concurrency [--minutes 10] [--articles 0] [--seeds DIR]

For as long as asked, each in a process of its own: one run after the other, each with new articles
from a server on this machine; two loops of `casewatch sql`; `casewatch review`, whose queue is
asked for and whose alerts are judged; a reader with plain DuckDB that keeps the published copy open
for a while, as a notebook does. Then every article served must be stored once, every verdict that
the desk took must stand, and nobody may have seen an error. Prints how long each waited at most.
Exits with 1 where something failed or is missing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory


def main() -> int:
    """Print a row for each who took part; return 1 where something failed or is missing."""
    # here, because the worker processes that read pages import this module
    from benchmarks.concurrency_parts import make_scene, take_part  # noqa: PLC0415

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--articles", type=int, default=0, help="stored before it begins")
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    args = parser.parse_args()
    with TemporaryDirectory(prefix="casewatch-concurrency-") as work:
        scene = make_scene(Path(work), args.articles, args.seeds.resolve())
        took_part = take_part(scene, until=time.monotonic() + args.minutes * 60)
        problems = [problem for one in took_part for problem in one.problems] + scene.losses()
    print(f"{'who':<26}{'times':>7}{'median s':>10}{'longest s':>11}{'problems':>10}")
    for one in took_part:
        print(
            f"{one.name:<26}{one.times:>7}{one.median:>10.2f}{one.longest:>11.2f}"
            f"{len(one.problems):>10}"
        )
    return _verdict(problems)


def _verdict(problems: Sequence[str]) -> int:
    for problem in problems[:20]:
        print(f"  {problem}")
    print(f"no error, no lost row: {'MISSED' if problems else 'met'}")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
