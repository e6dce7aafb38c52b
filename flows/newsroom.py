"""The bundled news site, served: a real HTTP server on this machine, one virtual host an outlet.

It stands on 127.0.0.1 only and answers by the Host header, as a web host with many sites does.
What is on the site, and why, stands in seeds/newsroom/README.md.
"""

from __future__ import annotations

import gzip
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import yaml

from extractors.errors import UsageError

HTML = "text/html; charset=utf-8"
_TYPES = {
    ".html": HTML,
    ".json": "application/feed+json; charset=utf-8",
    ".rdf": "application/rdf+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
}
# Git keeps no file times, so that a state has one: when its files were last changed.
_CHANGED = {
    1: datetime(2026, 11, 20, 6, 0, tzinfo=UTC),
    2: datetime(2026, 11, 20, 15, 10, tzinfo=UTC),
}
_IDLE_SECONDS = 30  # after which a kept connection is closed
_BARE_HOSTS = frozenset({"127.0.0.1", "localhost", ""})


@dataclass(frozen=True, slots=True)
class RequestLogLine:
    """One request and how it was answered. *at* is `time.monotonic()` of its arrival, seconds."""

    method: str
    host: str  # without the port
    path: str  # with the query
    status: int
    conditional: bool  # whether it carried If-None-Match or If-Modified-Since
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class _Resource:
    """What one address answers with."""

    status: int
    content_type: str = HTML
    body: bytes = field(default=b"", repr=False)
    last_modified: datetime | None = None
    location: str | None = None

    @property
    def etag(self) -> str:
        # weak: the same for the plain and the gzipped body
        return f'W/"{sha256(self.body).hexdigest()[:20]}"'


class Newsroom:
    """The site on a port of 127.0.0.1, served for as long as the `with` block lasts.

    *root* is the folder of the hosts, *port* 0 means any that is free. `state` 2 is the site a
    day later: the files under `root/state2` stand in for those of the same name.
    """

    def __init__(self, root: Path, state: int = 1, port: int = 0) -> None:
        self.root = root
        self.log: list[RequestLogLine] = []
        self.hosts = tuple(sorted(folder.name for folder in _host_folders(root)))
        self.set_state(state)
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """Return the port that is listened on."""
        return int(self._server.server_address[1])

    def set_state(self, state: int) -> None:
        """Serve the site as it is in *state*, from the next request on; UsageError if unknown."""
        if state not in _CHANGED:
            raise UsageError(f"the newsroom has states {sorted(_CHANGED)}, not {state}")
        self.state = state
        self._site = _read_site(self.root, state)

    def find(self, host: str, path: str) -> _Resource | None:
        """Return what *host* has at *path*, which is without a query; None if it has nothing."""
        return self._site.get((host, path)) or self._with_slash(host, path)

    def _with_slash(self, host: str, path: str) -> _Resource | None:
        if path.endswith("/") or (host, f"{path}/") not in self._site:
            return None
        return _Resource(HTTPStatus.MOVED_PERMANENTLY, location=f"{path}/")

    def pages(self, host: str) -> list[str]:
        """Return the paths of *host* that answer with something, sorted."""
        return sorted(p for (h, p), found in self._site.items() if h == host and found.body)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


# --- the folder, read --------------------------------------------------------------------------


def _host_folders(root: Path) -> list[Path]:
    folders = [path for path in root.iterdir() if path.is_dir() and "." in path.name]
    if not folders:
        raise UsageError(f"{root}: no folder of a host such as herald.example")
    return folders


def _read_site(root: Path, state: int) -> dict[tuple[str, str], _Resource]:
    """Return what every (host, path) answers with. A later state stands in for an earlier one."""
    rules = yaml.safe_load((root / "server.yaml").read_text(encoding="utf-8"))
    site: dict[tuple[str, str], _Resource] = {}
    for number in range(1, state + 1):
        base = root if number == 1 else root / f"state{number}"
        for folder in _host_folders(base):
            site.update(_read_host(folder, rules["content_types"], _CHANGED[number]))
    for url in rules["gone"]:
        site[_key(url)] = _Resource(HTTPStatus.GONE)
    return site


def _read_host(
    folder: Path, types: dict[str, str], changed: datetime
) -> Iterator[tuple[tuple[str, str], _Resource]]:
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        path = _address(file.relative_to(folder))
        kind = types.get(f"http://{folder.name}{path}", _TYPES[file.suffix])
        yield (folder.name, path), _Resource(HTTPStatus.OK, kind, file.read_bytes(), changed)


def _address(file: Path) -> str:
    """Return the path under which *file* is served: index files by their folder.

    A page may lack the suffix in its address: `news/x.page.html` is served as /news/x.
    """
    path = f"/{file.as_posix()}"
    if file.stem == "index":
        return path.removesuffix(file.name)
    return path.removesuffix(".page.html")


