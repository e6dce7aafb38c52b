"""Digests: each alert goes out once a channel, and what a channel refused goes out next time."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from extractors.delivery import Chosen
from flows.addresses import Guard
from flows.carriers import STDOUT, Answer, channel_name, post_by_apprise
from flows.digests import content_of, digest_text, digest_title, html_of, line_of, text_of
from flows.outbox import Sending, preview, send_digests
from flows.settings import Settings
from warehouse.outbox import Message
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
    """Takes messages in place of real channels, but for those to the addresses in *refusing*."""

    def __init__(self, *refusing: str) -> None:
        self.refusing = set(refusing)
        self.taken: list[tuple[str, Message]] = []

    def __call__(self, url: str, message: Message) -> Answer:
        if url in self.refusing:
            return Answer(taken=False, failure="refused")
        self.taken.append((url, message))
        return Answer(taken=True)

    @property
    def urls(self) -> list[str]:
        return [url for url, _ in self.taken]


def content(
    *alerts, counted=(), notes=(), kind="digest", now=datetime(2026, 11, 20, 12, tzinfo=UTC)
):
    return content_of(DESK, Chosen(alerts, counted), notes, kind, now, Settings().zone)


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
        "subject_id": "ada-quarry",
        "language": "en",
        "first_seen_at": None,
        "raised_at": datetime(2026, 11, 20, 6, tzinfo=UTC),
        "versions": 1,
        "notify": "daily",
        "verdict": None,
    } | fields


def test_each_alert_goes_out_once_a_channel(settings, count, noon):
    posts = Posts()
    first = send_digests(settings, carry=posts, clock=lambda: noon)
    second = send_digests(settings, carry=posts, clock=lambda: noon)

    assert count > 10
    assert [(s.alerts, s.sent) for s in first] == [(count, True), (count, True)]
    assert [(s.alerts, s.sent) for s in second] == [(0, True), (0, True)]
    assert posts.urls == [DESK, WIRE]


def test_what_a_channel_refused_it_gets_next_time(settings, count, noon):
    posts = Posts(WIRE)
    first = send_digests(settings, carry=posts, clock=lambda: noon)
    posts.refusing.clear()
    second = send_digests(settings, carry=posts, clock=lambda: noon)

    assert [(s.alerts, s.sent) for s in first] == [(count, True), (count, False)]
    assert [(s.alerts, s.sent) for s in second] == [(0, True), (count, True)]
    assert posts.urls == [DESK, WIRE]


def test_a_new_channel_gets_what_is_open(settings, count, noon):
    send_digests(replace(settings, notify=(DESK,)), carry=Posts(), clock=lambda: noon)
    (sending,) = send_digests(replace(settings, notify=(WIRE,)), carry=Posts(), clock=lambda: noon)

    assert sending == Sending(channel_name(WIRE), count, sent=True)


def test_a_preview_counts_nothing(settings, count, noon):
    shown = preview(settings, clock=lambda: noon)
    posts = Posts()
    send_digests(settings, carry=posts, clock=lambda: noon)

    assert text_of(shown).startswith(f"casewatch: {count} alerts")
    assert posts.taken[0][1].content == shown
    assert "nothing new" in text_of(preview(settings, clock=lambda: noon))


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
    message = Message("k", "c", "digest", 1, datetime.now(UTC), 1, content(make_alert(1)))

    assert not post_by_apprise("carrier-pigeon://x", message, Guard()).taken


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


def test_first_sight_and_edits_are_told(noon):
    alert = make_alert(1, first_seen_at=noon, versions=3, published_at=noon)
    text = digest_text([alert], noon)

    assert (
        "    The Herald, The Courier, 20 Nov 2026; first seen 20 Nov 2026 12:00; 3 versions" in text
    )


def test_times_are_told_by_the_clock_of_the_settings(noon):
    zone = ZoneInfo("Europe/Berlin")
    told = content_of(DESK, Chosen((make_alert(1, first_seen_at=noon),)), (), "digest", noon, zone)

    assert "20 November 2026 13:00 CET" in text_of(told)
    assert "first seen 20 Nov 2026 13:00" in text_of(told)
    assert "20 November 2026, 13:00 CET" in html_of(told)


def test_a_long_digest_says_how_many_more_there_are(noon):
    text = digest_text([make_alert(number) for number in range(53)], noon)

    assert text.startswith("casewatch: 53 alerts\n")
    assert text.count("Full name") == 50
    assert text.endswith("and 3 more: casewatch alerts")


def test_a_chat_message_is_cut_to_what_the_service_takes_and_counts_the_rest():
    alerts = [make_alert(number) for number in range(40)]
    text = text_of(content(*alerts), fits=lambda words: len(words) <= 1_000)
    shown = text.count("Full name")

    assert 3 <= shown <= 6
    assert len(text) <= 1_000
    assert text.endswith(f"and {40 - shown} more: casewatch alerts")


class Page(HTMLParser):
    """Gathers tags, links and words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data):
        self.words += data


