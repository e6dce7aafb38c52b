"""The tables and views of a lake: the same migrations as a file's, but for what DuckLake lacks.

It has no primary keys, no comments on the columns of views, and adds no column with a default.
"""

from __future__ import annotations

import re

import duckdb

from extractors.errors import WarehouseError
from warehouse.schema import LEDGER, Step, migration_steps, refuse_strangers, views_step

_STAGING = """
create schema staging;
create table staging.batch (
    batch_id text not null, staged_at timestamptz not null, content text not null
);
comment on table staging.batch is 'Batches that writers appended while another held the lock.';
create table staging.merged (batch_id text not null);
comment on table staging.merged is 'Batches that are in the tables, and wait to be removed.';
"""
_KEY = re.compile(r"\bprimary key\b", re.IGNORECASE)
_DEFAULT = re.compile(r"(\badd column \w+ \w+) default \w+", re.IGNORECASE)
_COMMENT_ON_COLUMN = re.compile(r"^comment on column .*;\n", re.IGNORECASE | re.MULTILINE)


def migrate_lake(db: duckdb.DuckDBPyConnection) -> None:
    """Apply what is missing, each in a transaction; the caller holds the writer's lock.

    Raises WarehouseError for a lake of another or newer casewatch.
    """
    applied = _applied(db)
    steps = migration_steps()
    refuse_strangers(applied, steps)
    for step in steps:
        if step.name not in applied:
            _whole(db, step, for_lake(step.sql))
    views = views_step()
    if applied.get(views.name) != views.checksum:
        _whole(db, views, _drop_views(db) + _COMMENT_ON_COLUMN.sub("", views.sql))


def for_lake(sql: str) -> str:
    """Return a migration as DuckLake takes it; `rows` keeps keys unique, as in a file."""
    return _DEFAULT.sub(r"\1", _KEY.sub("not null", sql))


def has_tables(db: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the attached lake has casewatch's tables."""
    found = db.execute(
        "select 1 from duckdb_tables() where database_name = 'warehouse' "
        "and table_name = 'schema_migration'"
    )
    return found.fetchone() is not None


def _applied(db: duckdb.DuckDBPyConnection) -> dict[str, str]:
    if not has_tables(db):
        db.execute(f"begin; {for_lake(LEDGER)} {_STAGING} commit;")  # whole, or not at all
    return dict(db.execute("select name, checksum from schema_migration").fetchall())


def _drop_views(db: duckdb.DuckDBPyConnection) -> str:
    names = db.execute(
        "select view_name from duckdb_views() where not internal and database_name = 'warehouse'"
    ).fetchall()
    return "".join(f'drop view "{name}";\n' for (name,) in names)


def _whole(db: duckdb.DuckDBPyConnection, step: Step, sql: str) -> None:
    db.execute("begin")
    try:
        db.execute(sql)
        db.execute("delete from schema_migration where name = ?", [step.name])
        db.execute(
            "insert into schema_migration (name, checksum, applied_at) values (?, ?, now())",
            [step.name, step.checksum],
        )
        db.execute("commit")
    except duckdb.Error as error:
        raise WarehouseError(f"migration {step.name} of the lake failed: {error}") from error
