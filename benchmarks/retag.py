"""Measure retagging: a new case over all that is stored, and all of it by a later tagger.

    python -m benchmarks.retag [--articles 200000] [--seeds DIR] [--case kevin-cooper]

Real words (../shared/data/texts), drawn anew for each article. Nothing of it has been tagged:
the first full retagging writes all that the tagger finds in the registry without CASE; then CASE is
new and searched for; then a later tagger finds what this one found. Beside them, in the same run, a
bare loop of the tagger over some of the same texts, by whose seconds of the processor those of the
others ("of bare") can be read on a busy machine. Exits with 1 if a million articles would take more
than 30 s and 5 minutes, or memory reaches 2 GiB.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.real_texts import read_documents
from benchmarks.retag_stock import fill
from extractors.mentions import Tagger
from extractors.model import Registry
from flows.job import Job, make_job, under_way
from flows.retagging import Outcome, retag_all, retag_subjects
from flows.seeds import read_seeds
from flows.settings import Settings
from flows.settling import settle

MILLION = 1_000_000
MOST_SEARCH, MOST_ALL = 30.0, 300.0  # seconds for a million articles
MOST_MEMORY = 2048.0  # MB, of the process and its workers
SAMPLE = 10_000  # texts of the bare loop


def main() -> int:
    """Print a table; return 1 if a floor is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--case", default="kevin-cooper")
    parser.add_argument("--folder", type=Path, help="where the warehouse lies (default: /tmp)")
    args = parser.parse_args()
    registry = read_seeds(args.seeds)
    with TemporaryDirectory(prefix="casewatch-retag-", dir=args.folder) as folder:
        bench = _Bench(Path(folder), registry, args.case, args.articles)
        bench.build()
        return bench.measure()


class _Bench:
    def __init__(self, home: Path, registry: Registry, case: str, articles: int) -> None:
        self._settings = Settings(home=home)
        self._registry, self._case, self._articles = registry, case, articles
        self._missed = 0

    def build(self) -> None:
        """Make the warehouse."""
        begun = time.perf_counter()
        job = self._job(self._registry)
        with job.warehouse.transaction() as db:
            db.execute("set memory_limit = '4GB'")
            fill(db, self._articles, read_documents(), job.tagger)
        size = self._settings.warehouse.stat().st_size / 1e6
        print(f"{self._articles:,} articles, {size:,.0f} MB, {time.perf_counter() - begun:.0f} s")
        print(
            f"{'':<36}{'seconds':>9}{'a second':>10}{'a million':>11}{'MB':>7}"
            f"{'CPU s':>8}{'of bare':>9}"
        )

    def measure(self) -> int:
        """Print a line for each of the three, and return whether a floor is missed."""
        without = replace(
            self._registry,
            cases=tuple(case for case in self._registry.cases if case.id != self._case),
            version="without",
        )
        self._bare()
        self._step("all, never tagged before", without, retag_all, None)
        self._step(
            f"new case {self._case}",
            self._registry,
            lambda job: retag_subjects(job, [self._case]),
            MOST_SEARCH,
        )
        job = self._job(self._registry)
        with job.warehouse.transaction() as db:
            db.execute("update tagging set tagger_version = 'older'")
            rows = db.execute("select count(*), count(*) filter (history) from alert").fetchone()
        print(f"alerts, of which history: {rows}")
        self._step("all, by a later tagger", self._registry, retag_all, MOST_ALL)
        self._bare()
        return self._missed

    def _step(
        self, label: str, registry: Registry, retag: Callable[[Job], Outcome], most: float | None
    ) -> None:
        job = self._job(registry)
        begun = time.perf_counter()
        with _watched() as used:
            with under_way(job, "retag"):
                outcome = retag(job)
                tagged = time.perf_counter()
                settle(job)
                settled = time.perf_counter()
            published = time.perf_counter()
        seconds = settled - begun
        self._row(label, seconds, used)
        print(
            f"    {outcome.tagged:,} tagged, {outcome.changed:,} changed, "
            f"{outcome.mentions_new:,} new mentions, {job.report.alerts_new:,} new alerts; "
            f"{tagged - begun:.1f} s tagging, {settled - tagged:.1f} s alerts, "
            f"beside them {published - settled:.1f} s publishing",
            flush=True,
        )
        if used.memory > MOST_MEMORY or (most and seconds / self._articles * MILLION > most):
            print(f"    MISSED: floor {most} s for a million, {MOST_MEMORY:.0f} MB")
            self._missed = 1

    def _bare(self) -> None:
        """Tag some of the texts in a bare loop: what the tagger alone costs now, in one process."""
        job = self._job(self._registry)
        with job.warehouse.transaction() as db:
            texts = db.execute(
                "select text from article_version where hash(version_id) % 20 = 0 limit $most",
                {"most": SAMPLE},
            ).fetchall()
        tagger = Tagger(self._registry.subjects)
        begun, processor = time.perf_counter(), time.process_time()
        for (text,) in texts:
            tagger.tag(text, language="en")
        share = self._articles / len(texts)
        used = _Used(_resident(["self"]), {"self": (time.process_time() - processor) * share})
        self._bare_seconds = used.processor
        self._row("bare loop of the tagger", (time.perf_counter() - begun) * share, used)

    def _row(self, label: str, seconds: float, used: _Used) -> None:
        rate = self._articles / seconds
        print(
            f"{label:<36}{seconds:9.1f}{rate:10,.0f}{MILLION / rate:11.0f}{used.memory:7.0f}"
            f"{used.processor:8.1f}{used.processor / self._bare_seconds:9.2f}",
            flush=True,
        )

    def _job(self, registry: Registry) -> Job:
        said: list[str] = []
        return make_job(self._settings, registry, say=said.append)


