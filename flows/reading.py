"""An article as a run reads it: tagged, with claims and sketch, all of one text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from extractors.alerts import claims
from extractors.mentions import Tagger, explain
from extractors.model import Article, Claim, PageKind, Tagging
from extractors.stories import sketch
from flows.job import Job
from warehouse.archive import WarcPointer
from warehouse.readings import Reading

_TOLD = 5  # terms of evidence in an alert's reason; `casewatch alerts --why` shows all


def reading_of(job: Job, article: Article, record: WarcPointer) -> Reading:
    """Return *article* tagged, with its claims and sketch; *record* holds its page."""
    names = {s.id: s.display_name for s in job.registry.subjects}
    tagging, said = tag_and_claim(job.tagger, names, Words.of(article))
    return Reading(article, tagging, said, sketch(article.text[article.body_start :]), record)


@dataclass(frozen=True, slots=True)
class Words:
    """What the tagger asks of an article."""

    text: str
    body_start: int
    published: date | None  # by the outlet's own clock
    language: str | None
    page_kind: PageKind

    @classmethod
    def of(cls, article: Article) -> Words:
        """Return what it asks of *article*."""
        return cls(
            article.text,
            article.body_start,
            article.published_day,
            article.language,
            article.page_kind,
        )


def tag_and_claim(
    tagger: Tagger, names: Mapping[str, str], words: Words
) -> tuple[Tagging, tuple[Claim, ...]]:
    """Return what *tagger* finds in *words*, and what that claims; *names* are those to show."""
    tagging = tagger.tag(
        words.text,
        published=words.published,
        language=words.language,
        body_start=words.body_start,
    )
    if not tagging.mentions:
        return tagging, ()
    said = claims(
        words.text,
        tagging,
        words.page_kind,
        lambda mention: explain(mention, names, most=_TOLD),
        body_start=words.body_start,
    )
    return tagging, said
