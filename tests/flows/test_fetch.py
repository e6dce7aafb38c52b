"""The fetcher against a real server: each odd answer is a named failure, and costs only itself."""

import gzip
import socket
import time
import tracemalloc
from datetime import timedelta

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.model import Page
from flows.fetch import Fetcher, Request
from flows.politeness import Failure

MEGABYTE = 1_000_000


@pytest.fixture
def endless():
    """Return a handler that sends bytes until nobody listens."""

    def handler(request):
        request.send_response(200)
        request.end_headers()
        while not request.server.odd.closing.is_set():
            request.wfile.write(b"x" * 65_536)

    return handler


@pytest.fixture
def slow():
    """Return a handler that begins an answer and never ends it."""

    def handler(request):
        request.send_response(200)
        request.send_header("Content-Length", "100")
        request.end_headers()
        request.wfile.write(b"<html>")
        request.server.odd.closing.wait(20)

    return handler


def kind_of(answer):
    assert isinstance(answer.got, Failure), answer.got
    return answer.got.kind


# --- what a good answer carries ----------------------------------------------------------------


def test_a_page_comes_whole_with_its_headers_and_the_time(odd_server, fetch, noon):
    odd_server.says("good.example/a", "words", ETag='"v1"', Content_Type="text/html")
    page = fetch("http://good.example/a").got

    assert isinstance(page, Page)
    assert (page.body, page.status, page.fetched_at) == (b"words", 200, noon)
    assert (page.header("etag"), page.header("content-type")) == ('"v1"', "text/html")


def test_servers_learn_who_asks_and_how_to_reach_us(odd_server, fetch):
    odd_server.says("good.example/a", "words")
    fetch("http://good.example/a", contact="mailto:desk@watch.example")
    (headers,) = odd_server.headers_of("good.example/a")

    assert headers["User-Agent"].startswith("casewatch/")
    assert "mailto:desk@watch.example" in headers["User-Agent"]


def test_what_we_have_is_asked_for_conditionally(odd_server, fetch):
    odd_server.says("good.example/a", status=304)
    answer = fetch("http://good.example/a", etag='"v1"', modified="Thu, 19 Nov 2026 08:00:00 GMT")
    (headers,) = odd_server.headers_of("good.example/a")

    assert headers["If-None-Match"] == '"v1"'
    assert headers["If-Modified-Since"] == "Thu, 19 Nov 2026 08:00:00 GMT"
    assert answer.got.status == 304


def test_a_first_request_is_not_conditional(odd_server, fetch):
    odd_server.says("good.example/a", "words")
    fetch("http://good.example/a")
    (headers,) = odd_server.headers_of("good.example/a")

    assert not {"If-None-Match", "If-Modified-Since"} & headers.keys()


def test_no_cookie_is_kept(odd_server, fetch):
    odd_server.says("good.example/a", status=302, Location="/b", Set_Cookie="who=us")
    odd_server.says("good.example/b", "words")
    fetch("http://good.example/a")
    (headers,) = odd_server.headers_of("good.example/b")

    assert "Cookie" not in headers


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_compressed_body_is_read(odd_server, fetch, coding):
    body = gzip.compress(b"words") if coding == "gzip" else brotli.compress(b"words")
    odd_server.says("good.example/a", body, Content_Encoding=coding)
    answer = fetch("http://good.example/a")
    (headers,) = odd_server.headers_of("good.example/a")

    assert answer.got.body == b"words"
    assert coding in headers["Accept-Encoding"]


# --- redirects ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_followed_and_told(odd_server, fetch, status):
    odd_server.says("old.example/a", status=status, Location="http://new.example/a")
    odd_server.says("new.example/a", "words")
    answer = fetch("http://old.example/a")

    assert answer.moved_to == "http://new.example/a"
    assert (answer.got.url, answer.got.final_url) == ("http://old.example/a", answer.moved_to)


