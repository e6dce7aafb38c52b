"""Is this installation well? Each look says ok, warn, fail or unknown, in one line, and the fix.

Nothing is changed, and nobody is asked but the Prefect server that PREFECT_API_URL names.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from extractors.errors import UsageError, WarehouseBusyError, WarehouseError
from flows.clock import Clock, utc_now
from flows.doctor_home import copy, disk, inbox, last_backup, locks
from flows.doctor_parts import Finding, Patient, fail
from flows.doctor_rows import archive, last_run, outbox, schema
from flows.doctor_setup import libraries, registry, schedule, variables
from flows.settings import Settings, settings_from
from warehouse.store import held_still, open_copy

Looks = Sequence[tuple[str, Callable[[Patient], Iterator[Finding]]]]

_SETUP: Looks = (
    ("libraries", libraries),
    ("settings", variables),
    ("registry", registry),
    ("schedule", schedule),
)
_HOME: Looks = (
    ("warehouse", schema),
    ("locks", locks),
    ("copy", copy),
    ("disk", disk),
    ("last run", last_run),
    ("outbox", outbox),
    ("inbox", inbox),
    ("archive", archive),
    ("backup", last_backup),
)
_PATIENCE = 2.0  # seconds for who writes the warehouse; then its copy is looked at


def examine(
    seeds: Path, environment: Mapping[str, str] = os.environ, clock: Clock = utc_now
) -> Iterator[Finding]:
    """Yield what is found. A look that fails itself is a finding, and ends no other look."""
    patient = Patient(_settings(environment), seeds, environment, clock())
    yield from _each(_SETUP, patient)
    with ExitStack() as stack:
        yield from _each(_HOME, _opened(patient, stack))


def _each(looks: Looks, patient: Patient) -> Iterator[Finding]:
    for what, look in looks:
        try:
            yield from look(patient)
        except Exception as error:  # noqa: BLE001 - what is broken may break the look in any way
            said = f"this could not be looked at: {type(error).__name__}: {error}"
            yield fail(what, said, "mend what is named above first")


def _settings(environment: Mapping[str, str]) -> Settings:
    try:
        return settings_from(environment)
    except UsageError:  # `variables` names it; the home can be looked at all the same
        return Settings(home=Path(environment.get("CASEWATCH_HOME") or Settings().home))


def _opened(patient: Patient, stack: ExitStack) -> Patient:
    """Return *patient* with its warehouse opened: the copy of a lake, and where somebody writes."""
    settings = patient.settings
    if settings.lake is not None or not settings.warehouse.exists():
        return _with_copy(patient, stack)
    try:
        db = stack.enter_context(held_still(settings.warehouse, patience=_PATIENCE))
        return replace(patient, db=db)
    except WarehouseBusyError as error:
        return _with_copy(replace(patient, db_problem=str(error)), stack)
    except WarehouseError as error:
        return replace(patient, db_problem=str(error))


def _with_copy(patient: Patient, stack: ExitStack) -> Patient:
    if not patient.settings.copy.exists():
        return patient
    try:
        return replace(patient, db=stack.enter_context(open_copy(patient.settings.copy)))
    except WarehouseError as error:
        return replace(patient, db_problem=str(error))
