"""Poll the feeds of the registry once, read what is new, raise alerts.

For cron: `0 6 * * * cd FOLDER && .venv/bin/casewatch run`. Exits with 1 when the run failed as a
whole, such as our own outage; a feed or page that fails costs itself and is named.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from extractors.errors import CasewatchError


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--seeds", type=Path, help="folder of the registry (default: seeds)")
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Run once and print the report with its new alerts."""
    from flows.once import run_and_show
    from flows.seeds import default_seeds_dir, read_seeds
    from flows.settings import settings_from

    seeds = args.seeds or default_seeds_dir()
    registry = read_seeds(seeds)
    if not registry.feeds:
        raise CasewatchError(f"{seeds}/feeds.yaml: no feed is listed; list the feeds to poll.")
    return run_and_show(settings_from(), registry, as_json=args.json)
