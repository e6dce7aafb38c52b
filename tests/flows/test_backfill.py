"""Backfill: WARC files, folders, lists and sitemaps through the same stages, resumable, once."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.model import Page
from flows.backfill import backfill_saved, backfill_urls
from flows.cli import main
from flows.demo import demo_settings
from flows.job import Job, make_job, under_way
from flows.listed import listed_urls
from flows.newsroom import Newsroom
from flows.saved_pages import Folder, WarcFile, address_in, open_saved
from flows.seeds import read_newsroom
from flows.settings import Settings
from warehouse.archive import Archive
from warehouse.store import Warehouse, open_copy

pytestmark = pytest.mark.slow  # whole runs: `make slow`

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
NEWSROOM = SEEDS / "newsroom"
MOST = 5_000_000
CRAWLED = datetime(2026, 11, 20, 6, tzinfo=UTC)
TABLES = ("article", "article_version", "mention", "event", "claim", "alert", "story_article")
MADE_ANEW = "run_id, raised_at, warc_file, warc_offset, first_seen_at, fetched_at"


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    """Return the newsroom's reports as a crawler would have met them."""
    found = [
        Page(url, url, 200, (("Content-Type", "text/html; charset=utf-8"),), body, CRAWLED)
        for file in sorted(NEWSROOM.glob("*.example/**/*.html"))
        if (url := address_in(body := file.read_bytes())) is not None
    ]
    assert len(found) > 30
    return found


@pytest.fixture(scope="module")
def warc(pages, tmp_path_factory):
    """Return one WARC file that holds *pages*."""
    folder = tmp_path_factory.mktemp("crawl")
    archive = Archive(folder, "crawl", CRAWLED)
    return folder / archive.store(pages)[0].file


def job_in(home: Path) -> Job:
    return make_job(Settings(home=home), read_newsroom(SEEDS))


def rows(home: Path, table: str) -> list[tuple]:
    with Warehouse(home / "casewatch.duckdb").transaction() as db:
        kept = [
            name
            for (name,) in db.execute(
                "select column_name from duckdb_columns() where table_name = ?", [table]
            ).fetchall()
            if name not in MADE_ANEW.split(", ")
        ]
        return db.execute(f"select {', '.join(kept)} from {table} order by all").fetchall()


@pytest.fixture(scope="module")
def undisturbed(warc, tmp_path_factory):
    home = tmp_path_factory.mktemp("undisturbed")
    job = job_in(home)
    with under_way(job, "backfill"):
        backfill_saved(job, WarcFile(warc, MOST))
    return home


def test_a_warc_file_gives_its_articles_mentions_and_alerts(undisturbed, pages):
    assert len(rows(undisturbed, "article")) > 30
    assert len(rows(undisturbed, "mention")) > 100
    assert len(rows(undisturbed, "alert")) > 30


def test_what_a_backfill_raises_is_history_unless_a_day_in_it_is_still_to_come(undisturbed):
    with open_copy(undisturbed / "casewatch-read.duckdb") as db:
        wrong = db.execute(
            "select al.alert_id from alert al where al.history = exists (from event e "
            "where e.version_id = al.version_id and e.subject_id = al.subject_id "
            "and e.event_date >= cast(al.raised_at as date))"
        ).fetchall()

    assert wrong == []


def test_a_page_s_record_can_be_read_in_our_own_archive(undisturbed, monkeypatch, capsys):
    monkeypatch.setenv("CASEWATCH_HOME", str(undisturbed))

    assert main(["verify"]) == 0, capsys.readouterr()


class Killed(BaseException):
    """Stands for kill -9: nothing may catch it."""


def test_stopped_half_way_and_started_again_it_ends_where_an_undisturbed_one_does(
    warc, undisturbed, tmp_path
):
    def stop(words: str) -> None:
        if words.startswith("20 pages"):
            raise Killed

    job = make_job(Settings(home=tmp_path), read_newsroom(SEEDS), say=stop)
    with pytest.raises(Killed), under_way(job, "backfill"):
        backfill_saved(job, WarcFile(warc, MOST), batch=10)
    stopped_at = len(rows(tmp_path, "article"))
    again = job_in(tmp_path)
    with under_way(again, "backfill"):
        backfill_saved(again, WarcFile(warc, MOST), batch=10)

    assert 0 < stopped_at < len(rows(tmp_path, "article"))
    for table in TABLES:
        assert rows(tmp_path, table) == rows(undisturbed, table), table


def test_a_source_that_was_read_is_not_read_again(warc, undisturbed):
    job = job_in(undisturbed)
    with under_way(job, "backfill"):
        progress = backfill_saved(job, WarcFile(warc, MOST))

    assert progress.done
    assert job.report.pages_fetched == 0


