"""`casewatch doctor`: what is wrong is named with its fix, and breaks no other look."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import duckdb
import pytest

from extractors.model import Verdict
from flows.backup import make_backup
from flows.cli import main
from flows.doctor import examine
from flows.doctor_parts import Finding
from flows.doctor_setup import VARIABLES
from flows.job import only_run
from flows.settings import Settings
from tests.flows.upkeep_child import child
from warehouse.inbox import Judgement, put
from warehouse.publish import publish
from warehouse.store import Warehouse

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime.now(UTC)


@pytest.fixture
def home(newsroom_home, tmp_path, monkeypatch):
    """Return a home whose only run ended an hour ago; CASEWATCH_HOME names it."""
    copied = tmp_path / "home"
    shutil.copytree(newsroom_home, copied)
    monkeypatch.setenv("CASEWATCH_HOME", str(copied))
    ended = NOW - timedelta(hours=1)
    execute(
        copied,
        f"update run set kind = 'monitor', started_at = '{ended}'::timestamptz, "
        f"finished_at = '{ended}'::timestamptz; "
        f"update article set first_seen_at = '{ended}'::timestamptz",
    )
    return copied


def execute(home: Path, sql: str) -> None:
    warehouse = Warehouse(home / "casewatch.duckdb")
    with warehouse.transaction() as db:
        db.execute(sql)
    publish(warehouse, home / "casewatch-read.duckdb")


def look(home: Path, *, seeds: Path = ROOT / "seeds", later: timedelta = timedelta(), **more: str):
    """Return the findings by what they are of; the last one counts."""
    given = {"CASEWATCH_HOME": str(home), "CASEWATCH_CONTACT": "desk@watch.example"} | more
    found: dict[str, Finding] = {}
    for finding in examine(seeds, given, lambda: NOW + later):
        found[finding.what] = finding
    return found


def states(found: dict[str, Finding]) -> dict[str, str]:
    return {what: finding.state for what, finding in found.items() if finding.state != "ok"}


def test_a_sound_installation_has_no_failure(home, capsys):
    assert states(look(home)) == {"schedule": "unknown", "backup": "warn"}
    assert main(["doctor"]) == 0
    assert "No failure" in capsys.readouterr().out


def test_before_the_first_run_nothing_fails_and_nothing_is_made(tmp_path):
    found = look(tmp_path / "none")

    assert states(found) == {
        "schedule": "unknown",
        "warehouse": "warn",
        "last run": "warn",
        "backup": "warn",
    }
    assert not (tmp_path / "none").exists()


def test_what_it_looks_at_it_leaves_as_it_is(home):
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    look(home)

    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


# --- what was set up -----------------------------------------------------------------------------


def test_a_setting_that_nothing_reads_is_named_with_what_may_be_meant(home):
    found = look(home, CASEWATCH_NOTFIY="mailto://x")["settings"]

    assert (found.state, found.fix) == ("warn", "CASEWATCH_NOTIFY may be meant")
    assert "CASEWATCH_NOTFIY" in found.said


def test_a_setting_that_cannot_be_is_a_failure_and_the_rest_is_looked_at(home):
    found = look(home, CASEWATCH_WORKERS="many")

    assert found["settings"].state == "fail"
    assert found["warehouse"].state == "ok"


def test_every_setting_that_the_code_reads_is_known():
    """A setting that is missing here would be called a typo."""
    files = [
        path
        for folder in ("extractors", "warehouse", "review", "flows")
        for path in (ROOT / folder).rglob("*.py")
        if not path.name.startswith("doctor")
    ]
    words = "".join(path.read_text("utf-8") for path in [*files, ROOT / "prefect.yaml"])
    read = set(re.findall(r"CASEWATCH_[A-Z_]*[A-Z]", words))

    assert set(VARIABLES) == read


def test_a_library_of_another_version_is_a_failure(home, monkeypatch):
    monkeypatch.setattr("flows.doctor_setup.requires", lambda _: ["duckdb==0.1", "nosuch>=2"])
    found = [one for one in examine(ROOT / "seeds", {"CASEWATCH_HOME": str(home)}) if one.fix]

    said = [one.said for one in found if one.what == "libraries"]
    assert said == [f"duckdb is {duckdb.__version__}, casewatch needs ==0.1",
                    "nosuch is not installed"]  # fmt: skip


def test_a_registry_that_cannot_be_read_is_a_failure(home, tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/feeds.yaml").write_text("feeds: 7\n")
    found = look(home, seeds=tmp_path / "seeds")["registry"]

    assert (found.state, found.fix) == ("fail", "casewatch seeds check")
    assert "no case is watched" in found.said


@pytest.mark.parametrize(
    ("deployments", "state"),
    [
        ([{"name": "daily", "paused": False, "schedules": [{"active": True}]}], "ok"),
        ([{"name": "daily", "paused": True, "schedules": [{"active": True}]}], "warn"),
        ([{"name": "daily", "paused": False, "schedules": []}], "warn"),
        ([], "warn"),
    ],
)
def test_a_prefect_server_is_asked_for_the_schedule(home, deployments, state):
    with prefect_that_says(deployments) as (url, asked):
        found = look(home, PREFECT_API_URL=url, PREFECT_API_KEY="k")

    assert found["schedule"].state == state
    assert asked == ["/api/deployments/filter Bearer k"]


@contextmanager
def prefect_that_says(deployments: object) -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a server that answers so, and what it was asked."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(f"{self.path} {self.headers['Authorization']}")
            body = json.dumps(deployments).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api", asked
        server.shutdown()


def test_a_prefect_server_that_is_away_leaves_the_schedule_unknown(home):
    found = look(home, PREFECT_API_URL="http://127.0.0.1:9/api")

    assert found["schedule"].state == "unknown"


# --- the home ------------------------------------------------------------------------------------


def test_a_run_under_way_is_told_and_one_that_lasts_for_days_is_a_warning(home):
    with only_run(home):
        assert "a run is under way" in look(home)["locks"].said
        assert look(home, later=timedelta(days=2))["locks"].state == "warn"


@pytest.mark.slow
def test_who_holds_the_warehouse_is_named_and_the_copy_looked_at(home):
    with child("hold", home, said="begun"):
        findings = [*examine(ROOT / "seeds", {"CASEWATCH_HOME": str(home)}, lambda: NOW)]

    held = [one for one in findings if "is held by" in one.said]
    assert [one.state for one in held] == ["warn"]
    assert "last run" in {one.what for one in findings if one.state == "ok"}


def test_a_warehouse_of_a_newer_casewatch_is_a_failure(home):
    execute(home, "insert into schema_migration values ('9999_later.sql', 'x', now())")
    found = look(home)["warehouse"]

    assert found.state == "fail"
    assert "newer version" in found.said


def test_a_warehouse_that_is_no_database_is_a_failure_and_the_rest_is_looked_at(home):
    (home / "casewatch.duckdb").write_bytes(b"spilt" * 9_000)
    found = look(home)

    assert found["warehouse"].state == "fail"
    assert found["backup"].state == "warn"


def test_a_copy_that_is_older_than_the_last_run_is_a_failure(home):
    with Warehouse(home / "casewatch.duckdb").transaction() as db:
        db.execute("update run set finished_at = ?", [NOW + timedelta(hours=5)])

    assert look(home, later=timedelta(hours=6))["copy"].state == "fail"


def test_runs_that_stay_away_are_a_warning_then_a_failure(home):
    assert look(home, later=timedelta(hours=20))["last run"].state == "ok"
    assert look(home, later=timedelta(hours=40))["last run"].state == "warn"
    assert look(home, later=timedelta(days=9))["last run"].state == "fail"


def test_a_run_that_failed_is_told_with_its_reason(home):
    execute(home, "update run set state = 'failed', message = 'none of 12 feeds answered'")
    found = look(home)["last run"]

    assert found.state == "fail"
    assert "none of 12 feeds answered" in found.said


@pytest.mark.parametrize(("state", "hours"), [("given_up", 1), ("waiting", 30)])
def test_messages_that_no_channel_takes_are_a_failure(home, state, hours):
    packed = NOW - timedelta(hours=hours)
    execute(
        home,
        "insert into outbox_message (message_id, channel, kind, state, alerts, packed_at, attempts,"
        f" failure) values ('m', 'mail', 'digest', '{state}', 4, '{packed}', 9, 'HTTP 500')",
    )
    found = look(home)["outbox"]

    assert (found.state, found.said) == ("fail", "4 alerts were not taken, by mail: HTTP 500")


def test_verdicts_that_nobody_takes_in_are_a_warning(home, noon):
    put(home / "inbox", Judgement("feedface", Verdict.RELEVANT, "desk", noon))

    assert look(home)["inbox"].state == "ok"
    assert look(home, later=timedelta(days=3))["inbox"].state == "warn"


def test_records_that_cannot_be_read_are_a_failure(home):
    (file,) = (home / "warc").rglob("*.warc.gz")
    file.write_bytes(file.read_bytes()[:2_000])
    found = look(home)["archive"]

    assert found.state == "fail"
    assert "casewatch verify" in found.fix


def test_a_disk_that_will_be_full_is_told_in_days(home, monkeypatch):
    usage = shutil.disk_usage(home)
    for free, state in ((10**12, "ok"), (4 * 10**8, "warn"), (4 * 10**7, "fail"), (10, "fail")):
        monkeypatch.setattr("shutil.disk_usage", lambda _, free=free: usage._replace(free=free))
        found = look(home)["disk"]
        assert (found.state, found.said) == (state, found.said)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=4 * 10**8))

    assert re.search(r"400 MB free, about \d+ days left at \d+ MB a day", look(home)["disk"].said)


def test_the_last_backup_is_told_by_its_age_and_missed_when_it_is_gone(home, tmp_path):
    backup, _ = make_backup(Settings(home=home), tmp_path / "none", tmp_path / "backups")

    assert "on the same disk" in look(home)["backup"].said
    assert "3 days old" in look(home, later=timedelta(days=3))["backup"].said
    shutil.rmtree(backup.folder)
    assert look(home)["backup"].state == "fail"


def test_programs_read_json(home, capsys):
    assert main(["doctor", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert {"state", "what", "said", "fix"} == set(found[0])
