"""Retagging: a new case is found in what is stored, a later tagger reads all of it once."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from extractors.errors import UsageError
from extractors.model import Case, PersonName, Policy, Registry, Verdict
from flows.cli import main
from flows.job import make_job, under_way
from flows.retagging import retag_all, retag_subjects, search_in_run
from flows.settling import settle
from warehouse.inbox import Judgement, drain, put
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
MILL = Case(
    id="bruno-mill",
    name=PersonName(given=("Bruno",), family=("Mill",)),
    display_name="Bruno Mill",
    policy=Policy.NAME_SUFFICIENT,
    kind="person",
)
YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def first_home(tmp_path_factory, module_server, make_odd_job, watch, rss, story):
    """Return a home with three articles; one of them names Bruno Mill, whom nobody tracks yet."""
    home = tmp_path_factory.mktemp("first") / "home"
    module_server.says("good.example/feed", rss(*LINKS))
    module_server.says("good.example/one", story())
    named = "Bruno Mill, who shared her cell block, was sentenced to death in the same court."
    module_server.says("good.example/two", story(title="Ada Quarry waits", more=named))
    module_server.says("good.example/three", OTHER)
    watch(make_odd_job(module_server.settings(home), FEEDS))
    search_in_run(make_odd_job(module_server.settings(home), FEEDS))
    return home


@pytest.fixture
def home(first_home, tmp_path):
    copied = tmp_path / "home"
    shutil.copytree(first_home, copied)
    return copied


@pytest.fixture
def make(home, module_server, make_odd_job, noon):
    """Return a maker of jobs whose registry has other cases too, *after* the first run."""

    def making(*more: Case, after: timedelta = timedelta(days=1), cases=None):
        known = make_odd_job(module_server.settings(home), FEEDS).registry
        registry = Registry(cases or (*known.cases, *more), (), known.feeds, f"with {len(more)}")
        return make_job(module_server.settings(home), registry, clock=lambda: noon + after)

    return making


@pytest.fixture
def ask(home):
    def asking(sql: str):
        with open_copy(home / "casewatch.duckdb") as db:
            return db.execute(sql).fetchall()

    return asking


def search(job, *subjects):
    with under_way(job, "retag"):
        outcome = retag_subjects(job, subjects)
        settle(job)
    return outcome


def retag(job, **options):
    with under_way(job, "retag"):
        outcome = retag_all(job, **options)
        settle(job)
    return outcome


def forget_taggers(home):
    with duckdb.connect(str(home / "casewatch.duckdb")) as db:
        db.execute("update tagging set tagger_version = 'older'")


# --- a new case ----------------------------------------------------------------------------------


def test_a_new_case_is_found_in_what_is_stored(make, ask):
    job = make(MILL)
    outcome = search(job, "bruno-mill")

    assert (outcome.tagged, outcome.changed, outcome.mentions_new) == (1, 1, 1)
    assert ask("select quote, registry_version from mention where subject_id = 'bruno-mill'") == [
        ("Bruno Mill", "with 1")
    ]
    assert job.report.alerts_new == 1


def test_a_second_search_has_nothing_to_do(make, ask):
    search(make(MILL), "bruno-mill")
    before = ask("from mention order by all"), ask("from alert order by all")

    assert search(make(MILL), "bruno-mill").tagged == 0
    assert (ask("from mention order by all"), ask("from alert order by all")) == before


@pytest.mark.parametrize(("days", "is_history"), [(13, False), (15, True)])
def test_what_has_been_stored_for_long_is_history(make, ask, days, is_history):
    search(make(MILL, after=timedelta(days=days)), "bruno-mill")

    assert ask("select history from alert where subject_id = 'bruno-mill'") == [(is_history,)]


def test_alerts_and_verdicts_of_others_stay(make, ask, home, noon):
    (alert,) = ask("select alert_id from alert order by 1 limit 1")[0]
    put(home / "inbox", Judgement(alert, Verdict.RELEVANT, "desk", noon))
    drain(Warehouse(home / "casewatch.duckdb"), home / "inbox")
    before = ask("from alert order by all")
    search(make(MILL), "bruno-mill")

    assert ask("from alert where subject_id <> 'bruno-mill' order by all") == before
    assert ask(f"select verdict from alerts where alert_id = '{alert}'") == [("relevant",)]


def test_a_name_that_a_case_has_no_more_is_forgotten(make, ask):
    search(make(MILL), "bruno-mill")
    other = replace(MILL, name=PersonName(given=("Bruno",), family=("Miller",)))
    outcome = search(make(other, replace(MILL, id="x")), "bruno-mill")

    assert outcome.changed == 1
    assert ask("select count(*) from mention where subject_id = 'bruno-mill'") == [(0,)]


def test_no_subjects_are_searched_in_nothing(make, home):
    forget_taggers(home)

    assert search(make()).tagged == 0


def test_a_subject_that_nobody_tracks_is_wrong_use(make):
    with pytest.raises(UsageError, match="no subject 'bruno-mill'"):
        retag_subjects(make(), ["bruno-mill"])


# --- as a step of a run --------------------------------------------------------------------------


def test_a_run_searches_for_a_case_that_is_new_in_the_registry(make, ask, watch):
    job = make(MILL)
    with under_way(job, "test"):
        search_in_run(job)
        settle(job)

    assert (job.report.mentions_new, job.report.alerts_new, job.report.advice) == (1, 1, [])
    assert ask("select count(*) from subject_search where searched_at is not null") == [(2,)]


def test_a_run_says_how_to_search_a_stock_that_is_too_big_for_it(make, ask):
    job = make(MILL)
    search_in_run(job, most=2)
    again = make(MILL)
    search_in_run(again, most=2)

    assert job.report.advice == again.report.advice
    assert job.report.advice == [
        "bruno-mill: new or changed; 3 stored versions are not searched yet: "
        "casewatch retag bruno-mill"
    ]
    assert ask("select count(*) from mention where subject_id = 'bruno-mill'") == [(0,)]


def test_a_run_says_when_another_tagger_tagged_what_is_stored(make, home):
    forget_taggers(home)
    job = make()
    search_in_run(job)

    assert job.report.advice == [
        "3 stored versions were tagged by another tagger: casewatch retag --all"
    ]


def test_a_case_that_is_changed_and_changed_back_before_the_search_is_searched(make):
    other = replace(MILL, name=PersonName(given=("Bruno",), family=("Miller",)))
    search(make(MILL), "bruno-mill")
    search_in_run(make(other), most=2)
    job = make(MILL)
    search_in_run(job, most=2)

    assert "bruno-mill: new or changed" in job.report.advice[0]


# --- all of it -----------------------------------------------------------------------------------


def test_what_comes_out_the_same_is_not_written_again(make, ask, home):
    before = ask("from mention order by all"), ask("from claim order by all")
    forget_taggers(home)
    outcome = retag(make())

    assert (outcome.tagged, outcome.changed) == (3, 0)
    assert (ask("from mention order by all"), ask("from claim order by all")) == before
    assert ask("select count(*) from tagging where tagger_version = 'older'") == [(0,)]


def test_a_second_time_nothing_is_left(make, home):
    forget_taggers(home)
    retag(make())

    assert retag(make()).tagged == 0


def test_what_was_tagged_before_anybody_kept_by_whom_is_written_anew(make, ask, home):
    before = ask("select * exclude (registry_version) from mention order by all")
    with duckdb.connect(str(home / "casewatch.duckdb")) as db:
        db.execute("delete from tagging")
        db.execute("insert into mention select * replace ('stray' as mention_id) from mention")
    outcome = retag(make())

    assert (outcome.tagged, outcome.changed) == (3, 2)
    assert ask("select * exclude (registry_version) from mention order by all") == before


def test_all_has_the_cases_that_are_new(make, ask, home):
    outcome = retag(make(MILL))

    assert (outcome.tagged, outcome.mentions_new) == (1, 1)


def test_a_retagging_that_was_stopped_goes_on_where_it_was(make, home):
    forget_taggers(home)

    def stop(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retag(replace(make(), say=stop), batch=1)

    assert retag(make(), batch=1).tagged == 2


def test_workers_come_to_the_same(make, ask, home, monkeypatch):
    monkeypatch.setattr("flows.retagging._FEW", 0)
    job = make(MILL)
    search(replace(job, settings=replace(job.settings, workers=1)), "bruno-mill")

    assert ask("select quote from mention where subject_id = 'bruno-mill'") == [("Bruno Mill",)]


# --- the command ---------------------------------------------------------------------------------


def test_the_command_says_what_it_did_and_then_that_nothing_is_left(home, monkeypatch, capsys):
    monkeypatch.setenv("CASEWATCH_HOME", str(home))
    monkeypatch.setenv("CASEWATCH_WORKERS", "0")
    forget_taggers(home)

    assert main(["retag", "--all"]) == 0
    assert "3 versions tagged again, 2 of them say otherwise." in capsys.readouterr().out
    assert main(["retag", "--all"]) == 0
    assert capsys.readouterr().out == "Nothing to tag again.\n"
    assert main(["retag"]) == 0
    assert capsys.readouterr().out == "Nothing to tag again.\n"


@pytest.mark.parametrize("words", [["nobody"], ["--all", "kevin-cooper"]])
def test_what_cannot_be_is_wrong_use(home, monkeypatch, capsys, words):
    monkeypatch.setenv("CASEWATCH_HOME", str(home))

    assert main(["retag", *words]) == 2
    assert words[0] in capsys.readouterr().err
