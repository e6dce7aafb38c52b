"""Show one case or advocate: coverage by week, events, days ahead, who speaks for whom, silence.

An id such as kevin-cooper, or a beginning that only one id has; capitals do not matter.
"""

from __future__ import annotations

import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("subject", help="a case or an advocate, such as kevin-cooper")
    parser.add_argument("--json", action="store_true", help="one JSON object, nothing cut")


def run(args: argparse.Namespace) -> int:
    """Print what the published copy knows of the subject."""
    import json
    from datetime import UTC, datetime

    from flows.case_view import as_object, case_view, print_case
    from flows.settings import settings_from
    from flows.show import console
    from warehouse.inbox import waiting
    from warehouse.store import open_copy

    settings = settings_from()
    with open_copy(settings.copy) as db:
        view = case_view(db, args.subject, waiting(settings.inbox), datetime.now(UTC).date())
    if args.json:
        print(json.dumps(as_object(view), default=str, ensure_ascii=False))
        return 0
    print_case(console(), view)
    return 0
