"""What the stages hand to the store: an article as one run read it, and what a visit gave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from extractors.model import Article, Claim, Tagging, stable_id
from warehouse.archive import WarcPointer
from warehouse.intake import DuePage


@dataclass(frozen=True, slots=True)
class Versions:
    """Which code and registry made a row."""

    extractor: str
    tagger: str
    registry: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as one run read it, with all that derives from it."""

    article: Article
    tagging: Tagging
    claims: tuple[Claim, ...]
    sketch: tuple[int, ...]
    record: WarcPointer


@dataclass(frozen=True, slots=True)
class PageVisit:
    """What one visit to a page gave: a reading, nothing new, or a failure with its class."""

    page: DuePage
    fetched_at: datetime
    state: str  # done | due | failed | refused
    next_fetch_at: datetime | None
    status: int | None = None
    failure: str | None = None
    message: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    payload_digest: str | None = None
    reading: Reading | None = None
    record: WarcPointer | None = None  # of this visit, also where it gave no article
    final_url: str | None = None  # where redirects led


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch of visits changed, as counts; *edited* says what each new version did."""

    articles_new: int = 0
    versions_new: int = 0
    mentions_new: int = 0
    edited: tuple[str, ...] = ()


def version_id_of(article: Article) -> str:
    """Return the id of the version that *article* is."""
    return stable_id(article.id, article.text_hash)
