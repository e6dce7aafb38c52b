"""Which raw pages a rule of retention may discard, and the rows that say that they are gone.

A page goes only with all records of its article, and only while nobody speaks of that article: no
mention, not even a rejected one (the audit draws from them), no alert of its story, no verdict, no
edit by the outlet. Text, hashes and digests stay: new subjects are searched for in the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from warehouse.rows import insert_missing, key_column, named_rows, update

# Why a page is kept, the weightiest first; "" is not kept.
REASONS = ("alert", "verdict", "mention", "edited", "younger", "no_article")

# A capture is of the article whose version it gave, else of the one that its page gives.
_CAPTURES = """
with place as (
    select warc_file, warc_offset, any_value(article_id) as article_id
    from article_version group by all
), owned as (
    select c.capture_id, c.record_id, c.kind, c.warc_file, c.warc_offset, c.fetched_at,
        coalesce(v.article_id, p.article_id) as article_id,
        lead(c.warc_offset) over (partition by c.warc_file order by c.warc_offset) as next_offset
    from capture c
    left join place v on v.warc_file = c.warc_file and v.warc_offset = c.warc_offset
    left join page p using (page_id)
    where c.discarded_at is null
), alerting as (
    select article_id from alert
    union select s.article_id from story_article s semi join alert using (story_id)
), judged as (
    select article_id from alert semi join verdict using (alert_id)
    union select article_id from mention semi join candidate_verdict using (mention_id)
), named as (
    select article_id from mention union select article_id from claim
    union select article_id from event union select article_id from advocacy_act
), edited as (
    select article_id from article where versions > 1
    union select article_id from article_change
), age as (
    select article_id, max(fetched_at) as newest from owned group by all
)
select o.*, case
        when o.article_id is null then 'no_article'
        when o.article_id in (from alerting) then 'alert'
        when o.article_id in (from judged) then 'verdict'
        when o.article_id in (from named) then 'mention'
        when o.article_id in (from edited) then 'edited'
        when a.newest >= $before then 'younger'
        else ''
    end as kept
from owned o left join age a using (article_id)
"""
_PLAN = f"select kept, warc_file, next_offset, warc_offset from ({_CAPTURES})"  # noqa: S608 - ours
_FILES = f"""
select warc_file, capture_id, record_id, warc_offset, kept from ({_CAPTURES})
where warc_file in (select unnest($files)) order by warc_file, warc_offset
"""  # noqa: S608 - ours


@dataclass(frozen=True, slots=True)
class Rule:
    """Pages of articles that nobody speaks of go *days* after they were fetched."""

    days: int
    before: datetime

    def __str__(self) -> str:
        return f"no mention, older than {self.days} days"


@dataclass(frozen=True, slots=True)
class FilePlan:
    """What the rule does with one WARC file, by reason: records and bytes; "" is what goes."""

    file: str
    records: dict[str, int]
    bytes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Discarded:
    """One WARC file that was written anew: what goes, and where the rest lies now."""

    file: str
    new_file: str | None
    captures: Sequence[str]  # ids of those that go
    moved: Mapping[int, int]  # offset before -> offset now
    kept: int
    bytes_before: int
    bytes_after: int


def plan(db: duckdb.DuckDBPyConnection, rule: Rule, sizes: Mapping[str, int]) -> list[FilePlan]:
    """Return what *rule* would do, file by file; *sizes* are of the files that are there.

    A record's size is the way to the next one that a row names.
    """
    rows = named_rows(
        db,
        f"with size as (select unnest($files) as warc_file, unnest($sizes) as size) "  # noqa: S608
        f"select warc_file, kept, count(*) as records, "
        f"sum(coalesce(next_offset, size) - warc_offset)::bigint as bytes "
        f"from ({_PLAN}) join size using (warc_file) group by all order by all",
        {"before": rule.before, "files": list(sizes), "sizes": list(sizes.values())},
    )
    files: dict[str, FilePlan] = {}
    for row in rows:
        found = files.setdefault(row["warc_file"], FilePlan(row["warc_file"], {}, {}))
        found.records[row["kept"]] = row["records"]
        found.bytes[row["kept"]] = row["bytes"]
    return list(files.values())


def captures_in(
    db: duckdb.DuckDBPyConnection, rule: Rule, files: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the captures in each of *files* in their order, with why each is *kept*: "" goes.

    All that is stored is looked at, however few files: ask for several at once.
    """
    found: dict[str, list[dict[str, Any]]] = {file: [] for file in files}
    for row in named_rows(db, _FILES, {"before": rule.before, "files": list(files)}):
        found[row.pop("warc_file")].append(row)
    return found


def versions_in(db: duckdb.DuckDBPyConnection, file: str) -> dict[str, int]:
    """Return where in *file* the page of each version lies: version id -> offset."""
    found = db.execute(
        "select version_id, warc_offset from article_version where warc_file = ?", [file]
    )
    return dict(found.fetchall())


def save_discarded(
    db: duckdb.DuckDBPyConnection, done: Discarded, rule: Rule, now: datetime
) -> None:
    """Mark what goes and point at where the rest lies now, in the caller's transaction."""
    gone = {"discarded_at": now, "discarded_by": str(rule)}
    update(db, "capture", [{"capture_id": capture_id, **gone} for capture_id in done.captures])
    if done.new_file:
        kept = db.execute(
            "select capture_id, warc_offset from capture "
            "where warc_file = ? and discarded_at is null",
            [done.file],
        ).fetchall()
        _move(db, "capture", kept, done)
        versions = versions_in(db, done.file)
        _move(db, "article_version", versions.items(), done)
    row = {
        "warc_file": done.file,
        "new_file": done.new_file,
        "rule": str(rule),
        "rewritten_at": now,
        "discarded": len(done.captures),
        "kept": done.kept,
        "bytes_before": done.bytes_before,
        "bytes_after": done.bytes_after,
    }
    insert_missing(db, "archive_rewrite", [row])


def _move(
    db: duckdb.DuckDBPyConnection, table: str, places: Iterable[tuple[str, int]], done: Discarded
) -> None:
    key = key_column(db, table)
    rows = [
        {key: name, "warc_file": done.new_file, "warc_offset": done.moved[offset]}
        for name, offset in places
        if offset in done.moved
    ]
    update(db, table, rows)


def rewrites(db: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    """Return the WARC files that were written anew, each with the file that took its place."""
    return dict(db.execute("select warc_file, new_file from archive_rewrite").fetchall())
