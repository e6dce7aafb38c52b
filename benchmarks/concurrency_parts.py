"""Who takes part in `benchmarks.concurrency`, and what is counted when all is over."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from benchmarks.size_site import feeds
from benchmarks.size_stock import fill
from flows.seeds import read_seeds
from warehouse.intake import save_registry
from warehouse.publish import publish
from warehouse.store import Warehouse, open_copy

NEW = 40  # articles that each run finds
_QUERIES = (
    "select display_name, count(*) from mentions group by all order by 2 desc",
    "select count(*) as articles, count(distinct article_id) as ids from articles",
    "from open_alerts order by rank desc, raised_at limit 20",
)
_TOKEN = re.compile(r'data-token="([^"]+)"')
_ALERT = re.compile(r'href="/alert/([0-9a-f]{16})"')
_OPEN_FOR = 20.0  # seconds: several runs publish meanwhile
_PAUSE = 0.2  # seconds, between two actions of a person
_NOTEBOOK = """
import duckdb, json, sys, time
for line in sys.stdin:
    begun = time.monotonic()
    db = duckdb.connect(sys.argv[1], read_only=True)
    first = db.execute("select count(*), count(distinct article_id) from article").fetchone()
    time.sleep(float(line))
    again = db.execute("select count(*), count(distinct article_id) from article").fetchone()
    db.close()
    print(json.dumps([first, again, time.monotonic() - begun - float(line)]), flush=True)
