"""Search through the words of every stored article."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import Any

import duckdb

from review.index import fts_query
from review.marks import Cut, Layer, cut
from warehouse.desk import texts_at

PAGE = 20  # articles a page
COUNTED = 1_000  # beyond it nobody needs the number
_AROUND = 160  # characters before and after the first word found
_WORD = re.compile(r"\w+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of articles, newest first. *matching* is at most COUNTED."""

    articles: tuple[dict[str, Any], ...]
    matching: int
    page: int
    pages: int


def search_articles(
    db: sqlite3.Connection, copy: duckdb.DuckDBPyConnection, typed: str, page: int
) -> Found:
    """Return the articles that hold what was *typed*: each once, in its newest version."""
    query = fts_query(typed)
    if query is None:
        return Found((), 0, 1, 1)
    # rowid order is FTS5's own: nothing is ranked, so that a common word costs no more than a rare
    newest = (
        "words match :q and not exists (select 1 from doc d join doc e "
        "on e.article_id = d.article_id and e.number > d.number where d.doc_id = words.rowid)"
    )
    places = [
        row[0]
        for row in db.execute(
            f"select rowid from words where {newest} order by rowid desc limit :most",  # noqa: S608 - ours
            {"q": query, "most": COUNTED},
        )
    ]
    pages = max(1, -(-len(places) // PAGE))
    page = min(page, pages)
    rows = places[(page - 1) * PAGE : page * PAGE]
    articles = texts_at(copy, rows) if rows else []
    terms = [word.lower() for word in _WORD.findall(typed)]
    return Found(
        tuple(one | {"cuts": excerpt(one["text"], terms)} for one in articles),
        len(places), page, pages,
    )  # fmt: skip


def excerpt(text: str, terms: list[str]) -> list[Cut]:
    """Return the part of *text* around the first of *terms* in its body, the terms marked."""
    if not terms:
        return cut(text, [], 0, min(len(text), 2 * _AROUND))
    wanted = re.compile(r"\b(?:" + "|".join(map(re.escape, terms)) + r")\w*", re.IGNORECASE)
    body = text.find("\n\n") + 2
    first = wanted.search(text, body if body > 1 else 0) or wanted.search(text)
    middle = first.start() if first else body
    start, end = max(0, middle - _AROUND), min(len(text), middle + _AROUND)
    start = text.find(" ", start) + 1 if start else 0
    end = text.rfind(" ", start, end) if end < len(text) and " " in text[start:end] else end
    found = [Layer("mention", *one.span()) for one in wanted.finditer(text, start, end)]
    return cut(text, found, start, end)
