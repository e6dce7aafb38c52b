"""A server with every odd thing a feed or page can be, and a warehouse made by the newsroom."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from extractors.model import Case, Feed, PersonName, Policy, Registry
from flows.fetch import Fetcher, Request
from flows.job import Job, make_job
from flows.settings import Settings
from flows.watch import watch_once
from warehouse.intake import save_registry

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
QUARRY = Case(
    id="ada-quarry",
    name=PersonName(given=("Ada",), family=("Quarry",)),
    display_name="Ada Quarry",
    policy=Policy.NAME_SUFFICIENT,
    kind="person",
)

Handler = Callable[[BaseHTTPRequestHandler], None]


class OddServer:
    """A threaded server on 127.0.0.1 that answers `host/path` as a test says, else with 404.

    `asked` keeps each GET as (host/path, headers), `posted` each POST as (host/path, body);
    `closing` is set when the test is over.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.posted: list[tuple[str, bytes]] = []
        self.post_status = 200
        self.closing = Event()
        self._handlers: dict[str, Handler] = {}
        self._server = _Threaded(("127.0.0.1", 0), _Odd)
        self._server.odd = self
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> tuple[str, int]:
        """Return where it listens."""
        return ("127.0.0.1", int(self._server.server_address[1]))

    def does(self, place: str, handler: Handler) -> None:
        """Let *handler* answer `http://PLACE` with whatever it likes."""
        self._handlers[place] = handler

    def says(self, place: str, body: str | bytes = b"", status: int = 200, **headers: str) -> None:
        """Answer `http://PLACE`: Content_Type="text/html" is a header."""
        payload = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            for name, value in named.items():
                request.send_header(name, value)
            request.send_header("Content-Length", str(len(payload)))
            request.end_headers()
            request.wfile.write(payload)

        self.does(place, answer)

    def headers_of(self, place: str) -> list[dict[str, str]]:
        """Return the headers of each request for *place*, in order."""
        return [headers for asked, headers in self.asked if asked == place]

    def settings(self, home: Path, *hosts: str, **fields: Any) -> Settings:
        """Return settings that find *hosts*, and those that have an answer, at this server."""
        known = {place.partition("/")[0] for place in self._handlers} | set(hosts)
        connect = tuple((host, self.address) for host in sorted(known))
        manners: dict[str, Any] = {"host_gap": 0.0, "workers": 0, "contact": "desk@watch.example"}
        manners |= fields | {"connect": connect + tuple(fields.get("connect", ()))}
        return Settings(home=home, **manners)

    def handler(self, place: str) -> Handler | None:
        """Return what answers *place*."""
        return self._handlers.get(place)

    def close(self) -> None:
        """Stop."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Threaded(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128  # the usual 5 drops connections, and a second try comes after 1 s
    odd: OddServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up on odd answers, as they should."""


class _Odd(BaseHTTPRequestHandler):
    server: _Threaded

    def do_GET(self) -> None:
        place = self.headers["Host"].partition(":")[0] + self.path
        self.server.odd.asked.append((place, dict(self.headers.items())))
        handler = self.server.odd.handler(place)
        if handler is None:
            self.send_error(404)
            return
        handler(self)

    def do_POST(self) -> None:
        place = self.headers["Host"].partition(":")[0] + self.path
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.odd.posted.append((place, body))
        self.send_response(self.server.odd.post_status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: `asked` keeps the log."""


@pytest.fixture
def odd_server() -> Iterator[OddServer]:
    """Return a server that a test tells what to answer."""
    server = OddServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def module_server() -> Iterator[OddServer]:
    """Return such a server for all tests of a module."""
    server = OddServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def noon() -> datetime:
    """Return the time of every odd job's clock."""
    return NOON


@pytest.fixture
def fetch(odd_server, tmp_path, noon):
    """Return a function that fetches one URL and returns the whole answer."""

    def ask(url, max_bytes=1_000_000, *, etag=None, modified=None, robots=False, **fields):
        fetcher = Fetcher(odd_server.settings(tmp_path, **fields), clock=lambda: noon)
        request = Request(url, etag, modified, obey_robots=robots)
        return fetcher.fetch([request], max_bytes)[0]

    return ask


@pytest.fixture(scope="session")
def make_odd_job() -> Callable[..., Job]:
    """Return a maker of jobs that watch Ada Quarry in feeds, given as {id: URL}."""

    def make(settings: Settings, feeds: dict[str, str], after: timedelta = timedelta()) -> Job:
        watched = tuple(Feed(id=name, url=url, outlet=name.title()) for name, url in feeds.items())
        registry = Registry((QUARRY,), (), watched, "test")
        job = make_job(settings, registry, clock=lambda: NOON + after)
        with job.warehouse.transaction() as db:  # as `under_way` does
            save_registry(db, registry)
        return job

    return make


def run_steps(job: Job) -> Job:
    """Run the steps of the flow `monitor`, without Prefect."""
    watch_once(job, "test")
    return job


@pytest.fixture(scope="session")
def watch() -> Callable[[Job], Job]:
    """Return the steps of the flow `monitor`, without Prefect."""
    return run_steps


@pytest.fixture(scope="session")
def rss() -> Callable[..., str]:
    """Return a writer of feeds: one entry for each link given."""

    def write(*links: str, published: str = "Thu, 19 Nov 2026 08:00:00 GMT") -> str:
        entries = "".join(
            f"<item><title>Report {n}</title><link>{link}</link><guid>g{n}-{link}</guid>"
            f"<pubDate>{published}</pubDate></item>"
            for n, link in enumerate(links)
        )
        return (
            '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
            f"<title>Reports</title><link>http://good.example/</link>{entries}</channel></rss>"
        )

    return write


@pytest.fixture(scope="session")
def story() -> Callable[..., str]:
    """Return a writer of article pages about Ada Quarry, in made-up words."""

    def write(title: str = "Lawyers ask court to hear Ada Quarry", more: str = "") -> str:
        return (
            f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title></head>"
            f"<body><article><h1>{title}</h1>"
            "<p>Lawyers for Ada Quarry asked the state's highest court on Thursday to hear new "
            "evidence about the fire for which she has been in prison for nineteen years.</p>"
            "<p>They say that a laboratory report, which the jury never saw, speaks of a fault in "
            "the wiring of the house, and that two witnesses have since changed their accounts.</p>"
            f"<p>The prosecutor's office said that it would answer within thirty days. {more}</p>"
            "</article></body></html>"
        )

    return write


@pytest.fixture
def home(newsroom_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of that folder of the test's own; CASEWATCH_HOME names it."""
    copied = tmp_path / "home"
    shutil.copytree(newsroom_home, copied, ignore=shutil.ignore_patterns("warc"))
    monkeypatch.setenv("CASEWATCH_HOME", str(copied))
    return copied
