"""Show alerts, worst first: who, what happened, the sentence, why it was raised, who ran it.

An execution date, a stay or an execution is marked `!!!`, another event ` ! `, a mention ` · `.
"""

from __future__ import annotations

import argparse
from typing import Any

from extractors.errors import UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("which", nargs="?", help="a subject such as kevin-cooper, or an alert's id")
    parser.add_argument("--all", action="store_true", help="settled alerts too")
    parser.add_argument("--why", action="store_true", help="each mention with its evidence")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Print the alerts that are open, or all of them."""
    import json

    from flows.settings import settings_from
    from flows.show import console, evidence_table, print_alert, print_alerts
    from warehouse.inbox import overlay, waiting
    from warehouse.reads import alert_rows, evidence_rows
    from warehouse.store import open_copy

    settings = settings_from()
    with open_copy(settings.copy) as db:
        alerts = overlay(alert_rows(db), waiting(settings.inbox))
        shown = _chosen(alerts, args.which, everything=args.all)
        if args.json:
            for alert in shown:
                print(json.dumps(alert, default=str, ensure_ascii=False))
            return 0
        out = console()
        if not args.why:
            print_alerts(out, shown)
        for alert in shown if args.why else ():
            print_alert(out, alert)
            out.print(evidence_table(evidence_rows(db, alert["version_id"], alert["subject_id"])))
            out.print()
        out.print(_footer(shown, alerts))
    return 0


def _chosen(
    alerts: list[dict[str, Any]], which: str | None, *, everything: bool
) -> list[dict[str, Any]]:
    wanted = [
        alert
        for alert in alerts
        if which is None
        or alert["subject_id"] == which.lower()
        or str(alert["alert_id"]).startswith(which.lower())
    ]
    if which and not wanted:
        raise UsageError(
            f"{which!r} is no alert, and no subject that has alerts; `casewatch alerts --all`."
        )
    return [a for a in wanted if everything or a["verdict"] in {None, "unsure"}]


def _footer(shown: list[dict[str, Any]], alerts: list[dict[str, Any]]) -> str:
    settled = sum(a["verdict"] not in {None, "unsure"} for a in alerts)
    return (
        f"{len(shown)} shown of {len(alerts)}, {settled} settled. "
        "Judge: casewatch judge ALERT relevant"
    )