def _key(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc, parts.path


# --- HTTP -------------------------------------------------------------------------


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # kept connections would hold up the end for _IDLE_SECONDS
    request_queue_size = 64  # of the default 5, a sixth guest at once would wait a second

    def __init__(self, address: tuple[str, int], newsroom: Newsroom) -> None:
        super().__init__(address, _Handler)
        self.newsroom = newsroom

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a guest who left in the middle, such as a run that was killed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections open
    server_version = "newsroom"
    sys_version = ""
    timeout = _IDLE_SECONDS
    server: _Server

    def do_GET(self) -> None:
        """Answer with the body."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer with the headers that GET would have."""
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the newsroom keeps its own log."""

    def _answer(self, *, with_body: bool) -> None:
        arrived = time.monotonic()
        host = (self.headers.get("Host") or "").rsplit(":", 1)[0].lower()
        found = self._find(host, urlsplit(self.path).path)
        status = HTTPStatus.NOT_MODIFIED if self._has(found) else found.status
        line = RequestLogLine(
            self.command, host, self.path, int(status), self._is_conditional(), arrived
        )
        self.server.newsroom.log.append(line)  # before the answer: who has it can read the line
        self._send(found, status, with_body=with_body)

    def _find(self, host: str, path: str) -> _Resource:
        newsroom = self.server.newsroom
        if host not in _BARE_HOSTS:
            return newsroom.find(host, path) or _not_found(path)
        if path == "/":
            return _overview(newsroom)
        named, _, rest = path.removeprefix("/").partition("/")
        if named in newsroom.hosts:
            return _under(named, newsroom.find(named, f"/{rest}")) or _not_found(path)
        return self._from_referer(path) or _not_found(path)

    def _from_referer(self, path: str) -> _Resource | None:
        """Return the way back to the outlet that a person in a browser has just left by a link."""
        come_from = urlsplit(self.headers.get("Referer") or "").path.removeprefix("/")
        host = come_from.partition("/")[0]
        if host not in self.server.newsroom.hosts:
            return None
        return _Resource(HTTPStatus.FOUND, location=f"/{host}{path}")

    def _is_conditional(self) -> bool:
        return bool({"If-None-Match", "If-Modified-Since"} & set(self.headers.keys()))

    def _has(self, found: _Resource) -> bool:
        """Return whether the client has *found* already. An ETag goes before a date."""
        if found.status != HTTPStatus.OK or found.last_modified is None:
            return False
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return bool(known & {"*", found.etag.removeprefix("W/")})
        since = _date(self.headers.get("If-Modified-Since"))
        return since is not None and found.last_modified <= since

    def _send(self, found: _Resource, status: int, *, with_body: bool) -> None:
        body = b"" if status == HTTPStatus.NOT_MODIFIED else found.body or _plain(status)
        self.send_response(status)
        if found.location:
            self.send_header("Location", found.location)
        if found.last_modified is not None:
            self.send_header("ETag", found.etag)
            self.send_header("Last-Modified", format_datetime(found.last_modified, usegmt=True))
            self.send_header("Vary", "Accept-Encoding")
        if status == HTTPStatus.NOT_MODIFIED:
            self.end_headers()
            return
        if "gzip" in (self.headers.get("Accept-Encoding") or ""):
            body = gzip.compress(body, 6, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", found.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)


def _date(header: str | None) -> datetime | None:
    """Return the moment that *header* names, or None: RFC 9110 says to ignore what is no date."""
    try:
        moment = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _not_found(path: str) -> _Resource:
    return _Resource(HTTPStatus.NOT_FOUND, body=f"<h1>Not found</h1><p>{escape(path)}".encode())


def _plain(status: int) -> bytes:
    return f"<h1>{escape(HTTPStatus(status).phrase)}</h1>".encode()


def _under(host: str, found: _Resource | None) -> _Resource | None:
    """Return *found* as it is seen under /HOST/: its redirects stay there."""
    if found is None or found.location is None:
        return found
    return _Resource(found.status, location=f"/{host}{found.location}")


def _overview(newsroom: Newsroom) -> _Resource:
    """Return the page that a person sees who opens the bare address in a browser."""
    sections = "".join(
        f"<h2><a href='/{host}/'>{host}</a></h2><ul>{_links(host, newsroom.pages(host))}</ul>"
        for host in newsroom.hosts
    )
    body = (
        "<!doctype html><meta charset=utf-8><title>The newsroom</title>"
        "<style>body{font:16px/1.5 system-ui;max-width:54rem;margin:2rem auto;padding:0 1rem}"
        "li{word-break:break-all}</style><h1>The newsroom</h1><p>Made-up outlets, staged for "
        f"demonstrations and tests of casewatch. State {newsroom.state}.</p>{sections}"
    )
    return _Resource(HTTPStatus.OK, body=body.encode())


def _links(host: str, paths: list[str]) -> str:
    return "".join(f"<li><a href='/{host}{escape(path)}'>{escape(path)}</a>" for path in paths)
