"""The day that a sentence speaks of, resolved against the day of publication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_MONTHS = {
    **dict.fromkeys(["jan", "january", "enero", "janvier", "januar", "jänner"], 1),
    **dict.fromkeys(["feb", "february", "febrero", "février", "fevrier", "februar"], 2),
    **dict.fromkeys(["mar", "march", "marzo", "mars", "märz"], 3),
    **dict.fromkeys(["apr", "april", "abril", "avril"], 4),
    **dict.fromkeys(["may", "mayo", "mai"], 5),
    **dict.fromkeys(["jun", "june", "junio", "juin", "juni"], 6),
    **dict.fromkeys(["jul", "july", "julio", "juillet", "juli"], 7),
    **dict.fromkeys(["aug", "august", "agosto", "août", "aout"], 8),
    **dict.fromkeys(["sep", "sept", "september", "septiembre", "septembre"], 9),
    **dict.fromkeys(["oct", "october", "octubre", "octobre", "oktober"], 10),
    **dict.fromkeys(["nov", "november", "noviembre", "novembre"], 11),
    **dict.fromkeys(["dec", "december", "diciembre", "décembre", "dezember"], 12),
}
_WEEKDAYS = {
    **dict.fromkeys(["monday", "lunes", "lundi", "montag"], 0),
    **dict.fromkeys(["tuesday", "martes", "mardi", "dienstag"], 1),
    **dict.fromkeys(["wednesday", "miércoles", "mercredi", "mittwoch"], 2),
    **dict.fromkeys(["thursday", "jueves", "jeudi", "donnerstag"], 3),
    **dict.fromkeys(["friday", "viernes", "vendredi", "freitag"], 4),
    **dict.fromkeys(["saturday", "sábado", "samedi", "samstag", "sonnabend"], 5),
    **dict.fromkeys(["sunday", "domingo", "dimanche", "sonntag"], 6),
}
_NEAR_DAYS = {
    "yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "ayer": -1, "hoy": 0, "hier": -1,
    "aujourd’hui": 0, "aujourd'hui": 0, "demain": 1, "gestern": -1, "heute": 0, "vorgestern": -2,
    "übermorgen": 2, "anteayer": -2,
}  # fmt: skip
_NEXT_WORDS = "next|nächsten|kommenden|próximo|prochain"
_LAST_WORDS = "last|past|letzten|vergangenen|pasado|dernier"
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_MONTH_DAY = re.compile(
    rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?!\d|:\d|,\d{{3}})(?:,? (\d{{4}}))?\b",
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:\.|º|er|st|nd|rd|th)? (?:de |of )?({_MONTH})\b\.?"
    r"(?:,? (?:de |del )?(\d{4}))?",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    rf"\b(?:({_NEXT_WORDS}|{_LAST_WORDS}|this) )?({'|'.join(_WEEKDAYS)})\b"
    rf"(?: ({_NEXT_WORDS}|{_LAST_WORDS})\b)?",
    re.IGNORECASE,
)
_NEAR = re.compile(rf"\b({'|'.join(_NEAR_DAYS)})\b", re.IGNORECASE)
_NEXT = frozenset(_NEXT_WORDS.split("|"))
_LAST = frozenset(_LAST_WORDS.split("|"))
_RELATIVE_MONTH = re.compile(
    r"\b(?:(?P<next>next month|el próximo mes|el mes próximo|le mois prochain"
    r"|(?:im )?nächsten Monat)"
    r"|(?P<this>this month|later this month|este mes|ce mois|diesen Monat)"
    r"|(?P<last>last month|el mes pasado|le mois dernier|(?:im )?letzten Monat))\b",
    re.IGNORECASE,
)
_BARE_MONTH = re.compile(
    rf"\b(?:in|until|for|en|im|bis|early|late|mid)[ -](?:early |late |mid-|de )?({_MONTH})\b\.?"
    r"(?! \d{1,2}\b)(?:,? (?:de |del )?(\d{4}))?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:in|en|im|since|of|back in|im Jahr|Jahr) ((?:19|20)\d\d)\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_TOLD_AS_PLAN = 60  # days: a date just gone may still be told as a plan


@dataclass(frozen=True, slots=True)
class Day:
    """A day that a text speaks of, and where. *exact*: the text names its year."""

    day: date
    start: int
    end: int
    exact: bool = False
    is_weekday: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month or a year that a text speaks of: "2026-12", "2015", and where."""

    when: str
    start: int
    end: int


