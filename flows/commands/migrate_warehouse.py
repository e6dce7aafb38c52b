"""Move the warehouse between a DuckDB file and a lake, row for row: docs/growing.md.

From is where CASEWATCH_WAREHOUSE says, else the file below CASEWATCH_HOME. TO is a path, or
"ducklake:postgres:dbname=NAME host=HOST user=USER;data=FOLDER". What is there now stays; from then
on CASEWATCH_WAREHOUSE names TO. No run may be under way here.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from extractors.errors import UsageError

if TYPE_CHECKING:
    from flows.settings import Settings
    from warehouse.moving import Moved


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("to", metavar="TO", help="a path, or a lake's address")


def run(args: argparse.Namespace) -> int:
    """Move, compare each table by count and hash, and print both."""
    from flows.job import only_run
    from flows.settings import in_place, settings_from

    settings = settings_from()
    target = in_place(settings, args.to)
    with only_run(settings.home):
        moved = _move(settings, target)
    for table, sums in moved.items():
        print(f"{table:<20} {sums.rows:>12,} rows  {sums.hashes & (1 << 64) - 1:016x}")
    print(f"{sum(s.rows for s in moved.values()):,} rows moved, equal on both sides by hash. Now:")
    print(f'  export CASEWATCH_WAREHOUSE="{target.lake or target.warehouse}"')
    return 0


def _move(settings: Settings, target: Settings) -> Moved:
    from flows.clock import utc_now
    from warehouse.lake import LakeWarehouse
    from warehouse.moving import file_to_lake, lake_to_file

    if settings.lake is None and target.lake is not None:
        return file_to_lake(settings.warehouse, LakeWarehouse(target.lake))
    if settings.lake is not None and target.lake is None:
        return lake_to_file(LakeWarehouse(settings.lake), target.warehouse, utc_now())
    raise UsageError(
        "from a file to a lake, or from a lake to a file: CASEWATCH_WAREHOUSE says where from."
    )
