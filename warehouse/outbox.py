"""The outbox: what is to be sent, in which message, and the log of every try.

State is written before a try and after it. Whoever holds the outbox's lock knows that what says
"sending" is of a process that was killed: it is sent again, with the same words and the same key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import duckdb

from extractors.model import stable_id
from warehouse.rows import insert_missing, named_rows, upsert

_UNPACKED = """
select a.*, s.notify, coalesce(st.first_seen_at, ar.first_seen_at) as first_seen_at, ar.versions
from open_alerts a
join subject s using (subject_id)
join article ar using (article_id)
left join story st on st.story_id = a.story_id
where not a.history
    and not exists (from delivery d where d.alert_id = a.alert_id and d.channel = $channel)
    and not exists (from outbox o where o.alert_id = a.alert_id and o.channel = $channel)
order by a.rank desc, coalesce(a.published_at, a.raised_at) desc, a.alert_id
"""
_DUE = """
select message_id as id, channel, kind, alerts, packed_at, attempts, content
from outbox_message
where channel = $channel and state <> 'sent' and ($force or next_try_at <= $now)
order by packed_at, message_id
"""
_STATE = """
update outbox_message set state = $state, attempts = $attempts, next_try_at = $next_try_at,
    sent_at = $sent_at, failure = $failure, content = if($state = 'sent', null, content)
where message_id = $message_id
"""


@dataclass(frozen=True, slots=True)
class Message:
    """One sending, packed once. Its *content* is of JSON's types; *id* is its idempotency key."""

    id: str
    channel: str
    kind: str  # digest | at_once
    alerts: int
    packed_at: datetime
    attempts: int
    content: Mapping[str, Any]


def unpacked(db: duckdb.DuckDBPyConnection, channel: str) -> list[dict[str, Any]]:
    """Return open alerts that are in no message to *channel* yet, worst first; never history.

    Each has its subject's `notify`, and when its story was first seen.
    """
    return named_rows(db, _UNPACKED, {"channel": channel})


def pack(
    db: duckdb.DuckDBPyConnection, message: Message, told: Sequence[str], counted: Sequence[str]
) -> None:
    """Put *message* into the outbox, due now, with the ids of its alerts."""
    insert_missing(
        db,
        "outbox_message",
        [
            {
                "message_id": message.id,
                "channel": message.channel,
                "kind": message.kind,
                "state": "waiting",
                "alerts": message.alerts,
                "packed_at": message.packed_at,
                "attempts": 0,
                "next_try_at": message.packed_at,
                "content": json.dumps(message.content, ensure_ascii=False, sort_keys=True),
            }
        ],
    )
    rows = [(alert, True) for alert in told] + [(alert, False) for alert in counted]
    insert_missing(db, "outbox", [_outbox_row(message, *row) for row in rows])


def due_messages(
    db: duckdb.DuckDBPyConnection, channel: str, now: datetime, *, force: bool
) -> list[Message]:
    """Return the messages of *channel* to be tried at *now*, oldest first.

    With *force* all that were never taken, given up or not.
    """
    rows = named_rows(db, _DUE, {"channel": channel, "now": now, "force": force})
    return [Message(**row | {"content": json.loads(row["content"])}) for row in rows]


def begin_attempt(db: duckdb.DuckDBPyConnection, message: Message, now: datetime) -> Message:
    """Write that *message* is being sent; return it with the number of this try."""
    number = message.attempts + 1
    _set_state(db, message, "sending", attempts=number, next_try_at=now)
    _log(db, message.id, number, begun_at=now, outcome="under_way")
    return replace(message, attempts=number)


def attempt_taken(
    db: duckdb.DuckDBPyConnection, message: Message, begun_at: datetime, now: datetime
) -> None:
    """Write that the channel took *message* (as `begin_attempt` returned it)."""
    _set_state(db, message, "sent", attempts=message.attempts, sent_at=now)
    _log(db, message.id, message.attempts, begun_at=begun_at, ended_at=now, outcome="taken")
    insert_missing(
        db,
        "delivery",
        [
            {
                "delivery_id": outbox_id,
                "alert_id": alert_id,
                "channel": message.channel,
                "digest_id": message.id,
                "sent_at": now,
            }
            for outbox_id, alert_id in db.execute(
                "select outbox_id, alert_id from outbox where message_id = ?", [message.id]
            ).fetchall()
        ],
    )


