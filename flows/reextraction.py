"""Re-extraction: archived pages are read again by a later extractor. Free of Prefect and network.

A batch is one transaction with its own log rows: killed and started again, it goes on where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractors.errors import PageError, RecordError
from extractors.model import Article, Entry, Page, PageKind
from flows.extraction import Unread, read_pages
from flows.job import Job, Loss
from flows.reading import reading_of
from flows.settling import settle
from warehouse.archive import WarcPointer
from warehouse.intake import DuePage, page_id_of
from warehouse.readings import PageVisit
from warehouse.records import page_of, read_record, sha1_of
from warehouse.reextractions import (
    Reread,
    Scope,
    StaleVersion,
    count_stale,
    save_rereads,
    stale_versions,
)

_A_BATCH = 100  # pages in memory at once
_PASSING = frozenset({"timeout", "crashed"})  # failures of reading that are worth another try

Read = Callable[[Sequence[Unread]], list[Article | PageError]]


@dataclass(slots=True)
class Outcome:
    """How many articles were read again, by outcome; *broken* counts records of no use."""

    counts: Counter[str] = field(default_factory=Counter)
    broken: int = 0


def count_due(job: Job, scope: Scope) -> int:
    """Return how many articles are to be read again."""
    with job.warehouse.transaction() as db:
        return count_stale(db, scope)


def reextract(
    job: Job, scope: Scope, read: Read | None = None, *, batch: int = _A_BATCH
) -> Outcome:
    """Read every article in *scope* again, store what is new, and raise what it claims.

    The caller holds the lock of the one run at a time (`under_way`). A failure costs one article:
    its version stands. *read* reads a batch of pages, by default in worker processes.
    """
    outcome = Outcome()
    due = count_due(job, scope)
    for stale in _batches(job, scope, batch):
        rereads = _rereads(job, stale, read or _reader(job), outcome)
        with job.warehouse.transaction() as db:
            stored = save_rereads(db, rereads, job.versions, job.clock())
        job.report.versions_new += stored.versions_new
        job.report.mentions_new += stored.mentions_new
        outcome.counts.update(reread.outcome for reread in rereads)
        job.say(f"{outcome.counts.total() + outcome.broken} of {due} articles read again")
    if outcome.counts:
        settle(job)
    return outcome


def _reader(job: Job) -> Read:
    return lambda pages: read_pages(pages, workers=job.settings.workers)


def _batches(job: Job, scope: Scope, batch: int) -> Iterator[list[StaleVersion]]:
    after = ""
    while True:
        with job.warehouse.transaction() as db:
            stale = stale_versions(db, scope, after=after, most=batch)
        if not stale:
            return
        yield stale
        after = stale[-1].version_id


def _rereads(job: Job, stale: Sequence[StaleVersion], read: Read, outcome: Outcome) -> list[Reread]:
    """Return what came of reading *stale* again; what deserves another try is left out."""
    found: list[tuple[StaleVersion, Page]] = []
    for version in stale:
        try:
            found.append((version, _page(job, version)))
        except RecordError as error:
            outcome.broken += 1
            job.report.losses.append(Loss("record", version.canonical_url, error.kind, str(error)))
    articles = read([(page, version.entry, version.feed_language) for version, page in found])
    rereads = []
    for (version, _), article in zip(found, articles, strict=True):
        reread = _reread(job, version, article)
        if reread.outcome == "failed":
            kind = article.kind if isinstance(article, PageError) else "challenge"
            job.report.losses.append(
                Loss("page", version.canonical_url, kind, reread.message or "")
            )
            if kind in _PASSING:
                continue
        rereads.append(reread)
    return rereads


def _page(job: Job, version: StaleVersion) -> Page:
    """Return the archived page. Raises RecordError where it is not the one that was stored."""
    record = read_record(job.settings.archive, version.warc_file, version.warc_offset)
    if sha1_of(record.body) != version.payload_digest:
        raise RecordError(
            "digest", f"{version.warc_file} at byte {version.warc_offset}: another page"
        )
    return page_of(record, version.url)


def _reread(job: Job, version: StaleVersion, article: Article | PageError) -> Reread:
    if isinstance(article, PageError):
        return Reread(version, None, f"{article.kind}: {article}")
    if article.page_kind == PageKind.CHALLENGE:
        return Reread(version, None, "a consent wall or a bot check in place of the article")
    # It stays the article that it was: a later extractor may read another canonical URL.
    article = replace(article, id=version.article_id, canonical_url=version.canonical_url)
    record = WarcPointer(version.warc_file, version.warc_offset, version.payload_digest)
    return Reread(version, _visit(version, job, article, record))


def _visit(version: StaleVersion, job: Job, article: Article, record: WarcPointer) -> PageVisit:
    return PageVisit(
        page=_due_page(version),
        fetched_at=version.fetched_at,
        state="done",
        next_fetch_at=None,
        reading=reading_of(job, article, record),
    )


def _due_page(version: StaleVersion) -> DuePage:
    """Return the page of *version* as if it were due: the store asks for its URL and outlet."""
    entry = version.entry or Entry(id="", feed_id=version.feed_id or "", url=version.url, title="")
    return DuePage(
        page_id=page_id_of(version.url),
        url=version.url,
        attempts=0,
        etag=None,
        last_modified=None,
        payload_digest=None,
        article_id=version.article_id,
        first_seen_at=version.fetched_at,
        tracked=False,
        outlet=version.outlet,
        feed_language=version.feed_language,
        entry=entry,
    )
