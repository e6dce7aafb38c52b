"""The outbox: packs what is due into messages and sends them until each channel has taken it.

At least once: a message is stored before it is sent, and its state before and after each try. What
a killed process was sending is sent again, the same words under the same key.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from extractors.delivery import (
    Chosen,
    due_at_once,
    due_in_digest,
    is_new_week,
    message_key,
    next_try,
)
from extractors.errors import CasewatchError
from flows.carriers import STDOUT, Answer, Carry, carrier, channel_name
from flows.clock import Clock, utc_now
from flows.digests import content_of, digest_text, with_notes
from flows.settings import Settings
from flows.watching import watch_line
from warehouse.inbox import overlay, waiting
from warehouse.lake import open_warehouse
from warehouse.outbox import (
    Message,
    attempt_failed,
    attempt_taken,
    begin_attempt,
    due_messages,
    given_up,
    last_digest_at,
    pack,
    recover,
    unpacked,
)
from warehouse.reads import health_rows, silence_rows
from warehouse.store import Warehouse
from warehouse.told_changes import changes_to_tell, save_told

_PATIENCE = 600.0  # seconds that a digest waits for another process that sends
_A_CALL = 100  # alerts in one webhook call; programs read them all


@dataclass(frozen=True, slots=True)
class Sending:
    """How one channel fared. *sent* is True as well when there was nothing to send."""

    channel: str
    alerts: int
    sent: bool


def send_digests(
    settings: Settings,
    *,
    carry: Carry | None = None,
    clock: Clock = utc_now,
    note: str | None = None,
) -> list[Sending]:
    """Send what is new, and what was never taken, to every channel, or to stdout without any.

    A *note* stands at the end of what is sent.
    """
    return _send_all(settings, carry or carrier(settings), clock, "digest", note)


def send_due(
    settings: Settings, *, carry: Carry | None = None, clock: Clock = utc_now
) -> list[Sending]:
    """Send what does not wait for a digest, and try again what is due; nothing in quiet hours."""
    if not settings.notify or _is_quiet(settings, clock()):
        return []
    return _send_all(settings, carry or carrier(settings), clock, "at_once", None)


def send_after_run(
    settings: Settings, *, carry: Carry | None = None, clock: Clock = utc_now
) -> str | None:
    """Send what is due after a run; return a line about what failed. It never fails the run."""
    try:
        sendings = send_due(settings, carry=carry, clock=clock)
    except CasewatchError as error:
        return f"alerts were not sent: {error}"
    lost = [sending.channel for sending in sendings if not sending.sent]
    return f"not taken by {', '.join(lost)}: casewatch outbox" if lost else None


def preview(settings: Settings, *, clock: Clock = utc_now) -> dict[str, Any]:
    """Return the content of the digest that the first channel would get now; nothing is packed."""
    channel = channel_name(settings.notify[0]) if settings.notify else STDOUT
    with open_warehouse(settings).transaction() as db:
        chosen = _chosen(db, settings, channel, "digest", clock())
        changes = changes_to_tell(db, channel, last_digest_at(db, channel))
        notes = _notes(db, None)
    return content_of(channel, chosen, notes, "digest", clock(), settings.zone, changes)


def _send_all(
    settings: Settings, carry: Carry, clock: Clock, kind: str, note: str | None
) -> list[Sending]:
    warehouse = open_warehouse(settings)
    channels = {channel_name(url): url for url in settings.notify} or {STDOUT: STDOUT}
    with _only_sender(settings):
        due = _due(warehouse, settings, list(channels), clock(), kind, note)
        if channels == {STDOUT: STDOUT} and not due[STDOUT]:
            print(_nothing_new(warehouse, settings, clock(), note))  # noqa: T201
        return [
            _send(warehouse, channel, url, due[channel], carry, clock)
            for channel, url in channels.items()
        ]


def _due(
    warehouse: Warehouse,
    settings: Settings,
    channels: Sequence[str],
    now: datetime,
    kind: str,
    note: str | None,
) -> dict[str, list[Message]]:
    """Pack what is new and return what is to be sent now; a digest tries what was given up too."""
    with warehouse.transaction() as db:
        recover(db, now)
        for channel in channels:
            _pack(db, settings, channel, kind, now, note)
        force = kind == "digest"
        return {channel: due_messages(db, channel, now, force=force) for channel in channels}


def _nothing_new(warehouse: Warehouse, settings: Settings, now: datetime, note: str | None) -> str:
    with warehouse.transaction() as db:
        return with_notes(digest_text([], now.astimezone(settings.zone)), *_notes(db, note))


def _pack(
    db: duckdb.DuckDBPyConnection,
    settings: Settings,
    channel: str,
    kind: str,
    now: datetime,
    note: str | None,
) -> None:
    """Put what is due into messages to *channel*.

    What is only counted, and what changed in articles told before, goes with the first one.
    """
    chosen = _chosen(db, settings, channel, kind, now)
    is_digest = kind == "digest"
    changes = changes_to_tell(db, channel, last_digest_at(db, channel)) if is_digest else []
    notes = _notes(db, note) if is_digest and (chosen.told or changes) else []
    size = _A_CALL if channel.startswith("webhook+") else max(len(chosen.told), 1)
    for start in range(0, len(chosen.told) or bool(changes), size):
        told = chosen.told[start : start + size]
        part, news = (Chosen(told), []) if start else (Chosen(told, chosen.counted), changes)
        ids = [alert["alert_id"] for alert in told]
        changed = [change["change_id"] for change in news]
        content = content_of(channel, part, notes, kind, now, settings.zone, news)
        key = message_key(channel, ids or changed)
        message = Message(key, channel, kind, len(told), now, 0, content)
        pack(db, message, ids, [alert["alert_id"] for alert in part.counted])
        save_told(db, channel, message.id, changed)


def _chosen(
    db: duckdb.DuckDBPyConnection, settings: Settings, channel: str, kind: str, now: datetime
) -> Chosen:
    judged = overlay(unpacked(db, channel), waiting(settings.inbox))
    still_open = [alert for alert in judged if alert["verdict"] in {None, "unsure"}]
    if kind == "at_once":
        return due_at_once(still_open, urgent=settings.urgent)
    last = last_digest_at(db, channel)
    return due_in_digest(still_open, weekly=is_new_week(last, now, settings.zone))


def _send(
    warehouse: Warehouse,
    channel: str,
    url: str,
    messages: Sequence[Message],
    carry: Carry,
    clock: Clock,
) -> Sending:
    """Send *messages*; what stands behind one that hung stays due."""
    sent = True
    for message in messages:
        answer = _try(warehouse, message, url, carry, clock)
        sent = sent and answer.taken
        if answer.hung:
            break
    return Sending(channel, sum(message.alerts for message in messages), sent)


def _try(warehouse: Warehouse, message: Message, url: str, carry: Carry, clock: Clock) -> Answer:
    begun_at = clock()
    with warehouse.transaction() as db:
        message = begin_attempt(db, message, begun_at)
    answer = carry(url, message)
    now = clock()
    with warehouse.transaction() as db:
        if answer.taken:
            attempt_taken(db, message, begun_at, now)
        else:
            again_at = next_try(message.attempts, message.packed_at, now)
            attempt_failed(db, message, begun_at, now, failure=answer.failure, again_at=again_at)
    return answer


def _notes(db: duckdb.DuckDBPyConnection, note: str | None) -> list[str]:
    """Return what stands below a digest: what may be missing, what could not be sent, *note*."""
    watch = watch_line(silence_rows(db), health_rows(db))
    return [*filter(None, (watch, lost_line(given_up(db)), note))]


def lost_line(lost: Sequence[tuple[str, int]]) -> str | None:
    """Return a line about channels that took nothing for two days, or None."""
    if not lost:
        return None
    told = ", ".join(f"{count} alerts to {channel}" for channel, count in lost)
    return f"Not sent in two days of trying: {told} (casewatch outbox)"


def _is_quiet(settings: Settings, now: datetime) -> bool:
    return settings.quiet_hours is not None and settings.quiet_hours.cover(now, settings.zone)


@contextmanager
def _only_sender(settings: Settings) -> Iterator[None]:
    """Hold the lock of the outbox: the kernel drops it at kill -9. Raises CasewatchError."""
    settings.home.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + _PATIENCE
    with (settings.home / "outbox.lock").open("a+") as lock:
        while not _locked(lock.fileno()):
            if time.monotonic() > deadline:
                raise CasewatchError(
                    f"another process has been sending for {_PATIENCE:.0f} s; nothing was sent, "
                    "nothing is lost: casewatch outbox"
                )
            time.sleep(0.1)
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
