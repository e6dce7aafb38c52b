"""The tables and views of a lake: the same as a file's, but for what DuckLake does not have.

It has no primary keys and no comments on the columns of views, and a column that was added is not
seen by a later statement of the same transaction. So a new lake is made in one transaction as a
DuckDB file looks after all migrations; later ones are applied statement by statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb

from extractors.errors import WarehouseError
from warehouse.schema import Step, migrate, migration_steps, refuse_strangers, views_step

_STAGING = """
create schema staging;
create table staging.batch (
    batch_id text not null, staged_at timestamptz not null, content text not null
);
comment on table staging.batch is 'Batches that writers appended while another held the lock.';
create table staging.merged (batch_id text not null);
comment on table staging.merged is 'Batches that are in the tables, and wait to be removed.';
create table staging.step (name text not null, statements integer not null);
comment on table staging.step is 'How far a migration of this lake has come, while it is applied.';
"""
_KEY = re.compile(r"\bprimary key\b", re.IGNORECASE)
_COMMENT_ON_COLUMN = re.compile(r"\s*comment\s+on\s+column\b", re.IGNORECASE)


def migrate_lake(db: duckdb.DuckDBPyConnection) -> None:
    """Make or update tables and views; the caller holds the writer's lock.

    Raises WarehouseError for a lake of another or newer casewatch.
    """
    applied = _applied(db)
    if not applied:
        _make(db)
        return
    steps = migration_steps()
    refuse_strangers(applied, steps)
    for step in steps:
        if step.name not in applied:
            apply_step(db, step)
    views = views_step()
    if applied.get(views.name) != views.checksum:
        _whole(db, [*_drop_views(db), *_view_statements(), _forget(views), _record(views)])


def apply_step(db: duckdb.DuckDBPyConnection, step: Step) -> None:
    """Apply a migration, each statement in a transaction: killed, it goes on where it was."""
    done = db.execute("select max(statements) from staging.step where name = ?", [step.name])
    (before,) = done.fetchone() or (None,)
    statements, name = _statements(_KEY.sub("not null", step.sql)), _quoted(step.name)
    for number, statement in enumerate(statements, 1):
        if number > (before or 0):
            _whole(db, [statement, f"insert into staging.step values ({name}, {number})"])  # noqa: S608
    _whole(db, [_record(step), f"delete from staging.step where name = {name}"])  # noqa: S608


def _applied(db: duckdb.DuckDBPyConnection) -> dict[str, str]:
    if not db.execute(
        "select 1 from duckdb_tables() where database_name = 'warehouse' "
        "and table_name = 'schema_migration'"
    ).fetchone():
        return {}
    return dict(db.execute("select name, checksum from schema_migration").fetchall())


def _make(db: duckdb.DuckDBPyConnection) -> None:
    """Make everything in one transaction: whole, or not at all."""
    with duckdb.connect() as model:
        migrate(model)
        tables = list(table_statements(model))
    records = [_record(step) for step in (*migration_steps(), views_step())]
    _whole(db, [*_statements(_STAGING), *tables, *_view_statements(), *records])


def table_statements(model: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Yield the SQL that makes the tables of *model* without their keys, comments included."""
    tables = model.execute(
        "select table_name, comment from duckdb_tables() where not internal order by table_oid"
    ).fetchall()
    for table, comment in tables:
        columns = model.execute(
            "select column_name, data_type, is_nullable, column_default, comment "
            "from duckdb_columns() where table_name = ? order by column_index",
            [table],
        ).fetchall()
        fields = ", ".join(_field(*column[:4]) for column in columns)
        yield f"create table {table} ({fields})"
        yield f"comment on table {table} is {_quoted(comment)}"
        for name, _, _, _, said in columns:
            yield f'comment on column {table}."{name}" is {_quoted(said)}'


def _field(name: str, kind: str, nullable: bool, default: str | None) -> str:
    return (
        f'"{name}" {kind}'
        + ("" if nullable else " not null")
        + (f" default {default}" if default else "")
    )


def _quoted(text: str | None) -> str:
    return "null" if text is None else "'" + text.replace("'", "''") + "'"


def _view_statements() -> list[str]:
    statements = _statements(views_step().sql)
    return [sql for sql in statements if not _COMMENT_ON_COLUMN.match(_without_notes(sql))]


def _without_notes(sql: str) -> str:
    return "\n".join(line for line in sql.splitlines() if not line.startswith("--"))


def _statements(sql: str) -> list[str]:
    return [statement.query for statement in duckdb.extract_statements(sql)]


def _drop_views(db: duckdb.DuckDBPyConnection) -> list[str]:
    names = db.execute(
        "select view_name from duckdb_views() where not internal and database_name = 'warehouse'"
    ).fetchall()
    return [f'drop view "{name}"' for (name,) in names]


def _record(step: Step) -> str:
    return (
        "insert into schema_migration (name, checksum, applied_at) "  # noqa: S608 - ours
        f"values ({_quoted(step.name)}, '{step.checksum}', now())"
    )


def _forget(step: Step) -> str:
    return f"delete from schema_migration where name = {_quoted(step.name)}"  # noqa: S608 - ours


def _whole(db: duckdb.DuckDBPyConnection, statements: list[str]) -> None:
    """Execute *statements* in one transaction."""
    db.execute("begin")
    try:
        for statement in statements:
            db.execute(statement)
        db.execute("commit")
    except duckdb.Error as error:
        raise WarehouseError(f"the lake cannot be migrated: {error}\n{statement}") from error
