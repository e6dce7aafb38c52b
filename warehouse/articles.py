"""What a run writes of pages read: articles with their versions, sketches, and the pages' states.

What derives from an article's words is stored by `warehouse.derived`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import duckdb

from extractors.urls import host_of
from warehouse.captures import save_captures
from warehouse.changes import Change, changes_of, previous_versions, save_changes
from warehouse.derived import save_derived
from warehouse.readings import PageVisit, Reading, Stored, Versions, version_id_of
from warehouse.rows import append, as_list, insert_missing, named_rows, run, upsert

__all__ = ["PageVisit", "Reading", "Stored", "Versions", "save_readings", "save_visits"]


def save_visits(
    db: duckdb.DuckDBPyConnection, visits: Sequence[PageVisit], versions: Versions
) -> Stored:
    """Store a batch of page visits in the caller's transaction; return what it changed."""
    known = _known_articles(db, visits)
    fresh = _fresh(visits, known)
    before = previous_versions(
        db, [known[_id(v)]["version_id"] for v in fresh if _id(v) in known], versions
    )
    counted = _mentions_before(db, [previous.version_id for previous in before.values()])
    _save_readings(db, fresh, known, versions)
    changes = [
        c for v in fresh if _id(v) in before for c in changes_of(before[_id(v)], v, versions)
    ]
    save_changes(db, changes)
    save_captures(db, visits)
    _save_pages(db, visits)
    return _summary(fresh, known, counted, changes)


def save_readings(
    db: duckdb.DuckDBPyConnection, visits: Sequence[PageVisit], versions: Versions
) -> Stored:
    """Store what *visits* read anew, as if a page had just been fetched, but no more than that.

    The state of the pages stays as it was, and what differs is no change of the outlet's.
    """
    known = _known_articles(db, visits)
    fresh = _fresh(visits, known)
    counted = _mentions_before(db, [known[_id(v)]["version_id"] for v in fresh if _id(v) in known])
    _save_readings(db, fresh, known, versions)
    return _summary(fresh, known, counted, ())


def _fresh(visits: Sequence[PageVisit], known: dict[str, dict[str, Any]]) -> list[PageVisit]:
    return _one_an_article([v for v in visits if v.reading and _is_fresh(v, known)])


def _save_readings(
    db: duckdb.DuckDBPyConnection,
    fresh: Sequence[PageVisit],
    known: dict[str, dict[str, Any]],
    versions: Versions,
) -> None:
    _save_articles(db, fresh, known)
    _save_versions(db, fresh, known, versions)
    save_derived(db, [visit.reading for visit in fresh if visit.reading], versions)
    _save_sketches(db, fresh, known)


def _id(visit: PageVisit) -> str:
    assert visit.reading is not None  # noqa: S101 - callers pass visits with a reading
    return visit.reading.article.id


def _one_an_article(visits: Sequence[PageVisit]) -> list[PageVisit]:
    """Return *visits*, all with a reading; of two pages that give one article, the first."""
    first: dict[str, PageVisit] = {}
    for visit in visits:
        first.setdefault(_id(visit), visit)
    return list(first.values())


def _is_fresh(visit: PageVisit, known: dict[str, dict[str, Any]]) -> bool:
    """Return whether the visit brings an article or a version that is not stored as current.

    Only the page that first gave an article makes versions of it: its AMP or print twin, worded a
    little differently, would otherwise make a new version on each visit.
    """
    assert visit.reading is not None  # noqa: S101
    before = known.get(_id(visit))
    if before is None:
        return True
    same_page = before["url"] == visit.page.url
    return bool(same_page and before["version_id"] != version_id_of(visit.reading.article))


def _known_articles(
    db: duckdb.DuckDBPyConnection, visits: Sequence[PageVisit]
) -> dict[str, dict[str, Any]]:
    ids = sorted({_id(visit) for visit in visits if visit.reading is not None})
    if not ids:
        return {}
    rows = named_rows(
        db,
        "select a.article_id, a.url, a.version_id, list(v.version_id) as stored "
        "from article a join article_version v using (article_id) "
        "where a.article_id in (select unnest($ids)) group by all",
        {"ids": ids},
    )
    return {row["article_id"]: row for row in rows}


def _save_articles(
    db: duckdb.DuckDBPyConnection, fresh: Sequence[PageVisit], known: dict[str, dict[str, Any]]
) -> None:
    rows = [_article_row(visit, known.get(_id(visit))) for visit in fresh]
    upsert(db, "article", rows, keep=["first_seen_at", "url", "feed_id", "outlet"])


def _article_row(visit: PageVisit, before: dict[str, Any] | None) -> dict[str, Any]:
    assert visit.reading is not None  # noqa: S101
    article = visit.reading.article
    return {
        "article_id": article.id,
        "canonical_url": article.canonical_url,
        "url": visit.page.url,
        "host": host_of(article.canonical_url),
        "outlet": visit.page.outlet,
        "feed_id": visit.page.entry.feed_id or None,  # a backfill has none
        "page_kind": str(article.page_kind),
        "authors": list(article.authors),
        "published_at": article.published_at,
        "published_source": article.published_source,
        "published_has_zone": article.published_has_zone,
        "published_day": article.published_day,
        "updated_at": article.updated_at,
        "updated_source": article.updated_source,
        "language": article.language,
        "language_source": article.language_source,
        "first_seen_at": visit.fetched_at,
        "version_id": version_id_of(article),
        "versions": len({version_id_of(article), *(before["stored"] if before else ())}),
    }


