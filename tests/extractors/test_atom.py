"""The Atom feed of alerts, read by feedparser and held against the grammar of RFC 4287."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from extractors.atom import atom_feed, iri

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


def make_alert(number: int = 1, **fields):
    return {
        "alert_id": f"{number:016x}",
        "rank": 3,
        "subject_id": "ada-quarry",
        "display_name": "Ada Quarry",
        "title": "Court stays the execution of Ada Quarry",
        "passage": "A court\nstayed the execution of Ada Quarry on Thursday.",
        "reason": "stay (ordered, 19 November 2026). full name",
        "outlet": "The Herald",
        "outlets": ["The Courier", "The Herald"],
        "canonical_url": f"https://herald.example/{number}?a=1&b=2",
        "published_at": NOON - timedelta(hours=4),
        "first_seen_at": NOON - timedelta(hours=1),
        "raised_at": NOON,
        "versions": 2,
        "language": "en",
    } | fields


def feed(*alerts, whose="desk@watch.example", now=NOON, older=0) -> bytes:
    written = atom_feed(alerts, whose=whose, now=now, older=older)
    GRAMMAR.assertValid(etree.fromstring(written))
    return written


def read(*alerts, **fields):
    found = feedparser.parse(feed(*alerts, **fields))
    assert not found.bozo
    assert found.version == "atom10"
    return found


def test_an_entry_has_sentence_reason_outlets_and_link():
    (entry,) = read(make_alert()).entries

    assert entry.title == "Ada Quarry: Court stays the execution of Ada Quarry"
    assert entry.summary == "“A court stayed the execution of Ada Quarry on Thursday.”"
    assert entry.link == "https://herald.example/1?a=1&b=2"
    assert entry.author == "The Herald"
    assert entry.published == "2026-11-20T08:00:00Z"
    assert entry.updated == "2026-11-20T12:00:00Z"
    assert [tag.term for tag in entry.tags] == ["ada-quarry", "urgent"]
    words = entry.content[0].value
    assert "stay (ordered, 19 November 2026). full name" in words
    assert "The Courier, The Herald; first seen 20 November 2026 11:00 UTC; 2 versions" in words
    assert 'href="https://herald.example/1?a=1&amp;b=2"' in words


def test_ids_stay_the_same_whatever_else_changes():
    before = read(make_alert(1), make_alert(2))
    later = read(make_alert(1, title="Edited", rank=1, raised_at=NOON + timedelta(days=1)))

    assert later.feed.id == before.feed.id
    assert {e.id for e in later.entries} < {e.id for e in before.entries}
    assert read(make_alert(), whose="somebody else").feed.id != before.feed.id


def test_the_latest_alert_comes_first_and_dates_the_feed():
    later = make_alert(2, raised_at=NOON + timedelta(hours=2))
    found = read(make_alert(1), later)

    assert [entry.updated for entry in found.entries] == [
        "2026-11-20T14:00:00Z",
        "2026-11-20T12:00:00Z",
    ]
    assert found.feed.updated == "2026-11-20T14:00:00Z"


def test_the_feed_is_the_same_byte_for_byte_until_an_alert_changes():
    assert feed(make_alert(), now=NOON) == feed(make_alert(), now=NOON + timedelta(days=3))


def test_a_feed_without_alerts_is_a_feed():
    assert read().feed.updated == "2026-11-20T12:00:00Z"
    assert read().entries == []


def test_older_alerts_are_counted():
    assert read(make_alert(), older=37).feed.subtitle.startswith("The latest 1 alerts, and 37 more")


def test_an_undated_article_and_an_address_that_is_no_link_are_left_out():
    (entry,) = read(make_alert(published_at=None, canonical_url="javascript:alert(1)")).entries

    assert "published" not in entry
    assert "links" not in entry
    assert "javascript" not in entry.content[0].value


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):  # noqa: ARG002
        self.found.append(tag)


HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "]]>", "&lt;b&gt;")


@pytest.mark.parametrize("words", HOSTILE)
def test_what_others_wrote_stays_words(words):
    fields = ("title", "passage", "reason", "display_name", "outlet", "language")
    alert = make_alert(**dict.fromkeys(fields, words), outlets=[words])
    entry = etree.fromstring(feed(alert)).find("{*}entry")
    assert entry is not None

    assert entry.findtext("{*}title") == f"{words}: {words}"
    assert Tags(entry.findtext("{*}content") or "").found == ["blockquote", "p", "p", "p", "a"]


@given(words=st.text(), url=st.text())
def test_any_words_make_a_valid_feed(words, url):
    fields = ("title", "passage", "reason", "display_name", "outlet")
    feed(
        make_alert(
            **dict.fromkeys(fields, words),
            outlets=[words],
            canonical_url=f"https://x.example/{url}",
        )
    )


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/é ü", "https://a.example/%C3%A9%20%C3%BC"),
        ("https://a.example/%20?q=a&b#c", "https://a.example/%20?q=a&b#c"),
        ("HTTPS://A.example/", "HTTPS://A.example/"),
        ('https://a.example/"><x', "https://a.example/%22%3E%3Cx"),
        ("https://a.example/[x]?100%#a#b", "https://a.example/%5Bx%5D?100%25#a%23b"),
        ("ftp://a.example/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_link_holds_only_what_may_stand_in_one(url, link):
    assert iri(url) == link