@dataclass
class _Used:
    """What this process and its descendants used: the most MB at once, seconds of processors."""

    memory: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)  # by process

    @property
    def processor(self) -> float:
        """Return the seconds of all of them."""
        return sum(self.seconds.values())


@contextmanager
def _watched() -> Iterator[_Used]:
    """Hand over what is used until the end of the block, looked at ten times a second."""
    used, done = _Used(), threading.Event()
    before = _processor(["self", *_descendants()])

    def watch() -> None:
        while not done.wait(0.1):
            processes = ["self", *_descendants()]
            used.memory = max(used.memory, _resident(processes))
            used.seconds |= _processor(processes)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield used
    finally:
        done.set()
        thread.join()
        used.seconds |= _processor(["self"])
        for process, seconds in before.items():
            used.seconds[process] = used.seconds.get(process, seconds) - seconds


def _descendants() -> list[str]:
    parents = {
        stat.parent.name: fields[1]
        for stat in Path("/proc").glob("[0-9]*/stat")
        if (fields := _fields(stat))
    }
    found: list[str] = []
    wanted = {str(os.getpid())}
    while wanted := {child for child, parent in parents.items() if parent in wanted}:
        found += wanted
    return found


def _fields(stat: Path) -> list[str]:
    """Return what follows the name in a process's stat; nothing where it has ended."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _processor(processes: Iterable[str]) -> dict[str, float]:
    tick = os.sysconf("SC_CLK_TCK")
    return {
        process: (int(fields[11]) + int(fields[12])) / tick
        for process in processes
        if (fields := _fields(Path(f"/proc/{process}/stat")))
    }


def _resident(processes: Iterable[str]) -> float:
    """Return the MB that *processes* hold, without what they share."""
    pages = 0
    for process in processes:
        try:
            _, resident, shared, *_ = Path(f"/proc/{process}/statm").read_text().split()
        except (OSError, ValueError):  # it has ended
            continue
        pages += int(resident) - int(shared)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main())
