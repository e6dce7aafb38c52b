"""The desk and runs beside each other: nobody waits, and no verdict is lost, whoever is killed."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from extractors.model import Verdict
from review.inbox import Inbox
from review.verdicts import Bench, Settler, Stood, settle
from tests.review.conftest import desk_settings, served
from tests.review.test_queue import alerts_in
from warehouse.inbox import waiting
from warehouse.store import Warehouse, open_copy

ROOT = Path(__file__).resolve().parents[2]


def judged(home):
    """Return the verdicts of warehouse and inbox together: alert -> verdict."""
    settings = desk_settings(home)
    with open_copy(settings.copy) as db:
        rows = db.execute("select alert_id, verdict from verdict order by judged_at").fetchall()
    return dict(rows) | {one.alert_id: str(one.verdict) for one in waiting(settings.inbox)}


def test_a_verdict_waits_for_no_run(web):
    """The warehouse is held as by a run; a key press is answered and kept all the same."""
    alert = alerts_in(web.get("/"))[0]
    with Warehouse(web.desk.settings.warehouse).transaction():
        begun = time.monotonic()
        web.say("/judge", {"alert": alert, "verdict": "relevant"})
        took = time.monotonic() - begun
        assert alert not in alerts_in(web.get("/"))
        assert not settle(web.desk.settings)  # a run holds it, and will take it in

    assert took < 1.0
    assert settle(web.desk.settings)
    assert judged(web.desk.settings.home)[alert] == "relevant"


def test_verdicts_are_settled_once_nobody_judges(home):
    settings = desk_settings(home)
    bench = Bench(Inbox(settings.inbox))
    settler = Settler(settings, bench, quiet=0.2)
    assert not settler.is_due(time.monotonic())
    with open_copy(settings.copy) as db:
        ((alert,),) = db.execute("select alert_id from alert limit 1").fetchall()

    bench.judge("s", "ada", Stood(alert, None, None), Verdict.RELEVANT, None)
    assert not settler.is_due(time.monotonic())
    time.sleep(0.25)
    assert settler.is_due(time.monotonic())
    settler.settle()

    assert not list(settings.inbox.glob("*.json"))
    assert not settler.is_due(time.monotonic() + 0.01)
    assert judged(home) == {alert: "relevant"}


def test_a_broken_file_in_the_inbox_stops_nothing_but_itself(home, caplog):
    settings = desk_settings(home)
    settings.inbox.mkdir(exist_ok=True)
    (settings.inbox / "broken.json").write_text("{")
    settler = Settler(settings, Bench(Inbox(settings.inbox)), quiet=0.0)

    settler.settle()

    assert "they are safe there" in caplog.text
    assert (settings.inbox / "broken.json").exists()


def test_a_broken_file_in_the_inbox_is_named_and_closes_no_page(web):
    alert = alerts_in(web.get("/"))[0]
    web.desk.settings.inbox.mkdir(exist_ok=True)
    (web.desk.settings.inbox / "broken.json").write_text("{")

    page = web.get("/")
    web.say("/judge", {"alert": alert, "verdict": "relevant"})

    assert page.status == 200
    assert "broken.json: no verdict can be read from it" in page.text
    assert alert not in alerts_in(web.get("/"))


def test_keys_pressed_within_a_tick_keep_their_order(tmp_path):
    from datetime import UTC, datetime

    same = datetime(2026, 11, 24, tzinfo=UTC)
    bench = Bench(Inbox(tmp_path / "inbox"), clock=lambda: same)

    for verdict in (Verdict.RELEVANT, Verdict.WRONG_PERSON, Verdict.DUPLICATE):
        bench.judge("s", "ada", Stood("a", None, None), verdict, None)

    said = [one.verdict for one in waiting(tmp_path / "inbox")]
    assert said == [Verdict.RELEVANT, Verdict.WRONG_PERSON, Verdict.DUPLICATE]


def test_reviewers_see_no_error_while_copies_are_replaced(home):
    settings = desk_settings(home)
    with served(settings, follow=True) as web:
        alerts = alerts_in(web.get("/"))
        stop = threading.Event()
        publisher = threading.Thread(target=_publish_on, args=(settings, stop))
        publisher.start()
        try:
            for alert in alerts[:12]:
                assert web.get("/").status == 200
                assert web.get(f"/alert/{alert}").status == 200
                web.say("/judge", {"alert": alert, "verdict": "relevant"})
                assert alert not in alerts_in(web.get("/"))
        finally:
            stop.set()
            publisher.join()
    settle(settings)

    assert judged(home) == dict.fromkeys(alerts[:12], "relevant")


def _publish_on(settings, stop):
    while not stop.is_set():
        settle(settings)
        stop.wait(0.05)


@pytest.mark.slow
def test_no_verdict_is_lost_when_the_desk_is_killed(home):
    """Kill -9 in the middle of a reviewer's keys, three times: what was answered is kept."""
    answered = {}
    for _ in range(3):
        with _desk_process(home) as (process, port):
            alerts, cookie, token = _open(port)
            for alert in alerts[:6]:
                _judge(port, cookie, token, alert)
                answered[alert] = "duplicate"
            killer = threading.Timer(0.05, os.kill, (process.pid, signal.SIGKILL))
            killer.start()
            try:
                for alert in alerts[6:]:
                    _judge(port, cookie, token, alert)
                    answered[alert] = "duplicate"
            except OSError:
                pass  # killed
            killer.join()

    kept = judged(home)
    assert answered.items() <= kept.items()
    assert settle(desk_settings(home))
    assert answered.items() <= judged(home).items()


class _desk_process:  # noqa: N801 - reads as a function
    """A desk of its own process."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        environment = os.environ | {"CASEWATCH_HOME": str(home), "CASEWATCH_SEEDS": "seeds",
                                    "PYTHONPATH": str(ROOT)}  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "review", "--port", str(self.port)],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def __enter__(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                _ask(self.port, "GET", "/login")
                return self.process, self.port
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the desk did not open")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def _ask(port, method, path, body=None, headers=None):
    wire = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        wire.request(method, path, body, headers or {})
        answer = wire.getresponse()
        return answer.status, answer.getheader("set-cookie"), answer.read().decode()
    finally:
        wire.close()


def _open(port):
    _, cookie, html = _ask(port, "GET", "/")
    alerts = re.findall(r'id="a-([0-9a-f]{16})"', html)
    return alerts, cookie.partition(";")[0], re.findall(r'name="token" value="([^"]+)"', html)[0]


def _judge(port, cookie, token, alert):
    body = urlencode({"token": token, "alert": alert, "verdict": "duplicate"})
    headers = {"cookie": cookie, "content-type": "application/x-www-form-urlencoded",
               "accept": "application/json"}  # fmt: skip
    status, _, text = _ask(port, "POST", "/judge", body, headers)
    assert status == 200, text