@lru_cache(maxsize=64)  # asked for again by each trigger of the sentence
def days(sentence: str, published: date | None, *, ahead: bool) -> tuple[Day, ...]:
    """Return the days that *sentence* names, in reading order; offsets into the sentence.

    Month and day without a year, and weekdays, need *published*: the next such day on or after it
    where the event lies *ahead*, else the last one on or before it.
    """
    has_number = _DIGIT.search(sentence) is not None
    found = [*_full_dates(sentence, published, ahead=ahead)] if has_number else []
    if published:
        found.extend(_relative(sentence, published, ahead=ahead))
    return tuple(sorted(found, key=lambda one: one.start))


@lru_cache(maxsize=64)
def months(sentence: str, published: date | None, *, ahead: bool) -> tuple[Month, ...]:
    """Return the months and years that *sentence* names without a day, in reading order."""
    if published is None and not _DIGIT.search(sentence):
        return ()
    found = [Month(year[1], *year.span()) for year in _YEAR.finditer(sentence)]
    for month in _BARE_MONTH.finditer(sentence):
        year = _year_of(month[2], _MONTHS[month[1].lower()], published, ahead=ahead)
        if year:
            found.append(Month(f"{year}-{_MONTHS[month[1].lower()]:02}", *month.span()))
    if published:
        found.extend(
            Month(_shifted(published, one.lastgroup or ""), *one.span())
            for one in _RELATIVE_MONTH.finditer(sentence)
        )
    return tuple(sorted(found, key=lambda one: one.start))


def _year_of(year: str | None, month: int, published: date | None, *, ahead: bool) -> int | None:
    if year or published is None:
        return int(year) if year else None
    if ahead and month < published.month:
        return published.year + 1
    if not ahead and month > published.month:
        return published.year - 1
    return published.year


def _shifted(published: date, how: str) -> str:
    number = published.year * 12 + published.month - 1 + {"next": 1, "this": 0, "last": -1}[how]
    return f"{number // 12}-{number % 12 + 1:02}"


def _full_dates(sentence: str, published: date | None, *, ahead: bool) -> Iterator[Day]:
    for found in _ISO.finditer(sentence):
        day = _date(int(found[1]), int(found[2]), int(found[3]))
        if day:
            yield Day(day, *found.span(), exact=True)
    for pattern, month_at, day_at in ((_MONTH_DAY, 1, 2), (_DAY_MONTH, 2, 1)):
        for found in pattern.finditer(sentence):
            month, number = _MONTHS[found[month_at].lower()], int(found[day_at])
            day = _with_year(found[3], month, number, published, ahead=ahead)
            if day:
                yield Day(day, *found.span(), exact=found[3] is not None)


def _with_year(
    year: str | None, month: int, day: int, published: date | None, *, ahead: bool
) -> date | None:
    if year:
        return _date(int(year), month, day)
    if published is None:
        return None
    near = _date(published.year, month, day)
    if near is None:
        return None
    if ahead and (published - near).days > _TOLD_AS_PLAN:
        return _date(published.year + 1, month, day)
    if not ahead and (near - published).days > 1:
        return _date(published.year - 1, month, day)
    return near


def _relative(sentence: str, published: date, *, ahead: bool) -> Iterator[Day]:
    for found in _NEAR.finditer(sentence):
        shift = timedelta(days=_NEAR_DAYS[found[1].lower()])
        yield Day(published + shift, *found.span())
    for found in _WEEKDAY.finditer(sentence):
        weekday = _WEEKDAYS[found[2].lower()]
        said = (found[1] or found[3] or "").lower()
        future = said in _NEXT or (ahead and said not in _LAST)
        yield Day(_weekday(published, weekday, ahead=future), *found.span(), is_weekday=True)


def _weekday(published: date, weekday: int, *, ahead: bool) -> date:
    if ahead:
        return published + timedelta(days=(weekday - published.weekday()) % 7)
    return published - timedelta(days=(published.weekday() - weekday) % 7)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
