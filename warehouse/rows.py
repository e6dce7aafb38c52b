"""Batches of plain rows into tables: one statement, idempotent, inside the caller's transaction."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import duckdb

Row = Mapping[str, Any]

_HAS_PANDAS = find_spec("pandas") is not None
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def insert_missing(db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> int:
    """Insert the *rows* whose key is not there yet; of two with one key the first. Return how many.

    The key of a table is its first column. Tables that grow have no index behind it (migration
    0010), so uniqueness stands here.
    """
    if not rows:
        return 0
    key = key_column(db, table)
    return _write(
        db,
        table,
        _one_a_key(key, rows),
        # no "not in": that would build a hash table of all keys there are
        f"insert into {table} ({{columns}}) select {{columns}} from batch anti join {table} "  # noqa: S608 - our names
        f'using ("{key}")',
    )


def upsert(
    db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], *, keep: Sequence[str] = ()
) -> int:
    """Insert *rows*, or overwrite the ones that are there but for the columns in *keep*.

    Of two rows with one key the last counts. The rows' columns must be the same throughout.
    Return how many rows were inserted or overwritten.
    """
    if not rows:
        return 0
    key = key_column(db, table)
    changing = [name for name in rows[0] if name != key and name not in keep]
    pairs = ", ".join(f'"{name}" = batch."{name}"' for name in changing)
    return _write(
        db,
        table,
        _one_a_key(key, rows[::-1])[::-1],
        f'merge into {table} using batch on {table}."{key}" = batch."{key}" '  # noqa: S608 - ours
        f"when matched then update set {pairs} "
        "when not matched then insert ({columns}) values ({values})",
    )


def update(db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> int:
    """Set the columns that *rows* have where their key is found; return how many were there."""
    if not rows:
        return 0
    key = key_column(db, table)
    pairs = ", ".join(f'"{name}" = batch."{name}"' for name in rows[0] if name != key)
    return _write(
        db,
        table,
        _one_a_key(key, rows[::-1])[::-1],
        f'merge into {table} using batch on {table}."{key}" = batch."{key}" '
        f"when matched then update set {pairs}",
    )


def run(
    db: duckdb.DuckDBPyConnection, sql: str, parameters: object = None
) -> duckdb.DuckDBPyConnection:
    """Execute *sql*, whose *parameters* may hold lists of thousands of values."""
    with _pandas_known_to_be_missing():
        return db.execute(sql, parameters)


def append(db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> int:
    """Insert *rows* as they are: for tables without a key."""
    if not rows:
        return 0
    statement = f"insert into {table} ({{columns}}) select {{columns}} from batch"  # noqa: S608
    return _write(db, table, rows, statement)


def as_list(numbers: Iterable[int]) -> str:
    """Return *numbers* as DuckDB reads a list from text: ten times as fast as a value each."""
    return f"[{','.join(map(str, numbers))}]"


def key_column(db: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return the name of the column that names a row: the first of its table."""
    found = db.execute(
        "select column_name from duckdb_columns() where table_name = ? and column_index = 1",
        [table],
    ).fetchone()
    assert found, f"there is no table {table}"  # noqa: S101 - a programming error
    return str(found[0])


def _one_a_key(key: str, rows: Sequence[Row]) -> list[Row]:
    """Return *rows* without those whose key an earlier one has."""
    first: dict[Any, Row] = {}
    for row in rows:
        first.setdefault(row[key], row)
    return list(first.values())


def named_rows(
    db: duckdb.DuckDBPyConnection, sql: str, parameters: object = None
) -> list[dict[str, Any]]:
    """Return the answer to *sql* as one dict a row."""
    answer = run(db, sql, parameters)
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


def _unnest(parameter: str, column_type: str, first: Any) -> str:
    """Return what makes rows of *parameter*, the list of a column's values.

    Cast as a whole: a column that is None throughout the batch has no type of its own. But texts
    of lists (`as_list`) are cast as rows, which takes a third of the time.
    """
    if column_type.endswith("[]") and isinstance(first, str):
        return f"unnest(${parameter}::varchar[])::{column_type}"
    return f"unnest(${parameter}::{column_type}[])"


def _write(db: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row], statement: str) -> int:
    """Execute *statement*, which reads *rows* as `batch`; return how many rows it wrote.

    It may name {columns} and {values}, the quoted names as the table's and as the batch's.
    """
    types = dict(
        db.execute(
            "select column_name, data_type from duckdb_columns() where table_name = ?", [table]
        ).fetchall()
    )
    names = list(rows[0])
    columns = {f"c{n}": [row[name] for row in rows] for n, name in enumerate(names)}
    unnested = ", ".join(
        f'{_unnest(parameter, types[name], columns[parameter][0])} as "{name}"'
        for parameter, name in zip(columns, names, strict=True)
    )
    filled = statement.format(
        columns=", ".join(f'"{name}"' for name in names),
        values=", ".join(f'batch."{name}"' for name in names),
    )
    with _pandas_known_to_be_missing():
        written = db.execute(
            f"with batch as materialized (select {unnested}) {filled}",
            storable(columns),
        ).fetchone()
    return int(written[0]) if written else 0
