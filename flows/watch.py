"""One round of watching: poll, visit, settle. Free of Prefect: `monitor` makes tasks of it."""

from __future__ import annotations

from collections.abc import Sequence

from flows.job import Job, Report, under_way
from flows.polling import due_feeds, poll_feeds, store_polls
from flows.retagging import search_in_run
from flows.settling import settle
from flows.visiting import pages_due, visit_pages
from warehouse.intake import DuePage, FeedPoll


def watch_once(job: Job, kind: str = "monitor") -> Report:
    """Run *job* in this process, all feeds as one batch and all pages as another."""
    with under_way(job, kind, last_step=settle_all):
        visit_pages(job, pages_after(job, poll_feeds(job, due_feeds(job))))
    return job.report


def pages_after(job: Job, polls: Sequence[FeedPoll]) -> Sequence[DuePage]:
    """Store *polls* and return the pages to visit then: none where our own network failed."""
    with job.warehouse.held():
        store_polls(job, polls)
        return [] if job.report.message else pages_due(job)


def settle_all(job: Job) -> None:
    """Search the stock for new subjects, sort the run's articles into stories, raise alerts."""
    search_in_run(job)
    settle(job)
