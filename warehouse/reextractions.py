"""Versions that an older extractor read, and what came of reading their records again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from extractors.model import Article, Entry
from warehouse.articles import save_readings
from warehouse.derived import save_derived
from warehouse.readings import PageVisit, Stored, Versions, version_id_of
from warehouse.rows import named_rows, upsert

# Of each article the version that stands now, if neither its own reading nor a later one of the
# same record was by this extractor. Of a page that `retain` discarded nothing can be read again.
_STALE = """
from article a
join article_version v using (version_id)
left join reextraction r using (version_id)
where coalesce(r.extractor_version, v.extractor_version) <> $extractor
    and ($since is null or a.first_seen_at >= $since)
    and ($subject is null or a.article_id in (
        select m.article_id from mention m where m.subject_id = $subject and m.tier <> 'rejected'
    ))
    and not exists (
        from capture c where c.warc_file = v.warc_file and c.warc_offset = v.warc_offset
            and c.discarded_at is not null
    )
"""

_BATCH = f"""
with stale as (
    select v.version_id, v.text_hash, v.fetched_at, v.warc_file, v.warc_offset, v.payload_digest,
        a.article_id, a.url, a.canonical_url, a.outlet, a.feed_id, a.page_kind, a.language,
        a.published_day
    {_STALE} and v.version_id > $after
    order by v.version_id limit $most
)
select s.*, f.language as feed_language, e.entry_id, e.guid, e.url as entry_url, e.title, e.summary,
    e.authors, e.language as entry_language, e.published_at, e.updated_at
from stale s
left join page p on p.page_id = left(sha256(s.url), 16)
left join entry e on e.entry_id = p.entry_id
left join feed f on f.feed_id = s.feed_id
order by s.version_id
"""  # noqa: S608 - constants of our own


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles are read again."""

    extractor: str  # the version that reads now
    since: datetime | None = None  # first seen then or later
    subject: str | None = None  # that mention this subject

    def parameters(self) -> dict[str, Any]:
        """Return the scope as parameters of a query."""
        return {"extractor": self.extractor, "since": self.since, "subject": self.subject}


@dataclass(frozen=True, slots=True)
class StaleVersion:
    """A version that an older extractor read, with all that its page needs to be read again."""

    version_id: str
    text_hash: str
    fetched_at: datetime
    warc_file: str
    warc_offset: int
    payload_digest: str
    article_id: str
    url: str
    canonical_url: str
    outlet: str
    feed_id: str | None
    page_kind: str
    language: str | None
    published_day: date | None
    feed_language: str | None
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Reread:
    """What came of one of them: the words again, other words, or a failure."""

    stale: StaleVersion
    visit: PageVisit | None  # None where it failed
    message: str | None = None

    @property
    def outcome(self) -> str:
        """Return same, changed or failed."""
        if self.visit is None or self.visit.reading is None:
            return "failed"
        same = self.visit.reading.article.text_hash == self.stale.text_hash
        return "same" if same else "changed"


def count_stale(db: duckdb.DuckDBPyConnection, scope: Scope) -> int:
    """Return how many articles are to be read again."""
    counted = db.execute(f"select count(*) {_STALE}", scope.parameters()).fetchone()
    return int(counted[0]) if counted else 0


def stale_versions(
    db: duckdb.DuckDBPyConnection, scope: Scope, *, after: str, most: int
) -> list[StaleVersion]:
    """Return the next *most* of them whose version's id comes after *after*, in that order."""
    rows = named_rows(db, _BATCH, scope.parameters() | {"after": after, "most": most})
    return [_stale_version(row) for row in rows]


def save_rereads(
    db: duckdb.DuckDBPyConnection, rereads: Sequence[Reread], versions: Versions, now: datetime
) -> Stored:
    """Store a batch in the caller's transaction: new versions, facts of articles, and the log.

    Verdicts and alerts stay as they are; what else the new words claim becomes an alert later.
    """
    changed = [r.visit for r in rereads if r.outcome == "changed" and r.visit]
    stored = save_readings(db, changed, versions)
    same = [r for r in rereads if r.outcome == "same"]
    _save_facts(db, same)
    readings = [
        r.visit.reading for r in same if r.visit and r.visit.reading and _claims_may_differ(r)
    ]
    save_derived(db, readings, versions)
    log = [_log_row(r, versions, now) for r in rereads]
    upsert(db, "reextraction", log + [_given(row) for row in log if row["new_version_id"]])
    return stored


def _stale_version(row: dict[str, Any]) -> StaleVersion:
    entry_id = row.pop("entry_id")
    said: dict[str, Any] = {
        name: row.pop(column)
        for name, column in (
            ("guid", "guid"),
            ("url", "entry_url"),
            ("title", "title"),
            ("summary", "summary"),
            ("authors", "authors"),
            ("language", "entry_language"),
            ("published_at", "published_at"),
            ("updated_at", "updated_at"),
        )
    }
    entry = None
    if entry_id is not None:
        said["authors"] = tuple(said["authors"])
        entry = Entry(id=entry_id, feed_id=row["feed_id"] or "", **said)
    return StaleVersion(entry=entry, **row)


def _claims_may_differ(reread: Reread) -> bool:
    """Return whether the same words may mean something else, of another day or kind of page."""
    assert reread.visit is not None  # noqa: S101 - callers pass what was read
    assert reread.visit.reading is not None  # noqa: S101
    article, stale = reread.visit.reading.article, reread.stale
    return (str(article.page_kind), article.language, article.published_day) != (
        stale.page_kind,
        stale.language,
        stale.published_day,
    )


def _save_facts(db: duckdb.DuckDBPyConnection, same: Sequence[Reread]) -> None:
    """Let the new extractor's dates, authors, kind and language stand for articles of *same*."""
    for reread in same:
        assert reread.visit is not None  # noqa: S101 - callers pass what was read
        assert reread.visit.reading is not None  # noqa: S101
        facts = _facts(reread.visit.reading.article)
        pairs = ", ".join(f"{name} = ${name}" for name in facts)
        different = " or ".join(f"{name} is distinct from ${name}" for name in facts)
        db.execute(
            f"update article set {pairs} where article_id = $id and ({different})",  # noqa: S608
            facts | {"id": reread.stale.article_id},
        )


def _facts(article: Article) -> dict[str, Any]:
    return {
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
    }


def _given(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row of the version that came of it: it may have stood there before, unread."""
    return row | {"version_id": row["new_version_id"], "outcome": "same", "new_version_id": None}


def _log_row(reread: Reread, versions: Versions, now: datetime) -> dict[str, Any]:
    changed = reread.outcome == "changed" and reread.visit and reread.visit.reading
    return {
        "version_id": reread.stale.version_id,
        "article_id": reread.stale.article_id,
        "extractor_version": versions.extractor,
        "outcome": reread.outcome,
        "new_version_id": version_id_of(changed.article) if changed else None,
        "message": reread.message,
        "read_at": now,
    }
