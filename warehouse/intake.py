"""What a run writes and reads of feeds, entries and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from extractors.model import Entry, Feed, Registry, Subject, stable_id
from extractors.urls import canonical_url, host_of
from warehouse.archive import Original
from warehouse.feed_rows import feeds_before, save_feeds, save_titles
from warehouse.rows import insert_missing, named_rows, run, storable, upsert


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed and what the last poll left behind."""

    feed: Feed
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    next_poll_at: datetime | None = None
    failures_in_a_row: int = 0
    last_full_at: datetime | None = None
    gap_minutes: int | None = None  # its own rhythm


@dataclass(frozen=True, slots=True)
class FeedPoll:
    """What one poll of a feed gave. `failure` is a class; None when fine.

    `full` says whether a body came, and not a 304.
    """

    feed_id: str
    fetched_at: datetime
    outcome: str  # new | unchanged | failed
    next_poll_at: datetime | None
    milliseconds: int
    status: int | None = None
    failure: str | None = None
    message: str | None = None
    title: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    moved_to: str | None = None
    full: bool = False
    gap_minutes: int | None = None
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page to fetch, with what its entry promised."""

    page_id: str
    url: str
    attempts: int
    etag: str | None
    last_modified: str | None
    payload_digest: str | None
    article_id: str | None
    first_seen_at: datetime
    tracked: bool  # whether its article is worth an alert, and so a second look
    outlet: str
    feed_language: str | None
    entry: Entry
    captured: Original | None = None  # the record that holds its last body: `with_originals` looks


def save_registry(db: duckdb.DuckDBPyConnection, registry: Registry) -> None:
    """Make the tables subject and feed say what the registry says; what is gone turns inactive."""
    upsert(db, "subject", [_subject_row(s, registry.version) for s in registry.subjects])
    _forget_old_addresses(db, registry.feeds)
    upsert(db, "feed", [_feed_row(feed) for feed in registry.feeds], keep=["failures_in_a_row"])
    for table, ids in (
        ("subject", [s.id for s in registry.subjects]),
        ("feed", [feed.id for feed in registry.feeds]),
    ):
        run(
            db,
            f"update {table} set active = false "  # noqa: S608 - names of our own
            f"where active and {table}_id not in (select unnest($ids))",
            {"ids": ids},
        )


def feed_states(db: duckdb.DuckDBPyConnection, registry: Registry) -> list[FeedState]:
    """Return each feed of the registry with the state of its last poll."""
    rows = named_rows(
        db,
        "select feed_id, etag, last_modified, body_hash, next_poll_at, failures_in_a_row, "
        "last_full_at, gap_minutes from feed",
    )
    known = {row.pop("feed_id"): row for row in rows}
    return [FeedState(feed, **known.get(feed.id, {})) for feed in registry.feeds]


def save_polls(db: duckdb.DuckDBPyConnection, run_id: str, polls: Sequence[FeedPoll]) -> int:
    """Store polls, their entries and the pages behind them; return how many entries are new."""
    known = _known_entries(db, polls)
    new = {entry.id for poll in polls for entry in poll.entries} - set(known)
    before = feeds_before(db, polls)
    edited = _save_entries(db, polls, known)
    _save_pages(db, polls)
    rows = [
        _fetch_row(run_id, poll, new) | _comings_and_goings(before[poll.feed_id], poll, new, edited)
        for poll in polls
    ]
    insert_missing(db, "feed_fetch", rows)
    save_feeds(db, before, polls, new)
    return len(new)


def log_outage(db: duckdb.DuckDBPyConnection, run_id: str, polls: Sequence[FeedPoll]) -> None:
    """Log polls that failed for our own fault: the feeds' states stay as they were."""
    insert_missing(db, "feed_fetch", [_fetch_row(run_id, poll, set()) for poll in polls])