def attempt_failed(
    db: duckdb.DuckDBPyConnection,
    message: Message,
    begun_at: datetime,
    now: datetime,
    *,
    failure: str,
    again_at: datetime | None,
) -> None:
    """Write why *message* was not taken, and when it is tried again; None gives it up."""
    _set_state(
        db,
        message,
        "waiting" if again_at else "given_up",
        attempts=message.attempts,
        next_try_at=again_at,
        failure=failure,
    )
    _log(
        db,
        message.id,
        message.attempts,
        begun_at=begun_at,
        ended_at=now,
        outcome="refused",
        failure=failure,
    )


def recover(db: duckdb.DuckDBPyConnection, now: datetime) -> int:
    """Make what a killed process was sending due at *now*; return how many messages.

    The caller must hold the lock of the outbox.
    """
    cut = db.execute("select message_id from outbox_message where state = 'sending'").fetchall()
    if cut:
        db.execute(
            "update outbox_message set state = 'waiting', next_try_at = $now, "
            "failure = 'the process ended while it was sent' where state = 'sending'",
            {"now": now},
        )
        db.execute(
            "update outbox_attempt set outcome = 'cut_short', ended_at = $now, "
            "failure = 'the process ended while it was sent' where outcome = 'under_way'",
            {"now": now},
        )
    return len(cut)


def last_digest_at(db: duckdb.DuckDBPyConnection, channel: str) -> datetime | None:
    """Return when the last digest for *channel* was packed, or None."""
    row = db.execute(
        "select max(packed_at) from outbox_message where channel = ? and kind = 'digest'", [channel]
    ).fetchone()
    return row[0] if row else None


def unsent_rows(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return every message that no channel has taken yet, the oldest first."""
    return named_rows(
        db, "from outbox_message where state <> 'sent' order by packed_at, message_id"
    )


def attempt_rows(db: duckdb.DuckDBPyConnection, *, most: int) -> list[dict[str, Any]]:
    """Return the last *most* tries, the newest first."""
    return named_rows(
        db,
        "select a.*, m.channel, m.kind, m.alerts from outbox_attempt a "
        "join outbox_message m using (message_id) "
        "order by a.begun_at desc, a.number desc, a.attempt_id limit $most",
        {"most": most},
    )


def given_up(db: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """Return the channels with messages that were given up, and how many alerts stand in them."""
    return db.execute(
        "select channel, sum(alerts)::integer from outbox_message where state = 'given_up' "
        "group by channel order by channel"
    ).fetchall()


def given_up_rows(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return every message that was given up, with the worst rank in it: the worst first."""
    return named_rows(
        db,
        "select m.channel, max(al.rank) as rank, m.alerts, m.packed_at, m.attempts, m.failure, "
        "m.message_id from outbox_message m left join outbox o using (message_id) "
        "left join alert al using (alert_id) where m.state = 'given_up' "
        "group by all order by rank desc nulls last, m.alerts desc, m.packed_at, m.message_id",
    )


def _outbox_row(message: Message, alert_id: str, told: bool) -> dict[str, Any]:
    return {
        "outbox_id": stable_id(alert_id, message.channel),
        "alert_id": alert_id,
        "channel": message.channel,
        "message_id": message.id,
        "told": told,
    }


def _set_state(
    db: duckdb.DuckDBPyConnection,
    message: Message,
    state: str,
    *,
    attempts: int,
    next_try_at: datetime | None = None,
    sent_at: datetime | None = None,
    failure: str | None = None,
) -> None:
    db.execute(
        _STATE,
        {
            "message_id": message.id,
            "state": state,
            "attempts": attempts,
            "next_try_at": next_try_at,
            "sent_at": sent_at,
            "failure": failure,
        },
    )


def _log(
    db: duckdb.DuckDBPyConnection,
    message_id: str,
    number: int,
    *,
    begun_at: datetime,
    outcome: str,
    ended_at: datetime | None = None,
    failure: str | None = None,
) -> None:
    row = {
        "attempt_id": stable_id(message_id, str(number)),
        "message_id": message_id,
        "number": number,
        "begun_at": begun_at,
        "ended_at": ended_at,
        "outcome": outcome,
        "failure": failure,
    }
    upsert(db, "outbox_attempt", [row])
