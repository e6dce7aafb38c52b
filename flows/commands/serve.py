"""Keep the daily schedule on this machine: runs `monitor` at 6:00 and `digest` at 6:30 UTC.

Starts a Prefect server for itself unless PREFECT_API_URL names one. On a machine with cron,
`casewatch run` and `casewatch digest` in a crontab do the same without a server.
"""

from __future__ import annotations

import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--cron", default="0 6 * * *", help="when to watch (default: 6:00 UTC)")
    parser.add_argument("--digest-cron", default="30 6 * * *", help="when to send the digest")


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    from flows.prefect_env import prepare_prefect

    prepare_prefect(lasting=True)
    from flows.schedule import serve_schedule

    serve_schedule(args.cron, args.digest_cron)
    return 0
