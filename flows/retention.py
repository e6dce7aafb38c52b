"""Raw pages that nobody speaks of are discarded by a rule; the chain of evidence says so plainly.

A WARC file is written anew beside the old one, without them. One transaction marks what goes and
points at where the rest lies; only once that is published is the old file deleted. So at every
moment each row leads to its record: killed in mid-way, the next call clears up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from extractors.errors import RecordError
from flows.clock import Clock, utc_now
from flows.job import only_run
from flows.settings import Settings
from flows.upkeep import need_room, only_upkeep, sync_folder
from warehouse import retention as stored
from warehouse.lake import open_warehouse
from warehouse.publish import publish
from warehouse.retention import Discarded, FilePlan, Rule
from warehouse.rewriting import Rewritten, next_name, previous_name, rewrite
from warehouse.store import Warehouse

Say = Callable[[str], None]

_FILES_AT_ONCE = 20  # whose rows are asked for together
_AT_ONCE = 2 << 30  # bytes of old files that wait to be deleted, before the copy is published


@dataclass(frozen=True, slots=True)
class _Work:
    settings: Settings
    warehouse: Warehouse
    rule: Rule
    clock: Clock
    say: Say


@dataclass(slots=True)
class Retained:
    """What was done: files written anew, and those that were left as they are, with the reason."""

    done: list[Discarded] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def rule_of(days: int, clock: Clock = utc_now) -> Rule:
    """Return the rule for pages that are more than *days* old."""
    return Rule(days, clock() - timedelta(days=days))


def plan(settings: Settings, rule: Rule) -> list[FilePlan]:
    """Return what *rule* would do, file by file. Nothing changes."""
    with open_warehouse(settings).transaction() as db:
        return stored.plan(db, rule, _sizes(settings.archive))


def retain(
    settings: Settings,
    days: int,
    *,
    clock: Clock = utc_now,
    say: Say = lambda _: None,
) -> Retained:
    """Discard what is more than *days* old and nobody speaks of. One file that fails is left alone.

    Raises CasewatchError while a run or other upkeep is under way.
    """
    work = _Work(settings, open_warehouse(settings), rule_of(days, clock), clock, say)
    retained = Retained()
    with only_upkeep(settings.home, "a retention"), only_run(settings.home):
        _clear_up(settings, work.warehouse)
        files = [one.file for one in plan(settings, work.rule) if one.records.get("")]
        for start in range(0, len(files), _FILES_AT_ONCE):
            _discard_batch(work, files[start : start + _FILES_AT_ONCE], retained)
        say("publishing")
        _clear_up(settings, work.warehouse)
    return retained


def _discard_batch(work: _Work, files: Sequence[str], retained: Retained) -> None:
    with work.warehouse.transaction() as db:
        captures = stored.captures_in(db, work.rule, files)
    for file in files:
        work.say(f"writing {file} anew")
        try:
            retained.done.append(_discard(work, file, captures[file]))
        except RecordError as error:
            retained.failed.append(f"{error}: the file is left as it is")
        if _waiting(work.settings, retained) > _AT_ONCE:
            _clear_up(work.settings, work.warehouse)


def _sizes(archive: Path) -> dict[str, int]:
    files = sorted(archive.rglob("*.warc.gz"))
    return {path.relative_to(archive).as_posix(): path.stat().st_size for path in files}


def _discard(work: _Work, file: str, captures: Sequence[dict[str, Any]]) -> Discarded:
    """Write *file* anew, and commit what is gone and where the rest lies now."""
    archive = work.settings.archive
    size = (archive / file).stat().st_size
    need_room(archive, size, "the new file")
    gone = {row["warc_offset"]: row["record_id"] for row in captures if not row["kept"]}
    new_file = next_name(file)
    said = f"This is {file} without {len(gone)} records, discarded by the rule: {work.rule}."
    written = rewrite(archive, file, gone, new_file, said)
    new = archive / new_file
    with work.warehouse.transaction() as db:
        versions = stored.versions_in(db, file)
    _refuse_lost(new, written, {row["warc_offset"] for row in captures}, versions)
    bytes_after = new.stat().st_size if written.pages else 0
    if not written.pages:
        new.unlink()
    sync_folder(new.parent)
    done = Discarded(
        file=file,
        new_file=new_file if written.pages else None,
        captures=[row["capture_id"] for row in captures if not row["kept"]],
        moved=written.moved,
        kept=written.pages,
        bytes_before=size,
        bytes_after=bytes_after,
    )
    work.say("committing")
    with work.warehouse.transaction() as db:
        _refuse_changed(db, work, file, captures)
        stored.save_discarded(db, done, work.rule, work.clock())
    return done


def _refuse_changed(
    db: duckdb.DuckDBPyConnection, work: _Work, file: str, captures: Sequence[dict[str, Any]]
) -> None:
    """Raise RecordError where somebody speaks of a page by now: other machines write a lake too."""
    if work.settings.lake and stored.captures_in(db, work.rule, [file])[file] != captures:
        raise RecordError("damaged", f"{file}: its rows changed meanwhile; try again")


def _refuse_lost(
    new: Path, written: Rewritten, captures: set[int], versions: Mapping[str, int]
) -> None:
    """Raise RecordError, and remove the new file, if a row would lead nowhere."""
    lost = (captures | set(versions.values())) - written.moved.keys() - written.dropped
    if lost:
        new.unlink()
        raise RecordError("damaged", f"{new.name}: no record begins at byte {min(lost)}")


def _waiting(settings: Settings, retained: Retained) -> int:
    """Return the size of the old files that are not deleted yet."""
    old = (settings.archive / done.file for done in retained.done)
    return sum(path.stat().st_size for path in old if path.exists())


def _clear_up(settings: Settings, warehouse: Warehouse) -> None:
    """Delete old files whose rows are moved and published, and new ones that were never committed.

    Neither goes unless the other is there: no disagreement of files and rows can cost a page.
    """
    with warehouse.transaction() as db:
        rewrites = stored.rewrites(db)
    there = _sizes(settings.archive)
    committed = set(rewrites.values())
    for file in there:
        if file not in committed and previous_name(file) in there:
            (settings.archive / file).unlink()
    old = [file for file, new in rewrites.items() if file in there and (not new or new in there)]
    if not old:
        return
    publish(warehouse, settings.copy)  # first: readers of the copy still open the old ones
    for file in old:
        (settings.archive / file).unlink()
