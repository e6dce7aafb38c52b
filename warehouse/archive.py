"""Raw pages in WARC 1.1 files: the root of all evidence. Written and synced before any row.

One file a run, so that a run killed in mid-record spoils the end of its own file and no other.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractors.model import Page

# The body is stored as we decoded it, so headers that speak of its wire form would be untrue.
_WIRE_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})


@dataclass(frozen=True, slots=True)
class WarcPointer:
    """Where a page's record lies: file below the archive's folder, offset in bytes, digest."""

    file: str
    offset: int
    digest: str  # "sha1:..." in base32, as in the record's WARC-Payload-Digest


class Archive:
    """The WARC files under one folder. `store` appends to this run's own file."""

    def __init__(self, folder: Path, run_id: str, started_at: datetime) -> None:
        stamp = f"{started_at:%Y%m%dT%H%M%SZ}"
        self._folder = folder
        self._name = f"{started_at:%Y}/{started_at:%m}/casewatch-{stamp}-{run_id}.warc.gz"

    def store(self, pages: Iterable[Page]) -> list[WarcPointer]:
        """Append one response record a page, sync to disk, and return a pointer a page."""
        path = self._folder / self._name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
            if file.tell() == 0:
                writer.write_record(_about(writer, self._name))
            pointers = [self._append(writer, file, page) for page in pages]
            file.flush()
            os.fsync(file.fileno())
        return pointers

    def _append(self, writer: Any, file: Any, page: Page) -> WarcPointer:
        offset = file.tell()
        record = _response(writer, page)
        writer.write_record(record)
        return WarcPointer(
            self._name, offset, record.rec_headers.get_header("WARC-Payload-Digest") or ""
        )


def _about(writer: Any, name: str) -> Any:
    facts = {"software": "casewatch", "format": "WARC File Format 1.1"}
    return writer.create_warcinfo_record(name, facts)


def _response(writer: Any, page: Page) -> Any:
    headers = [(k, _text(v)) for k, v in page.headers if k.lower() not in _WIRE_HEADERS]
    headers.append(("Content-Length", str(len(page.body))))
    return writer.create_warc_record(
        page.final_url,
        "response",
        payload=BytesIO(page.body),
        length=len(page.body),
        http_headers=StatusAndHeaders(f"{page.status} OK", headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": f"{page.fetched_at:%Y-%m-%dT%H:%M:%S.%fZ}"},
    )


def _text(value: str) -> str:
    """Return a header's *value*; bytes that were not UTF-8 came as surrogates, and are Latin-1."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape").decode("latin-1")
    return value
