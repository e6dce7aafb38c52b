"""Measure feed parsing on the stored feeds and replay the stored series.

    python -m benchmarks.feeds [--shared DIR] [--differences N]

Prints what feeds became, the slowest of them, how their entries compare with those that feedparser
alone finds, in link, id, title and both dates, with every difference in a class, and what a series
of polls of one feed brought. Exits with 1 after a crash, a feed of more than 10 seconds, a feed in
which feedparser alone finds more entries, or a difference that has no explanation.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import warnings
from calendar import timegm
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urljoin

import feedparser

from extractors.errors import FeedError
from extractors.feeds import parse_feed
from extractors.feeds.text import plain_text
from extractors.model import Entry, ParsedFeed
from extractors.urls import canonical_url

URL = "http://feed.example/dir/feed.xml"
SHARED = Path(__file__).resolve().parents[2] / "shared"
# Its one entry breaks off before title, link and GUID: there is nothing to keep.
KNOWN_FEWER = "feedparser/tests/illformed/rss_incomplete_cdata.xml"
LIMIT = 10.0  # seconds a feed
UNEXPLAINED = "read otherwise"
# Looked at one by one: an update time in words that nobody can read, where ours falls back to the
# publication; and a second after the epoch, which feedparser rounds.
KNOWN_OTHERWISE = {
    "feedjira/spec/sample_feeds/InvalidDateFormat.xml",
    "rome/rome/src/test/resources/dublin-core-date.xml",
}


@dataclass
class Outcome:
    """What all feeds became."""

    outcomes: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    entries: int = 0
    feedparsers: int = 0
    fewer: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    compared: Counter[str] = field(default_factory=Counter)
    equal: Counter[str] = field(default_factory=Counter)
    only_ours: Counter[str] = field(default_factory=Counter)  # where feedparser has nothing
    classes: Counter[tuple[str, str]] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def measure(feeds: Path, names: list[str]) -> Outcome:
    """Return what became of the files *names* under *feeds*."""
    outcome = Outcome()
    for name in names:
        body = (feeds / name).read_bytes()
        ours = _timed(body, name, outcome)
        _compare(name, ours.entries if ours else (), _feedparsers(body), outcome)
    return outcome


def _timed(body: bytes, name: str, outcome: Outcome) -> ParsedFeed | None:
    start = perf_counter()
    feed = None
    try:
        feed = parse_feed(body, url=URL)
        outcome.outcomes["read"] += 1
        outcome.entries += len(feed.entries)
    except FeedError as error:
        outcome.outcomes[error.kind] += 1
    except Exception as error:  # noqa: BLE001 - a crash is what is measured
        outcome.crashes.append(f"{name}: {type(error).__name__}: {error}")
    outcome.seconds[name] = perf_counter() - start
    return feed


def _feedparsers(body: bytes) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            read = feedparser.parse(BytesIO(body), response_headers={"content-location": URL})
        except Exception:  # noqa: BLE001 - then it has no entries
            return []
    return list(read.get("entries", ()))


def _compare(name: str, ours: tuple[Entry, ...], theirs: list[Any], outcome: Outcome) -> None:
    outcome.feedparsers += len(theirs)
    if len(ours) < len(theirs):
        outcome.fewer.append(f"{name}: {len(ours)}, feedparser {len(theirs)}")
    if len(ours) > len(theirs):
        outcome.more.append(f"{name}: {len(ours)}, feedparser {len(theirs)}")
    if len(ours) != len(theirs):
        return
    for entry, other in zip(ours, theirs, strict=True):
        for part, (mine, its) in _parts(entry, other).items():
            if its is None or not its:
                outcome.only_ours[part] += bool(mine)
                continue
            outcome.compared[part] += 1
            outcome.equal[part] += mine == its
            if mine != its:
                _classify(part, name, mine, its, outcome)


def _classify(part: str, name: str, mine: Any, its: Any, outcome: Outcome) -> None:
    told = f"{part}: {name}\n    ours {mine!r}\n    fp   {its!r}"
    kind = _class_of(mine, its)
    outcome.classes[part, kind] += 1
    outcome.differences.append(told)
    if kind == UNEXPLAINED and name not in KNOWN_OTHERWISE:
        outcome.unexplained.append(told)


def _class_of(mine: Any, its: Any) -> str:
    """Return why *mine* is not what feedparser has, *its*."""
    if isinstance(its, datetime):
        return _class_of_date(mine, its)
    if isinstance(its, str) and isinstance(mine, str):
        if mine == its.replace(";", ""):
            return "feedparser adds a semicolon to an ampersand"
        if "://" in its and mine.rpartition("/")[2] == its.rpartition("/")[2]:
            return "joined to a base that feedparser does not see"
        if ascii(mine) != mine and its and max(its) < "\u0400":
            return "in a charset that feedparser does not know"
        if len(mine) < len(its) and set(mine) <= set(its):
            return "without the text of a script"
    return UNEXPLAINED


def _class_of_date(mine: datetime | None, its: datetime) -> str:
    if mine is None:
        return "a date that cannot be" if its.year < 1990 else UNEXPLAINED
    apart = abs((mine - its).total_seconds())
    if 0 < apart <= 14 * 3600 and apart % 1800 == 0:
        return "in a time zone that feedparser does not know"
    return UNEXPLAINED


def _parts(entry: Entry, other: Any) -> dict[str, tuple[Any, Any]]:
    date = other.get("published_parsed")
    updated = other.get("updated_parsed") if "updated_parsed" in other else None
    return {
        "link": (canonical_url(entry.url or ""), canonical_url(other.get("link") or "")),
        "id": (urljoin(URL, entry.guid or ""), urljoin(URL, other.get("id") or "")),
        "title": (_letters(entry.title), _letters(plain_text(other.get("title") or "", 1000))),
        "published": (entry.published_at, _moment(date)),
        "updated": (entry.updated_at or entry.published_at, _moment(updated)),
    }


def _moment(fields: Any) -> datetime | None:
    return datetime.fromtimestamp(timegm(fields), UTC) if fields else None


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def replay(series: Path) -> dict[str, int]:
    """Return what the polls under *series*, in the order of their times, brought."""
    files = sorted(series.glob("*.xml"), key=lambda path: path.stem.rpartition("_")[2])
    titles: dict[str, str] = {}
    urls: dict[str, str | None] = {}
    before: set[str] = set()
    counts: Counter[str] = Counter(polls=len(files))
    for path in files:
        entries = parse_feed(path.read_bytes(), url=URL, feed_id="series").entries
        ids = {entry.id for entry in entries}
        counts["entries seen"] += len(entries)
        counts["listed twice in one poll"] += len(entries) - len(ids)
        counts["vanished"] += len(before - ids)
        counts["returned"] += len((ids - before) & titles.keys())
        counts["new"] += len(ids - titles.keys())
        edited = [e for e in entries if e.id in titles and titles[e.id] != e.title]
        counts["edited titles"] += len(edited)
        titles |= {entry.id: entry.title for entry in entries}
        urls |= {entry.id: canonical_url(entry.url or "") for entry in entries}
        before = ids
    counts["stored"] = len(titles)
    counts["articles (canonical addresses)"] = len(set(urls.values()))
    return dict(counts)


def main() -> int:
    """Print the tables; return 1 where something is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--differences", type=int, default=0, help="print so many differences")
    args = parser.parse_args()
    feeds = args.shared / "data" / "feeds"
    index = (feeds / "index.jsonl").read_text(encoding="utf-8").splitlines()
    outcome = measure(feeds, [json.loads(line)["file"] for line in index])
    _print(outcome, args.differences)
    print("\nreplay of feed_series, in the order of the polls")
    for what, count in replay(args.shared / "data" / "feed_series").items():
        print(f"  {what:<32}{count:>8,}")
    slow = max(outcome.seconds.values(), default=0) > LIMIT
    fewer = [line for line in outcome.fewer if not line.startswith(KNOWN_FEWER)]
    return 1 if outcome.crashes or fewer or slow or outcome.unexplained else 0


