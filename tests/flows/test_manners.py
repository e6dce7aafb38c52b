"""Manners, measured: a server's own log shows the gaps, the robots.txt and the conditions."""

import itertools
import time

import pytest

from extractors.model import Page
from flows.fetch import Fetcher, Request

MEGABYTE = 1_000_000
GAP = 0.25  # seconds
EARLY = 0.05  # by which a first connection may take longer than a second


class Log:
    """What a server saw: (host, path, seconds since the first request), in order."""

    def __init__(self, server):
        self.seen = []
        self._server = server

    def watch(self, *places, body=b"words", wait=0.0, to=None):
        """Let each of *places* answer with *body* after *wait* seconds, or redirect *to*."""

        def handler(request):
            host = request.headers["Host"].partition(":")[0]
            self.seen.append((host, request.path, time.monotonic()))
            time.sleep(wait)
            request.send_response(302 if to else 200)
            if to:
                request.send_header("Location", to)
            request.send_header("Content-Length", str(0 if to else len(body)))
            request.end_headers()
            if not to:
                request.wfile.write(body)

        for place in places:
            self._server.does(place, handler)

    def gaps(self, host):
        """Return the seconds between requests to *host*."""
        times = [at for name, _, at in self.seen if name == host]
        return [later - earlier for earlier, later in itertools.pairwise(times)]

    def paths(self, host):
        """Return what *host* was asked for, in order."""
        return [path for name, path, _ in self.seen if name == host]


@pytest.fixture
def log(odd_server):
    """Return the log of a server that a test sets up."""
    return Log(odd_server)


@pytest.fixture
def fetch_all(odd_server, tmp_path):
    """Return a function that fetches URLs as one batch."""

    def fetch(*urls, robots=False, **fields):
        settings = odd_server.settings(tmp_path, **({"host_gap": GAP} | fields))
        requests = [Request(url, obey_robots=robots) for url in urls]
        return Fetcher(settings).fetch(requests, MEGABYTE)

    return fetch


def test_requests_to_a_host_begin_a_gap_apart(log, fetch_all):
    urls = [f"http://one.example/{n}" for n in range(5)]
    log.watch(*(url.removeprefix("http://") for url in urls))
    fetch_all(*urls)

    assert len(log.gaps("one.example")) == 4
    assert min(log.gaps("one.example")) >= GAP - EARLY


def test_the_gap_is_kept_when_a_place_among_all_requests_was_waited_for(log, fetch_all):
    """With one request at once, the second host waits for slow answers of the first."""
    places = [f"{host}.example/{n}" for n in range(3) for host in ("one", "two")]
    log.watch(*places, wait=0.4)
    fetch_all(*(f"http://{place}" for place in places), at_once=1)

    for host in ("one.example", "two.example"):
        assert min(log.gaps(host)) >= GAP - EARLY


def test_the_gap_counts_for_a_host_whatever_the_port(log, fetch_all):
    log.watch("one.example/a", "one.example/b")
    fetch_all("http://one.example/a", "http://one.example:8080/b")

    assert min(log.gaps("one.example")) >= GAP - EARLY


def test_a_redirect_within_a_host_waits_for_its_gap(log, fetch_all):
    log.watch("one.example/a", to="/b")
    log.watch("one.example/b")
    (answer,) = fetch_all("http://one.example/a")

    assert log.paths("one.example") == ["/a", "/b"]
    assert min(log.gaps("one.example")) >= GAP - EARLY
    assert answer.milliseconds < GAP * 1000  # what its server took, not what we waited


def test_redirects_from_many_hosts_to_one_wait_for_its_gap(log, fetch_all):
    log.watch(*(f"host{n}.example/" for n in range(4)), to="http://one.example/a")
    log.watch("one.example/a")
    fetch_all(*(f"http://host{n}.example/" for n in range(4)))

    assert len(log.gaps("one.example")) == 3
    assert min(log.gaps("one.example")) >= GAP - EARLY


