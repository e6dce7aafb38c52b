"""Read coverage of the past: the same stages as the daily run, resumable, each page once.

A SOURCE is a WARC file (.warc, .warc.gz: CC-NEWS as it comes), a folder of saved pages, a list of
addresses (.txt, one a line), a sitemap, an index of sitemaps or a feed (an address or a saved
.xml), or an OPML file, whose feeds are read once. Stopped half-way, it goes on where it was. Its
alerts are history: they can be judged and asked for, but no digest sends them.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.job import Job
    from flows.saved_pages import SavedPages

_LOSSES = 12  # shown; the table page keeps those that were fetched


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help="what to read")
    parser.add_argument(
        "--named-only",
        action="store_true",
        help="read and store only the pages that may name somebody tracked: for crawls of the web",
    )
    parser.add_argument("--seeds", help="folder of the registry (default: seeds)")


def run(args: argparse.Namespace) -> int:
    """Read each source, print counts and failures; 1 when a source could not be read whole."""
    import sys
    from pathlib import Path

    from flows.workers import get_ready

    get_ready()  # while we load the rest, which takes as long

    from flows.job import make_job, under_way
    from flows.listed import is_list
    from flows.named_pages import NamedPages
    from flows.saved_pages import open_saved
    from flows.seeds import default_seeds_dir, read_seeds
    from flows.settings import settings_from

    settings = settings_from()
    registry = read_seeds(Path(args.seeds) if args.seeds else default_seeds_dir())
    opened: dict[str, SavedPages | None] = {
        source: None if is_list(source) else open_saved(Path(source), settings.max_page_bytes)
        for source in args.sources
    }  # all of them before the first is read: a slip of the pen costs no hour
    job = make_job(settings, registry, say=lambda words: print(words, file=sys.stderr, flush=True))
    with under_way(job, "backfill"):
        for source, saved in opened.items():
            if saved is not None and args.named_only:
                _read(job, source, NamedPages(saved, job.tagger, registry.version))
            else:
                _read(job, source, saved)
    return _print_report(job)


def _read(job: Job, source: str, saved: SavedPages | None) -> None:
    from flows.backfill import backfill_saved, backfill_urls
    from flows.listed import listed_urls

    if saved is not None:
        before = job.report.pages_fetched
        progress = backfill_saved(job, saved)
        again = " (read before)" if job.report.pages_fetched == before else ""
        print(
            f"{source}: {progress.pages:,} pages, {progress.articles:,} new articles, "
            f"{progress.failed:,} gave none{again}"
        )
        return
    urls = listed_urls(job, source)
    due = backfill_urls(job, urls)
    print(f"{source}: {len(urls):,} addresses, {due:,} not read before")


def _print_report(job: Job) -> int:
    report = job.report
    print(
        f"{report.articles_new:,} new articles, {report.mentions_new:,} new mentions, "
        f"{report.alerts_new:,} new alerts: `casewatch alerts`"
    )
    for odd in report.odd[:_LOSSES]:
        print(f"  odd     {odd}")
    for loss in report.losses[:_LOSSES]:
        print(f"  failed  {loss.url}: {loss.kind}: {loss.message}")
    if len(report.losses) > _LOSSES:
        print(f"  and {len(report.losses) - _LOSSES:,} more that gave no article")
    broken = [loss for loss in report.losses if loss.what == "feed" or loss.kind == "unreadable"]
    return 1 if broken else 0
