"""What people and programs ask of the published copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from warehouse.rows import named_rows

Asked = list[dict[str, Any]]


def alert_rows(
    db: duckdb.DuckDBPyConnection, *, subject: str | None = None, run_id: str | None = None
) -> Asked:
    """Return alerts, worst first, then newest; of one *subject* or one *run_id* where given."""
    return named_rows(
        db,
        "from alerts where ($subject is null or subject_id = $subject) "
        "and ($run is null or run_id = $run) "
        "order by rank desc, coalesce(published_at, raised_at) desc, alert_id",
        {"subject": subject, "run": run_id},
    )


def evidence_rows(db: duckdb.DuckDBPyConnection, version_id: str, subject_id: str) -> Asked:
    """Return the mentions behind an alert with their evidence, in reading order.

    The candidates that were rejected come last, with what spoke against them.
    """
    return named_rows(
        db,
        "select quote, kind, form, confidence, tier, evidence, start_offset, end_offset "
        "from mention where version_id = ? and subject_id = ? "
        "order by tier = 'rejected', start_offset",
        [version_id, subject_id],
    )


def alert_ids_like(db: duckdb.DuckDBPyConnection, beginning: str) -> list[str]:
    """Return the ids of alerts that begin with *beginning*, as people type them."""
    rows = db.execute(
        "select alert_id from alert where starts_with(alert_id, ?) order by 1", [beginning]
    ).fetchall()
    return [row[0] for row in rows]


def feed_alerts(db: duckdb.DuckDBPyConnection, *, most: int) -> tuple[Asked, int]:
    """Return the latest *most* alerts that are no history, and how many older ones there are.

    Each has the first sight of its story and the number of its versions.
    """
    # The latest are told from the table alone: the view looks at the claims of all that it shows.
    found = db.execute(
        "select alert_id from alert where not coalesce(history, false) "
        "order by raised_at desc, alert_id"
    ).fetchall()
    latest = [alert_id for (alert_id,) in found[:most]]
    alerts = named_rows(
        db,
        "select a.*, coalesce(st.first_seen_at, ar.first_seen_at) as first_seen_at, ar.versions "
        "from alerts a join article ar using (article_id) left join story st "
        "on st.story_id = a.story_id where list_contains($latest, a.alert_id) "
        "order by a.raised_at desc, a.alert_id",
        {"latest": latest},
    )
    return alerts, len(found) - len(alerts)


def upcoming_rows(db: duckdb.DuckDBPyConnection) -> Asked:
    """Return the days ahead, the nearest first, each with the sentence that says so."""
    return named_rows(
        db, "from upcoming_dates order by event_date, subject_id, type, modality, url"
    )


def health_rows(db: duckdb.DuckDBPyConnection) -> Asked:
    """Return every watched feed, worst first."""
    return named_rows(
        db,
        "from feed_health order by array_position("
        "['failing', 'silent', 'empty', 'never polled', 'fine'], state), "
        "failures_in_a_row desc, feed_id",
    )


def failure_rows(db: duckdb.DuckDBPyConnection) -> Asked:
    """Return every feed and page whose last fetch failed, feeds first."""
    return named_rows(db, "from failures order by what, failure, url")


def silence_rows(db: duckdb.DuckDBPyConnection) -> Asked:
    """Return every watched case, worst first: unseen for want of feeds, silent, then the others."""
    return named_rows(
        db,
        "from silence where kind = 'case' order by "
        "array_position(['blind', 'silent', 'heard of'], state), quiet_days desc, subject_id",
    )


def moved_feeds(db: duckdb.DuckDBPyConnection) -> Asked:
    """Return the watched feeds that moved for good or are gone for good, by id."""
    return named_rows(
        db,
        "select feed_id, url, moved_to, moved_at, gone_at from feed "
        "where active and (moved_to is not null or gone_at is not null) order by feed_id",
    )


def last_run(db: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    """Return the row of the last run that began, or None."""
    rows: Sequence[dict[str, Any]] = named_rows(
        db, "from run order by started_at desc, run_id limit 1"
    )
    return rows[0] if rows else None


def first_run(db: duckdb.DuckDBPyConnection) -> str:
    """Return the id of the first run: it names this warehouse for ever. "" before any."""
    row = db.execute("select run_id from run order by started_at, run_id limit 1").fetchone()
    return str(row[0]) if row else ""


def table_counts(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many articles, mentions, alerts and open alerts there are."""
    rows = db.execute(
        "select (select count(*) from article), "
        "(select count(*) from mention where tier <> 'rejected'), "
        "(select count(*) from alert), (select count(*) from open_alerts)"
    ).fetchone()
    names = ("articles", "mentions", "alerts", "open_alerts")
    return dict(zip(names, rows or (0, 0, 0, 0), strict=True))
