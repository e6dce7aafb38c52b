"""A lake's read copy: a DuckDB file that is brought up to date by what changed since the last time.

Readers ask a file here as they do elsewhere: it has comments and views in full, answers in
milliseconds, and is there when PostgreSQL is not. DuckLake lists the changed rows between two
snapshots, so that keeping it costs as much as what changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from extractors.errors import WarehouseError
from extractors.model import stable_id
from warehouse.lake import LakeWarehouse
from warehouse.schema import migration_steps, refuse_strangers
from warehouse.store import Warehouse, open_copy

# Columns that name a row, where the first alone does not.
_KEYS = {"sketch": ("day", "article_id")}
_MADE = """
create table if not exists copy.lake_copy (lake text, snapshot bigint, ledger text);
comment on table copy.lake_copy is 'Of which lake this file is a copy, and how new it is.';
comment on column copy.lake_copy.lake is 'The lake''s address.';
comment on column copy.lake_copy.snapshot is 'The snapshot of the lake that it equals.';
comment on column copy.lake_copy.ledger is 'Hash of the migrations that the lake had then.';
"""


@dataclass(frozen=True, slots=True)
class State:
    """What a copy is a copy of."""

    lake: str
    snapshot: int
    ledger: str


def is_current(warehouse: LakeWarehouse, copy: Path) -> bool:
    """Return whether the file at *copy* equals the lake as it is now."""
    state = _state_of(copy)
    with warehouse.unlocked() as db:
        return state == _now(db, warehouse)


def can_follow(warehouse: LakeWarehouse, copy: Path) -> bool:
    """Return whether *copy* is one of this lake, which still knows what changed since."""
    state = _state_of(copy)
    with warehouse.unlocked() as db:
        return state is not None and _has_changes_since(db, state, _now(db, warehouse))


def bring_up_to_date(warehouse: LakeWarehouse, file: Path) -> None:
    """Make *file*, none yet or a copy that can follow, equal to the lake as it is now.

    Nobody may read it yet. No lock is taken: a snapshot is whole, whoever writes meanwhile.
    """
    with _attached(warehouse, file) as db:
        db.execute(_MADE)
        before, now = _state(db, "copy.lake_copy"), _now(db, warehouse)
        if before is None:
            for table in lake_tables(db):
                _take_whole(db, table, now.snapshot)
        elif before != now:
            for table in _changed_tables(db, before, now):
                _take_changes(db, table, before.snapshot + 1, now.snapshot)
        db.execute("delete from copy.lake_copy")
        values = [now.lake, now.snapshot, now.ledger]
        db.execute("insert into copy.lake_copy values (?, ?, ?)", values)


def make_equal(warehouse: LakeWarehouse, file: Path) -> None:
    """Make the new *file* a warehouse of its own that holds what the lake holds now."""
    with _attached(warehouse, file) as db:
        now = _now(db, warehouse)
        for table in lake_tables(db):
            _take_whole(db, table, now.snapshot)


@contextmanager
def _attached(warehouse: LakeWarehouse, file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Attach *file* as `copy` beside the lake; it is made and migrated as any warehouse is."""
    with Warehouse(file).held():
        pass
    with warehouse.unlocked() as db:
        quoted = str(file).replace("'", "''")
        db.execute(f"attach '{quoted}' as copy (row_group_size 2048)")
        try:
            yield db
            db.execute("checkpoint copy")
        finally:
            db.execute("detach copy")


