"""A feed's bytes to text: what they are, and in which encoding."""

from __future__ import annotations

import codecs
import re
import zlib
from itertools import islice

from charset_normalizer import from_bytes

from extractors.charsets import (
    BOMS,
    HTTP_CHARSET,
    SEVEN_BIT,
    SUPERSETS,
    XML_ENCODING,
    other_file,
)
from extractors.errors import FeedError
from extractors.feeds.notes import Notes

MAX_BYTES = 50_000_000  # the limit of the sitemap protocol, unpacked

_SIGNATURES = (  # byte order marks, then what feeds begin with where they have none
    *BOMS,
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),  # "<?xm" in EBCDIC
)
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_SEVEN_BIT = SEVEN_BIT | {"utf-7"}
_NO_TEXT_CODEC = {"idna", "punycode", "base64", "hex", "rot13", "bz2", "zlib", "uu", "quopri"}
_NO_TEXT_CODEC |= {"unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}


def text_of(body: bytes, content_type: str | None, notes: Notes) -> str:
    """Return *body* as text without NULs, and note where it was not what it claimed to be.

    Raises FeedError "empty" or "binary".
    """
    if body.startswith(b"\x1f\x8b"):
        body = _unpacked(body, notes)
    if len(body) > MAX_BYTES:
        notes.add(f"cut after {MAX_BYTES:,} bytes of {len(body):,}")
        body = body[:MAX_BYTES]
    if not body.strip(b" \t\r\n\x00"):
        raise FeedError("empty", "the body is empty")
    _refuse_other_files(body)
    text = _decoded(body, content_type or "", notes)
    if text[:2000].count("\x00") + text[:2000].count("\ufffd") > 200:
        raise FeedError("binary", "the body is no text")
    return text.replace("\x00", "").removeprefix("\ufeff")


def _refuse_other_files(body: bytes) -> None:
    what = other_file(body)
    if what is not None:
        raise FeedError("binary", f"the body is {what}")


def _unpacked(body: bytes, notes: Notes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, MAX_BYTES)
    except zlib.error as error:
        raise FeedError("binary", f"broken gzip: {error}") from error
    notes.add("unpacked a gzip file")
    if not unpacker.eof:
        notes.add("the gzip file ends early or is too large")
    return plain


def _decoded(body: bytes, content_type: str, notes: Notes) -> str:
    for mark, encoding in _SIGNATURES:
        if body.startswith(mark):
            return _replaced(body, encoding, notes)
    labels = _labels(body, content_type, notes)
    seven_bit = [label for label in labels if label in _SEVEN_BIT]
    for encoding in dict.fromkeys((*seven_bit, "utf-8", *labels)):
        text = _strictly(body, encoding)
        if text is not None:
            if labels and encoding != labels[0] and not body.isascii():
                notes.add(f"declared as {labels[0]}, is {encoding}")
            return text
    return _by_looks(body, labels, notes)


def _labels(body: bytes, content_type: str, notes: Notes) -> list[str]:
    found = [match.group(1) for match in (HTTP_CHARSET.search(content_type),) if match]
    declared = XML_ENCODING.search(body[:1000])
    if declared:
        found.append(declared.group(1).decode("ascii", "ignore"))
    return [name for name in (_codec(label, notes) for label in found) if name]


def _codec(label: str, notes: Notes) -> str | None:
    """Return Python's name for *label*, widened as browsers do; None for what is no charset."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        name = ""
    if not name or name in _NO_TEXT_CODEC:
        notes.add("declared in an unknown encoding", label)
        return None
    if name.startswith(("utf-16", "utf-32")):
        return "utf-8"  # a label that could be read is no UTF-16
    return SUPERSETS.get(name, name)


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, LookupError, ValueError):
        return None


def _replaced(body: bytes, encoding: str, notes: Notes) -> str:
    text = body.decode(encoding, "replace")
    lost = text.count("\ufffd")
    if lost:
        notes.add(f"{lost} bytes are not {encoding}")
    return text


def _by_looks(body: bytes, labels: list[str], notes: Notes) -> str:
    mostly = body.decode("utf-8", "replace")
    beyond_ascii = len(mostly) - len(mostly.encode("ascii", "ignore"))
    lost = mostly.count("\ufffd")
    if lost * 5 < beyond_ascii:  # UTF-8 with a few broken places, or cut short
        notes.add(f"{lost} bytes are not utf-8")
        return mostly
    told = [label for label in labels if label != "utf-8"]
    if told:
        return _replaced(body, told[0], notes)
    encoding = _guessed(body)
    notes.add(f"not utf-8; looks like {encoding}")
    return body.decode(encoding, "replace")


def _guessed(body: bytes) -> str:
    """Return the encoding that a sample of *body* looks like.

    Bytes beyond ASCII that stand alone between letters are accents, and guessers mistake one
    Western encoding for another.
    """
    runs = [match.group() for match in islice(_HIGH_BYTES.finditer(body), 500)]
    if sum(map(len, runs)) < 1.5 * len(runs):
        return "cp1252"
    first = _HIGH_BYTES.search(body)
    start = max(0, first.start() - 2_000) if first else 0
    best = from_bytes(body[start : start + 20_000]).best()  # of the whole it would take seconds
    return best.encoding if best else "cp1252"
