"""Check the registry: each problem with file, line and fix; then what is allowed but risky."""

from __future__ import annotations

import argparse
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("action", choices=("check",), help="check every file")
    parser.add_argument("--seeds", type=Path, help="folder of the registry (default: seeds)")


def run(args: argparse.Namespace) -> int:
    """Print a summary and warnings; problems end the command with 1."""
    from extractors.registry import registry_warnings
    from flows.seeds import default_seeds_dir, read_seeds

    registry = read_seeds(args.seeds or default_seeds_dir())
    for warning in registry_warnings(registry):
        print(f"warning: {warning}")
    print(
        f"{len(registry.cases)} cases, {len(registry.advocates)} advocates, "
        f"{len(registry.feeds)} feeds: no problems"
    )
    return 0
