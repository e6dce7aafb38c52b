"""Discard old raw pages that nobody speaks of. Without --yes it only says what would go.

A page goes when its article mentions nobody (not even a rejected candidate), raised no alert, has
no verdict and was never edited, and was fetched more than DAYS days ago. Its text stays, and new
subjects are searched for in it. Nothing is discarded by itself: put the command into cron.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from extractors.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from flows.retention import Retained
    from warehouse.retention import FilePlan

_WORDS = {
    "alert": "an alert, or a copy of its story",
    "verdict": "a verdict",
    "mention": "a mention, taken or rejected",
    "edited": "edited by the outlet",
    "younger": "younger",
    "no_article": "gave no article: kept to find out why",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "--days", type=int, help="how old they must be (default: CASEWATCH_KEEP_PAGES)"
    )
    parser.add_argument("--yes", action="store_true", help="do it")


def run(args: argparse.Namespace) -> int:
    """Show what the rule does, or do it; 1 when a WARC file had to be left as it is."""
    from flows.retention import plan, retain, rule_of
    from flows.settings import settings_from
    from flows.show import console

    settings = settings_from()
    days = settings.keep_pages if args.days is None else args.days
    if days is None:
        raise UsageError("no rule: pages are kept for ever. --days N or CASEWATCH_KEEP_PAGES=N.")
    if days < 1:
        raise UsageError(f"--days is {days}; it takes 1 or more.")
    if settings.lake is None and not settings.warehouse.exists():
        raise UsageError(f"{settings.warehouse} is not there; CASEWATCH_HOME names the home.")
    out, rule = console(), rule_of(days)
    if not args.yes:
        out.print(f"Rule: {rule} (fetched before {rule.before:%Y-%m-%d}).", style="bold")
        _print_plan(out, plan(settings, rule))
        out.print(f"Nothing was changed. To discard them: casewatch retain --days {days} --yes")
        return 0
    retained = retain(
        settings, days, say=lambda words: print(f"{words} ...", file=sys.stderr, flush=True)
    )
    _print_done(out, retained, str(rule))
    return 1 if retained.failed else 0


def _print_plan(out: Console, files: list[FilePlan]) -> None:
    from rich.table import Table

    from flows.upkeep import megabytes

    table = Table.grid(padding=(0, 2))
    for reason in ("", *_WORDS):
        records = sum(file.records.get(reason, 0) for file in files)
        size = megabytes(sum(file.bytes.get(reason, 0) for file in files))
        what = f"kept: {_WORDS[reason]}" if reason else "would go"
        if records or not reason:
            style = None if reason else "bold"
            table.add_row(f"  {what}", f"{records:,} records", f"about {size}", style=style)
    out.print(table)


def _print_done(out: Console, retained: Retained, rule: str) -> None:
    from flows.upkeep import megabytes

    records = sum(len(done.captures) for done in retained.done)
    before = sum(done.bytes_before for done in retained.done)
    after = sum(done.bytes_after for done in retained.done)
    out.print(
        f"{records:,} records discarded by the rule: {rule}. {len(retained.done):,} WARC files "
        f"written anew: {megabytes(before)} before, {megabytes(after)} now."
    )
    for failure in retained.failed:
        out.print(f"  failed  {failure}", style="red", soft_wrap=True)
