"""What is to be tagged again, what came of it, and whom all that is stored was searched for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import duckdb

from extractors.mentions.search import Sieve
from warehouse.derived import Told, save_taggings, save_told
from warehouse.readings import Versions
from warehouse.rows import as_list, run, upsert

# The texts of a million articles are 4 GB: without a limit DuckDB keeps all that it has read.
_MEMORY = "512MB"

_OTHER_TAGGER = """
select v.rowid from article_version v
left join tagging t using (version_id)
where t.tagger_version is distinct from $tagger
order by v.rowid
"""

# Who was tagged by this tagger with this registry is done, so a search that was stopped goes on.
_TO_SEARCH = """
with named as (
    select distinct version_id from mention where subject_id in (select unnest($subjects))
)
select v.rowid from article_version v
left join tagging t using (version_id)
left join named n using (version_id)
where (t.tagger_version is distinct from $tagger or t.registry_version is distinct from $registry)
    and (n.version_id is not null or {found})
order by v.rowid
"""

_TEXTS = """
select v.version_id, v.article_id, v.text, v.body_start, a.published_day, a.language, a.page_kind,
    t.version_id is not null as known, t.result
from article_version v
join article a using (article_id)
left join tagging t on t.version_id = v.version_id
where v.rowid in (select unnest($rows::bigint[]))
order by v.rowid
"""


class StoredText(NamedTuple):  # a tuple: a million of them go to other processes
    """A version's text with what the tagger asks beside it.

    *known* says whether it is known what its tagger said; then *result* is the hash of that.
    """

    version_id: str
    article_id: str
    text: str
    body_start: int
    published_day: date | None
    language: str | None
    page_kind: str
    known: bool
    result: str | None


class Retagged(NamedTuple):
    """What came of a version: *told* is None where all that it says stands there already."""

    version_id: str
    result: str | None
    changed: bool
    told: Told | None


def tagged_by_others(db: duckdb.DuckDBPyConnection, tagger: str) -> list[int]:
    """Return the rows of article_version that another tagger tagged, in the order of storage."""
    _limit(db)
    return [row for (row,) in db.execute(_OTHER_TAGGER, {"tagger": tagger}).fetchall()]


def count_tagged_by_others(db: duckdb.DuckDBPyConnection, tagger: str) -> int:
    """Return how many versions another tagger tagged."""
    counted = db.execute(
        "select (select count(*) from article_version) - "
        "(select count(*) from tagging where tagger_version = $tagger)",
        {"tagger": tagger},
    ).fetchone()
    return max(0, int(counted[0])) if counted else 0


def to_search(
    db: duckdb.DuckDBPyConnection,
    subjects: Sequence[str],
    sieve: Sieve | None,
    versions: Versions,
) -> list[int]:
    """Return the rows of article_version whose text passes *sieve*, or that name *subjects*.

    Left out is what was tagged as it would be now. Without a *sieve* every text passes.
    """
    _limit(db)
    found, named = _condition(sieve) if sieve else ("true", {})
    values = {"subjects": subjects, "tagger": versions.tagger, "registry": versions.registry}
    rows = run(db, _TO_SEARCH.format(found=found), values | named).fetchall()
    return [row for (row,) in rows]


def stored_texts(db: duckdb.DuckDBPyConnection, rows: Sequence[int]) -> list[StoredText]:
    """Return the versions in *rows* of article_version, numbers that hold: none is deleted."""
    _limit(db)
    return [*map(StoredText._make, run(db, _TEXTS, {"rows": as_list(rows)}).fetchall())]


def save_retagged(
    db: duckdb.DuckDBPyConnection, every: Sequence[Retagged], versions: Versions
) -> int:
    """Store what changed, in place of what stood there, and who tagged all of *every*.

    Verdicts and alerts stay as they are. Return how many mentions are new.
    """
    _limit(db)
    changed = [one.told for one in every if one.told is not None]
    before = _accepted(db, [told.version_id for told in changed])
    save_told(db, changed, versions)
    same = {one.version_id: one.result for one in every if one.told is None}
    save_taggings(db, same, versions)
    now = {
        row["mention_id"]
        for told in changed
        for row in told.rows.get("mention", ())
        if row["tier"] != "rejected"
    }
    return len(now - before)


def searches(db: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return by subject the definition with which all that is stored was searched for it."""
    return dict(
        db.execute(
            "select subject_id, definition from subject_search where searched_at is not null"
        ).fetchall()
    )


def save_searches(
    db: duckdb.DuckDBPyConnection, definitions: Mapping[str, str], searched_at: datetime | None
) -> None:
    """Store that all was searched for subjects as *definitions* have them; None: that it is due."""
    rows: list[dict[str, Any]] = [
        {"subject_id": subject, "definition": definition, "searched_at": searched_at}
        for subject, definition in definitions.items()
    ]
    upsert(db, "subject_search", rows)


def count_versions(db: duckdb.DuckDBPyConnection) -> int:
    """Return how many versions are stored."""
    counted = db.execute("select count(*) from article_version").fetchone()
    return int(counted[0]) if counted else 0


def _accepted(db: duckdb.DuckDBPyConnection, versions: Sequence[str]) -> set[str]:
    if not versions:
        return set()
    rows = run(
        db,
        "select mention_id from mention "
        "where tier <> 'rejected' and version_id in (select unnest($ids))",
        {"ids": versions},
    ).fetchall()
    return {mention for (mention,) in rows}


def _condition(sieve: Sieve) -> tuple[str, dict[str, str]]:
    """Return *sieve* as a condition on the text, and the parameters that it names."""
    every = sorted({one for way in sieve.ways for group in way for one in group})
    names = {pattern: f"p{number}" for number, pattern in enumerate(every)}
    ways = (
        " and ".join(
            f"({' or '.join(f'regexp_matches(v.text, ${names[one]})' for one in group)})"
            for group in way
        )
        for way in sieve.ways
    )
    found = " or ".join(f"({way})" for way in ways)
    return found, {name: pattern for pattern, name in names.items()}


def _limit(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(f"set memory_limit = '{_MEMORY}'")  # of this connection: it lasts a transaction
