"""A backup of a home, made while a run may write it: whole, or not there.

Below the folder that a person names stand the backups, a folder each:

    casewatch.duckdb  the warehouse, whole, as at one moment; the outbox is in it
    warc/             the archive; what has not changed shares its bytes with the last backup
    inbox/            verdicts that the warehouse may not have yet
    seeds/            the registry
    manifest.json     sizes, SHA-256, versions, rows of each table

The order makes it consistent: the inbox before the warehouse, which takes it in, and the warehouse
before the archive, which has every record before a row names it.
"""

from __future__ import annotations

import json
import platform
import shutil
import socket
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from extractors.articles import EXTRACTOR_VERSION
from extractors.errors import UsageError, WarehouseBusyError, WarehouseError
from extractors.mentions import TAGGER_VERSION
from flows.backup_files import Making, sync_file
from flows.backup_manifest import (
    MANIFEST,
    Backup,
    Manifest,
    backups_in,
    folder_name,
    write_manifest,
)
from flows.clock import Clock, utc_now
from flows.published import put
from flows.settings import Settings
from flows.upkeep import locked, need_room, only_upkeep, sync_folder
from warehouse.backups import Contents, contents_of, copy_warehouse
from warehouse.lake import open_warehouse
from warehouse.publish import publish
from warehouse.records import whole_end

WAREHOUSE = "casewatch.duckdb"
LAST = "last-backup.json"  # below the home: where the last backup lies, for `doctor`
_PARTIAL = ".partial"

Say = Callable[[str], None]


def make_backup(
    settings: Settings,
    seeds: Path,
    place: Path,
    *,
    patience: float = 60.0,
    clock: Clock = utc_now,
    say: Say = lambda _: None,
) -> tuple[Backup, Making]:
    """Make one backup below *place*; return it, and how it was made.

    Where the warehouse is written for longer than *patience* seconds, the published copy is taken.
    Raises CasewatchError; nothing that looks like a backup is left then, nor after kill -9.
    """
    _refuse(settings, seeds, place)
    with (
        only_upkeep(settings.home, "a backup"),
        locked(place / ".lock", "a backup", f"in {place}"),
    ):
        _drop_leftovers(place)
        folder = place / folder_name(clock())
        making = Making(_partial(folder), _earlier(settings, place))
        try:
            manifest = _make(settings, seeds, making, clock(), patience, say)
            making.folder.rename(folder)
            sync_folder(place)
        except OSError as error:
            raise WarehouseError(f"no backup was made: {error}") from error
        finally:
            shutil.rmtree(making.folder, ignore_errors=True)
        _remember(settings, folder, manifest.made_at)
    return Backup(folder, manifest), making


def drop_old(settings: Settings, place: Path, keep: int) -> list[Path]:
    """Delete all backups of this home in *place* but the newest *keep*; return which."""
    old = [backup.folder for backup in _of_home(settings, place)][:-keep]
    for folder in old:
        leaving = _partial(folder)  # killed in mid-way, what is left does not look whole
        folder.rename(leaving)
        shutil.rmtree(leaving)
    return old


def _partial(folder: Path) -> Path:
    """Return what a backup is called that is not whole yet, or no more."""
    return folder.with_name(f".{folder.name}{_PARTIAL}")


def _refuse(settings: Settings, seeds: Path, place: Path) -> None:
    if settings.lake is None and not settings.warehouse.exists():
        raise UsageError(f"{settings.warehouse} is not there; CASEWATCH_HOME names the home.")
    ours = (settings.archive, settings.inbox, seeds)
    for folder in (folder.resolve() for folder in ours):
        if folder == place.resolve() or folder in place.resolve().parents:
            raise UsageError(f"{place} lies in {folder}, which is backed up; name another folder.")


def _drop_leftovers(place: Path) -> None:
    """Remove what killed backups left. The caller holds the lock of *place*."""
    for left in place.glob(f".casewatch-*{_PARTIAL}"):
        shutil.rmtree(left)


