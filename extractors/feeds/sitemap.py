"""Sitemaps: Google News sitemaps, and plain ones, which promise addresses only."""

from __future__ import annotations

from io import BytesIO

from lxml import etree

from extractors.feeds.dates import parse_date
from extractors.feeds.notes import Notes
from extractors.feeds.text import MAX_TITLE, clean, plain_text
from extractors.model import Entry, ParsedFeed
from extractors.urls import absolute_url

MAX_ENTRIES = 50_000  # the limit of the sitemap protocol


def read_sitemap(document: str, url: str, notes: Notes) -> ParsedFeed:
    """Return the feed in *document*, XML without a DOCTYPE. No entity is expanded, nothing loaded.

    Its title is the publication's name, where one is given.
    """
    entries: list[Entry] = []
    title, news = "", False
    events = etree.iterparse(
        BytesIO(document.encode("utf-8", "replace")),
        events=("end",),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    for _, element in events:
        if _name(element) != "url":
            continue
        fields = _fields(element)
        element.clear()
        if len(entries) == MAX_ENTRIES:
            notes.add(f"more than {MAX_ENTRIES:,} addresses; the rest was not read")
            break
        title = title or fields.get("name", "")
        news = news or "publication_date" in fields
        if "loc" in fields:
            entries.append(_entry(fields, url, notes))
    return ParsedFeed(
        plain_text(title), tuple(entries), None, "news_sitemap" if news else "sitemap"
    )


def _fields(element: etree._Element) -> dict[str, str]:
    """Return the first text of each element below *element*, but those of images and videos."""
    fields: dict[str, str] = {}
    for child in element.iter():
        space = child.tag.rpartition("}")[0] if isinstance(child.tag, str) else ""
        text = "".join(child.itertext()) if isinstance(child.tag, str) and not len(child) else ""
        if text.strip() and "image" not in space and "video" not in space:
            fields.setdefault(_name(child), text.strip())
    return fields


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _entry(fields: dict[str, str], base: str, notes: Notes) -> Entry:
    loc = fields["loc"]
    url = absolute_url(loc, base)
    if not url:
        notes.add("link that cannot be fetched", loc)
    return Entry(
        id="",
        feed_id="",
        url=url,
        title=plain_text(fields.get("title", ""), MAX_TITLE),
        published_at=parse_date(fields.get("publication_date", ""), notes),
        updated_at=parse_date(fields.get("lastmod", ""), notes),
        language=clean(fields.get("language", "")) or None,
    )


def sitemaps_in(body: bytes, url: str) -> tuple[str, ...] | None:
    """Return the sitemaps that a sitemap index lists, in its order; None if *body* is none."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return None
    if root is None or _name(root) != "sitemapindex":
        return None
    listed = [fields.get("loc", "") for fields in map(_fields, root)]
    return tuple(filter(None, (absolute_url(loc, url) for loc in listed)))
