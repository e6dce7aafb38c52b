"""Looks of `casewatch doctor` at what the warehouse says: schema, runs, outbox, archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from extractors.errors import WarehouseError
from flows.doctor_parts import Finding, Patient, ago, fail, ok, warn
from warehouse.chain import record_breaks
from warehouse.rows import named_rows
from warehouse.schema import pending

_DAY = timedelta(days=1)
_SAMPLE = 40  # records of the archive
_RUNS = """
select state, started_at, finished_at, message from run where kind in ('monitor', 'demo')
order by started_at desc limit 12
"""
# The newest ones, and others that change from day to day.
_CAPTURES = """
with there as (from capture where discarded_at is null)
select * from (
    (from there order by fetched_at desc limit $newest)
    union (from there order by hash(capture_id || $day) limit $others)
) order by warc_file, warc_offset
"""


def schema(patient: Patient) -> Iterator[Finding]:
    """Look whether the warehouse opens, and is of this casewatch."""
    if patient.db is None:
        where = patient.settings.warehouse
        if patient.db_problem:
            yield fail("warehouse", patient.db_problem, "docs/upkeep.md: restore a backup")
        else:
            yield warn("warehouse", f"{where} is not there yet", "casewatch run; CASEWATCH_HOME?")
        return
    try:
        missing = pending(patient.db)
    except WarehouseError as error:
        yield fail("warehouse", str(error), "upgrade casewatch, or restore a backup")
        return
    if patient.db_problem:
        yield warn("warehouse", patient.db_problem, "try again when it is done")
    said = f"{patient.settings.lake or patient.settings.warehouse}: opens"
    if missing:
        said += f"; the next command that writes brings it to {missing[-1]}"
    yield ok("warehouse", said)


def last_run(patient: Patient) -> Iterator[Finding]:
    """Look whether runs come as often as they used to."""
    runs = named_rows(patient.db, _RUNS) if patient.db is not None else []
    if not runs:
        yield warn("last run", "there was none", "casewatch run, then docs/schedule.md")
        return
    newest, age = runs[0], patient.now - runs[0]["started_at"]
    found = _usual_gap([run["started_at"] for run in runs])
    usual = found or _DAY
    often = f"usually one each {ago(found)}" if found else "one a day is expected"
    said = f"{ago(age)} ago, {newest['state']}; {often}"
    if newest["state"] in {"failed", "died"}:
        said = f"{ago(age)} ago, {newest['state']}: {newest['message'] or 'it was killed'}"
        yield fail("last run", said, "casewatch run, and read what it says")
    elif age > 4 * usual:
        yield fail("last run", said, "does the schedule still run? docs/schedule.md")
    elif age > 1.5 * usual + timedelta(hours=1):
        yield warn("last run", said, "does the schedule still run? docs/schedule.md")
    else:
        yield ok("last run", said)


def _usual_gap(starts: Sequence[datetime]) -> timedelta | None:
    """Return the median of the times between runs; None where there were too few."""
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(starts)]
    return max(timedelta(minutes=10), timedelta(seconds=median(gaps))) if len(gaps) > 2 else None


def outbox(patient: Patient) -> Iterator[Finding]:
    """Look for messages that no channel takes."""
    if patient.db is None:
        return
    unsent = named_rows(patient.db, "from outbox_message where state <> 'sent' order by packed_at")
    given_up = [row for row in unsent if row["state"] == "given_up"]
    old = [row for row in unsent if patient.now - row["packed_at"] > _DAY]
    if given_up or old:
        row = (given_up or old)[0]
        alerts = sum(one["alerts"] for one in {id(one): one for one in given_up + old}.values())
        said = (
            f"{alerts} alerts were not taken, by {row['channel']}: {row['failure'] or 'not tried'}"
        )
        yield fail("outbox", said, "casewatch outbox, then casewatch outbox --send")
    elif not patient.settings.notify:
        yield ok("outbox", "no CASEWATCH_NOTIFY: digests are printed")
    else:
        yield ok("outbox", f"{len(unsent)} messages wait")


def archive(patient: Patient) -> Iterator[Finding]:
    """Read some records of the archive, the newest among them."""
    if patient.db is None:
        return
    wanted = {"newest": _SAMPLE // 2, "others": _SAMPLE // 2, "day": f"{patient.now:%Y-%m-%d}"}
    captures = named_rows(patient.db, _CAPTURES, wanted)
    broken = [
        found
        for capture in captures
        for found in record_breaks(patient.settings.archive, _pointer(capture), "record")
    ]
    if broken:
        said = f"{len(broken)} of {len(captures)} records looked at are broken: {broken[0].said}"
        yield fail("archive", said, "casewatch verify names all of them, and what to do")
    else:
        yield ok("archive", f"{len(captures)} records looked at, each as it was stored")


def _pointer(capture: dict[str, Any]) -> dict[str, Any]:
    return capture | {
        "named": f"capture {capture['capture_id']}",
        "digests": [capture["payload_digest"]],
        "record_ids": [one for one in (capture["record_id"],) if one],
        "sha256s": [one for one in (capture["payload_sha256"],) if one],
    }
