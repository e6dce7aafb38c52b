"""A news site of made-up outlets with a given number of new articles, as a folder to be served."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from benchmarks.size_stock import sentences
from extractors.model import Feed

HOSTS = 20
FEEDS = 60
# What stands around an article, so that a page weighs 120 kB and takes 20 ms to read: a little
# less than the medians of the annotated real pages under ../shared (125 kB, 29 ms).
_SCRIPT = "<script>" + "window.settings.push({slot: 1, size: [300, 250]});\n" * 2_000 + "</script>"
_LINKS = "".join(f'<li class="nav"><a href="/section-{i}">Section {i}</a></li>' for i in range(100))
_TEASERS = "".join(
    f'<div class="teaser"><a href="/other-{i}"><img src="/i/{i}.jpg" alt=""><h3>Another report, '
    f"number {i}</h3></a><p>What that one is about, in one sentence.</p></div>"
    for i in range(60)
)
_TRACKED = (  # one article in twenty is about a tracked person
    "Kevin Cooper, on death row at San Quentin for murders in Chino Hills, asked for DNA tests.",
    "Richard Glossip's lawyers told the Oklahoma court of a hearing on his execution.",
    "Rodney Reed, on death row in Texas for the murder of Stacey Stites, asked a court for a stay.",
)


def feeds() -> tuple[Feed, ...]:
    """Return the feeds of the site: as many of each outlet."""
    return tuple(
        Feed(f"feed-{n}", f"http://news-{n % HOSTS}.example/feed-{n}.xml", f"News {n % HOSTS}")
        for n in range(FEEDS)
    )


def write_site(root: Path, articles: int, now: datetime, *, first: int = 0) -> None:
    """Write feeds and *articles* pages, from number *first* on, as `flows.newsroom` serves them."""
    root.mkdir(parents=True)
    (root / "server.yaml").write_text("content_types: {}\ngone: []\n", encoding="utf-8")
    chance = random.Random(2 + first)
    said = sentences(4_000, seed=3)
    for n in range(HOSTS):
        (root / f"news-{n}.example").mkdir()
    for n in range(first, first + articles):
        feed = n % FEEDS
        page = root / f"news-{feed % HOSTS}.example" / f"report-{n}.html"
        page.write_text(_page(n, chance, said, now), encoding="utf-8")
    for feed in range(FEEDS):
        numbers = [n for n in range(first, first + articles) if n % FEEDS == feed]
        file = root / f"news-{feed % HOSTS}.example" / f"feed-{feed}.xml"
        file.write_text(_feed(feed, numbers, now), encoding="utf-8")


def _page(n: int, chance: random.Random, said: list[str], now: datetime) -> str:
    body = chance.sample(said, 30)
    if n % 20 == 0:
        body.insert(2, _TRACKED[n // 20 % len(_TRACKED)])
    paragraphs = "".join(f"<p>{' '.join(body[i : i + 3])}</p>" for i in range(0, len(body), 3))
    at = (now - timedelta(minutes=n)).astimezone(UTC).isoformat(timespec="seconds")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Report {n} of the day'
        f'</title><meta property="article:published_time" content="{at}"></head><body>'
        f"{_SCRIPT}<nav><ul>{_LINKS}</ul></nav><article><h1>Report {n} of the day</h1>{paragraphs}"
        f"</article><aside>{_TEASERS}</aside><footer>All rights reserved.</footer></body></html>"
    )


def _feed(feed: int, numbers: Iterable[int], now: datetime) -> str:
    host = f"http://news-{feed % HOSTS}.example"
    entries = "".join(
        f"<item><title>Report {n} of the day</title><link>{host}/report-{n}.html</link>"
        f"<guid>{host}/report-{n}.html</guid>"
        f"<pubDate>{format_datetime(now - timedelta(minutes=n))}</pubDate></item>"
        for n in numbers
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed {feed}</title>'
        f"<link>{host}/</link><description>News</description>{entries}</channel></rss>"
    )
