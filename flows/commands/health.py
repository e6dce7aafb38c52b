"""Say how well we see: feeds that fail or fell silent, pages that could not be read, worst first.

Then each case by how long nobody wrote of it: a zero means something only while feeds are fine.
"""

from __future__ import annotations

import argparse
import json
from typing import Any


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--all", action="store_true", help="feeds that are fine too")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Print feeds, failing pages, silence and the last run."""
    from flows.settings import settings_from
    from warehouse.reads import failure_rows, health_rows, last_run, silence_rows
    from warehouse.store import open_copy

    with open_copy(settings_from().copy) as db:
        found: dict[str, Any] = {
            "last_run": last_run(db),
            "feeds": health_rows(db),
            "failures": failure_rows(db),
            "silence": silence_rows(db),
        }
    if args.json:
        print(json.dumps(found, default=str, ensure_ascii=False))
        return 0
    _show(found, everything=args.all)
    return 0


def _show(found: dict[str, Any], *, everything: bool) -> None:
    from flows.show import console, day, rows_table

    out = console()
    last = found["last_run"]
    if last:
        out.print(
            f"Last run {last['started_at']:%Y-%m-%d %H:%M} UTC: {last['state']}",
            last["message"] or "",
        )
    feeds = [f for f in found["feeds"] if everything or f["state"] != "fine"]
    fine = sum(f["state"] == "fine" for f in found["feeds"])
    out.print(f"\nFeeds: {fine} of {len(found['feeds'])} fine", style="bold")
    if feeds:
        columns = ("feed_id", "state", "failure", "failure_message", "last_ok_at", "next_poll_at")
        out.print(rows_table(feeds, columns))
    pages = [f for f in found["failures"] if f["what"] == "page"]
    out.print(f"\nPages that could not be read: {len(pages)}", style="bold")
    if pages:
        out.print(rows_table(pages, ("failure", "url", "message", "next_try_at")))
    out.print("\nCases, the longest unmentioned first", style="bold")
    for row in found["silence"]:
        days = "never mentioned" if row["days"] is None else f"{row['days']} days ago"
        out.print(f"  {row['display_name']:<24} {days:<18} {day(row['last_mentioned_at'])}")
