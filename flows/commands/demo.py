"""Watch the bundled news site once: a real run against a real server on this machine.

The site, its outlets and its reports are made up (seeds/newsroom/README.md). A second run finds
nothing new; `--state 2` serves the site a day later, with a correction that adds a name.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.newsroom import Newsroom


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--state", type=int, choices=(1, 2), default=1, help="state of the site")
    parser.add_argument("--home", type=Path, default=Path("var/demo"), help="where files go")
    parser.add_argument(
        "--warehouse",
        metavar="PLACE",
        help="a lake for it to write, as in CASEWATCH_WAREHOUSE, which is not heeded here: made-up "
        "reports do not belong among yours (default: a file below --home)",
    )
    parser.add_argument("--seeds", type=Path, help="folder of the registry (default: seeds)")
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
    parser.add_argument("--browse", action="store_true", help="only serve the site, for a browser")


def run(args: argparse.Namespace) -> int:
    """Serve the site, run against it, and print what came of it."""
    from flows.newsroom import Newsroom
    from flows.seeds import default_seeds_dir

    seeds = args.seeds or default_seeds_dir()
    with Newsroom(seeds / "newsroom", state=args.state) as site:
        return _browse(site) if args.browse else _watch(args, seeds, site)


def _watch(args: argparse.Namespace, seeds: Path, site: Newsroom) -> int:
    from flows.demo import demo_settings
    from flows.once import run_and_show
    from flows.seeds import read_newsroom
    from flows.settings import in_place

    settings = demo_settings(args.home, site.hosts, site.port)
    if args.warehouse:
        settings = in_place(settings, args.warehouse)
    registry = read_newsroom(seeds)
    if not args.json:
        print(
            f"casewatch demo: {len(registry.cases)} cases and {len(registry.advocates)} advocates, "
            f"{len(registry.feeds)} feeds of {len(site.hosts)} made-up outlets, "
            f"served on 127.0.0.1:{site.port}\n"
        )
    code = run_and_show(settings, registry, kind="demo", as_json=args.json)
    if not args.json and code == 0:
        print(_next_steps(args.home, args.state))
    return code


def _next_steps(home: Path, state: int) -> str:
    casewatch = f"CASEWATCH_HOME={home} .venv/bin/casewatch"
    return "\n".join(
        (
            "Try next:",
            f"  {casewatch} alerts kevin-cooper --why",
            f'  {casewatch} sql "from open_alerts limit 5"',
            "  .venv/bin/casewatch demo --state 2    # a day later: a correction adds a name"
            if state == 1
            else f"  {casewatch} health",
        )
    )


def _browse(site: Newsroom) -> int:
    print(f"The newsroom is open at http://127.0.0.1:{site.port}/ (Ctrl-C closes it).")
    while True:
        time.sleep(3600)
