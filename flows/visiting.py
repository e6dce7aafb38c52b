"""Visiting: fetch the pages that are due, archive, read and tag them, store it. Free of Prefect.

The web is read first; the warehouse is held last and briefly. A page's failure is a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha1

from extractors.errors import PageError
from extractors.model import Article, Page, PageKind
from flows.extraction import read_pages
from flows.fetch import Answer, Request
from flows.job import Job, Loss
from flows.politeness import Failure, next_page_try, next_revisit
from flows.reading import reading_of
from warehouse.archive import Original, WarcPointer
from warehouse.articles import save_visits
from warehouse.captures import with_originals
from warehouse.intake import DuePage, due_pages
from warehouse.readings import PageVisit

_PASSING = frozenset({"timeout", "crashed"})  # failures of reading that are worth another try


def pages_due(job: Job) -> list[DuePage]:
    """Return the pages to visit now, in a fixed order, each with the record of its last body."""
    with job.warehouse.transaction() as db:
        return with_originals(db, due_pages(db, job.clock()))


def visit_pages(job: Job, pages: Sequence[DuePage]) -> None:
    """Fetch a batch of pages, archive and read the new ones, and store all of it at once."""
    requests = [Request(page.url, page.etag, page.last_modified) for page in pages]
    answers = job.fetcher.fetch(requests, job.settings.max_page_bytes)
    visits = _visits(job, list(zip(pages, answers, strict=True)))
    with job.warehouse.transaction() as db:
        stored = save_visits(db, visits, job.versions)
    job.report.pages_fetched += len(visits)
    job.report.articles_new += stored.articles_new
    job.report.versions_new += stored.versions_new
    job.report.mentions_new += stored.mentions_new
    job.report.edited += stored.edited
    lost = [visit for visit in visits if visit.failure]
    job.report.pages_failed += len(lost)
    job.report.losses += [Loss("page", v.page.url, v.failure or "", v.message or "") for v in lost]


def _visits(job: Job, answered: Sequence[tuple[DuePage, Answer]]) -> list[PageVisit]:
    """Return one visit a page, in order; every answer is archived before new ones are read."""
    whole = [(page, answer.got) for page, answer in answered if isinstance(answer.got, Page)]
    records = _archived(job, whole)
    fresh = [(page, got) for page, got in whole if _is_new(page, got)]
    articles = read_pages(
        [(got, page.entry, page.feed_language) for page, got in fresh],
        workers=job.settings.workers,
    )
    read = {
        page.page_id: (records[page.page_id], article)
        for (page, _), article in zip(fresh, articles, strict=True)
    }
    visits = [_visit(job, page, answer, read.get(page.page_id)) for page, answer in answered]
    return [
        _recorded(visit, answer, records)
        for visit, (_, answer) in zip(visits, answered, strict=True)
    ]


def _archived(job: Job, whole: Sequence[tuple[DuePage, Page]]) -> dict[str, WarcPointer]:
    """Archive answers: a body that we have already as a revisit. Return the records by page."""
    again: list[tuple[DuePage, Page, Original]] = []
    full: list[tuple[DuePage, Page]] = []
    for page, got in whole:
        if page.captured is not None and not _is_new(page, got):
            again.append((page, got, page.captured))
        elif got.status != 304:  # nothing is known of what has not changed
            full.append((page, got))
    stored = job.archive.store([got for _, got in full])
    revisits = job.archive.store_again([(got, original) for _, got, original in again])
    pages = [page for page, _ in full] + [page for page, _, _ in again]
    return {page.page_id: record for page, record in zip(pages, [*stored, *revisits], strict=True)}


def _recorded(visit: PageVisit, answer: Answer, records: dict[str, WarcPointer]) -> PageVisit:
    """Return *visit* with the record that its answer left, and with the facts of that record."""
    got = answer.got
    if not isinstance(got, Page):
        return visit
    record = records.get(visit.page.page_id)
    return replace(
        visit,
        record=record,
        final_url=got.final_url,
        status=got.status,
        fetched_at=got.fetched_at,
    )


def _is_new(page: DuePage, got: Page) -> bool:
    return got.status != 304 and _digest(got.body) != page.payload_digest


def _digest(body: bytes) -> str:
    return sha1(body, usedforsecurity=False).hexdigest()


def _visit(
    job: Job,
    page: DuePage,
    answer: Answer,
    read: tuple[WarcPointer, Article | PageError] | None,
) -> PageVisit:
    got = answer.got
    if isinstance(got, Failure):
        return _failed_visit(job, page, got)
    if read is None:
        return _unchanged_visit(job, page, got)
    record, article = read
    if isinstance(article, PageError):
        return _unread_visit(job, page, got, Failure(article.kind, str(article), got.status))
    if article.page_kind == PageKind.CHALLENGE:
        failure = Failure("challenge", "a consent wall or a bot check in place of the article")
        return _failed_visit(job, page, failure)
    reading = reading_of(job, article, record)
    return PageVisit(
        page=page,
        fetched_at=got.fetched_at,
        state="done",
        next_fetch_at=_revisit(
            job, page, tracked=page.tracked or any(c.alerts for c in reading.claims)
        ),
        status=got.status,
        etag=got.header("ETag"),
        last_modified=got.header("Last-Modified"),
        payload_digest=_digest(got.body),
        reading=reading,
    )


def _revisit(job: Job, page: DuePage, *, tracked: bool) -> datetime | None:
    if not tracked:
        return None
    now = job.clock()
    return next_revisit(now, page.first_seen_at, job.settings.revisit_after)


def _unchanged_visit(job: Job, page: DuePage, got: Page) -> PageVisit:
    return PageVisit(
        page=page,
        fetched_at=got.fetched_at,
        state="done",
        next_fetch_at=_revisit(job, page, tracked=page.tracked),
        status=got.status,
        etag=page.etag,
        last_modified=page.last_modified,
        payload_digest=page.payload_digest,
    )


def _failed_visit(job: Job, page: DuePage, failure: Failure) -> PageVisit:
    now = job.clock()
    again = next_page_try(now, failure, page.attempts + 1)
    return PageVisit(
        page=page,
        fetched_at=now,
        state="due" if again else "refused" if failure.kind == "robots" else "failed",
        next_fetch_at=again,
        status=failure.status,
        failure=failure.kind,
        message=failure.message,
        etag=page.etag,
        last_modified=page.last_modified,
        payload_digest=page.payload_digest,
    )


def _unread_visit(job: Job, page: DuePage, got: Page, failure: Failure) -> PageVisit:
    """Return the visit of a page that came but gave no article: the same body is not read again."""
    visit = _failed_visit(job, page, failure)
    if failure.kind in _PASSING:
        return visit
    return replace(
        visit,
        state="failed",
        next_fetch_at=None,
        payload_digest=_digest(got.body),
        etag=got.header("ETag"),
        last_modified=got.header("Last-Modified"),
    )
