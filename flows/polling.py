"""Polling: ask the feeds that are due, read what they promise, store it. Free of Prefect.

The web is read first; the warehouse is held last and briefly. A feed's failure is a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import duckdb

from extractors.errors import FeedError
from extractors.model import Page, ParsedFeed
from flows.feeds import read_feeds
from flows.fetch import Answer, Request
from flows.job import Job, Loss
from flows.politeness import (
    Failure,
    asks_for_all,
    is_own_outage,
    next_feed_poll,
    rhythm_of,
    spread,
)
from warehouse.intake import (
    FeedPoll,
    FeedState,
    feed_states,
    log_outage,
    save_polls,
)

OUTAGE = (
    "not one of {polled} feeds answered: this looks like our own outage, so no feed is blamed. "
    "Check this machine's network, then run again."
)


def due_feeds(job: Job) -> list[FeedState]:
    """Return the feeds that may be asked now."""
    with job.warehouse.transaction() as db:
        states = feed_states(db, job.registry)
    now = job.clock()
    due = [s for s in states if s.next_poll_at is None or s.next_poll_at <= now]
    job.report.feeds_not_due = len(states) - len(due)
    return due


def poll_feeds(job: Job, states: Sequence[FeedState]) -> list[FeedPoll]:
    """Ask a batch of feeds and return what each gave. Stores nothing."""
    answers = job.fetcher.fetch(
        [_request(state, job.clock()) for state in states], job.settings.max_feed_bytes
    )
    answered = list(zip(states, answers, strict=True))
    unread = [(state, got) for state, answer in answered if (got := _new_body(state, answer))]
    read = dict(
        zip(
            (state.feed.id for state, _ in unread),
            read_feeds([(got, s.feed.id) for s, got in unread], workers=job.settings.workers),
            strict=True,
        )
    )
    return [_poll(job, state, answer, read.get(state.feed.id)) for state, answer in answered]


def _request(state: FeedState, now: datetime) -> Request:
    """Return the request: conditional, but now and then for all, as some say 304 for ever."""
    if asks_for_all(now, state.last_full_at, _rhythm(state)):
        return Request(state.feed.url, obey_robots=False)
    return Request(state.feed.url, state.etag, state.last_modified, obey_robots=False)


def _new_body(state: FeedState, answer: Answer) -> Page | None:
    got = answer.got
    if isinstance(got, Failure) or got.status == 304 or _digest(got.body) == state.body_hash:
        return None
    return got


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()


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


def _poll(
    job: Job, state: FeedState, answer: Answer, read: ParsedFeed | FeedError | None
) -> FeedPoll:
    got = answer.got
    if isinstance(got, Failure):
        return _failed_poll(job, state, got, answer.milliseconds)
    if isinstance(read, FeedError):
        failure = Failure(read.kind, str(read), got.status)
        return _failed_poll(job, state, failure, answer.milliseconds)
    if read is None:
        return _unchanged_poll(job, state, got, answer)
    return _new_poll(job, state, got, answer, read)


def _new_poll(job: Job, state: FeedState, got: Page, answer: Answer, read: ParsedFeed) -> FeedPoll:
    now = job.clock()
    rhythm = rhythm_of([e.published_at or e.updated_at for e in read.entries])
    return FeedPoll(
        feed_id=state.feed.id,
        fetched_at=now,
        outcome="new",
        next_poll_at=_again(job, state, got, rhythm),
        milliseconds=answer.milliseconds,
        status=got.status,
        message=_oddities(read, _false_304(job, state, got)),
        title=read.title,
        etag=got.header("ETag"),
        last_modified=got.header("Last-Modified"),
        body_hash=_digest(got.body),
        moved_to=answer.moved_to,
        full=True,
        gap_minutes=round(rhythm.total_seconds() / 60) if rhythm is not None else None,
        entries=read.entries,
    )


def _unchanged_poll(job: Job, state: FeedState, got: Page, answer: Answer) -> FeedPoll:
    return FeedPoll(
        feed_id=state.feed.id,
        fetched_at=job.clock(),
        outcome="unchanged",
        next_poll_at=_again(job, state, got, _rhythm(state)),
        milliseconds=answer.milliseconds,
        status=got.status,
        moved_to=answer.moved_to,
        full=got.status != 304,
    )


def _false_304(job: Job, state: FeedState, got: Page) -> str | None:
    """Return what shows that the server would have said 304 to a changed feed, or None."""
    said = (got.header("ETag"), got.header("Last-Modified"))
    asked_for_all = asks_for_all(job.clock(), state.last_full_at, _rhythm(state))
    if not asked_for_all or not any(said) or said != (state.etag, state.last_modified):
        return None
    return "it changed while its validators stayed the same: its 304 means nothing"


def _oddities(feed: ParsedFeed, more: str | None) -> str | None:
    """Return what a person should know of a feed that was read, or None."""
    unlinked = [entry.title for entry in feed.entries if entry.url is None]
    named = [f"entry without a link, so without a page: {title!r}" for title in unlinked]
    return "; ".join([*feed.warnings, *named, *([more] if more else [])]) or None


def _rhythm(state: FeedState) -> timedelta | None:
    return None if state.gap_minutes is None else timedelta(minutes=state.gap_minutes)


def _again(job: Job, state: FeedState, got: Page, rhythm: timedelta | None) -> datetime:
    again = next_feed_poll(
        job.clock(),
        None,
        0,
        {"Cache-Control": got.header("Cache-Control") or ""},  # in whatever case it came
        at_most=job.settings.poll_at_most,
        at_least=job.settings.poll_at_least,
        rhythm=rhythm,
    )
    return spread(job.clock(), again, state.feed.id)


def _failed_poll(job: Job, state: FeedState, failure: Failure, milliseconds: int) -> FeedPoll:
    now = job.clock()
    again = next_feed_poll(
        now,
        failure,
        state.failures_in_a_row,
        {},
        at_most=job.settings.poll_at_most,
        at_least=job.settings.poll_at_least,
    )
    return FeedPoll(
        feed_id=state.feed.id,
        fetched_at=now,
        outcome="failed",
        next_poll_at=spread(now, again, state.feed.id),
        milliseconds=milliseconds,
        status=failure.status,
        failure=failure.kind,
        message=failure.message,
    )
