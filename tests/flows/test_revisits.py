"""Articles about tracked subjects are looked at again: what stayed, what an outlet changed."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest

from flows.cli import main
from flows.polling import due_feeds, poll_feeds, store_polls
from flows.settling import settle
from flows.visiting import pages_due, visit_pages
from warehouse.chain import Walk, walk_chain
from warehouse.store import open_copy

pytestmark = pytest.mark.slow  # whole runs: `make slow`

FEEDS = {"good": "http://good.example/feed"}
ONE = "http://good.example/one"
HOUR = timedelta(hours=1)
PLAIN = (
    "<!doctype html><html lang=en><head><meta charset=utf-8><title>Bridge opens</title></head>"
    "<body><article><h1>Bridge opens</h1><p>The bridge over the river opened on Thursday after "
    "three years of work, and the first to cross it was a class of the school beside it.</p>"
    "<p>It cost less than was planned, the mayor said, and will be painted in spring.</p>"
    "</article></body></html>"
)


@pytest.fixture
def look(odd_server, tmp_path, make_odd_job):
    """Return a function that watches some hours after noon and returns the report.

    The steps of a run without its lock and its published copy, which would take most of the time.
    """

    def run(hours: float = 0.0):
        job = make_odd_job(odd_server.settings(tmp_path / "home"), FEEDS, hours * HOUR)
        if not hours:
            store_polls(job, poll_feeds(job, due_feeds(job)))
        visit_pages(job, pages_due(job))
        settle(job)
        return job.report

    return run


@pytest.fixture
def ask(tmp_path):
    def asking(sql: str):
        with open_copy(tmp_path / "home" / "casewatch.duckdb") as db:
            return db.execute(sql).fetchall()

    return asking


@pytest.fixture
def published(tmp_path, monkeypatch):
    """Return a function that publishes the copy; CASEWATCH_HOME names its home."""

    def publishing():
        home = tmp_path / "home"
        shutil.copyfile(home / "casewatch.duckdb", home / "casewatch-read.duckdb")
        monkeypatch.setenv("CASEWATCH_HOME", str(home))

    return publishing


@pytest.fixture
def site(odd_server, rss, story):
    """Serve a feed with one article about Ada Quarry; return a function that edits it."""
    odd_server.says("good.example/feed", rss(ONE))

    def serve(**words):
        odd_server.says("good.example/one", story(**words))

    serve()
    return serve


def asked(odd_server) -> int:
    return len(odd_server.headers_of("good.example/one"))


# --- when ----------------------------------------------------------------------------------------


def test_it_is_looked_at_again_after_1_6_and_24_hours_and_7_days(look, site, odd_server):
    seen = []
    for hours in (0, 0.5, 1, 3, 6, 12, 24, 100, 168, 400):
        look(hours)
        seen.append((hours, asked(odd_server)))

    assert seen == [
        (0, 1),
        (0.5, 1),
        (1, 2),
        (3, 2),
        (6, 3),
        (12, 3),
        (24, 4),
        (100, 4),
        (168, 5),
        (400, 5),
    ]


def test_visits_that_nobody_made_are_not_made_up_for(look, site, odd_server):
    look()
    look(30)
    look(31)

    assert asked(odd_server) == 2


def test_an_article_about_nobody_tracked_is_read_once(look, odd_server, rss):
    odd_server.says("good.example/feed", rss(ONE))
    odd_server.says("good.example/one", PLAIN)
    look()
    look(200)

    assert asked(odd_server) == 1


def test_an_article_that_a_correction_took_the_name_out_of_is_still_looked_at(
    look, odd_server, site, ask
):
    look()
    odd_server.says("good.example/one", PLAIN)
    look(1)
    look(6)
    site()
    look(24)

    assert asked(odd_server) == 4
    assert ask(
        "select kind from article_changes where subject_id is not null order by seen_at"
    ) == [
        ("name_removed",),
        ("name_added",),
    ]


# --- what stayed ---------------------------------------------------------------------------------


def test_the_same_page_again_is_a_revisit_record_of_the_first(look, site, ask, tmp_path):
    look()
    look(1)
    look(6)

    assert ask(
        "select kind, status, refers_to = (select capture_id from capture where kind = 'response') "
        "from capture order by fetched_at"
    ) == [("response", 200, None), ("revisit", 200, True), ("revisit", 200, True)]
    assert ask("select count(*) from article_version") == [(1,)]
    with open_copy(tmp_path / "home" / "casewatch.duckdb") as db:
        assert list(walk_chain(db, tmp_path / "home" / "warc", Walk())) == []


def test_a_304_is_a_revisit_record_too(look, odd_server, site, ask, story):
    odd_server.says("good.example/one", story(), ETag='"1"')
    look()
    odd_server.says("good.example/one", b"", 304, ETag='"1"')
    look(1)

    assert odd_server.headers_of("good.example/one")[1]["If-None-Match"] == '"1"'
    assert ask("select kind, status from capture order by fetched_at") == [
        ("response", 200),
        ("revisit", 304),
    ]


def test_a_page_whose_ads_changed_is_archived_whole_but_no_version(
    look, site, ask, odd_server, story
):
    look()
    odd_server.says("good.example/one", story().replace("</body>", "<!-- ad 2 --></body>"))
    look(1)
    look(6)

    assert ask("select kind from capture order by fetched_at") == [
        ("response",),
        ("response",),
        ("revisit",),
    ]
    assert ask(
        "select refers_to = (select arg_max(capture_id, fetched_at) from capture "
        "where kind = 'response') from capture where kind = 'revisit'"
    ) == [(True,)]
    assert ask("select versions from article") == [(1,)]


def test_a_page_that_gave_no_article_is_in_the_archive_all_the_same(look, odd_server, rss, ask):
    odd_server.says("good.example/feed", rss(ONE))
    odd_server.says("good.example/one", "<html><body></body></html>")
    look()

    assert ask("select kind, url from capture") == [("response", ONE)]
    assert ask("select count(*) from article") == [(0,)]


# --- what changed --------------------------------------------------------------------------------


def test_a_changed_headline_is_told_with_both(look, site, ask):
    look()
    site(title="Court will hear Ada Quarry")
    report = look(1)

    assert report.versions_new == 1
    assert report.edited == [
        f"{ONE}: new version (headline changed: “Lawyers ask court to hear Ada Quarry” is now "
        "“Court will hear Ada Quarry”)"
    ]
    assert ask(
        "select kind, before, after, same_code, from_number, to_number from article_changes"
    ) == [
        (
            "headline_changed",
            "Lawyers ask court to hear Ada Quarry",
            "Court will hear Ada Quarry",
            True,
            1,
            2,
        )
    ]


def test_a_text_edited_to_and_fro_tells_each_change(look, site, ask):
    look()
    site(title="Court will hear Ada Quarry")
    look(1)
    site()
    look(6)

    assert ask("select from_number, to_number from article_changes order by seen_at") == [
        (1, 2),
        (2, 1),
    ]


def test_a_person_reads_word_by_word_what_was_edited(look, site, ask, published, capsys):
    look()
    site(title="Court will hear Ada Quarry", more="It has asked for more time.")
    look(1)
    published()

    assert main(["versions", ONE]) == 0
    said = capsys.readouterr().out
    assert "Version 1" in said
    assert "Version 2  20 Nov 2026 13:00 UTC  stands now" in said
    assert "headline changed" in said
    assert "{+It has asked for more time.+}" in said


def test_versions_are_found_by_alert_too_and_a_program_reads_json(
    look, site, ask, published, capsys
):
    look()
    site(more="It has asked for more time.")
    look(1)
    published()
    (alert,) = ask("select alert_id from alert")[0]

    assert main(["versions", alert[:8], "--json"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 2
    assert '[{"op": "added", "text": "It has asked for more time."}]' in said[1]


def test_an_article_that_nobody_stored_is_wrong_use(look, site, published, capsys):
    look()
    published()

    assert main(["versions", "feedface"]) == 2
    assert "no article 'feedface'" in capsys.readouterr().err
