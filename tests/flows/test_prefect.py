"""Real Prefect: a run on its ephemeral server, and a served cron line that makes runs."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
import yaml

from warehouse.store import open_copy

ROOT = Path(__file__).resolve().parents[2]
CASEWATCH = [sys.executable, "-m", "flows.cli"]
REGISTRY = {
    "cases/a-case.yaml": """
id: a-case
name: {given: [Toforest], family: [Johnson]}
policy: name_sufficient
jurisdiction: {country: US}
status: [{value: death_sentence, as_of: "2025-03-13", source: s1}]
sources: {s1: "https://example.org/a"}
""",
    "feeds.yaml": """
feeds:
- {id: one, url: "http://one.invalid/rss", outlet: One, kind: feed, source: "http://one.invalid/"}
- {id: two, url: "http://two.invalid/rss", outlet: Two, kind: feed, source: "http://two.invalid/"}
""",
}


@pytest.fixture
def environment(tmp_path):
    """Return an environment with a Prefect of its own."""
    seeds = tmp_path / "seeds"
    for name, text in REGISTRY.items():
        (seeds / name).parent.mkdir(parents=True, exist_ok=True)
        (seeds / name).write_text(text, encoding="utf-8")
    mine = {"PREFECT_HOME": str(tmp_path / "prefect"), "CASEWATCH_HOME": str(tmp_path / "home")}
    foreign = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return foreign | mine | {"CASEWATCH_SEEDS": str(seeds), "COLUMNS": "100"}


def casewatch(environment, *words):
    return subprocess.run(
        [*CASEWATCH, *words],
        env=environment,
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )


def test_what_is_deployed_to_a_server_is_what_serve_keeps():
    """Monitor, digest and outbox: each deployment's entry point is a flow of that name."""
    deployed = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    entries = [deployment["entrypoint"].split(":") for deployment in deployed]

    assert [flow for _, flow in entries] == ["monitor", "digest", "outbox"]
    assert all(f"\ndef {flow}(" in (ROOT / file).read_text("utf-8") for file, flow in entries)
    assert len({deployment["schedules"][0]["cron"] for deployment in deployed}) == 3


@pytest.mark.prefect
@pytest.mark.slow
def test_the_demo_runs_as_a_prefect_flow_and_a_second_time_finds_nothing(environment, tmp_path):
    demo = ["demo", "--seeds", str(ROOT / "seeds"), "--home", str(tmp_path / "demo"), "--json"]

    first, second = casewatch(environment, *demo), casewatch(environment, *demo)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert json.loads(first.stdout)["alerts_new"] > 40
    assert json.loads(second.stdout)["entries_new"] == 0
    assert "Traceback" not in first.stderr + second.stderr
    runs = _rows(tmp_path / "prefect" / "prefect.db", "select name, state_type from flow_run")
    assert [state for _, state in runs] == ["COMPLETED", "COMPLETED"]
    artifacts = _rows(tmp_path / "prefect" / "prefect.db", "select key, data from artifact")
    assert "alerts new" in str(artifacts)


@pytest.mark.prefect
@pytest.mark.slow
def test_without_a_network_the_run_names_each_feed_and_calls_it_our_own_outage(
    environment, tmp_path
):
    done = casewatch(environment, "run")

    assert done.returncode == 1
    assert "http://one.invalid/rss" in done.stdout
    assert "http://two.invalid/rss" in done.stdout
    assert "our own outage" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    with open_copy(tmp_path / "home" / "casewatch-read.duckdb") as db:
        assert db.execute("select distinct failure from feed").fetchall() == [(None,)]
        assert db.execute("select state from run").fetchall() == [("failed",)]


@pytest.mark.prefect
@pytest.mark.slow
def test_a_served_cron_line_makes_runs(environment, tmp_path):
    """With SQLAlchemy 2.1 it silently never did."""
    served = subprocess.Popen(
        [*CASEWATCH, "serve", "--cron", "* * * * *", "--digest-cron", "0 0 1 1 *"],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    copy = tmp_path / "home" / "casewatch-read.duckdb"
    try:
        deadline = time.monotonic() + 200
        while not copy.exists() and time.monotonic() < deadline and served.poll() is None:
            time.sleep(1)
    finally:
        os.killpg(served.pid, signal.SIGTERM)
        said, _ = served.communicate(timeout=60)

    assert copy.exists(), said
    with duckdb.connect(str(copy), read_only=True) as db:
        assert db.execute("select kind, feeds_polled from run").fetchall() == [("monitor", 2)]


def _rows(database, query):
    import sqlite3

    with sqlite3.connect(database) as db:
        return db.execute(query).fetchall()
