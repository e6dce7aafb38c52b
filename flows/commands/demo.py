"""Watch the bundled news site once: a real run against a real server on this machine.

The site, its outlets and its reports are made up (seeds/newsroom/README.md). A second run finds
nothing new; `--state 2` serves the site a day later, with a correction that adds a name.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import timedelta
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--state", type=int, choices=(1, 2), default=1, help="state of the site")
    parser.add_argument("--home", type=Path, default=Path("var/demo"), help="where files go")
    parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
    parser.add_argument("--browse", action="store_true", help="only serve the site, for a browser")


def run(args: argparse.Namespace) -> int:
    """Serve the site, run against it, and print what came of it."""
    from flows.newsroom import Newsroom
    from flows.seeds import default_seeds_dir, read_newsroom

    folder = default_seeds_dir() / "newsroom"
    with Newsroom(folder, state=args.state) as site:
        print_once = _announce(site.port, len(site.hosts), quiet=args.json)
        if args.browse:
            return _browse(print_once)
        return _watch(args, site, read_newsroom(default_seeds_dir()))


def _watch(args: argparse.Namespace, site: object, registry: object) -> int:
    from extractors.model import Registry
    from flows.newsroom import Newsroom
    from flows.once import run_and_show

    assert isinstance(site, Newsroom)  # noqa: S101
    assert isinstance(registry, Registry)  # noqa: S101
    code = run_and_show(demo_settings(args.home, site), registry, kind="demo", as_json=args.json)
    if not args.json and code == 0:
        _say_next(args.home)
    return code
