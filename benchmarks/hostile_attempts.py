"""What is tried against a run, and what may come of each: an attack costs itself and no more."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.hostile_bodies import FEEDS, PAGES

READ = "read"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attack: where it waits, how it is read, and the outcomes that are no harm done."""

    name: str
    url: str
    outcomes: frozenset[str]
    kind: str = "page"  # page | feed
    obey_robots: bool = False
    times: int = 1  # how often it is asked for; the last answer counts


def attempts(ports: dict[str, int]) -> list[Attempt]:
    """Return all attempts against the server that listens on *ports*."""
    return [
        *_servers(),
        *_tls(),
        *_robots(),
        *_addresses(ports["canary"]),
        *_rebound(ports["http"]),
        *_feeds(),
        *_pages(),
    ]


def _servers() -> list[Attempt]:
    expected = {
        "silent": "timeout",
        "slow-headers": "timeout too_large network",
        "slow-body": "timeout",
        "endless-headers": "network cut",
        "endless-status": "network cut",
        "endless-body": "too_large timeout",
        "endless-chunks": "network",
        "early-hints": "network",
        "endless-redirects": "redirects",
        "redirect-loop": "redirects",
        "redirect-fat": "redirects timeout",
        "wrong-length": "cut",
        "negative-length": "network cut",
        "cut-headers": "cut",
        "cut-chunks": "cut",
        "reset": "cut network",
        "no-http": "network",
        "gzip-bomb": "too_large",
        "deflate-bomb": "too_large",
        "brotli-bomb": "too_large",
        "zstd-bomb": "too_large network",  # network: not asked for, and nobody can decode it
        "gzip-members": "too_large cut",
        "gzip-of-gzip": "cut too_large not_html no_text network",
        "gzip-lie": "cut",
    }
    return [_attempt(name, kinds) for name, kinds in expected.items()]


def _attempt(name: str, kinds: str, kind: str = "page", *, robots: bool = False) -> Attempt:
    return Attempt(name, f"http://{name}.example/", frozenset(kinds.split()), kind, robots)


def _tls() -> list[Attempt]:
    return [
        Attempt("TLS: nobody vouches for it", "https://self-signed.example/", frozenset({"tls"})),
        Attempt("TLS: another protocol", "https://no-tls.example/", frozenset({"tls"})),
        Attempt("TLS: no answer", "https://tls-hangs.example/", frozenset({"timeout", "tls"})),
        Attempt("no such host", "http://nowhere.invalid/", frozenset({"dns"})),
    ]


def _robots() -> list[Attempt]:
    expected = {
        "robots-rules": "robots",
        "robots-delay": READ,
        "robots-slow": "timeout",
        "robots-endless": "too_large",
    }
    return [_attempt(name, kinds, robots=True) for name, kinds in expected.items()]


