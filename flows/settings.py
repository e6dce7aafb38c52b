"""Settings from the environment: each `CASEWATCH_*` variable stands in the README."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from extractors.errors import UsageError

ROBOTS_NAME = "casewatch"  # the name under which robots.txt may speak of us
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie and how we behave as guests of other people's servers."""

    home: Path = Path("var")  # warehouse, archive and inbox lie below it
    contact: str = "no contact given; see CASEWATCH_CONTACT"
    host_gap: float = 5.0  # seconds between two requests to one host
    total_timeout: float = 30.0  # seconds for one answer, redirects and body included
    max_feed_bytes: int = 20_000_000
    max_page_bytes: int = 5_000_000
    at_once: int = 20  # requests under way
    workers: int = 2  # processes that read pages
    notify: tuple[str, ...] = ()  # Apprise URLs for the digest
    # host -> (address, port) to connect to in its place: how the demo reaches its own site
    connect: tuple[tuple[str, tuple[str, int]], ...] = ()
    revisit_after: tuple[timedelta, ...] = (1 * _HOUR, 6 * _HOUR, 24 * _HOUR, 168 * _HOUR)
    poll_at_least: timedelta = 24 * _HOUR
    poll_at_most: timedelta = timedelta(minutes=10)

    @property
    def warehouse(self) -> Path:
        """Return the DuckDB file that runs write."""
        return self.home / "casewatch.duckdb"

    @property
    def copy(self) -> Path:
        """Return the published copy that people and programs read."""
        return self.home / "casewatch-read.duckdb"

    @property
    def archive(self) -> Path:
        """Return the folder of the WARC files."""
        return self.home / "warc"

    @property
    def inbox(self) -> Path:
        """Return the folder of verdicts that are not in the published copy yet."""
        return self.home / "inbox"

    @property
    def user_agent(self) -> str:
        """Return the name by which servers know us, with a way to reach the person who runs it."""
        return f"{ROBOTS_NAME}/0.1 (news monitoring; {self.contact})"


def settings_from(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings. Raises UsageError, naming the variable, for a value that cannot be."""
    defaults = Settings()
    return Settings(
        home=Path(environment.get("CASEWATCH_HOME", defaults.home)),
        contact=environment.get("CASEWATCH_CONTACT", defaults.contact),
        host_gap=_number(environment, "CASEWATCH_HOST_GAP", defaults.host_gap),
        total_timeout=_number(environment, "CASEWATCH_TIMEOUT", defaults.total_timeout),
        workers=int(_number(environment, "CASEWATCH_WORKERS", defaults.workers)),
        notify=tuple(environment.get("CASEWATCH_NOTIFY", "").split()),
    )


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    given = environment.get(name)
    if given is None:
        return default
    try:
        number = float(given)
    except ValueError as error:
        raise UsageError(f"{name} is {given!r}; it takes a number.") from error
    if number < 0:
        raise UsageError(f"{name} is {given}; it cannot be negative.")
    return number
