"""Write the alerts as an Atom feed: to standard output, or to a file by --out.

Each run writes it as `CASEWATCH_HOME/alerts.atom`, too: serve that file, and any feed reader takes
it. History is left out. Each entry has the sentence that raised it, the reason, outlets and link.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--out", type=Path, metavar="FILE", help="the file to write")


def run(args: argparse.Namespace) -> int:
    """Write it."""
    from flows.clock import utc_now
    from flows.published import atom_bytes, put
    from flows.settings import settings_from

    content = atom_bytes(settings_from(), utc_now())
    if args.out:
        put(args.out, content)
    else:
        sys.stdout.buffer.write(content)
    return 0
