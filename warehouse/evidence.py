"""What the warehouse holds of one article or alert, for whoever has to show or prove it."""

from __future__ import annotations

from typing import Any

import duckdb

from warehouse.rows import named_rows

Asked = list[dict[str, Any]]


def article_ids_of(db: duckdb.DuckDBPyConnection, typed: str) -> list[str]:
    """Return the articles that *typed* means: a URL, or the beginning of their or an alert's id."""
    rows = db.execute(
        """
        select article_id from article
        where starts_with(article_id, lower($typed)) or canonical_url = $typed or url = $typed
        union
        select article_id from alert where starts_with(alert_id, lower($typed))
        order by 1
        """,
        {"typed": typed},
    ).fetchall()
    return [row[0] for row in rows]


def version_rows(db: duckdb.DuckDBPyConnection, article_id: str) -> Asked:
    """Return the versions of an article in their order, with their texts."""
    return named_rows(
        db,
        "select v.*, v.version_id = a.version_id as is_current, a.canonical_url, a.outlet "
        "from article_version v join article a using (article_id) "
        "where article_id = ? order by number",
        [article_id],
    )


def change_rows(db: duckdb.DuckDBPyConnection, article_id: str) -> Asked:
    """Return what the outlet changed in an article, oldest first."""
    return named_rows(
        db,
        "from article_changes where article_id = ? order by seen_at, kind, subject_id",
        [article_id],
    )


def alert_row(db: duckdb.DuckDBPyConnection, alert_id: str) -> dict[str, Any]:
    """Return an alert as the view alerts has it."""
    return named_rows(db, "from alerts where alert_id = ?", [alert_id])[0]


def article_row(db: duckdb.DuckDBPyConnection, article_id: str) -> dict[str, Any]:
    """Return an article's row."""
    return named_rows(db, "from article where article_id = ?", [article_id])[0]


def version_row(db: duckdb.DuckDBPyConnection, version_id: str) -> dict[str, Any]:
    """Return a version's row, with its text."""
    return named_rows(db, "from article_version where version_id = ?", [version_id])[0]


def mention_rows(db: duckdb.DuckDBPyConnection, version_id: str, subject_id: str) -> Asked:
    """Return every candidate of a subject in a version, rejected ones too, in reading order."""
    return named_rows(
        db,
        "from mention where version_id = ? and subject_id = ? order by start_offset, end_offset",
        [version_id, subject_id],
    )


def event_rows(db: duckdb.DuckDBPyConnection, version_id: str, subject_id: str) -> Asked:
    """Return what a version says happened in a case, in reading order."""
    return named_rows(
        db,
        "from event where version_id = ? and subject_id = ? order by start_offset, type",
        [version_id, subject_id],
    )


def verdict_rows(db: duckdb.DuckDBPyConnection, alert_id: str) -> Asked:
    """Return what people said of an alert, oldest first."""
    return named_rows(
        db, "from verdict where alert_id = ? order by judged_at, verdict_id", [alert_id]
    )


def capture_rows(db: duckdb.DuckDBPyConnection, article_id: str) -> Asked:
    """Return the captures of an article's pages, and of its versions, oldest first."""
    return named_rows(
        db,
        """
        select c.*, v.version_id, v.number as version_number
        from capture c
        left join article_version v
            on v.warc_file = c.warc_file and v.warc_offset = c.warc_offset
                and v.article_id = $article
        where c.page_id in (select page_id from page where article_id = $article)
            or v.article_id = $article
        order by c.fetched_at, c.warc_file, c.warc_offset, v.number
        """,
        {"article": article_id},
    )