def test_a_crawl_delay_is_kept(log, fetch_all):
    log.watch("one.example/robots.txt", body=b"User-agent: *\nCrawl-delay: 0.4\n")
    log.watch("one.example/a", "one.example/b")
    fetch_all("http://one.example/a", "http://one.example/b", robots=True)

    assert log.paths("one.example")[0] == "/robots.txt"
    assert log.gaps("one.example")[1] >= 0.4 - EARLY


def test_the_robots_file_of_the_host_that_a_redirect_leads_to_is_obeyed(log, fetch_all):
    log.watch("one.example/a", "one.example/b", to="http://shy.example/private")
    log.watch("shy.example/robots.txt", body=b"User-agent: casewatch\nDisallow: /private\n")
    log.watch("shy.example/private")
    answers = fetch_all("http://one.example/a", "http://one.example/b", robots=True, host_gap=0.0)

    assert [answer.got.kind for answer in answers] == ["robots", "robots"]
    assert log.paths("shy.example") == ["/robots.txt"]


def test_a_robots_file_that_has_moved_is_read_where_it_is(log, fetch_all):
    log.watch("one.example/robots.txt", to="http://www.one.example/robots.txt")
    log.watch("www.one.example/robots.txt", body=b"User-agent: *\nDisallow: /\n")
    log.watch("one.example/a")
    (answer,) = fetch_all("http://one.example/a", robots=True, host_gap=0.0)

    assert answer.got.kind == "robots"
    assert "/a" not in log.paths("one.example")


def test_a_host_that_asks_to_wait_is_not_asked_for_its_other_pages(odd_server, log, fetch_all):
    odd_server.says("busy.example/0", status=429, Retry_After="3600")
    urls = [f"http://busy.example/{n}" for n in range(5)]
    log.watch(*(f"busy.example/{n}" for n in range(1, 5)), "one.example/a")
    *busy, other = fetch_all(*urls, "http://one.example/a")

    assert [answer.got.kind for answer in busy] == ["too_many_requests"] * 5
    assert log.paths("busy.example") == []
    assert all(3500 < answer.got.retry_after.total_seconds() <= 3600 for answer in busy)
    assert isinstance(other.got, Page)


def test_a_host_that_does_not_answer_three_times_costs_no_fourth(odd_server, log, fetch_all):
    odd_server.says("one.example/a", b"words")
    log.watch(*(f"dead.example/{n}" for n in range(20)), wait=3.0)
    urls = [f"http://dead.example/{n}" for n in range(20)]
    begun = time.monotonic()
    answers = fetch_all(*urls, host_gap=0.0, total_timeout=0.4)

    assert {answer.got.kind for answer in answers} == {"timeout"}
    assert len(log.paths("dead.example")) <= 4
    assert time.monotonic() - begun < 2.5


def test_a_host_that_answers_in_between_is_asked_on(log, fetch_all):
    places = [f"one.example/{n}" for n in range(9)]
    log.watch(*places)
    log.watch(*places[::3], wait=2.0)
    answers = fetch_all(*(f"http://{p}" for p in places), host_gap=0.0, total_timeout=0.3)

    assert sum(isinstance(answer.got, Page) for answer in answers) == 6


def test_a_batch_of_large_bodies_ends_and_small_ones_come(odd_server, log, fetch_all, monkeypatch):
    monkeypatch.setattr("flows.fetch._BATCH_BYTES", 3_000_000)
    monkeypatch.setattr("flows.fetch._LARGE", 100_000)
    log.watch(*(f"large{n}.example/" for n in range(10)), body=b"x" * 900_000)
    log.watch(*(f"small{n}.example/" for n in range(10)), body=b"x" * 1_000)
    urls = [f"http://{size}{n}.example/" for size in ("large", "small") for n in range(10)]
    answers = fetch_all(*urls)

    held = sum(len(answer.got.body) for answer in answers if isinstance(answer.got, Page))
    assert held <= 4_000_000
    assert all(isinstance(answer.got, Page) for answer in answers[10:])
    assert "this batch is full" in str([a.got for a in answers[:10]])
