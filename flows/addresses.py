"""Which addresses may be connected to: those of the open web, and what the settings allow.

The check is made on the address that is really connected to, at every connection: names can be
rebound between a check and its use, and odd notations mean what the system makes of them.
"""

from __future__ import annotations

import ipaddress
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from extractors.errors import UsageError

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

Lookup = Callable[..., Sequence[tuple[Any, Any, Any, Any, Any]]]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class BlockedAddressError(OSError):
    """A host name led to an address that a public server cannot have."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A network of our own that may be connected to, on one port or on any (None)."""

    network: Network
    port: int | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """Says which addresses may be connected to."""

    allowed: tuple[Allowed, ...] = ()

    def permits(self, address: str, port: int) -> bool:
        """Return whether *address* (an IP address) may be connected to on *port*."""
        return is_public(address) or any(
            rule.port in {None, port} and _address(address) in rule.network for rule in self.allowed
        )

    def check(self, address: str, port: int) -> None:
        """Raise BlockedAddressError unless *address* may be connected to on *port*."""
        if not self.permits(address, port):
            raise BlockedAddressError(f"{address} is not a public address")


def allowed_from(text: str) -> Allowed:
    """Return the rule in *text*: "10.0.0.0/8", "192.0.2.7", "127.0.0.1:8080" or "[::1]:8080".

    Names are no rules: what a name leads to is for somebody else to say. Raises UsageError.
    """
    address, port = text, ""
    if text.startswith("["):
        address, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    try:
        return Allowed(ipaddress.ip_network(address, strict=False), int(port) if port else None)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is no address that could be allowed; write 10.0.0.0/8 or 127.0.0.1:8080"
        ) from error


def guard_of(allow: Iterable[str], pairs: Iterable[tuple[str, int]] = ()) -> Guard:
    """Return the guard that lets through the rules *allow* and each (address, port) of *pairs*."""
    named = (Allowed(ipaddress.ip_network(address), port) for address, port in pairs)
    return Guard((*map(allowed_from, allow), *named))


def is_public(address: str) -> bool:
    """Return whether a server of the open web can have this IP address."""
    ip = _address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _inner_address(ip)
        if inner is None:
            return ip in _GLOBAL_UNICAST and ip.is_global
        ip = inner
    return ip.is_global and not ip.is_multicast


def refusal_of(url: str, guard: Guard = Guard(), lookup: Lookup = socket.getaddrinfo) -> str | None:
    """Return why the server of *url* may not be written to, or None where it may.

    A name with even one address of our own is refused. What it is connected to later may be
    another: `guarded_connections` sees that.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or (443 if parts.scheme.endswith("s") else 80)
    except ValueError as error:
        return f"no address: {error}"
    if not host:
        return "it names no host"
    try:
        found = lookup(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return f"{host} cannot be found: {error}"
    places = [place[4][:2] for place in found]
    blocked = next((str(a) for a, p in places if not guard.permits(str(a), int(p))), None)
    return f"{host} leads to {blocked}, which is not public" if blocked else None


@contextmanager
def guarded_connections(guard: Guard) -> Iterator[None]:
    """Let this thread connect only where *guard* permits, whatever library does it.

    A connection to elsewhere raises BlockedAddressError inside the library. An audit hook sees the
    address that is really connected to, on every hop; it cannot be taken out again, so there is
    one a process, which does nothing outside such a block.
    """
    _install_hook()
    before = getattr(_watched, "guard", None)
    _watched.guard = guard
    try:
        yield
    finally:
        _watched.guard = before


_watched = threading.local()
_installing = threading.Lock()
_installed: list[bool] = []


def _install_hook() -> None:
    with _installing:
        if not _installed:
            sys.addaudithook(_on_event)
            _installed.append(True)


def _on_event(event: str, args: tuple[Any, ...]) -> None:
    if event != "socket.connect":
        return
    guard: Guard | None = getattr(_watched, "guard", None)
    place = args[1]
    if guard is not None and isinstance(place, tuple):  # a path is a socket of this machine
        guard.check(str(place[0]), int(place[1]))


def _address(address: str) -> _Address:
    return ipaddress.ip_address(address.partition("%")[0])


def _inner_address(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that a gateway would make of *ip* (mapped, NAT64, 6to4), or None."""
    if ip in _NAT64:
        return ipaddress.IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour
