"""What a poll leaves behind in the rows of its feed, and the titles that its entries had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import duckdb

from extractors.model import stable_id
from warehouse.rows import Row, insert_missing, named_rows, run, update

if TYPE_CHECKING:
    from warehouse.intake import FeedPoll


def feeds_before(db: duckdb.DuckDBPyConnection, polls: Sequence[FeedPoll]) -> dict[str, Row]:
    """Return what the polled feeds' rows say before *polls* are stored, by feed id.

    `listed` only for feeds that gave a body: it is long.
    """
    rows = named_rows(
        db,
        "select feed_id, failures_in_a_row, last_ok_at, last_full_at, last_new_at, moved_to, "
        "moved_at, gone_at, if(feed_id in (select unnest($read)), listed, null) as listed "
        "from feed where feed_id in (select unnest($ids))",
        {
            "ids": [poll.feed_id for poll in polls],
            "read": [poll.feed_id for poll in polls if poll.outcome == "new"],
        },
    )
    return {row["feed_id"]: row for row in rows}


def save_feeds(
    db: duckdb.DuckDBPyConnection,
    before: Mapping[str, Row],
    polls: Sequence[FeedPoll],
    new: set[str],
) -> None:
    """Bring the rows *before* of the polled feeds up to date, all at once. *new* are entry ids."""
    update(db, "feed", [_after(before[poll.feed_id], poll) for poll in polls])
    read = [
        _after_reading(before[poll.feed_id], poll, new) for poll in polls if poll.outcome == "new"
    ]
    update(db, "feed", read)


def save_titles(
    db: duckdb.DuckDBPyConnection, before: Mapping[str, Row], edited: Sequence[Row]
) -> None:
    """Keep the new titles of *edited* entries, and with the first edit the title they began with.

    *before* has the rows as they were, by entry id.
    """
    retitled = [row for row in edited if row["title"] != before[row["entry_id"]]["title"]]
    ids = {"ids": [row["entry_id"] for row in retitled]}
    known = run(
        db,
        "select distinct entry_id from entry_version where entry_id in (select unnest($ids))",
        ids,
    ).fetchall()
    have = {entry_id for (entry_id,) in known}
    first = [before[row["entry_id"]] for row in retitled if row["entry_id"] not in have]
    rows = [_title_row(row, row["first_seen_at"]) for row in first]
    rows += [_title_row(row, row["changed_at"]) for row in retitled]
    insert_missing(db, "entry_version", rows)


def _title_row(entry: Row, seen_at: Any) -> dict[str, Any]:
    return {
        "entry_version_id": stable_id(entry["entry_id"], entry["title"], seen_at.isoformat()),
        "entry_id": entry["entry_id"],
        "feed_id": entry["feed_id"],
        "title": entry["title"],
        "updated_at": entry["updated_at"],
        "seen_at": seen_at,
    }


def _after(row: Row, poll: FeedPoll) -> dict[str, Any]:
    """Return what the feed's *row* says after *poll*, whatever it gave."""
    at, good = poll.fetched_at, poll.failure is None
    moved = _moved(row, poll) if good else (row["moved_to"], row["moved_at"])
    gone = (row["gone_at"] or at) if poll.failure == "gone" else row["gone_at"]
    return {
        "feed_id": poll.feed_id,
        "last_polled_at": at,
        "next_poll_at": poll.next_poll_at,
        "failure": poll.failure,
        "failure_message": None if good else poll.message,
        "failures_in_a_row": 0 if good else row["failures_in_a_row"] + 1,
        "last_ok_at": at if good else row["last_ok_at"],
        "last_full_at": at if good and poll.full else row["last_full_at"],
        "moved_to": moved[0],
        "moved_at": moved[1],
        "gone_at": None if good else gone,
    }


def _moved(row: Row, poll: FeedPoll) -> tuple[str | None, datetime | None]:
    """Return where the feed has moved to, and since when."""
    if poll.moved_to is None:
        return None, None
    before = row["moved_at"] if row["moved_to"] == poll.moved_to else None
    return poll.moved_to, before or poll.fetched_at


def _after_reading(row: Row, poll: FeedPoll, new: set[str]) -> dict[str, Any]:
    """Return what the feed's *row* says after a poll that gave a body."""
    ids = list(dict.fromkeys(entry.id for entry in poll.entries))
    return {
        "feed_id": poll.feed_id,
        "title": poll.title,
        "etag": poll.etag,
        "last_modified": poll.last_modified,
        "body_hash": poll.body_hash,
        "gap_minutes": poll.gap_minutes,
        "last_new_at": poll.fetched_at if new.intersection(ids) else row["last_new_at"],
        "listed": ids,
    }
