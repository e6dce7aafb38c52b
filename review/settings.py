"""Where the desk finds things, and who may come in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warehouse.places import Lake

_RETAG = "The next `casewatch run` tags what it reads with it."


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """All that the desk must be told. *hosts* are the Host headers that it answers."""

    home: Path  # its index and its secret lie in `home / "desk"`
    warehouse: Path
    copy: Path
    inbox: Path
    archive: Path
    seeds: Path
    reviewer: str
    hosts: tuple[str, ...]
    lake: Lake | None = None  # in place of the warehouse's file
    password_hash: str | None = None  # None: whoever reaches it may come in, which is this machine
    retag: str = _RETAG  # how stored articles are searched for a new case, in words

    @property
    def folder(self) -> Path:
        """Return the desk's own folder. What lies there can be made anew, but for the secret."""
        return self.home / "desk"

    @property
    def index(self) -> Path:
        """Return the SQLite file with the queue and the words of every article."""
        return self.folder / "index.sqlite"
