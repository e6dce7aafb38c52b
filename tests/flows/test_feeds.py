"""Bodies of feeds: small ones are read here, large ones in workers that may be killed."""

from datetime import UTC, datetime

import pytest

from extractors.errors import FeedError
from extractors.model import Page, ParsedFeed
from flows.feeds import SMALL, read_feeds

# Worker processes are reached through Unix sockets, which pytest-socket takes for the network.
pytestmark = pytest.mark.enable_socket

FETCHED_AT = datetime(2026, 3, 10, tzinfo=UTC)
URL = "http://a.example/feed"


def make_body(entries, size=0):
    text = "<rss version='2.0'><channel>" + "".join(
        f"<item><title>Report {n}</title><link>/{n}</link></item>" for n in range(entries)
    )
    return (text + f"</channel><!--{' ' * size}--></rss>").encode()


def read(*bodies, **limits):
    pages = [(Page(URL, URL, 200, (), body, FETCHED_AT), "feed") for body in bodies]
    return [
        len(feed.entries) if isinstance(feed, ParsedFeed) else feed.kind
        for feed in read_feeds(pages, **limits)
    ]


def test_feeds_come_back_in_their_order_whoever_read_them():
    bodies = [make_body(1), make_body(2, SMALL), b"<html>", make_body(3), make_body(4, SMALL)]

    assert read(*bodies, workers=2) == [1, 2, "html", 3, 4]
    assert read(*bodies, workers=0) == [1, 2, "html", 3, 4]


def test_links_are_joined_to_where_the_feed_came_from():
    page = Page("http://old.example/", URL, 200, (), make_body(1), FETCHED_AT)
    (feed,) = read_feeds([(page, "feed")], workers=0)

    assert isinstance(feed, ParsedFeed)
    assert feed.entries[0].url == "http://a.example/0"


def test_a_large_feed_that_takes_too_long_costs_itself_alone():
    slow = b"<rss version='2.0'><channel>" + b"<item/>" * 1_000_000 + b"</channel></rss>"

    assert read(make_body(1), slow, make_body(2, SMALL), workers=1, seconds=1) == [1, "timeout", 2]


def test_a_failure_is_an_error_with_its_class():
    page = Page(URL, URL, 200, (), b"", FETCHED_AT)
    (error,) = read_feeds([(page, "feed")], workers=0)

    assert isinstance(error, FeedError)
    assert error.kind == "empty"
