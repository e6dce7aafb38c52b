"""Re-extraction: what a later extractor makes of the archive, and what it leaves alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from extractors.errors import PageError
from extractors.model import Article, PageKind, Verdict, stable_id
from flows.cli import main
from flows.extraction import read_pages
from flows.reextraction import reextract
from warehouse.chain import Walk, walk_chain
from warehouse.inbox import Judgement, drain, put
from warehouse.reextractions import Scope
from warehouse.store import Warehouse, open_copy

pytestmark = pytest.mark.slow  # whole runs: `make slow`

FEEDS = {"good": "http://good.example/feed"}
LINKS = ("http://good.example/one", "http://good.example/two", "http://good.example/three")
OTHER = (
    "<!doctype html><html lang=en><head><meta charset=utf-8><title>Bridge opens</title></head>"
    "<body><article><h1>Bridge opens</h1><p>The bridge over the river opened on Thursday after "
    "three years of work, and the first to cross it was a class of the school beside it.</p>"
    "<p>It cost less than was planned, the mayor said, and will be painted in spring.</p>"
    "</article></body></html>"
)


@pytest.fixture(scope="module")
def old_home(tmp_path_factory, module_server, make_odd_job, watch, rss, story):
    """Return a home with three articles that an older extractor seems to have read."""
    home = tmp_path_factory.mktemp("old") / "home"
    module_server.says("good.example/feed", rss(*LINKS))
    module_server.says("good.example/one", story())
    module_server.says("good.example/two", story(title="Ada Quarry waits", more="She waits."))
    module_server.says("good.example/three", OTHER)
    watch(make_odd_job(module_server.settings(home), FEEDS))
    with duckdb.connect(str(home / "casewatch.duckdb")) as db:
        db.execute("update article_version set extractor_version = 'older'")
    return home


@pytest.fixture
def home(old_home, tmp_path):
    copied = tmp_path / "home"
    shutil.copytree(old_home, copied)
    return copied


@pytest.fixture
def again(home, module_server, make_odd_job):
    """Return a function that reads the archive again: its job and what came of it."""

    def run(read=None, batch=100, **scope):
        job = make_odd_job(module_server.settings(home), FEEDS, timedelta(days=1))
        return job, reextract(job, Scope(job.versions.extractor, **scope), read, batch=batch)

    return run


@pytest.fixture
def ask(home):
    def asking(sql: str):
        with open_copy(home / "casewatch.duckdb") as db:
            return db.execute(sql).fetchall()

    return asking


def reading(change):
    """Return a reader that gives each article to *change*, which may give something else."""

    def read(pages):
        return [change(article) for article in read_pages(pages, workers=0)]

    return read


def reworded(article):
    text = article.text.replace("asked", "begged") + "\nMore was found below."
    return replace(article, text=text, text_hash=stable_id(text))


# --- the same words ------------------------------------------------------------------------------


def test_the_same_words_are_no_new_version(again, ask):
    before = ask("from article_version order by all"), ask("from mention order by all")
    job, outcome = again()

    assert outcome.counts == {"same": 3}
    assert (ask("from article_version order by all"), ask("from mention order by all")) == before
    assert job.report.losses == []


def test_a_second_run_does_nothing(again, ask):
    again()
    before = ask("from reextraction order by all")
    _, outcome = again(reading(lambda _: pytest.fail("a page was read again")))

    assert (outcome.counts, outcome.broken) == ({}, 0)
    assert ask("from reextraction order by all") == before


def test_better_dates_and_kinds_stand_though_the_words_are_equal(again, ask):
    day = datetime(2026, 11, 18, tzinfo=UTC)
    again(reading(lambda a: replace(a, published_at=day, published_source="json_ld")))

    assert ask("select distinct published_at, published_source, versions from article") == [
        (day, "json_ld", 1)
    ]


def test_what_is_claimed_is_made_anew_where_the_same_page_is_now_of_another_kind(again, ask):
    assert ask("select distinct alerts from claim") == [(True,)]

    again(reading(lambda a: replace(a, page_kind=PageKind.LISTING)))
    assert ask("select distinct alerts from claim") == [(False,)]
    assert ask("select count(*) from alert") != [(0,)]


# --- other words ---------------------------------------------------------------------------------


def test_other_words_are_a_new_version_of_the_same_record(again, ask):
    job, outcome = again(reading(reworded))

    assert (outcome.counts, job.report.versions_new) == ({"changed": 3}, 3)
    assert (
        ask(
            "select count(*), count(distinct (warc_file, warc_offset)), count(distinct fetched_at) "
            "from article_version group by article_id"
        )
        == [(2, 1, 1)] * 3
    )
    assert ask("select distinct number, extractor_version from article_version order by 1") == [
        (1, "older"),
        (2, job.versions.extractor),
    ]


def test_mentions_are_made_anew_for_the_new_version_and_stay_with_the_old(again, ask):
    before = ask("select count(*) from mention")
    again(reading(reworded))

    assert ask("select count(*) from mention")[0][0] == 2 * before[0][0]
    assert ask(
        "select count(*) from mention join article_version using (version_id) "
        "where text[start_offset + 1 : end_offset] <> quote"
    ) == [(0,)]


def test_alerts_and_verdicts_stay(again, ask, home, noon):
    alert = ask("select alert_id from alert order by 1")[0][0]
    put(home / "inbox", Judgement(alert, Verdict.RELEVANT, "desk", noon))
    drain(Warehouse(home / "casewatch.duckdb"), home / "inbox")
    before = ask("from alert order by all")
    again(reading(reworded))

    assert ask("from alert order by all") == before
    assert ask(f"select verdict from alerts where alert_id = '{alert}'") == [("relevant",)]


def test_a_case_that_only_the_new_words_name_is_alerted(again, ask):
    added = "\nAda Quarry had built it, her lawyers said, before she was sent to prison."

    def named(article):
        if "Bridge" not in article.title:
            return article
        text = article.text + added
        return replace(article, text=text, text_hash=stable_id(text))

    before = len(ask("from alert"))
    job, _ = again(reading(named))

    assert job.report.alerts_new == 1
    assert len(ask("from alert")) == before + 1


def test_words_that_stood_there_before_are_not_read_a_third_time(again, ask, home):
    again(reading(reworded))
    with duckdb.connect(str(home / "casewatch.duckdb")) as db:
        db.execute("update article_version set extractor_version = 'older'")
        db.execute("delete from reextraction")
    again()  # back to the words of the first version

    assert ask("select distinct number from articles join article_version using (version_id)") == [
        (1,)
    ]
    assert again()[1].counts == {}


def test_what_differs_is_no_change_of_the_outlets(again, ask):
    again(reading(lambda a: reworded(replace(a, title="Another headline"))))

    assert ask("from article_change") == []


def test_the_chain_of_evidence_holds_afterwards(again, home):
    again(reading(reworded))

    with open_copy(home / "casewatch.duckdb") as db:
        assert list(walk_chain(db, home / "warc", Walk())) == []


def test_an_article_stays_the_same_article_whatever_address_it_is_read_to_have(again, ask):
    before = ask("select article_id, canonical_url from article order by all")
    elsewhere = "http://good.example/elsewhere"
    again(reading(lambda a: reworded(replace(a, id=stable_id(elsewhere), canonical_url=elsewhere))))

    assert ask("select article_id, canonical_url from article order by all") == before


# --- failures ------------------------------------------------------------------------------------


def test_a_page_that_gives_no_article_any_more_keeps_its_version(again, ask):
    job, outcome = again(reading(lambda _: PageError("no_text", "no text")))

    assert outcome.counts == {"failed": 3}
    assert {(loss.kind, loss.message) for loss in job.report.losses} == {
        ("no_text", "no_text: no text")
    }
    assert ask("select distinct versions from article") == [(1,)]
    assert again()[1].counts == {}


def test_a_page_that_timed_out_is_tried_again(again):
    again(reading(lambda _: PageError("timeout", "not read within 10 s")))

    assert again()[1].counts == {"same": 3}


def test_a_challenge_never_becomes_the_article(again, ask):
    again(reading(lambda a: reworded(replace(a, page_kind=PageKind.CHALLENGE))))

    assert ask("select distinct page_kind from article") == [("article",)]
    assert ask("select distinct message from reextraction") == [
        ("a consent wall or a bot check in place of the article",)
    ]


def test_a_record_that_is_gone_costs_its_articles_and_is_tried_again(again, home):
    (file,) = (home / "warc").rglob("*.warc.gz")
    moved = file.rename(file.with_suffix(".away"))
    job, outcome = again()

    assert (outcome.broken, outcome.counts) == (3, {})
    assert {loss.kind for loss in job.report.losses} == {"missing_file"}
    moved.rename(file)
    assert again()[1].counts == {"same": 3}


def test_a_record_that_is_another_page_is_not_read(again, home):
    with duckdb.connect(str(home / "casewatch.duckdb")) as db:
        db.execute("update article_version set payload_digest = 'sha1:AAAA' where title like 'B%'")
    job, outcome = again()

    assert (outcome.broken, outcome.counts) == (1, {"same": 2})
    assert job.report.losses[0].kind == "digest"


def test_a_run_that_was_stopped_goes_on_where_it_was(again, ask):
    read: list[Article] = []

    def stopping(article):
        if len(read) == 1:
            raise KeyboardInterrupt
        read.append(article)
        return reworded(article)

    with pytest.raises(KeyboardInterrupt):
        again(reading(stopping), batch=1)
    _, outcome = again(reading(reworded), batch=1)

    assert outcome.counts == {"changed": 2}
    assert ask("select distinct versions from article") == [(2,)]


# --- which articles ------------------------------------------------------------------------------


def test_only_articles_that_mention_a_subject(again):
    assert again(subject="ada-quarry")[1].counts == {"same": 2}


def test_only_articles_first_seen_since_a_day(again):
    assert again(since=datetime(2026, 11, 21, tzinfo=UTC))[1].counts == {}
    assert again(since=datetime(2026, 11, 20, tzinfo=UTC))[1].counts == {"same": 3}


# --- the command ---------------------------------------------------------------------------------


def test_the_command_says_what_it_did_and_then_that_nothing_is_left(home, monkeypatch, capsys):
    monkeypatch.setenv("CASEWATCH_HOME", str(home))
    monkeypatch.setenv("CASEWATCH_WORKERS", "0")

    assert main(["reextract", "--dry-run"]) == 0
    assert capsys.readouterr().out == "3 articles would be read again.\n"
    assert main(["reextract"]) == 0
    assert "3 articles read again: 3 with the same words, 0 new versions, 0 failed." in (
        capsys.readouterr().out
    )
    assert main(["reextract"]) == 0
    assert "Nothing to read again" in capsys.readouterr().out


def test_the_command_names_records_that_are_gone_and_fails(home, monkeypatch, capsys):
    monkeypatch.setenv("CASEWATCH_HOME", str(home))
    shutil.rmtree(home / "warc")

    assert main(["reextract"]) == 1
    said = capsys.readouterr().out
    assert "missing_file" in said
    assert "3 records could not be read: `casewatch verify` says what to do." in said


@pytest.mark.parametrize("words", [["--since", "yesterday"], ["--subject", "nobody"]])
def test_a_scope_that_cannot_be_is_wrong_use(home, monkeypatch, capsys, words):
    monkeypatch.setenv("CASEWATCH_HOME", str(home))

    assert main(["reextract", *words]) == 2
    assert words[1] in capsys.readouterr().err
