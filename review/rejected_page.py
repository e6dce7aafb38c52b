"""The page on which people look at what the tagger rejected, to know how much it misses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
from starlette.requests import Request
from starlette.responses import Response

from extractors.mentions import explain_rejection
from review.pages import as_mention, desk_of, first_look, sentence_cuts
from review.rejected import choice_from, list_candidates
from review.render import page
from warehouse import desk as reads


def rejected(request: Request) -> Response:
    """Show rejected candidates, the likeliest first, each with its sentence and the evidence."""
    desk, choice = desk_of(request), choice_from(request.query_params)
    first_look(desk)
    with desk.index.reading() as db:
        offered = list_candidates(db, choice)
    with desk.copies.open() as copy:
        told = _told(copy, offered.candidates)
    return page(
        request, "rejected.html", choice=choice, shown=offered, told=told,
        trouble=desk.keeper.trouble or desk.inbox.trouble,
    )  # fmt: skip


def _told(
    copy: duckdb.DuckDBPyConnection, candidates: tuple[dict[str, Any], ...]
) -> list[dict[str, Any]]:
    """Return the candidates with their words; not those whose words went with a newer copy."""
    subjects = reads.subject_rows(copy)
    names = {row["subject_id"]: row["display_name"] for row in subjects}
    kinds = {row["subject_id"]: row["kind"] for row in subjects}
    places = [one["doc_id"] for one in candidates]
    texts = {row["version_id"]: row for row in reads.texts_at(copy, places)}
    return [
        _with_words(one, texts[one["version_id"]], names, kinds[one["subject_id"]])
        for one in candidates
        if one["version_id"] in texts
    ]


def _with_words(
    candidate: dict[str, Any], version: Mapping[str, Any], names: Mapping[str, str], kind: str
) -> dict[str, Any]:
    text = version["text"]
    cuts, sentence = sentence_cuts(text, candidate, "mention")
    return candidate | {
        "subject_kind": kind,
        "title": version["title"],
        "language": version["language"],
        "cuts": cuts,
        "snippet": sentence,
        "why": explain_rejection(as_mention(candidate | {"tier": "rejected"}), names),
    }
