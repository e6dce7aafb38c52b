"""A server's bytes to text: what they are, and in which encoding."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from extractors.charsets import (
    BOMS,
    HTTP_CHARSET,
    SEVEN_BIT,
    SUPERSETS,
    XML_ENCODING,
    other_file,
)
from extractors.errors import PageError
from extractors.model import Page

MAX_BYTES = 5_000_000

_HTML_TYPES = {"text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml"}
_LOOKS_LIKE_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|article|meta|div|p)\b", re.IGNORECASE
)
_FEED = re.compile(
    rb"^\s*(?:<\?xml[^>]*>)?\s*(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF|urlset)\b", re.DOTALL
)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_WESTERN_SHARE = 0.1  # of the bytes, accented letters and quotes in Western European pages
_CENTRAL_EUROPEAN = re.compile(
    rb"""<html[^>]{0,200}\blang=["']?(?:cs|sk|pl|hu|ro|sl|hr|bs|sq)\b""", re.IGNORECASE
)


def html_of(page: Page) -> str:
    """Return the HTML of *page* as text.

    Raises PageError "not_html" for PDFs, images, feeds and other files, "too_large" above 5 MB,
    "no_text" for an empty body.
    """
    if len(page.body) > MAX_BYTES:
        raise PageError("too_large", f"{len(page.body):,} bytes; the limit is {MAX_BYTES:,}")
    if not page.body.strip():
        raise PageError("no_text", "the body is empty")
    content_type = _content_type(page)
    _refuse_other_files(page.body, content_type)
    return decode(page.body, content_type).replace("\x00", "")


def decode(body: bytes, content_type: str = "") -> str:
    """Return *body* as text: by BOM, then as UTF-8 if it is, then as labelled, then by its looks.

    Valid UTF-8 goes before any label: other encodings hardly ever are valid UTF-8 by accident,
    and labels are often wrong.
    """
    for bom, encoding in BOMS:
        if body.startswith(bom):
            return body.decode(encoding, "replace")
    if b"\x00" in body[:200] and len(body[:200].split(b"\x00")) > 40:
        return body.decode("utf-16-be" if body.startswith(b"\x00") else "utf-16-le", "replace")
    labels = _labels(body, content_type)
    seven_bit = [label for label in labels if label in SEVEN_BIT]
    for encoding in (*seven_bit, "utf-8", *labels):
        text = _strictly(body, encoding)
        if text is not None:
            return text
    return _by_looks(body, labels)


def _content_type(page: Page) -> str:
    values = (value for name, value in page.headers if name.lower() == "content-type")
    return next(values, "")


def _refuse_other_files(body: bytes, content_type: str) -> None:
    what = other_file(body)
    if what is not None:
        raise PageError("not_html", f"the body is {what}")
    if _FEED.match(body[:2000]):
        raise PageError("not_html", "the body is a feed or sitemap")
    kind = content_type.partition(";")[0].strip().lower()
    if kind and kind not in _HTML_TYPES and not _LOOKS_LIKE_HTML.search(body[:5000]):
        raise PageError("not_html", f"the server calls it {kind}")


def _labels(body: bytes, content_type: str) -> list[str]:
    head = body[:8192]
    found = [match.group(1) for match in (HTTP_CHARSET.search(content_type),) if match]
    for pattern in (XML_ENCODING, _META_CHARSET):
        match = pattern.search(head)
        if match:
            found.append(match.group(1).decode("ascii", "ignore"))
    return [name for name in map(_codec, found) if name]


def _codec(label: str) -> str | None:
    """Return Python's name for *label*, widened as browsers do; None for what is no charset."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    if name.startswith(("utf-16", "utf-32")) or name in {"utf-7", "idna", "punycode"}:
        return "utf-8"  # a label that could be read is no UTF-16
    return SUPERSETS.get(name, name)


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None


def _by_looks(body: bytes, labels: list[str]) -> str:
    mostly = body.decode("utf-8", "replace")
    characters = sum(1 for char in mostly if char > "\x7f")
    if mostly.count("\ufffd") * 5 < characters:  # UTF-8 with a few broken places, or cut short
        return mostly
    if labels:
        return body.decode(labels[0], "replace")
    return body.decode(_guess(body[:100_000]), "replace")


def _guess(body: bytes) -> str:
    """Return the encoding of unlabelled bytes: what browsers assume, unless most of it is other.

    Between Western and Central European pages the detector guesses: only the language tells.
    """
    few = sum(byte > 0x7F for byte in body) < _WESTERN_SHARE * len(body)
    if few and not _CENTRAL_EUROPEAN.search(body[:2000]):
        return "cp1252"
    best = from_bytes(body).best()
    return best.encoding if best else "cp1252"
