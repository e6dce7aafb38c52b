"""Search what is stored for new or changed subjects, or tag all of it again after an upgrade.

Without a SUBJECT: for those of the registry that are new or changed since the last search. Nothing
is fetched. What changed becomes new rows; verdicts stay; alerts of what has been stored for long
are history, which no digest sends. Stopped half-way, it goes on where it was.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from extractors.errors import UsageError

if TYPE_CHECKING:
    from flows.job import Job
    from flows.retagging import Outcome

_LOSSES = 12


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help="its id: its file's name")
    parser.add_argument(
        "--all", action="store_true", help="all that another version of the tagger tagged"
    )
    parser.add_argument("--seeds", help="folder of the registry (default: seeds)")


def run(args: argparse.Namespace) -> int:
    """Tag again, print counts and failures; 1 when some could not be tagged."""
    import sys
    from pathlib import Path

    from flows.job import make_job, under_way
    from flows.retagging import due_subjects, retag_all, retag_subjects
    from flows.seeds import default_seeds_dir, read_seeds
    from flows.settings import settings_from
    from flows.settling import settle

    if args.all and args.subjects:
        raise UsageError("either subjects or --all: --all has them all.")
    registry = read_seeds(Path(args.seeds) if args.seeds else default_seeds_dir())
    unknown = set(args.subjects) - {subject.id for subject in registry.subjects}
    if unknown:
        raise UsageError(f"no subject {min(unknown)!r}; the files under seeds/ name them.")
    job = make_job(
        settings_from(), registry, say=lambda words: print(words, file=sys.stderr, flush=True)
    )
    with under_way(job, "retag"):
        if args.all:
            outcome = retag_all(job)
        else:
            due = args.subjects or [subject.id for subject in due_subjects(job)]
            outcome = retag_subjects(job, due)
        job.report.mentions_new += outcome.mentions_new
        settle(job)
    _print(job, outcome)
    return 1 if outcome.failed else 0


def _print(job: Job, outcome: Outcome) -> None:
    if not outcome.tagged and not outcome.failed:
        print("Nothing to tag again.")
        return
    report = job.report
    print(f"{outcome.tagged:,} versions tagged again, {outcome.changed:,} of them say otherwise.")
    print(
        f"{report.mentions_new:,} new mentions, {report.alerts_new:,} new alerts: "
        "`casewatch alerts`"
    )
    for loss in report.losses[:_LOSSES]:
        print(f"  failed  version {loss.url}: {loss.kind}: {loss.message} (it stands as it was)")
    if len(report.losses) > _LOSSES:
        print(f"  and {len(report.losses) - _LOSSES:,} more, which the next retag tries again")
