"""Say whether this installation is well: one line for each thing looked at, and the fix.

Libraries, settings, registry, schedule, warehouse, locks, copy, disk, last run, outbox, inbox,
archive, backup. It changes nothing. Exit code: 0, or 1 where something fails; a warning is none.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flows.doctor_parts import Finding

_STYLES = {"ok": "green", "warn": "bold yellow", "fail": "bold red", "unknown": "dim"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--seeds", help="folder of the registry (default: seeds)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Print each finding; 1 when one of them is a failure."""
    import json
    from collections import Counter
    from dataclasses import asdict
    from pathlib import Path

    from flows.doctor import examine
    from flows.seeds import default_seeds_dir
    from flows.show import console

    out = console()
    states: Counter[str] = Counter()
    for finding in examine(Path(args.seeds) if args.seeds else default_seeds_dir()):
        states[finding.state] += 1
        if args.json:
            print(json.dumps(asdict(finding), ensure_ascii=False))
        else:
            _print(out, finding)
    if not args.json:
        out.print(_sum(states), style="bold")
    return 1 if states["fail"] else 0


def _print(out: Any, finding: Finding) -> None:
    from rich.text import Text

    head = Text.assemble(
        (f"{finding.state:<7} ", _STYLES[finding.state]), (f"{finding.what:<10} ", "bold")
    )
    out.print(head + Text(finding.said), soft_wrap=True)
    if finding.fix:
        out.print(Text(f"{'':<19}What to do: {finding.fix}", "green"), soft_wrap=True)


def _sum(states: dict[str, int]) -> str:
    if states["fail"]:
        return f"{states['fail']} failures, {states['warn']} warnings."
    return f"No failure, {states['warn']} warnings." if states["warn"] else "All is well."
