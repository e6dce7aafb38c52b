"""Send what is new since the last digest: to the terminal, by mail, or to any Apprise URL.

Set CASEWATCH_NOTIFY to one or more addresses, separated by spaces: mailto:// and mailtos:// for
mail, webhook+https:// for signed JSON calls (CASEWATCH_WEBHOOK_SECRET), slack:// and whatever else
Apprise knows for chat. Each channel gets each alert once; what could not be sent is tried again for
two days (`casewatch outbox`). --preview writes the mail's page and opens it.

The first digest of a week also writes what verdicts propose for the registry, below
`CASEWATCH_HOME/proposals`, and says so in a line. Nothing of it is applied.
"""

from __future__ import annotations

import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "--preview", action="store_true", help="write it as a page, open that, send nothing"
    )
    parser.add_argument(
        "--text", action="store_true", help="with --preview: print its text, open nothing"
    )


def run(args: argparse.Namespace) -> int:
    """Send the digest; exit 1 when a channel did not take it."""
    import sys

    from flows.outbox import send_digests
    from flows.seeds import default_seeds_dir
    from flows.settings import settings_from
    from flows.suggestions import weekly_note

    settings = settings_from()
    if args.preview or args.text:
        return _preview(text=args.text)
    sendings = send_digests(settings, note=weekly_note(settings, default_seeds_dir()))
    lost = [sending.channel for sending in sendings if not sending.sent]
    for channel in lost:
        print(f"casewatch: not taken by {channel}; casewatch outbox says why", file=sys.stderr)
    return 1 if lost else 0


def _preview(*, text: bool) -> int:
    """Print the text, or write the page beside the warehouse, open it and print where it is."""
    import webbrowser

    from flows.digests import html_of, text_of
    from flows.outbox import preview
    from flows.settings import settings_from

    settings = settings_from()
    content = preview(settings)
    if text:
        print(text_of(content))
        return 0
    page = (settings.home / "digest-preview.html").resolve()
    page.write_text(html_of(content), encoding="utf-8")
    print(page)
    webbrowser.open(page.as_uri())
    return 0
