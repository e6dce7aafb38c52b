"""Open the desk: the web page on which alerts are read and judged, by keyboard, on this machine.

It reads the published copy and never the warehouse; verdicts go through the inbox, so that no run
is blocked and none is lost. It answers on 127.0.0.1 alone. Any other address needs a password:
`casewatch review --hash-password` makes a hash of it for CASEWATCH_DESK_PASSWORD_HASH.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from extractors.errors import UsageError

if TYPE_CHECKING:
    from review.settings import DeskSettings

_PORT = 8765
_HASH = "CASEWATCH_DESK_PASSWORD_HASH"


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("--bind", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=_PORT)
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        help="host name by which browsers reach it, such as desk.example.org (may be repeated)",
    )
    parser.add_argument("--reviewer", help="who judges, unless a browser says otherwise")
    parser.add_argument("--seeds", help="folder of the registry (default: seeds)")
    parser.add_argument(
        "--hash-password", action="store_true", help="ask for a password, print its hash, and end"
    )


def run(args: argparse.Namespace) -> int:
    """Serve the desk until it is stopped."""
    if args.hash_password:
        return _hash_password()
    import uvicorn

    from review.app import make_app

    settings = desk_settings(args, os.environ)
    shown = f"[{args.bind}]" if ":" in args.bind else args.bind
    print(f"The desk is open at http://{shown}:{args.port}/ (Ctrl-C closes it).", flush=True)
    uvicorn.run(
        make_app(settings),
        host=args.bind,
        port=args.port,
        log_level="warning",
        access_log=False,
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    return 0


def desk_settings(args: argparse.Namespace, environment: Mapping[str, str]) -> DeskSettings:
    """Return the desk's settings. Raises UsageError for an open desk on an address of others."""
    import getpass
    from pathlib import Path

    from flows.seeds import default_seeds_dir
    from flows.settings import settings_from
    from review.passwords import check_hash
    from review.settings import DeskSettings

    settings = settings_from(environment)
    kept = environment.get(_HASH, "").strip() or None
    if kept is None and not _is_loopback(args.bind):
        raise UsageError(
            f"others can reach {args.bind}, so the desk needs a password there: set {_HASH} to "
            "what `casewatch review --hash-password` prints."
        )
    return DeskSettings(
        home=settings.home,
        warehouse=settings.warehouse,
        lake=settings.lake,
        copy=settings.copy,
        inbox=settings.inbox,
        archive=settings.archive,
        seeds=Path(args.seeds) if args.seeds else default_seeds_dir(),
        reviewer=args.reviewer or environment.get("CASEWATCH_REVIEWER") or getpass.getuser(),
        hosts=_hosts(args),
        password_hash=check_hash(kept) if kept else None,
        retag=_retag(),
    )


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _hosts(args: argparse.Namespace) -> tuple[str, ...]:
    """Return the Host headers to answer: with our port, and named ones without (behind a proxy)."""
    names = ["127.0.0.1", "localhost", "[::1]", *args.host]
    try:
        bound = ipaddress.ip_address(args.bind)
    except ValueError:
        names.append(args.bind)
    else:
        if not bound.is_unspecified:
            names.append(f"[{bound}]" if bound.version == 6 else str(bound))
    with_port = [f"{name}:{args.port}" for name in names]
    return tuple(dict.fromkeys([*with_port, *args.host]))


def _retag() -> str:
    from flows.cli import COMMANDS

    next_run = "The next `casewatch run` watches it"
    if "retag" in COMMANDS:
        return f"{next_run}; `casewatch retag` searches the stored articles for it, in minutes."
    return f"{next_run}. Stored articles are not searched again by themselves."


def _hash_password() -> int:
    import getpass

    from review.passwords import hash_password

    first = getpass.getpass("Password for the desk: ")
    if first != getpass.getpass("Once more: "):
        raise UsageError("the two differ; nothing was made.")
    print(f"{_HASH}='{hash_password(first)}'")
    return 0
