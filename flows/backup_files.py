"""Files on their way into a backup: copied and hashed in one reading, or linked where unchanged."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from flows.backup_manifest import Backup, Kept, sha256_of
from flows.upkeep import sync_folder

_CHUNK = 1 << 20


@dataclass(slots=True)
class Making:
    """A backup in the making: what is in it so far."""

    folder: Path
    earlier: Backup | None  # the last whole one of the same home
    files: list[Kept] = field(default_factory=list)
    linked: int = 0  # files that are the same as in the earlier one
    warnings: list[str] = field(default_factory=list)
    warehouse_from: str = "warehouse"
    _known: dict[str, Kept] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.earlier is not None:
            self._known = {file.path: file for file in self.earlier.manifest.files}

    def copy(self, source: Path, name: str, end: int | None = None) -> None:
        """Copy *source*, or its bytes up to *end*, to *name*."""
        stat = source.stat()
        target = self._room_for(name)
        size, digest = _copied(source, target, stat.st_size if end is None else end)
        self.files.append(Kept(name, size, digest, stat.st_size, stat.st_mtime_ns))

    def link(self, source: Path, name: str) -> bool:
        """Take *name* from the earlier backup, if *source* has not changed since; return whether.

        Both backups then share the bytes. The home never does: what damages it spares backups.
        """
        old, stat = self._known.get(name), source.stat()
        if self.earlier is None or old is None:
            return False
        if (old.source_bytes, old.source_mtime_ns) != (stat.st_size, stat.st_mtime_ns):
            return False
        before = self.earlier.folder / name
        try:
            if before.stat().st_size != old.bytes:  # damaged there
                return False
            os.link(before, self._room_for(name))
        except OSError:  # gone there, or a disk that knows no hard links
            return False
        self.files.append(old)
        self.linked += 1
        return True

    def add(self, name: str) -> None:
        """Note a file that stands in the folder already."""
        stat = (self.folder / name).stat()
        digest = sha256_of(self.folder / name)
        self.files.append(Kept(name, stat.st_size, digest, stat.st_size, stat.st_mtime_ns))

    def copy_tree(self, source: Path, name: str, pattern: str) -> None:
        """Copy the files below *source*, hidden ones left out. What goes meanwhile is left out."""
        for path in sorted(source.rglob(pattern)):
            inside = path.relative_to(source)
            if path.is_file() and not any(part.startswith(".") for part in inside.parts):
                with suppress(FileNotFoundError):  # a verdict that was just taken in
                    self.copy(path, f"{name}/{inside.as_posix()}")

    def count(self, part: str) -> int:
        """Return how many files stand below the folder *part*."""
        return sum(file.path.startswith(f"{part}/") for file in self.files)

    def bytes_of(self, part: str) -> int:
        """Return the size of the file or folder *part*."""
        return sum(f.bytes for f in self.files if f"{f.path}/".startswith(f"{part}/"))

    def sync(self) -> None:
        """Make all of it durable; linked files were so before."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_dir():
                sync_folder(path)
            elif path.stat().st_nlink == 1:
                sync_file(path)
        sync_folder(self.folder)

    def _room_for(self, name: str) -> Path:
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        return target


def _copied(source: Path, target: Path, most: int) -> tuple[int, str]:
    """Copy the first *most* bytes; return how many there were, and their SHA-256."""
    digest, size = sha256(), 0
    with source.open("rb") as old, target.open("xb") as new:
        while chunk := old.read(min(_CHUNK, most - size)):
            new.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def sync_file(path: Path) -> None:
    """Make the bytes of *path* durable."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
