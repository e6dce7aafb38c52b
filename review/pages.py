"""The queue, one alert, and the search through all articles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from extractors.diffs import Passage, diff_texts
from extractors.mentions import explain, snippet
from extractors.model import Evidence, Mention, Tier
from review.desk import Desk
from review.marks import Cut, Layer, cut
from review.queue import (
    Filters,
    alerts_of,
    filters_from,
    list_queue,
    neighbours,
    one_alert,
    page_asked,
)
from review.render import page, static_url
from review.search import search_articles
from review.texts import paragraphs, sentence_of
from warehouse import desk as reads
from warehouse.evidence import change_rows, event_rows, mention_rows, verdict_rows, version_rows

_MOST_DIFFED = 60_000  # characters of all texts of a story that are compared with the page
_MOST_COPIES = 8


def queue(request: Request) -> Response:
    """Show the alerts that the filters ask for, worst first."""
    filters = filters_from(request.query_params)
    desk = desk_of(request)
    first_look(desk)
    with desk.index.reading() as db:
        listed = list_queue(db, filters)
    behind = desk.index.alert_words_missing() if filters.q else None
    return page(
        request, "queue.html", filters=filters, shown=listed, behind=behind,
        trouble=desk.keeper.trouble or desk.inbox.trouble,
    )  # fmt: skip


def alert(request: Request) -> Response:
    """Show one alert with all that speaks for and against it."""
    desk, filters = desk_of(request), filters_from(request.query_params)
    first_look(desk)
    with desk.index.reading() as db:
        found = one_alert(db, request.path_params["alert_id"])
        if found is None:
            raise HTTPException(404, "There is no such alert.")
        before, after = neighbours(db, filters, found)
    with desk.copies.open() as copy:
        facts = _facts(copy, found)
    facts["history"] = _history(desk, found["alert_id"], facts["history"])
    return page(
        request, "alert.html", alert=found, before=before, after=after, filters=filters, **facts
    )


def search(request: Request) -> Response:
    """Show the articles that hold what was typed, newest first."""
    desk = desk_of(request)
    typed = request.query_params.get("q", "").strip()[:200]
    if not typed:
        return RedirectResponse("/", 303)
    asked = page_asked(request.query_params, 9_999)
    with desk.index.reading() as db, desk.copies.open() as copy:
        found = search_articles(db, copy, typed, asked)
    return page(request, "search.html", q=typed, found=found, behind=words_missing(desk))


def icon(_: Request) -> Response:
    """Lead browsers that ask by themselves to our icon."""
    return RedirectResponse(static_url("icon.svg"), 301)


def desk_of(request: Request) -> Desk:
    """Return the desk behind a request."""
    desk: Desk = request.app.state.desk
    return desk


def first_look(desk: Desk) -> None:
    """Read the alerts now if none were ever read: a fresh desk has nothing to show else."""
    if not desk.index.has_alerts():
        desk.index.sync_alerts()


def words_missing(desk: Desk) -> tuple[int, int] | None:
    """Return how many of how many versions can be searched, or None where all can."""
    done, whole = desk.index.progress()
    return (done, whole) if done < whole else None


def as_mention(row: Mapping[str, Any]) -> Mention:
    """Return a stored mention as the tagger gave it."""
    return Mention(
        row["subject_id"], row["start_offset"], row["end_offset"], row["quote"], row["kind"],
        row["form"], row["confidence"], Tier(row["tier"]),
        tuple(Evidence(**term) for term in row["evidence"]),
    )  # fmt: skip


def sentence_cuts(text: str, row: Mapping[str, Any], name: str) -> tuple[list[Cut], str]:
    """Return the sentence of a mention with it marked as *name*, and in plain words."""
    start, end = snippet(text, row["start_offset"], row["end_offset"])
    seen = [Layer(name, row["start_offset"], row["end_offset"])]
    seen += [
        Layer("evidence", term["start"], term["end"])
        for term in row["evidence"]
        if term["start"] is not None and term["weight"]
    ]
    return cut(text, seen, start, end), text[start:end]


def _facts(copy: duckdb.DuckDBPyConnection, alert: Mapping[str, Any]) -> dict[str, Any]:
    version = reads.version_of(copy, alert["version_id"])
    if version is None:
        raise HTTPException(404, "The words of that alert are not in the published copy.")
    names = {row["subject_id"]: row["display_name"] for row in reads.subject_rows(copy)}
    mine = mention_rows(copy, alert["version_id"], alert["subject_id"])
    every = reads.mentions_in(copy, alert["version_id"])
    text = version["text"]
    told = [_told(text, row, names, alert["language"]) for row in mine]
    story = reads.story_articles(copy, alert["story_id"], alert["subject_id"])
    versions = version_rows(copy, alert["article_id"])
    return {
        "version": version,
        "told": [one for one in told if one["row"]["tier"] != Tier.REJECTED],
        "refused": [one for one in told if one["row"]["tier"] == Tier.REJECTED],
        "events": [
            sentence_of(row | {"text": text})
            for row in event_rows(copy, alert["version_id"], alert["subject_id"])
        ],
        "paragraphs": paragraphs(text, _layers(alert, every), alert["language"]),
        "others": _others(every, alert["subject_id"]),
        "story": _with_diffs(story, alert),
        "versions": _compared(versions),
        "changes": change_rows(copy, alert["article_id"]),
        "siblings": [
            one for one in reads.story_alerts(copy, alert["story_id"])
            if one["alert_id"] != alert["alert_id"]
        ],
        "history": [*verdict_rows(copy, alert["alert_id"]),
                    *reads.assignments_of(copy, alert["alert_id"])],
        "reviewers": reads.reviewers(copy),
    }  # fmt: skip


def _told(
    text: str, row: dict[str, Any], names: Mapping[str, str], language: str | None
) -> dict[str, Any]:
    """Return a mention with its surroundings marked and its evidence in words."""
    name = "rejected" if row["tier"] == Tier.REJECTED else "mention"
    cuts, sentence = sentence_cuts(text, row, name)
    return {
        "row": row,
        "cuts": cuts,
        "snippet": sentence,
        "why": explain(as_mention(row), names),
        "language": language,
    }


def _layers(alert: Mapping[str, Any], mentions: list[dict[str, Any]]) -> list[Layer]:
    layers = [
        Layer(
            "mention" if row["subject_id"] == alert["subject_id"] else "other",
            row["start_offset"],
            row["end_offset"],
            row["display_name"],
        )
        for row in mentions
    ]
    if alert["start_offset"] is not None:
        layers.append(Layer("passage", alert["start_offset"], alert["end_offset"]))
    return layers


def _others(mentions: list[dict[str, Any]], subject_id: str) -> list[dict[str, Any]]:
    """Return the other subjects that the text names, each once."""
    found = {row["subject_id"]: row for row in mentions if row["subject_id"] != subject_id}
    return list(found.values())


def _with_diffs(story: list[dict[str, Any]], alert: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the articles of the story; *diff*: how each differs from the alert's own, if short."""
    mine = next((one for one in story if one["article_id"] == alert["article_id"]), None)
    small = sum(len(one["text"]) for one in story) < _MOST_DIFFED and len(story) <= _MOST_COPIES
    return [
        one | {"is_mine": one is mine, "diff": _diff(mine, one) if mine and small else None}
        for one in story
    ]


