"""Write one alert's evidence as a folder that a third party can check without casewatch.

WARC records, text, offsets, evidence, verdicts, a page to read, SHA256SUMS and a small program that
checks it all. Nothing is written where the chain from alert to page is broken.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from extractors.errors import UsageError

_SHORT_ID = 8


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "--evidence", metavar="ALERT", required=True, help="an alert's id, or its beginning"
    )
    parser.add_argument("--out", metavar="DIR", help="the folder (default: evidence-ALERT)")


def run(args: argparse.Namespace) -> int:
    """Write the folder and say where it is and how to check it."""
    from flows.evidence import gather, write_evidence
    from flows.settings import settings_from
    from warehouse.inbox import waiting
    from warehouse.store import open_copy

    settings = settings_from()
    with open_copy(settings.copy) as db:
        alert_id = _alert_id(db, args.evidence)
        folder = Path(args.out or f"evidence-{alert_id[:_SHORT_ID]}")
        evidence = gather(db, settings.archive, waiting(settings.inbox), alert_id)
    write_evidence(evidence, settings.archive, folder)
    for said in evidence.left_out:
        print(f"left out: {said}")
    print(f"{folder}: read index.html; check with `sha256sum -c SHA256SUMS`, `python3 check.py`.")
    return 1 if evidence.left_out else 0


def _alert_id(db: Any, typed: str) -> str:
    from warehouse.reads import alert_ids_like

    found = alert_ids_like(db, typed.lower())
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"no alert {typed!r}; `casewatch alerts` lists them with their ids.")
    raise UsageError(f"{typed!r} begins {len(found)} alerts; type more of it.")
