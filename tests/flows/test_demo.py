"""The whole spine on the bundled newsroom, against the table that a reader of its pages made."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from flows.demo import demo_settings
from flows.job import Job, make_job
from flows.newsroom import Newsroom
from flows.seeds import read_newsroom
from flows.settings import Settings
from flows.watch import watch_once
from warehouse.store import open_copy

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
EXPECTED = yaml.safe_load((SEEDS / "newsroom" / "expected.yaml").read_text("utf-8"))
PAGES = {page["url"]: page for page in EXPECTED["pages"]}
READ = {url: page for url, page in PAGES.items() if page.get("fetched", True)}


@dataclass(frozen=True)
class Stage:
    """The newsroom after a first run, a second, and one of its second state."""

    first: Job
    second: Job
    third: Job
    settings: Settings


def watch(settings: Settings) -> Job:
    """Run the steps once, without Prefect."""
    job = make_job(settings, read_newsroom(SEEDS))
    watch_once(job, "demo")
    return job


@pytest.fixture(scope="module")
def stage(tmp_path_factory) -> Stage:
    home = tmp_path_factory.mktemp("demo")
    with Newsroom(SEEDS / "newsroom") as site:
        settings = demo_settings(home, site.hosts, site.port)
        first, second = watch(settings), watch(settings)
        site.set_state(2)
        return Stage(first, second, watch(settings), settings)


def asked(stage: Stage, sql: str) -> list[tuple]:
    with open_copy(stage.settings.copy) as db:
        return db.execute(sql).fetchall()


def alerts_of(stage: Stage, job: Job) -> set[tuple[str, str]]:
    """Return (subject, story) of a job's alerts; a story is named by its articles' addresses."""
    rows = asked(
        stage,
        "select al.subject_id, list(a.canonical_url order by a.canonical_url) from alert al "
        f"join article a using (story_id) where al.run_id = '{job.run_id}' "
        "group by al.alert_id, al.subject_id",
    )
    return {(subject, story_name(urls)) for subject, urls in rows}


def story_name(urls: list[str]) -> str:
    return PAGES[urls[0]].get("story") or urls[0]


def test_the_first_run_raises_the_alerts_of_the_table_and_no_other(stage):
    expected = {
        (subject, page.get("story") or url)
        for url, page in READ.items()
        for subject in page["alerts"]
    }

    assert alerts_of(stage, stage.first) == expected
    assert stage.first.report.alerts_new == len(expected)


def test_each_article_names_the_subjects_of_the_table(stage):
    found: dict[str, set[str]] = {url: set() for url in READ}
    for url, subject in asked(
        stage,
        "select distinct a.canonical_url, m.subject_id from mention m "
        "join article_version v using (version_id) join article a on a.article_id = v.article_id "
        "where v.number = 1 and m.tier <> 'rejected'",
    ):
        found[url].add(subject)
    articles = {url for url, page in READ.items() if page["kind"] not in {"listing", "video"}}

    assert {u: found[u] for u in articles} == {u: set(READ[u]["mentions"]) for u in articles}


def test_every_page_is_what_the_table_says(stage):
    kinds = dict(asked(stage, "select canonical_url, page_kind from article"))

    assert kinds == {url: page["kind"] for url, page in READ.items()}


def test_the_page_that_robots_forbid_is_never_asked_for_and_named(stage):
    forbidden = {url for url, page in PAGES.items() if not page.get("fetched", True)}
    refused = {loss.url for loss in stage.first.report.losses if loss.kind == "robots"}

    assert refused == forbidden


def test_the_wire_story_is_one_alert_with_three_outlets(stage):
    rows = asked(
        stage,
        "select outlets from alerts where subject_id = 'robert-roberson' and len(outlets) > 1",
    )

    assert [len(outlets) for (outlets,) in rows] == [3]


def test_the_second_run_finds_nothing_new(stage):
    counts = stage.second.report.counts()

    assert {name: counts[name] for name in counts if name.endswith("_new")} == {
        "entries_new": 0,
        "articles_new": 0,
        "versions_new": 0,
        "mentions_new": 0,
        "alerts_new": 0,
    }


def test_the_correction_is_one_version_with_the_mention_it_adds(stage):
    report = stage.third.report

    assert (report.articles_new, report.versions_new) == (0, 1)
    assert (report.mentions_new, report.alerts_new) == (1, 1)
    assert [line for line in report.edited if "name added: toforest-johnson" in line]
    assert {subject for subject, _ in alerts_of(stage, stage.third)} == {"toforest-johnson"}


def test_no_key_stands_twice(stage):
    tables = asked(
        stage,
        "select table_name, column_name from duckdb_columns() where "
        "column_index = 1 and table_name in (select table_name from duckdb_tables())",
    )

    for table, key in tables:
        if table != "sketch":  # a day comes first there, to skip row groups
            doubles = asked(stage, f"select {key} from {table} group by all having count(*) > 1")
            assert doubles == [], table


def test_every_offset_points_at_its_quote(stage):
    rows = asked(
        stage,
        "select text, start_offset, end_offset, quote from mention join article_version "
        "using (version_id) union all select text, start_offset, end_offset, quote from event "
        "join article_version using (version_id)",
    )

    assert len(rows) > 100
    assert all(text[start:end] == quote for text, start, end, quote in rows)


def test_the_broken_and_the_gone_feed_are_named_and_cost_only_themselves(stage):
    failing = dict(asked(stage, "select feed_id, failure from feed_health where state = 'failing'"))
    expected = {
        feed["id"]: feed["outcome"] for feed in EXPECTED["feeds"] if feed["outcome"] != "ok"
    }

    assert failing == expected