def test_a_mail_names_rank_sentence_reason_outlets_and_link(noon):
    alert = make_alert(
        0xABCDEF0123456789,
        rank=3,
        reason="stay (ordered, 05 December 2026). full name; San Quentin 40 characters away",
        first_seen_at=noon,
    )
    page = Page(html_of(content(alert, make_alert(2))))
    words = " ".join(page.words.split())

    assert "2 new alerts" in words
    assert "Urgent (1) Ada Quarry: stay (ordered, 05 December 2026)" in words
    assert "“Ada Quarry spoke.” Full name; San Quentin 40 characters away." in words
    assert "The Herald, The Courier, undated; first seen 20 Nov 2026 12:00" in words
    assert "casewatch judge abcdef01 relevant" in words
    assert "Mentions (1)" in words
    assert page.links.count("http://herald.example/2") == 2


def test_a_mail_with_many_alerts_names_each_and_counts_what_it_does_not_show():
    words = Page(html_of(content(*(make_alert(number) for number in range(260))))).words

    assert words.count("Full name") == 50
    assert "and 210 more" in words
    assert "Report 249" in words
    assert "and 10 that are not listed here." in words


def test_mentions_of_a_subject_that_is_set_to_events_only_are_counted():
    counted = [make_alert(number, notify="events_only") for number in (7, 8)]
    told = content(make_alert(1), counted=counted)

    assert "set to events only: mentions: 2 of Ada Quarry." in text_of(told)
    assert "set to events only: mentions: 2 of Ada Quarry." in Page(html_of(told)).words


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</p></td><a href='javascript:alert(1)'>x</a>",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }}{% raw %}",
    "\u202etxt.exe\x1b[31m\x00",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_what_others_wrote_stays_words(words):
    fields = ("title", "passage", "reason", "display_name", "language")
    alert = make_alert(1, outlets=[words], **dict.fromkeys(fields, words))
    found = content(alert, notes=[words])
    page = Page(html_of(found))
    calm = Page(html_of(content(make_alert(1, outlets=["x"]), notes=["x"])))

    assert page.tags == calm.tags
    assert page.links == calm.links
    assert not re.search("[\x00-\x08\x1b\u202e]", html_of(found) + text_of(found))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", " https://x", "//x/y"])
def test_only_addresses_of_the_web_are_links(url):
    page = Page(html_of(content(make_alert(1, canonical_url=url))))

    assert page.links == []
    assert url.strip() in page.words


def test_a_mail_asks_for_nothing_from_outside():
    page = html_of(content(make_alert(1)))

    assert not {"img", "script", "link", "iframe"} & set(Page(page).tags)
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_a_line_is_one_line():
    assert line_of("a\n b\tc\x1b[0m\u202ed") == "a b c[0md"
