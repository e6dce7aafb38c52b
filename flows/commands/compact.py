"""Write the warehouse's file anew, without the room that changed and deleted rows left in it.

Rows, views and comments stay. Once a year is enough, or after a large retag or retain. It needs as
much room on the disk as the warehouse takes, and no run may be under way.
"""

from __future__ import annotations

import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""


def run(args: argparse.Namespace) -> int:  # noqa: ARG001 - it takes nothing
    """Compact, and say what it was worth."""
    import sys

    from flows.compaction import compact
    from flows.settings import settings_from
    from flows.upkeep import megabytes

    settings = settings_from()
    done = compact(settings, say=lambda words: print(f"{words} ...", file=sys.stderr, flush=True))
    print(
        f"{settings.warehouse}: {megabytes(done.before)} before, {megabytes(done.after)} now; "
        f"{done.rows:,} rows in {done.tables} tables are equal."
    )
    return 0
