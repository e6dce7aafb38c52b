"""Days ahead, execution dates and hearings, to a calendar (ICS, RFC 5545). Rows in, bytes out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from extractors.atom import iri
from extractors.model import Modality, stable_id

Row = Mapping[str, Any]  # of the view upcoming_dates

_LINE = 75  # octets, the line break not counted
_WHAT = {"execution_date_set": "Execution date", "hearing_set": "Hearing", "stay": "Stay"}
# The last one that an outlet reports decides: who writes that a judge refused knows more than who
# writes that one was asked.
_SURER = (
    Modality.ASKED,
    Modality.RECOMMENDED,
    Modality.ORDERED,
    Modality.HAPPENED,
    Modality.DENIED,
)
_STATUS = {Modality.ASKED: "TENTATIVE", Modality.RECOMMENDED: "TENTATIVE"} | {
    Modality.DENIED: "CANCELLED"
}
_SAID = {
    Modality.ASKED: "asked for",
    Modality.RECOMMENDED: "recommended",
    Modality.DENIED: "refused",
}
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# RFC 5545 wants one component at least: where no day lies ahead, a time zone that nobody uses.
_NOTHING = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "TZNAME:UTC",
    "END:STANDARD",
    "END:VTIMEZONE",
)


def calendar_file(rows: Sequence[Row], *, now: datetime) -> bytes:
    """Return the calendar of *rows*: one all-day event a subject, kind of event and day.

    Each has its source sentence and a UID that stays the same when further outlets report it. *now*
    stamps what has no date of publication.
    """
    events = [line for group in _grouped(rows) for line in _event(group, now)]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//casewatch//upcoming dates//EN",
        "CALSCALE:GREGORIAN",
        "NAME:casewatch: dates ahead",
        "X-WR-CALNAME:casewatch: dates ahead",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        *(events or _NOTHING),
        "END:VCALENDAR",
    ]
    return b"".join(folded(line) for line in lines)


def folded(line: str) -> bytes:
    """Return a content line with its line break, folded so that no part is over 75 octets.

    No character is cut in two.
    """
    parts = [b""]
    for character in line:
        octets = character.encode("utf-8")
        if len(parts[-1]) + len(octets) > _LINE:
            parts.append(b" ")
        parts[-1] += octets
    return b"\r\n".join(parts) + b"\r\n"


def escaped(text: str) -> str:
    """Return *text* as a value of type TEXT: backslash, semicolon, comma, line break escaped."""
    clean = _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for character in "\\;,":
        clean = clean.replace(character, f"\\{character}")
    return clean.replace("\n", "\\n")


def source_sentence(row: Row) -> str:
    """Return the sentence of the article that speaks of the day, on one line."""
    return _line(row["passage"])


def _grouped(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows of one subject, kind and day together, in the order of the days."""
    groups: dict[tuple[date, str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["event_date"], row["subject_id"], row["type"]), []).append(row)
    return [groups[key] for key in sorted(groups)]


def _event(rows: Sequence[Row], now: datetime) -> Iterator[str]:
    surest = max(rows, key=lambda row: (_SURER.index(Modality(row["modality"])), row["url"]))
    modality, day = Modality(surest["modality"]), surest["event_date"]
    outlets = sorted({outlet for row in rows for outlet in row["outlets"]})
    reported = [row["first_published_at"] for row in rows if row["first_published_at"]]
    what = " ".join(filter(None, (_WHAT[surest["type"]], _SAID.get(modality))))
    uid = stable_id(surest["subject_id"], surest["type"], day.isoformat())
    sentence = source_sentence(surest)
    description = f"“{sentence}”\n\n{', '.join(outlets)}\n{surest['url']}"
    name = _line(surest["display_name"])
    yield "BEGIN:VEVENT"
    yield f"UID:{uid}@casewatch"
    yield f"DTSTAMP:{max(reported, default=now).astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(f'{what}: {name}')}"
    yield f"DESCRIPTION:{escaped(description)}"
    if (address := iri(surest["url"])) is not None:
        yield f"URL:{address}"
    yield f"CATEGORIES:{escaped(_WHAT[surest['type']])}"
    yield f"STATUS:{_STATUS.get(modality, 'CONFIRMED')}"
    yield "TRANSP:TRANSPARENT"  # it takes nobody's time in their own calendar
    yield "END:VEVENT"


def _line(words: str) -> str:
    return " ".join(words.split())
