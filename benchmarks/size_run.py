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

from benchmarks.size_site import FEEDS, feeds, write_site
from benchmarks.size_stock import fill
from extractors.model import Registry
from flows.demo import demo_settings
from flows.job import Job, make_job, under_way
from flows.newsroom import Newsroom
from flows.polling import due_feeds, poll_feeds, store_polls
from flows.seeds import read_seeds
from flows.settings import Settings
from flows.settling import settle
from flows.visiting import pages_due, visit_pages
from warehouse.intake import save_registry
from warehouse.store import Warehouse, open_copy

NEW_ARTICLES = 200
PARTS = ("whole run", "storing and settling", "publishing", "fetching, reading, tagging")

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
        self.storing = self.publishing = 0.0

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        begun = time.perf_counter()
        with super().transaction() as db:
            yield db
        self.storing += time.perf_counter() - begun

    @contextmanager
    def exclusive(self) -> Iterator[duckdb.DuckDBPyConnection]:
        begun = time.perf_counter()
        with super().exclusive() as db:
            yield db
        self.publishing += time.perf_counter() - begun


@dataclass(frozen=True, slots=True)
class Bench:
    """The served site, the registry that watches it, and a home of each size to start from."""

    site: Newsroom
    registry: Registry
    work: Path

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
        _run(job)
        whole = time.perf_counter() - begun
        assert job.report.articles_new == NEW_ARTICLES, job.report
        assert job.report.alerts_new >= NEW_ARTICLES // 20, job.report
        rest = whole - warehouse.storing - warehouse.publishing
        return dict(zip(PARTS, (whole, warehouse.storing, warehouse.publishing, rest), strict=True))

    def time_questions(self, times: int = 5) -> dict[str, float]:
        """Return the median milliseconds of each question to the copy of the last run, warm."""
        with open_copy(self.work / "home" / "casewatch-read.duckdb") as db:
            return {name: _median_ms(db, sql, times) for name, sql in QUESTIONS.items()}


@contextmanager
def open_bench(work: Path, articles: int, seeds: Path) -> Iterator[Bench]:
    """Build the homes "empty" and "big" below *work* and serve the site while the block lasts."""
    registry = replace(read_seeds(seeds), feeds=feeds())
    write_site(work / "site", NEW_ARTICLES, datetime.now(UTC))
    for name, stored in (("empty", 0), ("big", articles)):
        warehouse = Warehouse(work / name / "casewatch.duckdb")
        with warehouse.transaction() as db:
            save_registry(db, registry)
            if stored:
                fill(db, stored, registry)
        with warehouse.transaction() as db:  # the load's last checkpoint: merges what it left
            save_registry(db, registry)
    with Newsroom(work / "site") as site:
        yield Bench(site, registry, work)


def medians(runs: list[dict[str, float]]) -> Mapping[str, float]:
    """Return the median seconds of each part."""
    return {part: median(run[part] for run in runs) for part in PARTS}


def _run(job: Job) -> None:
    with under_way(job, "benchmark"):
        due = due_feeds(job)
        assert len(due) == FEEDS, len(due)
        store_polls(job, poll_feeds(job, due))
        visit_pages(job, pages_due(job))
        settle(job)


def _median_ms(db: duckdb.DuckDBPyConnection, sql: str, times: int) -> float:
    values = {"case": "kevin-cooper"} if "$case" in sql else None

    def ask() -> None:
        db.execute(sql, values).fetchall()

    return median(_seconds(ask) for _ in range(times + 1)) * 1000


def _seconds(action: Callable[[], None]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun
