"""When an alert goes out, in which message, and when a failed try is repeated: decisions only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from extractors.alerts import GRAVE, MENTION
from extractors.errors import UsageError
from extractors.model import Notify, stable_id

TRIED_FOR = timedelta(days=2)
# After the first try, the second, ...: together they reach just short of two days.
_WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240, 480, 720, 1200))

Alert = dict[str, Any]  # a row of the view alerts, with its subject's notify


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of each day, by the clock of a time zone, in which only a digest is sent."""

    begin: time
    end: time  # not quiet any more; may lie on the next day

    def cover(self, now: datetime, zone: ZoneInfo) -> bool:
        """Return whether *now* lies in them."""
        clock = now.astimezone(zone).time()
        if self.begin <= self.end:
            return self.begin <= clock < self.end
        return clock >= self.begin or clock < self.end


@dataclass(frozen=True, slots=True)
class Chosen:
    """What one message tells of, worst first, and what it only counts."""

    told: tuple[Alert, ...]
    counted: tuple[Alert, ...] = ()


def quiet_hours_from(text: str) -> QuietHours:
    """Return the hours in *text*, such as "22:00-07:00". Raises UsageError."""
    begin, _, end = text.partition("-")
    try:
        return QuietHours(time.fromisoformat(begin.strip()), time.fromisoformat(end.strip()))
    except ValueError as error:
        raise UsageError(f"{text!r} are no hours; write them as 22:00-07:00") from error


def due_at_once(alerts: Iterable[Alert], *, urgent: bool) -> Chosen:
    """Return what does not wait for a digest.

    That is every alert of a subject that asks for it, and with *urgent* what is of rank 3.
    """
    return Chosen(
        tuple(
            alert
            for alert in alerts
            if alert["notify"] == Notify.AT_ONCE or (urgent and alert["rank"] >= GRAVE)
        )
    )


def due_in_digest(alerts: Iterable[Alert], *, weekly: bool) -> Chosen:
    """Return what a digest tells and what it counts; *weekly*: it is the first one of a week.

    What nobody may miss never waits for a week's end.
    """
    due = [a for a in alerts if a["notify"] != Notify.WEEKLY or weekly or a["rank"] >= GRAVE]
    counted = [a for a in due if a["notify"] == Notify.EVENTS_ONLY and a["rank"] == MENTION]
    told = [a for a in due if not (a["notify"] == Notify.EVENTS_ONLY and a["rank"] == MENTION)]
    return Chosen(tuple(told), tuple(counted))


def is_new_week(last: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Return whether *now* lies in a later ISO week than *last*, or there was no last time."""
    if last is None:
        return True
    return _week(last, zone) < _week(now, zone)


def next_try(attempts: int, packed_at: datetime, now: datetime) -> datetime | None:
    """Return when to try again after *attempts* that failed, or None after two days of trying."""
    last = packed_at + TRIED_FOR
    if now >= last:
        return None
    return min(now + _WAITS[min(attempts, len(_WAITS)) - 1], last)


def alert_key(alert_id: str, channel: str) -> str:
    """Return the key under which a channel always gets this alert."""
    return stable_id(alert_id, channel)


def message_key(channel: str, alert_ids: Sequence[str]) -> str:
    """Return the idempotency key of a message: it depends on channel and alerts alone."""
    return stable_id("message", channel, *sorted(alert_ids))


def _week(moment: datetime, zone: ZoneInfo) -> tuple[int, int]:
    year, week, _ = moment.astimezone(zone).isocalendar()
    return year, week
