"""Who opens the warehouse, when: one writer, late and briefly; readers take the published copy."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from extractors.errors import WarehouseBusyError, WarehouseError
from warehouse.schema import migrate

_HOLDER = re.compile(r"Conflicting lock is held in (.+?) \(PID (\d+)\)")
# Rows that are written as one. A run adds to the last, unfinished group of each table, and the
# checkpoint compresses it anew: of DuckDB's own 122,880 texts that took 2 to 4 s, of these 0.1 s.
# It is the smallest that DuckDB takes: each checkpoint also lists all groups, but few tables grow.
ROW_GROUP = 2_048
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,  # nothing here needs the network
}


class Warehouse:
    """The one writer of a DuckDB file. It holds the file only inside `transaction()` and `held()`.

    Several threads may share one instance; a mutex lets one of them in at a time. Another process
    that holds the file is waited for, *patience* seconds at most.
    """

    def __init__(self, path: Path, *, patience: float = 60.0) -> None:
        self.path = path
        self._patience = patience
        self._mutex = threading.RLock()
        self._migrated = False
        self._db: duckdb.DuckDBPyConnection | None = None  # while it is held

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open, begin, hand over the connection, commit, close; roll back if the block raises.

        Raises WarehouseBusyError, naming the holder, when another process keeps the file.
        """
        with self.held() as db:
            db.execute("begin")
            try:
                yield db
            except BaseException:
                db.execute("rollback")
                raise
            self._commit(db)

    @contextmanager
    def held(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Keep the file open for the block, so that its transactions share one opening.

        Each closing writes a checkpoint, which lists all that is stored. For steps that follow each
        other at once; nothing slow, such as asking the web, belongs inside. The connection that is
        handed over stands outside any transaction: for a checkpoint.
        """
        with self._mutex:
            if self._db is not None:
                yield self._db
                return
            with self._connection() as db:
                self._db = db
                try:
                    yield db
                finally:
                    self._db = None

    @contextmanager
    def run_under_way(self, run_id: str, kind: str) -> Iterator[None]:  # noqa: ARG002 - a lake's
        """Make a run known to other machines for the block: nobody else has this file."""
        yield

    def living(self, run_ids: Collection[str]) -> set[str]:  # noqa: ARG002 - a lake's
        """Return those of *run_ids* that another machine is at: none of a file's."""
        return set()

    def _commit(self, db: duckdb.DuckDBPyConnection) -> None:
        db.execute("commit")  # not "with db.begin()": DuckDB's "with" closes, and so rolls back

    @contextmanager
    def _connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        db = self._open()
        try:
            if not self._migrated:
                migrate(db)
                self._migrated = True
            yield db
        finally:
            db.close()

    def _open(self) -> duckdb.DuckDBPyConnection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return _patiently(self.path, f"row_group_size {ROW_GROUP}", self._patience)


def _patiently(path: Path, option: str, patience: float) -> duckdb.DuckDBPyConnection:
    """Return what `_attach` does; wait *patience* seconds for who holds the file."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return _attach(path, option)
        except duckdb.Error as error:
            holder = _holder(error)
            if holder is None:
                raise WarehouseError(f"{path} cannot be opened: {error}") from error
            if time.monotonic() > deadline:
                raise WarehouseBusyError(_held(path, holder, patience)) from error
            time.sleep(0.05)


@contextmanager
def held_still(path: Path, *, patience: float = 60.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse itself read-only and as it is: nobody can write it during the block.

    What a killed writer left in its log is seen too, and stays in the log; nothing is migrated.
    Raises WarehouseBusyError as `Warehouse` does.
    """
    db = _patiently(path, "read_only", patience)
    try:
        yield db
    finally:
        db.close()


def _attach(path: Path, option: str) -> duckdb.DuckDBPyConnection:
    """Return a connection to *path*, in a DuckDB instance of its own, attached with *option*.

    By path, DuckDB shares one instance within a process: a reader that stays open would keep all
    later readers at the copy that it began with, although a new one has taken its place.
    """
    db = duckdb.connect(config=CONFIG | {"temp_directory": f"{path}.tmp"})
    try:
        quoted = str(path).replace("'", "''")
        db.execute(f"attach '{quoted}' as warehouse ({option})")
        db.execute("use warehouse")
        db.execute("set TimeZone = 'UTC'")  # not in the config: icu is not loaded there yet
    except duckdb.Error:
        db.close()
        raise
    return db


def _holder(error: duckdb.Error) -> str | None:
    """Return who holds the file that could not be opened, or None if that was not the reason."""
    if "Unique file handle conflict" in str(error):
        return f"another part of this program (process {os.getpid()})"
    found = _HOLDER.search(str(error))
    return f"{found[1]} (process {found[2]})" if found else None


def _held(path: Path, holder: str, patience: float) -> str:
    return (
        f"{path} is held by {holder}; waited {patience:.0f} s. "
        "Close that program, or ask the published copy with `casewatch sql`."
    )


@contextmanager
def open_copy(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published copy at *path* read-only, as it is now. Raises WarehouseError without one.

    A cursor of the connection starts outside the copy: open the copy once a thread instead.
    """
    if not path.exists():
        raise WarehouseError(f"{path} does not exist yet: `casewatch run` makes it.")
    try:
        db = _attach(path, "read_only")
    except duckdb.Error as error:
        raise WarehouseError(f"{path} cannot be opened: {error}") from error
    try:
        yield db
    finally:
        db.close()
