"""The read copy: made after each run, put in place by an atomic rename, only ever read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from extractors.errors import WarehouseError
from warehouse.store import Warehouse

_COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


def publish(warehouse: Warehouse, copy: Path) -> None:
    """Checkpoint the warehouse and put a copy of it at *copy*; open readers keep the old one.

    Raises WarehouseError when the copy cannot be written, such as on a full disk.
    """
    fresh = copy.with_name(f".{copy.name}.{os.getpid()}")
    try:
        _copy(warehouse, fresh)
    except subprocess.CalledProcessError as error:
        fresh.unlink(missing_ok=True)
        reason = error.stderr.strip().rpartition("\n")[2]
        raise WarehouseError(f"{copy} cannot be written: {reason}") from error
    fresh.replace(copy)


def _copy(warehouse: Warehouse, fresh: Path) -> None:
    with warehouse.exclusive() as db:
        db.execute("checkpoint")
        # In another process: closing any descriptor of the file in this one would drop DuckDB's
        # lock on it (POSIX locks belong to the process), and a second writer could slip in.
        subprocess.run(  # noqa: S603 - our own interpreter, our own two paths
            [sys.executable, "-I", "-S", "-c", _COPY, str(warehouse.path), str(fresh)],
            check=True,
            stderr=subprocess.PIPE,
            text=True,
        )
