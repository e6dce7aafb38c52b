"""Walk the chain of evidence: verdict, alert, mention, version, WARC record. Name every break.

Reads the published copy and the archive, and changes nothing. Exit code: 0 sound, 1 broken.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

    from warehouse.chain import Break, Walk


_MEMORY = "256MB"


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "--quick", action="store_true", help="do not read the records, only look for their files"
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object a break, and one of counts at the end"
    )


def run(args: argparse.Namespace) -> int:
    """Print each break as it is found, then how many of each link were looked at."""
    import json

    from flows.settings import settings_from
    from flows.show import console
    from warehouse.chain import Walk, alerts_without_page, walk_chain
    from warehouse.store import open_copy

    settings = settings_from()
    out, walk = console(), Walk()
    walk.tick = _progress(walk)
    broken: Counter[str] = Counter()
    with open_copy(settings.copy) as db:
        db.execute(f"set memory_limit = '{_MEMORY}'")  # else it caches all that it reads
        for found in walk_chain(db, settings.archive, walk, read_archive=not args.quick):
            broken[found.link] += 1
            if args.json:
                print(json.dumps(asdict(found) | {"advice": found.advice}, ensure_ascii=False))
            else:
                _print_break(out, found)
        without_page = alerts_without_page(db)
    if args.json:
        told = {"checked": walk.checked, "broken": broken, "discarded": walk.discarded}
        print(json.dumps(told | {"alerts_without_page": without_page}))
    else:
        out.print(_summary(walk, broken))
        out.print(_gone(walk, without_page), soft_wrap=True, end="")
        out.print(_verdict(broken, quick=args.quick, whole=not without_page))
    return 1 if broken else 0


def _progress(walk: Walk) -> Any:
    """Return what shows on a terminal how far the walk is, twice a second at most."""
    import time

    last = 0.0

    def tick() -> None:
        nonlocal last
        if time.monotonic() - last < 0.5:
            return
        last = time.monotonic()
        done = ", ".join(f"{count:,} {link}s" for link, count in walk.checked.items())
        print(f"\r{done} checked", end="\r", file=sys.stderr, flush=True)

    return tick if sys.stderr.isatty() else lambda: None


def _print_break(out: Any, found: Break) -> None:
    from rich.text import Text

    head = Text.assemble(("broken ", "bold red"), (f"{found.link} ", "bold"), found.id)
    out.print(head, soft_wrap=True)
    out.print(Text(f"    {found.problem}: {found.said}"), soft_wrap=True)
    out.print(Text(f"    What to do: {found.advice}.", "green"), soft_wrap=True)


def _summary(walk: Walk, broken: Counter[str]) -> Table:
    from rich.table import Table

    from warehouse.chain import LINKS

    table = Table(box=None, padding=(0, 3, 0, 0))
    for title in ("link", "checked", "broken"):
        justify: Any = "left" if title == "link" else "right"
        table.add_column(title, justify=justify, header_style="bold")
    for link in LINKS:
        style = "bold red" if broken[link] else "green"
        table.add_row(link, f"{walk.checked[link]:,}", f"{broken[link]:,}", style=style)
    return table


def _gone(walk: Walk, without_page: Sequence[str]) -> str:
    """Return what rules of retention discarded, which is no break."""
    lines = [f"{count:,} records {said}" for said, count in walk.discarded.items()]
    if without_page:
        named = ", ".join(alert[:8] for alert in without_page[:5])
        lines.append(
            f"alerts raised since from texts without a page: {len(without_page):,}: {named}"
        )
    return "".join(f"{line}\n" for line in lines)


def _verdict(broken: Counter[str], *, quick: bool, whole: bool) -> str:
    if broken:
        count = broken.total()
        return f"{count:,} break{'s' if count > 1 else ''}. What is not named above is sound."
    if quick:
        return "No break found; the records were not read (--quick)."
    if not whole:
        return "Sound, but for the alerts without a page: their texts are as they were stored."
    return "Sound: every claim leads to a page in the archive, byte for byte as it was stored."
