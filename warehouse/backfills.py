"""How far each source of a backfill has been read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from extractors.model import stable_id
from extractors.urls import canonical_url
from warehouse.intake import page_id_of
from warehouse.rows import named_rows, run, upsert


@dataclass(frozen=True, slots=True)
class Progress:
    """One source and how far it has been read. *position* is "" before the first page."""

    source: str
    kind: str
    position: str = ""
    pages: int = 0
    articles: int = 0
    failed: int = 0
    done: bool = False

    def moved(self, position: str, *, pages: int, articles: int, failed: int) -> Progress:
        """Return the progress after one more batch."""
        return replace(
            self,
            position=position,
            pages=self.pages + pages,
            articles=self.articles + articles,
            failed=self.failed + failed,
        )


def progress_of(db: duckdb.DuckDBPyConnection, source: str, kind: str) -> Progress:
    """Return how far *source* has been read."""
    rows = named_rows(
        db,
        "select source, kind, position, pages, articles, failed, done from backfill "
        "where source_id = ?",
        [_id(source, kind)],
    )
    return Progress(**rows[0]) if rows else Progress(source, kind)


def save_progress(db: duckdb.DuckDBPyConnection, progress: Progress, now: datetime) -> None:
    """Store *progress* in the caller's transaction, which also stores what was read."""
    row = {
        "source_id": _id(progress.source, progress.kind),
        "source": progress.source,
        "kind": progress.kind,
        "position": progress.position,
        "pages": progress.pages,
        "articles": progress.articles,
        "failed": progress.failed,
        "done": progress.done,
        "begun_at": now,
        "changed_at": now,
    }
    upsert(db, "backfill", [row], keep=["begun_at"])


def unread(db: duckdb.DuckDBPyConnection, urls: list[str]) -> list[str]:
    """Return those of *urls*, made canonical and each once, whose pages are not settled yet."""
    pages = {page_id_of(url): url for url in map(canonical_url, urls) if url}
    settled = run(
        db,
        "select page_id from page where state in ('done', 'failed', 'refused') "
        "and page_id in (select unnest($ids))",
        {"ids": list(pages)},
    ).fetchall()
    for (page,) in settled:
        del pages[page]
    return list(pages.values())


def _id(source: str, kind: str) -> str:
    return stable_id(kind, source)
