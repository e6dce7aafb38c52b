"""What people said and the published copy does not hold yet, read once a file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from extractors.errors import WarehouseError
from warehouse.inbox import Assignment, CandidateJudgement, Judgement, Said, all_waiting, put


class Inbox:
    """The inbox's files in memory. A file that went stays known until the index has its row."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, Said] = {}  # by the stem of its file
        self._mutex = threading.Lock()
        self.trouble: str | None = None  # a file that cannot be read, in words

    def put(self, said: Said) -> None:
        """Make *said* durable; it counts from now on, for every reader."""
        put(self.folder, said)
        with self._mutex:
            self._known[said.id] = said

    def names(self) -> frozenset[str]:
        """Return the files that are there now, by their stems."""
        return frozenset(file.stem for file in self.folder.glob("*.json"))

    def refresh(self) -> None:
        """Take in what others put there, such as `casewatch judge`."""
        names = self.names()
        with self._mutex:
            if names <= self._known.keys():
                self.trouble = None
                return
        try:
            found = all_waiting(self.folder)
        except WarehouseError as error:  # one broken file must not close the desk
            self.trouble = str(error)
            return
        self.trouble = None
        with self._mutex:
            self._known.update((said.id, said) for said in found)

    def gone(self) -> frozenset[str]:
        """Return what is known of which the file has gone: the published copy has it by now."""
        with self._mutex:
            known = frozenset(self._known)
        return known - self.names()

    def forget(self, gone: frozenset[str]) -> None:
        """Forget *gone*: call it once the index holds a copy opened after `gone()`."""
        with self._mutex:
            self._known = {key: said for key, said in self._known.items() if key not in gone}

    def judgements(self, alert_id: str | None = None) -> list[Judgement]:
        """Return what was said, oldest first, of one alert or of all."""
        found = (said for said in self._said() if isinstance(said, Judgement))
        chosen = (one for one in found if alert_id is None or one.alert_id == alert_id)
        return sorted(chosen, key=lambda one: one.judged_at)

    def audits(self) -> list[CandidateJudgement]:
        """Return what was said of rejected candidates, oldest first."""
        found = (said for said in self._said() if isinstance(said, CandidateJudgement))
        return sorted(found, key=lambda one: one.judged_at)

    def assignments(self, alert_id: str | None = None) -> list[Assignment]:
        """Return who is to look at what, oldest first, of one alert or of all."""
        found = (said for said in self._said() if isinstance(said, Assignment))
        chosen = (one for one in found if alert_id is None or one.alert_id == alert_id)
        return sorted(chosen, key=lambda one: one.assigned_at)

    def _said(self) -> Iterator[Said]:
        with self._mutex:
            return iter(list(self._known.values()))


def stamp(moment: datetime) -> str:
    """Return a time as text that sorts as the time does; it must be in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")
