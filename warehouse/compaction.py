"""A DuckDB file copied table by table into a fresh one, compared, and put in its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

from extractors.errors import WarehouseError
from warehouse.backups import table_counts
from warehouse.moving import sums_of
from warehouse.store import ROW_GROUP, held_still


def leftover(path: Path) -> Path:
    """Return where the new file of *path* is written."""
    return path.with_name(f".{path.name}.compact")


def write_compact(path: Path, say: Callable[[str], None] = lambda _: None) -> dict[str, int]:
    """Replace the warehouse at *path* by a fresh file with equal rows; return them, by table.

    Nobody can write meanwhile; readers of the old file keep it. Tables, views, comments and the
    size of row groups stay. Raises WarehouseError, and changes nothing, where anything differs.
    """
    fresh = leftover(path)
    with held_still(path) as db:
        if path.with_name(f"{path.name}.wal").exists():
            raise WarehouseError(f"somebody wrote {path} just now; try again")
        try:
            counts = _copied(db, fresh)
            say("putting it in place")
            fresh.replace(path)  # while we hold the old file: nobody can have written it since
        finally:
            fresh.unlink(missing_ok=True)
            fresh.with_name(f"{fresh.name}.wal").unlink(missing_ok=True)
    return counts


def _copied(db: duckdb.DuckDBPyConnection, fresh: Path) -> dict[str, int]:
    quoted = str(fresh).replace("'", "''")
    db.execute(f"attach '{quoted}' as fresh (row_group_size {ROW_GROUP})")
    db.execute("copy from database warehouse to fresh")
    db.execute("checkpoint fresh")
    counts = table_counts(db)
    for table, rows in counts.items():
        old, new = sums_of(db, "warehouse", table), sums_of(db, "fresh", table)
        if old != new:
            raise WarehouseError(f"table {table}: the copy of its {rows:,} rows is not equal")
    if differing := _shape(db, "warehouse") ^ _shape(db, "fresh"):
        raise WarehouseError(f"the copy has other tables, views or comments: {differing}")
    db.execute("detach fresh")
    return counts


def _shape(db: duckdb.DuckDBPyConnection, place: str) -> set[object]:
    """Return names, types, comments and the SQL of views in *place*."""
    found = db.execute(
        "select 'column', table_name, column_name, data_type, is_nullable::text, comment "
        "from duckdb_columns() where database_name = $place and not internal "
        "union all select 'table', table_name, sql, null, null, comment "
        "from duckdb_tables() where database_name = $place "
        "union all select 'view', view_name, sql, null, null, comment "
        "from duckdb_views() where database_name = $place and not internal",
        {"place": place},
    )
    return set(found.fetchall())