def test_a_temporary_redirect_anywhere_on_the_way_moves_nothing(odd_server, fetch):
    odd_server.says("old.example/a", status=301, Location="/b")
    odd_server.says("old.example/b", status=302, Location="/c")
    odd_server.says("old.example/c", "words")
    answer = fetch("http://old.example/a")

    assert answer.moved_to is None
    assert answer.got.final_url == "http://old.example/c"


def test_a_redirect_loop_ends(odd_server, fetch):
    odd_server.says("odd.example/a", status=302, Location="/b")
    odd_server.says("odd.example/b", status=302, Location="/a")

    assert kind_of(fetch("http://odd.example/a")) == "redirects"


@pytest.mark.parametrize("target", ["file:///etc/passwd", "mailto:a@b.example", "http://[bad/"])
def test_a_redirect_to_no_web_address_is_not_followed(odd_server, fetch, target):
    odd_server.says("odd.example/a", status=302, Location=target)

    assert kind_of(fetch("http://odd.example/a")) == "bad_url"


# --- servers that fail -------------------------------------------------------------------------


def test_a_name_that_nobody_knows_is_dns(fetch):
    assert kind_of(fetch("http://nowhere.invalid/a")) == "dns"


def test_a_closed_port_is_connect(fetch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = unused.getsockname()

    assert kind_of(fetch("http://shut.example/a", connect=(("shut.example", closed),))) == "connect"


def test_https_from_a_server_that_speaks_http_is_tls(odd_server, fetch):
    odd_server.says("plain.example/a", "words")

    assert kind_of(fetch("https://plain.example/a")) == "tls"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, "http_403"), (404, "http_404"), (410, "gone"), (451, "http_451"), (500, "http_5xx")],
)
def test_a_status_is_a_failure_with_its_class(odd_server, fetch, status, kind):
    odd_server.says("odd.example/a", "sorry", status)
    answer = fetch("http://odd.example/a")

    assert (kind_of(answer), answer.got.status) == (kind, status)


def test_the_wait_that_a_server_asks_for_is_kept(odd_server, fetch):
    odd_server.says("odd.example/a", status=429, Retry_After="7200")
    answer = fetch("http://odd.example/a")

    assert (kind_of(answer), answer.got.retry_after) == ("too_many_requests", timedelta(hours=2))


def test_a_body_that_never_ends_in_time_is_a_timeout(odd_server, fetch, slow):
    odd_server.does("odd.example/a", slow)
    answer = fetch("http://odd.example/a", total_timeout=0.3)

    assert kind_of(answer) == "timeout"
    assert answer.got.message == "no whole answer within 0.3 s"
    assert 200 < answer.milliseconds < 3000


def test_a_body_without_end_is_too_large(odd_server, fetch, endless):
    odd_server.does("odd.example/a", endless)

    assert kind_of(fetch("http://odd.example/a")) == "too_large"


def test_a_body_of_just_the_limit_is_not_too_large(odd_server, fetch):
    odd_server.says("good.example/a", b"x" * 1000)

    assert len(fetch("http://good.example/a", 1000).got.body) == 1000
    assert kind_of(fetch("http://good.example/a", 999)) == "too_large"


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_bomb_is_too_large_and_never_in_memory(odd_server, fetch, coding):
    """200 MB of zeros in 200 kB or less: a few MB of them are unpacked."""
    zeros = b"\0" * 200 * MEGABYTE
    bomb = gzip.compress(zeros, 9) if coding == "gzip" else brotli.compress(zeros, quality=1)
    del zeros
    odd_server.says("odd.example/a", bomb, Content_Encoding=coding)
    tracemalloc.start()
    try:
        kind = kind_of(fetch("http://odd.example/a"))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kind == "too_large"
    assert most < 20 * MEGABYTE


def test_a_body_that_is_cut_off_is_no_page(odd_server, fetch):
    def cut(request):
        request.send_response(200)
        request.send_header("Content-Length", "100")
        request.end_headers()
        request.wfile.write(b"half")

    odd_server.does("odd.example/a", cut)

    assert kind_of(fetch("http://odd.example/a")) == "cut"


