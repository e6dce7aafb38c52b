"""Send what is new since the last digest: to the terminal, by mail, or to any Apprise URL.

Set CASEWATCH_NOTIFY to one or more Apprise URLs, separated by spaces (mailto://, slack://, json://
and many more). Each channel gets each alert once; what could not be sent is sent next time.

The first digest of a week also writes what verdicts propose for the registry, below
`CASEWATCH_HOME/proposals`, and says so in a line. Nothing of it is applied.
"""

from __future__ import annotations

import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "--preview", action="store_true", help="print it, and count nothing as sent"
    )


def run(args: argparse.Namespace) -> int:
    """Send the digest; exit 1 when a channel did not take it."""
    from flows.digests import preview, send_digests
    from flows.seeds import default_seeds_dir
    from flows.settings import settings_from
    from flows.suggestions import weekly_note

    settings = settings_from()
    if args.preview:
        print(preview(settings))
        return 0
    sendings = send_digests(settings, note=weekly_note(settings, default_seeds_dir()))
    return 0 if all(sending.sent for sending in sendings) else 1
