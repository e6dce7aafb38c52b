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
    names, rows = _answer(args.query or sys.stdin.read())
    if args.csv:
        writer = csv.writer(sys.stdout)
        writer.writerows((names, *rows))
        return 0
    named = [dict(zip(names, row, strict=True)) for row in rows]
    if args.json:
        for row in named:
            print(json.dumps(row, default=str, ensure_ascii=False))
    else:
        from flows.show import console, print_rows

        print_rows(console(), named)
    return 0


def _answer(query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    import duckdb

    from flows.settings import settings_from
    from warehouse.store import open_copy

    with open_copy(settings_from().copy) as db:
        try:
            if not db.extract_statements(query):
                raise UsageError('no query; for instance: casewatch sql "from open_alerts"')
            answer = db.execute(query)
            return _told_apart([column[0] for column in answer.description]), answer.fetchall()
        except duckdb.Error as error:
            raise UsageError(str(error)) from error


def _told_apart(names: list[str]) -> list[str]:
    """Return *names* with a second "a" as "a_1", as DuckDB names the columns of a subquery."""
    told: list[str] = []
    for name in names:
        again = sum(name == earlier for earlier in names[: len(told)])
        told.append(f"{name}_{again}" if again else name)
    return told
