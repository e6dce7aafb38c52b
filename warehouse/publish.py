"""The read copy: made after each run, put in place by an atomic rename, only ever read."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import duckdb

from extractors.errors import WarehouseError
from warehouse import blocks
from warehouse.lake import LakeWarehouse
from warehouse.lake_copy import bring_up_to_date, can_follow, is_current
from warehouse.store import Warehouse, open_copy


def publish(warehouse: Warehouse, copy: Path) -> None:
    """Checkpoint the warehouse and put a copy of it at *copy*; open readers keep the old one.

    The copy before the last one is kept beside it as the spare, and brought up to date instead of
    copying all anew: what a run costs does not grow with what is stored.
    Raises WarehouseError when the copy cannot be written, such as on a full disk.
    """
    fresh = copy.with_name(f".{copy.name}.{os.getpid()}")
    _drop_leftovers(copy)
    try:
        if isinstance(warehouse, LakeWarehouse):
            if is_current(warehouse, copy):
                return
            _copy_lake(warehouse, copy, fresh)
        else:
            _copy(warehouse, copy, fresh)
    except duckdb.Error as error:
        fresh.unlink(missing_ok=True)
        raise WarehouseError(f"{copy} cannot be written: {error}") from error
    except subprocess.CalledProcessError as error:
        fresh.unlink(missing_ok=True)
        reason = error.stderr.strip().rpartition("\n")[2]
        raise WarehouseError(f"{copy} cannot be written: {reason}") from error
    _keep_as_spare(copy)
    fresh.replace(copy)


def _copy_lake(warehouse: LakeWarehouse, copy: Path, fresh: Path) -> None:
    """Make *fresh* equal to the copy, then to the lake by what changed since; or all of it anew."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    fresh.unlink(missing_ok=True)
    if can_follow(warehouse, copy):
        with open_copy(copy) as db:
            block = _block_size(db)
        _take_spare(copy, fresh)
        _copy_blocks(copy, fresh, block)
    bring_up_to_date(warehouse, fresh)


def _copy(warehouse: Warehouse, copy: Path, fresh: Path) -> None:
    with warehouse.held() as db:
        db.execute("checkpoint")
        _take_spare(copy, fresh)
        _copy_blocks(warehouse.path, fresh, _block_size(db))


def _block_size(db: duckdb.DuckDBPyConnection) -> int:
    size = db.execute("select block_size from pragma_database_size()").fetchone()
    assert size, "DuckDB knows the size of its blocks"  # noqa: S101 - a programming error
    return int(size[0])


def _copy_blocks(source: Path, fresh: Path, block: int) -> None:
    """Let a process of its own do it: `blocks` says why."""
    subprocess.run(  # noqa: S603 - our own interpreter, our own two paths
        [sys.executable, "-I", "-S", blocks.__file__, str(source), str(fresh), str(block)],
        check=True,
        stderr=subprocess.PIPE,
        text=True,
    )


def _drop_leftovers(copy: Path) -> None:
    """Remove what publishers left that were killed: as big as the warehouse, and of no use."""
    for left in copy.parent.glob(f".{copy.name}.*"):
        if left.suffix[1:].isdigit() and not _is_alive(int(left.suffix[1:])):
            left.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def spare_of(copy: Path) -> Path:
    """Return where the copy before the last one is kept."""
    return copy.with_name(f".{copy.name}.spare")


def _take_spare(copy: Path, fresh: Path) -> None:
    """Move the spare to *fresh*, if there is one that has no other name: that would be the copy."""
    fresh.unlink(missing_ok=True)
    with suppress(FileNotFoundError):  # none before the second time, or another process took it
        spare_of(copy).rename(fresh)
        if fresh.stat().st_nlink > 1:
            fresh.unlink()


def _keep_as_spare(copy: Path) -> None:
    """Give the copy, which is about to lose its name, that of the spare."""
    spare = spare_of(copy)
    spare.unlink(missing_ok=True)
    with suppress(OSError):  # no copy yet, or no hard links here: then the next one is made anew
        os.link(copy, spare)
