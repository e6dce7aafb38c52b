"""A backup becomes a home again: checked first, built beside the place, put there by a rename."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from extractors.errors import UsageError, WarehouseError
from flows.backup import WAREHOUSE
from flows.backup_manifest import Backup, problems_of
from flows.clock import Clock, utc_now
from flows.job import only_run
from flows.settings import Settings
from flows.upkeep import need_room, only_upkeep, sync_folder
from warehouse.backups import contents_of
from warehouse.chain import Walk, walk_chain
from warehouse.publish import publish
from warehouse.store import Warehouse, open_copy

Say = Callable[[str], None]

_SHOWN = 12  # problems of a damaged backup


@dataclass(slots=True)
class Restored:
    """A home that was restored: where, what stood there before, and breaks that it came with."""

    home: Path
    moved: Path | None
    breaks: Counter[str] = field(default_factory=Counter)


def check(backup: Backup) -> None:
    """Read every byte of *backup*. Raises WarehouseError, naming each file that is not whole."""
    problems = list(problems_of(backup))
    if problems:
        more = [f"and {len(problems) - _SHOWN:,} more"] if len(problems) > _SHOWN else []
        lines = "\n".join(f"  {line}" for line in [*problems[:_SHOWN], *more])
        raise WarehouseError(
            f"{backup.folder} is damaged, nothing was restored. Take another backup, or put these "
            f"files back:\n{lines}"
        )


def restore(
    backup: Backup,
    settings: Settings,
    *,
    over: bool = False,
    clock: Clock = utc_now,
    say: Say = lambda _: None,
) -> Restored:
    """Make the home of *settings* from *backup*; with *over* what stands there is moved aside.

    Killed at any moment, what stood there is whole, in its place or aside.
    """
    home = settings.home.resolve()
    _refuse(home, over=over)
    say("reading the backup")
    check(backup)
    home.parent.mkdir(parents=True, exist_ok=True)
    sizes = {file.path: file.bytes for file in backup.manifest.files}
    need_room(home.parent, sum(sizes.values()) + sizes.get(WAREHOUSE, 0), "what is restored")
    fresh = home.with_name(f".{home.name}.restoring")
    with only_run(fresh):  # the lock goes with the folder
        try:
            say("copying")
            _fill(backup, fresh)
            breaks = _open(backup, replace(settings, home=fresh, file=None, lake=None))
            moved = _move_aside(home, clock())
            fresh.rename(home)
        except OSError as error:
            raise WarehouseError(f"{home} was not restored: {error}") from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    sync_folder(home.parent)
    return Restored(home, moved, breaks)


def _refuse(home: Path, *, over: bool) -> None:
    if _is_empty(home) or over:
        return
    raise UsageError(
        f"{home} is not empty. Name another folder with --home, or give --over: what is there is "
        "then moved aside, not deleted."
    )


def _is_empty(home: Path) -> bool:
    return not home.exists() or (home.is_dir() and not any(home.iterdir()))


def _fill(backup: Backup, fresh: Path) -> None:
    """Copy the files; what an earlier, killed restore left is removed first."""
    for left in fresh.iterdir():
        if left.is_dir():
            shutil.rmtree(left)
        elif left.name != "run.lock":
            left.unlink()
    for file in backup.manifest.files:
        target = fresh / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        # A copy, never a link: the home must not share its bytes with the backup.
        shutil.copy2(backup.folder / file.path, target)


def _open(backup: Backup, settings: Settings) -> Counter[str]:
    """Open the restored warehouse, count, publish; return the breaks of its chain by link."""
    found = contents_of(settings.warehouse).rows
    for table, rows in backup.manifest.rows.items():
        if found.get(table) != rows:
            raise WarehouseError(
                f"table {table} has {found.get(table, 0):,} rows, the manifest says {rows:,}; "
                "nothing was restored. Take another backup."
            )
    publish(Warehouse(settings.warehouse), settings.copy)  # and so migrated, where it is older
    with open_copy(settings.copy) as db:
        breaks = walk_chain(db, settings.archive, Walk(), read_archive=False)
        return Counter(found.link for found in breaks)


def _move_aside(home: Path, now: datetime) -> Path | None:
    """Move what stands at *home* aside, while no run and no upkeep is under way in it."""
    if _is_empty(home):
        if home.exists():
            home.rmdir()
        return None
    aside = home.with_name(f"{home.name}.before-{now:%Y%m%dT%H%M%SZ}")
    with only_run(home), only_upkeep(home, "a restore"):
        home.rename(aside)
    return aside
