"""The day that a page shows beside its headline: what readers take for the day of publication."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice

from lxml.html import HtmlElement

from extractors.articles.outline import Outline

_BEFORE, _BEHIND = 40, 120  # elements around the headline in which its byline stands
_START = 300  # elements from the top, where there is no headline
_LONGEST = 90  # code points of a byline with its date
_MOST_WORDS = 6  # beside the date; more is a headline or a sentence that names a day

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner enero ene janvier janv gennaio gen janeiro januari",
            "february feb februar febrero février févr febbraio fevereiro fev februari",
            "march mar märz mrz marzo mars março maart",
            "april apr abril abr avril avr aprile",
            "may mai mayo mag maggio maio mei",
            "june jun juni junio juin giugno giu junho",
            "july jul juli julio juillet juil luglio lug julho",
            "august aug agosto ago août augustus",
            "september sep sept septiembre septembre settembre set setembro",
            "october oct oktober okt octubre octobre ottobre ott outubro out",
            "november nov noviembre novembre novembro",
            "december dec dezember dez diciembre dic décembre déc dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY, _YEAR = r"(?P<day>\d{1,2})(?!\d)", r"(?P<year>(?:19|20)\d\d)(?!\d)"
_WRITTEN = (
    re.compile(rf"\b{_MONTH}\s*{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}", re.IGNORECASE),
    re.compile(
        rf"(?<!\d){_DAY}(?:st|nd|rd|th|er|º|\.)?[\s-]+(?:de\s+|of\s+)?{_MONTH},?[\s-]+(?:del?\s+)?{_YEAR}",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\d/])(?P<year>(?:19|20)\d\d)\s*[年년./-]\s*(?P<month>\d{1,2})\s*[月월./-]\s*"
        r"(?P<day>\d{1,2})(?![\d/])"
    ),
    re.compile(rf"(?<![\d./-])(?P<month>\d{{1,2}})(?P<mark>[./-]){_DAY}(?P=mark){_YEAR}"),
)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.](\d\d)(?::\d\d)?\s*([ap]\.?\s?m\b)?", re.IGNORECASE)
_UPDATED = re.compile(
    r"update|modified|edited|reviewed|revised|aktualisiert|actualizado|mis à jour|aggiornato"
    r"|atualizado|更新|改訂",
    re.IGNORECASE,
)
_NO_DATE_OF_IT = re.compile(r"©|copyright|\bborn\b|retrieved|event|join|since|until", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"comment|related|recommend|sidebar|footer|promo|teaser|widget|trending|popular", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_SILENT = frozenset({"script", "style", "noscript", "template", "option", "head", "meta", "link"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A day as the page shows it by its own clock, with the time if it shows one."""

    day: date
    clock: time | None = None
    updated: bool = False  # its label says that the page was changed then


def shown_days(outline: Outline, title: str, *, day_first: bool) -> tuple[Shown, ...]:
    """Return the days that stand beside the headline *title*, nearest first, those behind it first.

    *day_first* reads 3/4/2026 as the third of April.
    """
    found = (_shown(element, day_first=day_first) for element in _near(outline, title))
    return tuple(dict.fromkeys(shown for shown in found if shown))


def read_shown(text: str, *, day_first: bool = False) -> Shown | None:
    """Return the day that a short *text* names, with its time; None for none, or for a sentence."""
    for pattern in _WRITTEN:
        match = pattern.search(text)
        day = _day(match, day_first=day_first) if match else None
        if match is None or day is None:
            continue
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        if len(_WORDS.findall(rest)) > _MOST_WORDS or _NO_DATE_OF_IT.search(rest):
            return None
        return Shown(day, _clock(rest), bool(_UPDATED.search(text[: match.start()])))
    return None


def _near(outline: Outline, title: str) -> Iterable[HtmlElement]:
    headline = _headline(outline.tree, title)
    if headline is None:
        every = _speaking(outline.elements)
        return islice((el for el in every if el.tag not in {"html", "body"}), _START)
    at = outline.place(headline)
    behind = islice(_speaking(outline.elements[at + 1 :]), _BEHIND - 1)
    before = islice(_speaking(reversed(outline.elements[:at])), _BEFORE)
    return chain(behind, before)


def _speaking(elements: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    return (element for element in elements if element.tag not in _SILENT)


def _headline(tree: HtmlElement, title: str) -> HtmlElement | None:
    heads = list(tree.iter("h1"))
    wanted = _letters(title)
    exact = (head for head in (*heads, *tree.iter("h2")) if _letters(_text(head, 400)) == wanted)
    return next(exact, None) if title else next(iter(heads), None)


def _shown(element: HtmlElement, *, day_first: bool) -> Shown | None:
    text = _text(element, _LONGEST)
    if not 8 <= len(text) <= _LONGEST or not _DIGIT.search(text):
        return None
    shown = read_shown(text, day_first=day_first)
    return None if shown is None or _is_elsewhere(element) else shown


def _text(element: HtmlElement, longest: int) -> str:
    """Return the element's text, cut when it is surely longer than *longest*."""
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        parts.append(part)
        length += len(part.strip())
        if length > longest:
            break
    return " ".join("".join(f"{part} " for part in parts).split())


def _is_elsewhere(element: HtmlElement) -> bool:
    near = chain((element,), islice(element.iterancestors(), 4))
    labels = (
        f"{up.get('class', '')} {up.get('id', '')}"
        for up in near
        if up.tag not in {"body", "html", "article", "main"}
    )
    return any(_ELSEWHERE.search(label) for label in labels)


def _day(match: re.Match[str], *, day_first: bool) -> date | None:
    named = match.groupdict()
    month, day = named["month"].lower(), int(named["day"])
    number = _MONTHS.get(month) or int(month)
    if named.get("mark") and (number > 12 or day_first or named["mark"] == ".") and day <= 12:
        number, day = day, number
    try:
        return date(int(named["year"]), number, day)
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    match = _CLOCK.search(text)
    if not match:
        return None
    hour, minute = int(match[1]), int(match[2])
    half = (match[3] or "").lower()[:1]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def offset_between(at: datetime, shown: Shown) -> int | None:
    """Return the zone, in minutes east of UTC, in which *at* falls on the day *shown*.

    Exact where the page shows a clock; else the nearest one in which many people live. None where
    no zone on earth has it.
    """
    if shown.clock is not None:
        there = datetime.combine(shown.day, shown.clock, tzinfo=at.tzinfo)
        minutes = round((there - at.replace(second=0, microsecond=0)).total_seconds() / 60)
        return minutes if minutes % 15 == 0 and -720 <= minutes <= 840 else None
    days = (shown.day - at.date()).days
    if abs(days) > 1:
        return None
    return next((zone for zone in _zones(days) if _falls_on(at, zone, shown.day)), None)


def _zones(days: int) -> Iterator[int]:
    east, west = (60, 120, 180, 330, 480, 540, 600, 660), (-300, -360, -420, -480, -600)
    yield from {-1: west, 0: (0,), 1: east}[days]


def _falls_on(at: datetime, zone: int, day: date) -> bool:
    return (
        date.fromordinal((at.toordinal() * 1440 + at.hour * 60 + at.minute + zone) // 1440) == day
    )


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
