"""What the fetcher does not ask for: our own network, and what robots.txt forbids."""

import socket
from datetime import timedelta

import pytest

from flows.addresses import is_public
from flows.fetch import Fetcher, Request
from flows.politeness import Failure

MEGABYTE = 1_000_000


def kind_of(answer):
    assert isinstance(answer.got, Failure), answer.got
    return answer.got.kind


# --- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::7f00:1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "fc00::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_of_our_own_network_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
        "2606:4700:4700::1111",
    ],
)
def test_an_address_of_the_open_web_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://[::1]:1/",
        "http://[::ffff:127.0.0.1]:1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://localhost:1/",
    ],
)
def test_no_request_reaches_our_own_network(odd_server, fetch, url):
    odd_server.says("odd.example/a", status=302, Location=url)

    assert kind_of(fetch(url)) == "blocked_address"
    assert kind_of(fetch("http://odd.example/a")) == "blocked_address"


# --- robots.txt --------------------------------------------------------------------------------


def test_a_page_that_robots_forbid_is_not_asked_for(odd_server, fetch):
    odd_server.says("shy.example/robots.txt", "User-agent: *\nDisallow: /private/")
    odd_server.says("shy.example/private/a", "words")
    odd_server.says("shy.example/a", "words")

    assert kind_of(fetch("http://shy.example/private/a", robots=True)) == "robots"
    assert fetch("http://shy.example/a", robots=True).got.body == b"words"
    assert not odd_server.headers_of("shy.example/private/a")


def test_a_rule_for_us_by_name_counts(odd_server, fetch):
    odd_server.says("shy.example/robots.txt", "User-agent: Casewatch\nDisallow: /")

    assert kind_of(fetch("http://shy.example/a", robots=True)) == "robots"


@pytest.mark.parametrize("name", ["news", "monitoring", "desk", "watch.example", "bot"])
def test_a_rule_for_a_word_that_only_our_introduction_has_is_not_ours(odd_server, fetch, name):
    odd_server.says("shy.example/robots.txt", f"User-agent: {name}\nDisallow: /")
    odd_server.says("shy.example/a", "words")

    assert fetch("http://shy.example/a", robots=True).got.body == b"words"


def test_without_a_robots_file_everything_may_be_read(odd_server, fetch):
    odd_server.says("open.example/a", "words")

    assert fetch("http://open.example/a", robots=True).got.body == b"words"


@pytest.mark.parametrize(("status", "kind"), [(500, "http_5xx"), (429, "too_many_requests")])
def test_where_the_robots_file_is_ill_nothing_is_read(odd_server, fetch, status, kind):
    odd_server.says("ill.example/robots.txt", status=status, Retry_After="60")
    odd_server.says("ill.example/a", "words")
    answer = fetch("http://ill.example/a", robots=True)

    assert kind_of(answer) == kind
    assert answer.got.retry_after == timedelta(minutes=1)
    assert answer.got.message.startswith("robots.txt could not be read")
    assert not odd_server.headers_of("ill.example/a")


def test_robots_txt_is_asked_for_once_a_host(odd_server, tmp_path):
    for path in "abc":
        odd_server.says(f"open.example/{path}", "words")
    fetcher = Fetcher(odd_server.settings(tmp_path))
    fetcher.fetch([Request(f"http://open.example/{path}") for path in "abc"], MEGABYTE)
    fetcher.fetch([Request("http://open.example/a")], MEGABYTE)

    assert len(odd_server.headers_of("open.example/robots.txt")) == 1


def test_a_robots_file_in_no_known_charset_is_read_as_far_as_it_goes(odd_server, fetch):
    odd_server.says("shy.example/robots.txt", b"# caf\xe9 \x00\nUser-agent: *\nDisallow: /no\n")
    odd_server.says("shy.example/a", "words")

    assert kind_of(fetch("http://shy.example/no", robots=True)) == "robots"
    assert fetch("http://shy.example/a", robots=True).got.body == b"words"


def test_a_name_with_several_addresses_of_our_own_is_blocked(fetch, monkeypatch):
    """However many there are, the refusal keeps its class."""
    inner = [("::1", socket.AF_INET6), ("127.0.0.1", socket.AF_INET), ("10.0.0.1", socket.AF_INET)]
    found = [(family, socket.SOCK_STREAM, 6, "", (address, 80)) for address, family in inner]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    assert kind_of(fetch("http://inside.example/a")) == "blocked_address"
