"""One article: its words, its versions, and the page in the archive, which may be hostile."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any

import lxml.html
from lxml.etree import ParserError
from lxml_html_clean import Cleaner
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from extractors.articles.decode import decode
from extractors.diffs import diff_texts
from extractors.errors import RecordError
from review.marks import Layer
from review.pages import desk_of
from review.render import page
from review.texts import paragraphs
from warehouse import desk as reads
from warehouse.captures import discarding_of
from warehouse.evidence import version_rows
from warehouse.records import Record, read_record

_STYLE = (
    "body{font:16px/1.6 Georgia,serif;max-width:42rem;margin:1.5rem auto;padding:0 1rem;"
    "color:#1d2125;background:#fff;overflow-wrap:anywhere}"
    "a{margin-right:.4em}table{border-collapse:collapse}td,th{padding:.2rem .5rem}"
)
_DIGEST = base64.b64encode(sha256(_STYLE.encode()).digest()).decode()
# No script, no request at all, no way out of the frame: the page is shown, and does nothing.
_FRAMED = f"default-src 'none'; style-src 'sha256-{_DIGEST}'; frame-ancestors 'self'; sandbox"
_MOST_SHOWN = 3_000_000  # bytes of a page that are parsed

_CLEANER = Cleaner(
    scripts=True, javascript=True, comments=True, style=True, inline_style=True, links=True,
    meta=True, page_structure=False, processing_instructions=True, embedded=True, frames=True,
    forms=True, annoying_tags=True, remove_unknown_tags=True, safe_attrs_only=True,
    safe_attrs=frozenset({"lang", "dir", "colspan", "rowspan", "datetime"}),
    kill_tags=("img", "picture", "source", "svg", "math", "template", "noscript", "base", "dialog"),
)  # fmt: skip


def article(request: Request) -> Response:
    """Show an article's current words with everybody marked whom it names."""
    with desk_of(request).copies.open() as copy:
        found = reads.article_of(copy, request.path_params["article_id"])
        if found is None:
            raise HTTPException(404, "There is no such article.")
        mentions = reads.mentions_in(copy, found["version_id"])
        versions = version_rows(copy, found["article_id"])
    layers = [
        Layer("mention", row["start_offset"], row["end_offset"], row["display_name"])
        for row in mentions
    ]
    people = {row["subject_id"]: row for row in mentions}
    return page(
        request, "article.html", article=found, people=list(people.values()),
        versions=versions, paragraphs=paragraphs(found["text"], layers, found["language"]),
    )  # fmt: skip


def compare(request: Request) -> Response:
    """Show how one text became another: two versions, or two outlets' copies."""
    with desk_of(request).copies.open() as copy:
        before = _version(copy, request.path_params["before"])
        after = _version(copy, request.path_params["after"])
    diff = diff_texts(before["text"], after["text"])
    return page(request, "compare.html", first=before, second=after, diff=diff)


def archived(request: Request) -> Response:
    """Show the page in the archive: reduced and in a box of its own, beside its record."""
    desk = desk_of(request)
    with desk.copies.open() as copy:
        version = _version(copy, request.path_params["version_id"])
    record, problem = _record(request, version)
    return page(request, "archived.html", version=version, record=record, problem=problem)


def archived_page(request: Request) -> Response:
    """Return the archived page without anything that could act: for the box alone."""
    record = _record_or_404(request)
    text = decode(record.body[:_MOST_SHOWN], _content_type(record))
    return Response(
        _reduced(text),
        media_type="text/html; charset=utf-8",
        headers={"content-security-policy": _FRAMED, "x-frame-options": "SAMEORIGIN"},
    )


def archived_source(request: Request) -> Response:
    """Return the archived page's source as plain text, as it came."""
    record = _record_or_404(request)
    text = decode(record.body, _content_type(record))
    return Response(
        text.encode("utf-8", "replace"),
        media_type="text/plain; charset=utf-8",
        headers={"content-security-policy": "default-src 'none'; sandbox"},
    )


def _reduced(source: str) -> bytes:
    try:
        root = lxml.html.document_fromstring(source.encode("utf-8", "replace"), parser=_parser())
        words = lxml.html.tostring(_CLEANER.clean_html(root), encoding="unicode")
    except (ParserError, ValueError):
        words = "<p>This page is empty, or no HTML.</p>"
    head = f'<meta charset="utf-8"><title>Archived page</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang=""><head>{head}</head><body>{words}</body></html>'.encode(
        "utf-8", "replace"
    )


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(encoding="utf-8", huge_tree=False)


def _content_type(record: Record) -> str:
    head = record.block.partition(b"\r\n\r\n")[0].decode("latin-1")
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-type":
            return value.strip()
    return ""


def _version(copy: Any, version_id: str) -> dict[str, Any]:
    found = reads.version_of(copy, version_id)
    if found is None:
        raise HTTPException(404, "There is no such version.")
    return found | {"gone": discarding_of(copy, found["warc_file"], found["warc_offset"])}


def _record(request: Request, version: dict[str, Any]) -> tuple[Record | None, str | None]:
    folder = desk_of(request).settings.archive
    if version["gone"]:
        return None, f"The page was {version['gone']}. Its text is kept."
    try:
        return read_record(folder, version["warc_file"], version["warc_offset"]), None
    except RecordError as error:
        return None, str(error)


def _record_or_404(request: Request) -> Record:
    with desk_of(request).copies.open() as copy:
        version = _version(copy, request.path_params["version_id"])
    record, problem = _record(request, version)
    if record is None:
        raise HTTPException(404, problem or "The record cannot be read.")
    return record
