"""JSON Feed 1.0 and 1.1, forgiving: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

import json
import re
from typing import Any

from extractors.errors import FeedError
from extractors.feeds.dates import parse_date
from extractors.feeds.notes import Notes
from extractors.feeds.text import MAX_TITLE, clean, plain_text
from extractors.model import Entry, ParsedFeed
from extractors.urls import absolute_url

_VERSION = re.compile(r"jsonfeed\.org/version/(\S+)|(1(?:\.[01])?)\Z")
_ITEMS = re.compile(r'"items"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")


def read_json(text: str, url: str, notes: Notes) -> ParsedFeed:
    """Return the feed in *text*. Raises FeedError "parse" or "not_a_feed"."""
    feed = _loaded(text, notes)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(items, list):
        raise FeedError("not_a_feed", "JSON without a list of items")
    version = _VERSION.search(_string(feed.get("version")))
    if not version and not any(isinstance(item, dict) and "id" in item for item in items):
        raise FeedError("not_a_feed", "JSON that does not say it is a JSON Feed")
    if not version:
        notes.add("JSON Feed without its version")
    language = _string(feed.get("language")) or None
    base = url or _string(feed.get("feed_url")) or _string(feed.get("home_page_url"))
    entries = [_entry(item, base, language, notes) for item in items if isinstance(item, dict)]
    if len(entries) < len(items):
        notes.add(f"{len(items) - len(entries)} items are no objects")
    title = plain_text(_string(feed.get("title")), MAX_TITLE)
    return ParsedFeed(title, tuple(entries), language, "json")


def _loaded(text: str, notes: Notes) -> Any:
    try:
        return json.loads(text, strict=False)
    except RecursionError as error:
        raise FeedError("parse", "JSON nested too deeply") from error
    except ValueError as error:  # JSONDecodeError, or an integer of thousands of digits
        partial = _read_so_far(text)
        if partial is None:
            raise FeedError("parse", f"broken JSON: {error}") from error
        notes.add(f"broken JSON, read up to the break: {error}")
        return partial


def _read_so_far(text: str) -> dict[str, Any] | None:
    """Return what stands before the break: the head's strings and the items that are whole."""
    start = _ITEMS.search(text)
    if not start:
        return None
    head = dict(re.findall(r'"(version|title|language)"\s*:\s*"([^"\\]*)"', text[: start.start()]))
    decoder, position = json.JSONDecoder(strict=False), start.end()
    items: list[Any] = []
    while True:
        between = _BETWEEN.match(text, position)
        try:
            item, position = decoder.raw_decode(text, between.end() if between else position)
        except (ValueError, RecursionError):
            return {**head, "items": items}
        items.append(item)


def _entry(item: dict[str, Any], base: str, language: str | None, notes: Notes) -> Entry:
    link = _string(item.get("url")) or _string(item.get("external_url"))
    url = absolute_url(link, base) if link else None
    if link and not url:
        notes.add("link that cannot be fetched", link)
    summary = next(
        (_string(item.get(name)) for name in ("summary", "content_text", "content_html")
         if _string(item.get(name))),
        "",
    )  # fmt: skip
    return Entry(
        id="",
        feed_id="",
        url=url,
        title=plain_text(_string(item.get("title")), MAX_TITLE),
        guid=clean(_string(item.get("id"))) or None,
        summary=plain_text(summary),
        published_at=parse_date(_string(item.get("date_published")), notes),
        updated_at=parse_date(_string(item.get("date_modified")), notes),
        authors=_authors(item),
        language=_string(item.get("language")) or language,
    )


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    listed = item.get("authors")
    found = [item.get("author"), *(listed if isinstance(listed, list) else ())]
    names = [_string(author.get("name")) for author in found if isinstance(author, dict)]
    return tuple(dict.fromkeys(filter(None, (plain_text(name, 200) for name in names))))


def _string(value: Any) -> str:
    """Return *value* if it is text, a number as text (1.0 allows them as ids), "" otherwise."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""
