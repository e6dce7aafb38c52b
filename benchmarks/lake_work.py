"""What the writers of `benchmarks.lake` write: batches that anybody can make again by number."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from extractors.mentions import Tagger
from extractors.model import Article, Entry, PageKind, Registry, stable_id
from extractors.stories import sketch
from flows.reading import Words, tag_and_claim
from warehouse.archive import WarcPointer
from warehouse.backfills import Progress
from warehouse.intake import DuePage, page_id_of
from warehouse.readings import PageVisit, Reading, Versions
from warehouse.staging import Batch

PAGES = 20  # a batch
VERSIONS = Versions("extractor", "tagger", "registry")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
_WORDS = """
the court said on Monday that a new hearing would be held after lawyers asked for one and the
governor had not answered while families waited outside in the rain for hours with signs judge
county state prison letter report police street house evening school
"""
_NAMED = (
    "Kevin Cooper, who is on death row at San Quentin, asked for DNA testing.",
    "Julius Jones left death row when the governor of Oklahoma commuted his sentence.",
    "Kim Kardashian wrote to the governor about Kevin Cooper.",
)


@dataclass(frozen=True)
class Work:
    """Makes batches. Of four articles one names somebody tracked."""

    registry: Registry

    @cached_property
    def _tagger(self) -> Tagger:
        return Tagger(self.registry.subjects)

    @cached_property
    def _names(self) -> dict[str, str]:
        return {subject.id: subject.display_name for subject in self.registry.subjects}

    def batch(self, number: int, source: str, place: int) -> Batch:
        """Return batch *number*, which is the one at *place* (from 1) of the writer *source*."""
        visits = tuple(self._visit(number * PAGES + n) for n in range(PAGES))
        return Batch(visits, VERSIONS, Progress(source, "warc", str(place), pages=place * PAGES))

    def _visit(self, number: int) -> PageVisit:
        url = f"https://outlet-{number % 40}.example/news/{number}"
        text = _text(number)
        article = Article(
            id=stable_id(url),
            url=url,
            canonical_url=url,
            title=text.partition("\n")[0],
            text=text,
            body_start=text.index("\n\n") + 2,
            text_hash=stable_id(text),
            page_kind=PageKind.ARTICLE,
            published_at=NOON - timedelta(minutes=number),
        )
        tagging, said = tag_and_claim(self._tagger, self._names, Words.of(article))
        record = WarcPointer("work.warc.gz", number, f"sha1:{number}")
        return PageVisit(
            page=_due(url, number),
            fetched_at=NOON,
            state="done",
            next_fetch_at=None,
            status=200,
            payload_digest=stable_id(text),
            reading=Reading(article, tagging, said, sketch(text), record),
            record=record,
        )


def numbers_of(writer: int) -> range:
    """Return the numbers of a writer's batches: each batch is that of two writers of four."""
    return range(writer // 2, 1_000_000, 2)


def _text(number: int) -> str:
    drawn = random.Random(number)
    lines = [" ".join(drawn.choices(_WORDS.split(), k=60)) for _ in range(8)]
    if number % 4 == 0:
        lines.insert(3, _NAMED[number // 4 % len(_NAMED)])
    return f"Report {number}\n\n" + "\n".join(lines)


def _due(url: str, number: int) -> DuePage:
    return DuePage(
        page_id=page_id_of(url),
        url=url,
        attempts=0,
        etag=None,
        last_modified=None,
        payload_digest=None,
        article_id=None,
        first_seen_at=NOON,
        tracked=False,
        outlet=f"Outlet {number % 40}",
        feed_language="en",
        entry=Entry(id="", feed_id="", url=url, title=""),
    )
