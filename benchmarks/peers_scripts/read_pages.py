"""Read saved pages as a peer does, in the peer's own interpreter; only the standard library else.

    PYTHON read_pages.py newspaper4k|news-please|fundus PAGES WORKERS
    PYTHON read_pages.py fundus-hosts

PAGES has a line of JSON for each page: `url`, `file` (HTML packed with gzip), `day` or null. A line
is printed for each, in their order: `title`, `at` (ISO), `authors`, `text`, `asked` (how often it
tried to reach the network, which is refused), and `failed` where it raised. `fundus-hosts` prints
the hosts that fundus has a parser for. Imports are done before the workers are forked.
"""

from __future__ import annotations

import functools
import gzip
import importlib
import json
import logging
import multiprocessing
import socket
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_asked = [0]


def main(peer: str, pages: str = "", workers: str = "1") -> None:
    """Print what *peer* makes of the pages."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    socket.socket.connect = _refuse  # type: ignore[assignment, method-assign]
    if peer == "fundus-hosts":
        print(json.dumps(sorted(_publishers())))
        return
    importlib.import_module(_MODULES[peer])
    given = [json.loads(line) for line in Path(pages).read_text("utf-8").splitlines()]
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(int(workers), mp_context=context) as pool:
        for found in pool.map(functools.partial(_read, peer), given, chunksize=4):
            print(json.dumps(found))


def _refuse(_self: socket.socket, address: object) -> None:
    _asked[0] += 1
    raise OSError(f"no network in a benchmark: {address}")


def _read(peer: str, page: dict[str, Any]) -> dict[str, Any]:
    body = gzip.decompress(Path(page["file"]).read_bytes())
    _asked[0] = 0
    try:
        found = _READERS[peer](body, page)
    except Exception as error:  # noqa: BLE001 - whatever it raises, the page is one that it cannot read
        found = {"failed": f"{type(error).__name__}: {error}"[:200]}
    return {**found, "asked": _asked[0]}


def _newspaper(body: bytes, page: dict[str, Any]) -> dict[str, Any]:
    newspaper = importlib.import_module("newspaper")
    read = newspaper.Article(page["url"], fetch_images=False).download(input_html=body).parse()
    return _found(read.title, read.publish_date, read.authors, read.text)


def _news_please(body: bytes, page: dict[str, Any]) -> dict[str, Any]:
    """Decode as its from_warc does."""
    news_please = importlib.import_module("newsplease").NewsPlease
    dammit = importlib.import_module("bs4.dammit").EncodingDetector
    encoding = dammit.find_declared_encoding(body, is_html=True) or "utf-8"
    try:
        html = body.decode(encoding, "replace")
    except LookupError:
        html = body.decode("utf-8", "replace")
    read = news_please.from_html(html, url=page["url"], fetch_images=False)
    return _found(read.title, read.date_publish, read.authors, read.maintext)


def _fundus(body: bytes, page: dict[str, Any]) -> dict[str, Any]:
    """Read with the parser that the publisher had on the day of the page."""
    publisher = _publishers()[_host(page["url"])]
    html = importlib.import_module("bs4.dammit").UnicodeDammit(body, is_html=True).unicode_markup
    parser = publisher.parser(date.fromisoformat(page["day"]) if page["day"] else None)
    read = parser.parse(html, "suppress")
    text = str(read.get("body") or "")
    return _found(read.get("title"), read.get("publishing_date"), read.get("authors"), text)


@functools.cache
def _publishers() -> dict[str, Any]:
    """Return the publishers of fundus by host, as its reader of CC-NEWS has them, without www."""
    return {
        _host(address): publisher
        for publisher in importlib.import_module("fundus").PublisherCollection
        for address in [*publisher.deprecated_domains, publisher.domain]
    }


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _found(title: Any, at: Any, authors: Any, text: Any) -> dict[str, Any]:
    moment = at.isoformat() if isinstance(at, datetime) else ""
    return {"title": title or "", "at": moment, "authors": authors or [], "text": text or ""}


_MODULES = {"newspaper4k": "newspaper", "news-please": "newsplease", "fundus": "fundus"}
_READERS = {"newspaper4k": _newspaper, "news-please": _news_please, "fundus": _fundus}

if __name__ == "__main__":
    main(*sys.argv[1:])
