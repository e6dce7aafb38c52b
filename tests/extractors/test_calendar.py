"""The calendar of days ahead, read by a strict parser of its own, and by the icalendar package."""

import re
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.calendar import calendar_file, escaped, folded

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TEXT = "The governor spoke. A judge set Dec. 14, 2026; for Ada Quarry\\the case. More words."


def make_row(**fields):
    return {
        "subject_id": "ada-quarry",
        "display_name": "Ada Quarry",
        "event_date": date(2026, 12, 14),
        "type": "execution_date_set",
        "modality": "ordered",
        "outlets": ["The Herald"],
        "url": "https://herald.example/a?b=1,2;3",
        "first_published_at": NOON - timedelta(days=1),
        "passage": TEXT,
    } | fields


_NAME = re.compile(r"[A-Z0-9-]+")
_PROPERTY = re.compile(r'([A-Z0-9-]+)((?:;[A-Z0-9-]+=[^";:,\x00-\x1f]+)*):(.*)', re.DOTALL)
_TEXT = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*")
_TEXTS = {"SUMMARY", "DESCRIPTION", "CATEGORIES", "NAME", "X-WR-CALNAME"}
_ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "STATUS", "TRANSP"}


def parsed(content: bytes) -> list[dict[str, str]]:
    """Return the events of an iCalendar stream, each by property; fail where it is none."""
    assert content.endswith(b"\r\n")
    raw = content[:-2].split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in raw)
    for line in raw:
        line.decode("utf-8")  # no character is cut in two
    lines = content[:-2].decode("utf-8").replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    return list(_events(lines[1:-1]))


def _events(lines):
    inside: list[str] = []
    seen = 0
    head: dict[str, str] = {}
    event: dict[str, str] = {}
    for line in lines:
        found = _PROPERTY.fullmatch(line)
        assert found, line
        name, _parameters, value = found.groups()
        if name == "BEGIN":
            inside.append(value)
            seen += len(inside) == 1
            event = {}
        elif name == "END":
            assert inside.pop() == value
            if value == "VEVENT":
                assert {"UID", "DTSTAMP", "DTSTART"} <= set(event)
                yield event
        elif inside and inside[-1] == "VEVENT":
            assert name not in event or name not in _ONCE, f"{name} twice"
            assert name not in _TEXTS or _TEXT.fullmatch(value), value
            event[name] = value
        elif not inside:
            assert not seen, "a property after the first component"
            head[name] = value
    assert head["VERSION"] == "2.0"
    assert head["PRODID"]
    assert seen, "a calendar has one component at least"


def plain(value: str) -> str:
    return re.sub(
        r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value, flags=re.DOTALL
    )


def test_an_event_is_a_whole_day_with_its_source_sentence():
    (event,) = parsed(calendar_file([make_row()], now=NOON))

    assert event["SUMMARY"] == "Execution date: Ada Quarry"
    assert event["DTSTART"] == "20261214"
    assert event["DTEND"] == "20261215"
    assert event["DTSTAMP"] == "20261119T120000Z"
    assert event["STATUS"] == "CONFIRMED"
    assert plain(event["DESCRIPTION"]).splitlines() == [
        "“The governor spoke. A judge set Dec. 14, 2026; for Ada Quarry\\the case. More words.”",
        "",
        "The Herald",
        "https://herald.example/a?b=1,2;3",
    ]
    assert event["URL"] == "https://herald.example/a?b=1,2;3"
    assert b"DTSTART;VALUE=DATE:20261214\r\n" in calendar_file([make_row()], now=NOON)


def test_further_outlets_join_the_event_and_its_uid_stays():
    other = make_row(outlets=["The Courier"], url="https://courier.example/b")
    (before,) = parsed(calendar_file([make_row()], now=NOON))
    (after,) = parsed(calendar_file([make_row(), other], now=NOON + timedelta(days=1)))

    assert after["UID"] == before["UID"]
    assert "The Courier\\, The Herald" in after["DESCRIPTION"]


