"""The stored feeds and the stored series, as benchmarks/feeds.py measures them."""

import json
from pathlib import Path

import pytest

from benchmarks.feeds import KNOWN_FEWER, measure, replay

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


@pytest.mark.shared
@pytest.mark.slow
def test_stored_feeds_give_what_feedparser_finds_and_more():
    """Every fourth, for time: the benchmark compares all, and the command reads all."""
    feeds = SHARED / "data" / "feeds"
    index = (feeds / "index.jsonl").read_text(encoding="utf-8").splitlines()

    outcome = measure(feeds, [json.loads(line)["file"] for line in index[::4]])

    assert outcome.crashes == []
    assert max(outcome.seconds.values()) < 10
    assert {line.partition(":")[0] for line in outcome.fewer} <= {KNOWN_FEWER}
    assert outcome.entries > outcome.feedparsers
    assert outcome.unexplained == []
    assert all(outcome.equal[part] >= 0.98 * outcome.compared[part] for part in outcome.compared)


@pytest.mark.shared
def test_a_series_of_polls_stores_each_entry_once():
    counts = replay(SHARED / "data" / "feed_series")

    assert counts == {
        "polls": 200,
        "entries seen": 6_000,
        "listed twice in one poll": 22,
        "vanished": 402,
        "returned": 9,
        "new": 423,
        "edited titles": 1,
        "stored": 423,
        "articles (canonical addresses)": 423,
    }
