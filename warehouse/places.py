"""Where the warehouse is: a DuckDB file, or a DuckLake with its catalog in PostgreSQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from extractors.errors import UsageError

_LAKE = "ducklake:"
_SHAPE = "ducklake:postgres:dbname=NAME host=HOST user=USER;data=FOLDER"
_PASSWORD = re.compile(r"password\s*=|://[^/@]*:[^/@]*@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lake:
    """A DuckLake: *catalog* is how libpq finds the PostgreSQL database, *data* the folder."""

    catalog: str
    data: str

    def __str__(self) -> str:
        return f"{_LAKE}postgres:{self.catalog};data={self.data}"


class Places(Protocol):
    """What says where the warehouse is: the settings of a run, or of the desk."""

    @property
    def warehouse(self) -> Path:
        """Return the DuckDB file; without meaning where there is a lake."""

    @property
    def lake(self) -> Lake | None:
        """Return the lake; None where the warehouse is a file."""


def place_from(given: str) -> Path | Lake:
    """Return the file or lake that *given* names. Raises UsageError for what names neither.

    A password in it is refused: it would stand in logs, in `ps` and in the environment of every
    child. PostgreSQL's own places for it are PGPASSWORD, PGPASSFILE and ~/.pgpass.
    """
    if not given.startswith(_LAKE):
        return Path(given).expanduser()
    if _PASSWORD.search(given):
        raise UsageError(
            "the warehouse's address holds a password. Put it in ~/.pgpass or PGPASSWORD instead."
        )
    kind, _, rest = given.removeprefix(_LAKE).partition(":")
    catalog, _, data = rest.rpartition(";data=")
    if kind != "postgres" or not catalog.strip() or not data.strip():
        raise UsageError(f"the warehouse is {given!r}; a lake is written {_SHAPE}")
    return Lake(catalog.strip(), _folder(data.strip()))


def _folder(data: str) -> str:
    """Return *data* absolute: every machine and process must mean the same folder by it."""
    return data if "://" in data else str(Path(data).expanduser().absolute())
