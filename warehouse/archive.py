"""Raw pages in WARC 1.1 files: the root of all evidence. Written and synced before any row.

A page is a response record, followed by the request that it answered; a page that had not changed
is a revisit record that names the earlier one. A run has files of its own, so that a run killed in
mid-record spoils the end of its last file and no other.
"""

from __future__ import annotations

import base64
import os
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1, sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractors.model import Page

# Of 150 real pages of 300 kB, level 9 takes 7.5 ms of CPU a page and leaves 52.8 kB; 5: 3.4, 54.3.
_LEVEL = 5
MAX_BYTES = 1 << 30  # of one file, about: the one that reaches it is the file's last page
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
# The body is stored as we decoded it, so headers that speak of its wire form would be untrue.
_WIRE_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})


@dataclass(frozen=True, slots=True)
class WarcPointer:
    """Where a page's record lies: file below the archive's folder, offset in bytes, digests."""

    file: str
    offset: int
    digest: str  # "sha1:..." in base32, as in the record's WARC-Payload-Digest
    kind: str = "response"  # response | revisit
    record_id: str | None = None  # WARC-Record-ID
    sha256: str | None = None  # of the body, in hexadecimal
    refers_to: str | None = None  # of a revisit: id of the capture that holds the body


@dataclass(frozen=True, slots=True)
class Original:
    """The capture that holds a page's last body: what a revisit record refers to."""

    capture_id: str
    record_id: str | None
    url: str
    fetched_at: datetime
    digest: str
    sha256: str | None = None


class Archive:
    """The WARC files under one folder. `store` appends to this run's own files."""

    def __init__(
        self, folder: Path, run_id: str, started_at: datetime, *, max_bytes: int = MAX_BYTES
    ) -> None:
        self._folder = folder
        self._run_id = run_id
        self._started_at = started_at
        self._max_bytes = max_bytes
        self._serial = 0

    def store(self, pages: Iterable[Page]) -> list[WarcPointer]:
        """Append a response record a page, sync to disk, and return a pointer a page."""
        return self._write([(page, None, None) for page in pages])

    def store_members(self, pages: Iterable[tuple[Page, bytes | None]]) -> list[WarcPointer]:
        """Append pages, sync and return as `store` does; a record that came whole stays as it is.

        Beside each page may stand the gzip member in which somebody else archived it, one that
        `records.page_of` reads as that page: it is copied byte for byte.
        """
        return self._write([(page, None, member) for page, member in pages])

    def store_again(self, pages: Iterable[tuple[Page, Original]]) -> list[WarcPointer]:
        """Append a revisit record a page that came unchanged; sync and return as `store` does."""
        return self._write([(page, original, None) for page, original in pages])

    def _write(self, pages: list[tuple[Page, Original | None, bytes | None]]) -> list[WarcPointer]:
        pointers: list[WarcPointer] = []
        waiting = deque(pages)
        while waiting:
            with self._file() as file:
                pointers.append(file.append(*waiting.popleft()))
                while waiting and file.size < self._max_bytes:
                    pointers.append(file.append(*waiting.popleft()))
        return pointers

    @contextmanager
    def _file(self) -> Iterator[_WarcFile]:
        path = self._folder / self._name
        if path.exists() and path.stat().st_size >= self._max_bytes:
            self._serial += 1
            path = self._folder / self._name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("ab") as handle:
                yield _WarcFile(self._name, handle)
                handle.flush()
                os.fsync(handle.fileno())
            _sync_folder(path.parent)
        except BaseException:
            self._serial += 1  # nothing is ever appended to a file that may end in half a record
            raise

    @property
    def _name(self) -> str:
        stamp = f"{self._started_at:%Y%m%dT%H%M%SZ}"
        name = f"casewatch-{stamp}-{self._serial:05}-{self._run_id}.warc.gz"
        return f"{self._started_at:%Y}/{self._started_at:%m}/{name}"


