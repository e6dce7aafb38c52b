"""Read archived pages again after an upgrade of the extractor. Nothing is fetched.

Only articles that an older extractor read. Where the text comes out otherwise it becomes a new
version with mentions of its own; verdicts stay. Stopped half-way, it goes on where it was; a second
run does nothing.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from extractors.errors import UsageError

if TYPE_CHECKING:
    from flows.job import Job
    from flows.reextraction import Outcome

_LOSSES = 12  # shown; the table reextraction keeps them all


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--since", help="only articles first seen on this day (UTC) or later")
    parser.add_argument("--subject", help="only articles that mention this subject")
    parser.add_argument("--seeds", help="folder of the registry (default: seeds)")
    parser.add_argument(
        "--dry-run", action="store_true", help="only count the articles that would be read"
    )


def run(args: argparse.Namespace) -> int:
    """Read again what is due, print counts and failures; 1 when a record could not be read."""
    import sys
    from pathlib import Path

    from flows.job import make_job, under_way
    from flows.reextraction import count_due, reextract
    from flows.seeds import default_seeds_dir, read_seeds
    from flows.settings import settings_from
    from warehouse.reextractions import Scope

    since = _day(args.since)
    registry = read_seeds(Path(args.seeds) if args.seeds else default_seeds_dir())
    if args.subject and args.subject not in {s.id for s in registry.subjects}:
        raise UsageError(f"no subject {args.subject!r}; the files under seeds/ name them.")
    job = make_job(
        settings_from(), registry, say=lambda words: print(words, file=sys.stderr, flush=True)
    )
    scope = Scope(job.versions.extractor, since, args.subject)
    if args.dry_run:
        print(f"{count_due(job, scope):,} articles would be read again.")
        return 0
    with under_way(job, "reextract"):
        outcome = reextract(job, scope)
    _print(job, outcome)
    return 1 if outcome.broken else 0


def _day(given: str | None) -> datetime | None:
    if given is None:
        return None
    try:
        return datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise UsageError(f"--since is {given!r}; it takes a day such as 2026-11-24.") from error


def _print(job: Job, outcome: Outcome) -> None:
    counts = outcome.counts
    if not counts and not outcome.broken:
        print("Nothing to read again: this extractor read every article.")
        return
    print(
        f"{counts.total():,} articles read again: {counts['same']:,} with the same words, "
        f"{counts['changed']:,} new versions, {counts['failed']:,} failed."
    )
    print(f"{job.report.mentions_new:,} new mentions, {job.report.alerts_new:,} new alerts.")
    for loss in job.report.losses[:_LOSSES]:
        print(f"  failed  {loss.url}: {loss.kind}: {loss.message} (its version stands)")
    if len(job.report.losses) > _LOSSES:
        print(f"  and {len(job.report.losses) - _LOSSES:,} more: table reextraction")
    if outcome.broken:
        print(f"{outcome.broken:,} records could not be read: `casewatch verify` says what to do.")
