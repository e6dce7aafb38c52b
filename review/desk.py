"""All that the desk's pages share, and the thread that keeps it up to date."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from dataclasses import dataclass

import duckdb

from extractors.errors import CasewatchError
from review.copies import Copies
from review.inbox import Inbox
from review.index import Index
from review.queue import waiting_in
from review.settings import DeskSettings
from review.verdicts import Bench, Settler

_TICK = 1.0  # seconds between two looks at the copy
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Flash:
    """What the next page says once: what was done, and whether that can be undone."""

    said: str
    can_undo: bool = False


class Desk:
    """The settings, the copy, the index, the inbox: one of each."""

    def __init__(self, settings: DeskSettings) -> None:
        self.settings = settings
        self.copies = Copies(settings.copy)
        self.inbox = Inbox(settings.inbox)
        self.index = Index(settings.index, self.copies, self.inbox)
        self.bench = Bench(self.inbox)
        self.flashes: dict[str, Flash] = {}  # by session
        self.keeper = Keeper(self)

    def waiting(self) -> dict[str, int]:
        """Return how many alerts and rejected candidates wait for a verdict."""
        with self.index.reading() as db:
            return waiting_in(db)

    def close(self) -> None:
        """Stop the thread and close what is open."""
        self.keeper.stop()
        self.copies.close()


class Keeper:
    """Follows the copy: alerts first, then words, a batch at a time; settles verdicts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="desk-keeper", daemon=True)
        self._settler = Settler(desk.settings, desk.bench)
        self.trouble: str | None = None  # what stands in the way, for the pages to say

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """Stop, at the end of what is under way."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def catch_up(self) -> None:
        """Do all that is to be done, now: for tests and benchmarks."""
        while self.step():
            pass

    def step(self) -> bool:
        """Do one piece of work; return whether more is waiting."""
        index = self._desk.index
        index.sync_alerts()
        return index.sync_alert_words() or index.sync_words()

    def _run(self) -> None:
        while not self._stopped.is_set():
            more = self._step_or_say()
            if self._settler.is_due(time.monotonic()):
                self._settler.settle()
            self._stopped.wait(0.01 if more else _TICK)

    def _step_or_say(self) -> bool:
        try:
            more = self.step()
        except (CasewatchError, duckdb.Error, sqlite3.Error, OSError) as error:
            if self.trouble is None:
                _log.warning("The desk cannot follow the published copy: %s", error)
            self.trouble = f"the desk cannot follow the published copy: {error}"
            return False
        self.trouble = None
        return more
