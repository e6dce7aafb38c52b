"""What a backup holds: one JSON file with the size and SHA-256 of every other file.

It is the last file to be written. A folder without one is no backup.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from extractors.errors import UsageError, WarehouseError

MANIFEST = "manifest.json"
FORMAT = 1
_PREFIX = "casewatch-"


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup; *source_bytes* and *source_mtime_ns* say when it need not be read."""

    path: str  # below the backup's folder
    bytes: int
    sha256: str
    source_bytes: int
    source_mtime_ns: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one backup holds."""

    made_at: datetime
    home: str
    host: str
    warehouse_from: str  # warehouse | published copy | lake
    versions: dict[str, str]
    rows: dict[str, int]
    files: tuple[Kept, ...]

    @property
    def bytes(self) -> int:
        """Return the size of all files."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Backup:
    """A whole backup: its folder and what that says it holds."""

    folder: Path
    manifest: Manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of *folder*."""
    facts = {"format": FORMAT, **asdict(manifest), "made_at": manifest.made_at.isoformat()}
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(f"{text}\n", "utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of *folder*. Raises WarehouseError where none can be read."""
    path = folder / MANIFEST
    try:
        facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if facts.pop("format") != FORMAT:
            raise WarehouseError(f"{path}: of another casewatch; restore with the one that made it")
        files = tuple(Kept(**file) for file in facts.pop("files"))
        made_at = datetime.fromisoformat(facts.pop("made_at"))
        return Manifest(**facts, files=files, made_at=made_at)
    except FileNotFoundError as error:
        raise WarehouseError(f"{folder} is no whole backup: it has no {MANIFEST}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WarehouseError(
            f"{path} cannot be read ({type(error).__name__}: {error}); take an older backup"
        ) from error


def backups_in(place: Path) -> list[Backup]:
    """Return the whole backups in the folder *place*, oldest first; what is not whole is no backup.

    A backup whose manifest is damaged is left out: name its folder to be told what is wrong.
    """
    found = []
    for folder in sorted(place.glob(f"{_PREFIX}*")):
        try:
            found.append(Backup(folder, read_manifest(folder)))
        except WarehouseError:  # half deleted, or damaged: no backup to rely on
            continue
    return found


def chosen(source: Path) -> Backup:
    """Return the backup *source*, or the newest one in it. Raises where there is none."""
    if (source / MANIFEST).exists():
        return Backup(source, read_manifest(source))
    found = backups_in(source)
    if not found:
        raise UsageError(f"{source}: no backup there; a backup is a folder with {MANIFEST} in it.")
    return found[-1]


def folder_name(moment: datetime) -> str:
    """Return what the folder of a backup of *moment* is called."""
    return f"{_PREFIX}{moment:%Y%m%dT%H%M%SZ}"


def problems_of(backup: Backup) -> Iterator[str]:
    """Yield what is wrong with the files of *backup*, one line each: every byte is read."""
    for file in backup.manifest.files:
        path = backup.folder / file.path
        if not path.is_file():
            yield f"{path}: missing"
        elif path.stat().st_size != file.bytes:
            yield f"{path}: {path.stat().st_size:,} bytes, the manifest says {file.bytes:,}"
        elif (found := sha256_of(path)) != file.sha256:
            yield f"{path}: SHA-256 {found}, the manifest says {file.sha256}"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