def due_pages(db: duckdb.DuckDBPyConnection, now: datetime) -> list[DuePage]:
    """Return the pages to fetch by *now*, oldest entry first: a fixed order, whoever asks."""
    rows = named_rows(
        db,
        """
        select p.page_id, p.url, p.attempts, p.etag, p.last_modified, p.payload_digest,
            p.article_id, p.first_seen_at,
            coalesce(p.article_id in (
                -- of any version: an article that a correction took the name out of stays watched
                select c.article_id from claim c where c.alerts
            ), false) as tracked,
            f.outlet, f.language as feed_language, e.entry_id, e.feed_id, e.guid,
            e.title, e.summary, e.authors, e.language, e.published_at, e.updated_at,
            e.url as entry_url
        from page p
        join entry e using (entry_id)
        join feed f on f.feed_id = p.feed_id
        where p.next_fetch_at <= $now and f.active
        order by coalesce(e.published_at, p.first_seen_at), p.page_id
        """,
        {"now": now},
    )
    return [_due_page(row) for row in rows]


def page_id_of(url: str) -> str:
    """Return the id of the page at *url*, a canonical URL."""
    return stable_id(url)


def _due_page(row: dict[str, Any]) -> DuePage:
    entry = Entry(
        id=row.pop("entry_id"),
        feed_id=row.pop("feed_id"),
        url=row.pop("entry_url"),
        title=row.pop("title"),
        guid=row.pop("guid"),
        summary=row.pop("summary"),
        published_at=row.pop("published_at"),
        updated_at=row.pop("updated_at"),
        authors=tuple(row.pop("authors")),
        language=row.pop("language"),
    )
    return DuePage(entry=entry, **row)


def _subject_row(subject: Subject, version: str) -> dict[str, Any]:
    jurisdiction = getattr(subject, "jurisdiction", None)
    status = getattr(subject, "status", ())
    last = status[-1] if status else None
    sources = dict(subject.sources)
    return {
        "subject_id": subject.id,
        "kind": type(subject).__name__.lower(),
        "display_name": subject.display_name,
        "policy": str(subject.policy),
        "jurisdiction": (jurisdiction.region or jurisdiction.country) if jurisdiction else None,
        "status": last.value if last else None,
        "status_as_of": last.as_of if last else None,
        "status_source": sources.get(last.source) if last else None,
        "advocates": list(getattr(subject, "advocates", ())),
        "active": True,
        "registry_version": version,
        "notify": str(subject.notify),
    }


def _forget_old_addresses(db: duckdb.DuckDBPyConnection, feeds: Sequence[Feed]) -> None:
    """Let feeds with a new address start anew: validators and back-off belong to the old one."""
    run(
        db,
        """
        update feed set etag = null, last_modified = null, body_hash = null, moved_to = null,
            moved_at = null, gone_at = null, last_full_at = null,
            last_polled_at = null, next_poll_at = null,
            failure = null, failure_message = null, failures_in_a_row = 0
        from (select unnest($ids) as feed_id, unnest($urls) as url) as said
        where feed.feed_id = said.feed_id and feed.url <> said.url
        """,
        {"ids": [feed.id for feed in feeds], "urls": [feed.url for feed in feeds]},
    )


def _feed_row(feed: Feed) -> dict[str, Any]:
    return {
        "feed_id": feed.id,
        "url": feed.url,
        "outlet": feed.outlet,
        "kind": feed.kind,
        "language": feed.language,
        "country": feed.country,
        "active": True,
        "failures_in_a_row": 0,
    }


def _known_entries(
    db: duckdb.DuckDBPyConnection, polls: Sequence[FeedPoll]
) -> dict[str, dict[str, Any]]:
    """Return those entries of *polls* that are stored, by id, as they stand."""
    ids = sorted({entry.id for poll in polls for entry in poll.entries})
    if not ids:
        return {}
    rows = named_rows(
        db,
        "select entry_id, feed_id, title, updated_at, first_seen_at from entry "
        "where entry_id in (select unnest($ids))",
        {"ids": ids},
    )
    return {row["entry_id"]: row for row in rows}


