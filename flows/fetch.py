"""The one module that opens sockets to other people's servers. What to ask is decided elsewhere.

Redirects are followed here and not by the library, so that every hop keeps the manners of a first
request: the address guard, the host's robots.txt and the gap between requests to it.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from extractors.model import Page
from flows.addresses import BlockedAddressError, Guard, guard_of
from flows.exchanges import RememberingResponse, exchange_of
from flows.politeness import Failure, HostGaps, HostTroubles, failure_of_status
from flows.robots import MAX_BYTES as ROBOTS_BYTES
from flows.robots import Robots, robots_of, robots_of_failure
from flows.settings import Settings
from flows.sockets import HEAD_BYTES, WORTH, EmptyTalkError, Sockets

__all__ = ["Answer", "Fetcher", "Request", "failure_of_error"]

_CHUNK = 65_536
_HOPS = 10
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOVED_FOR_GOOD = frozenset({301, 308})
_A_HOST = 2  # requests to one host under way at once
# Bodies that one batch may hold. Beyond it, large ones wait for another run: 200 pages of 5 MB are
# no accident, and a batch must not take the memory of the whole run.
_BATCH_BYTES = 200_000_000
_LARGE = 1_000_000
_MESSAGE = 300  # characters of what the network said: some of it is the server's own words

Got = Page | Failure


@dataclass(frozen=True, slots=True)
class Request:
    """One conditional GET."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    obey_robots: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request: a page (status 200 or 304) or a failure, and how long it took.

    *milliseconds* is what its servers took, without the waits that manners asked for.
    """

    got: Got
    milliseconds: int
    moved_to: str | None = None  # where permanent redirects led


class Fetcher:
    """Fetches batches of requests, many hosts at once, each host with a gap between requests.

    It keeps no socket between batches, only each host's next moment, its troubles and robots.txt.
    """

    def __init__(
        self, settings: Settings, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._gaps = HostGaps(settings.host_gap)
        self._troubles = HostTroubles()
        self._robots: dict[str, Robots | Failure] = {}

    def fetch(self, requests: Sequence[Request], max_bytes: int) -> list[Answer]:
        """Return one answer a request, in order. Nothing is raised for a server's doings."""
        return asyncio.run(self._fetch(requests, max_bytes))

    async def _fetch(self, requests: Sequence[Request], max_bytes: int) -> list[Answer]:
        guard = guard_of(self._settings.allow, dict(self._settings.connect).values())
        sockets = Sockets(guard)
        async with self._session(guard, sockets) as session:
            visit = _Visit(
                session,
                sockets,
                self._settings,
                self._gaps,
                self._troubles,
                self._robots,
                self._clock,
                asyncio.Semaphore(self._settings.at_once),
            )
            return list(await asyncio.gather(*(visit.get(r, max_bytes) for r in requests)))

    def _session(
        self, guard: Guard, sockets: Sockets
    ) -> AbstractAsyncContextManager[aiohttp.ClientSession]:
        connector = aiohttp.TCPConnector(
            resolver=_Resolver(dict(self._settings.connect), guard),
            socket_factory=sockets.factory,
            limit=0,  # we count ourselves: waiting in the pool would use up a request's time
        )
        return aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self._settings.user_agent},
            cookie_jar=aiohttp.DummyCookieJar(),
            response_class=RememberingResponse,
        )


class _Turn:
    """One host's queue within a batch."""

    def __init__(self) -> None:
        self.places = asyncio.Semaphore(_A_HOST)
        self.next = asyncio.Lock()


@dataclass(frozen=True, slots=True)
class _Hop:
    """A redirect: to where, and whether for good."""

    to: str
    for_good: bool