def _print(outcome: Outcome, differences: int) -> None:
    print(f"feeds {len(outcome.seconds):,}, {sum(outcome.seconds.values()):.1f} s in all")
    for kind, count in outcome.outcomes.most_common():
        print(f"  {kind:<32}{count:>8,}")
    print(f"  {'crashes':<32}{len(outcome.crashes):>8,}", *outcome.crashes, sep="\n    ")
    print("slowest")
    for name, seconds in sorted(outcome.seconds.items(), key=lambda pair: -pair[1])[:3]:
        print(f"  {seconds:6.2f} s  {name}")
    print(f"entries {outcome.entries:,}; feedparser alone {outcome.feedparsers:,}")
    print(f"  feeds with more  {len(outcome.more):>4}", *outcome.more[:differences], sep="\n    ")
    print(f"  feeds with fewer {len(outcome.fewer):>4}", *outcome.fewer, sep="\n    ")
    for part, count in outcome.compared.items():
        print(
            f"  {part:<10} equal in {outcome.equal[part]:>6,} of {count:>6,}; "
            f"only ours has one: {outcome.only_ours[part]:,}"
        )
    print("differences by class")
    for (part, kind), count in sorted(outcome.classes.items()):
        print(f"  {part:<10} {count:>4}  {kind}")
    for told in outcome.unexplained:
        print(f"UNEXPLAINED {told}")
    print(*outcome.differences[:differences], sep="\n")


if __name__ == "__main__":
    sys.exit(main())
