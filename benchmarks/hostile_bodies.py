"""The bodies that the hostile server sends: bombs, feeds and pages. Each is made when asked for."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import brotli  # type: ignore[import-untyped]

TEN_GIGABYTES = 10_000_000_000
_BLOCK = 100_000_000
_ZEROS = bytes(1_000_000)
WORDS = "The court said on Monday that the new tests would go ahead as planned. "
_RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>Reports</title>'
_END = "</channel></rss>"
_ITEM = "<item><title>Report {0}</title><link>http://good-page.example/{0}</link></item>"


def self_signed(folder: str) -> str:
    """Write a certificate that nobody vouches for into *folder*, with its key; return its path."""
    from cryptography import x509  # noqa: PLC0415 - only the server needs it
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "self-signed.example")])
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=36_500))
        .sign(key, hashes.SHA256())
    )
    path = Path(folder) / "certificate.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    return str(path)


# --- bombs: 10 GB of zeros each ----------------------------------------------------------------


def arm() -> None:
    """Make the bombs, so that they take no time when they are asked for."""
    _deflated(31)
    _deflated(15)
    _brotlied()


async def gzip_bomb() -> AsyncIterator[bytes]:
    """Yield 10 MB of gzip."""
    for part in _deflated(31):
        yield part


async def deflate_bomb() -> AsyncIterator[bytes]:
    """Yield 10 MB of deflate."""
    for part in _deflated(15):
        yield part


@cache
def _deflated(wbits: int) -> tuple[bytes, ...]:
    """Return the bomb in parts: after a full flush a block can be said again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    head = packer.compress(_ZEROS) + packer.flush(zlib.Z_FULL_FLUSH)
    block = b"".join(packer.compress(_ZEROS) for _ in range(_BLOCK // len(_ZEROS)))
    return head, *[block + packer.flush(zlib.Z_FULL_FLUSH)] * (TEN_GIGABYTES // _BLOCK)


async def brotli_bomb() -> AsyncIterator[bytes]:
    """Yield 15 kB of brotli."""
    head, block = _brotlied()
    yield head
    for _ in range(TEN_GIGABYTES // _BLOCK):
        yield block


@cache
def _brotlied() -> tuple[bytes, bytes]:
    packer = brotli.Compressor(quality=5, lgwin=22)
    head = packer.process(_ZEROS) + packer.flush()
    block = b"".join(packer.process(_ZEROS) for _ in range(_BLOCK // len(_ZEROS)))
    return head, block + packer.flush()


async def zstd_bomb() -> AsyncIterator[bytes]:
    """Yield 305 kB of zstd: a frame of blocks that say "128 KiB of this byte" (RFC 8878, 3.1)."""
    yield b"\x28\xb5\x2f\xfd\x00\x58"  # magic, no flags, a window of 2 MiB
    block = ((131_072 << 3) | (1 << 1)).to_bytes(3, "little") + b"\0"
    for _ in range(TEN_GIGABYTES // 131_072 // 1_000 + 1):
        yield block * 1_000
    yield b"\x01\x00\x00"


async def gzip_members() -> AsyncIterator[bytes]:
    """Yield a million gzip files in a row, 1 GB in all."""
    members = gzip.compress(_ZEROS[:1_000], mtime=0) * 1_000
    for _ in range(1_000):
        yield members


async def no_gzip() -> AsyncIterator[bytes]:
    """Yield what begins like gzip and is none."""
    yield b"\x1f\x8b\x08\x00words and words"


# --- feeds -------------------------------------------------------------------------------------


def good_feed(_: str) -> bytes:
    """Return a feed of three entries."""
    return (_RSS + "".join(_ITEM.format(n) for n in range(3)) + _END).encode()


def _billion_laughs(_: str) -> bytes:
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11)]
    entry = "<item><title>&a10;</title><link>http://good-page.example/1</link></item>"
    return f"<!DOCTYPE rss [{''.join(lines)}]>{_RSS[21:]}{entry}{_END}".encode()


def _quadratic(_: str) -> bytes:
    doctype = f'<!DOCTYPE rss [<!ENTITY a "{"x" * 100_000}">]>'
    entry = f"<item><title>{'&a;' * 100_000}</title></item>"
    return f"{doctype}{_RSS[21:]}{entry}{_END}".encode()


def _external_entities(canary: str) -> bytes:
    doctype = (
        '<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">'
        f'<!ENTITY h SYSTEM "http://127.0.0.1:{canary}/">'
        f'<!ENTITY % p SYSTEM "http://127.0.0.1:{canary}/p">%p;]>'
    )
    entry = "<item><title>A &f; &h;</title><link>http://good-page.example/1</link></item>"
    return f"{doctype}{_RSS[21:]}{entry}{_END}".encode()


def _external_stylesheet(canary: str) -> bytes:
    root = f"http://127.0.0.1:{canary}"
    head = f'<?xml version="1.0"?><?xml-stylesheet href="{root}/x.xsl"?>'
    head += f'<!DOCTYPE rss SYSTEM "{root}/x.dtd">'
    return (head + _RSS[21:] + _ITEM.format(1) + _END).encode()


def _path(_: str) -> bytes:
    return b"/etc/passwd"


def _address(canary: str) -> bytes:
    return f"http://127.0.0.1:{canary}/feed".encode()


FEEDS: dict[str, Callable[[str], bytes]] = {
    "feed-100-mb": lambda _: (_RSS + _ITEM.format(1) * 1_450_000 + _END).encode(),
    "feed-19-mb": lambda _: (_RSS + "<item/>" * 2_700_000 + _END).encode(),
    "feed-10000-entries": lambda _: (
        _RSS
        + "".join(
            _ITEM.format(n).replace("</item>", f"<description>{WORDS * 3}</description></item>")
            for n in range(10_000)
        )
        + _END
    ).encode(),
    "feed-deep": lambda _: (_RSS + "<item>" * 1_000_000).encode(),
    "feed-attributes": lambda _: (
        _RSS + "<item " + " ".join(f'a{n}=""' for n in range(300_000)) + "/>" + _END
    ).encode(),
    "feed-namespaces": lambda _: (
        _RSS + "".join(f'<x xmlns:a{n}="b">' for n in range(200_000))
    ).encode(),
    "feed-deep-json": lambda _: b'{"version":"1.1","items":' + b"[" * 1_000_000,
    "billion-laughs": _billion_laughs,
    "quadratic-entities": _quadratic,
    "external-entities": _external_entities,
    "external-stylesheet": _external_stylesheet,
    "feed-is-a-path": _path,
    "feed-is-an-address": _address,
    "feed-of-nul": lambda _: bytes(1_000_000),
}


# --- pages -------------------------------------------------------------------------------------


def _page(body: str, head: str = "") -> str:
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>"


def _article(title: str = "Court hears new tests") -> str:
    paragraphs = "".join(f"<p>{WORDS * 3}</p>" for _ in range(4))
    return f"<article><h1>{title}</h1>{paragraphs}</article>"


def good_page(_: str) -> bytes:
    """Return an article."""
    return _page(_article()).encode()


_ACCENTS = _article("Anhörung über Prüfung in Köln, «enquête»")
_PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 100
_PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100

PAGES: dict[str, Callable[[str], bytes]] = {
    "page-20-mb": lambda _: _page(f"<p>{WORDS}</p>" * 260_000).encode(),
    "page-almost-5-mb": lambda _: _page(f"<p>{WORDS * 64_000}</p>").encode(),
    "page-nested": lambda _: ("<div>" * 100_000 + WORDS).encode(),
    "page-spans": lambda _: _page("<p>" + "<span>word </span>" * 80_000 + "</p>").encode(),
    "page-divs": lambda _: _page("<div>word</div>" * 200_000).encode(),
    # libxml2 compares each attribute with all before it: 300,000 take minutes
    "page-minutes": lambda _: _page(
        "<p " + " ".join(f'a{n}="x"' for n in range(300_000)) + ">" + WORDS
    ).encode(),
    "page-json-ld": lambda _: _page(
        _article(),
        '<script type="application/ld+json">[' + '{"@type":"Person"},' * 240_000 + "{}]</script>",
    ).encode(),
    "page-deep-json-ld": lambda _: _page(
        _article(), '<script type="application/ld+json">' + "[" * 4_500_000 + "</script>"
    ).encode(),
    "page-nul": lambda _: _page(_article()).replace("court", "co\0urt").encode(),
    "page-utf16": lambda _: _page(_ACCENTS).encode("utf-16"),
    "page-cp1252-as-utf8": lambda _: _page(_ACCENTS, "<meta charset=utf-8>").encode("cp1252"),
    "page-odd-charset": lambda _: _page(_ACCENTS, "<meta charset=x-klingon>").encode(),
    "page-pdf": lambda _: _PDF,
    "page-png": lambda _: _PNG,
    "page-of-noise": lambda _: bytes(range(256)) * 4_000,
    "page-of-lt": lambda _: b"<" * 4_800_000,
}
