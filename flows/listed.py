"""Addresses that a list names: a text file, a sitemap or an index of them, an OPML file's feeds."""

from __future__ import annotations

from pathlib import Path

from extractors.errors import FeedError, UsageError
from extractors.feeds import parse_feed
from extractors.feeds.opml import read_opml
from extractors.feeds.sitemap import sitemaps_in
from extractors.model import Page
from flows.fetch import Request
from flows.job import Job, Loss
from flows.politeness import Failure

_SUFFIXES = frozenset({".txt", ".xml", ".opml"})
_MOST_SITEMAPS = 500  # that are followed from one index


def is_list(source: str) -> bool:
    """Return whether *source* names addresses, and is not itself a store of pages."""
    return is_address(source) or Path(source).suffix.lower() in _SUFFIXES


def is_address(source: str) -> bool:
    """Return whether *source* is an http(s) address: that of a sitemap or a feed."""
    return source.lower().startswith(("http://", "https://"))


def listed_urls(job: Job, source: str) -> list[str]:
    """Return the articles' addresses that *source* lists. A sitemap or feed that fails is a loss.

    Raises UsageError when a file cannot be read.
    """
    if is_address(source):
        return _from_feeds(job, [source])
    path = Path(source)
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    if path.suffix.lower() == ".txt":
        lines = body.decode("utf-8", "replace").splitlines()
        return [line.strip() for line in lines if is_address(line.strip())]
    if path.suffix.lower() == ".opml":
        return _from_feeds(job, _subscriptions(path, body))
    return _read(job, body, path.resolve().as_uri(), None)


def _subscriptions(path: Path, body: bytes) -> list[str]:
    try:
        return [feed.url for feed in read_opml(body)]
    except FeedError as error:
        raise UsageError(f"{path}: {error}") from error


def _from_feeds(job: Job, urls: list[str]) -> list[str]:
    requests = [Request(url, obey_robots=False) for url in urls]
    answers = job.fetcher.fetch(requests, job.settings.max_feed_bytes)
    found: list[str] = []
    for url, answer in zip(urls, answers, strict=True):
        if isinstance(answer.got, Failure):
            job.report.losses.append(Loss("feed", url, answer.got.kind, answer.got.message))
        else:
            found += _of_page(job, answer.got)
    return found


def _of_page(job: Job, page: Page) -> list[str]:
    return _read(job, page.body, page.final_url, page.header("Content-Type"))


def _read(job: Job, body: bytes, url: str, content_type: str | None) -> list[str]:
    """Return the addresses in a feed or sitemap; an index is followed, one level deep."""
    below = sitemaps_in(body, url)
    if below is not None:
        if len(below) > _MOST_SITEMAPS:
            job.report.odd.append(
                f"{url} lists {len(below):,} sitemaps; the first {_MOST_SITEMAPS} were read"
            )
        return _from_feeds(job, list(below[:_MOST_SITEMAPS]))
    try:
        feed = parse_feed(body, url=url, content_type=content_type)
    except FeedError as error:
        job.report.losses.append(Loss("feed", url, error.kind, str(error)))
        return []
    return [entry.url for entry in feed.entries if entry.url]
