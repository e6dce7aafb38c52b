"""When an article was published and updated, and who says so. Unknown stays None, never today."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from htmldate import find_date

from extractors.articles.dates_read import read_date
from extractors.articles.dates_shown import Shown, offset_between
from extractors.articles.jsonld import Node, strings
from extractors.articles.meta import Metas
from extractors.articles.outline import Outline

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
    "published",
    "pub_date",
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
    "article_date_updated",
    "modified",
    "bt:moddate",
)
_PUBLISHED_LABEL = './/*[contains(@itemprop, "datePublished")]'
_TIME_ELEMENTS = (
    ".//time[@pubdate]",
    './/time[contains(@class, "published") or contains(@class, "entry-date")]',
    ".//article//header//time[@datetime]",
    ".//h1/following::time[@datetime][position() <= 2]",
    ".//header//time[@datetime]",
)
_UPDATED_LABEL = './/*[contains(@itemprop, "dateModified")]'
_UPDATED_ELEMENTS = ('.//time[contains(@class, "updated") and not(contains(@class, "published"))]',)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_IN_URL = re.compile(
    rf"/(?P<y>20[0-3]\d)/(?P<m>(?:{'|'.join(_MONTHS)})[a-z]*)/(?P<d>0?[1-9]|[12]\d|3[01])/"
)
_IN_URL = re.compile(
    r"[/_-](?P<y>(?:19[9]|20[0-3])\d)(?P<s>[/_-])(?P<m>0?[1-9]|1[0-2])(?P=s)"
    r"(?P<d>0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
    r"|/(?P<y2>20[0-3]\d)(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
)
# What every day that `_shows` finds looks like.
_YEARLY = r"(?:(?:19|20)\d\d|['’./-]\d\d)(?!\d)"
_A_DAY = re.compile(
    rf"(?<!\d)[0-3]?\d(?!\d).{{0,16}}?{_YEARLY}|{_YEARLY}.{{0,16}}?(?<!\d)[0-3]?\d(?!\d)"
    r"|(?:19|20)\d{6}",
    re.DOTALL,
)


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
    nodes: Sequence[Node], metas: Metas, outline: Outline, url: str, latest: datetime
) -> Stamp | None:
    """Return when the page says it was published, by the most trustworthy voice; None if silent.

    JSON-LD, then meta elements, time elements and the address. Days after *latest* do not count.
    """
    voices: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
        ("json_ld", lambda: _of_nodes(nodes, "datePublished", "uploadDate", "dateCreated")),
        ("meta", lambda: metas.values(*_PUBLISHED_METAS)),
        ("time_element", lambda: _of_elements(outline, _PUBLISHED_LABEL, _TIME_ELEMENTS)),
        ("url", lambda: in_url(url)),
    )
    stamps = (_first(source, values(), latest) for source, values in voices)
    return next((stamp for stamp in stamps if stamp), None)


def in_own_zone(stamp: Stamp, metas: Metas, url: str, shown: Sequence[Shown]) -> Stamp:
    """Return *stamp* with the outlet's zone where the page wrote UTC and tells elsewhere.

    Machines write 02:00 UTC; the page, its address or another meta element says the day before.
    """
    if stamp.offset != 0 or stamp.at.time() == time(0):
        return stamp
    for value in metas.values(*_PUBLISHED_METAS):
        read = read_date(value)
        if read and read[1] and read[0] == stamp.at and read[0].utcoffset():
            return replace(stamp, offset=_minutes(read[0]))
    days = [Shown(date.fromisoformat(day)) for day in in_url(url) if _is_day(day)]
    told = [*days, *(one for one in shown if not one.updated)]
    if any(one.day == stamp.at.date() for one in told):
        return stamp
    offsets = (offset_between(stamp.at, one) for one in told)
    return replace(stamp, offset=next((each for each in offsets if each is not None), 0))


def from_page(shown: Sequence[Shown], latest: datetime) -> Stamp | None:
    """Return the day that the page shows beside its headline; an update's only if no other."""
    for one in sorted(shown, key=lambda one: one.updated):
        at = datetime.combine(one.day, one.clock or time(0), tzinfo=UTC)
        if OLDEST <= at <= latest:
            return Stamp(at, has_zone=False, source="shown")
    return None


def updated(
    nodes: Sequence[Node], metas: Metas, outline: Outline, latest: datetime
) -> Stamp | None:
    """Return when the page says it was last changed, or None."""
    return (
        _first("json_ld", _of_nodes(nodes, "dateModified"), latest)
        or _first("meta", metas.values(*_UPDATED_METAS), latest)
        or _first("time_element", _of_elements(outline, _UPDATED_LABEL, _UPDATED_ELEMENTS), latest)
    )


def guessed(outline: Outline, text: str, latest: datetime) -> Stamp | None:
    """Return the day that htmldate finds on the page, if the page really shows that day.

    htmldate alone turns a bare year into the first of January.
    """
    if not _A_DAY.search(text):
        return None  # whatever htmldate took its time to find, the page would not show it
    found = find_date(
        outline.tree,
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
    for match in _NAMED_IN_URL.finditer(url.partition("?")[0].lower()):
        yield f"{match['y']}-{_MONTHS.index(match['m'][:3]) + 1:02}-{int(match['d']):02}"
    for match in _IN_URL.finditer(url.partition("?")[0]):
        year = match["y"] or match["y2"]
        month = match["m"] or match["m2"]
        day = match["d"] or match["d2"]
        yield f"{year}-{int(month):02}-{int(day):02}"


def _first(source: str, values: Iterator[str], latest: datetime) -> Stamp | None:
    for value in values:
        read = read_date(value)
        if read and OLDEST <= read[0] <= latest:
            at, has_zone = read
            return Stamp(at.astimezone(UTC), has_zone, source, _minutes(at) if has_zone else None)
    return None


def _minutes(at: datetime) -> int:
    return round((at.utcoffset() or timedelta()).total_seconds() / 60)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:  # the 31st of June
        return False
    return True


def _of_nodes(nodes: Sequence[Node], *keys: str) -> Iterator[str]:
    for key in keys:
        for node in nodes:
            yield from strings(node.get(key))


def _of_elements(outline: Outline, label: str, times: Sequence[str]) -> Iterator[str]:
    paths = (label,) if outline.labelled("datepublished", "datemodified") else ()
    if outline.tree.find(".//time") is not None:
        paths = (*paths, *times)
    for path in paths:
        for element in outline.tree.xpath(path)[:3]:
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
