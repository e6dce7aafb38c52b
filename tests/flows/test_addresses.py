"""Which addresses may be connected to, by the fetcher and by webhooks."""

import socket
from threading import Thread

import pytest

from extractors.errors import UsageError
from flows.addresses import (
    BlockedAddressError,
    Guard,
    allowed_from,
    guard_of,
    guarded_connections,
    refusal_of,
)


def found(*addresses):
    """Return a lookup under which every name leads to *addresses*."""

    def lookup(_host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    return lookup


@pytest.mark.parametrize(
    ("rule", "address", "port"),
    [
        ("10.0.0.0/8", "10.1.2.3", 80),
        ("10.1.2.3", "10.1.2.3", 8080),
        ("127.0.0.1:8080", "127.0.0.1", 8080),
        ("fd00::/8", "fd00::1", 80),
        ("[::1]:8080", "::1", 8080),
        ("[::1]", "::1", 80),
    ],
)
def test_what_the_settings_allow_may_be_connected_to(rule, address, port):
    assert guard_of([rule]).permits(address, port)
    assert not Guard().permits(address, port)


@pytest.mark.parametrize(
    ("rule", "address", "port"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 8081),
        ("127.0.0.1:8080", "127.0.0.2", 8080),
        ("10.0.0.0/8", "192.168.1.1", 80),
        ("10.0.0.0/8", "::ffff:10.0.0.1", 80),
        ("[::1]:8080", "::1", 80),
    ],
)
def test_a_rule_allows_nothing_beside_it(rule, address, port):
    assert not guard_of([rule]).permits(address, port)


@pytest.mark.parametrize("rule", ["localhost", "intranet.example:80", "10.0.0.0/99", "", "1.2.3"])
def test_a_rule_that_is_no_address_is_refused(rule):
    with pytest.raises(UsageError, match="is no address"):
        allowed_from(rule)


@pytest.mark.parametrize(
    ("url", "addresses", "said"),
    [
        ("http://hook.example/a", ["10.0.0.1"], "leads to 10.0.0.1"),
        ("https://hook.example/a", ["1.1.1.1", "127.0.0.1"], "leads to 127.0.0.1"),
        ("json://hook.example", ["169.254.169.254"], "leads to 169.254.169.254"),
        ("http://[::1", ["1.1.1.1"], "no address"),
        ("http:///a", ["1.1.1.1"], "names no host"),
    ],
)
def test_a_webhook_of_our_own_network_is_refused(url, addresses, said):
    assert said in str(refusal_of(url, lookup=found(*addresses)))


def test_a_webhook_of_the_open_web_or_an_allowed_one_is_not_refused():
    assert refusal_of("https://hook.example/a", lookup=found("1.1.1.1", "2606:4700::1111")) is None
    inside = guard_of(["10.0.0.0/8"])
    assert refusal_of("http://hook.example/a", inside, lookup=found("10.0.0.1")) is None


def test_a_webhook_that_nobody_knows_is_named():
    def lookup(*_, **__):
        raise socket.gaierror("unknown")

    assert "cannot be found" in str(refusal_of("http://hook.example/", lookup=lookup))


def test_no_library_connects_where_the_guard_does_not_permit_it(odd_server):
    with guarded_connections(Guard()), pytest.raises(BlockedAddressError, match=r"127\.0\.0\.1"):
        socket.create_connection(odd_server.address)


def test_a_guarded_connection_to_an_allowed_address_is_made(odd_server):
    with guarded_connections(guard_of([], [odd_server.address])):
        socket.create_connection(odd_server.address).close()


def test_outside_the_guarded_block_and_in_other_threads_nothing_is_refused(odd_server):
    made = []

    def connect():
        socket.create_connection(odd_server.address).close()
        made.append(True)

    with guarded_connections(Guard()):
        thread = Thread(target=connect)
        thread.start()
        thread.join()
    connect()

    assert made == [True, True]