"""


@dataclass(slots=True)
class Part:
    """One who took part: how long each of its turns took, seconds, and what went wrong."""

    name: str
    seconds: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def times(self) -> int:
        """Return how many turns it had."""
        return len(self.seconds)

    @property
    def median(self) -> float:
        """Return the usual seconds of a turn; 0.0 without any."""
        return median(self.seconds) if self.seconds else 0.0

    @property
    def longest(self) -> float:
        """Return the seconds of the longest turn; 0.0 without any."""
        return max(self.seconds, default=0.0)


@dataclass(slots=True)
class Scene:
    """A home that all share, and what must be there in the end."""

    work: Path
    seeds: Path
    served: int = 0  # articles
    judged: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """Return the home."""
        return self.work / "home"

    @property
    def copy(self) -> Path:
        """Return the published copy."""
        return self.home / "casewatch-read.duckdb"

    def losses(self) -> list[str]:
        """Return what is missing or twice there, one line each."""
        with open_copy(self.copy) as db:
            rows, ids = db.execute(
                "select count(*), count(distinct canonical_url) from article "
                "where host like 'news-%.example'"
            ).fetchone() or (0, 0)
            verdicts = dict(
                db.execute(
                    "select alert_id, max_by(verdict, judged_at) from verdict group by 1"
                ).fetchall()
            )
            twice = db.execute("select count(*) - count(distinct alert_id) from alert").fetchone()
        told = f"{self.served} articles were served; {rows} are stored, {ids} of them once"
        lost = [alert for alert, verdict in self.judged.items() if verdicts.get(alert) != verdict]
        return [
            *([told] if {rows, ids} != {self.served} else []),
            *(f"the verdict of alert {alert} is lost" for alert in lost),
            *([f"alerts that are there twice: {twice}"] if twice != (0,) else []),
        ]


def make_scene(work: Path, stored: int, seeds: Path) -> Scene:
    """Return a scene whose home holds *stored* articles and a published copy."""
    scene = Scene(work, seeds)
    registry = replace(read_seeds(seeds), feeds=feeds())
    warehouse = Warehouse(scene.home / "casewatch.duckdb")
    with warehouse.transaction() as db:
        save_registry(db, registry)
        if stored:
            fill(db, stored, registry)
    publish(warehouse, scene.copy)
    return scene


def take_part(scene: Scene, until: float) -> list[Part]:
    """Let all take part until the monotonic clock says *until*; return what each saw."""
    runs, notebook = Part("runs, 40 new articles"), Part("notebook, open a while")
    queries = [Part("casewatch sql"), Part("casewatch sql, another")]
    reading, judging = Part("desk, the queue"), Part("desk, a verdict")
    with _desk(scene) as port:
        threads = [
            threading.Thread(target=_write, args=(scene, runs, until)),
            threading.Thread(target=_keep_open, args=(scene, notebook, until)),
            threading.Thread(target=_read_queue, args=(port, reading, until)),
            threading.Thread(target=_judge, args=(scene, port, judging, until)),
            *(threading.Thread(target=_query, args=(scene, one, until)) for one in queries),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    _run(scene, Part("the last run"), new=0)  # takes in what the desk had not yet
    return [runs, *queries, reading, judging, notebook]


def _timed(part: Part, turn: Callable[[], object]) -> None:
    begun = time.monotonic()
    try:
        turn()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        part.problems.append(f"{part.name}: {type(error).__name__}: {error}")
    part.seconds.append(time.monotonic() - begun)


def _write(scene: Scene, part: Part, until: float) -> None:
    while time.monotonic() < until:
        _run(scene, part, new=NEW)


def _run(scene: Scene, part: Part, *, new: int) -> None:
    """Let a process of its own run once on a site with *new* articles never seen before."""
    first, scene.served = scene.served, scene.served + new
    command = [sys.executable, "-m", "benchmarks.concurrency_run", str(scene.work)]
    _timed(part, lambda: _done([*command, str(scene.seeds), str(first), str(new)], scene))


def _query(scene: Scene, part: Part, until: float) -> None:
    for turn in count():
        if time.monotonic() >= until:
            return
        asked = [sys.executable, "-m", "flows.cli", "sql", _QUERIES[turn % len(_QUERIES)]]
        _timed(part, partial(_done, asked, scene))


def _done(command: list[str], scene: Scene) -> None:
    """Run *command* on the scene's home. Raises RuntimeError with its last words if it failed."""
    ended = subprocess.run(
        command,
        env=os.environ | {"CASEWATCH_HOME": str(scene.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise RuntimeError(f"exit {ended.returncode}: {ended.stderr[-400:]}")


def _keep_open(scene: Scene, part: Part, until: float) -> None:
    """Open the copy with plain DuckDB, ask, wait while runs go on, ask again: the same answer."""
    with subprocess.Popen(
        [sys.executable, "-c", _NOTEBOOK, str(scene.copy)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin
        assert reader.stdout
        while time.monotonic() < until:
            reader.stdin.write(f"{_OPEN_FOR}\n")
            reader.stdin.flush()
            said = reader.stdout.readline()
            if not said:
                part.problems.append(f"{part.name}: it ended with an error, told above")
                return
            before, after, seconds = json.loads(said)
            part.seconds.append(seconds)
            if before != after or before[0] != before[1]:
                part.problems.append(f"{part.name}: {before} articles, later {after}")


@contextmanager
def _desk(scene: Scene) -> Iterator[int]:
    """Keep `casewatch review` open on a free port while the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = ["review", "--port", str(port), "--reviewer", "bench", "--seeds", str(scene.seeds)]
    with subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *command],
        env=os.environ | {"CASEWATCH_HOME": str(scene.home)},
        stdout=subprocess.PIPE,
        text=True,
    ) as desk:
        assert desk.stdout
        desk.stdout.readline()
        _await_port(port)
        yield port
        desk.terminate()


def _await_port(port: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(_PAUSE)
    raise RuntimeError(f"the desk did not open on port {port} within {seconds:.0f} s")


def _read_queue(port: int, part: Part, until: float) -> None:
    while time.monotonic() < until:
        _timed(part, lambda: _asked(port, "GET", "/"))
        time.sleep(_PAUSE)


def _judge(scene: Scene, port: int, part: Part, until: float) -> None:
    """Judge the first alert of the queue again and again, as a person with a keyboard does."""
    while time.monotonic() < until:
        _timed(part, lambda: _judge_first(scene, port))
        time.sleep(_PAUSE)


def _judge_first(scene: Scene, port: int) -> None:
    page, cookie = _asked(port, "GET", "/")
    alerts, token = _ALERT.findall(page), _TOKEN.search(page)
    if not alerts or not token:
        return
    said = {"token": token[1], "alert": alerts[0], "verdict": "relevant"}
    _asked(port, "POST", "/judge", urlencode(said), cookie)
    scene.judged[said["alert"]] = said["verdict"]


def _asked(
    port: int, method: str, path: str, body: str | None = None, cookie: str = ""
) -> tuple[str, str]:
    """Return the page and the session's cookie. Raises RuntimeError for any status but 200."""
    wire = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        kind = {"content-type": "application/x-www-form-urlencoded"} if body else {}
        wire.request(method, path, body, {"accept": "application/json", "cookie": cookie} | kind)
        answer = wire.getresponse()
        page = answer.read().decode("utf-8", "replace")
        given = (answer.getheader("set-cookie") or cookie).partition(";")[0]
    finally:
        wire.close()
    if answer.status != 200:
        raise RuntimeError(f"{method} {path}: {answer.status} {page[:200]}")
    return page, given