def test_a_body_that_is_not_gzip_as_it_says_is_no_page(odd_server, fetch):
    odd_server.says("odd.example/a", b"\x1f\x8bwords", Content_Encoding="gzip")

    assert kind_of(fetch("http://odd.example/a")) == "cut"


def test_an_answer_that_is_no_http_is_named(odd_server, fetch):
    odd_server.does("odd.example/a", lambda request: request.wfile.write(b"SSH-2.0-x\r\n\r\n"))

    assert kind_of(fetch("http://odd.example/a")) == "network"


@pytest.mark.parametrize("url", ["http://[::1/a", "http://x.example:99999/a", "ftp://x.example/a"])
def test_an_address_that_is_none_is_named(fetch, url):
    assert kind_of(fetch(url)) == "bad_url"
    assert kind_of(fetch(url, robots=True)) == "bad_url"


def test_a_bad_answer_costs_nobody_else_anything(odd_server, tmp_path, endless, slow):
    odd_server.does("endless.example/a", endless)
    odd_server.does("slow.example/a", slow)
    odd_server.says("good.example/a", "words")
    fetcher = Fetcher(odd_server.settings(tmp_path, total_timeout=1.0))
    hosts = ("nowhere.invalid", "endless.example", "slow.example", "good.example")
    requests = [Request(f"http://{host}/a", obey_robots=False) for host in hosts]
    *bad, good = fetcher.fetch(requests, MEGABYTE)

    assert [kind_of(answer) for answer in bad] == ["dns", "too_large", "timeout"]
    assert isinstance(good.got, Page)


def test_one_host_is_asked_once_a_gap_and_others_meanwhile(odd_server, tmp_path):
    for host in ("one.example", "two.example"):
        for path in "abc":
            odd_server.says(f"{host}/{path}", "words")
    fetcher = Fetcher(odd_server.settings(tmp_path, host_gap=0.3))
    requests = [
        Request(f"http://{host}/{path}", obey_robots=False)
        for host in ("one.example", "two.example")
        for path in "abc"
    ]
    begun = time.monotonic()
    fetcher.fetch(requests, MEGABYTE)

    assert 0.6 <= time.monotonic() - begun < 1.2  # one after the other: 1.2 and more


def test_unchanged_is_no_answer_for_whom_has_nothing_yet(odd_server, fetch):
    odd_server.says("odd.example/a", status=304)

    assert kind_of(fetch("http://odd.example/a")) == "http_304"


LINES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 302 Found\r\n",
        b"HTTP/9.9 999 \xff\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n",
        b"Content-Length: 5\r\n",
        b"Content-Length: -1\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Content-Encoding: br\r\n",
        b"Content-Encoding: zstd\r\n",
        b"Location: /a\r\n",
        b"Location: http://\xc3\xa9\xff:99999/[\r\n",
        b"Location: //[::1\r\n",
        b"Location: http://a..b/\r\n",
        b"Location:\r\n",
        b"Retry-After: Fri, 99 Foo\r\n",
        b"Set-Cookie: \x00=\r\n",
        b": nameless\r\n",
        b"\r\n",
        b"ffffffffffffffff\r\n",
        b"5\r\nwords\r\n0\r\n\r\n",
        b"\x1f\x8b\x08\x00",
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(LINES | st.binary(max_size=20), max_size=8).map(b"".join)
    | st.lists(LINES, max_size=6).map(lambda lines: b"HTTP/1.1 200 OK\r\n" + b"".join(lines))
    | st.lists(LINES, max_size=6).map(lambda lines: b"HTTP/1.1 301 Gone\r\n" + b"".join(lines))
)
def test_whatever_a_server_sends_there_is_an_answer(odd_server, fetch, sent):
    odd_server.does("odd.example/a", lambda request: request.wfile.write(sent))
    got = fetch("http://odd.example/a", total_timeout=2.0).got

    assert isinstance(got, Page) or (got.kind and got.message)
