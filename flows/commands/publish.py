"""Bring this machine's read copy up to date, as each run does at its end.

Where the warehouse is a lake, other machines write it too: a machine that only reads, such as the
desk's, calls this every few minutes. It costs little when nothing changed.
"""

from __future__ import annotations

import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "--tidy",
        type=int,
        metavar="DAYS",
        help="of a lake: also merge its small files, and forget what changed before so many days",
    )


def run(args: argparse.Namespace) -> int:
    """Publish, and say where the copy lies."""
    from extractors.errors import UsageError
    from flows.settings import settings_from
    from warehouse.lake import LakeWarehouse, open_warehouse, tidy
    from warehouse.publish import publish

    settings = settings_from()
    warehouse = open_warehouse(settings)
    if args.tidy is not None:
        if not isinstance(warehouse, LakeWarehouse):
            raise UsageError("--tidy is for a lake; a file tidies itself.")
        if args.tidy < 1:
            raise UsageError(f"--tidy is {args.tidy}; it takes 1 or more.")
        tidy(warehouse, days=args.tidy)
    publish(warehouse, settings.copy)
    print(f"{settings.copy} is up to date.")
    return 0
