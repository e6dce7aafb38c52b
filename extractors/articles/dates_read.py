"""A written date to a moment, with its zone if it names one. Half a date is none."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any

from dateutil import parser as dateutil_parser
from dateutil.tz import gettz

# What the text leaves out differs between the two; years are leap years, for 29 February.
_DEFAULTS = (datetime(2000, 1, 1), datetime(2004, 2, 2))  # noqa: DTZ001 - the text names the zone
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
# What most pages write, read without dateutil's guesses: twenty times as fast.
_ISO = re.compile(
    r"(?:19|20)\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{3}(?:\d{3})?)?(?:Z|[+-]\d\d:\d\d)",
    re.ASCII,
)
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


def read_date(text: str) -> tuple[datetime, bool] | None:
    """Return the moment that *text* names, in its zone or UTC, and whether it names a zone.

    None where year, month or day are missing: dateutil would take them from the clock.
    """
    text = text.strip()
    if not 6 <= len(text) <= 80:
        return None
    if text.isdigit():
        return _from_digits(text)
    return _from_iso(text) if _ISO.fullmatch(text) else _from_words(text)


def _from_words(text: str) -> tuple[datetime, bool] | None:
    one, other = (_parsed(text, default) for default in _DEFAULTS)
    if one is None or other is None or one.date() != other.date() or not _YEAR.search(text):
        return None
    if one.tzinfo is None:
        return one.replace(tzinfo=UTC), False
    try:
        return one.astimezone(timezone(one.utcoffset() or timedelta())), bool(_CLOCK.search(text))
    except (OverflowError, ValueError):
        return None


def _from_iso(text: str) -> tuple[datetime, bool] | None:
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(timezone(at.utcoffset() or timedelta())), True
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
    try:
        return dateutil_parser.parse(
            text,
            default=default,
            tzinfos=_tzinfos(),
            dayfirst=bool(_DOTTED.search(text)),
            fuzzy=False,
        )
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


@cache
def _tzinfos() -> dict[str, Any]:
    return {zone: gettz(name) for zone, name in _ZONES.items()}
