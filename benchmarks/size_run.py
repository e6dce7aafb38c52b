"""What `benchmarks.size` measures: a run on an empty and on a big warehouse, and the views."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.size_site import feeds, write_site
from benchmarks.size_stock import fill
from extractors.model import Registry
from flows.demo import demo_settings
from flows.job import make_job
from flows.newsroom import Newsroom
from flows.seeds import read_seeds
from flows.settings import Settings
from flows.watch import watch_once
from warehouse.intake import save_registry
from warehouse.store import Warehouse, open_copy

PARTS = ("whole run", "storing, settling, publishing", "fetching, reading, tagging")

# What people ask, as they ask it: one question a view.
QUESTIONS = {
    "articles, of a subject": "select title, outlet, published_at, canonical_url from articles "
    "where version_id in (select version_id from claim where subject_id = $case) "
    "order by published_at desc",
    "articles, one with text": "from articles where article_id = left(sha256('article 165'), 16)",
    "mentions, 30 days": "select subject_id, quote, outlet, title, evidence from mentions "
    "where subject_id = $case and published_at > now() - interval 30 days",
    "open_alerts, top 50": "from open_alerts order by rank desc, raised_at limit 50",
    "alerts, of a subject": "from alerts where subject_id = $case order by rank desc, raised_at",
    "case_timeline, of a case": "from case_timeline where subject_id = $case order by day",
    "advocacy": "from advocacy where case_id = $case order by published_at desc",
    "coverage, of a case": "from coverage where subject_id = $case order by day",
    "feed_health": "from feed_health",
    "silence": "from silence order by days desc",
    "rule_precision": "from rule_precision order by judged desc",
    "upcoming_dates": "from upcoming_dates order by event_date",
    "failures": "from failures",
}


class _Timed(Warehouse):
    """A warehouse that adds up the seconds for which it is held."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.seconds = 0.0
        self._depth = 0

    @contextmanager
    def held(self) -> Iterator[duckdb.DuckDBPyConnection]:
        begun, self._depth = time.perf_counter(), self._depth + 1
        with super().held() as db:
            yield db
        self._depth -= 1
        if not self._depth:
            self.seconds += time.perf_counter() - begun


@dataclass(frozen=True, slots=True)
class Bench:
    """The served site, the registry that watches it, and a home of each size to start from."""

    site: Newsroom
    registry: Registry
    work: Path
    new: int  # articles that a run finds

    def run(self, name: str) -> dict[str, float]:
        """Run on a copy of the home *name* and return the seconds of each of PARTS."""
        home = self.work / "home"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.work / name, home)
        os.sync()  # else the run's first fsync pays for the copy
        settings = replace(
            demo_settings(home, self.site.hosts, self.site.port),
            revisit_after=Settings().revisit_after,
        )
        warehouse = _Timed(settings.warehouse)
        job = replace(make_job(settings, self.registry), warehouse=warehouse)
        begun = time.perf_counter()
        watch_once(job, "benchmark")
        whole = time.perf_counter() - begun
        assert job.report.articles_new == self.new, job.report
        assert job.report.alerts_new >= self.new // 20, job.report
        return dict(zip(PARTS, (whole, warehouse.seconds, whole - warehouse.seconds), strict=True))

    def time_questions(self, times: int = 5) -> dict[str, float]:
        """Return the median milliseconds of each question to the copy of the last run, warm."""
        with open_copy(self.work / "home" / "casewatch-read.duckdb") as db:
            return {name: _median_ms(db, sql, times) for name, sql in QUESTIONS.items()}


@contextmanager
def open_bench(work: Path, articles: int, new: int, seeds: Path) -> Iterator[Bench]:
    """Build the homes "empty" and "big" below *work* and serve the site while the block lasts.

    "big" holds *articles*; *new* ones are served.
    """
    registry = replace(read_seeds(seeds), feeds=feeds())
    write_site(work / "site", new, datetime.now(UTC))
    for name, stored in (("empty", 0), ("big", articles)):
        warehouse = Warehouse(work / name / "casewatch.duckdb")
        with warehouse.transaction() as db:
            save_registry(db, registry)
            if stored:
                fill(db, stored, registry)
        # as every run before left it: all settled, a copy published and one before it
        watch_nothing = replace(registry, feeds=())
        for _ in range(2):
            watch_once(make_job(demo_settings(work / name, (), 0), watch_nothing), "benchmark")
        with warehouse.transaction() as db:
            save_registry(db, registry)
    with Newsroom(work / "site") as site:
        yield Bench(site, registry, work, new)


def medians(runs: list[dict[str, float]]) -> Mapping[str, float]:
    """Return the median seconds of each part."""
    return {part: median(run[part] for run in runs) for part in PARTS}


def _median_ms(db: duckdb.DuckDBPyConnection, sql: str, times: int) -> float:
    values = {"case": "kevin-cooper"} if "$case" in sql else None

    def ask() -> None:
        db.execute(sql, values).fetchall()

    return median(_seconds(ask) for _ in range(times + 1)) * 1000


def _seconds(action: Callable[[], None]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun
