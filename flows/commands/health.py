"""Say how well we see: feeds that fail or fell silent, pages that could not be read, worst first.

Then alerts that no channel took in two days of trying, worst first, and each case by how long
nobody wrote of it: a zero means something only while feeds are fine.
--propose prints what feeds themselves ask for as a change to feeds.yaml: new addresses of those
that moved for good, and those that say they are gone. `casewatch health --propose | git apply`
takes it.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

_WORST = {3: "urgent", 2: "event", 1: "mention"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--all", action="store_true", help="feeds that are fine too")
    parser.add_argument("--propose", action="store_true", help="print a diff of feeds.yaml")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Print feeds, failing pages, silence and the last run."""
    from flows.settings import settings_from
    from warehouse.lake import open_warehouse
    from warehouse.outbox import given_up_rows
    from warehouse.reads import failure_rows, health_rows, last_run, moved_feeds, silence_rows
    from warehouse.store import open_copy

    settings = settings_from()
    if args.propose:
        with open_copy(settings.copy) as db:
            return _propose(moved_feeds(db))
    with open_copy(settings.copy) as db:
        found: dict[str, Any] = {
            "last_run": last_run(db),
            "feeds": health_rows(db),
            "failures": failure_rows(db),
            "silence": silence_rows(db),
        }
    # Not the published copy: that does not know yet what was sent after the run.
    with open_warehouse(settings).transaction() as db:
        found["given_up"] = given_up_rows(db)
    if args.json:
        print(json.dumps(found, default=str, ensure_ascii=False))
        return 0
    _show(found, everything=args.all)
    return 0


def _propose(feeds: list[dict[str, Any]]) -> int:
    from flows.proposals import proposal
    from flows.seeds import default_seeds_dir

    path = default_seeds_dir() / "feeds.yaml"
    sys.stdout.write(proposal(path.read_text("utf-8"), feeds, path.as_posix().lstrip("/")))
    return 0


def _show(found: dict[str, Any], *, everything: bool) -> None:
    from flows.show import console, day, rows_table
    from flows.watching import silence_words

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
    if found["given_up"]:
        alerts = sum(message["alerts"] for message in found["given_up"])
        out.print(f"\nNot sent in two days of trying: {alerts} alerts", style="bold")
        messages = [m | {"worst": _WORST.get(m["rank"], "")} for m in found["given_up"]]
        columns = ("worst", "channel", "alerts", "packed_at", "attempts", "failure")
        out.print(rows_table(messages, columns))
        out.print("Send them again: casewatch digest", style="bold yellow")
    out.print("\nCases, the longest unmentioned first", style="bold")
    for row in found["silence"]:
        days = "never mentioned" if row["days"] is None else f"{row['days']} days ago"
        out.print(f"  {row['display_name']:<24} {days:<18} {day(row['last_mentioned_at'])}")
    quiet = [row for row in found["silence"] if row["state"] != "heard of"]
    if quiet:
        out.print("\nWhat may be missing", style="bold")
    for row in quiet:
        out.print(f"  {silence_words(row)}")
    changed = [f for f in found["feeds"] if f["moved_to"] or f["gone_at"]]
    if changed:
        out.print(f"\n{len(changed)} feeds moved or are gone: casewatch health --propose")
