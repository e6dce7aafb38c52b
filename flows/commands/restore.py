"""Bring a backup back: SRC is a backup, or the folder of the backups, of which the newest is taken.

Every file is read against the manifest before anything is written. A home that is not empty is
refused; --over moves it aside and deletes nothing. `--check` only reads the backup: do it often.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.backup_manifest import Backup
    from flows.restoring import Restored


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("source", type=Path, metavar="SRC", help="a backup, or a folder of backups")
    parser.add_argument("--home", type=Path, help="where to (default: CASEWATCH_HOME)")
    parser.add_argument(
        "--over", action="store_true", help="move aside what stands there, and tell where it is"
    )
    parser.add_argument("--check", action="store_true", help="only read and check the backup")


def run(args: argparse.Namespace) -> int:
    """Restore, or check; 1 when the backup is damaged or its chain of evidence has breaks."""
    from dataclasses import replace

    from flows.backup_manifest import chosen
    from flows.restoring import check, restore
    from flows.settings import settings_from

    backup = chosen(args.source)
    print(_about(backup))
    if args.check:
        check(backup)
        print(f"Whole: {len(backup.manifest.files):,} files are as the manifest says.")
        return 0
    settings = settings_from()
    if args.home:
        settings = replace(settings, home=args.home)
    restored = restore(backup, settings, over=args.over, say=_say)
    _print(restored, backup)
    if settings.lake or settings.file:
        print(
            "CASEWATCH_WAREHOUSE names another place than this home. Unset it to use what was "
            "restored, or bring that there: casewatch migrate-warehouse --help"
        )
    return 1 if restored.breaks else 0


def _say(words: str) -> None:
    print(f"{words} ...", file=sys.stderr, flush=True)


def _about(backup: Backup) -> str:
    from flows.upkeep import megabytes

    manifest = backup.manifest
    source = f" (from the {manifest.warehouse_from})"
    return (
        f"{backup.folder}: made {manifest.made_at:%Y-%m-%d %H:%M} UTC{source}, "
        f"{megabytes(manifest.bytes)}, casewatch {manifest.versions['casewatch']}"
    )


def _print(restored: Restored, backup: Backup) -> None:
    rows = backup.manifest.rows
    print(
        f"Restored to {restored.home}: {sum(rows.values()):,} rows in {len(rows)} tables, as the "
        f"manifest says; {rows.get('article', 0):,} articles, {rows.get('alert', 0):,} alerts, "
        f"{rows.get('verdict', 0):,} verdicts."
    )
    if restored.moved:
        print(f"What stood there before is in {restored.moved}.")
    if (restored.home / "seeds").is_dir():
        print(f"The registry of that time is in {restored.home / 'seeds'}: compare it with yours.")
    if restored.breaks:
        broken = ", ".join(f"{count:,} {link}" for link, count in restored.breaks.items())
        print(f"The chain of evidence has breaks ({broken}), as it had when it was backed up.")
    print(f"Next: CASEWATCH_HOME={restored.home} casewatch verify")
