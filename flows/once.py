"""One run from the command line, and what it prints."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from extractors.errors import CasewatchError
from extractors.model import Registry
from flows.job import Job, make_job
from flows.prefect_env import prepare_prefect
from flows.settings import Settings
from flows.show import console, print_alerts, report_lines
from warehouse.reads import alert_rows
from warehouse.store import open_copy

_SHOWN = 10  # new alerts in a run's report; `casewatch alerts` shows all


def run_and_show(
    settings: Settings, registry: Registry, *, kind: str = "monitor", as_json: bool = False
) -> int:
    """Run, print what happened, and return the exit code: 1 when the run failed as a whole."""
    job = make_job(settings, registry, say=_say)
    error = run_once(job, kind)
    alerts = _new_alerts(job)
    if as_json:
        print(json.dumps(_facts(job, alerts), default=str, ensure_ascii=False))  # noqa: T201
    else:
        out = console()
        out.print(report_lines(job.report))
        out.print()
        print_alerts(out, alerts, most=_SHOWN)
    if error is not None and error != job.report.message:
        print(f"casewatch: {error}", file=sys.stderr)  # noqa: T201
    return 1 if error else 0


def run_once(job: Job, kind: str) -> str | None:
    """Run *job* as a Prefect flow; return what made it fail as a whole, or None."""
    if prepare_prefect():
        _say("Starting Prefect for this run (about ten seconds; PREFECT_API_URL spares it) ...")
    from flows.monitor import run_job  # noqa: PLC0415 - seconds: as late as can be

    try:
        run_job(job, kind)
    except CasewatchError as error:
        return job.report.message or str(error)
    return None


def _say(words: str) -> None:
    """Say how far it is, beside the output that programs read."""
    print(words, file=sys.stderr, flush=True)  # noqa: T201


def _new_alerts(job: Job) -> list[dict[str, Any]]:
    if not job.settings.copy.exists():
        return []
    with open_copy(job.settings.copy) as db:
        return alert_rows(db, run_id=job.run_id)


def _facts(job: Job, alerts: list[dict[str, Any]]) -> dict[str, Any]:
    report = job.report
    return {
        "run_id": job.run_id,
        **report.counts(),
        "message": report.message,
        "edited": report.edited,
        "odd": report.odd,
        "advice": report.advice,
        "failures": [asdict(loss) for loss in report.losses],
        "alerts": alerts,
    }
