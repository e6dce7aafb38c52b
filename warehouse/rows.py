"""Batches of plain rows into tables: one statement, idempotent, inside the caller's transaction."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import duckdb

Row = Mapping[str, Any]

_HAS_PANDAS = find_spec("pandas") is not None
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def insert_missing(db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> int:
    """Insert the *rows* whose primary key is not there yet; return how many that were."""
    return _insert(db, table, rows, "on conflict do nothing")


def upsert(
    db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], *, keep: Sequence[str] = ()
) -> int:
    """Insert *rows*, or overwrite the ones that are there but for the columns in *keep*.

    Return how many rows were inserted or overwritten. The rows' keys must be the same throughout.
    """
    if not rows:
        return 0
    key = primary_key(db, table)
    changing = [name for name in rows[0] if name != key and name not in keep]
    pairs = ", ".join(f'"{name}" = excluded."{name}"' for name in changing)
    return _insert(db, table, rows, f'on conflict ("{key}") do update set {pairs}')


def append(db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> int:
    """Insert *rows* as they are: for tables without a key."""
    return _insert(db, table, rows, "")


def primary_key(db: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return the name of the one column that is the table's primary key."""
    found = db.execute(
        "select constraint_column_names[1] from duckdb_constraints() "
        "where table_name = ? and constraint_type = 'PRIMARY KEY'",
        [table],
    ).fetchone()
    assert found, f"{table} has no primary key"  # noqa: S101 - a programming error
    return str(found[0])


def named_rows(
    db: duckdb.DuckDBPyConnection, sql: str, parameters: object = None
) -> list[dict[str, Any]]:
    """Return the answer to *sql* as one dict a row."""
    answer = db.execute(sql, parameters)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


@contextmanager
def _pandas_known_to_be_missing() -> Iterator[None]:
    """Answer DuckDB's question once: it tries to import pandas twice for every value it is given.

    Without pandas, a thousand mentions took 3.8 s, of which 3.5 were a search of the import path.
    """
    if _HAS_PANDAS or "pandas" in sys.modules:
        yield
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]  # documented: "import" fails at once
    try:
        yield
    finally:
        sys.modules.pop("pandas", None)


def storable(value: Any) -> Any:
    """Return *value* with U+FFFD for each lone surrogate, at any depth: offsets stay as they are.

    Feeds and headers can hold them, UTF-8 cannot: one such character would cost the whole batch.
    """
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {key: storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [storable(inner) for inner in value]
    return value


def _insert(db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], conflict: str) -> int:
    if not rows:
        return 0
    types = dict(
        db.execute(
            "select column_name, data_type from duckdb_columns() where table_name = ?", [table]
        ).fetchall()
    )
    columns = ", ".join(f'"{name}"' for name in rows[0])
    fields = ", ".join(f'"{name}" {types[name]}' for name in rows[0])
    # Cast as a whole: a column that is None throughout the batch has no type of its own.
    statement = (
        f"insert into {table} ({columns}) "  # noqa: S608 - names are ours, values are parameters
        f"select r.* from (select unnest($rows::struct({fields})[]) as r) {conflict}"
    )
    with _pandas_known_to_be_missing():
        inserted = db.execute(statement, {"rows": storable(rows)}).fetchone()
    return int(inserted[0]) if inserted else 0