# Each is asked for, and each is redirected to. CANARY is a port that counts who comes.
ADDRESSES = {
    "loopback": "http://127.0.0.1:CANARY/",
    "loopback, elsewhere": "http://127.8.9.10:CANARY/",
    "loopback, short": "http://127.1:CANARY/",
    "loopback, decimal": "http://2130706433:CANARY/",
    "loopback, hexadecimal": "http://0x7f000001:CANARY/",
    "loopback, hexadecimal parts": "http://0x7f.0.0.0x1:CANARY/",
    "loopback, octal": "http://0177.0.0.1:CANARY/",
    "loopback, wide digits": "http://１２７.0.0.1:CANARY/",
    "loopback, circled digits": "http://①②⑦.⓪.⓪.①:CANARY/",
    "loopback, IPv6": "http://[::1]:CANARY/",
    "loopback, IPv4-mapped": "http://[::ffff:127.0.0.1]:CANARY/",
    "loopback, IPv4-mapped in hexadecimal": "http://[::ffff:7f00:1]:CANARY/",
    "loopback, IPv4-compatible": "http://[::127.0.0.1]:CANARY/",
    "loopback, NAT64": "http://[64:ff9b::7f00:1]:CANARY/",
    "loopback, local NAT64": "http://[64:ff9b:1::7f00:1]:CANARY/",
    "loopback, 6to4": "http://[2002:7f00:1::]:CANARY/",
    "loopback, Teredo": "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]:CANARY/",
    "no address": "http://0.0.0.0:CANARY/",
    "no address, short": "http://0:CANARY/",
    "no address, IPv6": "http://[::]:CANARY/",
    "localhost": "http://localhost:CANARY/",
    "localhost with a dot": "http://localhost.:CANARY/",
    "localhost behind a name and password": "http://good.example@localhost:CANARY/",
    "private 10": "http://10.0.0.1/",
    "private 172": "http://172.16.0.1/",
    "private 192": "http://192.168.1.1/",
    "carrier": "http://100.64.0.1/",
    "benchmarking": "http://198.18.0.1/",
    "link-local": "http://169.254.1.1/",
    "link-local, IPv6": "http://[fe80::1]/",
    "unique local, IPv6": "http://[fc00::1]/",
    "multicast": "http://224.0.0.1/",
    "multicast, IPv6": "http://[ff02::1]/",
    "broadcast": "http://255.255.255.255/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata, decimal": "http://2852039166/latest/meta-data/",
    "metadata, IPv6": "http://[fd00:ec2::254]/latest/meta-data/",
    "metadata, IPv4-mapped": "http://[::ffff:169.254.169.254]/latest/meta-data/",
    "metadata, NAT64": "http://[64:ff9b::a9fe:a9fe]/latest/meta-data/",
    "metadata, another cloud": "http://100.100.100.200/latest/meta-data/",
    "a name of loopback": "http://to-loopback.attack.example:CANARY/",
    "a name of a private address": "http://to-private.attack.example/",
    "a name of metadata": "http://metadata.google.internal/computeMetadata/v1/",
    "a name of IPv4-mapped loopback": "http://to-mapped.attack.example:CANARY/",
    "a name of loopback and private": "http://to-both.attack.example:CANARY/",
    "a file": "file:///etc/passwd",
    "another protocol": "gopher://127.0.0.1:CANARY/_GET",
}
# What names lead to.
NAMES = {
    "to-loopback.attack.example": ["127.0.0.1"],
    "to-private.attack.example": ["10.1.2.3"],
    "localhost.": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "to-mapped.attack.example": ["::ffff:127.0.0.1"],
    "to-both.attack.example": ["127.0.0.1", "::1", "192.168.0.1"],
}
# It leads to an address that is allowed first, and from the second time on to one that is not.
REBOUND = "rebound.attack.example"
REBOUND_TO = ("127.0.0.1", "127.0.0.2")


def _addresses(canary: int) -> list[Attempt]:
    found = []
    for name, form in ADDRESSES.items():
        url = form.replace("CANARY", str(canary))
        refused = frozenset({"blocked_address", "bad_url"})
        found.append(Attempt(f"to {name}", url, refused))
        away = f"http://redirect-to.example/{url.encode().hex()}"
        found.append(Attempt(f"redirect to {name}", away, refused))
    return found


def _rebound(port: int) -> list[Attempt]:
    url, refused = f"http://{REBOUND}:{port}/", frozenset({"blocked_address"})
    away = f"http://redirect-to.example/{url.encode().hex()}"
    return [
        Attempt("to a name that is rebound after its first use", url, refused, times=2),
        Attempt("redirect to a name that is rebound", away, refused, times=2),
    ]


def _feeds() -> list[Attempt]:
    expected = dict.fromkeys(FEEDS, f"{READ} parse timeout crashed not_a_feed binary empty")
    expected |= {"feed-100-mb": "too_large", "feed-10000-entries": READ, "good-feed": READ}
    return [_attempt(name, kinds, "feed") for name, kinds in expected.items()]


def _pages() -> list[Attempt]:
    expected = {
        "page-20-mb": "too_large",
        "page-almost-5-mb": READ,
        "page-nested": "no_text parse too_many_elements",
        "page-spans": "too_many_elements",
        "page-divs": "too_many_elements",
        "page-minutes": "timeout",
        "page-json-ld": f"{READ} timeout crashed",
        "page-deep-json-ld": f"{READ} timeout crashed",
        "page-nul": READ,
        "page-utf16": READ,
        "page-cp1252-as-utf8": READ,
        "page-odd-charset": READ,
        "page-pdf": "not_html",
        "page-png": "not_html",
        "page-of-noise": f"{READ} not_html no_text parse",
        "page-of-lt": f"{READ} no_text timeout crashed parse",
        "good-page": READ,
    }
    assert expected.keys() - {"good-page"} == PAGES.keys()
    return [_attempt(name, kinds) for name, kinds in expected.items()]
