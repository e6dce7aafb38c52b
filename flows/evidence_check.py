"""Check this folder without casewatch. It needs Python 3.9 or later, nothing else, and no network.

    python3 check.py

It reads every file against SHA256SUMS, every WARC record against its own digests, the text against
its hash and the page's digest, and every quote against the text. It prints what it finds, and ends
with exit code 0 when all of it holds. Whether a quote is found on the page itself is told as "seen"
or "unseen" only: a page may break its words with marks that this small program does not know.
"""

from __future__ import annotations

import base64
import hashlib
import html.parser
import json
import sys
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path

END = b"\r\n\r\n"


def main(folder: Path) -> int:
    """Print each check and its outcome; return 0 when all hold, else 1."""
    broken = done = 0
    for look in (files, records, words):
        try:
            for state, said in look(folder):
                done += 1
                broken += state == "BROKEN"
                sys.stdout.write(f"{state:<6}  {said}\n")
        except Exception as error:  # noqa: BLE001 - a damaged folder may fail in any way
            broken += 1
            sys.stdout.write(f"BROKEN  {look.__name__}: {type(error).__name__}: {error}\n")
    sys.stdout.write(f"{done} checks, {broken} broken\n")
    return 1 if broken or not done else 0


def held(holds: bool, said: str) -> tuple[str, str]:
    """Return a check that holds, or one that does not."""
    return ("ok" if holds else "BROKEN", said)


def files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield whether each file is the one that SHA256SUMS lists."""
    for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        path = folder / name
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no file"
        yield held(found == digest, f"{name}: SHA-256 {found}")


def records(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield whether each record of the WARC file has the bytes that its digests say."""
    said = json.loads((folder / "alert.json").read_text("utf-8"))
    wanted = said["version"]["payload_digest"]
    pages = 0
    for headers, block in warc_records(folder / "page.warc.gz"):
        body = block.partition(END)[2]
        name = f"{headers['warc-type']} record {headers['warc-record-id']}"
        yield held(headers["warc-block-digest"] == sha1(block), f"{name}: block digest")
        if headers["warc-type"] == "response":
            yield held(headers["warc-payload-digest"] == sha1(body), f"{name}: payload digest")
        if headers["warc-type"] == "response" and sha1(body) == wanted:
            pages += 1
            yield from quotes_on_page(folder, body)
    yield held(pages > 0, "the page that the text was read from is in page.warc.gz")


def words(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield whether the text has its hash, and each quote its place in the text."""
    said = json.loads((folder / "alert.json").read_text("utf-8"))
    text = read_text(folder)
    found = hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
    yield held(found == said["version"]["text_hash"], f"text.txt: hash {found}")
    alert = said["alert"]
    there = text[alert["start_offset"] : alert["end_offset"]]
    yield held(there == alert["passage"], "the passage of the alert stands where it says")
    for mention in json.loads((folder / "mentions.json").read_text("utf-8")):
        start, end = mention["start_offset"], mention["end_offset"]
        yield held(text[start:end] == mention["quote"], f"{start} to {end}: {mention['quote']!r}")


def quotes_on_page(folder: Path, body: bytes) -> Iterator[tuple[str, str]]:
    """Yield whether the words of each mention are on the archived page itself, without its tags."""
    shown = Shown()
    shown.feed(decoded(body))
    page = plain(" ".join(shown.words))
    quotes = {m["quote"] for m in json.loads((folder / "mentions.json").read_text("utf-8"))}
    for quote in sorted(quotes):
        yield "seen" if plain(quote) in page else "unseen", f"on the archived page: {quote!r}"


def warc_records(path: Path) -> Iterator[tuple[dict[str, str], bytes]]:
    """Yield (headers, block) of each record: a gzip member each."""
    packed = path.read_bytes()
    while packed:
        unpacker = zlib.decompressobj(31)
        content = unpacker.decompress(packed)
        packed = unpacker.unused_data
        head, _, rest = content.partition(END)
        lines = head.decode("utf-8").split("\r\n")[1:]
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        yield headers, rest[: int(headers["content-length"])]


def decoded(body: bytes) -> str:
    """Return the page's characters, as UTF-8 or else Latin-1."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def read_text(folder: Path) -> str:
    """Return text.txt as it is: offsets count its code points, line ends stay."""
    return (folder / "text.txt").read_bytes().decode("utf-8")


def sha1(content: bytes) -> str:
    """Return the digest as WARC files write it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(content).digest()).decode()  # noqa: S324


def plain(text: str) -> str:
    """Return *text* in one form of its characters, without white space."""
    return "".join(unicodedata.normalize("NFC", text).split())


class Shown(html.parser.HTMLParser):
    """The words of a page, without its tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep a run of words."""
        self.words.append(data)


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
