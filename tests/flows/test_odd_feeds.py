"""One run over every odd feed and page at once: each costs only itself, and is named."""

import gzip
import socket
from datetime import timedelta

import pytest

from warehouse.store import open_copy

DAY = timedelta(days=1)
GOOD = "http://good.example/quarry"
WORDLESS = "<html><body><div id=app></div><script>var a = 1</script></body></html>"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))

# feed -> the class of its failure
BAD_FEEDS = {
    "unknown": "dns",
    "shut": "connect",
    "missing": "http_404",
    "gone": "gone",
    "ill": "http_5xx",
    "busy": "too_many_requests",
    "site": "html",
    "nothing": "empty",
    "bytes": "binary",
    "cut": "parse",
    "slow": "timeout",
    "endless": "too_large",
    "bomb": "too_large",
    "circle": "redirects",
    "inside": "blocked_address",
    "half": "cut",
}
# page -> the class of its failure
BAD_PAGES = {
    "http://pages.example/missing": "http_404",
    "http://pages.example/gone": "gone",
    "http://pages.example/ill": "http_5xx",
    "http://pages.example/wordless": "no_text",
    "http://pages.example/empty": "no_text",
    "http://pages.example/picture": "not_html",
    "http://pages.example/slow": "timeout",
    "http://pages.example/endless": "too_large",
    "http://pages.example/inside": "blocked_address",
    "http://unknown.invalid/a": "dns",
    "http://shy.example/a": "robots",
    "http://illrobots.example/a": "http_5xx",
}


def slow(request):
    request.send_response(200)
    request.send_header("Content-Length", "100")
    request.end_headers()
    request.wfile.write(b"<rss>")
    request.server.odd.closing.wait(20)


def half(request):
    request.send_response(200)
    request.send_header("Content-Length", "5000")
    request.end_headers()
    request.wfile.write(b"<rss>")


def endless(request):
    request.send_response(200)
    request.end_headers()
    while not request.server.odd.closing.is_set():
        request.wfile.write(b" " * 65_536)


def set_up_feeds(server, rss):
    """Answer each of BAD_FEEDS as its name says; the two dead hosts have no server at all."""
    whole = rss("http://good.example/quarry")
    server.says("ill.example/feed", "sorry", 500)
    server.says("gone.example/feed", status=410)
    server.says("busy.example/feed", status=429, Retry_After="7200")
    server.says("site.example/feed", "<!doctype html><html><body>Hi</body></html>")
    server.says("nothing.example/feed")
    server.says("bytes.example/feed", PICTURE)
    server.says("cut.example/feed", whole[: whole.index("<item>") - 20])
    server.does("slow.example/feed", slow)
    server.does("endless.example/feed", endless)
    bomb = gzip.compress(b" " * 50_000_000)
    server.says("bomb.example/feed", bomb, Content_Encoding="gzip")
    server.says("circle.example/feed", status=301, Location="/feed")
    server.says("inside.example/feed", status=302, Location="http://169.254.169.254/feed")
    server.does("half.example/feed", half)


def set_up_pages(server, story):
    server.says("good.example/quarry", story(), Content_Type="text/html; charset=utf-8")
    server.says("pages.example/gone", status=410)
    server.says("pages.example/ill", "sorry", 503)
    server.says("pages.example/wordless", WORDLESS)
    server.says("pages.example/empty", Content_Type="text/html")
    server.says("pages.example/picture", PICTURE, Content_Type="image/png")
    server.does("pages.example/slow", slow)
    server.does("pages.example/endless", endless)
    server.says("pages.example/inside", status=302, Location="http://10.0.0.1/")
    server.says("shy.example/robots.txt", "User-agent: *\nDisallow: /")
    server.says("shy.example/a", story())
    server.says("illrobots.example/robots.txt", status=500)
    server.says("illrobots.example/a", story())


@pytest.fixture(scope="module")
def job(module_server, make_odd_job, watch, rss, story, tmp_path_factory):
    """Return the job that ran over all of it, and one good feed."""
    set_up_feeds(module_server, rss)
    set_up_pages(module_server, story)
    module_server.says("good.example/feed", rss(GOOD))
    module_server.says("listing.example/feed", rss(*BAD_PAGES))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = unused.getsockname()
    settings = module_server.settings(
        tmp_path_factory.mktemp("odd"),
        "missing.example",
        connect=(("shut.example", closed),),
        total_timeout=2.0,
        max_feed_bytes=1_000_000,
        max_page_bytes=1_000_000,
    )
    feeds = {name: f"http://{name}.example/feed" for name in ("good", "listing", *BAD_FEEDS)}
    feeds["unknown"] = "http://nowhere.invalid/feed"
    return watch(make_odd_job(settings, feeds))


def asked(job, sql):
    with open_copy(job.settings.copy) as db:
        return db.execute(sql).fetchall()


def test_the_run_is_done_and_counts_what_failed(job):
    rows = asked(
        job, "select state, feeds_polled, feeds_failed, pages_fetched, pages_failed from run"
    )

    assert rows == [("done", 18, 16, 13, 12)]
    assert job.report.message is None


def test_the_good_feed_gives_its_article_and_alert(job):
    assert (job.report.articles_new, job.report.alerts_new) == (1, 1)
    assert asked(job, "select subject_id, canonical_url from alerts") == [("ada-quarry", GOOD)]


def test_every_bad_feed_is_named_with_its_class(job):
    urls = {feed.id: feed.url for feed in job.registry.feeds}
    lost = {loss.url: loss.kind for loss in job.report.losses if loss.what == "feed"}

    assert lost == {urls[name]: kind for name, kind in BAD_FEEDS.items()}


def test_every_bad_page_is_named_with_its_class(job):
    lost = {loss.url: loss.kind for loss in job.report.losses if loss.what == "page"}

    assert lost == BAD_PAGES


def test_every_loss_says_something(job):
    assert all(loss.message for loss in job.report.losses)


def test_health_names_the_feeds_that_fail(job):
    rows = asked(job, "select feed_id, failure from feed_health where state = 'failing'")

    assert dict(rows) == BAD_FEEDS


def test_failures_names_feeds_and_pages(job):
    pages = asked(job, "select url, failure from failures where what = 'page'")
    feeds = asked(job, "select id, failure from failures where what = 'feed'")

    assert (dict(pages), dict(feeds)) == (BAD_PAGES, BAD_FEEDS)


def test_no_feed_is_given_up(job, noon):
    waits = dict(asked(job, "select feed_id, next_poll_at from feed_health where failure <> ''"))

    planned = dict.fromkeys(waits, timedelta(minutes=10))
    planned |= {"busy": timedelta(hours=2), "gone": 7 * DAY, "inside": 7 * DAY}
    assert all(1 <= (at - noon) / planned[feed] <= 1.1 for feed, at in waits.items())


def test_only_pages_that_will_not_get_better_are_given_up(job):
    rows = asked(job, "select url from failures where what = 'page' and next_try_at is null")

    assert {url for (url,) in rows} == {
        "http://pages.example/gone",
        "http://pages.example/wordless",
        "http://pages.example/empty",
        "http://pages.example/picture",
        "http://pages.example/inside",
        "http://shy.example/a",
    }