class _WarcFile:
    """One open file. Its first record says who wrote it."""

    def __init__(self, name: str, handle: IO[bytes]) -> None:
        self._name, self._handle = name, handle
        self._record = BytesIO()
        self._writer = WARCWriter(self._record, gzip=False, warc_version="WARC/1.1")
        if self.size == 0:
            self._handle.write(about_member(name))

    @property
    def size(self) -> int:
        return self._handle.tell()

    def append(
        self, page: Page, original: Original | None, member: bytes | None = None
    ) -> WarcPointer:
        offset = self.size
        if member is not None:
            self._handle.write(member)
            return _pointer(self._name, offset, None, page, None)
        record = _response(self._writer, page, original)
        self._write(record)
        record_id = record.rec_headers.get_header("WARC-Record-ID")
        if page.exchange is not None:
            self._write(_request(self._writer, page, record_id))
        return _pointer(self._name, offset, record_id, page, original)

    def _write(self, record: Any) -> None:
        """Append a record as a gzip member. Not by the library: it packs at level 9."""
        self._writer.write_record(record)
        self._handle.write(_packed(self._record.getvalue()))
        self._record.seek(0)
        self._record.truncate()


def payload_digest(body: bytes) -> str:
    """Return a body's digest as WARC writes it: "sha1:" and base32."""
    return "sha1:" + base64.b32encode(sha1(body, usedforsecurity=False).digest()).decode()


def warc_date(moment: datetime) -> str:
    """Return *moment*, in UTC, as WARC 1.1 writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"


def _pointer(
    name: str, offset: int, record_id: str | None, page: Page, original: Original | None
) -> WarcPointer:
    if original is not None:
        return WarcPointer(
            name,
            offset,
            original.digest,
            "revisit",
            record_id,
            original.sha256,
            original.capture_id,
        )
    digests = payload_digest(page.body), sha256(page.body).hexdigest()
    return WarcPointer(name, offset, digests[0], "response", record_id, digests[1])


def _packed(record: bytes) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(record) + packer.flush()


def about_member(name: str, said: str = "") -> bytes:
    """Return the first gzip member of the file *name*: who wrote it, and what is *said*."""
    description = "Bodies are stored without their content coding and transfer coding."
    facts = {
        "software": "casewatch",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": f"{description} {said}".strip(),
    }
    record = BytesIO()
    writer = WARCWriter(record, gzip=False, warc_version="WARC/1.1")
    writer.write_record(writer.create_warcinfo_record(name.rpartition("/")[2], facts))
    return _packed(record.getvalue())


def _response(writer: Any, page: Page, original: Original | None) -> Any:
    body = b"" if original is not None else page.body
    return writer.create_warc_record(
        page.final_url,
        "response" if original is None else "revisit",
        payload=BytesIO(body),
        length=len(body),
        http_headers=_http_headers(page),
        warc_headers_dict=_when_and_where(page) | _earlier(page, original),
    )


def _http_headers(page: Page) -> StatusAndHeaders:
    headers = [(k, _text(v)) for k, v in page.headers if k.lower() not in _WIRE_HEADERS]
    if page.status != 304:
        headers.append(("Content-Length", str(len(page.body))))
    reason = page.exchange.reason if page.exchange else "OK"
    return StatusAndHeaders(f"{page.status} {_text(reason)}", headers, protocol="HTTP/1.1")


def _when_and_where(page: Page) -> dict[str, str]:
    facts = {"WARC-Date": warc_date(page.fetched_at)}
    if page.exchange is not None and page.exchange.address:
        facts["WARC-IP-Address"] = page.exchange.address
    return facts


def _earlier(page: Page, original: Original | None) -> dict[str, str]:
    """Return the headers by which a revisit names the record that holds its body."""
    if original is None:
        return {}
    profile = "server-not-modified" if page.status == 304 else "identical-payload-digest"
    facts = {
        "WARC-Profile": _PROFILE + profile,
        "WARC-Refers-To-Target-URI": original.url,
        "WARC-Refers-To-Date": warc_date(original.fetched_at),
        "WARC-Payload-Digest": original.digest,
    }
    return facts | ({"WARC-Refers-To": original.record_id} if original.record_id else {})


def _request(writer: Any, page: Page, response_id: str) -> Any:
    assert page.exchange is not None  # noqa: S101 - the caller looked
    parts = urlsplit(page.final_url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = [(name, _text(value)) for name, value in page.exchange.request_headers]
    return writer.create_warc_record(
        page.final_url,
        "request",
        http_headers=StatusAndHeaders(f"GET {target} HTTP/1.1", headers, is_http_request=True),
        warc_headers_dict=_when_and_where(page) | {"WARC-Concurrent-To": response_id},
    )


def _text(value: str) -> str:
    """Return a header's *value*; bytes that were not UTF-8 came as surrogates, and are Latin-1."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape").decode("latin-1")
    return value


def _sync_folder(folder: Path) -> None:
    """Make a new file's name as durable as its bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
