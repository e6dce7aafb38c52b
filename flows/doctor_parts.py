"""What the looks of `casewatch doctor` share: a finding, and whom they look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from flows.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: *state* is ok, warn, fail or unknown; *fix* is what to do about it."""

    state: str
    what: str
    said: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation that is looked at. *db* is the warehouse or its copy, to read only."""

    settings: Settings
    seeds: Path
    environment: Mapping[str, str]
    now: datetime
    db: duckdb.DuckDBPyConnection | None = None
    db_problem: str = ""  # why there is no *db*, or why it is the copy


def ok(what: str, said: str) -> Finding:
    """Return that *what* is well."""
    return Finding("ok", what, said)


def warn(what: str, said: str, fix: str) -> Finding:
    """Return that *what* will need somebody."""
    return Finding("warn", what, said, fix)


def fail(what: str, said: str, fix: str) -> Finding:
    """Return that *what* does not work."""
    return Finding("fail", what, said, fix)


def unknown(what: str, said: str, fix: str = "") -> Finding:
    """Return that nothing can be said of *what*."""
    return Finding("unknown", what, said, fix)


def ago(span: timedelta) -> str:
    """Return a span of time as a person says it: 5 minutes, 7 hours, 12 days."""
    minutes = span.total_seconds() / 60
    if minutes < 120:
        return f"{minutes:.0f} minutes"
    return f"{minutes / 60:.0f} hours" if minutes < 48 * 60 else f"{minutes / 1440:.0f} days"
