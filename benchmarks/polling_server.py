"""A server on loopback that answers 304 for many feeds after a delay, or the feed the first time.

    python -m benchmarks.polling_server MILLISECONDS [ENTRIES]

prints its port, then serves until its standard input is closed. It is a process of its own and
speaks as little HTTP as will do, so that the guest is what is measured. `/log` tells what it saw.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable

_FEED = '<?xml version="1.0"?><rss version="2.0"><channel><title>{0}</title>{1}</channel></rss>'
_ENTRY = (
    "<item><title>A{1}</title><link>http://{0}/a{1}</link><guid>{0} a{1}</guid>"
    "<pubDate>Thu, 19 Nov 2026 12:00:00 GMT</pubDate></item>"
)
_AGAIN = b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'


class Log:
    """Counts requests: those that were conditional, and the most that were under way at once."""

    def __init__(self) -> None:
        self.requests = self.conditional = self.under_way = self.most = 0

    def begin(self, head: bytes) -> bool:
        """Count a request; return whether it is conditional."""
        self.requests += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        conditional = b"if-none-match" in head.lower()
        self.conditional += conditional
        return conditional


async def _serve(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    log: Log,
    delay: float,
    entries: int,
) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            if head.startswith(b"GET /log "):
                writer.write(_whole(json.dumps(vars(log))))
                continue
            conditional = log.begin(head)
            await asyncio.sleep(delay)
            place = head.split(b" ", 2)[1].decode() + head.partition(b"ost: ")[2][:20].decode()
            name = "".join(c for c in place if c.isalnum())
            writer.write(_AGAIN if conditional else _whole(_feed(name, entries)))
            log.under_way -= 1
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _feed(name: str, entries: int) -> str:
    return _FEED.format(name, "".join(_ENTRY.format(name, n) for n in range(entries)))


def _whole(body: str) -> bytes:
    head = f'HTTP/1.1 200 OK\r\nETag: "v1"\r\nContent-Length: {len(body)}\r\n\r\n'
    return (head + body).encode()


async def _main(delay: float, entries: int) -> None:
    log = Log()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Awaitable[None]:
        return _serve(reader, writer, log, delay, entries)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main(float(sys.argv[1]) / 1000, int((*sys.argv[2:], "1")[0])))
