"""What a poll leaves behind in the rows of its feed, and the titles that its entries had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import duckdb

from extractors.model import stable_id
from warehouse.rows import Row, insert_missing, upsert

if TYPE_CHECKING:
    from warehouse.intake import FeedPoll


def save_feeds(
    db: duckdb.DuckDBPyConnection,
    before: Mapping[str, Row],
    polls: Sequence[FeedPoll],
    new: set[str],
) -> None:
    """Bring the rows *before* of the polled feeds up to date, all at once. *new* are entry ids."""
    rows = [_after(before[poll.feed_id], poll) for poll in polls]
    upsert(db, "feed", [_without(row, "listed") for row in rows])
    read = [
        _after_reading(row, poll, new)
        for row, poll in zip(rows, polls, strict=True)
        if poll.outcome == "new"
    ]
    upsert(db, "feed", read)


def save_titles(
    db: duckdb.DuckDBPyConnection, before: Mapping[str, Row], edited: Sequence[Row]
) -> None:
    """Keep the new titles of *edited* entries, and with the first edit the title they began with.

    *before* has the rows as they were, by entry id.
    """
    retitled = [row for row in edited if row["title"] != before[row["entry_id"]]["title"]]
    ids = {"ids": [row["entry_id"] for row in retitled]}
    known = db.execute(
        "select distinct entry_id from entry_version where entry_id in (select unnest($ids))", ids
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
    """Return the feed's *row* after *poll*, whatever it gave."""
    at = poll.fetched_at
    polled = {
        "last_polled_at": at,
        "next_poll_at": poll.next_poll_at,
        "failure": poll.failure,
        "failure_message": poll.message if poll.failure else None,
    }
    if poll.failure is not None:
        gone = (row["gone_at"] or at) if poll.failure == "gone" else row["gone_at"]
        tries = row["failures_in_a_row"] + 1
        return {**row, **polled, "failures_in_a_row": tries, "gone_at": gone}
    moved_before = row["moved_at"] if row["moved_to"] == poll.moved_to else None
    return {
        **row,
        **polled,
        "failures_in_a_row": 0,
        "last_ok_at": at,
        "last_full_at": at if poll.full else row["last_full_at"],
        "moved_to": poll.moved_to,
        "moved_at": (moved_before or at) if poll.moved_to else None,
        "gone_at": None,
    }


def _after_reading(row: Row, poll: FeedPoll, new: set[str]) -> dict[str, Any]:
    """Return the feed's *row* after a poll that gave a body."""
    ids = list(dict.fromkeys(entry.id for entry in poll.entries))
    return {
        **row,
        "title": poll.title,
        "etag": poll.etag,
        "last_modified": poll.last_modified,
        "body_hash": poll.body_hash,
        "gap_minutes": poll.gap_minutes,
        "last_new_at": poll.fetched_at if new.intersection(ids) else row["last_new_at"],
        "listed": ids,
    }


def _without(row: Row, name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}