def _diff(mine: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[Passage, ...] | None:
    return None if mine is other else diff_texts(mine["text"], other["text"])


def _compared(versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the versions, each with the diff to the one before it, where they are short."""
    small = sum(len(one["text"]) for one in versions) < _MOST_DIFFED
    before: dict[str, Any] | None = None
    made = []
    for version in versions:
        diff = diff_texts(before["text"], version["text"]) if before and small else None
        made.append(version | {"before": before["version_id"] if before else None, "diff": diff})
        before = version
    return made


def _history(desk: Desk, alert_id: str, stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return verdicts and assignments, oldest first, those of the inbox among them."""
    rows = {row.get("verdict_id") or row["assignment_id"]: _as_line(row) for row in stored}
    for one in desk.inbox.judgements(alert_id):
        rows[one.id] = {
            "at": one.judged_at, "who": one.reviewer, "verdict": str(one.verdict),
            "note": one.note, "assignee": None,
        }  # fmt: skip
    for given in desk.inbox.assignments(alert_id):
        rows[given.id] = {
            "at": given.assigned_at, "who": given.reviewer, "verdict": None, "note": None,
            "assignee": given.assignee,
        }  # fmt: skip
    return sorted(rows.values(), key=lambda row: row["at"])


def _as_line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": row.get("judged_at") or row["assigned_at"],
        "who": row["reviewer"],
        "verdict": row.get("verdict"),
        "note": row.get("note"),
        "assignee": row.get("assignee"),
    }


__all__ = ["Filters", "alert", "alerts_of", "queue", "search"]
