"""A warehouse in tmp_path, and factories of what the stages hand to it, in made-up words."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from benchmarks.postgres import Postgres, postgres
from extractors.model import (
    Article,
    Case,
    Claim,
    Entry,
    Feed,
    Mention,
    Page,
    PageKind,
    PersonName,
    Policy,
    Registry,
    Tagging,
    Tier,
    stable_id,
)
from extractors.stories import sketch
from warehouse.archive import WarcPointer
from warehouse.articles import PageVisit, Reading, Versions
from warehouse.intake import DuePage, FeedPoll
from warehouse.lake import LakeWarehouse
from warehouse.places import Lake
from warehouse.store import Warehouse

Factory = Callable[..., Any]

_NUMBERS = count()
NOON = datetime(2024, 9, 24, 12, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    """Return the time at which all of it happens, unless a test says otherwise."""
    return NOON


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty warehouse's file, migrated once for all tests."""
    path = tmp_path_factory.mktemp("migrated") / "casewatch.duckdb"
    with Warehouse(path).transaction():
        pass
    return path


@pytest.fixture
def warehouse(migrated_file: Path, tmp_path: Path) -> Warehouse:
    """Return an empty warehouse of the test's own."""
    path = tmp_path / "casewatch.duckdb"
    shutil.copyfile(migrated_file, path)
    return Warehouse(path)


@pytest.fixture
def versions() -> Versions:
    return Versions("extractor-1", "tagger-1", "registry-1")


@pytest.fixture
def make_case() -> Factory:
    return _case


@pytest.fixture
def make_feed() -> Factory:
    return _feed


@pytest.fixture
def make_registry() -> Factory:
    """Return a registry's factory; without arguments: one case, one feed."""
    return _registry


@pytest.fixture
def make_entry() -> Factory:
    """Return a factory of the feed's entry called *name*, linked to /*name*."""
    return _entry


@pytest.fixture
def make_poll() -> Factory:
    return _poll


@pytest.fixture
def make_page() -> Factory:
    return _page


@pytest.fixture
def make_visit() -> Factory:
    """Return a factory of visits that read *body* at /*name*; it mentions each quote of *named*."""
    return _visit


def _case(case_id: str = "ada-byron", **fields: Any) -> Case:
    given, family = case_id.title().split("-")
    return Case(
        id=case_id,
        name=PersonName(given=(given,), family=(family,)),
        display_name=f"{given} {family}",
        policy=Policy.NAME_SUFFICIENT,
        kind="person",
        **fields,
    )


def _feed(feed_id: str = "wire", **fields: Any) -> Feed:
    return Feed(
        **({"id": feed_id, "url": f"https://{feed_id}.example/feed", "outlet": feed_id} | fields)
    )


def _registry(
    cases: tuple[Case, ...] | None = None,
    feeds: tuple[Feed, ...] | None = None,
    version: str = "r1",
) -> Registry:
    return Registry(
        cases=(_case(),) if cases is None else cases,
        advocates=(),
        feeds=(_feed(),) if feeds is None else feeds,
        version=version,
    )


def _entry(name: str = "one", **fields: Any) -> Entry:
    facts: dict[str, Any] = {
        "id": stable_id("wire", name),
        "feed_id": "wire",
        "url": f"https://wire.example/{name}",
        "title": f"Title of {name}",
    }
    return Entry(**(facts | fields))


def _poll(*entries: Entry, feed_id: str = "wire", **fields: Any) -> FeedPoll:
    facts: dict[str, Any] = {
        "feed_id": feed_id,
        "fetched_at": NOON,
        "outcome": "new",
        "next_poll_at": NOON,
        "milliseconds": 5,
        "status": 200,
        "entries": entries,
    }
    return FeedPoll(**(facts | fields))


def _page(
    url: str = "https://wire.example/one", body: bytes = b"<p>Hello</p>", **fields: Any
) -> Page:
    facts: dict[str, Any] = {
        "url": url,
        "final_url": url,
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=utf-8"),),
        "body": body,
        "fetched_at": NOON,
    }
    return Page(**(facts | fields))


def _visit(
    name: str = "one",
    body: str = "Ada Byron asked the court for a new hearing.",
    *,
    at: datetime = NOON,
    named: dict[str, str] | None = None,
    rejected: dict[str, str] | None = None,
    canonical: str | None = None,
    alerts: bool = True,
    outlet: str = "wire",
    published_at: datetime | None = NOON,
    rank: int = 1,
) -> PageVisit:
    url = f"https://{outlet}.example/{name}"
    article = _article(url, canonical or url, name, body, published_at)
    mentions = _mentions(article.text, named or {"ada-byron": "Ada Byron"}, Tier.CONFIRMED)
    refused = _mentions(article.text, rejected or {}, Tier.REJECTED)
    subjects = tuple(sorted({m.subject for m in mentions}))
    tagging = Tagging(mentions, refused, events=(), alerts=subjects if alerts else ())
    claims = tuple(Claim(s, alerts, 0.95, rank, f"full name: {s}", 0, 10) for s in subjects)
    record = WarcPointer("2024/09/run.warc.gz", 0, "sha1:X")
    return PageVisit(
        page=_due_page(url, outlet, name),
        fetched_at=at,
        state="done",
        next_fetch_at=None,
        status=200,
        payload_digest=stable_id(body),
        reading=Reading(article, tagging, claims, sketch(body), record),
    )


def _article(
    url: str, canonical: str, title: str, body: str, published_at: datetime | None
) -> Article:
    text = f"{title}\n\n{body}"
    return Article(
        id=stable_id(canonical),
        url=url,
        canonical_url=canonical,
        title=title,
        text=text,
        body_start=len(title) + 2,
        text_hash=stable_id(text),
        page_kind=PageKind.ARTICLE,
        published_at=published_at,
    )


def _mentions(text: str, named: dict[str, str], tier: Tier) -> tuple[Mention, ...]:
    confidence = 0.1 if tier is Tier.REJECTED else 0.95
    return tuple(
        Mention(subject, *place.span(), quote, "full", quote, confidence, tier)
        for subject, quote in named.items()
        for place in re.finditer(re.escape(quote), text)
    )


def _due_page(url: str, outlet: str, name: str) -> DuePage:
    return DuePage(
        page_id=stable_id(url),
        url=url,
        attempts=0,
        etag=None,
        last_modified=None,
        payload_digest=None,
        article_id=None,
        first_seen_at=NOON,
        tracked=False,
        outlet=outlet,
        feed_language=None,
        entry=_entry(name),
    )


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """Start PostgreSQL once; a machine without it fails here, and says what to install."""
    with postgres() as running:
        yield running


@pytest.fixture
def place(server: Postgres, tmp_path: Path) -> Lake:
    """Return where a lake may be made, in a database of its own."""
    return Lake(server.new_database(f"lake_{next(_NUMBERS)}"), str(tmp_path / "lake"))


@pytest.fixture
def lake(place: Lake) -> LakeWarehouse:
    """Return a lake that holds nothing yet."""
    return LakeWarehouse(place)
