"""Looks of `casewatch doctor` at the files of a home: locks, room, copy, verdicts, backups."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from extractors.errors import WarehouseError
from flows.backup import LAST
from flows.backup_manifest import read_manifest
from flows.doctor_parts import Finding, Patient, ago, fail, ok, warn
from flows.upkeep import holder_in, megabytes
from warehouse.publish import spare_of

_DAY = timedelta(days=1)
_WINDOW = 14  # days over which growth is measured
_LOCKS = {"run.lock": "a run", "outbox.lock": "a sending", "upkeep.lock": "upkeep"}
_BACK_UP = "casewatch backup DEST: docs/upkeep.md"
_COPIES = 3  # of the warehouse: itself, the published copy, its spare


def locks(patient: Patient) -> Iterator[Finding]:
    """Look who holds which lock. The kernel frees the lock of a dead process: none is stale."""
    held = [
        (path, what)
        for name, what in _LOCKS.items()
        if (path := patient.settings.home / name).exists() and _is_held(path)
    ]
    for path, what in held:
        age = patient.now - _written_at(path)
        said = f"{what} is under way ({holder_in(path)}) for {ago(age)}"
        if age > _DAY:
            yield warn("locks", said, "look whether it still works; end that process if it hangs")
        else:
            yield ok("locks", said)
    if not held:
        yield ok("locks", "nobody holds one")


def _is_held(path: Path) -> bool:
    with path.open("r") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def copy(patient: Patient) -> Iterator[Finding]:
    """Look whether the published copy is as new as the last run."""
    path = patient.settings.copy
    if not path.exists():
        if patient.db is not None:
            yield fail("copy", f"{path} is not there: nobody can read", "casewatch run makes it")
        return
    made = _written_at(path)
    said = f"published {ago(patient.now - made)} ago, {megabytes(path.stat().st_size)}"
    ended = _last_end(patient)
    if ended is not None and made < ended - timedelta(minutes=10):
        fix = "is the disk full? `casewatch run` publishes anew"
        yield fail("copy", f"{said}, but a run ended {ago(patient.now - ended)} ago", fix)
    else:
        yield ok("copy", said)


def _last_end(patient: Patient) -> datetime | None:
    if patient.db is None:
        return None
    found = patient.db.execute("select max(finished_at) from run").fetchone()
    return found[0] if found else None


def disk(patient: Patient) -> Iterator[Finding]:
    """Look how long the disk lasts at the growth of the last two weeks."""
    home = patient.settings.home
    if not home.exists():
        return
    free, warehouse = shutil.disk_usage(home).free, _size(patient.settings.warehouse)
    # Without a spare the next run makes one more copy.
    copies = 0 if spare_of(patient.settings.copy).exists() else warehouse
    pages, rows = _pages_a_day(patient), _rows_a_day(patient, warehouse)
    growth = pages + _COPIES * rows
    said = f"{megabytes(free)} free"
    if free < copies:
        said += f", the next copy of the warehouse takes {megabytes(copies)}"
        yield fail("disk", said, "make room: the next run cannot publish")
        return
    if growth <= 0:
        yield ok("disk", f"{said}; nothing was stored in the last {_WINDOW} days")
        return
    days = (free - copies) / growth
    said += (
        f", {_days(days)} left at {megabytes(growth)} a day ({megabytes(pages)} of pages, "
        f"{_COPIES} times {megabytes(rows)} of rows)"
    )
    fix = "make room, move the home, or `casewatch retain`: docs/upkeep.md"
    if days < 3:
        yield fail("disk", said, fix)
    elif days < 30:
        yield warn("disk", said, fix)
    else:
        yield ok("disk", said)


def _days(days: float) -> str:
    return "more than 10 years" if days > 3_650 else f"about {days:,.0f} days"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _pages_a_day(patient: Patient) -> float:
    """Return the growth of the archive in bytes a day, over two weeks or since it began."""
    since = (patient.now - _WINDOW * _DAY).timestamp()
    stats = [path.stat() for path in patient.settings.archive.rglob("*.warc.gz")]
    if not stats:
        return 0.0
    first = min(stat.st_mtime for stat in stats)
    days = min(_WINDOW, max(1.0, (patient.now.timestamp() - first) / 86_400))
    return sum(stat.st_size for stat in stats if stat.st_mtime >= since) / days


def _rows_a_day(patient: Patient, warehouse: int) -> float:
    """Return the growth of the warehouse in bytes a day, by the share of articles that are new."""
    if patient.db is None:
        return 0.0
    found = patient.db.execute(
        "select count(*), count(*) filter (first_seen_at >= $since), min(first_seen_at) "
        "from article where first_seen_at <= $now",
        {"since": patient.now - _WINDOW * _DAY, "now": patient.now},
    ).fetchone()
    if not found or not found[0]:
        return 0.0
    stored, fresh, first = found
    days = min(_WINDOW, max(1.0, (patient.now - first) / _DAY))
    return float(warehouse * fresh / stored / days)


def inbox(patient: Patient) -> Iterator[Finding]:
    """Look for verdicts that no run takes in."""
    files = sorted(patient.settings.inbox.glob("*.json"))
    old = [file for file in files if patient.now - _written_at(file) > 2 * _DAY]
    if old:
        said = f"{len(old)} verdicts wait for more than two days, such as {old[0].name}"
        yield warn("inbox", said, "casewatch run takes them in, and names what it cannot read")
    else:
        yield ok("inbox", f"{len(files)} verdicts wait for the next run")


def last_backup(patient: Patient) -> Iterator[Finding]:
    """Look whether there is a backup, how old it is, and whether it lies on a disk of its own."""
    note = patient.settings.home / LAST
    if not note.exists():
        yield warn("backup", "none was made of this home", _BACK_UP)
        return
    folder = Path(json.loads(note.read_text("utf-8"))["folder"])
    try:
        manifest = read_manifest(folder)
        if manifest.home != str(patient.settings.home.resolve()):  # the home is a copy of another
            yield warn("backup", "none was made of this home", _BACK_UP)
            return
    except WarehouseError as error:
        yield fail("backup", f"the last one is lost: {error}", _BACK_UP)
        return
    age = patient.now - manifest.made_at
    said = f"{folder}, {ago(age)} old"
    if age > 2 * _DAY:
        yield warn("backup", said, "back up each night: docs/upkeep.md")
    elif folder.stat().st_dev == patient.settings.home.stat().st_dev:
        fix = "copy it to another machine: one broken disk would cost both"
        yield warn("backup", f"{said}, on the same disk as the home", fix)
    else:
        yield ok("backup", said)
