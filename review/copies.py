"""The published copy, opened as it is now; a page that reads keeps the copy that it began with."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.store import open_copy

_MOST_IDLE = 3  # connections that wait for the next page; each is a DuckDB of its own

Signature = tuple[int, int, int]


def signature(path: Path) -> Signature | None:
    """Return what changes when another copy takes the place at *path*; None without one."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size)


@dataclass(frozen=True, slots=True)
class _Opened:
    signature: Signature | None
    db: duckdb.DuckDBPyConnection
    stack: ExitStack


class Copies:
    """Hands out connections to the published copy, one to a thread at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[_Opened] = []
        self._mutex = threading.Lock()

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Hand over a connection to the newest copy. Raises WarehouseError where there is none."""
        opened = self._take(signature(self.path))
        try:
            yield opened.db
        except BaseException:
            opened.stack.close()
            raise
        self._give_back(opened)

    def close(self) -> None:
        """Close the connections that wait."""
        with self._mutex:
            idle, self._idle = self._idle, []
        for opened in idle:
            opened.stack.close()

    def _take(self, wanted: Signature | None) -> _Opened:
        with self._mutex:
            stale = [opened for opened in self._idle if opened.signature != wanted]
            self._idle = [opened for opened in self._idle if opened.signature == wanted]
            found = self._idle.pop() if self._idle else None
        for opened in stale:
            opened.stack.close()
        return found or self._fresh(wanted)

    def _fresh(self, wanted: Signature | None) -> _Opened:
        with ExitStack() as stack:
            db = stack.enter_context(open_copy(self.path))
            db.execute(f"set threads = {max(1, min(4, os.cpu_count() or 1))}")
            return _Opened(wanted, db, stack.pop_all())

    def _give_back(self, opened: _Opened) -> None:
        with self._mutex:
            keep = opened.signature == signature(self.path) and len(self._idle) < _MOST_IDLE
            if keep:
                self._idle.append(opened)
        if not keep:
            opened.stack.close()