def _of_home(settings: Settings, place: Path) -> list[Backup]:
    """Return the whole backups of this home in *place*, oldest first: homes may share a place."""
    home = str(settings.home.resolve())
    return [backup for backup in backups_in(place) if backup.manifest.home == home]


def _earlier(settings: Settings, place: Path) -> Backup | None:
    return next(reversed(_of_home(settings, place)), None)


def _make(
    settings: Settings, seeds: Path, making: Making, now: datetime, patience: float, say: Say
) -> Manifest:
    making.folder.mkdir()
    big = settings.copy if settings.lake else settings.warehouse
    need_room(making.folder, big.stat().st_size if big.exists() else 0, "a copy of the warehouse")
    making.copy_tree(settings.inbox, "inbox", "*.json")
    say("copying the warehouse")
    rows = _copy_warehouse(settings, making, patience)
    found = contents_of(making.folder / WAREHOUSE)
    if found.rows != rows:
        raise WarehouseError(f"the copied warehouse has other rows: {found.rows}, not {rows}")
    say("copying the archive")
    _copy_archive(settings, making, found.last_records)
    _copy_registry(seeds, making)
    manifest = Manifest(
        made_at=now,
        home=str(settings.home.resolve()),
        host=socket.gethostname(),
        warehouse_from=making.warehouse_from,
        versions=_versions(found),
        rows=rows,
        files=tuple(making.files),
    )
    making.sync()
    write_manifest(making.folder, manifest)
    sync_file(making.folder / MANIFEST)
    return manifest


def _copy_warehouse(settings: Settings, making: Making, patience: float) -> dict[str, int]:
    target = making.folder / WAREHOUSE
    if settings.lake is not None:
        making.warehouse_from = "lake"
        publish(open_warehouse(settings, patience=patience), target)
        making.add(WAREHOUSE)
        return contents_of(target).rows
    try:
        rows = copy_warehouse(settings.warehouse, target, patience=patience)
    except WarehouseBusyError as error:
        if not settings.copy.exists():
            raise
        rows = copy_warehouse(settings.copy, target, patience=patience)
        making.warehouse_from = "published copy"
        making.warnings.append(
            f"{error}\nThe published copy was taken in its place: what was written or sent since "
            "it was made is not in this backup."
        )
    making.add(WAREHOUSE)
    return rows


def _copy_archive(settings: Settings, making: Making, last: dict[str, int]) -> None:
    """Copy the WARC files up to their last whole record: a run may be writing one.

    *last* says where one begins, so that little is read to find it.
    """
    for path in sorted(settings.archive.rglob("*.warc.gz")):
        file = path.relative_to(settings.archive).as_posix()
        if making.link(path, f"warc/{file}"):
            continue
        end = whole_end(settings.archive, file, last.get(file, 0))
        making.copy(path, f"warc/{file}", end)
    copied = {kept.path: kept.bytes for kept in making.files}
    lost = [file for file, offset in last.items() if copied.get(f"warc/{file}", 0) <= offset]
    if lost:
        making.warnings.append(
            f"{len(lost):,} WARC files that the warehouse names are missing or too short, such as "
            f"{min(lost)}: `casewatch verify` says what to do"
        )


def _copy_registry(seeds: Path, making: Making) -> None:
    if seeds.is_dir():
        making.copy_tree(seeds, "seeds", "*")
    else:
        making.warnings.append(f"{seeds} is no folder: the registry is not in this backup")


def _versions(found: Contents) -> dict[str, str]:
    return {
        "casewatch": version("casewatch"),
        "python": platform.python_version(),
        "duckdb": version("duckdb"),
        "extractor": EXTRACTOR_VERSION,
        "tagger": TAGGER_VERSION,
        "schema": found.schema,
    }


def _remember(settings: Settings, folder: Path, now: datetime) -> None:
    """Note in the home where the last backup lies. Only `doctor` reads it."""
    facts = {"folder": str(folder.resolve()), "made_at": now.isoformat()}
    put(settings.home / LAST, json.dumps(facts).encode())
