"""Find a site's feeds by asking it, and put feeds into the form of seeds/feeds.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urljoin

import yaml

from extractors.errors import FeedError
from extractors.feeds import parse_feed
from extractors.feeds.discover import candidates
from extractors.feeds.opml import Subscription
from extractors.model import Page, Registry
from extractors.urls import host_of
from flows.fetch import Fetcher, Request
from flows.politeness import Failure
from flows.settings import Settings

_NAMED = 20  # candidates that the page itself names are tried; then the usual addresses
_NO_WORD = re.compile("[^a-z0-9]+")


def discover(settings: Settings, url: str) -> tuple[list[Subscription], list[str]]:
    """Return the feeds of the site at *url* that answer, and what went wrong on the way.

    Asks for the page, its robots.txt and each candidate once, as politely as any run.
    """
    fetcher = Fetcher(settings)
    asked = [Request(url), Request(urljoin(url, "/robots.txt"), obey_robots=False)]
    page, robots = (answer.got for answer in fetcher.fetch(asked, settings.max_page_bytes))
    problems = [f"{url}: {page.message}"] if isinstance(page, Failure) else []
    body, base = (page.body, page.final_url) if isinstance(page, Page) else (b"", url)
    found = candidates(
        body, base, robots.body.decode("utf-8", "replace") if isinstance(robots, Page) else ""
    )
    named = [candidate for candidate in found if candidate.why != "usual"][:_NAMED]
    feeds = _that_answer(fetcher, settings, [candidate.url for candidate in named])
    if not feeds:  # only then guess: each guess is a request to somebody's server
        usual = [candidate.url for candidate in found if candidate.why == "usual"]
        feeds = _that_answer(fetcher, settings, usual)
    return feeds, problems


def unwatched(registry: Registry, feeds: Iterable[Subscription]) -> list[Subscription]:
    """Return those of *feeds* whose address no watched feed has, with or without a last slash."""
    known = {feed.url.rstrip("/") for feed in registry.feeds}
    return [feed for feed in feeds if feed.url.rstrip("/") not in known]


def feed_yaml(feeds: Sequence[Subscription], registry: Registry) -> str:
    """Return *feeds* as entries for seeds/feeds.yaml, each with an id that is not taken."""
    taken = {feed.id for feed in registry.feeds}
    return "".join(
        yaml.safe_dump([_entry(f, taken)], sort_keys=False, allow_unicode=True) for f in feeds
    )


def _entry(feed: Subscription, taken: set[str]) -> dict[str, str]:
    stem = _NO_WORD.sub("-", (feed.title or host_of(feed.url)).lower()).strip("-") or "feed"
    name, number = stem[:40].strip("-"), 2
    while name in taken:
        name, number = f"{stem[:40].strip('-')}-{number}", number + 1
    taken.add(name)
    entry = {"id": name, "url": feed.url, "outlet": feed.title or host_of(feed.url)}
    entry["kind"] = "sitemap" if "sitemap" in feed.url else "feed"
    if feed.language:
        entry["language"] = feed.language.partition("-")[0].lower()
    if feed.site:
        entry["source"] = feed.site
    return entry


def _that_answer(fetcher: Fetcher, settings: Settings, urls: Sequence[str]) -> list[Subscription]:
    answers = fetcher.fetch([Request(url) for url in urls], settings.max_feed_bytes)
    pages = [answer.got for answer in answers if isinstance(answer.got, Page)]
    read = {page.final_url: _read(page) for page in pages}
    return [subscription for subscription in read.values() if subscription is not None]


def _read(page: Page) -> Subscription | None:
    """Return the feed that *page* is; None for a page that is none, or that promises nothing."""
    try:
        feed = parse_feed(page.body, url=page.final_url, content_type=page.header("Content-Type"))
    except FeedError:
        return None
    return Subscription(page.final_url, feed.title, None) if feed.entries else None
