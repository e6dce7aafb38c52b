"""Show what waits to be sent, what could not be sent and why, and when it is tried again.

--send sends what is due now: alerts that do not wait for a digest, and what failed before. Let cron
do it: `*/10 * * * * cd FOLDER && .venv/bin/casewatch outbox --send`. In quiet hours it sends
nothing. What failed for two days is tried once more with each `casewatch digest`.
"""

from __future__ import annotations

import argparse
from typing import Any


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--send", action="store_true", help="send what is due now")
    parser.add_argument("--log", type=int, metavar="N", help="show the last N tries as well")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Show the outbox, or send; exit 1 when a channel did not take something."""
    from flows.outbox import send_due
    from flows.settings import settings_from

    settings = settings_from()
    if not args.send:
        return _show(most=args.log or 0, as_json=args.json)
    sendings = send_due(settings)
    for sending in sendings:
        if sending.alerts:
            fared = "sent" if sending.sent else "not taken"
            print(f"{sending.channel}: {sending.alerts} alerts, {fared}")
    return 0 if all(sending.sent for sending in sendings) else 1


def _show(*, most: int, as_json: bool) -> int:
    import json

    from flows.settings import settings_from
    from flows.show import console, rows_table
    from warehouse.lake import open_warehouse
    from warehouse.outbox import attempt_rows, unsent_rows

    # Not the published copy: that does not know yet what was tried after the run.
    with open_warehouse(settings_from()).transaction() as db:
        unsent, tries = unsent_rows(db), attempt_rows(db, most=most)
    unsent = [{k: v for k, v in row.items() if k != "content"} for row in unsent]
    if as_json:
        print(json.dumps({"unsent": unsent, "tries": tries}, default=str, ensure_ascii=False))
        return 0
    out = console()
    out.print(f"Not sent yet: {_count(unsent)}", style="bold")
    if unsent:
        out.print(rows_table(unsent, _COLUMNS))
    if tries:
        out.print(f"\nThe last {len(tries)} tries", style="bold")
        out.print(
            rows_table(tries, ("begun_at", "channel", "alerts", "number", "outcome", "failure"))
        )
    return 0


_COLUMNS = ("channel", "kind", "alerts", "state", "attempts", "next_try_at", "failure")


def _count(unsent: list[dict[str, Any]]) -> str:
    if not unsent:
        return "nothing"
    return f"{sum(row['alerts'] for row in unsent)} alerts in {len(unsent)} messages"