def test_another_day_kind_or_person_is_another_event():
    rows = [
        make_row(),
        make_row(event_date=date(2026, 12, 15)),
        make_row(type="hearing_set"),
        make_row(subject_id="bo-quarry", display_name="Bo Quarry"),
    ]
    events = parsed(calendar_file(rows, now=NOON))

    assert len({event["UID"] for event in events}) == 4
    assert [event["DTSTART"] for event in events] == sorted(e["DTSTART"] for e in events)


@pytest.mark.parametrize(
    ("kind", "modality", "summary", "status"),
    [
        ("execution_date_set", "asked", "Execution date asked for: Ada Quarry", "TENTATIVE"),
        ("execution_date_set", "denied", "Execution date refused: Ada Quarry", "CANCELLED"),
        ("hearing_set", "happened", "Hearing: Ada Quarry", "CONFIRMED"),
        ("stay", "recommended", "Stay recommended: Ada Quarry", "TENTATIVE"),
    ],
)
def test_what_is_only_asked_for_is_no_date_yet(kind, modality, summary, status):
    (event,) = parsed(calendar_file([make_row(type=kind, modality=modality)], now=NOON))

    assert (event["SUMMARY"], event["STATUS"]) == (summary, status)


def test_of_what_outlets_say_the_surest_counts():
    rows = [make_row(modality="asked"), make_row(modality="ordered")]
    (event,) = parsed(calendar_file(rows, now=NOON))

    assert event["STATUS"] == "CONFIRMED"


def test_a_calendar_without_days_is_a_calendar():
    assert parsed(calendar_file([], now=NOON)) == []


def test_what_others_wrote_begins_no_line_of_its_own():
    name = "Ada\r\nEND:VEVENT\r\nBEGIN:VALARM\x0b"
    (event,) = parsed(calendar_file([make_row(display_name=name, passage="x" * 90)], now=NOON))

    assert "VALARM" in event["SUMMARY"]


def test_an_address_that_is_no_link_is_no_url():
    (event,) = parsed(calendar_file([make_row(url="javascript:alert(1)")], now=NOON))

    assert "URL" not in event


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_a_folded_line_unfolds_to_itself(line):
    parts = folded(line).removesuffix(b"\r\n").split(b"\r\n")

    assert all(len(part) <= 75 for part in parts)
    assert parts[0].decode() + "".join(part.decode()[1:] for part in parts[1:]) == line


@given(st.text())
def test_an_escaped_text_is_a_text_that_says_the_same(words):
    written = escaped(words)

    assert _TEXT.fullmatch(written)
    kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", "", words)
    assert plain(written) == kept.replace("\r\n", "\n").replace("\r", "\n")


@given(words=st.text(min_size=1), url=st.text())
def test_any_words_make_a_valid_calendar(words, url):
    row = make_row(
        display_name=words,
        outlets=[words],
        url=f"https://x.example/{url}",
        passage=words,
    )

    assert len(parsed(calendar_file([row], now=NOON))) == 1


def test_the_icalendar_package_reads_the_same():
    hearing = make_row(type="hearing_set", event_date=date(2027, 1, 31), display_name="É; Q, \\n")
    content = calendar_file([make_row(), hearing], now=NOON)
    found = icalendar.Calendar.from_ical(content)
    events = [event for event in found.walk("VEVENT") if isinstance(event, icalendar.Event)]

    assert [event.errors for event in events] == [[], []]
    assert [event.start for event in events] == [date(2026, 12, 14), date(2027, 1, 31)]
    assert [event.end for event in events] == [date(2026, 12, 15), date(2027, 2, 1)]
    assert str(events[1]["SUMMARY"]) == "Hearing: É; Q, \\n"
    assert "A judge set Dec. 14, 2026; for Ada Quarry" in str(events[0]["DESCRIPTION"])
    assert icalendar.Calendar.from_ical(calendar_file([], now=NOON)).walk("VEVENT") == []
