"""Many writers at once on a lake: who cannot have the lock appends its batch, and reads on.

DuckLake takes appends to one table from any number of transactions, but two that insert one key
both succeed, and the row stands twice. So a batch goes one of two ways: whoever gets the lock at
once stores what is staged and then its own batch, as on a file; everybody else appends theirs to
`staging.batch`, whole, and never waits. Storing is idempotent by key, a batch is noted as merged in
the transaction that stores it, and so nothing is lost or doubled wherever a process is killed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from extractors.errors import WarehouseBusyError, WarehouseError
from extractors.model import stable_id
from warehouse.articles import save_visits
from warehouse.as_json import from_json, to_json
from warehouse.backfills import Progress, progress_of, save_progress
from warehouse.lake import LakeWarehouse
from warehouse.readings import PageVisit, Stored, Versions
from warehouse.rows import run
from warehouse.store import Warehouse

_TRIES = 20
_MOST_TOGETHER = 40  # batches that are stored as one
_MOST_IDS = 400  # of pages and articles in them, about
# Not those that were stored by somebody who was killed before they could be removed.
_WAITING = """
select batch_id from staging.batch anti join staging.merged using (batch_id)
group by batch_id order by min(staged_at), batch_id
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Page visits that are stored as one, and how far their source has been read with them."""

    visits: tuple[PageVisit, ...]
    versions: Versions
    progress: Progress | None = None  # its articles are counted when the batch is stored


def store(warehouse: Warehouse, batch: Batch, now: datetime) -> Stored:
    """Store *batch*, or stage it where somebody else writes a lake; return what was stored.

    That counts batches that others had staged, and leaves *batch* out if it is staged itself.
    """
    if not isinstance(warehouse, LakeWarehouse):
        with warehouse.transaction() as db:
            return _save(db, [batch], now)
    try:
        with warehouse.at_once():
            merged = merge(warehouse, now, most=_MOST_TOGETHER)  # and not for others for ever
            with warehouse.transaction() as db:
                return _sum(merged, _save(db, [batch], now))
    except WarehouseBusyError:
        stage(warehouse, batch, now)
        return Stored()


def stage(warehouse: LakeWarehouse, batch: Batch, now: datetime) -> None:
    """Append *batch* to the staging table, durably, whoever else writes."""
    content = to_json(batch)
    row = [stable_id(content), now, content]
    with warehouse.unlocked() as db:
        _again_on_conflict(
            lambda: _execute(db, "insert into staging.batch values (?, ?, ?)", row), _TRIES
        )


def merge(warehouse: Warehouse, now: datetime, *, most: int | None = None) -> Stored:
    """Store what is staged, oldest first; return what that changed. A file has nothing staged.

    What others stage meanwhile is left for later, as are all but the *most* first if that is given.
    It waits for the writer's lock. What is stored is removed from the staging table; where others
    append just then, a later merge does that.
    """
    if not isinstance(warehouse, LakeWarehouse):
        return Stored()
    whole = Stored()
    with warehouse.held() as db:
        waiting = [batch_id for (batch_id,) in db.execute(_WAITING).fetchall()][:most]
        while waiting:
            batches = _together(_staged(db, waiting[:_MOST_TOGETHER]))
            with warehouse.transaction():
                whole = _sum(whole, _save(db, list(batches.values()), now))
                run(db, "insert into staging.merged select unnest($ids)", {"ids": list(batches)})
            waiting = waiting[len(batches) :]
        _remove_merged(db)
    return whole


def _staged(db: duckdb.DuckDBPyConnection, ids: Sequence[str]) -> dict[str, Batch]:
    """Return the batches of these *ids*, in their order."""
    found = run(
        db,
        "select batch_id, any_value(content) from staging.batch "
        "where batch_id in (select unnest($ids)) group by batch_id",
        {"ids": ids},
    ).fetchall()
    contents = dict(found)
    return {batch_id: from_json(Batch, contents[batch_id]) for batch_id in ids}


def _together(waiting: Mapping[str, Batch]) -> dict[str, Batch]:
    """Return the first of *waiting* that can be stored as one: fewer, bigger files.

    That ends before other code's visits, and before a page or an article that is among them already
    and reads otherwise: that is a second version, and must come after the first.
    """
    together: dict[str, Batch] = {}
    visits: dict[str, PageVisit] = {}
    for batch_id, batch in waiting.items():
        seen = {key: visit for visit in batch.visits for key in _names(visit)}
        alike = all(visits.get(key, visit) == visit for key, visit in seen.items())
        same_code = all(one.versions == batch.versions for one in together.values())
        if together and not (alike and same_code and len(visits) < _MOST_IDS):
            break
        together[batch_id] = batch
        visits |= seen
    return together


def _names(visit: PageVisit) -> tuple[str, ...]:
    """Return the ids of what *visit* says something of."""
    page = visit.page.page_id
    return (page, visit.reading.article.id) if visit.reading else (page,)


def _save(db: duckdb.DuckDBPyConnection, batches: Sequence[Batch], now: datetime) -> Stored:
    """Store *batches*, which contradict each other nowhere, and how far their sources were read."""
    new = _new_articles(db, batches)
    visits = dict.fromkeys(visit for batch in batches for visit in batch.visits)  # each once
    stored = save_visits(db, list(visits), batches[0].versions)
    for batch, articles in zip(batches, new, strict=True):
        if batch.progress is not None:
            before = progress_of(db, batch.progress.source, batch.progress.kind)
            if batch.progress.pages > before.pages:  # else another went further in the same source
                counted = replace(batch.progress, articles=before.articles + articles)
                save_progress(db, counted, now)
    return stored


def _new_articles(db: duckdb.DuckDBPyConnection, batches: Sequence[Batch]) -> list[int]:
    """Return how many articles each of *batches* is the first to bring."""
    if not any(batch.progress for batch in batches):
        return [0] * len(batches)
    read = [[v.reading.article.id for v in batch.visits if v.reading] for batch in batches]
    known = {
        article_id
        for (article_id,) in run(
            db,
            "select article_id from article where article_id in (select unnest($ids))",
            {"ids": sorted({article_id for ids in read for article_id in ids})},
        ).fetchall()
    }
    counts = []
    for ids in read:
        counts.append(len(set(ids) - known))
        known.update(ids)
    return counts


def _remove_merged(db: duckdb.DuckDBPyConnection) -> None:
    """Remove what is stored from the staging table, if nobody appends to it in this moment."""
    if not db.execute("select 1 from staging.merged limit 1").fetchone():
        return
    removal = "delete from staging.batch where batch_id in (select batch_id from staging.merged)"
    try:
        _again_on_conflict(lambda: _execute(db, removal), 3)
    except WarehouseError:
        return  # what is merged stays noted as such
    _execute(
        db,
        "delete from staging.merged where batch_id not in (select batch_id from staging.batch)",
    )


def _execute(db: duckdb.DuckDBPyConnection, sql: str, values: list[object] | None = None) -> None:
    db.execute(sql, values)


def _again_on_conflict(attempt: Callable[[], None], tries: int) -> None:
    """Do *attempt*, and again where another transaction on the same table came before it."""
    for number in range(1, tries + 1):
        try:
            return attempt()
        except duckdb.TransactionException as error:
            if number == tries:
                raise WarehouseError(f"the staging table is too busy: {error}") from error
            time.sleep(random.uniform(0.01, 0.1) * number)
    return None


def _sum(one: Stored, other: Stored) -> Stored:
    return Stored(
        one.articles_new + other.articles_new,
        one.versions_new + other.versions_new,
        one.mentions_new + other.mentions_new,
        one.edited + other.edited,
    )