def _save_versions(
    db: duckdb.DuckDBPyConnection,
    fresh: Sequence[PageVisit],
    known: dict[str, dict[str, Any]],
    versions: Versions,
) -> None:
    rows = [
        {
            "version_id": version_id_of(reading.article),
            "article_id": reading.article.id,
            "number": len(known.get(reading.article.id, {"stored": ()})["stored"]) + 1,
            "title": reading.article.title,
            "text": reading.article.text,
            "body_start": reading.article.body_start,
            "text_hash": reading.article.text_hash,
            "fetched_at": visit.fetched_at,
            "warc_file": reading.record.file,
            "warc_offset": reading.record.offset,
            "payload_digest": reading.record.digest,
            "extractor_version": versions.extractor,
        }
        for visit in fresh
        if (reading := visit.reading)
    ]
    insert_missing(db, "article_version", rows)


def _save_sketches(
    db: duckdb.DuckDBPyConnection, fresh: Sequence[PageVisit], known: dict[str, dict[str, Any]]
) -> None:
    ids = [_id(visit) for visit in fresh]
    if not ids:
        return
    if known:  # else a scan of the table for nothing
        run(db, "delete from sketch where article_id in (select unnest($ids))", {"ids": ids})
    rows = [
        {"day": _day(visit), "article_id": _id(visit), "shingles": as_list(visit.reading.sketch)}
        for visit in fresh
        if visit.reading and visit.reading.sketch
    ]
    append(db, "sketch", rows)


def _day(visit: PageVisit) -> Any:
    assert visit.reading is not None  # noqa: S101
    return visit.reading.article.published_day or visit.fetched_at.date()


def _save_pages(db: duckdb.DuckDBPyConnection, visits: Sequence[PageVisit]) -> None:
    rows = [_page_row(visit) for visit in visits]
    upsert(db, "page", rows, keep=["url", "host", "first_seen_at"])


def _page_row(visit: PageVisit) -> dict[str, Any]:
    page, reading = visit.page, visit.reading
    fine = visit.failure is None
    return {
        "page_id": page.page_id,
        "url": page.url,
        "host": host_of(page.url),
        "state": visit.state,
        "attempts": 0 if fine else page.attempts + 1,
        "first_seen_at": visit.fetched_at,
        "next_fetch_at": visit.next_fetch_at,
        "last_fetched_at": visit.fetched_at,
        "status": visit.status,
        "failure": visit.failure,
        "failure_message": visit.message if visit.failure else None,
        "etag": visit.etag,
        "last_modified": visit.last_modified,
        "payload_digest": visit.payload_digest,
        "article_id": reading.article.id if reading else page.article_id,
    }


def _mentions_before(
    db: duckdb.DuckDBPyConnection, versions: list[str]
) -> Counter[tuple[str, str]]:
    if not versions:
        return Counter()
    rows = run(
        db,
        "select article_id, subject_id, count(*) from mention where tier <> 'rejected' "
        "and version_id in (select unnest($ids)) group by all",
        {"ids": versions},
    ).fetchall()
    return Counter({(article, subject): count for article, subject, count in rows})


def _summary(
    fresh: Sequence[PageVisit],
    known: dict[str, dict[str, Any]],
    before: Counter[tuple[str, str]],
    changes: Sequence[Change],
) -> Stored:
    edited = [visit for visit in fresh if _id(visit) in known]
    mentions = 0
    for visit in fresh:
        assert visit.reading is not None  # noqa: S101
        now = Counter((_id(visit), m.subject) for m in visit.reading.tagging.mentions)
        mentions += sum(max(0, count - before[key]) for key, count in now.items())
    return Stored(
        articles_new=len(fresh) - len(edited),
        versions_new=sum(not _was_stored(visit, known) for visit in edited),
        mentions_new=mentions,
        edited=tuple(_edit(visit, changes, _was_stored(visit, known)) for visit in edited),
    )


def _was_stored(visit: PageVisit, known: dict[str, dict[str, Any]]) -> bool:
    """Return whether the article's words, edited to and fro, are an earlier version's."""
    assert visit.reading is not None  # noqa: S101
    return version_id_of(visit.reading.article) in known[_id(visit)]["stored"]


def _edit(visit: PageVisit, changes: Sequence[Change], again: bool) -> str:
    """Return "URL: new version (name added: X)" for a reader of the run's summary."""
    assert visit.reading is not None  # noqa: S101
    article = visit.reading.article
    what = "an earlier version again" if again else "new version"
    told = [_told(change) for change in changes if change.article_id == article.id]
    return f"{article.canonical_url}: {what}" + (f" ({'; '.join(told)})" if told else "")


def _told(change: Change) -> str:
    if change.kind == "headline_changed":
        return f"headline changed: “{change.before}” is now “{change.after}”"
    return f"{change.kind.replace('_', ' ')}: {change.subject_id}"
