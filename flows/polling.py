"""Polling: ask the feeds that are due, read what they promise, store it. Free of Prefect.

The web is read first; the warehouse is held last and briefly. A feed's failure is a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import duckdb

from extractors.errors import FeedError
from extractors.feeds import parse_feed
from extractors.model import Page, ParsedFeed
from flows.fetch import Answer, Request
from flows.job import Job, Loss
from flows.politeness import Failure, is_own_outage, next_feed_poll
from warehouse.intake import (
    FeedPoll,
    FeedState,
    feed_states,
    log_outage,
    save_polls,
    save_registry,
)

OUTAGE = (
    "not one of {polled} feeds answered: this looks like our own outage, so no feed is blamed. "
    "Check this machine's network, then run again."
)


def due_feeds(job: Job) -> list[FeedState]:
    """Bring the registry into the warehouse and return the feeds that may be asked now."""
    with job.warehouse.transaction() as db:
        save_registry(db, job.registry)
        states = feed_states(db, job.registry)
    now = job.clock()
    due = [s for s in states if s.next_poll_at is None or s.next_poll_at <= now]
    job.report.feeds_not_due = len(states) - len(due)
    return due


def poll_feeds(job: Job, states: Sequence[FeedState]) -> list[FeedPoll]:
    """Ask a batch of feeds and return what each gave. Stores nothing."""
    requests = [Request(s.feed.url, s.etag, s.last_modified, obey_robots=False) for s in states]
    answers = job.fetcher.fetch(requests, job.settings.max_feed_bytes)
    return [_poll(job, state, answer) for state, answer in zip(states, answers, strict=True)]


def store_polls(job: Job, polls: Sequence[FeedPoll]) -> None:
    """Store what all polls of the run gave, unless it was our own network that failed."""
    failed = [poll for poll in polls if poll.failure]
    job.report.feeds_polled += len(polls)
    job.report.feeds_failed += len(failed)
    urls = {feed.id: feed.url for feed in job.registry.feeds}
    job.report.losses += [
        Loss("feed", urls[p.feed_id], p.failure or "", p.message or "") for p in failed
    ]
    job.report.odd += [f"{p.feed_id}: {p.message}" for p in polls if p.message and not p.failure]
    with job.warehouse.transaction() as db:
        if _is_own_outage(db, job, polls):
            job.report.message = OUTAGE.format(polled=len(polls))
            log_outage(db, job.run_id, polls)
            return
        job.report.entries_new += save_polls(db, job.run_id, polls)


def _is_own_outage(db: duckdb.DuckDBPyConnection, job: Job, polls: Sequence[FeedPoll]) -> bool:
    """Return whether our network failed, judged by the feeds that did not fail before.

    Between two polls of the good feeds, only long dead ones may be due: that is no outage.
    """
    dead = {state.feed.id for state in feed_states(db, job.registry) if state.failures_in_a_row}
    alive = [poll for poll in polls if poll.feed_id not in dead]
    answered = sum(poll.status is not None for poll in polls)
    return is_own_outage(len(alive), sum(poll.failure is not None for poll in alive), answered)


def _poll(job: Job, state: FeedState, answer: Answer) -> FeedPoll:
    now = job.clock()
    got = answer.got
    if isinstance(got, Failure):
        return _failed_poll(job, state, got, now, answer.milliseconds)
    digest = sha256(got.body).hexdigest()
    if got.status == 304 or digest == state.body_hash:
        return FeedPoll(
            state.feed.id,
            now,
            "unchanged",
            _again(job, got, now),
            answer.milliseconds,
            status=got.status,
        )
    try:
        feed = parse_feed(
            got.body,
            url=got.final_url,
            feed_id=state.feed.id,
            content_type=got.header("Content-Type"),
        )
    except FeedError as error:
        failure = Failure(error.kind, str(error), got.status)
        return _failed_poll(job, state, failure, now, answer.milliseconds)
    return FeedPoll(
        feed_id=state.feed.id,
        fetched_at=now,
        outcome="new",
        next_poll_at=_again(job, got, now),
        milliseconds=answer.milliseconds,
        status=got.status,
        message=_oddities(feed),
        title=feed.title,
        etag=got.header("ETag"),
        last_modified=got.header("Last-Modified"),
        body_hash=digest,
        moved_to=answer.moved_to,
        entries=feed.entries,
    )


def _oddities(feed: ParsedFeed) -> str | None:
    """Return what a person should know of a feed that was read, or None."""
    unlinked = [entry.title for entry in feed.entries if entry.url is None]
    named = [f"entry without a link, so without a page: {title!r}" for title in unlinked]
    return "; ".join([*feed.warnings, *named]) or None


def _again(job: Job, got: Page, now: datetime) -> datetime:
    return next_feed_poll(
        now,
        None,
        0,
        {"Cache-Control": got.header("Cache-Control") or ""},  # in whatever case it came
        at_most=job.settings.poll_at_most,
        at_least=job.settings.poll_at_least,
    )


def _failed_poll(
    job: Job, state: FeedState, failure: Failure, now: datetime, milliseconds: int
) -> FeedPoll:
    return FeedPoll(
        feed_id=state.feed.id,
        fetched_at=now,
        outcome="failed",
        next_poll_at=next_feed_poll(
            now,
            failure,
            state.failures_in_a_row,
            {},
            at_most=job.settings.poll_at_most,
            at_least=job.settings.poll_at_least,
        ),
        milliseconds=milliseconds,
        status=failure.status,
        failure=failure.kind,
        message=failure.message,
    )
