"""What went over the wire beside a page: request headers, the address asked. For the archive."""

from __future__ import annotations

from typing import Any

import aiohttp

from extractors.model import Exchange


class RememberingResponse(aiohttp.ClientResponse):
    """An answer that knows whom it came from: its connection is gone once the body is read."""

    peer: str | None = None

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        """Note the address that we are connected to, then read the answer's head."""
        name = connection.transport.get_extra_info("peername") if connection.transport else None
        self.peer = str(name[0]) if name else None
        return await super().start(connection)


def exchange_of(response: aiohttp.ClientResponse) -> Exchange:
    """Return what the archive keeps of the exchange that *response* ended."""
    sent = tuple((name, value) for name, value in response.request_info.headers.items())
    return Exchange(sent, getattr(response, "peer", None), response.reason or "")
