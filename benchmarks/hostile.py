"""Try every attack of a hostile server on the fetcher and the readers, and print what came of it.

    python -m benchmarks.hostile [--timeout SECONDS] [--reading SECONDS] [--only WORD]

Each attempt is fetched as a run fetches it, and what came is read as a run reads it, with a good
page beside it, which must come and be read. Then all attempts are made again as one batch. Prints
attempt, outcome, seconds and limit, and the peak memory of the run with its worker processes.
Exits with 1 where an attempt came to something else than it may, took longer than its limit, cost
its neighbour anything, or touched an address that nobody may connect to, and where memory went
over 1 GiB.
"""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.hostile_attempts import NAMES, READ, REBOUND, REBOUND_TO, Attempt, attempts
from extractors.errors import FeedError, PageError
from extractors.model import Article, Page, ParsedFeed
from flows.extraction import read_pages
from flows.feeds import read_feeds
from flows.fetch import Answer, Fetcher, Request
from flows.settings import Settings

GIBIBYTE = 2**30
GOOD = "http://good-page.example/neighbour"
_TLS_HOSTS = {
    "self-signed.example": "self_signed",
    "no-tls.example": "no_tls",
    "tls-hangs.example": "tls_hangs",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attempt."""

    attempt: Attempt
    kind: str  # "read" or the class of the failure
    told: str
    seconds: float
    limit: float
    neighbour: bool  # whether the good page beside it was read

    @property
    def problem(self) -> str:
        """Return what is wrong with it, or ""."""
        if self.kind not in self.attempt.outcomes:
            return f"not {' or '.join(sorted(self.attempt.outcomes))}"
        if self.seconds > self.limit:
            return "over its limit"
        return "" if self.neighbour else "cost its neighbour"


@dataclass(frozen=True, slots=True)
class Attacked:
    """The hostile server's ports, and how much time an attempt may take."""

    ports: dict[str, int]
    timeout: float  # seconds for one answer
    reading: float  # seconds to read one body
    workers: int = 2

    def settings(self, hosts: Sequence[str]) -> Settings:
        """Return settings under which *hosts* are found at the hostile server."""
        places = {host: self.ports[_TLS_HOSTS.get(host, "http")] for host in hosts}
        return Settings(
            home=Path("none"),
            contact="benchmark",
            host_gap=0.0,
            total_timeout=self.timeout,
            allow=(f"127.0.0.1:{self.ports['http']}",),
            connect=tuple((host, ("127.0.0.1", port)) for host, port in places.items()),
        )

    def try_one(self, attempt: Attempt) -> Outcome:
        """Return what came of *attempt*, made alone but for a good page beside it."""
        begun = time.monotonic()
        for _ in range(attempt.times):
            answer, neighbour = self._fetch([attempt])
        kind, told = _told(answer)
        if isinstance(answer.got, Page):
            kind, told = self._read(attempt.kind, [answer.got])[0]
        took = time.monotonic() - begun
        # an answer, the robots.txt before it, and reading, which may wait for a processor
        limit = self.timeout * (2 if attempt.obey_robots else 1) + 3 * self.reading
        return Outcome(attempt, kind, told, took, limit, isinstance(neighbour.got, Page))

    def try_together(self, together: Sequence[Attempt]) -> tuple[list[str], bool]:
        """Return what came of all, made as one batch, and whether the good page beside them came.

        What came is read as a run reads it: feeds in one call, pages in another.
        """
        *answers, neighbour = self._fetch(together)
        kinds = {a.name: _told(answer)[0] for a, answer in zip(together, answers, strict=True)}
        came = [
            (attempt, answer.got)
            for attempt, answer in zip(together, answers, strict=True)
            if isinstance(answer.got, Page)
        ]
        for kind in ("feed", "page"):
            chosen = [(attempt, page) for attempt, page in came if attempt.kind == kind]
            read = self._read(kind, [page for _, page in chosen])
            kinds |= {a.name: told for (a, _), (told, _) in zip(chosen, read, strict=True)}
        return [kinds[attempt.name] for attempt in together], isinstance(neighbour.got, Page)

    def touched(self) -> int:
        """Return how many connections reached the address that nobody may connect to."""
        request = Request("http://control.example/", obey_robots=False)
        got = Fetcher(self.settings(["control.example"])).fetch([request], 100)[0].got
        assert isinstance(got, Page)
        return int(got.body)

    def _fetch(self, together: Sequence[Attempt]) -> list[Answer]:
        requests = [Request(a.url, obey_robots=a.obey_robots) for a in together]
        hosts = {_host(a.url) for a in together} | {"good-page.example"}
        settings = self.settings(sorted(h for h in hosts if _is_served(h)))
        sizes = {"feed": settings.max_feed_bytes, "page": settings.max_page_bytes}
        largest = max(sizes[attempt.kind] for attempt in together)
        return Fetcher(settings).fetch([*requests, Request(GOOD, obey_robots=False)], largest)

    def _read(self, kind: str, pages: Sequence[Page]) -> list[tuple[str, str]]:
        """Return what each of *pages* gave: "read" or the class of the failure, and some words."""
        workers, seconds = self.workers, self.reading
        if kind == "page":
            unread = [(page, None, None) for page in pages]
            return [_told_article(a) for a in read_pages(unread, workers=workers, seconds=seconds)]
        bodies = [(page, "feed") for page in pages]
        return [_told_feed(feed) for feed in read_feeds(bodies, workers=workers, seconds=seconds)]


def _told_article(article: Article | PageError) -> tuple[str, str]:
    if isinstance(article, PageError):
        return article.kind, str(article)
    return READ, f"{len(article.text):,} characters: {article.title[:40]}"


def _told_feed(feed: ParsedFeed | FeedError) -> tuple[str, str]:
    if isinstance(feed, FeedError):
        return feed.kind, str(feed)
    return READ, f"{len(feed.entries):,} entries"


def _host(url: str) -> str:
    return url.split("/")[2] if "//" in url else ""


def _is_served(host: str) -> bool:
    return host.endswith(".example") and ".attack." not in host and "@" not in host


def _told(answer: Answer) -> tuple[str, str]:
    got = answer.got
    return ("page", "") if isinstance(got, Page) else (got.kind, got.message)


@contextmanager
def hostile_server() -> Iterator[dict[str, int]]:
    """Run the server as a process of its own and yield its ports."""
    command = [sys.executable, "-m", "benchmarks.hostile_server"]
    root = Path(__file__).resolve().parents[1]
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield json.loads(server.stdout.readline())
        finally:
            server.kill()


@contextmanager
def attack_names() -> Iterator[None]:
    """Let the system's resolver answer for the names under attack. All else is as it was.

    The name that is rebound leads to the hostile server's own, allowed address at every second
    time, and else to one at which nobody may come.
    """
    ask = socket.getaddrinfo
    asked: list[str] = []

    def answer(host: Any, port: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name == REBOUND:
            asked.append(name)
            return _places([REBOUND_TO[(len(asked) - 1) % 2]], port)
        if name in NAMES:
            return _places(NAMES[name], port)
        return ask(host, port, *rest, **named)

    with patch.object(socket, "getaddrinfo", answer):
        yield


def _places(addresses: Sequence[str], port: int) -> list[Any]:
    return [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
        if ":" in address
        else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
        for address in addresses
    ]


class Memory:
    """Watches the resident memory of this process and those below it, but for *without*."""

    def __init__(self) -> None:
        self.peak = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ending.wait(0.05):
            self.peak = max(self.peak, _resident())


def _resident() -> int:
    """Return the bytes of this process and all below it; the hostile server is left out."""
    parents: dict[int, int] = {}
    pages: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue  # it has ended
        if b"hostile_server" not in command:
            parents[int(folder.name)], pages[int(folder.name)] = int(fields[1]), int(fields[21])
    ours = {int(Path("/proc/self").resolve().name)}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(pages.get(pid, 0) for pid in ours) * 4096


def main() -> int:
    """Print the table; return 1 where something is not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds for one answer")
    parser.add_argument(
        "--reading", type=float, default=10.0, help="seconds of the processor for one body"
    )
    parser.add_argument("--only", default="", help="attempts whose name holds WORD")
    args = parser.parse_args()
    with hostile_server() as ports, attack_names(), Memory() as memory:
        attacked = Attacked(ports, args.timeout, args.reading)
        todo = [attempt for attempt in attempts(ports) if args.only in attempt.name]
        outcomes = [_shown(attacked.try_one(attempt)) for attempt in todo]
        once = [attempt for attempt in todo if attempt.times == 1]
        begun = time.monotonic()
        kinds, neighbour = attacked.try_together(once)
        seconds = time.monotonic() - begun
        touched = attacked.touched()
    others = [(a, k) for k, a in zip(kinds, once, strict=True) if k not in a.outcomes]
    bad = sum(bool(outcome.problem) for outcome in outcomes)
    print(f"\n{len(todo)} attempts, {bad} with a problem; connections to the canary: {touched}")
    print(
        f"all as one batch: {seconds:.1f} s, {len(others)} with another outcome than they may have"
    )
    print(
        *(f"    {attempt.name}: {kind}" for attempt, kind in others),
        sep="\n",
        end="\n" if others else "",
    )
    print(f"peak memory of the run and its workers: {memory.peak / 2**20:,.0f} MiB (at most 1,024)")
    return 1 if bad or others or touched or not neighbour or memory.peak > GIBIBYTE else 0


def _shown(outcome: Outcome) -> Outcome:
    told = outcome.told.encode("ascii", "replace").decode()[:60]
    print(
        f"{outcome.attempt.name:<50}{outcome.kind:<16}{outcome.seconds:6.1f} s of "
        f"{outcome.limit:3.0f}  {told}  {outcome.problem.upper()}".rstrip(),
        flush=True,
    )
    return outcome


if __name__ == "__main__":
    sys.exit(main())