def _save_entries(
    db: duckdb.DuckDBPyConnection,
    polls: Sequence[FeedPoll],
    before: Mapping[str, dict[str, Any]],
) -> set[str]:
    """Store the entries of *polls*; return the ids of those that stood *before* and are edited."""
    rows = {e.id: _entry_row(e, poll.fetched_at) for poll in polls for e in poll.entries}
    if not rows:
        return set()
    insert_missing(db, "entry", list(rows.values()))
    edited = [
        row
        for key, row in rows.items()
        if key in before
        and (storable(row["title"]), row["updated_at"])
        != (before[key]["title"], before[key]["updated_at"])
    ]
    upsert(db, "entry", edited, keep=["first_seen_at", "page_id", "feed_id"])
    save_titles(db, before, edited)
    _ask_again(db, edited)
    return {row["entry_id"] for row in edited}


def _ask_again(db: duckdb.DuckDBPyConnection, edited: Sequence[dict[str, Any]]) -> None:
    """Make the pages of edited entries due: an edited entry announces an edited page."""
    pages = [row["page_id"] for row in edited if row["page_id"]]
    if pages:
        run(
            db,
            "update page set state = 'due', next_fetch_at = $now, attempts = 0 "
            "where page_id in (select unnest($pages)) and state in ('done', 'failed')",
            {"pages": pages, "now": max(row["changed_at"] for row in edited)},
        )


def _save_pages(db: duckdb.DuckDBPyConnection, polls: Sequence[FeedPoll]) -> None:
    rows: dict[str, dict[str, Any]] = {}
    for poll in polls:
        for entry in poll.entries:
            url = canonical_url(entry.url) if entry.url else None
            if url is not None:
                rows.setdefault(page_id_of(url), _page_row(url, entry, poll.fetched_at))
    insert_missing(db, "page", list(rows.values()))


def _entry_row(entry: Entry, seen_at: datetime) -> dict[str, Any]:
    url = canonical_url(entry.url) if entry.url else None
    return {
        "entry_id": entry.id,
        "feed_id": entry.feed_id,
        "guid": entry.guid,
        "url": entry.url,
        "page_id": page_id_of(url) if url else None,
        "title": entry.title,
        "summary": entry.summary,
        "authors": list(entry.authors),
        "language": entry.language,
        "published_at": entry.published_at,
        "updated_at": entry.updated_at,
        "first_seen_at": seen_at,
        "changed_at": seen_at,
    }


def _page_row(url: str, entry: Entry, seen_at: datetime) -> dict[str, Any]:
    return {
        "page_id": page_id_of(url),
        "url": url,
        "host": host_of(url),
        "feed_id": entry.feed_id,
        "entry_id": entry.id,
        "state": "due",
        "attempts": 0,
        "first_seen_at": seen_at,
        "next_fetch_at": seen_at,
    }


def _fetch_row(run_id: str, poll: FeedPoll, new: set[str]) -> dict[str, Any]:
    return {
        "feed_fetch_id": stable_id(run_id, poll.feed_id),
        "run_id": run_id,
        "feed_id": poll.feed_id,
        "fetched_at": poll.fetched_at,
        "outcome": poll.outcome,
        "status": poll.status,
        "failure": poll.failure,
        "message": poll.message,
        "entries": len(poll.entries),
        "entries_new": len({e.id for e in poll.entries} & new),
        "milliseconds": poll.milliseconds,
    }


def _comings_and_goings(
    feed: Mapping[str, Any], poll: FeedPoll, new: set[str], edited: set[str]
) -> dict[str, Any]:
    """Return how many entries were edited, vanished and returned, beside the body before."""
    ids = {entry.id for entry in poll.entries}
    listed = set(feed["listed"] or ()) if poll.outcome == "new" else set()
    return {
        "entries_edited": len(ids & edited),
        "entries_vanished": len(listed - ids),
        "entries_returned": len(ids - listed - new) if listed else 0,
    }
