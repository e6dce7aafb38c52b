"""Move a warehouse from a file to a lake or back: every row or nothing, compared by hash."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from extractors.errors import WarehouseError
from warehouse.lake import LakeWarehouse
from warehouse.lake_copy import lake_tables, make_equal
from warehouse.staging import merge
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class Sums:
    """What one table holds: how many rows, and the sum of their hashes, whatever their order."""

    rows: int
    hashes: int


Moved = dict[str, Sums]


def file_to_lake(file: Path, lake: LakeWarehouse) -> Moved:
    """Copy all of *file* into the empty *lake* in one transaction; return what each table holds.

    Raises WarehouseError, and leaves the lake empty, where a table did not arrive row for row.
    Nobody can write the file meanwhile, and it stays as it is.
    """
    if not file.exists():
        raise WarehouseError(f"{file} does not exist; there is nothing to move.")
    with Warehouse(file).held():
        pass  # brought to the newest schema
    with lake.held() as db:
        db.execute(f"attach '{_quoted(file)}' as moved (read_only)")
        try:
            _refuse_full(db, lake)
            with lake.transaction():
                for table in lake_tables(db):
                    db.execute(f"insert into warehouse.{table} by name from moved.{table}")
                return _compared(db)
        finally:
            db.execute("detach moved")


def lake_to_file(lake: LakeWarehouse, file: Path, now: datetime) -> Moved:
    """Make *file* of all that *lake* holds; return what each table holds.

    The file appears once it is whole. Raises WarehouseError where there is one already, or a table
    did not arrive row for row. Nobody can write the lake meanwhile, and it stays as it is.
    """
    if file.exists():
        raise WarehouseError(f"{file} exists already; name another, or move it away.")
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    try:
        with lake.held() as db:
            merge(lake, now)
            make_equal(lake, fresh)
            db.execute(f"attach '{_quoted(fresh)}' as moved (read_only)")
            try:
                sums = _compared(db)
            finally:
                db.execute("detach moved")
        os.link(fresh, file)  # not a rename: that would take the place of one made meanwhile
    finally:
        fresh.unlink(missing_ok=True)
    return sums


def sums_of(db: duckdb.DuckDBPyConnection, database: str, table: str) -> Sums:
    """Return rows and hashes of *table* in the attached *database*."""
    names = (db.execute(f"from warehouse.{table} limit 0").description) or []
    fields = ", ".join(f'"{name}" := "{name}"' for name, *_ in sorted(names))
    found = db.execute(
        f"select count(*), coalesce(sum(hash(struct_pack({fields}))::hugeint), 0) "  # noqa: S608
        f"from {database}.{table}"
    ).fetchone()
    assert found  # noqa: S101 - an aggregate has a row
    return Sums(int(found[0]), int(found[1]))


def _compared(db: duckdb.DuckDBPyConnection) -> Moved:
    sums = {}
    for table in lake_tables(db):
        here, there = (sums_of(db, database, table) for database in ("warehouse", "moved"))
        if here != there:
            raise WarehouseError(
                f"table {table} did not arrive as it was ({here.rows:,} and {there.rows:,} rows); "
                "nothing was moved."
            )
        sums[table] = here
    return sums


def _refuse_full(db: duckdb.DuckDBPyConnection, lake: LakeWarehouse) -> None:
    for table in lake_tables(db):
        if db.execute(f"select 1 from warehouse.{table} limit 1").fetchone():  # noqa: S608 - ours
            raise WarehouseError(
                f"{lake.lake} is not empty (table {table}); nothing was moved. "
                "Name an empty database and folder."
            )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
