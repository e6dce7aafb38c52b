"""When an article was published and updated, and who says so. Unknown stays None, never today."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from dateutil import parser as dateutil_parser
from dateutil.tz import gettz
from htmldate import find_date
from lxml.html import HtmlElement

from extractors.articles.jsonld import Node, strings
from extractors.articles.meta import Metas

# What the text leaves out differs between the two; years are leap years, for 29 February.
_DEFAULTS = (datetime(2000, 1, 1), datetime(2004, 2, 2))  # noqa: DTZ001 - the text names the zone
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)  # older than the web is a default, not a date

_PUBLISHED_METAS = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.issued",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "publish-date",
    "publish_date",
    "publishdate",
    "publication_date",
    "pubdate",
    "pdate",
    "article.published",
    "article_date_original",
    "originalpublicationdate",
    "bt:pubdate",
    "vf:domain_publish_date",
    "rnews:datepublished",
    "citation_publication_date",
    "citation_date",
    "date",
)
_UPDATED_METAS = (
    "article:modified_time",
    "og:updated_time",
    "og:article:modified_time",
    "article:updated",
    "article:modified",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "lastmod",
    "last-modified",
    "revision_date",
    "article.updated",
    "bt:moddate",
)
_TIME_ELEMENTS = (
    './/*[contains(@itemprop, "datePublished")]',
    ".//time[@pubdate]",
    './/time[contains(@class, "published") or contains(@class, "entry-date")]',
    ".//article//header//time[@datetime]",
    ".//h1/following::time[@datetime][position() <= 2]",
    ".//header//time[@datetime]",
)
_UPDATED_ELEMENTS = (
    './/*[contains(@itemprop, "dateModified")]',
    './/time[contains(@class, "updated") and not(contains(@class, "published"))]',
)
_IN_URL = re.compile(
    r"[/_-](?P<y>(?:19[9]|20[0-3])\d)(?P<s>[/_-])(?P<m>0?[1-9]|1[0-2])(?P=s)"
    r"(?P<d>0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
    r"|/(?P<y2>20[0-3]\d)(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
)
_ISO_DAY = re.compile(r"^\s*(\d{4})-(\d{2})-(\d{2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|['’]\d\d\b|\d[./-]\d\d?[./-]\d\d\b")
_CLOCK = re.compile(r"\d:\d\d|T\d{4}|\d\s*[ap]\.?m\b", re.IGNORECASE)
_ZONE_LETTERS = re.compile(r"\b([A-Z]{2,5})\b")
_ZONES = {
    "ET": "America/New_York",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "CT": "America/Chicago",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "MT": "America/Denver",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "PT": "America/Los_Angeles",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "BST": "Europe/London",
    "CET": "Europe/Paris",
    "CEST": "Europe/Paris",
    "AEST": "Australia/Sydney",
    "AEDT": "Australia/Sydney",
}
_NO_ZONES = {"AM", "PM", "GMT", "UTC", "Z", "T"}


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment in UTC. *has_zone* is False where the page named none, and UTC was assumed.

    *offset* is the zone that the page named, in minutes east of UTC: it tells the outlet's own day.
    """

    at: datetime
    has_zone: bool
    source: str
    offset: int | None = None


def published(
    nodes: Sequence[Node], metas: Metas, tree: HtmlElement, url: str, latest: datetime
) -> Stamp | None:
    """Return when the page says it was published, by the most trustworthy voice; None if silent.

    JSON-LD, then meta elements, time elements and the address. Days after *latest* do not count.
    """
    voices: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
        ("json_ld", lambda: _of_nodes(nodes, "datePublished", "uploadDate", "dateCreated")),
        ("meta", lambda: metas.values(*_PUBLISHED_METAS)),
        ("time_element", lambda: _of_elements(tree, _TIME_ELEMENTS)),
        ("url", lambda: in_url(url)),
    )
    stamps = (_first(source, values(), latest) for source, values in voices)
    return next((stamp for stamp in stamps if stamp), None)


def updated(
    nodes: Sequence[Node], metas: Metas, tree: HtmlElement, latest: datetime
) -> Stamp | None:
    """Return when the page says it was last changed, or None."""
    return (
        _first("json_ld", _of_nodes(nodes, "dateModified"), latest)
        or _first("meta", metas.values(*_UPDATED_METAS), latest)
        or _first("time_element", _of_elements(tree, _UPDATED_ELEMENTS), latest)
    )


