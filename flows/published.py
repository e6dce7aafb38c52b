"""What stands beside the published copy for other programs: the Atom feed and the calendar."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from extractors.atom import atom_feed
from extractors.calendar import calendar_file
from flows.settings import Settings
from warehouse.reads import feed_alerts, first_run, upcoming_rows
from warehouse.store import open_copy

_ENTRIES = 300  # of the feed; what is older is counted in it


def atom_bytes(settings: Settings, now: datetime) -> bytes:
    """Return the Atom feed of the alerts in the published copy; history is not in it."""
    with open_copy(settings.copy) as db:
        alerts, older = feed_alerts(db, most=_ENTRIES)
        whose = first_run(db)
    return atom_feed(alerts, whose=whose, now=now, older=older)


def calendar_bytes(settings: Settings, now: datetime) -> bytes:
    """Return the calendar of the days ahead in the published copy."""
    with open_copy(settings.copy) as db:
        return calendar_file(upcoming_rows(db), now=now)


def write_beside_copy(settings: Settings, now: datetime) -> None:
    """Write HOME/alerts.atom and HOME/dates.ics; who reads them sees the old or the new one."""
    put(settings.home / "alerts.atom", atom_bytes(settings, now))
    put(settings.home / "dates.ics", calendar_bytes(settings, now))


def put(path: Path, content: bytes) -> None:
    """Put *content* at *path* by an atomic rename, unless it is there already."""
    if path.exists() and path.read_bytes() == content:
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)
