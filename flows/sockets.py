"""The sockets of the fetcher: each checks its address, and counts what it is sent.

A server can keep us busy with bytes that bring nothing: interim answers without end, bodies in
chunks of one byte. They cost our event loop a hundred times what honest bytes cost, and so every
other request too. So bytes are counted as they come off the wire.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

from flows.addresses import Guard

HEAD_BYTES = 512_000  # before an answer begins; what is read ahead of its body counts as well
# An honest byte of the wire brings a byte of the body or more; one in four is no transfer.
WORTH = 4
_AT_ONCE = 65_536  # asyncio takes four times that from one socket before it turns to the next


class EmptyTalkError(OSError):
    """A server sends much and says nothing."""


class CountingSocket(socket.socket):
    """A socket that knows how many bytes came since it was last written to."""

    came = 0
    head = True  # whether the answer has not begun yet

    def send(self, *args: Any) -> int:
        """Send, and begin to count anew: a request is written, its answer comes next."""
        self.came, self.head = 0, True
        return super().send(*args)

    def recv(self, size: int, *flags: int) -> bytes:
        """Return what came. Raises EmptyTalkError where too much came and no answer with it."""
        got = super().recv(min(size, _AT_ONCE), *flags)
        self._count(len(got))
        return got

    def recv_into(self, buffer: Any, nbytes: int = 0, *flags: int) -> int:
        """Put what came into *buffer*; see `recv`."""
        got = super().recv_into(buffer, min(nbytes or len(buffer), _AT_ONCE), *flags)
        self._count(got)
        return got

    def _count(self, size: int) -> None:
        self.came += size
        if self.head and self.came > HEAD_BYTES:
            raise EmptyTalkError(f"more than {HEAD_BYTES:,} bytes and no answer")


class Sockets:
    """Makes the sockets of one session, and finds them again."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._made: WeakValueDictionary[int, CountingSocket] = WeakValueDictionary()

    @property
    def factory(self) -> Callable[[Any], socket.socket]:
        """Return what makes a socket for an address that the guard permits, else raises."""
        return self._make

    def _make(self, address: Any) -> socket.socket:
        family, kind, protocol, _, place = address
        self._guard.check(place[0], place[1])
        made = CountingSocket(family, kind, protocol)
        self._made[made.fileno()] = made
        return made

    def under(self, transport: Any) -> CountingSocket | None:
        """Return the socket under an asyncio *transport*, or None where it is closed."""
        wrapped = transport.get_extra_info("socket") if transport is not None else None
        return self._made.get(wrapped.fileno()) if wrapped is not None else None
