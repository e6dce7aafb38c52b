"""Say what the warehouse holds: every view and table with what each column means.

Views are the public interface: they stay as they are. Tables may change with a version.
"""

from __future__ import annotations

import argparse
import json
from itertools import groupby
from typing import Any

from extractors.errors import UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("name", nargs="?", help="one view or table")
    parser.add_argument("--json", action="store_true", help="one JSON object a column")


def run(args: argparse.Namespace) -> int:
    """Print the schema; it needs no warehouse, for it is built from the migrations."""
    rows = [row for row in _columns() if args.name in {None, row["table_name"]}]
    if not rows:
        raise UsageError(f"no view or table {args.name!r}; `casewatch schema` lists them.")
    if args.json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return 0
    _show(rows)
    return 0


def _columns() -> list[dict[str, Any]]:
    import duckdb

    from warehouse.schema import migrate
    from warehouse.schema_text import described_columns

    with duckdb.connect() as db:
        migrate(db)
        return described_columns(db)


def _show(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from flows.show import console

    out = console()
    for name, columns in groupby(rows, key=lambda row: row["table_name"]):
        found = list(columns)
        kind = "view" if found[0]["is_view"] else "table"
        out.print(Text.assemble((name, "bold"), f"  {kind}. {found[0]['table_comment']}"))
        table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
        for column in found:
            table.add_row(
                column["column_name"], _type(column["data_type"]), column["comment"] or ""
            )
        out.print(table)
        out.print()


def _type(name: str) -> str:
    return "STRUCT[]" if name.startswith("STRUCT") else name
