"""Numbered migrations, each in its own transaction and checksummed; views follow their files."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import duckdb

from extractors.errors import WarehouseError

_HERE = Path(__file__).parent
# No column has a default that calls a function: DuckDB 1.5 then cannot replay the comments from the
# log of a killed process, and the file would never open again.
LEDGER = """
create table if not exists schema_migration (
    name text primary key, checksum text not null, applied_at timestamptz not null
);
comment on table schema_migration is 'Which migrations this file has, and a checksum of each.';
comment on column schema_migration.name is 'File name; "views" stands for all views together.';
comment on column schema_migration.checksum is 'sha256 of the SQL.';
comment on column schema_migration.applied_at is 'When it was applied.';
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: a file that is never edited once it has been released."""

    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """Return the sha256 of the SQL."""
        return sha256(self.sql.encode()).hexdigest()


def migration_steps() -> tuple[Step, ...]:
    """Return the migrations in their order."""
    files = sorted((_HERE / "migrations").glob("*.sql"))
    return tuple(Step(file.name, file.read_text("utf-8")) for file in files)


def views_step() -> Step:
    """Return all views as one step, in the order of their numbers."""
    files = sorted(
        (_HERE / "views").glob("*.sql"), key=lambda file: int(file.name.partition("_")[0])
    )
    return Step("views", "\n".join(file.read_text("utf-8") for file in files))


def migrate(db: duckdb.DuckDBPyConnection) -> None:
    """Apply what is missing. Raises WarehouseError for a file of another or newer casewatch."""
    applied = _applied(db)
    steps = migration_steps()
    refuse_strangers(applied, steps)
    for step in steps:
        if step.name not in applied:
            _apply(db, step)
    views = views_step()
    if applied.get(views.name) != views.checksum:
        _apply(db, views, before=_drop_views(db))


def pending(db: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the migrations that the warehouse lacks; nothing is applied. Raises as `migrate`."""
    applied = dict(db.execute("select name, checksum from schema_migration").fetchall())
    steps = migration_steps()
    refuse_strangers(applied, steps)
    return [step.name for step in steps if step.name not in applied]


def _applied(db: duckdb.DuckDBPyConnection) -> dict[str, str]:
    if not db.execute(
        "select 1 from duckdb_tables() where table_name = 'schema_migration'"
    ).fetchone():
        db.execute(f"begin; {LEDGER} commit;")  # whole, or not at all
    return dict(db.execute("select name, checksum from schema_migration").fetchall())


def refuse_strangers(applied: dict[str, str], steps: tuple[Step, ...]) -> None:
    """Raise WarehouseError where *applied*, names with checksums, is not from these *steps*."""
    known = {step.name: step.checksum for step in steps}
    for name, checksum in applied.items():
        if name == "views":
            continue
        if name not in known:
            raise WarehouseError(
                f"the warehouse has migration {name}, which this casewatch does not know: "
                "it was written by a newer version. Upgrade casewatch."
            )
        if known[name] != checksum:
            raise WarehouseError(
                f"migration {name} was edited after it was applied. Restore the file as released."
            )


def _drop_views(db: duckdb.DuckDBPyConnection) -> str:
    """Return the SQL that drops every view, so that one whose file is gone or renamed goes."""
    names = db.execute("select view_name from duckdb_views() where not internal").fetchall()
    return "".join(f'drop view "{name}";\n' for (name,) in names)


def _apply(db: duckdb.DuckDBPyConnection, step: Step, *, before: str = "") -> None:
    db.execute("begin")
    try:
        db.execute(before + step.sql)
        db.execute(
            "insert or replace into schema_migration values (?, ?, now())",
            [step.name, step.checksum],
        )
    except duckdb.Error as error:
        db.execute("rollback")
        raise WarehouseError(f"migration {step.name} failed: {error}") from error
    db.execute("commit")
