"""Measure read_article against plain trafilatura on the annotated pages under ../shared.

    python benchmarks/articles.py [--sample N] [--seed S] [--set NAME]

Both read the same bytes in the same run. Text is scored as the F1 of word counts, averaged over
pages (a page without text scores 0); title, day and authors as the share of pages where they are
right: title without case and punctuation, day as the page writes it, authors as a
set. aed rows marked `date_suspect` do not count for days.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from trafilatura import bare_extraction
from trafilatura.settings import Document

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from extractors.articles.read import read_article
from extractors.errors import PageError
from extractors.model import Page

PAGES = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "pages"
FETCHED_AT = datetime(2026, 11, 1, tzinfo=UTC)  # after every page of the sets
_WORD = re.compile(r"\w+")
_BETWEEN_NAMES = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+(?:and|&)\s+", re.IGNORECASE)
_BY = re.compile(r"^by\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Result:
    """What a reader made of one page."""

    title: str = ""
    day: str = ""
    authors: tuple[str, ...] = ()
    text: str = ""


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


def by_casewatch(page: Page) -> Result:
    """Read *page* as casewatch does."""
    try:
        article = read_article(page)
    except PageError:
        return Result()
    zone = timezone(timedelta(minutes=article.published_offset or 0))
    day = f"{article.published_at.astimezone(zone):%Y-%m-%d}" if article.published_at else ""
    return Result(article.title, day, article.authors, article.text[article.body_start :])


def by_trafilatura(page: Page) -> Result:
    """Read *page* as trafilatura does by itself."""
    document = bare_extraction(
        page.body, url=page.url or None, with_metadata=True, include_comments=False
    )
    if not isinstance(document, Document):
        return Result()
    authors = tuple((document.author or "").split("; ")) if document.author else ()
    return Result(document.title or "", document.date or "", authors, document.text or "")


READERS: Mapping[str, Callable[[Page], Result]] = {
    "casewatch": by_casewatch,
    "trafilatura": by_trafilatura,
}


def score(result: Result, gold: Mapping[str, Any]) -> dict[str, float]:
    """Return the scores of *result* for the fields that *gold* has."""
    scores: dict[str, float] = {}
    if gold.get("text"):
        scores["text"] = token_f1(result.text, gold["text"])
    if gold.get("with"):
        found = " ".join(_WORD.findall(result.text.casefold()))
        wanted = [" ".join(_WORD.findall(part.casefold())) for part in gold["with"]]
        scores["with"] = sum(part in found for part in wanted) / len(wanted)
    if gold.get("without"):
        found = " ".join(_WORD.findall(result.text.casefold()))
        unwanted = [" ".join(_WORD.findall(part.casefold())) for part in gold["without"]]
        scores["without"] = sum(part not in found for part in unwanted) / len(unwanted)
    if gold.get("title"):
        scores["title"] = same_words(result.title, gold["title"])
    if gold.get("date") and not gold.get("date_suspect"):
        scores["day"] = result.day == gold["date"][:10]
    if gold.get("authors"):
        scores["authors"] = name_set(result.authors) == name_set(gold["authors"])
    return scores


def read_rows(names: Iterable[str], sample: int | None, seed: int) -> list[dict[str, Any]]:
    """Return gold rows of the sets, at most *sample* a set, drawn with *seed*."""
    rows: list[dict[str, Any]] = []
    for name in names:
        lines = (PAGES / name / "gold.jsonl").read_text("utf-8").strip().split("\n")
        gold = [json.loads(line) for line in lines]
        rows += random.Random(seed).sample(gold, min(sample or len(gold), len(gold)))
    return rows


def page_of(gold: Mapping[str, Any]) -> Page:
    """Return the page that *gold* annotates, as if it had been fetched."""
    url = gold.get("final_url") or gold.get("url") or "https://example.org/news/page"
    body = gzip.decompress((PAGES / gold["set"] / gold["html"]).read_bytes())
    return Page(url, url, 200, (), body, FETCHED_AT)


def main() -> None:
    """Print one row a set and reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sample", type=int, help="pages a set (default: all)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--set", action="append", dest="sets", help="only this set; repeatable")
    parser.add_argument("--misses", metavar="FIELD", help="print casewatch's misses of one field")
    args = parser.parse_args()
    names = args.sets or sorted(path.parent.name for path in PAGES.glob("*/gold.jsonl"))
    totals: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for gold in read_rows(names, args.sample, args.seed):
        page = page_of(gold)
        for reader, read in READERS.items():
            _measure(reader, read, page, gold, totals, args.misses)
    _print(totals)


def _measure(
    reader: str,
    read: Callable[[Page], Result],
    page: Page,
    gold: Mapping[str, Any],
    totals: Mapping[tuple[str, str], dict[str, list[float]]],
    misses: str | None,
) -> None:
    started = time.perf_counter()
    result = read(page)
    elapsed = 1000 * (time.perf_counter() - started)
    scores = score(result, gold)
    for key in ((gold["set"], reader), ("all", reader)):
        totals[key]["ms"].append(elapsed)
        for field, value in scores.items():
            totals[key][field].append(value)
    if reader == "casewatch" and misses in scores and scores[misses] < 0.9:
        found = getattr(result, misses, "")
        print(gold["set"], gold["id"], f"{scores[misses]:.2f}", repr(found)[:120], page.url)


def _print(totals: Mapping[tuple[str, str], Mapping[str, list[float]]]) -> None:
    fields = ("text", "with", "without", "title", "day", "authors", "ms")
    print(f"{'set':<12} {'reader':<12}" + "".join(f"{field:>16}" for field in fields))
    for (name, reader), columns in totals.items():
        cells = (_cell(field, columns.get(field, [])) for field in fields)
        print(f"{name:<12} {reader:<12}" + "".join(f"{cell:>16}" for cell in cells))


def _cell(field: str, values: list[float]) -> str:
    if not values:
        return "-"
    mean = sum(values) / len(values)
    return f"{mean:.1f}" if field == "ms" else f"{100 * mean:.1f} ({len(values)})"


if __name__ == "__main__":
    main()
