"""`casewatch backfill --named-only`: who names nobody is passed over, the others lose nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.mentions import Tagger
from extractors.model import Page
from flows.cli import main
from flows.named_pages import NamedPages, may_name
from flows.saved_pages import Folder
from flows.seeds import read_newsroom
from warehouse.store import open_copy

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
REPORT = (
    "The court in San Quentin heard the lawyers on Tuesday, and will decide in the spring. " * 6
)


def page_of(words: str, name: str = "a") -> str:
    return (
        f'<html lang="en"><head><title>Court report {name}</title>'
        f'<link rel="canonical" href="https://news.example/2026/{name}">'
        f'<meta property="article:published_time" content="2026-11-02T10:00:00Z"></head><body>'
        f"<article><h1>Court report {name}</h1><p>{words}</p><p>{REPORT}</p>"
        "</article></body></html>"
    )


@pytest.fixture(scope="module")
def tagger():
    return Tagger(read_newsroom(SEEDS).subjects)


@pytest.fixture
def crawl(tmp_path):
    folder = tmp_path / "crawl"
    folder.mkdir()
    for number in range(30):
        (folder / f"other-{number:02}.html").write_text(page_of("Nobody was named.", f"o{number}"))
    words = "Kevin Cooper, on death row for murders in Chino Hills, asked for DNA tests."
    (folder / "x-named.html").write_text(page_of(words, "named"))
    return folder


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CASEWATCH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CASEWATCH_WORKERS", "0")
    return tmp_path / "home"


def articles(home):
    with open_copy(home / "casewatch-read.duckdb") as db:
        return db.execute("select canonical_url from article order by 1").fetchall()


def test_a_page_that_names_nobody_is_passed_over(tagger, crawl):
    found = [*NamedPages(Folder(crawl, 5_000_000), tagger, "r1").read("")]

    assert len(found) == 31
    assert [one.name for one in found if one.page] == ["https://news.example/2026/named"]
    assert not any(one.problem for one in found)


def test_a_namesake_s_page_is_read_as_well(tagger):
    words = "Kevin Cooper scored twice before half-time."
    page = Page("https://x.example/", "https://x.example/", 200, (), page_of(words).encode(), NOON)

    assert may_name(tagger, page)


def test_what_is_no_html_is_left_to_the_reader(tagger):
    page = Page("https://x.example/", "https://x.example/", 200, (), b"%PDF-1.7 and so on", NOON)

    assert may_name(tagger, page)


def test_only_what_names_somebody_is_stored(crawl, home, capsys):
    assert main(["backfill", "--named-only", str(crawl)]) == 0, capsys.readouterr()
    assert articles(home) == [("https://news.example/2026/named",)]
    assert "31 pages, 1 new articles" in capsys.readouterr().out


def test_a_source_that_was_sifted_can_still_be_read_whole(crawl, home, capsys):
    main(["backfill", "--named-only", str(crawl)])
    main(["backfill", "--named-only", str(crawl)])
    assert "(read before)" in capsys.readouterr().out
    main(["backfill", str(crawl)])

    assert len(articles(home)) == 31