def test_a_file_that_breaks_off_gives_what_stands_before_the_break(warc, tmp_path, capsys):
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(warc.read_bytes()[: warc.stat().st_size // 2])
    found = list(WarcFile(cut, MOST).read(""))

    assert len([one for one in found if one.page is not None]) > 10


def test_bytes_that_are_no_warc_are_named(tmp_path):
    bad = tmp_path / "bad.warc"
    bad.write_bytes(b"not a WARC file at all\r\n" * 50)

    (found,) = WarcFile(bad, MOST).read("")

    assert found.page is None
    assert found.problem == "does not begin with a WARC record"


# --- folders -------------------------------------------------------------------------------------


def test_a_folder_of_saved_pages_is_read_by_name_and_a_page_without_address_is_named(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.html").write_text('<link href="https://one.example/a" rel="canonical">')
    (tmp_path / "b.html").write_text("<p>From nowhere.</p>")
    (tmp_path / "deep" / "c.htm").write_text(
        "<!-- saved from url=(0024)https://one.example/c -->\n<p>Saved.</p>"
    )
    (tmp_path / "notes.txt").write_text("no page")
    found = list(Folder(tmp_path, MOST).read(""))

    assert [one.position for one in found] == ["a.html", "b.html", "deep/c.htm"]
    assert [one.page.url if one.page else None for one in found] == [
        "https://one.example/a",
        None,
        "https://one.example/c",
    ]
    assert "does not say its address" in (found[1].problem or "")
    assert [one.position for one in Folder(tmp_path, MOST).read("b.html")] == ["deep/c.htm"]


@pytest.mark.parametrize("name", ["there.pdf", "gone"])
def test_what_is_no_source_is_wrong_use(name, tmp_path, capsys):
    (tmp_path / "there.pdf").write_bytes(b"%PDF")

    assert main(["backfill", str(tmp_path / name)]) == 2
    assert "no folder and no .warc" in capsys.readouterr().err


def test_a_folder_and_a_warc_file_are_told_apart(tmp_path, warc):
    assert isinstance(open_saved(tmp_path, MOST), Folder)
    assert isinstance(open_saved(warc, MOST), WarcFile)


# --- lists of addresses --------------------------------------------------------------------------


@pytest.fixture
def site() -> Iterator[Newsroom]:
    with Newsroom(NEWSROOM) as newsroom:
        yield newsroom


def test_a_list_of_addresses_is_fetched_once(site, pages, tmp_path):
    wanted = [page.url for page in pages if "herald.example" in page.url][:6]
    (tmp_path / "list.txt").write_text("\n".join(["# what we missed", *wanted, *wanted]))
    settings = demo_settings(tmp_path, site.hosts, site.port)
    fetched = []
    for _ in range(2):
        job = make_job(settings, read_newsroom(SEEDS))
        with under_way(job, "backfill"):
            backfill_urls(job, listed_urls(job, str(tmp_path / "list.txt")))
        fetched.append(job.report.pages_fetched)

    assert fetched == [6, 0]
    assert len(rows(tmp_path, "article")) >= 5


def test_an_opml_file_s_feeds_are_read_once_and_a_dead_one_is_named(site, tmp_path):
    feeds = [feed.url for feed in read_newsroom(SEEDS).feeds if "herald.example" in feed.url]
    outlines = "".join(f'<outline type="rss" text="x" xmlUrl="{url}"/>' for url in feeds)
    file = tmp_path / "reader.opml"
    file.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    job = make_job(demo_settings(tmp_path, site.hosts, site.port), read_newsroom(SEEDS))

    urls = listed_urls(job, str(file))

    assert len(urls) > 5
    assert [(loss.what, loss.kind) for loss in job.report.losses] == [("feed", "gone")]


def test_an_index_of_sitemaps_is_followed(tmp_path, odd_server):
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    odd_server.says(
        "one.example/index.xml",
        f"<sitemapindex {space}><sitemap><loc>http://one.example/a.xml</loc></sitemap>"
        "<sitemap><loc>http://one.example/gone.xml</loc></sitemap></sitemapindex>".encode(),
    )
    odd_server.says(
        "one.example/a.xml",
        f"<urlset {space}><url><loc>http://one.example/report</loc></url></urlset>".encode(),
    )
    job = make_job(odd_server.settings(tmp_path), read_newsroom(SEEDS))

    assert listed_urls(job, "http://one.example/index.xml") == ["http://one.example/report"]
    assert [loss.url for loss in job.report.losses] == ["http://one.example/gone.xml"]


def test_a_record_of_another_crawler_is_kept_byte_for_byte(warc, undisturbed):
    with open_copy(undisturbed / "casewatch-read.duckdb") as db:
        found = db.execute("select warc_file, warc_offset from article_version").fetchall()
    theirs = warc.read_bytes()

    assert found
    for file, offset in found:
        ours = (undisturbed / "warc" / file).read_bytes()
        assert ours[offset : offset + 200] in theirs


def test_a_file_that_is_not_packed_gives_the_same_pages(warc, tmp_path):
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(warc.read_bytes()))

    found, same = (list(WarcFile(file, MOST).read("")) for file in (warc, plain))

    assert [one.page for one in found] == [one.page for one in same]
    assert all(one.member for one in found)
    assert not any(one.member for one in same)


def test_a_page_over_the_limit_is_left_out_and_those_behind_it_are_not(warc):
    every = [found.page for found in WarcFile(warc, MOST).read("") if found.page]
    limit = sorted(len(page.body) for page in every)[-3]

    small = [found.page for found in WarcFile(warc, limit).read("")]

    assert small == [page for page in every if len(page.body) <= limit]
    assert len(small) == len(every) - 2


def test_a_packed_body_is_stored_as_its_words(tmp_path):
    body = b"<html><body><p>" + b"The court heard the case today. " * 30 + b"</p></body></html>"
    packed = gzip.compress(body)
    http = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n"
        b"Content-Length: " + str(len(packed)).encode() + b"\r\n\r\n" + packed
    )
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/x\r\n"
        b"WARC-Date: 2026-11-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        b"Content-Type: application/http; msgtype=response\r\n"
        b"Content-Length: " + str(len(http)).encode() + b"\r\n\r\n"
    )
    file = tmp_path / "theirs.warc.gz"
    file.write_bytes(gzip.compress(head + http + b"\r\n\r\n"))

    (found,) = WarcFile(file, MOST).read("")

    assert found.page is not None
    assert found.page.body == body
    assert found.member is None