def guessed(tree: HtmlElement, text: str, latest: datetime) -> Stamp | None:
    """Return the day that htmldate finds on the page, if the page really shows that day.

    htmldate alone turns a bare year into the first of January.
    """
    found = find_date(
        tree,
        extensive_search=False,
        original_date=True,
        url="",  # not None: it would look for a canonical link
        min_date=OLDEST.replace(tzinfo=None),
        max_date=latest.replace(tzinfo=None),
    )
    if not found or not _shows(text, found):
        return None
    return _first("htmldate", iter((found,)), latest)


def from_feed(at: datetime | None, latest: datetime) -> Stamp | None:
    """Return the feed's own date of the entry, if it may be true."""
    if at is None or not OLDEST <= at <= latest:
        return None
    return Stamp(at.astimezone(UTC), has_zone=True, source="feed")


def in_url(url: str) -> Iterator[str]:
    """Yield the day that stands in the path of *url*, as year-month-day."""
    for match in _IN_URL.finditer(url.partition("?")[0]):
        year = match["y"] or match["y2"]
        month = match["m"] or match["m2"]
        day = match["d"] or match["d2"]
        yield f"{year}-{int(month):02}-{int(day):02}"


def read_date(text: str) -> tuple[datetime, bool] | None:
    """Return the moment that *text* names, in its zone or UTC, and whether it names a zone.

    None where year, month or day are missing: dateutil would take them from the clock.
    """
    text = text.strip()
    if not 6 <= len(text) <= 80:
        return None
    if text.isdigit():
        return _from_digits(text)
    one, other = (_parsed(text, default) for default in _DEFAULTS)
    if one is None or other is None or one.date() != other.date() or not _YEAR.search(text):
        return None
    if one.tzinfo is None:
        return one.replace(tzinfo=UTC), False
    try:
        return one.astimezone(timezone(one.utcoffset() or timedelta())), bool(_CLOCK.search(text))
    except (OverflowError, ValueError):
        return None


def _from_digits(text: str) -> tuple[datetime, bool] | None:
    try:
        if len(text) == 8:
            return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC), False
        if len(text) == 14:
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC), False
        if len(text) in {10, 13}:  # Unix time, in seconds or milliseconds
            return datetime.fromtimestamp(int(text[:10]), UTC), True
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _parsed(text: str, default: datetime) -> datetime | None:
    letters = set(_ZONE_LETTERS.findall(text)) - _NO_ZONES
    unknown = [zone for zone in letters if zone not in _ZONES]
    for zone in unknown:  # dateutil warns of them, and may read another month into them
        if zone.title()[:3] not in _MONTHS_AND_DAYS:
            text = text.replace(zone, " ")
    tzinfos: dict[str, Any] = {zone: gettz(name) for zone, name in _ZONES.items()}
    try:
        return dateutil_parser.parse(
            text, default=default, tzinfos=tzinfos, dayfirst=bool(_DOTTED.search(text)), fuzzy=False
        )
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


_DOTTED = re.compile(r"(?<!\d)\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d)(?!\d)")  # 01.06.2026: 1 June
_MONTHS_AND_DAYS = frozenset(
    [
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
        "Mon",
        "Tue",
        "Wed",
        "Thu",
        "Fri",
        "Sat",
        "Sun",
    ]
)


def _first(source: str, values: Iterator[str], latest: datetime) -> Stamp | None:
    for value in values:
        read = read_date(value)
        if read and OLDEST <= read[0] <= latest:
            at, has_zone = read
            offset = round((at.utcoffset() or timedelta()).total_seconds() / 60)
            return Stamp(at.astimezone(UTC), has_zone, source, offset if has_zone else None)
    return None


def _of_nodes(nodes: Sequence[Node], *keys: str) -> Iterator[str]:
    for key in keys:
        for node in nodes:
            yield from strings(node.get(key))


def _of_elements(tree: HtmlElement, paths: Sequence[str]) -> Iterator[str]:
    for path in paths:
        for element in tree.xpath(path)[:3]:
            yield from (
                value
                for value in (element.get("datetime"), element.get("content"), element.get("title"))
                if value
            )
            yield element.text_content()[:80]


def _shows(text: str, day: str) -> bool:
    """Return whether *text* shows the year and the day of the month of *day* close together."""
    at = date.fromisoformat(day)
    number, year = (
        rf"(?<!\d)0?{at.day}(?!\d)",
        rf"(?<!\d)(?:{at.year}|['’./-]{at.year % 100:02})(?!\d)",
    )
    near = rf"{number}.{{0,16}}?{year}|{year}.{{0,16}}?{number}|{at:%Y%m%d}"
    return re.search(near, text, re.DOTALL) is not None
