"""The annotated pages under ../shared, and how a reading of one is scored.

What the labels mean: aed and wcxb_dev write the day as the page shows it; postlight and goose3 a
moment, mostly in UTC, so a reading that knows the moment is asked for the day in that zone.
Titles stand with or without the outlet's name, authors as the byline writes them, outlets
included. Where the headline opens the gold's text, it belongs to the text that is scored.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from trafilatura import bare_extraction
from trafilatura.settings import Document

from extractors.articles.read import read_article
from extractors.errors import PageError
from extractors.model import Page, PageKind

PAGES = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "pages"
FETCHED_AT = datetime(2026, 11, 1, tzinfo=UTC)  # after every page of the sets
_HEAD = 5  # lines: a section and a date may stand above the headline
_WORD = re.compile(r"\w+")
_BETWEEN_NAMES = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+(?:and|&)\s+", re.IGNORECASE)
_BY = re.compile(r"^by\s+", re.IGNORECASE)

Gold = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What a reader made of one page. *kind* is None where it does not say."""

    title: str = ""
    day: str = ""
    authors: tuple[str, ...] = ()
    text: str = ""
    kind: str | None = None


def set_names() -> list[str]:
    """Return the names of the annotated sets."""
    return sorted(path.parent.name for path in PAGES.glob("*/gold.jsonl"))


def read_rows(names: Iterable[str], sample: int | None = None, seed: int = 0) -> list[Gold]:
    """Return gold rows of the sets, at most *sample* a set, drawn with *seed*."""
    rows: list[Gold] = []
    for name in names:
        lines = (PAGES / name / "gold.jsonl").read_text("utf-8").strip().split("\n")
        gold = [json.loads(line) for line in lines]
        rows += random.Random(seed).sample(gold, min(sample or len(gold), len(gold)))
    return rows


def page_of(gold: Gold) -> Page:
    """Return the page that *gold* annotates, as if it had been fetched."""
    url = gold.get("final_url") or gold.get("url") or "https://example.org/news/page"
    body = gzip.decompress((PAGES / gold["set"] / gold["html"]).read_bytes())
    return Page(url, url, 200, (), body, FETCHED_AT)


def by_casewatch(page: Page, gold: Gold) -> Result:
    """Read *page* as casewatch does."""
    try:
        article = read_article(page)
    except PageError:
        return Result(kind="none")
    zone = zone_of(gold) or timezone(timedelta(minutes=article.published_offset or 0))
    at = article.published_at
    day = f"{at.astimezone(zone):%Y-%m-%d}" if at else ""
    opens = _opens_with(gold.get("text") or "", article.title)
    text = article.text if opens else article.text[article.body_start :]
    return Result(article.title, day, article.authors, text, article.page_kind)


def by_trafilatura(page: Page, gold: Gold) -> Result:  # noqa: ARG001 - it names days, not moments
    """Read *page* as trafilatura does by itself."""
    document = bare_extraction(
        page.body, url=page.url or None, with_metadata=True, include_comments=False
    )
    if not isinstance(document, Document):
        return Result()
    authors = tuple((document.author or "").split("; ")) if document.author else ()
    return Result(document.title or "", document.date or "", authors, document.text or "")


def score(result: Result, gold: Gold) -> dict[str, float]:
    """Return the scores of *result* for the fields that *gold* has, each between 0 and 1."""
    scores: dict[str, float] = {}
    if gold.get("text"):
        scores["text"] = token_f1(result.text, gold["text"])
    for name in ("with", "without"):
        if gold.get(name):
            there = [_words(part) in _words(result.text) for part in gold[name]]
            scores[name] = sum(each == (name == "with") for each in there) / len(there)
    if gold.get("title"):
        scores["title"] = same_words(result.title, gold["title"])
    if gold.get("date") and not gold.get("date_suspect"):
        scores["day"] = result.day == gold["date"][:10]
    if gold.get("authors"):
        scores["authors"] = name_set(result.authors) == name_set(gold["authors"])
    return scores


def says_article(result: Result) -> bool:
    """Return whether the page was taken for an article, whole or not, or a live blog."""
    return result.kind in {PageKind.ARTICLE, PageKind.LIVE_BLOG, PageKind.TEASER}


def token_f1(found: str, wanted: str) -> float:
    """Return the F1 of the words of *found* against those of *wanted*, counted with repeats."""
    one, other = (Counter(_WORD.findall(text.casefold())) for text in (found, wanted))
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else 0.0


def same_words(found: str, wanted: str) -> bool:
    """Return whether two titles are the same but for case, spaces and punctuation."""
    return _WORD.findall(found.casefold()) == _WORD.findall(wanted.casefold())


def name_set(names: Iterable[str]) -> frozenset[str]:
    """Return the names as a set, without case, punctuation and "By"; lists in one are split.

    Not by `clean_names`: it drops "News Staff" from the gold, and no answer would then be right.
    """
    parts = (part for name in names for part in _BETWEEN_NAMES.split(_BY.sub("", name.strip())))
    return frozenset(" ".join(_WORD.findall(part.casefold())) for part in parts) - {""}


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def zone_of(gold: Gold) -> timezone | None:
    """Return UTC where the gold's date is a moment in UTC; None where it is a day of the page's."""
    return UTC if (gold.get("date") or "").endswith(("Z", "+00:00")) else None


def _opens_with(text: str, title: str) -> bool:
    """Return whether *title* stands as a line of its own at the head of the gold's *text*."""
    head = [line for line in text.split("\n") if line.strip()][:_HEAD]
    return any(same_words(line, title) for line in head)
