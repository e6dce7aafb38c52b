"""When an event was: the day closest to its trigger, and whether it is told of the past."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from extractors.events.dates import Day, days, months
from extractors.events.rules import Rule, Words

_REACH = 120  # characters from the trigger to its day
_RETOLD_REACH = 90
_NEWS_DAYS = 30  # an event that is longer past is told of, not news
_CRIME = re.compile(
    r"\b(?:murders?|killings?|slayings?|deaths?|convicted|sentenced|condemned|crimes?|shooting|robbery"
    r"|asesinato|muerte|crimen|condenad[oa]|meurtre|assassinat|mort|condamnée?|accusée?|Mord\w*|verurteilt"
    r"|held|imprisoned|jailed|pres[oa])\b",
    re.IGNORECASE,
)
# Where the text turns to somebody or something else, whose year is not the event's.
_ASIDE = re.compile(
    r";|\b(?:who|whose|whom|which|where|und der|und die|quien|cuyo|qui|dont|dessen|deren)\b"
)
_NEXT_CLAUSE = re.compile(r"[,;] (?:an?|the|his|her|their|which|who|but|and|while|as) |; ")
_OF_THE_DAY = re.compile(
    r"\b(?:for|to|of|until|through|para el|pour le|für den|auf den) (?:\w+ )?\Z", re.IGNORECASE
)
_HALF_A_YEAR = 180  # days: May 18, read in June of the year before, is next May
_BEFORE = 20  # a day before the trigger counts as so many characters further off


@dataclass(frozen=True, slots=True)
class When:
    """A day, what the text says of it as exactly as it does, and whether it is the past."""

    day: date | None
    when: str | None  # 2026, 2026-12 or 2026-12-05
    retold: bool


def when_of(
    text: str,
    span: tuple[int, int],
    match: re.Match[str],
    rule: Rule,
    words: Words,
    published: date | None,
) -> When:
    """Return when the event was; of an execution or a hearing that is set, when it is to be.

    What is told of the past has a day only where the text names the year.
    """
    retold = _is_retold(text, span, match, words, published)
    day = _day(text, span, match, rule, words, published, only_exact=retold)
    if day:
        return When(day, day.isoformat(), retold or _is_long_ago(day, published))
    month = _month(text, span, match, rule, words, published)
    return When(None, month, retold or _is_old(month, published))


def _is_retold(
    text: str, span: tuple[int, int], match: re.Match[str], words: Words, published: date | None
) -> bool:
    """Return whether the words around the trigger tell of the past: "a year after", "in 2019"."""
    begin = max(span[0], match.start() - _RETOLD_REACH)
    stop = min(span[1], match.end() + _RETOLD_REACH)
    this_year = str(published.year) if published else "9999"
    return any(
        all(year is None or year < this_year for year in (found["year"], found["year2"]))
        and not _is_of_the_crime(text, match, found)
        and not _ASIDE.search(text, match.end(), max(found.start(), match.end()))
        for found in words.retold.finditer(text, begin, stop)
    )


def _is_of_the_crime(text: str, match: re.Match[str], marker: re.Match[str]) -> bool:
    """Return whether the year is that of the crime: "executed for a murder in 1998"."""
    if marker.start() < match.end():
        return False
    return bool(_CRIME.search(text, match.end(), marker.start()))


def _is_long_ago(day: date, published: date | None) -> bool:
    return published is not None and (published - day).days > _NEWS_DAYS


def _is_old(month: str | None, published: date | None) -> bool:
    return bool(month and published and month < published.isoformat()[: len(month)])


def _day(
    text: str,
    span: tuple[int, int],
    match: re.Match[str],
    rule: Rule,
    words: Words,
    published: date | None,
    *,
    only_exact: bool,
) -> date | None:
    sentence = text[span[0] : span[1]]
    start, end = match.start() - span[0], match.end() - span[0]
    close = [
        (_far(one.start, one.end, start, end), one.day)
        for one in _possible(sentence, start, end, rule, published)
        if (one.exact or not only_exact) and not _is_beyond(sentence, end, one.start, words)
    ]
    within = [pair for pair in close if pair[0] <= _REACH]
    return min(within)[1] if within else None


def _possible(
    sentence: str, start: int, end: int, rule: Rule, published: date | None
) -> Iterator[Day]:
    """Yield the days that may be the event's own.

    "On Wednesday a judge set an Oct. 16 execution": Wednesday is when it was set, not the day set.
    """
    for one in days(sentence, published, ahead=rule.ahead):
        if rule.type == "stay" and _is_day_stayed(one, published):
            continue
        if not rule.ahead or _is_day_set(sentence, one, start, end, rule, published):
            yield one


def _is_day_stayed(one: Day, published: date | None) -> bool:
    """Return whether it is the execution's: "blocked Texas from executing him on May 18"."""
    if published is None or one.exact or one.day >= published:
        return False
    return not one.is_weekday and (published - one.day).days > _HALF_A_YEAR


def _is_day_set(
    sentence: str,
    one: Day,
    start: int,
    end: int,
    rule: Rule,
    published: date | None,
) -> bool:
    if published and not one.exact and one.day < published and rule.slot != "state":
        return False
    if rule.slot == "state" or start <= one.start < end:
        return not (one.is_weekday and one.end < start - 40)
    if one.is_weekday:
        return one.start >= end and bool(_OF_THE_DAY.search(sentence, 0, one.start))
    return one.start >= start - 30


def _month(
    text: str,
    span: tuple[int, int],
    match: re.Match[str],
    rule: Rule,
    words: Words,
    published: date | None,
) -> str | None:
    sentence = text[span[0] : span[1]]
    start, end = match.start() - span[0], match.end() - span[0]
    close = [
        (_far(one.start, one.end, start, end), one.when)
        for one in months(sentence, published, ahead=rule.ahead)
        if not _is_beyond(sentence, end, one.start, words)
    ]
    within = [pair for pair in close if pair[0] <= _RETOLD_REACH]
    return min(within)[1] if within else None


def _is_beyond(sentence: str, end: int, start: int, words: Words) -> bool:
    """Return whether a new clause begins between the trigger's end and a day's start."""
    if start <= end:
        return False
    return bool(
        _NEXT_CLAUSE.search(sentence, end, start) or words.clause.search(sentence, end, start)
    )


def _far(start: int, end: int, trigger_start: int, trigger_end: int) -> int:
    """Return how far a day stands from the trigger, in characters, 0 within it."""
    if start >= trigger_end:
        return start - trigger_end
    return max(trigger_start - end + _BEFORE, 0)
