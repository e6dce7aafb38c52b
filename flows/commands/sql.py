"""Ask the published copy in SQL (DuckDB). `casewatch schema` says what there is.

casewatch sql "select display_name, count(*) from mentions group by all order by 2 desc"
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from typing import Any

from extractors.errors import UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("query", nargs="?", help="a query; standard input without one")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="one JSON object a row")
    shape.add_argument("--csv", action="store_true", help="comma-separated values with a header")


def run(args: argparse.Namespace) -> int:
    """Print the answer."""
    rows = _answer(args.query or sys.stdin.read())
    if args.json:
        for row in rows:
            print(json.dumps(row, default=str, ensure_ascii=False))
    elif args.csv:
        _print_csv(rows)
    else:
        from flows.show import console, print_rows

        print_rows(console(), rows)
    return 0


def _answer(query: str) -> list[dict[str, Any]]:
    import duckdb

    from flows.settings import settings_from
    from warehouse.rows import named_rows
    from warehouse.store import open_copy

    if not query.strip():
        raise UsageError('no query; for instance: casewatch sql "from open_alerts"')
    with open_copy(settings_from().copy) as db:
        try:
            return named_rows(db, query)
        except duckdb.Error as error:
            raise UsageError(str(error)) from error


def _print_csv(rows: list[dict[str, Any]]) -> None:
    writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]) if rows else [])
    writer.writeheader()
    writer.writerows(rows)
