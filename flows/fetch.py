"""The one module that opens sockets to other people's servers. What to ask is decided elsewhere."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from protego import Protego

from extractors.model import Exchange, Page
from flows.politeness import Failure, HostGaps, failure_of_status
from flows.settings import ROBOTS_NAME, Settings

_CHUNK = 65_536
_REDIRECTS = 10
_ROBOTS_BYTES = 1_000_000  # RFC 9309, 2.5: parsers read at least 500 KiB
_NO_ROBOTS = frozenset(range(400, 500)) - {429}
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

Got = Page | Failure


class BlockedAddressError(OSError):
    """A host name led to an address that a public server cannot have."""


@dataclass(frozen=True, slots=True)
class Request:
    """One conditional GET."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    obey_robots: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request: a page (status 200 or 304) or a failure, and how long it took."""

    got: Got
    milliseconds: int
    moved_to: str | None = None  # where permanent redirects led


class Fetcher:
    """Fetches batches of requests, many hosts at once, one host at a time with a gap between.

    It keeps no socket between batches, only each host's next moment and its robots.txt.
    """

    def __init__(
        self, settings: Settings, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._gaps = HostGaps(settings.host_gap)
        self._robots: dict[str, Protego | Failure] = {}

    def fetch(self, requests: Sequence[Request], max_bytes: int) -> list[Answer]:
        """Return one answer a request, in order. Nothing is raised for a server's doings."""
        return asyncio.run(self._fetch(requests, max_bytes))

    async def _fetch(self, requests: Sequence[Request], max_bytes: int) -> list[Answer]:
        places = asyncio.Semaphore(self._settings.at_once)
        async with self._session() as session:
            visit = _Visit(
                session, self._settings, self._gaps, self._robots, self._clock, places, {}
            )
            return list(await asyncio.gather(*(visit.get(r, max_bytes) for r in requests)))

    def _session(self) -> AbstractAsyncContextManager[aiohttp.ClientSession]:
        mapped = dict(self._settings.connect)
        connector = aiohttp.TCPConnector(
            resolver=_Resolver(mapped),
            socket_factory=_guarded_socket(frozenset(mapped.values())),
            limit=self._settings.at_once,
            limit_per_host=2,
        )
        return aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self._settings.user_agent},
            timeout=aiohttp.ClientTimeout(total=self._settings.total_timeout),
            cookie_jar=aiohttp.DummyCookieJar(),
            response_class=_Response,
        )


@dataclass(frozen=True, slots=True)
class _Visit:
    """One batch under way."""

    session: aiohttp.ClientSession
    settings: Settings
    gaps: HostGaps
    robots: dict[str, Protego | Failure]
    clock: Callable[[], datetime]
    places: asyncio.Semaphore
    asking_robots: dict[str, asyncio.Lock]

    async def get(self, request: Request, max_bytes: int) -> Answer:
        problem = _problem_of(request.url)
        if problem is not None:
            return Answer(problem, 0)
        if request.obey_robots:
            refusal = await self._refusal(request.url)
            if refusal is not None:
                return Answer(refusal, 0)
        return await self._timed(request, max_bytes)

    async def _timed(self, request: Request, max_bytes: int) -> Answer:
        host = urlsplit(request.url).netloc
        await asyncio.sleep(self.gaps.wait(host, time.monotonic()))
        async with self.places:
            begun = time.monotonic()
            got, moved = await self._ask(request, max_bytes)
            return Answer(got, round((time.monotonic() - begun) * 1000), moved)

    async def _ask(self, request: Request, max_bytes: int) -> tuple[Got, str | None]:
        try:
            async with self.session.get(
                request.url, headers=_conditions(request), max_redirects=_REDIRECTS
            ) as response:
                failure = failure_of_status(response.status, response.headers, self.clock())
                if response.status == 304 and not _conditions(request):
                    failure = Failure("http_304", "HTTP 304, although we have nothing yet", 304)
                if failure is not None:
                    return failure, None
                body = await _body(response, max_bytes)
                return self._page(request.url, response, body), _moved(response)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return failure_of_error(error, self.settings.total_timeout), None

    def _page(self, url: str, response: aiohttp.ClientResponse, body: bytes) -> Page:
        return Page(
            url=url,
            final_url=str(response.url),
            status=response.status,
            headers=tuple((k, v) for k, v in response.headers.items()),
            body=body,
            fetched_at=self.clock(),
            exchange=_exchange(response),
        )

    async def _refusal(self, url: str) -> Failure | None:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        async with self.asking_robots.setdefault(origin, asyncio.Lock()):
            if origin not in self.robots:
                self.robots[origin] = await self._read_robots(origin)
        rules = self.robots[origin]
        if isinstance(rules, Failure):
            return rules
        if rules.can_fetch(url, ROBOTS_NAME):
            return None
        return Failure("robots", f"{origin}/robots.txt asks us not to read it")

    async def _read_robots(self, origin: str) -> Protego | Failure:
        """Return the rules; RFC 9309, 2.3.1: none where there is no file, all where it is ill.

        429 is no "no": a server that is too busy for this is too busy for its pages.
        """
        answer = await self._timed(Request(f"{origin}/robots.txt"), _ROBOTS_BYTES)
        if isinstance(answer.got, Page):
            return Protego.parse(answer.got.body.decode("utf-8", "replace"))
        if answer.got.status in _NO_ROBOTS:
            return Protego.parse("")
        return Failure(
            answer.got.kind,
            f"robots.txt could not be read, so nothing is: {answer.got.message}",
            answer.got.status,
            answer.got.retry_after,
        )


