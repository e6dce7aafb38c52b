"""The warehouse in a backup: copied while nobody can write it, counted, and looked at again."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from extractors.errors import WarehouseError
from warehouse import blocks
from warehouse.store import held_still, open_copy

# A backup is not migrated: it may be of a warehouse from before this column.
_HAS_DISCARDED = """
select 1 from duckdb_columns() where table_name = 'capture' and column_name = 'discarded_at'
"""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a warehouse holds, in numbers."""

    rows: dict[str, int]  # by table
    schema: str  # name of the last migration
    # WARC file -> offset of the last record in it that a row names, discarded pages aside
    last_records: dict[str, int]


def copy_warehouse(source: Path, target: Path, *, patience: float) -> dict[str, int]:
    """Copy the DuckDB file *source* while nobody can write it; return the rows of each table.

    Nothing of *source* changes: what a killed writer left in its log is taken into the copy only.
    Raises WarehouseBusyError where somebody writes it for longer than *patience* seconds.
    """
    log = source.with_name(f"{source.name}.wal")
    copied_log = target.with_name(f"{target.name}.wal")
    with held_still(source, patience=patience) as db:
        counts = table_counts(db)
        _copy_apart(source, target)
        if log.exists():
            _copy_apart(log, copied_log)
    if copied_log.exists():
        with duckdb.connect(str(target)) as db:
            db.execute("checkpoint")
    return counts


def _copy_apart(source: Path, target: Path) -> None:
    """Copy by a process of its own: see `blocks` for what becomes of DuckDB's lock otherwise."""
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own two paths
        [sys.executable, "-I", "-S", blocks.__file__, str(source), str(target), "0"],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().rpartition("\n")[2]
        raise WarehouseError(f"{target} cannot be written: {reason}")


def contents_of(path: Path) -> Contents:
    """Return what the DuckDB file at *path*, opened to read only, holds."""
    with open_copy(path) as db:
        schema = db.execute("select max(name) from schema_migration where name <> 'views'")
        (last_migration,) = schema.fetchone() or ("",)
        return Contents(table_counts(db), last_migration, _last_records(db))


def table_counts(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many rows each table of the attached warehouse has, by name."""
    names = db.execute(
        "select table_name from duckdb_tables() where database_name = current_database() order by 1"
    ).fetchall()
    return {name: _count(db, name) for (name,) in names}


def _count(db: duckdb.DuckDBPyConnection, table: str) -> int:
    found = db.execute(f'select count(*) from "{table}"').fetchone()  # noqa: S608 - DuckDB's name
    return int(found[0]) if found else 0


def _last_records(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    there = "where discarded_at is null" if db.execute(_HAS_DISCARDED).fetchone() else ""
    rows = db.execute(
        f"select warc_file, max(warc_offset) from capture {there} group by 1"  # noqa: S608 - ours
    ).fetchall()
    return {file: int(offset) for file, offset in rows}
