"""Digests: each alert goes out once a channel, and what a channel refused goes out next time."""

import json
from dataclasses import replace

import pytest

from flows.digests import (
    STDOUT,
    Sending,
    channel_name,
    digest_text,
    digest_title,
    post_by_apprise,
    preview,
    send_digests,
)
from flows.settings import Settings
from warehouse.store import Warehouse

# Apprise imports a module of the standard library that Python 3.13 no longer has.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

DESK, WIRE = "json://desk:secret@desk.example/hook", "mailtos://wire:pass[1@wire.example"


@pytest.fixture
def settings(home) -> Settings:
    """Return settings with two channels, on a warehouse that a run over the newsroom made."""
    return Settings(home=home, notify=(DESK, WIRE))


@pytest.fixture
def count(settings) -> int:
    """Return how many alerts are open."""
    with Warehouse(settings.warehouse).transaction() as db:
        row = db.execute("select count(*) from open_alerts").fetchone()
    return row[0] if row else 0


class Posts:
    """Takes posts in place of Apprise, but for those to the channels in *refusing*."""

    def __init__(self, *refusing: str) -> None:
        self.refusing = set(refusing)
        self.taken: list[tuple[str, str, str]] = []

    def __call__(self, url: str, title: str, text: str) -> bool:
        if url in self.refusing:
            return False
        self.taken.append((url, title, text))
        return True


def make_alert(number: int, **fields):
    return {
        "alert_id": f"{number:016x}",
        "rank": 1,
        "display_name": "Ada Quarry",
        "title": f"Report {number}",
        "passage": "Ada\n Quarry spoke.",
        "reason": "Full name",
        "outlets": ["The Herald", "The Courier"],
        "published_at": None,
        "canonical_url": f"http://herald.example/{number}",
    } | fields


def test_each_alert_goes_out_once_a_channel(settings, count, noon):
    posts = Posts()
    first = send_digests(settings, post=posts, clock=lambda: noon)
    second = send_digests(settings, post=posts, clock=lambda: noon)

    assert count > 10
    assert [(s.alerts, s.sent) for s in first] == [(count, True), (count, True)]
    assert [(s.alerts, s.sent) for s in second] == [(0, True), (0, True)]
    assert [url for url, _, _ in posts.taken] == [DESK, WIRE]


def test_what_a_channel_refused_it_gets_next_time(settings, count, noon):
    posts = Posts(WIRE)
    first = send_digests(settings, post=posts, clock=lambda: noon)
    posts.refusing.clear()
    second = send_digests(settings, post=posts, clock=lambda: noon)

    assert [(s.alerts, s.sent) for s in first] == [(count, True), (count, False)]
    assert [(s.alerts, s.sent) for s in second] == [(0, True), (count, True)]
    assert [url for url, _, _ in posts.taken] == [DESK, WIRE]


def test_a_new_channel_gets_what_is_open(settings, count, noon):
    send_digests(replace(settings, notify=(DESK,)), post=Posts(), clock=lambda: noon)
    (sending,) = send_digests(replace(settings, notify=(WIRE,)), post=Posts(), clock=lambda: noon)

    assert sending == Sending(channel_name(WIRE), count, sent=True)


def test_a_preview_counts_nothing(settings, count, noon):
    shown = preview(settings, clock=lambda: noon)
    posts = Posts()
    send_digests(settings, post=posts, clock=lambda: noon)

    assert shown.startswith(f"casewatch: {count} alerts")
    assert posts.taken[0][2] == shown
    assert "nothing new" in preview(settings, clock=lambda: noon)


def test_without_channels_the_digest_is_printed(settings, count, noon, capsys):
    quiet = replace(settings, notify=())
    (first,) = send_digests(quiet, clock=lambda: noon)
    (second,) = send_digests(quiet, clock=lambda: noon)
    printed = capsys.readouterr().out

    assert (first, second) == (Sending(STDOUT, count, sent=True), Sending(STDOUT, 0, sent=True))
    assert printed.startswith(f"casewatch: {count} alerts")
    assert printed.endswith("casewatch, 20 November 2026: nothing new since the last digest.\n")


def test_a_webhook_receives_the_digest(odd_server, settings, count, noon):
    """Through Apprise itself, to a server on this machine."""
    host, port = odd_server.address
    hook = replace(settings, notify=(f"json://{host}:{port}/hook",), allow=(f"{host}:{port}",))
    (sending,) = send_digests(hook, clock=lambda: noon)
    ((place, body),) = odd_server.posted

    assert sending.sent
    assert place == "127.0.0.1/hook"
    assert json.loads(body)["title"].startswith(f"casewatch: {count} alerts")
    assert "casewatch judge" in json.loads(body)["message"]


def test_a_webhook_that_fails_takes_nothing(odd_server, settings, noon):
    host, port = odd_server.address
    odd_server.post_status = 500
    hook = replace(settings, notify=(f"json://{host}:{port}/hook",), allow=(f"{host}:{port}",))
    (sending,) = send_digests(hook, clock=lambda: noon)

    assert not sending.sent


def test_a_webhook_in_our_own_network_is_not_written_to(odd_server, settings, noon):
    host, port = odd_server.address
    hook = replace(settings, notify=(f"json://{host}:{port}/hook",))
    (sending,) = send_digests(hook, clock=lambda: noon)

    assert not sending.sent
    assert odd_server.posted == []


def test_an_address_that_apprise_does_not_know_takes_nothing():
    assert not post_by_apprise("carrier-pigeon://x", "title", "text")


@pytest.mark.parametrize("url", [DESK, WIRE, "slack://TokenA/TokenB/TokenC", "secret-only"])
def test_a_channels_name_gives_no_secret_away(url):
    name = channel_name(url)

    assert name == channel_name(url)
    assert not any(word in name for word in ("secret", "pass", "Token", "desk", "wire", "hook"))


def test_channels_of_one_service_have_names_of_their_own():
    assert channel_name(DESK) != channel_name(DESK + "2")
    assert channel_name(DESK).startswith("json:")


def test_the_title_names_who_is_in_the_gravest_once():
    grave = [make_alert(1, rank=3), make_alert(2, rank=3), make_alert(3, display_name="B. Other")]

    assert digest_title(grave) == "casewatch: 3 alerts, urgent: Ada Quarry"
    assert digest_title([make_alert(1)]) == "casewatch: 1 alert"


def test_an_alert_is_told_with_sentence_reason_outlets_and_link(noon):
    text = digest_text([make_alert(0xABCDEF0123456789, rank=3)], noon)

    assert text.splitlines()[3:] == [
        "!!! Ada Quarry: Report 12379813738877118345",
        "    “Ada Quarry spoke.”",
        "    Full name",
        "    The Herald, The Courier, undated",
        "    http://herald.example/12379813738877118345",
        "    casewatch judge abcdef01 relevant",
    ]


def test_a_long_digest_says_how_many_more_there_are(noon):
    text = digest_text([make_alert(number) for number in range(53)], noon)

    assert text.startswith("casewatch: 53 alerts\n")
    assert text.count("Full name") == 50
    assert text.endswith("and 3 more: casewatch alerts")
