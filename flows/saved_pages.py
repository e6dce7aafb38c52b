"""Pages that lie on this machine: WARC files as crawlers leave them, and folders of saved pages."""

from __future__ import annotations

import re
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from extractors.errors import RecordError, UsageError
from extractors.model import Page
from warehouse.records import (
    Record,
    digest_problems,
    member_bytes,
    page_of,
    read_record,
    record_in,
)

_HTML = ("text/html", "application/xhtml+xml")
_CODINGS = ("Content-Encoding", "Transfer-Encoding")
_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})
_CHUNK = 1 << 16
_HEAD = 200_000  # bytes of a saved page in which its address is looked for
# What browsers and pages say of where a saved page came from, the surest first.
_ADDRESSES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rb"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)",
        rb"<link\b[^>]*\brel=[\"']?canonical[\"']?[^>]*\bhref=[\"']?(https?://[^\"'\s>]+)",
        rb"<link\b[^>]*\bhref=[\"']?(https?://[^\"'\s>]+)[\"']?[^>]*\brel=[\"']?canonical",
        rb"<meta\b[^>]*\bproperty=[\"']?og:url[\"']?[^>]*\bcontent=[\"']?(https?://[^\"'\s>]+)",
        rb"<meta\b[^>]*\bcontent=[\"']?(https?://[^\"'\s>]+)[\"']?[^>]*\bproperty=[\"']?og:url",
    )
)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a source, or what was wrong with it. Whoever stored it goes on at *position*.

    *share* of the source, 0 to 1, has been read with it.
    """

    position: str
    share: float
    page: Page | None = None
    name: str = ""
    member: bytes | None = field(default=None, repr=False)  # its WARC record, as it came
    problem: str | None = None


class SavedPages(Protocol):
    """A source of pages. `read` goes on behind a position; "" is the beginning."""

    @property
    def kind(self) -> str:
        """Return what it is, in a word or a few: with the path it names the source."""

    @property
    def path(self) -> Path:
        """Return where it lies."""

    def read(self, after: str) -> Iterator[Found]:
        """Yield the pages behind *after*, in an order that is always the same."""


def open_saved(path: Path, most_bytes: int) -> SavedPages:
    """Return the source that *path* is. Raises UsageError when it is none that we can read."""
    path = path.resolve()
    if path.is_dir():
        return Folder(path, most_bytes)
    if path.name.lower().endswith((".warc", ".warc.gz")):
        return WarcFile(path, most_bytes)
    raise UsageError(
        f"{path} is no folder and no .warc or .warc.gz file; "
        "lists of addresses end in .txt, sitemaps in .xml, OPML files in .opml."
    )


class WarcFile:
    """The HTML answers of one WARC file, packed or not. Positions are byte offsets."""

    kind = "warc"

    def __init__(self, path: Path, most_bytes: int) -> None:
        self.path = path
        self._most = most_bytes

    def read(self, after: str) -> Iterator[Found]:
        """Yield pages; a record that cannot be read is named and ends the file."""
        size = max(self.path.stat().st_size, 1)
        if not _is_warc(self.path):
            yield Found("0", 1.0, name=str(self.path), problem="does not begin with a WARC record")
            return
        offset = yield from self._as_we_write(int(after or 0), after, size)
        if offset < size:
            yield from self._as_others_do(offset, after, size)

    def _as_we_write(self, offset: int, after: str, size: int) -> Generator[Found, None, int]:
        """Yield pages while records are as ours are, a gzip member each and bodies without coding.

        Return where there is one that is not. Each is unpacked once, which warcio cannot do: it
        does not say what the record's own digests cover.
        """
        while offset < size:
            try:
                record = read_record(self.path.parent, self.path.name, offset, self._most + _HEAD)
            except RecordError:
                return offset
            page = _page_in(record)
            if page is not None and any(page.header(name) for name in _CODINGS):
                return offset
            if page is not None and str(offset) != after and self._is_html(page):
                yield Found(
                    str(offset), offset / size, page, page.final_url, self._member_of(record)
                )
            offset = record.end
        return offset

    def _is_html(self, page: Page) -> bool:
        kind = (page.header("Content-Type") or _HTML[0]).partition(";")[0].strip().lower()
        return page.status == 200 and kind in _HTML and len(page.body) <= self._most

    def _member_of(self, record: Record) -> bytes | None:
        if digest_problems(record):
            return None  # it is written anew
        return member_bytes(self.path.parent, self.path.name, record)

    def _as_others_do(self, offset: int, after: str, size: int) -> Iterator[Found]:
        with self.path.open("rb") as handle:
            handle.seek(offset)
            records = ArchiveIterator(handle)
            try:
                for record in records:
                    page = self._page(record)  # before the offset: asking for it skips the body
                    offset = records.get_record_offset()
                    if str(offset) != after and page is not None:
                        member = self._member(offset, records.get_record_length(), page)
                        yield Found(str(offset), offset / size, page, page.final_url, member)
            except (ArchiveLoadFailed, EOFError, OSError, ValueError, zlib.error) as error:
                problem = f"damaged behind byte {offset:,}: {error}"
                yield Found(str(offset), 1.0, name=str(self.path), problem=problem)

    def _member(self, offset: int, length: int, page: Page) -> bytes | None:
        """Return the record of *page* as it stands in the file, if we read it as that page too."""
        with self.path.open("rb") as handle:
            handle.seek(offset)
            member = handle.read(length)
        try:
            record = record_in(member)
        except RecordError:
            return None  # not packed, or in some other way of others: it is written anew
        return member if record.body == page.body and not digest_problems(record) else None

    def _page(self, record: Any) -> Page | None:
        """Return the page that *record* holds; None for what is no whole HTML page."""
        if record.rec_type != "response" or record.http_headers is None:
            return None
        http = record.http_headers
        kind = (http.get_header("Content-Type") or _HTML[0]).partition(";")[0].strip().lower()
        if http.get_statuscode() != "200" or kind not in _HTML:
            return None
        body = _at_most(record.content_stream(), self._most + 1)
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        if len(body) > self._most or not url:
            return None
        moment = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date"))
        headers = tuple((str(name), str(value)) for name, value in http.headers)
        return Page(url, url.strip("<>"), 200, headers, body, moment.astimezone(UTC))


def _page_in(record: Record) -> Page | None:
    """Return the page that *record* holds, as it was sent; None for what holds no HTTP answer."""
    url = record.header("WARC-Target-URI") or ""
    if record.kind != "response" or not url:
        return None
    try:
        return replace(page_of(record, url), final_url=url.strip("<>"))
    except (RecordError, ValueError):  # an answer of another protocol; no date
        return None


def _at_most(stream: Any, most: int) -> bytes:
    """Return the first *most* bytes of *stream*, whose `read` may return less than asked for."""
    parts: list[bytes] = []
    while most > 0 and (part := stream.read(min(most, _CHUNK))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _is_warc(path: Path) -> bool:
    """Return whether *path*, packed or not, begins as WARC files do; warcio skips what does not."""
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 5)
        except zlib.error:
            return False
    return head.startswith(b"WARC/")


class Folder:
    """The HTML files below one folder, by name. Positions are names."""

    kind = "folder"

    def __init__(self, path: Path, most_bytes: int) -> None:
        self.path = path
        self._most = most_bytes

    def read(self, after: str) -> Iterator[Found]:
        """Yield pages; a file that does not say where it came from is named."""
        files = sorted(
            (file.relative_to(self.path).as_posix(), file)
            for file in self.path.rglob("*")
            if file.suffix.lower() in _SUFFIXES and file.is_file()
        )
        for number, (name, file) in enumerate(files, start=1):
            if name > after:
                yield self._found(name, file, number / len(files))

    def _found(self, name: str, file: Path, share: float) -> Found:
        try:
            body, saved = file.read_bytes(), file.stat().st_mtime
        except OSError as error:
            return Found(name, share, name=str(file), problem=str(error))
        if len(body) > self._most:
            return Found(name, share, name=str(file), problem=f"over {self._most:,} bytes")
        url = address_in(body)
        if url is None:
            problem = "does not say its address (canonical link, og:url or a browser's comment)"
            return Found(name, share, name=str(file), problem=problem)
        moment = datetime.fromtimestamp(saved, UTC)
        return Found(name, share, Page(url, url, 200, (), body, moment), url)


def address_in(body: bytes) -> str | None:
    """Return the address that a saved page says it came from, or None."""
    head = body[:_HEAD]
    found = (pattern.search(head) for pattern in _ADDRESSES)
    return next((match[1].decode("utf-8", "replace") for match in found if match), None)
