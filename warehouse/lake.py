"""The warehouse on a DuckLake: rows in Parquet files, their catalog in PostgreSQL, many machines.

DuckLake has no keys and lets two transactions insert the same row, so writing is one at a time here
too: a PostgreSQL advisory lock stands for the lock that a DuckDB file has. PostgreSQL frees it when
its connection ends, however the process died. What need not wait for it is staged: see `staging`.
"""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import duckdb

from extractors.errors import UsageError, WarehouseBusyError, WarehouseError
from warehouse.lake_schema import has_tables, migrate_lake
from warehouse.places import Lake, Places
from warehouse.store import CONFIG, Warehouse

_WRITER = "writer"  # the name of the lock of who writes
_CATALOG = "__ducklake_metadata_warehouse"  # what DuckLake calls its PostgreSQL within DuckDB
# Each commit takes the next number of a snapshot, and is tried again where another took it first.
# DuckLake's ten times were too few for a big one among many small ones that are staged meanwhile.
_PATIENCE = """
set ducklake_max_retry_count = 200;
set ducklake_retry_wait_ms = 50;
set ducklake_retry_backoff = 1.0;
"""
_PARALLEL = frozenset({"backfill"})  # kinds of run of which several may be under way


def open_warehouse(places: Places, *, patience: float | None = None) -> Warehouse:
    """Return the writer of the warehouse, file or lake, that *places* says; nothing is opened yet.

    Another writer is waited for, *patience* seconds at most: if not given, 60 for a file, and 600
    for a lake, which more of them write.
    """
    if places.lake is not None:
        return LakeWarehouse(places.lake, patience=600.0 if patience is None else patience)
    return Warehouse(places.warehouse, patience=60.0 if patience is None else patience)


