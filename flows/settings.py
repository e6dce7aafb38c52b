"""Settings from the environment: each `CASEWATCH_*` variable stands in the README."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from extractors.delivery import QuietHours, quiet_hours_from
from extractors.errors import UsageError
from flows.addresses import allowed_from
from warehouse.places import Lake, place_from

ROBOTS_NAME = "casewatch"  # the name under which robots.txt may speak of us
_PLACE = "CASEWATCH_WAREHOUSE"
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie and how we behave as guests of other people's servers."""

    home: Path = Path("var")  # warehouse, archive and inbox lie below it
    file: Path | None = None  # the warehouse, where it does not lie there
    lake: Lake | None = None  # what stands in for the file, where several machines write
    contact: str = "no contact given; see CASEWATCH_CONTACT"
    host_gap: float = 5.0  # seconds between two requests to one host
    total_timeout: float = 30.0  # seconds for one answer, redirects and body included
    max_feed_bytes: int = 20_000_000
    max_page_bytes: int = 5_000_000
    max_warc_bytes: int = 1 << 30  # of one file of the archive; then another is begun
    at_once: int = 25  # requests under way: a batch of 50 feeds in two waves
    workers: int = 2  # processes that read pages
    keep_pages: int | None = None  # days: `retain` discards older ones that nobody speaks of
    # Where alerts go: Apprise URLs, webhook+https://... They hold secrets: not in any repr.
    notify: tuple[str, ...] = field(default=(), repr=False)
    webhook_secret: str = field(default="", repr=False)
    urgent: bool = True  # rank 3 goes out after the run that raised it
    quiet_hours: QuietHours | None = None
    zone: ZoneInfo = ZoneInfo("UTC")  # noqa: RUF009 - it never changes
    allow: tuple[str, ...] = ()  # addresses of our own network that may be connected to
    # host -> (address, port) to connect to in its place: how the demo reaches its own site
    connect: tuple[tuple[str, tuple[str, int]], ...] = ()
    revisit_after: tuple[timedelta, ...] = (1 * _HOUR, 6 * _HOUR, 24 * _HOUR, 168 * _HOUR)
    history_after: timedelta = 336 * _HOUR  # published this long before it was seen: no news
    poll_at_least: timedelta = 20 * _HOUR  # a daily run finds every good feed due, jitter included
    poll_at_most: timedelta = timedelta(minutes=10)

    @property
    def warehouse(self) -> Path:
        """Return the DuckDB file that runs write; without meaning where there is a lake."""
        return self.file or self.home / "casewatch.duckdb"

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
    """Return the settings. Raises UsageError, naming the variable, for a value that cannot be.

    A variable that is empty counts as not given.
    """
    defaults = Settings()
    environment = {name: value for name, value in environment.items() if value.strip()}
    settings = Settings(
        home=Path(environment.get("CASEWATCH_HOME", defaults.home)).expanduser(),
        contact=_line(environment, "CASEWATCH_CONTACT", defaults.contact),
        host_gap=_number(environment, "CASEWATCH_HOST_GAP", defaults.host_gap),
        total_timeout=_number(environment, "CASEWATCH_TIMEOUT", defaults.total_timeout, 0.1),
        workers=int(_number(environment, "CASEWATCH_WORKERS", defaults.workers)),
        keep_pages=_days(environment, "CASEWATCH_KEEP_PAGES"),
        notify=tuple(environment.get("CASEWATCH_NOTIFY", "").split()),
        webhook_secret=environment.get("CASEWATCH_WEBHOOK_SECRET", "").strip(),
        urgent=_choice(environment, "CASEWATCH_URGENT", ("at_once", "digest")) == "at_once",
        quiet_hours=_quiet_hours(environment, "CASEWATCH_QUIET_HOURS"),
        zone=_zone(environment, "CASEWATCH_TIME_ZONE"),
        allow=_addresses(environment, "CASEWATCH_ALLOW"),
    )
    return in_place(settings, environment[_PLACE].strip()) if _PLACE in environment else settings


def in_place(settings: Settings, given: str) -> Settings:
    """Return *settings* with the warehouse where *given*, a path or a lake's address, says."""
    place = place_from(given)
    if isinstance(place, Lake):
        return replace(settings, lake=place, file=None)
    return replace(settings, lake=None, file=place)


def _line(environment: Mapping[str, str], name: str, default: str) -> str:
    given = environment.get(name, default)
    if not given.isprintable():  # a line break would end the header that carries it
        raise UsageError(f"{name} is {given!r}; it takes one line of text.")
    return given


def _addresses(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    rules = tuple(environment.get(name, "").split())
    try:
        for rule in rules:
            allowed_from(rule)
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from error
    return rules


def _choice(environment: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """Return what is given, one of *choices*, of which the first is the default."""
    given = environment.get(name, choices[0]).strip()
    if given not in choices:
        raise UsageError(f"{name} is {given!r}; it takes {' or '.join(choices)}.")
    return given


def _quiet_hours(environment: Mapping[str, str], name: str) -> QuietHours | None:
    if name not in environment:
        return None
    try:
        return quiet_hours_from(environment[name])
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from error


def _zone(environment: Mapping[str, str], name: str) -> ZoneInfo:
    given = environment.get(name, "UTC").strip()
    try:
        return ZoneInfo(given)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"{name} is {given!r}; it takes a name such as Europe/Berlin.") from error


def _days(environment: Mapping[str, str], name: str) -> int | None:
    return int(_number(environment, name, 0, 1)) if name in environment else None


def _number(
    environment: Mapping[str, str], name: str, default: float, at_least: float = 0.0
) -> float:
    given = environment.get(name)
    if given is None:
        return default
    try:
        number = float(given)
    except ValueError as error:
        raise UsageError(f"{name} is {given!r}; it takes a number.") from error
    if not at_least <= number < math.inf:  # nan is neither
        raise UsageError(f"{name} is {given}; it takes a number of at least {at_least:g}.")
    return number
