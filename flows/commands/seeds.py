"""Check the registry: each problem with file, line and fix; then what is allowed but risky."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractors.model import Registry


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("action", choices=("check",), help="check every file")
    parser.add_argument("--seeds", type=Path, help="folder of the registry (default: seeds)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Print problems to stderr and return 1; or print a summary and warnings, and return 0."""
    from extractors.errors import RegistryError
    from flows.seeds import default_seeds_dir, read_seeds

    try:
        registry = read_seeds(args.seeds or default_seeds_dir())
    except RegistryError as error:
        return _say_problems(error.problems, as_json=args.json)
    return _say_all_is_well(registry, as_json=args.json)


def _say_problems(problems: tuple[str, ...], *, as_json: bool) -> int:
    """Print problems as they are: editors jump to a line that starts with file:line."""
    if as_json:
        print(json.dumps({"problems": problems, "warnings": []}, ensure_ascii=False))
        return 1
    for problem in problems:
        print(problem, file=sys.stderr)
    count = len(problems)
    print(f"casewatch: {count} problem{'s' if count > 1 else ''} in the registry", file=sys.stderr)
    return 1


def _say_all_is_well(registry: Registry, *, as_json: bool) -> int:
    from extractors.registry import registry_warnings

    counts = {name: len(getattr(registry, name)) for name in ("cases", "advocates", "feeds")}
    warnings = registry_warnings(registry)
    if as_json:
        found = {"problems": [], "warnings": warnings, **counts, "version": registry.version}
        print(json.dumps(found, ensure_ascii=False))
        return 0
    said = (f"{count} {name if count != 1 else name[:-1]}" for name, count in counts.items())
    print(f"{', '.join(said)}: no problems")
    for warning in warnings:
        print(f"warning: {warning}")
    return 0
