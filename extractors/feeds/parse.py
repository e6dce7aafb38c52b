"""A feed's body to its entries: the one way in."""

from __future__ import annotations

from dataclasses import replace

from extractors.errors import FeedError
from extractors.feeds.body import text_of
from extractors.feeds.jsonfeed import read_json
from extractors.feeds.keys import with_ids
from extractors.feeds.markup import (
    FEED_ROOTS,
    bare_document,
    embedded_feed,
    is_html,
    problem_of,
    repaired,
    root_of,
)
from extractors.feeds.notes import Notes
from extractors.feeds.sitemap import read_sitemap
from extractors.feeds.syndication import read_syndication
from extractors.model import ParsedFeed

# Expat's codes for a document that stops before its root is closed: an empty feed says so itself,
# one that was cut off must not pass for it.
_ENDS_EARLY = frozenset({3, 5, 6, 20})


def parse_feed(
    body: bytes, *, url: str, feed_id: str = "", content_type: str | None = None
) -> ParsedFeed:
    """Return the feed in *body*, its entries in their order, each with its id within *feed_id*.

    *url* is where the body came from, after redirects: relative links are relative to it.
    *content_type* is the header; its charset is a hint. Raises FeedError: "empty", "html",
    "binary", "not_a_feed", or "parse" where it is a feed that nobody can read.
    """
    notes = Notes()
    text = text_of(body, content_type, notes)
    feed = _read(text, url, notes)
    entries = (replace(entry, feed_id=feed_id) for entry in feed.entries)
    return replace(feed, entries=with_ids(feed_id, tuple(entries)), warnings=notes.lines())


def _read(text: str, url: str, notes: Notes) -> ParsedFeed:
    if text.lstrip()[:1] in {"{", "["}:
        return read_json(text, url, notes)
    document = bare_document(text, notes)
    root = root_of(document)
    if is_html(root):
        document = _unwrapped(document, notes)
    if not root:
        raise FeedError("not_a_feed", "neither XML nor JSON")
    if root == "sitemapindex":
        raise FeedError("not_a_feed", "an index of sitemaps: name one of those it lists")
    if root == "urlset":
        mended = repaired(document, notes) if problem_of(document) else document
        return read_sitemap(mended, url, notes)
    feed = read_syndication(document, url, notes)
    if not feed.entries and not feed.format and root not in FEED_ROOTS:
        raise FeedError("not_a_feed", f"XML whose root is <{root}>")
    problem = None if feed.entries else problem_of(document)
    if problem is not None and problem.code in _ENDS_EARLY:
        raise FeedError("parse", f"cut off before its first entry: {problem}")
    return feed


def _unwrapped(page: str, notes: Notes) -> str:
    feed = embedded_feed(page)
    if not feed:
        raise FeedError("html", "a web page stands in place of the feed")
    notes.add("a web page is wrapped around the feed")
    return feed
