"""Looks of `casewatch doctor` at what was installed and set up."""

from __future__ import annotations

import base64
import json
import platform
from collections.abc import Iterator
from difflib import get_close_matches
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from extractors.errors import RegistryError, UsageError
from flows.doctor_parts import Finding, Patient, fail, ok, unknown, warn
from flows.seeds import read_seeds
from flows.settings import settings_from

_PREFIX = "CASEWATCH_"
# Each is read somewhere; a test compares this list with the code.
VARIABLES = (
    "CASEWATCH_ALLOW",
    "CASEWATCH_CONTACT",
    "CASEWATCH_DESK_PASSWORD_HASH",
    "CASEWATCH_FOLDER",
    "CASEWATCH_HOME",
    "CASEWATCH_HOST_GAP",
    "CASEWATCH_KEEP_PAGES",
    "CASEWATCH_NOTIFY",
    "CASEWATCH_QUIET_HOURS",
    "CASEWATCH_REVIEWER",
    "CASEWATCH_SEEDS",
    "CASEWATCH_TIMEOUT",
    "CASEWATCH_TIME_ZONE",
    "CASEWATCH_URGENT",
    "CASEWATCH_WAREHOUSE",
    "CASEWATCH_WEBHOOK_SECRET",
    "CASEWATCH_WORKERS",
)
_PATIENCE = 5.0  # seconds for the Prefect server


def libraries(_: Patient) -> Iterator[Finding]:
    """Look whether each library is installed in a version that casewatch was made for."""
    python = f"Python {platform.python_version()}"
    try:
        wanted = [Requirement(line) for line in requires("casewatch") or ()]
        ours = metadata("casewatch")
    except (PackageNotFoundError, InvalidRequirement) as error:
        yield unknown("libraries", f"{python}; casewatch is not installed as a package ({error})")
        return
    applying = [one for one in wanted if one.marker is None or one.marker.evaluate()]
    wrong = [problem for one in applying if (problem := _problem(one))]
    if platform.python_version() not in SpecifierSet(ours["Requires-Python"] or ""):
        wrong.insert(0, f"{python}, casewatch needs {ours['Requires-Python']}")
    for problem in wrong:
        yield fail("libraries", problem, "make setup, or install the locked requirements again")
    if not wrong:
        said = f"{python}, casewatch {ours['Version']}, {len(applying)} libraries as pinned"
        yield ok("libraries", said)


def _problem(wanted: Requirement) -> str | None:
    try:
        found = version(wanted.name)
    except PackageNotFoundError:
        return f"{wanted.name} is not installed"
    if wanted.specifier.contains(found, prereleases=True):
        return None
    return f"{wanted.name} is {found}, casewatch needs {wanted.specifier}"


def variables(patient: Patient) -> Iterator[Finding]:
    """Look for settings that nothing reads, and for values that cannot be."""
    given = sorted(name for name in patient.environment if name.startswith(_PREFIX))
    strange = [name for name in given if name not in VARIABLES]
    for name in strange:
        close = get_close_matches(name, VARIABLES, 1)
        fix = f"{close[0]} may be meant" if close else "unset it; the README lists all settings"
        yield warn("settings", f"{name} is set, and nothing reads it", fix)
    try:
        settings_from(patient.environment)
    except UsageError as error:
        yield fail("settings", str(error), "the README says what each setting takes")
        return
    if not patient.environment.get("CASEWATCH_CONTACT"):
        said = "no CASEWATCH_CONTACT: server owners cannot reach you, and may block you"
        yield warn("settings", said, "CASEWATCH_CONTACT=you@example.org")
    elif not strange:
        yield ok("settings", f"{len(given)} set, each is read")


def registry(patient: Patient) -> Iterator[Finding]:
    """Look whether the registry can be read: a broken file stops the next run."""
    try:
        found = read_seeds(patient.seeds)
    except RegistryError as error:
        first, more = error.problems[0], len(error.problems) - 1
        said = f"{first}{f'; and {more} more' if more else ''}"
        yield fail("registry", said, "casewatch seeds check")
        return
    said = f"{patient.seeds}: {len(found.subjects)} subjects, {len(found.feeds)} feeds"
    if not found.subjects or not found.feeds:
        yield warn("registry", f"{said}: there is nothing to watch", "see seeds/, CASEWATCH_SEEDS")
    else:
        yield ok("registry", said)


def schedule(patient: Patient) -> Iterator[Finding]:
    """Ask the Prefect server, where one is named, whether runs are scheduled."""
    url = patient.environment.get("PREFECT_API_URL", "").rstrip("/")
    if not url.startswith(("http://", "https://")):
        yield unknown(
            "schedule", "no PREFECT_API_URL: cron and `casewatch serve` cannot be asked from here"
        )
        return
    try:
        found = _deployments(url, patient)
    except (URLError, OSError, ValueError) as error:
        yield unknown("schedule", f"{url} does not answer: {error}", "is the server running?")
        return
    active = [f"{one['name']}" for one in found if _runs_by_itself(one)]
    if active:
        yield ok("schedule", f"{url}: flow monitor, deployment {', '.join(active)}")
    else:
        said = f"{url} has {len(found)} deployments of flow monitor, none with a schedule that runs"
        yield warn("schedule", said, "docs/schedule.md: deploy, or resume the schedule")


def _deployments(url: str, patient: Patient) -> list[dict[str, Any]]:
    headers = {"Content-Type": "application/json"}
    if key := patient.environment.get("PREFECT_API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    elif login := patient.environment.get("PREFECT_API_AUTH_STRING"):
        headers["Authorization"] = f"Basic {base64.b64encode(login.encode()).decode()}"
    asked = json.dumps({"flows": {"name": {"any_": ["monitor"]}}}).encode()
    request = Request(f"{url}/deployments/filter", asked, headers)  # noqa: S310 - http(s): looked at
    with urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
        found = json.load(answer)
    if not isinstance(found, list):
        raise ValueError("an answer that is no list")
    return found


def _runs_by_itself(deployment: dict[str, Any]) -> bool:
    schedules = deployment.get("schedules") or ()
    return not deployment.get("paused") and any(one.get("active") for one in schedules)
