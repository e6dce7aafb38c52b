"""Make one whole backup of the home below DEST, while runs and reviewers go on.

Warehouse, outbox, archive, verdicts that wait and the registry, with a manifest of sizes and
SHA-256. A WARC file that has not changed shares its bytes with the last backup in DEST. Killed
half-way, nothing is left that looks like a backup. `casewatch restore` brings it back.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from flows.backup_files import Making
    from flows.backup_manifest import Backup


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("place", type=Path, metavar="DEST", help="the folder of the backups")
    parser.add_argument("--seeds", help="folder of the registry (default: seeds)")
    parser.add_argument(
        "--keep", type=int, metavar="N", help="then delete all backups of this home but the last N"
    )
    parser.add_argument(
        "--wait",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="how long to wait for who writes, before the published copy is taken (default: 60)",
    )


def run(args: argparse.Namespace) -> int:
    """Make the backup and say what is in it; 1 when something is missing from it."""
    import sys

    from flows.backup import drop_old, make_backup
    from flows.seeds import default_seeds_dir
    from flows.settings import settings_from
    from flows.show import console

    if args.keep is not None and args.keep < 1:
        raise UsageError(f"--keep is {args.keep}; it takes 1 or more.")
    settings = settings_from()
    backup, making = make_backup(
        settings,
        Path(args.seeds) if args.seeds else default_seeds_dir(),
        args.place,
        patience=args.wait,
        say=lambda words: print(f"{words} ...", file=sys.stderr, flush=True),
    )
    out = console()
    out.print(f"Backup {backup.folder}", style="bold", soft_wrap=True)
    out.print(_table(backup, making))
    for warning in making.warnings:
        out.print(f"  warning  {warning}", style="bold yellow", soft_wrap=True)
    for folder in drop_old(settings, args.place, args.keep) if args.keep else ():
        out.print(f"  deleted  {folder}", style="dim", soft_wrap=True)
    return 1 if making.warnings else 0


def _table(backup: Backup, making: Making) -> Table:
    from rich.table import Table

    from flows.upkeep import megabytes

    rows = backup.manifest.rows
    files = making.count("warc")
    table = Table.grid(padding=(0, 2))
    table.add_row(
        "  warehouse", f"{megabytes(making.bytes_of('casewatch.duckdb'))}, {_when(backup)}"
    )
    table.add_row(
        "  archive",
        f"{files:,} files, {megabytes(making.bytes_of('warc'))}: {files - making.linked:,} copied, "
        f"{making.linked:,} unchanged since the last backup",
    )
    table.add_row("  inbox", f"{making.count('inbox'):,} verdicts that wait")
    table.add_row("  registry", f"{making.count('seeds'):,} files")
    table.add_row(
        "  checked",
        f"opens; {sum(rows.values()):,} rows in {len(rows)} tables, "
        f"{rows.get('article', 0):,} articles, {rows.get('alert', 0):,} alerts",
    )
    return table


def _when(backup: Backup) -> str:
    if backup.manifest.warehouse_from != "published copy":
        return f"as of {backup.manifest.made_at:%Y-%m-%d %H:%M} UTC"
    return "the published copy, as of the last run"
