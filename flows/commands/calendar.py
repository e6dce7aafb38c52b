"""Write the days ahead, execution dates and hearings, as a calendar: to standard output, or --out.

Each run writes it as `CASEWATCH_HOME/dates.ics`, too: subscribe to that file, and the days stand in
your own calendar, each with the sentence that says so. --list prints them for reading.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--list", action="store_true", help="print the days as a table")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the file to write")


def run(args: argparse.Namespace) -> int:
    """Write it."""
    from flows.clock import utc_now
    from flows.published import calendar_bytes, put
    from flows.settings import settings_from

    if args.list:
        return _print_days()
    content = calendar_bytes(settings_from(), utc_now())
    if args.out:
        put(args.out, content)
    else:
        sys.stdout.buffer.write(content)
    return 0


def _print_days() -> int:
    from extractors.calendar import source_sentence
    from flows.settings import settings_from
    from flows.show import console, print_rows
    from warehouse.reads import upcoming_rows
    from warehouse.store import open_copy

    with open_copy(settings_from().copy) as db:
        rows = upcoming_rows(db)
    shown = ("event_date", "display_name", "type", "modality", "url")
    days = [
        {name: row[name] for name in shown} | {"sentence": source_sentence(row)} for row in rows
    ]
    print_rows(console(), days)
    return 0
