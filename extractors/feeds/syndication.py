"""RSS, RDF and Atom through feedparser, which knows their dialects."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import feedparser
from feedparser.datetimes import _parse_date as feedparsers_date
from lxml import etree

from extractors.errors import FeedError
from extractors.feeds.dates import parse_date
from extractors.feeds.markup import breaks_off_in_an_entry, count_entries, problem_of, repaired
from extractors.feeds.notes import Notes
from extractors.feeds.text import MAX_TITLE, clean, plain_text
from extractors.model import Entry, ParsedFeed
from extractors.urls import absolute_url

_MAX_DOCUMENT = 8_000_000  # characters; about ten seconds of reading
_MAX_LOOSE = 500_000  # characters that feedparser's own parser for broken XML is given
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'


def read_syndication(document: str, url: str, notes: Notes) -> ParsedFeed:
    """Return the feed in *document*, which begins with its root element.

    Raises FeedError "parse" where nothing can make sense of it. Whether it is a feed at all shows
    in its format, which is "" if it does not say so.
    """
    if len(document) > _MAX_DOCUMENT:
        notes.add(f"cut after {_MAX_DOCUMENT:,} characters of {len(document):,}")
        document = document[:_MAX_DOCUMENT]
    read, cut = _read(document, notes)
    version = _string(read.get("version"))
    base = url or _own_address(read.get("feed", {}))
    entries = [_entry(entry, base, version, notes) for entry in read.get("entries", ())]
    if cut and entries and not (entries[-1].url or entries[-1].guid):
        notes.add("dropped the entry in which the feed breaks off")
        entries.pop()
    feed = read.get("feed", {})
    title = plain_text(_string(feed.get("title")), MAX_TITLE)
    language = clean(_string(feed.get("language"))) or None
    return ParsedFeed(title, tuple(entries), language, version)


def _own_address(feed: Any) -> str:
    """Return what the feed calls itself, or its site: better than nothing to join links to."""
    own = [_string(link.get("href")) for link in feed.get("links", ()) if link.get("rel") == "self"]
    known = (absolute_url(link) for link in (*own, _string(feed.get("link"))))
    return next(filter(None, known), "")


def _read(document: str, notes: Notes) -> tuple[Any, bool]:
    """Return what feedparser makes of *document*, and whether that breaks off in an entry."""
    problem = problem_of(document)
    if problem is None:
        return _parsed(document, notes) or {}, False
    mended = repaired(document, notes)
    cut = breaks_off_in_an_entry(mended)
    if problem_of(mended) is None:
        return _parsed(mended, notes) or {}, cut
    recovered = _recovered(mended)
    read = _parsed(recovered, notes) if recovered else None
    found = len(read["entries"]) if read else 0
    if len(mended) <= _MAX_LOOSE and (not found or found < count_entries(mended)):
        loose = _parsed(mended, notes)
        read = loose if loose and len(loose["entries"]) > found else read or loose
    if read is None:
        raise FeedError("parse", f"broken XML: {problem}")
    return read, cut


def _parsed(document: str, notes: Notes) -> Any:
    """Return feedparser's result, or None where it fails.

    It is given a stream: a body that looks like a path or an address it would open. It is given no
    address to join links to, so that GUIDs stay what the publisher wrote.
    """
    stream = BytesIO(_DECLARATION + document.encode("utf-8", "replace"))
    try:
        return feedparser.parse(stream, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # noqa: BLE001 - its parsers raise whatever; the caller has others
        notes.add("feedparser failed", f"{type(error).__name__}: {error}")
        return None


def _recovered(document: str) -> str | None:
    """Return *document* as libxml2 mends it, which expands nothing and loads nothing."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        root = etree.fromstring(document.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    return None if root is None else str(etree.tostring(root, encoding="unicode"))


def _entry(entry: Any, base: str, version: str, notes: Notes) -> Entry:
    link = _link(entry)
    url = absolute_url(link, base) if link else None
    if link and not url:
        notes.add("link that cannot be fetched", link)
    published, updated = _dates(entry, notes)
    if version.startswith("rss"):
        published = published or updated  # dc:date, the only date that RSS 1.0 has
    detail = entry.get("title_detail") or {}
    return Entry(
        id="",
        feed_id="",
        url=url,
        title=plain_text(_string(entry.get("title")), MAX_TITLE),
        guid=clean(_string(entry.get("id"))) or None,
        summary=plain_text(_summary(entry)),
        published_at=published,
        updated_at=updated,
        authors=_authors(entry),
        language=clean(_string(detail.get("language"))) or None,
    )


def _link(entry: Any) -> str:
    """Return the entry's own page: its link, else an alternate of another type.

    feedparser lets a GUID stand in that says it is a permanent link, and Atom's id likewise.
    """
    link = _string(entry.get("link"))
    if link:
        return link
    links = [each for each in entry.get("links", ()) if each.get("rel") == "alternate"]
    return next((_string(each.get("href")) for each in links if each.get("href")), "")


def _dates(entry: Any, notes: Notes) -> tuple[datetime | None, datetime | None]:
    """Return when the entry was published and when it was updated."""
    written = {name: _string(entry.get(name)) for name in ("published", "created") if name in entry}
    if "updated" in entry:  # asked first: feedparser warns when it must fall back
        written["updated"] = _string(entry.get("updated"))
    updated = _date(written.get("updated", ""), notes)
    published = _date(written.get("published") or written.get("created") or "", notes)
    return published, updated


def _date(text: str, notes: Notes) -> datetime | None:
    if text.isascii():
        return parse_date(text, notes)
    quiet = Notes()
    moment = parse_date(text, quiet)
    if moment is None and (fields := feedparsers_date(text)):  # Korean, Greek, Hungarian
        moment = parse_date("{}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*fields[:6]), quiet)
    return moment or parse_date(text, notes)


def _summary(entry: Any) -> str:
    summary = _string(entry.get("summary"))
    if summary:
        return summary
    contents = (_string(content.get("value")) for content in entry.get("content", ()))
    return next(filter(None, contents), "")


def _authors(entry: Any) -> tuple[str, ...]:
    listed = [_string(author.get("name")) for author in entry.get("authors", ())]
    names = [plain_text(name, 200) for name in listed or [_string(entry.get("author"))]]
    return tuple(dict.fromkeys(filter(None, names)))


def _string(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
