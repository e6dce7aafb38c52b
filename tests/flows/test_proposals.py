"""What feeds ask for becomes a diff of feeds.yaml that changes nothing else."""

from datetime import UTC, datetime

import yaml

from flows.proposals import proposal, proposed_feeds

FEEDS = """\
# The feeds.
feeds:

# Wires
- id: wire
  url: http://wire.example/rss  # since 2020
  outlet: Wire
- id: daily
  outlet: Daily
  url: "http://daily.example/rss"
- id: weekly
  url: http://weekly.example/rss
  outlet: Weekly

# Others
- id: other
  url: http://other.example/rss
"""


def make_feed(name, moved_to=None, gone=False, url=None):
    return {
        "feed_id": name,
        "url": url or f"http://{name}.example/rss",
        "moved_to": moved_to,
        "gone_at": datetime(2026, 11, 20, tzinfo=UTC) if gone else None,
    }


def test_a_feed_that_moved_gets_its_new_address_and_nothing_else_changes():
    after = proposed_feeds(FEEDS, [make_feed("wire", "https://wire.example/feed?a=1&b")])

    assert after == FEEDS.replace("http://wire.example/rss", "https://wire.example/feed?a=1&b")


def test_a_quoted_address_changes_wherever_it_stands_in_its_entry():
    after = proposed_feeds(FEEDS, [make_feed("daily", "https://daily.example/feed")])

    assert yaml.safe_load(after)["feeds"][1]["url"] == "https://daily.example/feed"


def test_an_address_that_yaml_would_misread_is_quoted():
    odd = "https://wire.example/a: b #\\1"
    after = proposed_feeds(FEEDS, [make_feed("wire", odd)])

    assert yaml.safe_load(after)["feeds"][0]["url"] == odd


def test_a_feed_that_is_gone_becomes_a_comment_and_its_neighbours_stay():
    after = proposed_feeds(FEEDS, [make_feed("weekly", gone=True)])

    assert "# gone for good (HTTP 410) since 2026-11-20\n# - id: weekly\n" in after
    assert [feed["id"] for feed in yaml.safe_load(after)["feeds"]] == ["wire", "daily", "other"]
    assert "\n# Others\n" in after


def test_an_address_that_was_changed_by_hand_since_stays():
    changed = make_feed("wire", "http://new.example/", url="http://older.example/rss")

    assert proposal(FEEDS, [changed]) == ""


def test_the_proposal_is_a_diff():
    lines = proposal(FEEDS, [make_feed("other", "http://new.example/rss")]).splitlines()

    assert lines[:2] == ["--- a/seeds/feeds.yaml", "+++ b/seeds/feeds.yaml"]
    assert lines[-2:] == ["-  url: http://other.example/rss", "+  url: http://new.example/rss"]


def test_nothing_to_propose_is_an_empty_diff():
    assert proposal(FEEDS, []) == ""
