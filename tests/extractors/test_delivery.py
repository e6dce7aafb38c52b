"""When alerts go out: at once, with a digest, in quiet hours, and again after a failure."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.delivery import (
    QuietHours,
    alert_key,
    due_at_once,
    due_in_digest,
    is_new_week,
    message_key,
    next_try,
    quiet_hours_from,
)
from extractors.errors import RegistryError, UsageError
from extractors.model import Notify
from extractors.registry import parse_registry
from tests.extractors.registry_files import ADVOCATE, files

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday
BERLIN = ZoneInfo("Europe/Berlin")


def make_alert(name, notify="daily", rank=1):
    return {"alert_id": name, "notify": notify, "rank": rank}


ALERTS = [
    make_alert("daily"),
    make_alert("event", rank=2),
    make_alert("urgent", rank=3),
    make_alert("at once", "at_once"),
    make_alert("weekly", "weekly", 2),
    make_alert("weekly urgent", "weekly", 3),
    make_alert("only counted", "events_only"),
    make_alert("its event", "events_only", 2),
]


def names(alerts):
    return [alert["alert_id"] for alert in alerts]


def test_what_is_urgent_or_asked_for_at_once_does_not_wait():
    chosen = due_at_once(ALERTS, urgent=True)

    assert names(chosen.told) == ["urgent", "at once", "weekly urgent"]
    assert chosen.counted == ()


def test_what_is_urgent_waits_where_the_settings_say_so():
    assert names(due_at_once(ALERTS, urgent=False).told) == ["at once"]


def test_a_digest_tells_all_but_what_waits_for_the_week_and_counts_mentions():
    chosen = due_in_digest(ALERTS, weekly=False)

    assert names(chosen.told) == [
        "daily",
        "event",
        "urgent",
        "at once",
        "weekly urgent",
        "its event",
    ]
    assert names(chosen.counted) == ["only counted"]


def test_the_first_digest_of_a_week_tells_the_weekly_ones_too():
    assert "weekly" in names(due_in_digest(ALERTS, weekly=True).told)


def test_a_week_begins_on_monday_by_the_clock_of_the_time_zone():
    sunday = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # Monday, 0:30 in Berlin

    assert is_new_week(None, NOON, BERLIN)
    assert not is_new_week(NOON, NOON + timedelta(hours=1), BERLIN)
    assert is_new_week(NOON, sunday, BERLIN)
    assert not is_new_week(NOON, sunday, ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("hours", "quiet", "loud"),
    [
        ("22:00-07:00", (time(22), time(23, 59), time(0), time(6, 59)), (time(7), time(21, 59))),
        ("13:00-14:30", (time(13), time(14, 29)), (time(12, 59), time(14, 30))),
        ("08:00-08:00", (), (time(8), time(20))),
    ],
)
def test_quiet_hours_may_go_over_midnight(hours, quiet, loud):
    found = quiet_hours_from(hours)

    def at(clock):
        return datetime.combine(NOON.date(), clock, BERLIN).astimezone(UTC)

    assert all(found.cover(at(clock), BERLIN) for clock in quiet)
    assert not any(found.cover(at(clock), BERLIN) for clock in loud)


@pytest.mark.parametrize("text", ["", "22-", "22:00", "25:00-07:00", "at night"])
def test_hours_that_are_none_are_refused(text):
    with pytest.raises(UsageError, match="22:00-07:00"):
        quiet_hours_from(text)


def test_a_day_has_quiet_hours_in_its_own_time_zone():
    hours = QuietHours(time(22), time(7))

    assert hours.cover(datetime(2026, 11, 20, 21, 30, tzinfo=UTC), BERLIN)
    assert not hours.cover(datetime(2026, 11, 20, 21, 30, tzinfo=UTC), ZoneInfo("UTC"))


def test_tries_come_ever_more_seldom_over_two_days_and_then_end():
    tries = [NOON]
    while (again := next_try(len(tries), NOON, tries[-1])) is not None:
        tries.append(again)
    waits = [later - earlier for earlier, later in pairwise(tries)]

    assert tries[-1] == NOON + timedelta(days=2)
    assert len(tries) == 12
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[0] == timedelta(minutes=1)


@given(attempts=st.integers(1, 1_000), minutes=st.integers(0, 2 * 24 * 60 - 1))
def test_within_two_days_there_is_always_a_next_try(attempts, minutes):
    now = NOON + timedelta(minutes=minutes)
    again = next_try(attempts, NOON, now)

    assert again is not None
    assert now < again <= NOON + timedelta(days=2)


def test_keys_depend_on_channel_and_alerts_alone():
    assert message_key("mailto:1", ["a", "b"]) == message_key("mailto:1", ["b", "a"])
    assert message_key("mailto:1", ["a"]) != message_key("mailto:2", ["a"])
    assert message_key("mailto:1", ["a"]) != alert_key("a", "mailto:1")


def test_a_file_of_the_registry_says_when_alerts_are_sent():
    registry = parse_registry(files(advocate=f"{ADVOCATE}notify: events_only\n"))

    assert [subject.notify for subject in registry.subjects] == [Notify.DAILY, Notify.EVENTS_ONLY]


def test_a_way_of_sending_that_is_none_is_named():
    with pytest.raises(RegistryError, match=r"kim-kardashian\.yaml:\d+: .*notify"):
        parse_registry(files(advocate=f"{ADVOCATE}notify: hourly\n"))
