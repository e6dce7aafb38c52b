"""The dates of feeds: aware UTC, or None with a reason. Nothing is invented."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from extractors.feeds.notes import Notes

FIRST_YEAR, LAST_YEAR = 1900, 2100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # what software writes that knows no date

_ISO = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})"
    r"(?:(?:\s*T\s*|[\s,]+)(\d{1,2}):?(\d{2})(?::?(\d{1,2})(?:[.,:]\d+)?)?)?\s*([A-Z(\[+-].*)?",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:[.,]\d+)?\s*([ap]\.?m\.?)?", re.IGNORECASE
)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s.,-]*([^\W\d_]{3,})[\s.,/-]*(\d{4}|\d{2})\b")
_MONTH_DAY = re.compile(
    r"([^\W\d_]{3,})[\s.]*(\d{1,2})(?:st|nd|rd|th)?\b(.*?)\b(\d{4})\b", re.DOTALL
)
_OFFSET = re.compile(r"(?:GMT|UTC?|Z)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen",
            "feb fév fev",
            "mar mär mrz",
            "apr abr avr",
            "may mai mag mei maj",
            "jun giu juin",
            "jul lug juil",
            "aug ago aoû aou",
            "sep set",
            "oct okt ott out",
            "nov",
            "dec dez dic déc",
        ),
        start=1,
    )
    for name in names.split()
}
# Hours from UTC. Where a name has several meanings (IST, BST, CST), the one that feeds use most.
_ZONES = {
    "z": 0, "gmt": 0, "ut": 0, "utc": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "met": 1,
    "mez": 1, "cest": 2, "mest": 2, "mesz": 2, "eet": 2, "sast": 2, "eest": 3, "msk": 3, "msd": 4,
    "ist": 5.5, "wib": 7, "hkt": 8, "sgt": 8, "awst": 8, "kst": 9, "jst": 9, "acst": 9.5,
    "aest": 10, "acdt": 10.5, "aedt": 11, "nzst": 12, "nzdt": 13,
    "ndt": -2.5, "nst": -3.5, "adt": -3, "ast": -4, "at": -4, "art": -3, "brt": -3,
    "edt": -4, "est": -5, "et": -5, "cdt": -5, "cst": -6, "ct": -6, "mdt": -6, "mst": -7, "mt": -7,
    "pdt": -7, "pst": -8, "pt": -8, "akdt": -8, "akst": -9, "hst": -10,
}  # fmt: skip


def plausible(published: datetime | None, now: datetime) -> datetime | None:
    """Return *published*, or None where it lies later than a day after *now*."""
    if published is None or published > now + timedelta(days=1):
        return None
    return published


def parse_date(text: str, notes: Notes) -> datetime | None:
    """Return the moment that *text* names, in UTC; None, with a note, where it names none.

    A day without a time is its midnight; a time without a known zone is read as UTC, and noted.
    A year or a month alone is no date.
    """
    text = " ".join(text.split())
    if not text:
        return None
    moment = _moment(text, notes) if len(text) <= 100 else None
    if moment is None:
        notes.add("unreadable date", text)
    elif moment == _EPOCH or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        notes.add("impossible date", text)
        return None
    return moment


def _moment(text: str, notes: Notes) -> datetime | None:
    iso = _ISO.fullmatch(text)
    try:
        if iso:
            year, _, month, day, hour, minute, second, zone = iso.groups()
            moment = _clock(datetime(int(year), int(month), int(day)), hour, minute, second)  # noqa: DTZ001 - the zone follows
            return _in_utc(moment, zone or "", bool(hour), notes)
        return _in_words(text, notes)
    except (ValueError, OverflowError):  # the 31st of February; year 0
        return None


def _in_words(text: str, notes: Notes) -> datetime | None:
    """Read RFC 822, asctime and their many relatives: a named month tells day from year."""
    time = _TIME.search(text)
    rest = text[: time.start()] + " " + text[time.end() :] if time else text
    day = _day(rest)
    if day is None:
        return None
    if not time:
        return _in_utc(day[0], "", False, notes)
    hour, minute, second, half = time.groups()
    if half:
        hour = str(int(hour) % 12 + (12 if half[0] in "pP" else 0))
    return _in_utc(_clock(day[0], hour, minute, second), day[1], True, notes)


def _day(text: str) -> tuple[datetime, str] | None:
    """Return the day that *text* names and what is left of it, which should be a zone."""
    match = _DAY_MONTH.search(text)
    if match and (month := _month(match[2])):
        return datetime(_year(match[3]), month, int(match[1])), text[match.end() :].strip()  # noqa: DTZ001 - the zone follows
    for match in _MONTH_DAY.finditer(text):
        if month := _month(match[1]):
            left = f"{match[3]} {text[match.end() :]}".strip(" ,")
            return datetime(int(match[4]), month, int(match[2])), left  # noqa: DTZ001 - as above
    return None


def _month(name: str) -> int | None:
    name = name.lower()
    return _MONTHS.get(name[:4]) or _MONTHS.get(name[:3])


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 70 else 2000)


def _clock(day: datetime, hour: str | None, minute: str | None, second: str | None) -> datetime:
    hours, minutes, seconds = int(hour or 0), int(minute or 0), min(int(second or 0), 59)
    if hours == 24 and not minutes:
        return day + timedelta(days=1)
    return day.replace(hour=hours, minute=minutes, second=seconds)


def _in_utc(moment: datetime, zone: str, timed: bool, notes: Notes) -> datetime:
    zone = zone.strip(" ()[],").removeprefix("Etc/")
    offset = _hours(zone) if zone else None
    if timed and not zone:
        notes.add("time without a zone, read as UTC")
    elif timed and offset is None:
        notes.add("time in an unknown zone, read as UTC", zone)
    return (moment - timedelta(hours=offset or 0)).replace(tzinfo=UTC)


def _hours(zone: str) -> float | None:
    match = _OFFSET.match(zone)
    if not match:
        return _ZONES.get(re.split(r"[\s(]", zone, maxsplit=1)[0].lower())
    sign, hours, minutes = match.groups()
    offset = int(hours) + int(minutes or 0) / 60
    return (-offset if sign == "-" else offset) if offset <= 15 else None
