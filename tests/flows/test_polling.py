"""Polling and visiting over days: what is asked again, when, and what odd feeds still give."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.polling import due_feeds, poll_feeds, store_polls
from flows.settling import settle
from flows.visiting import pages_due, visit_pages
from warehouse.store import Warehouse, open_copy

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
JITTER = 1.1  # times the planned wait, at most
FEED = "http://good.example/feed"
PAGE = "http://good.example/a"


@pytest.fixture
def poll(odd_server, make_odd_job, tmp_path):
    """Return a function that polls the feed `good` some time after noon, and returns poll and job.

    Each is a run of its own, in one warehouse.
    """

    def once(after=timedelta()):
        job = make_odd_job(odd_server.settings(tmp_path), {"good": FEED}, after)
        polls = poll_feeds(job, due_feeds(job))
        store_polls(job, polls)
        return (polls[0] if polls else None), job

    return once


@pytest.fixture
def visit(poll):
    """Return a function that runs all steps some time after noon, and returns the report."""

    def once(after=timedelta()):
        _, job = poll(after)
        visit_pages(job, pages_due(job))
        settle(job)
        return job.report

    return once


@pytest.fixture
def asked(tmp_path, odd_server):
    """Return what the warehouse answers to SQL."""

    def ask(sql):
        with Warehouse(odd_server.settings(tmp_path).warehouse).transaction() as db:
            return db.execute(sql).fetchall()

    return ask


# --- feeds -------------------------------------------------------------------------------------


def test_a_second_poll_sends_what_the_first_got_and_takes_304_for_unchanged(
    odd_server, poll, rss, noon
):
    changed = "Thu, 19 Nov 2026 08:00:00 GMT"
    odd_server.says("good.example/feed", rss(PAGE), ETag='"v1"', Last_Modified=changed)
    first, _ = poll()
    odd_server.says("good.example/feed", status=304)
    second, job = poll(HOUR)
    third, _ = poll(2 * HOUR)
    earlier, later, latest = odd_server.headers_of("good.example/feed")

    assert (first.outcome, second.outcome, third.outcome) == ("new", "unchanged", "unchanged")
    assert "If-None-Match" not in earlier
    assert (later["If-None-Match"], later["If-Modified-Since"]) == ('"v1"', changed)
    assert latest["If-None-Match"] == '"v1"'
    assert job.report.losses == []
    assert 1 <= (second.next_poll_at - noon - HOUR) / timedelta(minutes=10) <= JITTER


def test_the_same_body_again_is_unchanged_whatever_the_server_says(odd_server, poll, rss):
    odd_server.says("good.example/feed", rss(PAGE))
    first, _ = poll()
    second, _ = poll(HOUR)

    assert (first.outcome, second.outcome, second.status) == ("new", "unchanged", 200)


def test_a_feed_is_not_asked_before_it_is_due(odd_server, poll, rss):
    odd_server.says("good.example/feed", rss(PAGE))
    poll()
    none, job = poll(timedelta(minutes=9))

    assert none is None
    assert job.report.feeds_not_due == 1
    assert len(odd_server.headers_of("good.example/feed")) == 1


@pytest.mark.parametrize("name", ["Cache_Control", "cache_control", "CACHE_CONTROL"])
def test_a_cache_header_counts_however_it_is_written(odd_server, poll, rss, noon, name):
    odd_server.says("good.example/feed", rss(PAGE), **{name: "max-age=3600"})
    polled, _ = poll()

    assert 1 <= (polled.next_poll_at - noon) / HOUR <= JITTER


def test_the_wait_that_a_feed_asks_for_is_kept(odd_server, poll, noon):
    odd_server.says("good.example/feed", status=503, Retry_After="10800")
    polled, _ = poll()
    none, job = poll(2 * HOUR)

    assert 3 <= (polled.next_poll_at - noon) / HOUR <= 3 * JITTER
    assert (none, job.report.feeds_not_due) == (None, 1)


def test_each_failure_doubles_the_wait_and_an_answer_ends_it(odd_server, poll, rss, noon):
    times = [timedelta(), HOUR, 2 * HOUR]
    waits = [poll(after)[0].next_poll_at - noon - after for after in times]
    odd_server.says("good.example/feed", rss(PAGE))
    good, _ = poll(3 * HOUR)
    odd_server.says("good.example/feed", status=500)
    bad, _ = poll(4 * HOUR)

    jittered = waits[0] / timedelta(minutes=10)
    assert 1 <= jittered <= JITTER
    assert [wait / waits[0] for wait in waits] == pytest.approx([1, 2, 4])
    assert good.next_poll_at - noon - 3 * HOUR == waits[0]
    assert bad.next_poll_at - noon - 4 * HOUR == waits[0]


def test_a_feed_that_moved_for_good_is_read_and_its_new_address_told(
    odd_server, visit, asked, rss, story
):
    odd_server.says("good.example/feed", status=301, Location="http://new.example/rss")
    odd_server.says("new.example/rss", rss(PAGE))
    odd_server.says("good.example/a", story())
    report = visit()

    assert report.alerts_new == 1
    assert asked("select url, moved_to, state from feed_health") == [
        (FEED, "http://new.example/rss", "fine")
    ]


def test_a_feed_in_another_charset_than_it_says_is_read(odd_server, poll):
    feed = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>x</title><item>'
        "<title>L’Église d’Évry</title><link>http://good.example/a</link></item></channel></rss>"
    )
    odd_server.says("good.example/feed", feed.encode("cp1252"), Content_Type="text/xml")
    polled, _ = poll()

    assert [entry.title for entry in polled.entries] == ["L’Église d’Évry"]


def test_a_date_in_the_year_9999_costs_nothing(odd_server, visit, asked, rss, story):
    feed = rss(PAGE, published="Fri, 31 Dec 9999 23:59:59 -1200")
    odd_server.says("good.example/feed", feed)
    odd_server.says("good.example/a", story())
    report = visit()

    assert (report.losses, report.alerts_new) == ([], 1)
    assert asked("select published_at from articles") == [(None,)]


def test_an_entry_without_a_link_is_odd_and_costs_no_other(odd_server, visit, rss, story):
    feed = rss(PAGE).replace("<item>", "<item><title>Talk</title></item><item>", 1)
    feed = feed.replace("<link>http://good.example/</link>", "")
    odd_server.says("good.example/feed", feed)
    odd_server.says("good.example/a", story())
    report = visit()

    assert any("entry without a link" in odd and "'Talk'" in odd for odd in report.odd)
    assert (report.entries_new, report.pages_fetched, report.losses) == (2, 1, [])


def test_a_feed_that_breaks_off_gives_the_entries_before_the_break(odd_server, visit, rss, story):
    whole = rss(PAGE, "http://good.example/b")
    odd_server.says("good.example/feed", whole[: whole.rindex("<link>") + 9])
    odd_server.says("good.example/a", story())
    report = visit()

    assert report.alerts_new == 1
    assert report.losses == []
    assert report.odd


def test_when_nobody_answers_no_feed_is_blamed(make_odd_job, odd_server, watch, tmp_path):
    feeds = {"one": "http://one.invalid/feed", "two": "http://two.invalid/feed"}
    job = watch(make_odd_job(odd_server.settings(tmp_path), feeds))
    with open_copy(job.settings.copy) as db:
        health = db.execute("select distinct state, failures_in_a_row from feed_health").fetchall()
        fetches = db.execute("select failure from feed_fetch").fetchall()

    assert "not one of 2 feeds answered" in job.report.message
    assert health == [("never polled", 0)]
    assert fetches == [("dns",), ("dns",)]


def test_two_dead_feeds_that_are_due_alone_are_no_outage(
    make_odd_job, odd_server, watch, tmp_path, rss
):
    """The good feed asks to be left alone for 6 hours; the dead ones are asked meanwhile."""
    odd_server.says("good.example/feed", rss(), Cache_Control="max-age=21600")
    feeds = {"one": "http://one.invalid/feed", "two": "http://two.invalid/feed", "good": FEED}
    settings = odd_server.settings(tmp_path)
    first = watch(make_odd_job(settings, feeds)).report
    second = watch(make_odd_job(settings, feeds, HOUR)).report

    assert (first.feeds_polled, first.feeds_failed, first.message) == (3, 2, None)
    assert (second.feeds_polled, second.feeds_failed, second.message) == (2, 2, None)


def test_an_outage_between_two_good_runs_blames_nobody(
    make_odd_job, odd_server, watch, tmp_path, rss
):
    for name in ("one", "two"):
        odd_server.says(f"{name}.example/feed", rss())
    feeds = {name: f"http://{name}.example/feed" for name in ("one", "two")}
    settings = odd_server.settings(tmp_path)
    dark = replace(
        settings, connect=tuple((host, ("127.0.0.1", 9)) for host, _ in settings.connect)
    )
    watch(make_odd_job(settings, feeds))
    outage = watch(make_odd_job(dark, feeds, HOUR)).report
    again = watch(make_odd_job(settings, feeds, 2 * HOUR)).report

    assert "our own outage" in (outage.message or "")
    assert (again.feeds_polled, again.feeds_failed, again.message) == (2, 0, None)


# --- pages -------------------------------------------------------------------------------------


def test_a_page_that_failed_is_tried_again_and_then_found(odd_server, visit, rss, story, asked):
    odd_server.says("good.example/feed", rss(PAGE))
    odd_server.says("good.example/a", status=503)
    first = visit()
    early = visit(timedelta(minutes=59))
    odd_server.says("good.example/a", story())
    second = visit(HOUR)

    assert [loss.kind for loss in first.losses] == ["http_5xx"]
    assert early.pages_fetched == 0
    assert (second.pages_fetched, second.alerts_new) == (1, 1)
    assert asked("from failures") == []


def test_a_page_is_given_up_after_four_tries(odd_server, visit, rss, asked):
    odd_server.says("good.example/feed", rss(PAGE))
    counts = [visit(after * HOUR).pages_fetched for after in (0, 1, 5, 21, 1000)]

    assert counts == [1, 1, 1, 1, 0]
    assert asked("select tries, next_try_at from failures where what = 'page'") == [(4, None)]


def test_an_article_about_a_case_is_looked_at_again_conditionally(odd_server, visit, rss, story):
    odd_server.says("good.example/feed", rss(PAGE))
    odd_server.says("good.example/a", story(), ETag='"p1"')
    visit()
    odd_server.says("good.example/a", status=304)
    again = [visit(after * HOUR).pages_fetched for after in (0.5, 1, 6, 24, 168, 1000)]
    headers = odd_server.headers_of("good.example/a")

    assert again == [0, 1, 1, 1, 1, 0]
    assert ["If-None-Match" in each for each in headers] == [False, True, True, True, True]


def test_an_article_about_nobody_is_not_looked_at_again(odd_server, visit, rss, story):
    odd_server.says("good.example/feed", rss(PAGE))
    odd_server.says("good.example/a", story().replace("Ada Quarry", "the mayor"))

    assert [visit(after * HOUR).pages_fetched for after in (0, 1, 24)] == [1, 0, 0]


def test_a_page_without_an_article_is_not_read_twice(odd_server, visit, rss, asked):
    odd_server.says("good.example/feed", rss(PAGE))
    odd_server.says("good.example/a", "<html><body><div id=app></div></body></html>")
    counts = [visit(after * HOUR).pages_fetched for after in (0, 1, 24)]

    assert counts == [1, 0, 0]
    assert asked("select failure, next_try_at from failures") == [("no_text", None)]


def test_a_bot_check_is_no_article_and_is_tried_again(odd_server, visit, rss, story, asked):
    check = (
        "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
        "<p>Verify you are human by completing the action below.</p></body></html>"
    )
    odd_server.says("good.example/feed", rss(PAGE))
    odd_server.says("good.example/a", check)
    first = visit()
    odd_server.says("good.example/a", story())
    second = visit(HOUR)

    assert [loss.kind for loss in first.losses] == ["challenge"]
    assert (first.articles_new, second.articles_new) == (0, 1)


def test_pages_come_in_a_fixed_order(odd_server, poll, rss):
    links = [f"http://good.example/{n}" for n in range(20)]
    odd_server.says("good.example/feed", rss(*links))
    _, job = poll()
    due = [page.page_id for page in pages_due(job)]

    assert len(due) == 20
    assert due == [page.page_id for page in pages_due(job)]