class LakeWarehouse(Warehouse):
    """The one writer of a DuckLake. It holds the writer's lock inside `transaction()` and `held()`.

    Its connection stays open between them, as opening takes a second: a lake may be open in many
    processes. After any failure it is made anew.
    """

    def __init__(self, lake: Lake, *, patience: float = 60.0) -> None:
        super().__init__(Path(lake.data), patience=patience)
        self.lake = lake
        self._open_lake: duckdb.DuckDBPyConnection | None = None
        self._lock: _Lock | None = None  # while it is held

    @contextmanager
    def at_once(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Do as `held`, but raise WarehouseBusyError without waiting if somebody else writes."""
        with self._mutex:
            patience, self._patience = self._patience, 0.0
            try:
                with self.held() as db:
                    yield db
            finally:
                self._patience = patience

    @contextmanager
    def unlocked(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Hand over a connection without the lock: to read, and to append to the staging table.

        Raises WarehouseError where no casewatch has made the tables yet.
        """
        with self._mutex, self._linked() as db:
            if not self._migrated and not has_tables(db):
                raise WarehouseError(f"{self.lake} is empty yet: `casewatch run` makes its tables.")
            yield db

    @contextmanager
    def run_under_way(self, run_id: str, kind: str) -> Iterator[None]:
        """Hold a lock in the run's name for the block, by which others know that it is alive.

        Raises WarehouseBusyError where another machine is at the same kind of run; of backfills
        several may be under way.
        """
        names = [f"run {run_id}"] + ([] if kind in _PARALLEL else [f"kind {kind}"])
        db = _attach(self.lake)  # of its own: it outlives whatever happens to the other
        locks = [_Lock(db.cursor(), name) for name in names]
        try:
            if not all(lock.take() for lock in locks):
                raise WarehouseBusyError(
                    f"a run ({kind}) is under way on {locks[-1].holder()}; "
                    "this one stops so that nothing is fetched twice."
                )
            yield
        finally:
            for lock in locks:
                with suppress(duckdb.Error):
                    lock.free()
            _close(db)

    def living(self, run_ids: Collection[str]) -> set[str]:
        """Return those of *run_ids* that a process somewhere is at. To be asked within `held()`."""
        assert self._lock, "ask while holding the warehouse"  # noqa: S101 - a programming error
        return {run_id for run_id in run_ids if self._lock.is_taken(f"run {run_id}")}

    @contextmanager
    def _connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._linked() as db:
            self._lock = self._locked(db)
            try:
                if not self._migrated:
                    migrate_lake(db)
                    self._migrated = True
                yield db
            finally:
                with suppress(duckdb.Error):  # PostgreSQL is gone, and the lock with it
                    self._lock.free()
                self._lock = None

    @contextmanager
    def _linked(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Hand over the open connection; close it if the block raises: DuckDB may have given up."""
        if self._open_lake is None or not _is_alive(self._open_lake):
            self._open_lake = _attach(self.lake)
        try:
            yield self._open_lake
        except WarehouseBusyError:
            raise
        except BaseException:
            if self._open_lake is not None:  # an inner block has closed it already
                _close(self._open_lake)
            self._open_lake = None
            raise

    def _locked(self, db: duckdb.DuckDBPyConnection) -> _Lock:
        lock = _Lock(db.cursor(), _WRITER)
        deadline = time.monotonic() + self._patience
        while not lock.take():
            if time.monotonic() > deadline:
                raise WarehouseBusyError(
                    f"the lake is written by {lock.holder()}; waited {self._patience:.0f} s."
                )
            time.sleep(0.05)
        return lock

    def _commit(self, db: duckdb.DuckDBPyConnection) -> None:
        """Commit; not if the lock is lost, as after a restart of PostgreSQL: others may write."""
        assert self._lock, "transactions are inside held()"  # noqa: S101 - a programming error
        try:
            if self._lock.is_mine():
                db.execute("commit")
                return
            db.execute("rollback")
        except duckdb.Error as error:  # whose message is long, and quotes the rows
            reason = str(error)[:300]
            raise WarehouseError(f"{self.lake}: nothing was stored: {reason}") from None
        raise WarehouseError("the writer's lock was lost; nothing was stored. Try again.")


class _Lock:
    """A PostgreSQL advisory lock, held by the transaction of a connection of its own."""

    def __init__(self, db: duckdb.DuckDBPyConnection, name: str) -> None:
        self._db = db
        self._name = name

    def take(self) -> bool:
        """Return whether the lock is ours now; if not, somebody else has it."""
        self._db.execute("begin")
        if self._ask(f"select pg_try_advisory_xact_lock({_key(self._name)})"):
            return True
        self._db.execute("rollback")
        return False

    def free(self) -> None:
        """Let others take it."""
        self._db.execute("rollback")
        self._db.close()

    def is_mine(self) -> bool:
        """Return whether it is still held by this connection."""
        return bool(self._ask(self._whose(self._name) + " and pid = pg_backend_pid()"))

    def is_taken(self, name: str) -> bool:
        """Return whether anybody holds the lock of that *name*."""
        return bool(self._ask(self._whose(name)))

    def holder(self) -> str:
        """Return who has it, as "host:process"."""
        who = "select max(application_name) from pg_stat_activity join pg_locks using (pid) where "
        found = self._ask(who + _lock_row(self._name))
        return str(found or "another process").removeprefix("casewatch/")

    @staticmethod
    def _whose(name: str) -> str:
        return f"select count(*) from pg_locks where {_lock_row(name)}"  # noqa: S608 - a number

    def _ask(self, sql: str) -> object:
        quoted = sql.replace("'", "''")
        found = self._db.execute(
            f"select * from postgres_query('{_CATALOG}', '{quoted}')"  # noqa: S608 - our own words
        ).fetchone()
        return found[0] if found else None


def _key(name: str) -> int:
    """Return the number of the lock *name*: 63 bits, the same in every process."""
    return int.from_bytes(sha256(f"casewatch {name}".encode()).digest()[:8]) >> 1


def _lock_row(name: str) -> str:
    key = _key(name)
    return (
        f"locktype = 'advisory' and granted and objsubid = 1 and classid = {key >> 32} "  # noqa: S608
        f"and objid = {key & 0xFFFFFFFF} "
        "and database = (select oid from pg_database where datname = current_database())"
    )


def _close(db: duckdb.DuckDBPyConnection) -> None:
    """Close *db*, rolled back first: DuckDB aborts the process where it cannot do so by itself."""
    with suppress(duckdb.Error):
        db.execute("rollback")
    with suppress(duckdb.Error):
        db.close()


def _is_alive(db: duckdb.DuckDBPyConnection) -> bool:
    try:
        db.execute("from ducklake_current_snapshot('warehouse')").fetchone()
    except duckdb.Error:  # PostgreSQL was started anew, or DuckDB has given up
        _close(db)
        return False
    return True


@contextmanager
def open_lake(lake: Lake) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the lake as it is, without a lock and without migrating it."""
    db = _attach(lake)
    try:
        yield db
    finally:
        db.close()


def _attach(lake: Lake) -> duckdb.DuckDBPyConnection:
    if "://" not in lake.data:
        Path(lake.data).mkdir(parents=True, exist_ok=True)
    db = duckdb.connect(config=CONFIG)
    try:
        _load_extensions(db)
        who = f"application_name=casewatch/{socket.gethostname()}:{os.getpid()}"
        catalog, data = (part.replace("'", "''") for part in (f"{lake.catalog} {who}", lake.data))
        _attach_or_make(
            db, f"attach 'ducklake:postgres:{catalog}' as warehouse (data_path '{data}')"
        )
        db.execute("use warehouse")
        db.execute("set TimeZone = 'UTC'")
        db.execute(_PATIENCE)
    except duckdb.Error as error:
        db.close()
        raise WarehouseError(f"{lake} cannot be opened: {error}") from error
    except BaseException:
        db.close()
        raise
    return db


def _attach_or_make(db: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Execute *statement*; again where two were making the catalog of a new lake at once."""
    for wait in (0.5, 1.0, 2.0):
        try:
            db.execute(statement)
        except duckdb.Error as error:
            if "already exists" not in str(error):
                raise
            time.sleep(wait)
        else:
            return
    db.execute(statement)


def _load_extensions(db: duckdb.DuckDBPyConnection) -> None:
    """Load DuckLake and PostgreSQL from the packages of that name: no network is asked.

    DuckDB finds an extension's entry by the name of its file, and the package calls PostgreSQL's
    otherwise than DuckDB does: hence the link.
    """
    with tempfile.TemporaryDirectory(prefix="casewatch-") as folder:
        link = Path(folder) / "postgres_scanner.duckdb_extension"
        link.symlink_to(_extension("postgres"))
        db.execute(f"load '{link}'")
    db.execute(f"load '{_extension('ducklake')}'")


def _extension(name: str) -> Path:
    package = find_spec(f"duckdb_extension_{name}")
    if package is None or package.origin is None:
        raise UsageError(
            f"a lake needs the package duckdb-extension-{name}: pip install 'casewatch[cluster]'."
        )
    version = f"v{duckdb.__version__}"
    return Path(package.origin).parent / "extensions" / version / f"{name}.duckdb_extension"


def tidy(warehouse: LakeWarehouse, *, days: int) -> None:
    """Merge the lake's small files, and remove those that only snapshots older than *days* need.

    Each batch writes files of its own, and a reader opens them all.
    """
    with warehouse.held() as db:
        db.execute("call ducklake_flush_inlined_data('warehouse')")
        old = f"older_than => now() - interval {int(days)} days"
        db.execute(f"call ducklake_expire_snapshots('warehouse', {old})")
        db.execute("call ducklake_merge_adjacent_files('warehouse')")
        db.execute(f"call ducklake_cleanup_old_files('warehouse', {old})")
