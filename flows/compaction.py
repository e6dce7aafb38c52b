"""The warehouse's file written anew, without the room that deleted and changed rows left in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractors.errors import UsageError
from flows.job import only_run
from flows.settings import Settings
from flows.upkeep import need_room, only_upkeep, sync_folder
from warehouse.compaction import leftover, write_compact
from warehouse.publish import publish
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class Compacted:
    """What came of it, in bytes and rows."""

    before: int
    after: int
    rows: int
    tables: int


def compact(settings: Settings, *, say: Callable[[str], None] = lambda _: None) -> Compacted:
    """Write the warehouse anew, put it in place by a rename, and publish it; all rows are equal.

    Raises CasewatchError while a run or other upkeep is under way, and where the disk is too full.
    Killed at any moment, the old file or the new one is in place, whole.
    """
    path = settings.warehouse
    if settings.lake is not None:
        raise UsageError("the warehouse is a lake, which has no file to write anew.")
    if not path.exists():
        raise UsageError(f"{path} is not there; CASEWATCH_HOME names the home.")
    with only_upkeep(settings.home, "a compaction"), only_run(settings.home):
        leftover(path).unlink(missing_ok=True)  # of one that was killed
        with Warehouse(path).held() as db:
            db.execute("checkpoint")  # and so its log is empty: the new file must not find one
        before = path.stat().st_size
        need_room(path.parent, before, "the new file")
        say("writing the warehouse anew")
        rows = write_compact(path, say)
        sync_folder(path.parent)
        say("publishing")
        publish(Warehouse(path), settings.copy)
        return Compacted(before, path.stat().st_size, sum(rows.values()), len(rows))