class _Response(aiohttp.ClientResponse):
    """An answer that remembers whom it came from: its connection is gone once the body is read."""

    peer: str | None = None

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        name = connection.transport.get_extra_info("peername") if connection.transport else None
        self.peer = str(name[0]) if name else None
        return await super().start(connection)


def _exchange(response: aiohttp.ClientResponse) -> Exchange:
    sent = tuple((k, v) for k, v in response.request_info.headers.items())
    return Exchange(sent, getattr(response, "peer", None), response.reason or "")


def _problem_of(url: str) -> Failure | None:
    try:
        urlsplit(url)
    except ValueError as error:
        return Failure("bad_url", f"{url}: {error}")
    return None


class _TooLargeError(ValueError):
    """A body is larger than we read."""


async def _body(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > max_bytes:  # counted after decompression
            raise _TooLargeError(f"more than {max_bytes:,} bytes")
    return bytes(body)


def _conditions(request: Request) -> dict[str, str]:
    conditions = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in conditions.items() if value}


def _moved(response: aiohttp.ClientResponse) -> str | None:
    hops = response.history
    return str(response.url) if hops and all(hop.status in {301, 308} for hop in hops) else None


def failure_of_error(error: BaseException, timeout: float) -> Failure:
    """Return the failure class of an exception from the network."""
    if _blocked(error):
        return Failure("blocked_address", str(_blocked(error)))
    kinds: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
        (_TooLargeError, "too_large"),
        (aiohttp.ClientConnectorDNSError, "dns"),
        ((aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError), "tls"),
        (TimeoutError, "timeout"),
        (aiohttp.ClientConnectorError, "connect"),
        (aiohttp.TooManyRedirects, "redirects"),
        ((aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError), "bad_url"),
        (aiohttp.ClientPayloadError, "cut"),
        (aiohttp.ServerDisconnectedError, "cut"),
    )
    kind = next((kind for types, kind in kinds if isinstance(error, types)), "network")
    if kind == "timeout":
        return Failure(kind, f"no whole answer within {timeout:g} s")
    return Failure(kind, str(error) or type(error).__name__)


def _blocked(error: BaseException | None) -> BlockedAddressError | None:
    while error is not None:
        if isinstance(error, BlockedAddressError):
            return error
        error = getattr(error, "os_error", None) or error.__cause__
    return None


def _guarded_socket(allowed: frozenset[tuple[str, int]]) -> Callable[[Any], socket.socket]:
    """Return a socket factory that refuses every address which is not public, unless allowed."""

    def make(address: Any) -> socket.socket:
        family, kind, protocol, _, place = address
        if (place[0], place[1]) not in allowed and not is_public(place[0]):
            raise BlockedAddressError(f"{place[0]} is not a public address")
        return socket.socket(family, kind, protocol)

    return make


def is_public(address: str) -> bool:
    """Return whether a server of the open web can have this IP address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _inner_address(ip)
        if inner is None:
            return ip in _GLOBAL_UNICAST and ip.is_global
        ip = inner
    return ip.is_global and not ip.is_multicast


def _inner_address(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that a gateway would make of *ip* (mapped, NAT64, 6to4), or None."""
    if ip in _NAT64:
        return ipaddress.IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour


class _Resolver(AbstractResolver):
    """The system's resolver, but for hosts that the settings map to an address of our own."""

    def __init__(self, mapped: Mapping[str, tuple[str, int]]) -> None:
        self._mapped = mapped
        self._system = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host not in self._mapped:
            return _public(host, await self._system.resolve(host, port, family))
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

    async def close(self) -> None:
        await self._system.close()


def _public(host: str, found: list[ResolveResult]) -> list[ResolveResult]:
    """Return the public addresses in *found*. Raises BlockedAddressError where there is none.

    The socket factory would refuse them too, but of several refusals asyncio makes one OSError.
    """
    public = [place for place in found if is_public(place["host"])]
    if found and not public:
        raise BlockedAddressError(f"{host} leads to {found[0]['host']}, which is not public")
    return public