def lake_tables(db: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the lake's tables, by name, but for staging and the ledger: each file has its own."""
    rows = db.execute(
        "select table_name from duckdb_tables() where database_name = 'warehouse' "
        "and schema_name = 'main' and table_name <> 'schema_migration' order by 1"
    ).fetchall()
    return [name for (name,) in rows]


def key_columns(db: duckdb.DuckDBPyConnection, table: str) -> tuple[str, ...]:
    """Return the columns that name a row of *table* in the attached warehouse."""
    if table in _KEYS:
        return _KEYS[table]
    return (str((db.execute(f"from warehouse.{table} limit 0").description or [])[0][0]),)


def _state_of(copy: Path) -> State | None:
    try:
        with open_copy(copy) as db:
            return _state(db, "lake_copy")
    except WarehouseError:  # none, or a spoilt one
        return None


def _state(db: duckdb.DuckDBPyConnection, table: str) -> State | None:
    try:
        row = db.execute(f"select lake, snapshot, ledger from {table}").fetchone()  # noqa: S608
    except duckdb.CatalogException:  # a copy of a file, from before there was a lake
        return None
    return State(*row) if row else None


def _now(db: duckdb.DuckDBPyConnection, warehouse: LakeWarehouse) -> State:
    found = db.execute("select id from ducklake_current_snapshot('warehouse')").fetchone()
    assert found, "a lake has a snapshot"  # noqa: S101 - a programming error
    names = db.execute(
        "select name, checksum from warehouse.schema_migration order by all"
    ).fetchall()
    refuse_strangers(dict(names), migration_steps())
    return State(str(warehouse.lake), int(found[0]), stable_id(str(names)))


def _has_changes_since(db: duckdb.DuckDBPyConnection, before: State, now: State) -> bool:
    """Return whether the lake still knows what changed since; old snapshots are forgotten."""
    if (before.lake, before.ledger) != (now.lake, now.ledger) or before.snapshot > now.snapshot:
        return False
    known = db.execute(
        "select 1 from ducklake_snapshots('warehouse') where snapshot_id = ?", [before.snapshot]
    )
    return known.fetchone() is not None


def _changed_tables(db: duckdb.DuckDBPyConnection, before: State, now: State) -> list[str]:
    """Return the tables that a snapshot since touched: asking each for its changes costs more."""
    rows = db.execute(
        "select distinct unnest(flatten(map_values(changes))) "
        "from ducklake_snapshots('warehouse') where snapshot_id > ? and snapshot_id <= ?",
        [before.snapshot, now.snapshot],
    ).fetchall()
    touched = {str(table_id) for (table_id,) in rows}
    tables = db.execute("select table_name, table_id from ducklake_table_info('warehouse')")
    ids = {name: str(table_id) for name, table_id in tables.fetchall()}
    return [table for table in lake_tables(db) if ids[table] in touched]


def _take_whole(db: duckdb.DuckDBPyConnection, table: str, snapshot: int) -> None:
    db.execute(
        f"insert into copy.{table} by name from warehouse.{table} at (version => {snapshot})"
    )


def _take_changes(db: duckdb.DuckDBPyConnection, table: str, first: int, last: int) -> None:
    """Make the rows that changed what they are now.

    A row that stays is updated in its place: the desk's index knows versions by their rowid.
    """
    keys = key_columns(db, table)
    using = ", ".join(f'"{key}"' for key in keys)
    _list_changes(db, table, first, last, using)
    same = " and ".join(f'old."{key}" = new."{key}"' for key in keys)
    db.execute(
        f"delete from copy.{table} as old using (select distinct {using} from changed "  # noqa: S608
        "where snapshot_id = first and change_type in ('update_preimage', 'delete')) as new "
        f"where {same} and not exists (from after where {same.replace('old.', 'after.')})"
    )
    names = [name for name, *_ in db.execute("from after limit 0").description or []]
    pairs = ", ".join(f'"{name}" = new."{name}"' for name in names if name not in keys)
    db.execute(f"update copy.{table} as old set {pairs} from after as new where {same}")  # noqa: S608
    db.execute(
        f"insert into copy.{table} by name from after anti join copy.{table} using ({using})"
    )


def _list_changes(
    db: duckdb.DuckDBPyConnection, table: str, first: int, last: int, using: str
) -> None:
    """Make the tables `changed`, what happened to each row, and `after`, what each row is now.

    Of a row that one transaction updated twice DuckLake lists both states, without their order: it
    is looked up by its key, the columns *using*.
    """
    db.execute(
        "create or replace temp table changed as "  # noqa: S608 - our own names
        "select *, min(snapshot_id) over one as first, max(snapshot_id) over one as last "
        f"from ducklake_table_changes('warehouse', 'main', '{table}', {first}, {last}) "
        "window one as (partition by rowid)"
    )
    db.execute(
        "create or replace temp table latest as "
        "select *, count(*) over (partition by rowid) as states from changed "
        "where snapshot_id = last and change_type in ('update_postimage', 'insert')"
    )
    db.execute(
        "create or replace temp table after as "
        "select * exclude (snapshot_id, rowid, change_type, first, last, states) from latest "
        "where states = 1 order by snapshot_id, rowid"
    )
    db.execute(
        f"insert into after by name from warehouse.{table} at (version => {last}) "
        f"semi join (from latest where states > 1) using ({using})"
    )
