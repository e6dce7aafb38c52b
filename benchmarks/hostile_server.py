"""A server on loopback that does to its guests what the worst of the open web does.

    python -m benchmarks.hostile_server

prints one JSON line with its ports, then serves until its standard input is closed. What it
answers depends on the first label of the host: `http://endless-body.example/`. It is a process of
its own, so that its memory and its time are not those of the run that is attacked.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory

from benchmarks import hostile_bodies as bodies

FOR_EVER = 3_600.0  # seconds: longer than anybody's limit
_HTML = "text/html; charset=utf-8"
_RSS = "application/rss+xml"


@dataclass
class Asked:
    """One request: the attack that its host names, and its path."""

    name: str
    path: str
    writer: asyncio.StreamWriter
    canary: str = ""  # an address that nobody may connect to

    async def send(self, *parts: bytes) -> None:
        """Send *parts*, one after the other, as fast as they are taken."""
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()

    async def answer(
        self, body: bytes, content_type: str = _HTML, *, status: str = "200 OK", more: str = ""
    ) -> None:
        """Send an honest answer."""
        head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{more}"
        await self.send(f"{head}Content-Length: {len(body)}\r\n\r\n".encode(), body)

    async def redirect(self, to: str, status: str = "302 Found") -> None:
        """Send the guest elsewhere."""
        await self.answer(b"", status=status, more=f"Location: {to}\r\n")


Attack = Callable[[Asked], Awaitable[None]]
_ATTACKS: dict[str, Attack] = {}


def attack(name: str) -> Callable[[Attack], Attack]:
    """Let the decorated function answer for the host `NAME.example`."""

    def add(function: Attack) -> Attack:
        _ATTACKS[name] = function
        return function

    return add


# --- slow and endless --------------------------------------------------------------------------


@attack("silent")
async def _silent(_: Asked) -> None:
    await asyncio.sleep(FOR_EVER)


@attack("slow-headers")
async def _slow_headers(asked: Asked) -> None:
    await asked.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        await asked.send(f"X-{number}: x\r\n".encode())
        await asyncio.sleep(0.2)


@attack("slow-body")
async def _slow_body(asked: Asked) -> None:
    await asked.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
    for _ in range(100_000):
        await asked.send(b".")
        await asyncio.sleep(0.2)


@attack("endless-headers")
async def _endless_headers(asked: Asked) -> None:
    await asked.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await asked.send(b"X: " + b"x" * 1_000 + b"\r\n")


@attack("endless-status")
async def _endless_status(asked: Asked) -> None:
    while True:
        await asked.send(b"HTTP/1.1 " + b"2" * 60_000)


@attack("endless-body")
async def _endless_body(asked: Asked) -> None:
    await asked.send(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        await asked.send(b"<p>words</p>" * 5_000)


@attack("endless-chunks")
async def _endless_chunks(asked: Asked) -> None:
    await asked.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await asked.send(b"1\r\nx\r\n" * 5_000)


@attack("early-hints")
async def _early_hints(asked: Asked) -> None:
    while True:
        await asked.send(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100)


# --- redirects ---------------------------------------------------------------------------------


@attack("endless-redirects")
async def _endless_redirects(asked: Asked) -> None:
    await asked.redirect(f"/{len(asked.path)}{asked.path.strip('/')}")


@attack("redirect-loop")
async def _redirect_loop(asked: Asked) -> None:
    await asked.redirect("/b" if asked.path == "/a" else "/a", "301 Moved Permanently")


@attack("redirect-fat")
async def _redirect_fat(asked: Asked) -> None:
    await asked.send(b"HTTP/1.1 302 Found\r\nLocation: /a\r\n\r\n")
    while True:
        await asked.send(b"x" * 60_000)


@attack("redirect-to")
async def _redirect_to(asked: Asked) -> None:
    await asked.redirect(bytes.fromhex(asked.path[1:]).decode())


# --- cut, wrong, coded -------------------------------------------------------------------------


@attack("wrong-length")
async def _wrong_length(asked: Asked) -> None:
    await asked.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<html>")


@attack("negative-length")
async def _negative_length(asked: Asked) -> None:
    await asked.send(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n<html>")


@attack("cut-headers")
async def _cut_headers(asked: Asked) -> None:
    await asked.send(b"HTTP/1.1 200 OK\r\nContent-")


@attack("cut-chunks")
async def _cut_chunks(asked: Asked) -> None:
    await asked.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf")


@attack("reset")
async def _reset(asked: Asked) -> None:
    await asked.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<html>")
    asked.writer.transport.abort()


@attack("no-http")
async def _no_http(asked: Asked) -> None:
    await asked.send(b"SSH-2.0-OpenSSH_9.6\r\n")


def _coded(name: str, coding: str, body: Callable[[], AsyncIterator[bytes]]) -> None:
    async def bomb(asked: Asked) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {coding}\r\n\r\n"
        await asked.send(head.encode())
        async for part in body():
            await asked.send(part)

    _ATTACKS[name] = bomb


_coded("gzip-bomb", "gzip", bodies.gzip_bomb)
_coded("deflate-bomb", "deflate", bodies.deflate_bomb)
_coded("brotli-bomb", "br", bodies.brotli_bomb)
_coded("zstd-bomb", "zstd", bodies.zstd_bomb)
_coded("gzip-members", "gzip", bodies.gzip_members)
_coded("gzip-of-gzip", "gzip, gzip", bodies.gzip_bomb)
_coded("gzip-lie", "gzip", bodies.no_gzip)


# --- feeds, pages, robots ----------------------------------------------------------------------


def _serve(name: str, content_type: str, make: Callable[[str], bytes]) -> None:
    async def serve(asked: Asked) -> None:
        await asked.answer(await asyncio.to_thread(make, asked.canary), content_type)

    _ATTACKS[name] = serve


for _name, _make in bodies.FEEDS.items():
    _serve(_name, _RSS, _make)
for _name, _make in bodies.PAGES.items():
    _serve(_name, _HTML, _make)
_serve("good-feed", _RSS, bodies.good_feed)
_serve("good-page", _HTML, bodies.good_page)


@attack("rebound")
@attack("robots-rules")
@attack("robots-delay")
@attack("robots-slow")
@attack("robots-endless")
async def _good(asked: Asked) -> None:
    await asked.answer(bodies.good_page(""))


async def _robots(asked: Asked) -> None:
    if asked.name == "robots-rules":
        names = "".join(f"User-agent: a{n}\n" for n in range(20_000))
        rules = "".join(f"Disallow: /{n}\n" for n in range(20_000))
        await asked.answer((names + rules).encode(), "text/plain")
    elif asked.name == "robots-delay":
        await asked.answer(b"User-agent: *\nCrawl-delay: 86400\n", "text/plain")
    elif asked.name == "robots-slow":
        await asyncio.sleep(FOR_EVER)
    elif asked.name == "robots-endless":
        await asked.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await asked.send(b"Disallow: /x\n" * 5_000)
    else:
        await asked.answer(b"", status="404 Not Found")


# --- the server --------------------------------------------------------------------------------


@dataclass
class Server:
    """All its listeners. `touched` counts the connections to the canary: there may be none."""

    touched: int = 0
    canary: str = ""
    listeners: list[asyncio.Server] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and hang up."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ", 2)[1]
            host = head.lower().partition("\r\nhost:")[2].partition("\r\n")[0].strip()
            asked = Asked(host.partition(".")[0], path, writer, self.canary)
            await self._answer(asked)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return  # the guest has left, as it should
        finally:
            writer.close()

    async def _answer(self, asked: Asked) -> None:
        if asked.name == "control":
            await asked.answer(str(self.touched).encode(), "text/plain")
        elif asked.path == "/robots.txt":
            await _robots(asked)
        else:
            await _ATTACKS[asked.name](asked)

    async def touch(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Count somebody who came where nobody may come."""
        self.touched += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
        writer.close()

    async def garble(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer a TLS greeting with something else."""
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 this is no TLS\r\n\r\n")
        writer.close()

    async def hang(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Never answer a TLS greeting."""
        await asyncio.sleep(FOR_EVER)
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[dict[str, int]]:
    """Serve on ports of 127.0.0.1 that are free, and yield them by name."""
    bodies.arm()
    server = Server()
    with TemporaryDirectory() as folder:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(bodies.self_signed(folder))
        start = asyncio.start_server
        listeners = {
            "canary": await start(server.touch, "127.0.0.1", 0),
            "http": await start(server.serve, "127.0.0.1", 0, backlog=512),
            "self_signed": await start(server.serve, "127.0.0.1", 0, ssl=context),
            "no_tls": await start(server.garble, "127.0.0.1", 0),
            "tls_hangs": await start(server.hang, "127.0.0.1", 0),
        }
        port = listeners["http"].sockets[0].getsockname()[1]
        listeners["second_canary"] = await start(server.touch, "127.0.0.2", port)
        ports = {name: s.sockets[0].getsockname()[1] for name, s in listeners.items()}
        server.canary = str(ports["canary"])
        yield ports
        for listener in listeners.values():
            listener.close()


async def _main() -> None:
    async with listening() as ports:
        print(json.dumps(ports), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main())
