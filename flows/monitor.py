"""The Prefect flow `monitor`: poll feeds, visit pages, settle stories and alerts.

A task is a batch of feeds or pages, never one article (a task costs 10 ms and more). What the
tasks do stands in `polling`, `visiting` and `settling`, which know nothing of Prefect.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from flows.prefect_env import prepare_prefect

prepare_prefect()  # before the import: Prefect reads its settings then

from prefect import flow, task  # noqa: E402
from prefect.artifacts import create_table_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402

from extractors.errors import CasewatchError  # noqa: E402
from flows.job import Job, Report, make_job, under_way  # noqa: E402
from flows.outbox import send_after_run  # noqa: E402
from flows.polling import due_feeds, poll_feeds  # noqa: E402
from flows.seeds import default_seeds_dir, read_seeds  # noqa: E402
from flows.settings import settings_from  # noqa: E402
from flows.visiting import visit_pages  # noqa: E402
from flows.watch import pages_after, settle_all  # noqa: E402
from warehouse.intake import DuePage, FeedPoll, FeedState  # noqa: E402

FEEDS_A_TASK = 50
PAGES_A_TASK = 200

Stage = TypeVar("Stage")

# NO_CACHE: a job cannot be hashed, and a poll must never be answered from a cache.
_batch = task(cache_policy=NO_CACHE, retries=2, retry_delay_seconds=[5, 30], persist_result=False)


@_batch
def poll_feed_batch(job: Job, states: Sequence[FeedState]) -> list[FeedPoll]:
    """Ask up to 50 feeds."""
    return poll_feeds(job, states)


@_batch
def visit_page_batch(job: Job, pages: Sequence[DuePage]) -> None:
    """Fetch, archive, read, tag and store up to 200 pages."""
    visit_pages(job, pages)


@_batch
def settle_run(job: Job) -> None:
    """Search the stock for new subjects, sort the run's articles into stories, raise alerts."""
    settle_all(job)


@flow(name="monitor", validate_parameters=False)
def run_job(job: Job, kind: str = "monitor") -> Report:
    """Run *job* and return its report. Raises when a step fails as a whole."""
    with under_way(job, kind, last_step=settle_run):
        due = _poll_all(job)
        for pages in batches(due, PAGES_A_TASK):
            visit_page_batch(job, pages)
            job.say(f"{job.report.pages_fetched} of {len(due)} pages read")
    _leave_artifact(job)
    if said := send_after_run(job.settings, clock=job.clock):
        job.report.odd.append(said)
    if job.report.message:
        raise CasewatchError(job.report.message)
    return job.report


@flow(name="monitor")
def monitor(seeds: str | None = None, home: str | None = None) -> None:
    """Watch the feeds once: the entry point for schedules, workers and deployments.

    *seeds* and *home* are folders; without them CASEWATCH_SEEDS and CASEWATCH_HOME count.
    """
    settings = settings_from()
    if home:
        settings = replace(settings, home=Path(home))
    registry = read_seeds(Path(seeds) if seeds else default_seeds_dir())
    run_job.fn(make_job(settings, registry))


def _poll_all(job: Job) -> Sequence[DuePage]:
    """Ask the feeds that are due; return the pages that are due then, none in our own outage."""
    due = due_feeds(job)
    polls: list[FeedPoll] = []
    for states in batches(due, FEEDS_A_TASK):
        polls += poll_feed_batch(job, states)
        job.say(f"{len(polls)} of {len(due)} feeds asked")
    return pages_after(job, polls)


def batches(whole: Sequence[Stage], size: int) -> Iterator[Sequence[Stage]]:
    """Yield *whole* in slices of at most *size*."""
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


def _leave_artifact(job: Job) -> None:
    """Leave a table that a person can read in Prefect's UI: counts, then each loss."""
    counts = [{"what": k.replace("_", " "), "count": v} for k, v in job.report.counts().items()]
    losses = [
        {"what": f"{loss.what} failed: {loss.kind}", "count": loss.url}
        for loss in job.report.losses
    ]
    create_table_artifact(
        key="casewatch-run",
        table=counts + losses,
        description=f"casewatch run {job.run_id}. " + (job.report.message or "No outage."),
    )
