"""What the commands of upkeep share: their lock, sizes and shares in words, room on the disk."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extractors.errors import CasewatchError, WarehouseError

_LOCK = "upkeep.lock"


@contextmanager
def only_upkeep(home: Path, what: str) -> Iterator[None]:
    """Hold the lock of upkeep in *home*: no backup sees half of what `retain` does.

    The kernel drops it at kill -9. Raises CasewatchError, naming who holds it.
    """
    with locked(home / _LOCK, what, f"in {home}"):
        yield


@contextmanager
def locked(path: Path, what: str, where: str) -> Iterator[None]:
    """Hold a lock on the file *path* for *what*. Raises CasewatchError, naming who holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CasewatchError(
                f"{holder_in(path)} is under way {where}; try again when it is done."
            ) from error
        lock.truncate(0)
        lock.write(f"{what} ({socket.gethostname()}:{os.getpid()})")
        lock.flush()
        yield


def holder_in(path: Path) -> str:
    """Return what the lock file says of its holder, or of its last one."""
    return path.read_text("utf-8").strip() or "another process"


def need_room(folder: Path, wanted: int, what: str) -> None:
    """Raise WarehouseError unless the disk of *folder* has *wanted* bytes for *what*."""
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise WarehouseError(
            f"{folder} has {megabytes(free)} free, {what} takes {megabytes(wanted)}; "
            "make room, and try again. Nothing was changed."
        )


def sync_folder(folder: Path) -> None:
    """Make names in *folder* as durable as the bytes behind them."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def megabytes(size: float) -> str:
    """Return a size in bytes as a person reads it: 12 kB, 3.4 MB, 340 MB, 12.3 GB."""
    if size < 1e6:
        return f"{size / 1e3:,.0f} kB"
    if size < 10e9:
        return f"{size / 1e6:,.1f} MB" if size < 10e6 else f"{size / 1e6:,.0f} MB"
    return f"{size / 1e9:,.1f} GB"
