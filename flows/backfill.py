"""Backfill: pages of the past through the same stages as the daily run. Free of Prefect.

A batch and the position behind it are one transaction: killed and started again, it goes on there.
"""

from __future__ import annotations

import time
from base64 import b32decode
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from extractors.errors import PageError
from extractors.model import Article, Entry, Page, PageKind
from extractors.urls import canonical_url, host_of
from flows.extraction import Unread, stream_pages
from flows.job import Job, Loss
from flows.reading import reading_of
from flows.saved_pages import Found, SavedPages
from flows.settling import settle
from flows.visiting import visit_pages
from warehouse.archive import WarcPointer
from warehouse.backfills import Progress, progress_of, save_progress, unread
from warehouse.intake import DuePage, page_id_of
from warehouse.readings import PageVisit, Stored
from warehouse.staging import Batch, merge, store

_A_BATCH = 400  # pages between two transactions
_PASSED_OVER = 10  # pages without content that weigh as much as one with it

Read = tuple[Found, Article | PageError | None]


@dataclass(frozen=True, slots=True)
class Outlet:
    """What the registry knows of a host: the name of its outlet, and its language."""

    name: str
    language: str | None


def outlets_of(job: Job) -> dict[str, Outlet]:
    """Return the outlet of each host that a feed of the registry is on."""
    return {host_of(f.url): Outlet(f.outlet, f.language) for f in job.registry.feeds}


def backfill_saved(job: Job, source: SavedPages, *, batch: int = _A_BATCH) -> Progress:
    """Read *source* from where it stands to its end; store, and raise alerts. Return how far.

    The caller holds the lock of the one run at a time (`under_way`). A page's failure costs itself.
    """
    progress = _so_far(job, source)
    if progress.done:
        return progress
    clock = _Pace(progress.pages)
    for reads in _batches(_read_all(job, source.read(progress.position)), batch):
        progress = _store(job, reads, progress)
        job.say(clock.line(progress, reads[-1][0].share))
    progress = replace(_so_far(job, source), done=True)
    with job.warehouse.transaction() as db:
        save_progress(db, progress, job.clock())
    settle(job)
    return progress


def _so_far(job: Job, source: SavedPages) -> Progress:
    """Return how far *source* has been read, batches that wait on a lake included."""
    with job.warehouse.held():
        _count(job, merge(job.warehouse, job.clock()))
        with job.warehouse.transaction() as db:
            return progress_of(db, str(source.path), source.kind)


def backfill_urls(job: Job, urls: Sequence[str], *, batch: int = _A_BATCH) -> int:
    """Fetch and read those of *urls* that are not settled yet; return how many these were.

    The caller holds the lock of the one run at a time (`under_way`).
    """
    with job.warehouse.transaction() as db:
        due = unread(db, list(urls))
    outlets = outlets_of(job)
    now = job.clock()
    for start in range(0, len(due), batch):
        visit_pages(job, [_due(url, now, outlets) for url in due[start : start + batch]])
        job.say(f"{min(start + batch, len(due)):,} of {len(due):,} addresses fetched")
    settle(job)
    return len(due)


def _read_all(job: Job, pages: Iterator[Found]) -> Iterator[Read]:
    """Yield each of *pages* with its article; workers read ahead while others are stored."""
    ahead: deque[Found] = deque()
    outlets = outlets_of(job)

    def given() -> Iterator[Unread]:
        for found in pages:
            ahead.append(found)
            if found.page is not None:
                outlet = outlets.get(host_of(found.page.final_url))
                yield found.page, None, outlet.language if outlet else None

    for article in stream_pages(given(), workers=job.settings.workers):
        while (found := ahead.popleft()).page is None:
            yield found, None
        yield found, article
    yield from ((found, None) for found in ahead)


def _batches(reads: Iterator[Read], size: int) -> Iterator[list[Read]]:
    """Yield *reads* in lists with *size* pages each; pages that were passed over count a tenth."""
    batch: list[Read] = []
    room = size * _PASSED_OVER
    for read in reads:
        batch.append(read)
        room -= _PASSED_OVER if read[0].page is not None else 1
        if room <= 0:
            yield batch
            batch, room = [], size * _PASSED_OVER
    if batch:
        yield batch


