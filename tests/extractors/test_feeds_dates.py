"""The dates of feeds: aware UTC or None, and never later than tomorrow."""

from datetime import UTC, datetime

import pytest

from extractors.feeds import parse_feed, plausible
from extractors.model import ParsedFeed


def read(written: str) -> ParsedFeed:
    body = (
        "<rss version='2.0'><channel><item><title>T</title>"
        f"<pubDate>{written}</pubDate></item></channel></rss>"
    )
    return parse_feed(body.encode(), url="https://paper.example/feed")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Tue, 05 Mar 2024 08:00:00 GMT", datetime(2024, 3, 5, 8, tzinfo=UTC)),
        ("Tue, 05 Mar 2024 08:00:00 EST", datetime(2024, 3, 5, 13, tzinfo=UTC)),
        ("Tue, 05 Mar 2024 08:00:00 CEST", datetime(2024, 3, 5, 6, tzinfo=UTC)),
        ("Tue, 05 Mar 2024 08:00:00 +0530", datetime(2024, 3, 5, 2, 30, tzinfo=UTC)),
        ("Tue, 05 Mar 2024 8:05 pm PST", datetime(2024, 3, 6, 4, 5, tzinfo=UTC)),
        ("Tue Mar 5 08:00:00 PST 2024", datetime(2024, 3, 5, 16, tzinfo=UTC)),
        ("March 5, 2024", datetime(2024, 3, 5, tzinfo=UTC)),
        ("5 März 24 08:00 +0100", datetime(2024, 3, 5, 7, tzinfo=UTC)),
        ("2024-03-05T08:00:00.123-05:00", datetime(2024, 3, 5, 13, tzinfo=UTC)),
        ("2024-03-05 08:00:00", datetime(2024, 3, 5, 8, tzinfo=UTC)),
        ("20240305", datetime(2024, 3, 5, tzinfo=UTC)),
        ("2024-03-05T24:00:00Z", datetime(2024, 3, 6, tzinfo=UTC)),
        ("2024", None),
        ("2024-03", None),
        ("9999-12-31T00:00:00Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("31 Feb 2024 08:00 GMT", None),
        ("03/04/2024", None),
        ("yesterday", None),
        ("08:00", None),
    ],
)
def test_a_date_is_read_with_its_zone_or_not_at_all(written, moment):
    feed = read(written)

    assert [entry.published_at for entry in feed.entries] == [moment]
    assert moment or any("date" in line for line in feed.warnings)


def test_a_time_without_a_zone_is_noted():
    feed = read("2024-03-05 08:00:00")

    assert feed.warnings == ("time without a zone, read as UTC",)


def test_nothing_is_published_later_than_tomorrow():
    now = datetime(2024, 3, 5, tzinfo=UTC)

    assert plausible(datetime(2024, 3, 6, tzinfo=UTC), now) == datetime(2024, 3, 6, tzinfo=UTC)
    assert plausible(datetime(2024, 3, 6, 1, tzinfo=UTC), now) is None
    assert plausible(None, now) is None
