"""Measure `casewatch backfill --named-only`: what it saves on a crawl, and what it loses.

    python -m benchmarks.two_stage [--pages 1000] [--workers 2] [--seeds DIR]

Speed: a WARC file of real pages of which one in a hundred names a tracked case (a paragraph that
we put in), read whole and read with --named-only, one after the other. Loss: real pages as they
are, for many small registries: whom one tenth of the articles quote are the subjects, so that most
pages name nobody; of the mentions that the tagger finds in the articles, how many stand on pages
that a glance would have passed over. Exits with 1 below 5 times the pages a second, or below 99 %
of the mentions in either part.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.backfill import CRAWLED, command_for, environment, sample
from benchmarks.tagging_subjects import speakers
from extractors.mentions import Tagger
from extractors.model import Article, Page
from flows.extraction import stream_pages
from flows.named_pages import may_name
from flows.seeds import read_seeds
from warehouse.archive import Archive

TIMES, KEPT = 5.0, 0.99
_HIT = 100  # of so many pages one names somebody
_PARTS = 10
_P = re.compile(rb"<p[\s>]", re.IGNORECASE)
_PARAGRAPH = (
    b"<p>Kevin Cooper, who has been on death row at San Quentin since 1985 for murders in Chino "
    b"Hills, asked the governor of California on Tuesday for clemency and for new DNA tests.</p>"
)


def main() -> int:
    """Print both parts; return 1 if a floor is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    args = parser.parse_args()
    pages = sample(args.pages, seed=5)
    shipped = read_seeds(args.seeds).subjects
    with TemporaryDirectory(prefix="casewatch-two-stage-") as work:
        slow = _print_speed(Path(work), _crawl(pages, Tagger(shipped)), args.workers)
    lossy = _print_loss(pages, args.workers)
    return int(slow or lossy)


def _crawl(pages: Sequence[Page], tagger: Tagger) -> list[Page]:
    """Return the pages that name nobody, one in a hundred with a paragraph that does."""
    silent = [page for page in pages if not may_name(tagger, page)]
    return [_with_hit(page) if n % _HIT == 0 else page for n, page in enumerate(silent)]


def _with_hit(page: Page) -> Page:
    """Return *page* with our paragraph before its middle one, where most pages have their text."""
    places = [found.start() for found in _P.finditer(page.body)] or [len(page.body)]
    place = places[len(places) // 2]
    return replace(page, body=page.body[:place] + _PARAGRAPH + page.body[place:])


def _print_speed(work: Path, crawl: Sequence[Page], workers: int) -> bool:
    warc = work / "crawl" / Archive(work / "crawl", "bench", CRAWLED).store(crawl)[0].file
    whole, all_mentions = _backfill(work / "whole", warc, workers)
    named, kept = _backfill(work / "named", warc, workers, "--named-only")
    print(f"{'':<22}{'pages/s':>9}{'mentions':>10}")
    print(f"{'read whole':<22}{len(crawl) / whole:9.1f}{all_mentions:>10}")
    print(f"{'--named-only':<22}{len(crawl) / named:9.1f}{kept:>10}")
    print(f"{whole / named:.1f} times as fast, floor {TIMES}; {kept} of {all_mentions} mentions\n")
    return whole / named < TIMES or kept < KEPT * all_mentions


def _backfill(home: Path, warc: Path, workers: int, *options: str) -> tuple[float, int]:
    """Return the seconds that the command took, start included, and the mentions stored."""
    begun = time.perf_counter()
    subprocess.run(
        [*command_for(warc), *options],
        env=environment(home, workers),
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    seconds = time.perf_counter() - begun
    with duckdb.connect(str(home / "casewatch-read.duckdb"), read_only=True) as db:
        found = db.execute("select count(*) from mention where tier <> 'rejected'").fetchone()
    return seconds, int(found[0]) if found else 0


def _print_loss(pages: Sequence[Page], workers: int) -> bool:
    articles = stream_pages([(page, None, None) for page in pages], workers=workers)
    read = [
        (page, article)
        for page, article in zip(pages, articles, strict=True)
        if isinstance(article, Article)
    ]
    found = lost = passed_over = 0
    for part in range(_PARTS):
        tagger = Tagger(speakers(article.text for _, article in read[part::_PARTS]))
        for page, article in read:
            passes, mentions = may_name(tagger, page), _mentions(tagger, article)
            passed_over += not passes
            found += mentions
            lost += 0 if passes else mentions
    kept = 1 - lost / max(found, 1)
    share = passed_over / max(len(read) * _PARTS, 1)
    print(f"{len(read)} articles as they are, {_PARTS} registries: {share:.0%} passed over,")
    print(f"{lost} of {found} mentions lost with them: {kept:.2%} kept, floor {KEPT:.0%}")
    return kept < KEPT


def _mentions(tagger: Tagger, article: Article) -> int:
    return len(
        tagger.tag(
            article.text,
            published=article.published_day,
            language=article.language,
            body_start=article.body_start,
        ).mentions
    )


if __name__ == "__main__":
    sys.exit(main())
