"""Verdicts have their own way in: durable at once, whether or not a run holds the warehouse.

A verdict is first a file in the inbox, synced to disk. Whoever next may write takes it into the
warehouse; the file goes once the published copy has it. Readers lay the inbox over the copy.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from extractors.errors import WarehouseError
from extractors.model import CandidateVerdict, Verdict, stable_id
from warehouse.rows import insert_missing
from warehouse.store import Warehouse


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person said of one alert."""

    alert_id: str
    verdict: Verdict
    reviewer: str
    judged_at: datetime
    note: str | None = None

    @property
    def id(self) -> str:
        """Return its id: the same judgement put in twice is one row."""
        return stable_id(self.alert_id, self.reviewer, self.judged_at.isoformat(), self.verdict)


@dataclass(frozen=True, slots=True)
class CandidateJudgement:
    """What one person said of one rejected candidate."""

    mention_id: str
    verdict: CandidateVerdict
    reviewer: str
    judged_at: datetime
    note: str | None = None

    @property
    def id(self) -> str:
        """Return its id: the same judgement put in twice is one row."""
        return stable_id(self.mention_id, self.reviewer, self.judged_at.isoformat(), self.verdict)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is to look at an alert, as one person said; an empty *assignee* is nobody any more."""

    alert_id: str
    assignee: str
    reviewer: str
    assigned_at: datetime

    @property
    def id(self) -> str:
        """Return its id: the same assignment put in twice is one row."""
        return stable_id(self.alert_id, self.assignee, self.reviewer, self.assigned_at.isoformat())


Said = Judgement | CandidateJudgement | Assignment


@dataclass(frozen=True, slots=True)
class Drained:
    """Judgements that are in the warehouse, but maybe not in the published copy yet."""

    files: tuple[Path, ...]

    def forget(self) -> None:
        """Remove their files: call it once the published copy has them."""
        for file in self.files:
            file.unlink(missing_ok=True)


# What a kind of file becomes: the table, and the name of its key.
_TABLES: dict[type[Said], tuple[str, str]] = {
    Judgement: ("verdict", "verdict_id"),
    CandidateJudgement: ("candidate_verdict", "verdict_id"),
    Assignment: ("assignment", "assignment_id"),
}


def put(inbox: Path, judgement: Said) -> Path:
    """Write *judgement* to the inbox, synced to disk, and return its file."""
    inbox.mkdir(parents=True, exist_ok=True)
    file = inbox / f"{judgement.id}.json"
    fresh = file.with_suffix(f".{os.getpid()}.tmp")
    facts = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(judgement).items()
    }
    with fresh.open("w", encoding="utf-8", errors="replace") as handle:
        json.dump(facts, handle, ensure_ascii=False)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(file)
    return file


def all_waiting(inbox: Path) -> list[Said]:
    """Return whatever is in the inbox, read once. Raises WarehouseError for a broken file."""
    return list(_read_all(inbox).values())


def waiting(inbox: Path) -> list[Judgement]:
    """Return the judgements of alerts in the inbox, oldest first.

    Raises WarehouseError for a broken file.
    """
    found = (one for one in _read_all(inbox).values() if isinstance(one, Judgement))
    return sorted(found, key=lambda judgement: judgement.judged_at)


def waiting_audits(inbox: Path) -> list[CandidateJudgement]:
    """Return the judgements of rejected candidates in the inbox, oldest first."""
    found = (one for one in _read_all(inbox).values() if isinstance(one, CandidateJudgement))
    return sorted(found, key=lambda judgement: judgement.judged_at)


def waiting_assignments(inbox: Path) -> list[Assignment]:
    """Return the assignments in the inbox, oldest first."""
    found = (one for one in _read_all(inbox).values() if isinstance(one, Assignment))
    return sorted(found, key=lambda assignment: assignment.assigned_at)


def drain(warehouse: Warehouse, inbox: Path) -> Drained:
    """Take the inbox into the warehouse; the caller calls `forget()` once that is published."""
    judgements = _read_all(inbox)
    if not judgements:
        return Drained(())
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table, _ in _TABLES.values()}
    for judgement in judgements.values():
        table, key = _TABLES[type(judgement)]
        rows[table].append({key: judgement.id, **asdict(judgement)})
    with warehouse.transaction() as db:
        for table, judged in rows.items():
            insert_missing(db, table, judged)
    return Drained(tuple(judgements))


def overlay(
    alerts: Sequence[dict[str, Any]], judgements: Sequence[Judgement]
) -> list[dict[str, Any]]:
    """Return *alerts* (rows of the view) as they will be once *judgements* are published."""
    in_order = sorted(judgements, key=lambda judgement: judgement.judged_at)
    last = {judgement.alert_id: judgement for judgement in in_order}
    return [_judged(alert, last.get(alert["alert_id"])) for alert in alerts]


def _judged(alert: dict[str, Any], judgement: Judgement | None) -> dict[str, Any]:
    if judgement is None or (alert["judged_at"] and alert["judged_at"] >= judgement.judged_at):
        return alert
    return alert | {
        "verdict": str(judgement.verdict),
        "reviewer": judgement.reviewer,
        "note": judgement.note,
        "judged_at": judgement.judged_at,
    }


def _read_all(inbox: Path) -> dict[Path, Said]:
    files = sorted(inbox.glob("*.json"))
    read = ((file, _read(file)) for file in files)
    return {file: judgement for file, judgement in read if judgement}


def _read(file: Path) -> Said | None:
    """Return what is in *file*; None if it went since it was listed: then it is published."""
    try:
        facts = json.loads(file.read_text("utf-8"))
        return _judgement(facts)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise WarehouseError(
            f"{file}: no verdict can be read from it ({error}); repair it."
        ) from error


def _judgement(facts: dict[str, Any]) -> Said:
    if "assignee" in facts:
        assigned_at = _moment(facts, "assigned_at")
        return Assignment(facts["alert_id"], facts["assignee"], facts["reviewer"], assigned_at)
    judged_at = _moment(facts, "judged_at")
    said = facts["verdict"], facts["reviewer"], facts["note"]
    if "mention_id" in facts:
        return CandidateJudgement(
            facts["mention_id"], CandidateVerdict(said[0]), said[1], judged_at, said[2]
        )
    return Judgement(facts["alert_id"], Verdict(said[0]), said[1], judged_at, said[2])


def _moment(facts: dict[str, Any], name: str) -> datetime:
    moment = datetime.fromisoformat(facts[name])
    if moment.tzinfo is None:
        raise ValueError(f"{name} {moment} has no time zone")
    return moment