def _store(job: Job, reads: Sequence[Read], progress: Progress) -> Progress:
    """Archive, tag and store one batch, and how far the source has been read with it."""
    good = [
        (found.page, article, found.member)
        for found, article in reads
        if found.page is not None
        and isinstance(article, Article)
        and article.page_kind != PageKind.CHALLENGE
    ]
    outlets = outlets_of(job)
    records = job.archive.store_members([(page, member) for page, _, member in good])
    visits = [
        _visit(job, page, article, record, outlets)
        for (page, article, _), record in zip(good, records, strict=True)
    ]
    losses = [loss for read in reads if (loss := _loss(*read)) is not None]
    progress = progress.moved(
        reads[-1][0].position, pages=len(reads), articles=0, failed=len(losses)
    )
    stored = store(job.warehouse, Batch(tuple(visits), job.versions, progress), job.clock())
    job.report.pages_fetched += len(reads)
    job.report.pages_failed += len(losses)
    job.report.losses += losses
    _count(job, stored)
    return replace(progress, articles=progress.articles + stored.articles_new)


def _count(job: Job, stored: Stored) -> None:
    job.report.articles_new += stored.articles_new
    job.report.versions_new += stored.versions_new
    job.report.mentions_new += stored.mentions_new


def _loss(found: Found, article: Article | PageError | None) -> Loss | None:
    if found.problem is not None:
        return Loss("page", found.name, "unreadable", found.problem)
    if isinstance(article, PageError):
        return Loss("page", found.name, article.kind, str(article))
    if article is not None and article.page_kind == PageKind.CHALLENGE:
        return Loss("page", found.name, "challenge", "a consent wall or a bot check")
    return None


def _visit(
    job: Job, page: Page, article: Article, record: WarcPointer, outlets: dict[str, Outlet]
) -> PageVisit:
    return PageVisit(
        page=_due(page.final_url, page.fetched_at, outlets),
        fetched_at=page.fetched_at,
        state="done",
        next_fetch_at=None,  # the past is read once
        status=page.status,
        payload_digest=b32decode(record.digest.removeprefix("sha1:")).hex(),
        reading=reading_of(job, article, record),
        final_url=page.final_url,
    )


def _due(url: str, seen_at: datetime, outlets: dict[str, Outlet]) -> DuePage:
    """Return the page at *url* as if a feed had promised it: no feed did."""
    url = canonical_url(url) or url
    host = host_of(url)
    outlet = outlets.get(host)
    return DuePage(
        page_id=page_id_of(url),
        url=url,
        attempts=0,
        etag=None,
        last_modified=None,
        payload_digest=None,
        article_id=None,
        first_seen_at=seen_at,
        tracked=False,
        outlet=outlet.name if outlet else host,
        feed_language=outlet.language if outlet else None,
        entry=Entry(id="", feed_id="", url=url, title=""),
    )


class _Pace:
    """How fast a source is read, and when it will be done."""

    def __init__(self, pages_before: int) -> None:
        self._begun = time.monotonic()
        self._before = pages_before
        self._share: float | None = None  # read when the first batch was stored
        self._begun_left = self._begun

    def line(self, progress: Progress, share: float) -> str:
        """Return one line for a person who waits."""
        seconds = max(time.monotonic() - self._begun, 1e-6)
        rate = (progress.pages - self._before) / seconds
        said = f"{progress.pages:,} pages, {progress.articles:,} new articles, {rate:.0f} pages/s"
        return f"{said}, {share:.0%} read{self._left(share)}"

    def _left(self, share: float) -> str:
        if self._share is None:
            self._share, self._begun_left = share, time.monotonic()
            return ""
        moved = share - self._share
        if moved <= 0 or share >= 1:
            return ""
        minutes = (time.monotonic() - self._begun_left) * (1 - share) / moved / 60
        return f", about {minutes:.0f} min left" if minutes >= 1 else ", less than a minute left"
