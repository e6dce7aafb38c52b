"""Say what an alert was worth. Verdicts are a log: a later one counts, none is overwritten.

relevant, wrong_person, passing_mention, duplicate, not_an_article, unsure (which keeps it open).
"""

from __future__ import annotations

import argparse
import getpass
import os
from pathlib import Path

from extractors.errors import UsageError
from extractors.model import Verdict


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("alert", help="an alert's id, or enough of its beginning")
    parser.add_argument("verdict", help="what it was worth")
    parser.add_argument("--note", help="a note for whoever comes next")
    parser.add_argument(
        "--reviewer", help="who judges (default: CASEWATCH_REVIEWER, else the user)"
    )


def run(args: argparse.Namespace) -> int:
    """Put the verdict in, durable at once, and take it into the warehouse if no run holds that."""
    from extractors.errors import WarehouseBusyError
    from flows.job import utc_now
    from flows.settings import settings_from
    from warehouse.inbox import Judgement, drain, put
    from warehouse.lake import open_warehouse
    from warehouse.publish import publish

    settings = settings_from()
    alert_id = _alert_id(settings.copy, args.alert)
    reviewer = args.reviewer or os.environ.get("CASEWATCH_REVIEWER") or getpass.getuser()
    verdict = _verdict(args.verdict)
    put(settings.inbox, Judgement(alert_id, verdict, reviewer, utc_now(), args.note))
    warehouse = open_warehouse(settings, patience=1.0)
    try:
        drained = drain(warehouse, settings.inbox)
        publish(warehouse, settings.copy)
        drained.forget()
    except WarehouseBusyError:
        print(f"{alert_id[:8]}: {verdict}, by {reviewer} (a run is writing; it will take it in)")
        return 0
    print(f"{alert_id[:8]}: {verdict}, by {reviewer}")
    return 0


def _verdict(typed: str) -> Verdict:
    try:
        return Verdict(typed)
    except ValueError as error:
        raise UsageError(f"no verdict {typed!r}; there are: {', '.join(Verdict)}.") from error


def _alert_id(copy: Path, typed: str) -> str:
    from warehouse.reads import alert_ids_like
    from warehouse.store import open_copy

    with open_copy(copy) as db:
        found = alert_ids_like(db, typed.lower())
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"no alert {typed!r}; `casewatch alerts` lists them with their ids.")
    raise UsageError(f"{typed!r} begins {len(found)} alerts; type more of it.")
