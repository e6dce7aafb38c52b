"""Send what is new since the last digest: to the terminal, by mail, or to any Apprise URL.

Set CASEWATCH_NOTIFY to one or more Apprise URLs, separated by spaces (mailto://, slack://, json://
and many more). Each channel gets each alert once; what could not be sent is sent next time.
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
    from flows.settings import settings_from

    settings = settings_from()
    if args.preview:
        print(preview(settings))
        return 0
    return 0 if all(sending.sent for sending in send_digests(settings)) else 1