@dataclass(slots=True)
class _Visit:
    """One batch under way."""

    session: aiohttp.ClientSession
    sockets: Sockets
    settings: Settings
    gaps: HostGaps
    troubles: HostTroubles
    robots: dict[str, Robots | Failure]
    clock: Callable[[], datetime]
    places: asyncio.Semaphore
    asking_robots: dict[str, asyncio.Lock] = field(default_factory=dict)
    turns: dict[str, _Turn] = field(default_factory=dict)
    held: int = 0  # bytes of bodies

    async def get(self, request: Request, max_bytes: int) -> Answer:
        """Return what *request* comes to; whatever a server does costs this request alone."""
        try:
            return await self._get(request, max_bytes)
        except Exception as error:  # noqa: BLE001 - the boundary: any server, any library below
            return Answer(failure_of_error(error, self.settings.total_timeout), 0)

    async def _get(self, request: Request, max_bytes: int) -> Answer:
        url, spent, for_good, seen = request.url, 0.0, True, {request.url}
        for _ in range(_HOPS + 1):
            refusal = await self._refusal(url, obey_robots=request.obey_robots)
            if refusal is not None:
                return Answer(refusal, round(spent * 1000))
            got, seconds = await self._ask(url, request, max_bytes, spent)
            spent += seconds
            if not isinstance(got, _Hop):
                moved = url if for_good and url != request.url else None
                return Answer(got, round(spent * 1000), moved if isinstance(got, Page) else None)
            if got.to in seen:
                return Answer(_circle(got.to), round(spent * 1000))
            url, for_good = got.to, for_good and got.for_good
            seen.add(url)
        return Answer(Failure("redirects", f"more than {_HOPS} redirects"), round(spent * 1000))

    async def _ask(
        self, url: str, request: Request, max_bytes: int, spent: float
    ) -> tuple[Got | _Hop, float]:
        """Return what one server answers, and the seconds that it took."""
        host = _host_of(url)
        async with self._turn(host):
            begun = time.monotonic()
            refusal = self.troubles.refusal(host, begun)
            if refusal is not None:
                return refusal, 0.0
            timeout = aiohttp.ClientTimeout(total=max(self.settings.total_timeout - spent, 0.001))
            got = await self._answer(url, request, max_bytes, timeout)
            ended = time.monotonic()
            self.troubles.note(host, got if isinstance(got, Failure) else None, ended)
            return got, ended - begun

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[None]:
        """Wait for this host's next moment, and for a place among all requests under way.

        Whoever is next keeps the others waiting until it really begins: the gap is between
        beginnings, however long a place was waited for.
        """
        turn = self.turns.setdefault(host, _Turn())
        async with turn.places:
            async with turn.next:
                await asyncio.sleep(self.gaps.wait(host, time.monotonic()))
                await self.places.acquire()
                self.gaps.asked(host, time.monotonic())
            try:
                yield
            finally:
                self.places.release()

    async def _answer(
        self, url: str, request: Request, max_bytes: int, timeout: aiohttp.ClientTimeout
    ) -> Got | _Hop:
        conditions = _conditions(request)
        try:
            async with self.session.get(
                url, headers=conditions, allow_redirects=False, timeout=timeout
            ) as response:
                if response.status in _MOVED and "Location" in response.headers:
                    return _hop(response)
                failure = failure_of_status(response.status, response.headers, self.clock())
                if response.status == 304 and not conditions:
                    failure = Failure("http_304", "HTTP 304, although we have nothing yet", 304)
                if failure is not None:
                    return failure
                return self._page(request.url, response, await self._body(response, max_bytes))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return failure_of_error(error, self.settings.total_timeout)

    async def _body(self, response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
        body = bytearray()
        connection = response.connection  # None: all of it is here already
        wire = self.sockets.under(connection.transport) if connection is not None else None
        if wire is not None:
            wire.head = False
        try:
            async for chunk in response.content.iter_chunked(_CHUNK):
                body += chunk
                self.held += len(chunk)
                if len(body) > max_bytes:  # counted after decompression
                    raise _TooLargeError(f"more than {max_bytes:,} bytes")
                if wire is not None and wire.came > max(HEAD_BYTES, WORTH * len(body)):
                    raise EmptyTalkError(f"{wire.came:,} bytes bring {len(body):,} of a body")
                if len(body) > _LARGE and self.held > _BATCH_BYTES:
                    raise _TooLargeError(f"more than {_LARGE:,} bytes, and this batch is full")
        except BaseException:
            self.held -= len(body)
            raise
        return bytes(body)

    def _page(self, url: str, response: aiohttp.ClientResponse, body: bytes) -> Page:
        return Page(
            url=url,
            final_url=str(response.url),
            status=response.status,
            headers=tuple((k, v) for k, v in response.headers.items()),
            body=body,
            fetched_at=self.clock(),
            exchange=exchange_of(response),
        )

    async def _refusal(self, url: str, *, obey_robots: bool) -> Failure | None:
        """Return why *url* is not asked for, or None."""
        try:
            parts = urlsplit(url)
        except ValueError as error:
            return Failure("bad_url", f"{url}: {error}")
        if not obey_robots or parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        rules = await self._rules(origin)
        if isinstance(rules, Failure):
            return rules
        self.gaps.widen(_host_of(url), rules.gap)
        if rules.allows(url):
            return None
        return Failure("robots", f"{origin}/robots.txt asks us not to read it")

    async def _rules(self, origin: str) -> Robots | Failure:
        async with self.asking_robots.setdefault(origin, asyncio.Lock()):
            if origin not in self.robots:
                request = Request(f"{origin}/robots.txt", obey_robots=False)
                self.robots[origin] = _robots(await self.get(request, ROBOTS_BYTES))
        return self.robots[origin]


def _robots(answer: Answer) -> Robots | Failure:
    got = answer.got
    return robots_of(got.body) if isinstance(got, Page) else robots_of_failure(got)


class _TooLargeError(ValueError):
    """A body is larger than we read."""


def _host_of(url: str) -> str:
    """Return the host whose gap counts for *url*, whatever the port: it is one machine."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _hop(response: aiohttp.ClientResponse) -> _Hop | Failure:
    """Return where *response* sends us, or why nobody can go there."""
    location = response.headers["Location"]
    try:
        target = response.url.join(URL(location))
        if target.scheme not in {"http", "https"} or not target.host:
            raise ValueError("no web address")
        return _Hop(str(target.with_fragment(None)), response.status in _MOVED_FOR_GOOD)
    except ValueError as error:
        return Failure("bad_url", f"sends us to {location[:200]!r}: {error}", response.status)


def _circle(url: str) -> Failure:
    return Failure("redirects", f"redirects go round in a circle by way of {url[:200]}")


def _conditions(request: Request) -> dict[str, str]:
    conditions = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in conditions.items() if value}


def failure_of_error(error: BaseException, timeout: float) -> Failure:
    """Return the failure class of an exception from the network."""
    if _blocked(error):
        return Failure("blocked_address", str(_blocked(error)))
    kinds: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
        (_TooLargeError, "too_large"),
        (EmptyTalkError, "network"),
        (aiohttp.ClientConnectorDNSError, "dns"),
        ((aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError), "tls"),
        (TimeoutError, "timeout"),
        (aiohttp.ClientConnectorError, "connect"),
        ((aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError), "bad_url"),
        (aiohttp.ClientPayloadError, "cut"),
        (aiohttp.ServerDisconnectedError, "cut"),
    )
    kind = next((kind for types, kind in kinds if isinstance(error, types)), "network")
    if kind == "timeout":
        return Failure(kind, f"no whole answer within {timeout:g} s")
    said = error.message if isinstance(error, aiohttp.ClientResponseError) else str(error)
    return Failure(kind, " ".join(said.split())[:_MESSAGE] or type(error).__name__)


def _blocked(error: BaseException | None) -> BlockedAddressError | None:
    while error is not None:
        if isinstance(error, BlockedAddressError):
            return error
        error = getattr(error, "os_error", None) or error.__cause__
    return None


class _Resolver(AbstractResolver):
    """The system's resolver, but for hosts that the settings map to an address of our own."""

    def __init__(self, mapped: Mapping[str, tuple[str, int]], guard: Guard) -> None:
        self._mapped = mapped
        self._guard = guard
        self._system = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host not in self._mapped:
            return self._permitted(host, await self._system.resolve(host, port, family))
        address, mapped_port = self._mapped[host]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=mapped_port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    def _permitted(self, host: str, found: list[ResolveResult]) -> list[ResolveResult]:
        """Return what may be connected to. Raises BlockedAddressError where that is nothing.

        The socket factory would refuse the rest too, but of several refusals asyncio makes one
        OSError.
        """
        places = [place for place in found if self._guard.permits(place["host"], place["port"])]
        if found and not places:
            raise BlockedAddressError(f"{host} leads to {found[0]['host']}, which is not public")
        return places

    async def close(self) -> None:
        await self._system.close()
