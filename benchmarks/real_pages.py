"""Alerts over every saved page of ../shared, each beside its judgement in gold/pages.yaml."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from benchmarks.articles import PAGES, page_of
from extractors.alerts import claims
from extractors.errors import PageError
from extractors.mentions import Tagger, explain
from extractors.model import Article, PageKind, Registry, Tagging
from flows.extraction import stream_pages

ROOT = Path(__file__).resolve().parents[1]
JUDGED = ROOT / "gold" / "pages.yaml"
LEAST = 0.5  # confidence from which an alert is listed
_TOLD = 5  # terms of evidence in a reason, as in flows.visiting


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A saved page, read. *failure* is the kind of its failure, None where it gave an article."""

    id: str  # set/id
    failure: str | None = None
    kind: PageKind = PageKind.ARTICLE
    text: str = ""
    body_start: int = 0
    language: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that a page would raise."""

    page: str  # set/id
    subject: str
    confidence: float
    reason: str
    spans: tuple[tuple[int, int], ...]  # of the subject's mentions

    @property
    def key(self) -> tuple[str, str]:
        """Return page and subject, by which it is judged."""
        return self.page, self.subject


@dataclass(frozen=True, slots=True)
class PageVerdict:
    """Whether a reading of the page bears an alert out, and why."""

    page: str
    subject: str
    borne_out: bool
    why: str


def all_rows() -> list[dict[str, Any]]:
    """Return the gold rows of all sets, in the order of their files."""
    files = sorted(PAGES.glob("*/gold.jsonl"))
    lines = (line for file in files for line in file.read_text("utf-8").strip().split("\n"))
    return [json.loads(line) for line in lines]


def row_id(row: dict[str, Any]) -> str:
    """Return set/id, by which a page is judged."""
    return f"{row['set']}/{row['id']}"


def read_rows(rows: Sequence[dict[str, Any]], *, workers: int = 0) -> Iterator[ReadPage]:
    """Yield the pages of *rows*, read as a run reads them, in order. Workers need a main guard."""
    unread = ((page_of(row), None, None) for row in rows)
    for row, got in zip(rows, stream_pages(unread, workers=workers), strict=True):
        yield _read_page(row_id(row), got)


def cached_pages(folder: Path, *, workers: int) -> list[ReadPage]:
    """Return all pages, read; from *folder* where the same extractor has read them before."""
    file = folder / f"pages-{_extractor_digest()}.jsonl.gz"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write(file, read_rows(all_rows(), workers=workers))
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [_from_json(json.loads(line)) for line in lines]


def alerts_of(page: ReadPage, tagger: Tagger, registry: Registry) -> list[Alert]:
    """Return the alerts of *page* as flows.visiting raises them, by subject."""
    tagging = tag_page(page, tagger)
    names = {subject.id: subject.display_name for subject in registry.subjects}
    said = claims(
        page.text,
        tagging,
        page.kind,
        lambda mention: explain(mention, names, most=_TOLD),
        body_start=page.body_start,
    )
    return [
        Alert(page.id, one.subject, one.confidence, one.reason, _spans(one.subject, tagging))
        for one in said
        if one.alerts and one.confidence >= LEAST
    ]


def tag_page(page: ReadPage, tagger: Tagger) -> Tagging:
    """Return what *tagger* makes of *page*, as flows.visiting asks it."""
    return tagger.tag(
        page.text, published=page.published, language=page.language, body_start=page.body_start
    )


def page_verdicts(file: Path = JUDGED) -> dict[tuple[str, str], PageVerdict]:
    """Return the judgements by page and subject. Raises TypeError for an unknown key."""
    rows = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)["alerts"]
    found = [PageVerdict(**row) for row in rows]
    return {(one.page, one.subject): one for one in found}


def quiet_pages(file: Path = JUDGED) -> dict[str, str]:
    """Return the pages that were read and are worth no alert, and why not."""
    rows = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)["quiet"]
    return {row["page"]: row["why"] for row in rows}


def amiss(
    alerts: Iterable[Alert], judged: dict[tuple[str, str], PageVerdict]
) -> list[tuple[Alert, str]]:
    """Return the alerts that a reading does not bear out or that nobody has judged, and which."""
    faults = []
    for alert in alerts:
        verdict = judged.get(alert.key)
        if verdict is None:
            faults.append((alert, "not judged"))
        elif not verdict.borne_out:
            faults.append((alert, f"not borne out: {verdict.why}"))
    return faults


def _spans(subject: str, tagging: Tagging) -> tuple[tuple[int, int], ...]:
    return tuple((one.start, one.end) for one in tagging.mentions if one.subject == subject)


def _read_page(page_id: str, got: Article | PageError) -> ReadPage:
    if isinstance(got, PageError):
        return ReadPage(page_id, failure=got.kind)
    return ReadPage(
        id=page_id,
        kind=got.page_kind,
        text=got.text,
        body_start=got.body_start,
        language=got.language,
        published=got.published_day,
    )


def _extractor_digest() -> str:
    """Return a digest of the extractor's source: what another extractor read is not read again."""
    folder = ROOT / "extractors"
    files = sorted([*folder.glob("*.py"), *(folder / "articles").rglob("*.*")])
    sources = b"\0".join(file.read_bytes() for file in files if "__pycache__" not in file.parts)
    return sha256(sources).hexdigest()[:16]


def _write(file: Path, pages: Iterable[ReadPage]) -> None:
    part = file.with_suffix(".part")
    with gzip.open(part, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(_to_json(page)) + "\n" for page in pages)
    part.rename(file)  # whole or not there at all


def _to_json(page: ReadPage) -> dict[str, Any]:
    day = page.published.isoformat() if page.published else None
    return {
        "id": page.id,
        "failure": page.failure,
        "kind": page.kind.value,
        "text": page.text,
        "body_start": page.body_start,
        "language": page.language,
        "published": day,
    }


def _from_json(row: dict[str, Any]) -> ReadPage:
    day = row.pop("published")
    kind = PageKind(row.pop("kind"))
    return ReadPage(**row, kind=kind, published=date.fromisoformat(day) if day else None)
