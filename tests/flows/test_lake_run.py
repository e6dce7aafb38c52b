"""Whole runs on a lake: they leave what runs on a file leave, and every command answers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.kill_compare import differences, stored_rows
from benchmarks.postgres import Postgres, postgres
from flows.cli import main
from flows.demo import demo_settings
from flows.job import make_job
from flows.newsroom import Newsroom
from flows.seeds import read_newsroom
from flows.settings import Settings
from flows.watch import watch_once
from warehouse.places import Lake
from warehouse.store import open_copy

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
_OF_THE_HOUR = {"lake_copy", "entry_version"}  # ids of entry_version are made from the time
SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as running:
        yield running


def _watch(settings: Settings, state: int) -> Settings:
    with Newsroom(SEEDS / "newsroom", state=state) as site:
        at = demo_settings(settings.home, site.hosts, site.port)
        watch_once(make_job(replace(at, lake=settings.lake), read_newsroom(SEEDS)))
    return settings


def test_two_days_on_a_lake_leave_what_they_leave_in_a_file(server, tmp_path, monkeypatch, capsys):
    lake = Lake(server.new_database("days"), str(tmp_path / "lake"))
    on_lake, on_file = Settings(home=tmp_path / "a", lake=lake), Settings(home=tmp_path / "b")
    for state in (1, 2):
        _watch(on_lake, state)
        _watch(on_file, state)

    wanted, found = (
        {t: rows for t, rows in stored_rows(one.home).items() if t not in _OF_THE_HOUR}
        for one in (on_file, on_lake)
    )
    assert len(wanted) > 25
    assert differences(wanted, found) == []

    monkeypatch.setenv("CASEWATCH_HOME", str(on_lake.home))
    monkeypatch.setenv("CASEWATCH_WAREHOUSE", str(lake))
    with open_copy(on_lake.copy) as db:
        (alert,) = db.execute("select min(alert_id) from alerts").fetchone() or ("",)
    assert main(["judge", alert, "relevant"]) == 0
    for words in (["alerts"], ["health"], ["outbox"], ["publish", "--tidy", "1"], ["verify"]):
        assert main(words) == 0, words
    capsys.readouterr()
    assert main(["sql", "--csv", "select verdict from alerts where verdict is not null"]) == 0
    assert "relevant" in capsys.readouterr().out


def test_two_machines_that_backfill_the_same_pages_store_them_once(server, tmp_path):
    watched = _watch(Settings(home=tmp_path / "watched"), 1)
    lake = Lake(server.new_database("backfills"), str(tmp_path / "lake"))
    alone = _backfill(tmp_path / "alone", watched.archive, None)
    assert alone.wait(timeout=120) == 0
    both = [_backfill(tmp_path / name, watched.archive, lake) for name in ("one", "two")]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert _backfill(tmp_path / "one", watched.archive, lake).wait(timeout=120) == 0  # publishes

    keyed = "select article_id, version_id, subject_id, start_offset from mention order by all"
    with open_copy(Settings(home=tmp_path / "alone").copy) as db:
        wanted = db.execute(keyed).fetchall()
    with open_copy(Settings(home=tmp_path / "one").copy) as db:
        found = db.execute(keyed).fetchall()
        states = db.execute("select distinct state from run").fetchall()
    assert len(wanted) > 20
    assert found == wanted
    assert states == [("done",)]


def _backfill(home: Path, pages: Path, lake: Lake | None) -> subprocess.Popen[bytes]:
    given = {"CASEWATCH_HOME": str(home), "CASEWATCH_WAREHOUSE": str(lake or "")}
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "flows.cli",
            "backfill",
            *map(str, sorted(pages.rglob("*.warc.gz"))),
        ],
        env=os.environ | given,
        stdout=subprocess.DEVNULL,
    )
