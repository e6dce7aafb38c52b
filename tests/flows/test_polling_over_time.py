"""Polling over weeks: a feed's own rhythm, servers that say 304 for ever, feeds that go."""

from datetime import timedelta

import pytest

from flows.polling import due_feeds, poll_feeds, store_polls
from warehouse.store import Warehouse

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = "http://good.example/feed"
PAGE = "http://good.example/a"


@pytest.fixture
def poll(odd_server, make_odd_job, tmp_path):
    """Return a function that polls the feed `good` some time after noon; see test_polling."""

    def once(after=timedelta()):
        job = make_odd_job(odd_server.settings(tmp_path), {"good": FEED}, after)
        polls = poll_feeds(job, due_feeds(job))
        store_polls(job, polls)
        return (polls[0] if polls else None), job

    return once


@pytest.fixture
def asked(tmp_path, odd_server):
    """Return what the warehouse answers to SQL."""

    def ask(sql):
        with Warehouse(odd_server.settings(tmp_path).warehouse).transaction() as db:
            return db.execute(sql).fetchall()

    return ask


def dated(*days):
    """Return a feed of entries published on these days of November 2026."""
    entries = "".join(
        f"<item><title>Report {day}</title><link>http://good.example/{day}</link>"
        f"<pubDate>{day} Nov 2026 08:00:00 GMT</pubDate></item>"
        for day in days
    )
    return f"<rss version='2.0'><channel><title>Reports</title>{entries}</channel></rss>"


def test_a_server_that_says_304_for_ever_is_asked_for_all_once_a_week(odd_server, poll, rss):
    odd_server.says("good.example/feed", rss(PAGE), ETag='"v1"')
    poll()
    odd_server.says("good.example/feed", status=304)
    for days in range(1, 7):
        poll(days * DAY)
    odd_server.says("good.example/feed", rss(PAGE, "http://good.example/b"), ETag='"v1"')
    found, job = poll(7 * DAY)
    headers = odd_server.headers_of("good.example/feed")

    assert ["If-None-Match" in each for each in headers] == [False, *[True] * 6, False]
    assert len(found.entries) == 2
    assert any("its 304 means nothing" in odd for odd in job.report.odd)


def test_a_feed_whose_validators_change_with_it_is_not_accused(odd_server, poll, rss):
    odd_server.says("good.example/feed", rss(PAGE), ETag='"v1"')
    poll()
    odd_server.says("good.example/feed", rss(PAGE, "http://good.example/b"), ETag='"v2"')
    _, job = poll(7 * DAY)

    assert not any("304" in odd for odd in job.report.odd)


def test_a_whole_answer_puts_the_next_one_off(odd_server, poll, rss):
    odd_server.says("good.example/feed", rss(PAGE), ETag='"v1"')
    for days in (0, 7, 13):
        poll(days * DAY)
    headers = odd_server.headers_of("good.example/feed")

    assert ["If-None-Match" in each for each in headers] == [False, False, True]


def test_a_feed_of_a_report_a_day_is_asked_less_than_it_might_be(odd_server, poll, noon, asked):
    odd_server.says("good.example/feed", dated(*range(1, 10)))
    found, _ = poll()

    assert asked("select gap_minutes from feed") == [(24 * 60,)]
    assert 20 * HOUR <= found.next_poll_at - noon <= 22 * HOUR  # a daily run finds it due


def test_a_feed_without_dates_is_asked_as_often_as_may_be(odd_server, poll, noon, asked):
    odd_server.says("good.example/feed", dated(1, 2))
    found, _ = poll()

    assert asked("select gap_minutes from feed") == [(None,)]
    assert found.next_poll_at - noon <= timedelta(minutes=11)


def test_a_feed_that_is_gone_is_remembered_as_such(odd_server, poll, asked, noon):
    odd_server.says("good.example/feed", status=410)
    poll()
    poll(8 * DAY)

    assert asked("select gone_at, failures_in_a_row from feed") == [(noon, 2)]


def test_a_permanent_redirect_is_remembered_also_when_nothing_changed(odd_server, poll, rss, asked):
    odd_server.says("good.example/feed", status=301, Location="http://new.example/rss")
    odd_server.says("new.example/rss", rss(PAGE), ETag='"v1"')
    poll()
    odd_server.says("new.example/rss", status=304)
    second, _ = poll(DAY)

    assert second.outcome == "unchanged"
    assert asked("select moved_to from feed") == [("http://new.example/rss",)]
