"""Kill -9 a run at many moments, run again, and compare the warehouse with an undisturbed one.

    python -m benchmarks.kill [--moments 20] [--prefect 3] [--seeds DIR]

Each run is a process of its own that reads the bundled news site, served by this process. Moments
are spread over the length of an undisturbed run, of which the last --prefect are runs of the real
Prefect flow. At every second moment the whole process group dies, else the run's process alone.
Exits with 1 if any row is lost, doubled or different, or a record cannot be read.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.kill_compare import Rows, differences, stored_rows, unreadable_records
from flows.newsroom import Newsroom
from flows.seeds import default_seeds_dir

_CHILD = "benchmarks.kill_child"
_QUIET = "ignore:resource_tracker"  # it warns of what a killed process left over
_COUNTED = ("feed_fetch", "entry", "article_version", "story", "alert")


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the runs of this benchmark play: the news site's port, the registry, a work folder."""

    port: int
    seeds: Path
    work: Path

    def start(self, home: Path, *, prefect: bool) -> subprocess.Popen[str]:
        """Start a run into *home*, in a process group of its own."""
        words = [sys.executable, "-m", _CHILD, str(home), str(self.port), str(self.seeds)]
        foreign = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        return subprocess.Popen(
            words + (["--prefect"] if prefect else []),
            env=foreign | {"PREFECT_HOME": str(self.work / "prefect"), "PYTHONWARNINGS": _QUIET},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: *seconds* after the run's first step. *group*: with all its processes."""

    seconds: float
    group: bool
    prefect: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a kill left behind, and what differs once the next run is through."""

    moment: Moment
    ended: bool  # before it was killed
    stored: Mapping[str, int]
    wrong: Sequence[str]


@contextmanager
def open_stage(seeds: Path) -> Iterator[Stage]:
    """Serve the news site and make a work folder for as long as the block lasts."""
    with (
        TemporaryDirectory(prefix="casewatch-kill-") as work,
        Newsroom(seeds / "newsroom") as site,
    ):
        yield Stage(site.port, seeds, Path(work))


def undisturbed(stage: Stage, name: str, *, prefect: bool) -> tuple[Path, float]:
    """Run once into a fresh home; return the home and the seconds from first step to end."""
    home = stage.work / name
    run = stage.start(home, prefect=prefect)
    _wait_until_begun(run)
    begun = time.monotonic()
    _finish(run)
    return home, time.monotonic() - begun


def kill_and_repeat(stage: Stage, name: str, moment: Moment, wanted: Rows) -> Outcome:
    """Kill a run at *moment*, run again undisturbed, and compare with the *wanted* rows."""
    home = stage.work / name
    run = stage.start(home, prefect=moment.prefect)
    _wait_until_begun(run)
    time.sleep(moment.seconds)
    ended = run.poll() is not None
    _kill(run, group=moment.group)
    stored = _stored_counts(home)
    _finish(stage.start(home, prefect=moment.prefect))
    _kill(run, group=True)  # whom the kill of the one process left over
    if run.stdout is not None:
        run.stdout.close()
    wrong = differences(wanted, stored_rows(home)) + unreadable_records(home)
    return Outcome(moment, ended, stored, wrong)


def spread(moments: int, seconds: float, *, prefect: bool) -> list[Moment]:
    """Return *moments* from 0 to *seconds*, evenly, the group and the process alone by turns."""
    return [
        Moment(seconds * i / max(1, moments - 1), group=i % 2 == 0, prefect=prefect)
        for i in range(moments)
    ]


def _wait_until_begun(run: subprocess.Popen[str]) -> None:
    assert run.stdout is not None
    line = run.stdout.readline()
    assert line == "begun\n", f"the run said {line!r} and ended with {run.wait()}"


def _finish(run: subprocess.Popen[str]) -> None:
    said, _ = run.communicate(timeout=300)
    if run.returncode != 0:
        raise RuntimeError(f"a run failed with {run.returncode}: {said}")


def _kill(run: subprocess.Popen[str], *, group: bool) -> None:
    try:
        (os.killpg if group else os.kill)(run.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it was through
    run.wait()


def _stored_counts(home: Path) -> dict[str, int]:
    """Return how many rows the killed run had committed, without changing the file."""
    file = home / "casewatch.duckdb"
    if not file.exists():
        return dict.fromkeys(_COUNTED, 0)
    with duckdb.connect(str(file), read_only=True) as db:
        there = {
            name for (name,) in db.execute("select table_name from duckdb_tables()").fetchall()
        }
        return {
            name: _count(db, name) if name in there else 0
            for name in _COUNTED
        }  # fmt: skip


def _count(db: duckdb.DuckDBPyConnection, table: str) -> int:
    row = db.execute(f"select count(*) from {table}").fetchone()  # noqa: S608 - a name of our own
    return int(row[0]) if row else 0


def main() -> int:
    """Print a line a moment; return 1 if anything differed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--moments", type=int, default=20)
    parser.add_argument("--prefect", type=int, default=3, help="how many of them with Prefect")
    parser.add_argument("--seeds", type=Path, default=default_seeds_dir())
    args = parser.parse_args()
    with open_stage(args.seeds.resolve()) as stage:
        outcomes = list(_all(stage, args.moments - args.prefect, args.prefect))
    wrong = sum(bool(outcome.wrong) for outcome in outcomes)
    print(f"{len(outcomes)} runs killed, {len(outcomes) - wrong} equal, {wrong} different")
    return 1 if wrong else 0


def _all(stage: Stage, plain: int, prefect: int) -> Iterator[Outcome]:
    home, seconds = undisturbed(stage, "undisturbed", prefect=False)
    wanted = stored_rows(home)
    print(_said_of(wanted, seconds))
    moments = spread(plain, seconds, prefect=False)
    if prefect:
        other, longer = undisturbed(stage, "undisturbed-prefect", prefect=True)
        assert not differences(wanted, stored_rows(other)), "Prefect changes what is stored"
        moments += spread(prefect + 2, longer, prefect=True)[1:-1]
    print(f"{'second':>7} {'killed':<8} {'way':<8}", *(f"{n:>15}" for n in _COUNTED), " equal")
    for number, moment in enumerate(moments):
        outcome = kill_and_repeat(stage, f"home-{number}", moment, wanted)
        print(_line(outcome), flush=True)
        yield outcome


def _said_of(wanted: Rows, seconds: float) -> str:
    counts = ", ".join(f"{sum(wanted[name].values())} {name}" for name in _COUNTED)
    return f"undisturbed: {seconds:.1f} s; rows: {counts}"


def _line(outcome: Outcome) -> str:
    moment = outcome.moment
    killed = "(ended)" if outcome.ended else "group" if moment.group else "process"
    way = "Prefect" if moment.prefect else "steps"
    counts = " ".join(f"{outcome.stored[name]:>15}" for name in _COUNTED)
    equal = "yes" if not outcome.wrong else "NO"
    reasons = "".join(f"\n        {reason}" for reason in outcome.wrong)
    return f"{moment.seconds:7.2f} {killed:<8} {way:<8} {counts}  {equal}{reasons}"


if __name__ == "__main__":
    sys.exit(main())
