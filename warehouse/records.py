"""WARC records read back: one gzip member at its offset, and what is wrong with it, if anything.

Written apart from the library that wrote the records: an archive that only its own writer can read
proves little. It reads what casewatch writes: a gzip member a record, bodies without any coding.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha1, sha256
from io import BytesIO
from pathlib import Path
from typing import IO

from extractors.errors import RecordError
from extractors.model import Page

_CHUNK = 1 << 16
_MOST = 1 << 28  # bytes of one record: a damaged member must not fill the memory
_BREAK = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record, whole. *start* and *end* bound its gzip member in the file, in bytes."""

    start: int
    end: int
    headers: tuple[tuple[str, str], ...]
    block: bytes = field(repr=False)

    def header(self, name: str) -> str | None:
        """Return the first WARC header of that *name*, in whatever case it was written."""
        return _first(self.headers, name)

    @property
    def kind(self) -> str:
        """Return its WARC-Type."""
        return self.header("WARC-Type") or ""

    @property
    def body(self) -> bytes:
        """Return what follows the HTTP headers in its block."""
        return self.block.partition(_BREAK)[2]

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of its body, in hexadecimal."""
        return sha256(self.body).hexdigest()


def read_record(folder: Path, file: str, offset: int, most: int = _MOST) -> Record:
    """Return the record at *offset* of *file* below *folder*, of at most *most* bytes.

    Raises RecordError, of kind missing_file, truncated or damaged, where there is none.
    """
    path = folder / file
    try:
        with path.open("rb") as handle:
            return _record_at(handle, offset, most)
    except FileNotFoundError as error:
        raise RecordError("missing_file", f"{file} is not in {folder}") from error
    except RecordError as error:
        raise RecordError(error.kind, f"{file} at byte {offset}: {error}") from error


def record_in(member: bytes) -> Record:
    """Return the record that is *member*, one gzip member. Raises RecordError where it is none."""
    return _record_at(BytesIO(member), 0)


def records_from(folder: Path, file: str, offset: int) -> Iterator[Record]:
    """Yield the records of *file* from *offset* to its end. Raises RecordError at the first bad."""
    size = (folder / file).stat().st_size
    while offset < size:
        record = read_record(folder, file, offset)
        yield record
        offset = record.end


def whole_end(folder: Path, file: str, offset: int = 0) -> int:
    """Return where the last whole record of *file* ends, looking from *offset*, where one begins.

    Only half a record at the end is left out: where something is damaged it is the file's end.
    """
    end = offset
    try:
        for record in records_from(folder, file, offset):
            end = record.end
    except RecordError as error:
        return end if error.kind == "truncated" else (folder / file).stat().st_size
    return end


def member_bytes(folder: Path, file: str, record: Record) -> bytes:
    """Return the gzip member of *record*, byte for byte as it stands in *file*."""
    with (folder / file).open("rb") as handle:
        handle.seek(record.start)
        return handle.read(record.end - record.start)


def page_of(record: Record, url: str) -> Page:
    """Return the page that a response record holds; *url* is what was asked for.

    Raises RecordError for a record of another kind.
    """
    if record.kind != "response":
        raise RecordError("damaged", f"a {record.kind} record stands where a response should")
    status, headers = _http_head(record.block.partition(_BREAK)[0])
    fetched_at = datetime.fromisoformat(record.header("WARC-Date") or "").astimezone(UTC)
    final_url = record.header("WARC-Target-URI") or url
    return Page(url, final_url, status, headers, record.body, fetched_at)


def digest_problems(record: Record) -> list[str]:
    """Return which of the record's own digests its bytes do not have, in words."""
    stated = {"WARC-Block-Digest": record.block}
    if record.kind in {"response", "request"}:
        stated["WARC-Payload-Digest"] = record.body
    return [
        f"{name} says {said}, the bytes have {sha1_of(content)}"
        for name, content in stated.items()
        if (said := record.header(name)) is not None and said != sha1_of(content)
    ]


def sha1_of(content: bytes) -> str:
    """Return the digest of *content* as WARC records state it."""
    return "sha1:" + base64.b32encode(sha1(content, usedforsecurity=False).digest()).decode()


def _record_at(handle: IO[bytes], offset: int, most: int = _MOST) -> Record:
    handle.seek(offset)
    content, end = _member(handle, offset, most)
    head, found, rest = content.partition(_BREAK)
    if not found or not head.startswith(b"WARC/1."):
        raise RecordError("damaged", "no WARC record begins there")
    headers = _headers(head)
    length = _first(headers, "Content-Length") or ""
    if not length.isdecimal() or len(rest) != int(length) + len(_BREAK):
        raise RecordError("damaged", f"Content-Length is {length}, {len(rest) - 4} bytes follow")
    return Record(offset, end, headers, rest[: int(length)])


def _member(handle: IO[bytes], offset: int, most: int) -> tuple[bytes, int]:
    """Return the unpacked gzip member that begins here, and the offset after it."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    content = bytearray()
    taken = 0
    while not unpacker.eof:
        packed = handle.read(_CHUNK)
        if not packed:
            raise RecordError("truncated", "the file ends in the middle of the record")
        taken += len(packed)
        try:
            content += unpacker.decompress(packed, most - len(content) + 1)
        except zlib.error as error:
            raise RecordError("damaged", f"not a sound gzip member ({error})") from error
        if len(content) > most:
            raise RecordError("damaged", f"more than {most:,} bytes in one record")
    return bytes(content), offset + taken - len(unpacker.unused_data)


def _http_head(head: bytes) -> tuple[int, tuple[tuple[str, str], ...]]:
    words = head.partition(b"\r\n")[0].split()
    if len(words) < 2 or not words[1].isdigit():
        raise RecordError("damaged", "its block is no HTTP answer")
    return int(words[1]), _headers(head)


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    """Return the headers after the first line. Continuation lines are added to their header."""
    headers: list[tuple[str, str]] = []
    for line in head.split(b"\r\n")[1:]:
        text = _decoded(line)
        if text[:1] in {" ", "\t"} and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {text.strip()}")
        elif ":" in text:
            name, _, value = text.partition(":")
            headers.append((name.strip(), value.strip()))
    return tuple(headers)


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _first(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)
