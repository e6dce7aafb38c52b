"""Four writers with overlapping work on one lake, killed -9 and restarted at random; then checked.

    python -m benchmarks.lake [--seconds 300] [--writers 4] [--seed 7]

It starts a PostgreSQL of its own. Each batch of 20 articles is the work of two writers. Afterwards
the lake is compared, row for row by hash, with a DuckDB file into which the same batches were
stored once, in order and undisturbed. Exits with 1 if a row is lost, doubled or different.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.lake_work import NOON, PAGES, Work, numbers_of
from benchmarks.postgres import postgres
from flows.seeds import default_seeds_dir, read_seeds
from warehouse.backfills import progress_of
from warehouse.lake import LakeWarehouse
from warehouse.lake_copy import key_columns
from warehouse.moving import Sums, sums_of
from warehouse.places import Lake
from warehouse.staging import merge, store
from warehouse.store import Warehouse

TABLES = ("article", "article_version", "page", "capture", "sketch", "tagging")
DERIVED = ("mention", "event", "advocacy_act", "claim")


@dataclass(slots=True)
class Outcome:
    """What the writers did, and what came of it."""

    kills: int = 0
    stored: int = 0  # batches, as the writers noted
    staged: int = 0
    waits: list[float] = field(default_factory=list)  # seconds for each of them
    batches: int = 0  # different ones, in the lake
    sums: dict[str, tuple[Sums, Sums]] = field(default_factory=dict)  # lake, undisturbed
    wrong: list[str] = field(default_factory=list)


def disturb(lake: Lake, folder: Path, seconds: float, writers: int, drawn: random.Random) -> int:
    """Let *writers* write for so long, killing one now and then; return how many were killed."""
    running = {n: _start(lake, n, folder) for n in range(writers)}
    end, kills = time.monotonic() + seconds, 0
    try:
        while time.monotonic() < end:
            time.sleep(drawn.uniform(2.0, 14.0))
            victim = drawn.randrange(writers)
            os.killpg(running[victim].pid, signal.SIGKILL)
            running[victim].wait()
            kills += 1
            running[victim] = _start(lake, victim, folder)
        (folder / "stop").touch()
        for process in running.values():
            if process.wait(timeout=300):
                raise RuntimeError(f"a writer failed with {process.returncode}")
    finally:
        for process in running.values():
            process.kill()
    return kills


def _start(lake: Lake, writer: int, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.lake_child", str(lake), str(writer), str(folder)],
        start_new_session=True,
    )


def check(lake: Lake, folder: Path, writers: int) -> Outcome:
    """Merge what is still staged, and compare the lake with what it should hold."""
    warehouse, outcome = LakeWarehouse(lake), Outcome()
    noted = _noted(folder, writers, outcome)
    with warehouse.held() as db:
        merge(warehouse, NOON)
        places = {n: progress_of(db, f"writer-{n}", "warc").pages // PAGES for n in range(writers)}
        done = {number for n, place in places.items() for number in numbers_of(n)[:place]}
        outcome.batches = len(done)
        if lost := noted - done:
            outcome.wrong.append(f"batches {sorted(lost)} were noted, and are not in the lake")
        file = folder / "undisturbed.duckdb"
        _store_once(file, sorted(done))
        db.execute(f"attach '{file}' as undisturbed (read_only)")
        for table in (*TABLES, *DERIVED):
            _compare(db, table, outcome)
    return outcome


def _noted(folder: Path, writers: int, outcome: Outcome) -> set[int]:
    """Return the batches that writers noted as stored or staged."""
    numbers = set()
    for writer in range(writers):
        file = folder / f"writer-{writer}"
        whole = file.read_text().rpartition("\n")[0] if file.exists() else ""
        for line in whole.splitlines():  # what was cut off by a kill has no end of line
            number, kind, wait = line.split()
            numbers.add(int(number))
            outcome.stored += kind == "stored"
            outcome.staged += kind == "staged"
            outcome.waits.append(float(wait))
    return numbers


def _store_once(file: Path, numbers: Iterable[int]) -> None:
    work, warehouse = Work(read_seeds(default_seeds_dir())), Warehouse(file)
    with warehouse.held():
        for place, number in enumerate(numbers, 1):
            store(warehouse, work.batch(number, "undisturbed", place), NOON)


def _compare(db: duckdb.DuckDBPyConnection, table: str, outcome: Outcome) -> None:
    sums = sums_of(db, "warehouse", table), sums_of(db, "undisturbed", table)
    outcome.sums[table] = sums
    keys = ", ".join(key_columns(db, table))
    doubled = db.execute(
        f"select count(*) from (from warehouse.{table} select 1 "  # noqa: S608 - our own names
        f"group by {keys} having count(*) > 1)"
    ).fetchone()
    if doubled and doubled[0]:
        outcome.wrong.append(f"{table}: {doubled[0]} keys stand more than once")
    if sums[0] != sums[1]:
        outcome.wrong.append(f"{table}: {sums[0].rows} rows in place of {sums[1].rows}")


def run(seconds: float, writers: int, seed: int) -> Outcome:
    """Do all of it in temporary folders, and return what came of it."""
    with postgres() as server, TemporaryDirectory(prefix="casewatch-lake-") as name:
        folder = Path(name)
        lake = Lake(server.new_database("lake"), str(folder / "data"))
        with LakeWarehouse(lake).held():
            pass  # the first writer makes the tables; here, before the clock runs
        kills = disturb(lake, folder, seconds, writers, random.Random(seed))
        outcome = check(lake, folder, writers)
        outcome.kills = kills
        return outcome


def main() -> int:
    """Run, print a table, and return 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    outcome = run(args.seconds, args.writers, args.seed)
    _print(outcome, args.seconds)
    return 1 if outcome.wrong else 0


def _print(outcome: Outcome, seconds: float) -> None:
    waits = sorted(outcome.waits) or [0.0]
    print(f"{'kills -9':<34}{outcome.kills:>10}")
    print(f"{'batches stored at once':<34}{outcome.stored:>10}")
    print(f"{'batches staged':<34}{outcome.staged:>10}")
    print(f"{'different batches in the lake':<34}{outcome.batches:>10}")
    print(f"{'articles a second':<34}{outcome.batches * PAGES / seconds:>10.1f}")
    print(f"{'wait for a batch: median, longest':<34}", end="")
    print(f"{statistics.median(waits):>10.2f}{waits[-1]:>8.2f} s")
    for table, (lake, file) in outcome.sums.items():
        same = "equal" if lake == file else "DIFFERENT"
        print(f"{table:<24}{lake.rows:>10,}{file.rows:>10,}  {same}")
    for wrong in outcome.wrong:
        print(f"WRONG: {wrong}")
    print("nothing lost, nothing doubled" if not outcome.wrong else "FAILED")


if __name__ == "__main__":
    sys.exit(main())
