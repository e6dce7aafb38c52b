import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread

import pytest

from extractors.errors import PageError
from extractors.model import Article, Page
from flows.extraction import Unread, read_pages, stream_pages
from flows.workers import stream

# Worker processes are reached through Unix sockets, which pytest-socket takes for the network.
pytestmark = pytest.mark.enable_socket

FETCHED_AT = datetime(2026, 3, 10, tzinfo=UTC)
WORDS = "The court said on Monday that the new tests would go ahead as planned. " * 6


def make_page(title, body=None) -> Unread:
    html = f"<html lang='en'><body><h1>{title}</h1><p>{WORDS}</p></body></html>".encode()
    url = f"https://news.example.org/{title}"
    return Page(url, url, 200, (), html if body is None else body, FETCHED_AT), None, None


class Killer(Page):
    """A page that ends whatever process unpacks its body, as a crash in a C library does."""

    def __reduce__(self):
        return os._exit, (3,)


class Sleeper(Page):
    """A page on which its reader never ends."""

    def __reduce__(self):
        return time.sleep, (60,)


def bad_page(kind) -> Unread:
    page, entry, language = make_page("Bad")
    return kind(page.url, page.url, 200, (), page.body, FETCHED_AT), entry, language


def titles(articles) -> list[str]:
    return [a.title if isinstance(a, Article) else a.kind for a in articles]


def test_pages_come_back_in_their_order_with_their_failures():
    pages = [make_page("One"), make_page("PDF", b"%PDF-1.7"), make_page("Two"), make_page("", b" ")]

    assert titles(read_pages(pages, workers=2)) == ["One", "not_html", "Two", "no_text"]


def test_no_workers_read_here_with_the_same_result():
    pages = [make_page("One"), make_page("PDF", b"%PDF-1.7")]
    here, there = (read_pages(pages, workers=workers) for workers in (0, 1))

    assert here[0] == there[0]
    assert titles(here) == titles(there) == ["One", "not_html"]


def test_no_pages_are_no_articles():
    assert read_pages([], workers=2) == []


def test_a_page_that_kills_its_reader_costs_itself_alone():
    pages = [make_page("One"), bad_page(Killer), make_page("Two"), make_page("Three")]
    articles = read_pages(pages, workers=2)

    assert titles(articles) == ["One", "crashed", "Two", "Three"]
    assert isinstance(articles[1], PageError)


def test_a_page_on_which_its_reader_hangs_costs_itself_alone():
    pages = [make_page("One"), bad_page(Sleeper), make_page("Two")]

    assert titles(read_pages(pages, workers=2, seconds=1)) == ["One", "timeout", "Two"]


def test_a_page_on_which_its_reader_computes_for_ever_costs_itself_alone():
    """libxml2 compares each attribute with all before it: 300,000 take minutes."""
    attributes = " ".join(f"a{n}" for n in range(300_000))
    endless = make_page("Bad", f"<html><body><p {attributes}>{WORDS}".encode())

    assert titles(read_pages([endless, make_page("One")], workers=2, seconds=1)) == [
        "timeout",
        "One",
    ]


def test_pages_can_be_read_in_a_thread():
    """Prefect runs us in one: a forked child would hold its locks for ever."""
    found = []
    thread = Thread(target=lambda: found.extend(read_pages([make_page("One")], workers=1)))
    thread.start()
    thread.join(timeout=30)

    assert titles(found) == ["One"]


def test_a_stream_takes_only_a_few_pages_ahead():
    taken = []

    def pages() -> Iterator[Unread]:
        for number in range(100):
            taken.append(number)
            yield make_page(f"Page {number}")

    first = next(iter(stream_pages(pages(), workers=1)))

    assert titles([first]) == ["Page 0"]
    assert len(taken) < 40


def test_a_stream_takes_fewer_ahead_where_they_are_large():
    taken = []

    def pages() -> Iterator[bytes]:
        for number in range(10):
            taken.append(number)
            yield bytes(12_000_000)

    first = next(iter(stream(len, pages(), workers=1)))

    assert first == 12_000_000
    assert len(taken) == 5
