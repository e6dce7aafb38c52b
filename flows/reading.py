"""An article as a run reads it: tagged, with claims and sketch, all of one text."""

from __future__ import annotations

from extractors.alerts import claims
from extractors.mentions import explain
from extractors.model import Article
from extractors.stories import sketch
from flows.job import Job
from warehouse.archive import WarcPointer
from warehouse.readings import Reading

_TOLD = 5  # terms of evidence in an alert's reason; `casewatch alerts --why` shows all


def reading_of(job: Job, article: Article, record: WarcPointer) -> Reading:
    """Return *article* tagged, with its claims and sketch; *record* holds its page."""
    published = article.published_day
    tagging = job.tagger.tag(
        article.text,
        published=published,
        language=article.language,
        body_start=article.body_start,
    )
    names = {s.id: s.display_name for s in job.registry.subjects}
    said = claims(
        article.text,
        tagging,
        article.page_kind,
        lambda mention: explain(mention, names, most=_TOLD),
        body_start=article.body_start,
    )
    return Reading(article, tagging, said, sketch(article.text[article.body_start :]), record)
