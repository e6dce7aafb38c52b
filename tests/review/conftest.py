"""A desk on a loopback port over what one run, and another a day later, made of the newsroom."""

from __future__ import annotations

import json
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import uvicorn

from review.app import make_app
from review.desk import Desk
from review.settings import DeskSettings

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
_TOKEN = re.compile(r'name="token" value="([^"]+)"')


@dataclass
class Answer:
    """What came back: *text* with its entities undone is what a person reads."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def html(self) -> str:
        return self.body.decode()

    @property
    def text(self) -> str:
        return " ".join(unescape(re.sub(r"<[^>]*>", "", self.html)).split())

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Web:
    """A browser without a screen: it keeps its cookie and the token of its forms."""

    port: int
    desk: Desk
    cookie: str | None = None
    token: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Answer:
        answer = self.ask("GET", path, None, headers)
        if found := _TOKEN.search(answer.html):
            self.token = found[1]
        return answer

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        if not self.token:
            self.get("/login")
        body = urlencode({"token": self.token} | fields)
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body.encode(), kind | headers)

    def say(self, path: str, fields: dict[str, str]) -> Any:
        answer = self.post(path, fields, accept="application/json")
        assert answer.status == 200, answer.text
        return answer.json

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie and "cookie" not in sent:
            sent["cookie"] = self.cookie
        wire = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            wire.request(method, path, body, sent)
            came = wire.getresponse()
            answer = Answer(came.status, {k.lower(): v for k, v in came.getheaders()}, came.read())
        finally:
            wire.close()
        if given := answer.headers.get("set-cookie"):
            self.cookie = given.partition(";")[0]
        return answer


def desk_settings(home: Path, **fields: Any) -> DeskSettings:
    """Return the settings of a desk over *home*."""
    made = DeskSettings(
        home=home, warehouse=home / "casewatch.duckdb", copy=home / "casewatch-read.duckdb",
        inbox=home / "inbox", archive=home / "warc", seeds=SEEDS, reviewer="ada", hosts=(),
    )  # fmt: skip
    return replace(made, **fields)


@contextmanager
def served(settings: DeskSettings, *, follow: bool = False) -> Iterator[Web]:
    """Serve a desk while the block lasts. Without *follow* its index is as it is at the start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
    settings = replace(settings, hosts=hosts)
    desk = Desk(settings)
    if settings.copy.exists():
        desk.keeper.catch_up()
    app = make_app(settings, desk=desk, follow=follow)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield Web(port, desk)
    finally:
        server.should_exit = True
        thread.join(timeout=30)


@pytest.fixture(scope="session")
def newsroom_home(edited_home: Path, once: Callable[..., Path]) -> Path:
    """Return that home after a desk indexed it: do not write to it."""

    def index(home: Path) -> None:
        shutil.copytree(edited_home, home, dirs_exist_ok=True)
        desk = Desk(desk_settings(home))
        desk.keeper.catch_up()
        desk.close()

    return once("desk", index)


@pytest.fixture
def home(newsroom_home: Path, tmp_path: Path) -> Path:
    """Return a copy of that home of the test's own."""
    copied = tmp_path / "home"
    shutil.copytree(newsroom_home, copied)
    return copied


@pytest.fixture
def web(home: Path) -> Iterator[Web]:
    """Return a browser at a desk of the test's own."""
    with served(desk_settings(home)) as browser:
        yield browser


@pytest.fixture(scope="session")
def reader(newsroom_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """Return a browser at a desk that tests only read."""
    copied = tmp_path_factory.mktemp("reader") / "home"
    shutil.copytree(newsroom_home, copied)
    with served(desk_settings(copied)) as browser:
        yield browser


Serve = Callable[..., Any]
