"""What an outlet changed in an article that we had already: a headline, a name put in or taken out.

Re-extraction makes versions too, but those differ by our doing: it stores no changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import duckdb

from extractors.model import Mention, stable_id
from warehouse.readings import PageVisit, Versions, version_id_of
from warehouse.rows import insert_missing, named_rows

_PREVIOUS = """
select v.version_id, v.article_id, v.title, v.text, v.extractor_version as extractor,
    coalesce(
        t.tagger_version,
        (select any_value(m.tagger_version) from mention m where m.version_id = v.version_id),
        $tagger
    ) as tagger,
    coalesce(
        t.registry_version,
        (select any_value(m.registry_version) from mention m where m.version_id = v.version_id),
        (select max_by(r.registry_version, r.started_at) from run r
            where r.started_at <= v.fetched_at),
        $registry
    ) as registry,
    (select list({'subject': subject_id, 'quote': quote} order by start_offset) from mention m
        where m.version_id = v.version_id and m.tier <> 'rejected') as mentions
from article_version v
left join tagging t using (version_id) -- versions from before that table have no row there
where v.version_id in (select unnest($ids))
"""


@dataclass(frozen=True, slots=True)
class Previous:
    """The version that stood before, and who made it and what derives from it."""

    version_id: str
    title: str
    text: str
    code: Versions
    named: Mapping[str, str]  # subject -> the first words that name it


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between a version and the one that stood before it."""

    article_id: str
    from_version_id: str
    version_id: str
    kind: str  # headline_changed | name_added | name_removed
    subject_id: str | None
    before: str | None
    after: str | None
    same_code: bool  # else it may be our own change
    seen_at: datetime

    @property
    def id(self) -> str:
        """Return its id: the same change seen at another time is another one."""
        return stable_id(
            self.from_version_id,
            self.version_id,
            self.kind,
            self.subject_id or "",
            self.seen_at.isoformat(),
        )


def previous_versions(
    db: duckdb.DuckDBPyConnection, version_ids: Sequence[str], versions: Versions
) -> dict[str, Previous]:
    """Return what stood before, by article; what no row tells is taken to be as in *versions*."""
    if not version_ids:
        return {}
    rows = named_rows(
        db,
        _PREVIOUS,
        {"ids": version_ids, "tagger": versions.tagger, "registry": versions.registry},
    )
    return {row["article_id"]: _previous(row) for row in rows}


def changes_of(previous: Previous, visit: PageVisit, versions: Versions) -> list[Change]:
    """Return what *visit* shows to have changed, the headline first, then names in their order.

    Where the code or the registry changed as well, a name that stands in both texts was neither
    added nor removed: we only see it now, or no more.
    """
    assert visit.reading is not None  # noqa: S101 - only readings make versions
    article, tagging = visit.reading.article, visit.reading.tagging
    same_code = previous.code == versions
    named = _first_words(tagging.mentions)
    found: list[tuple[str, str | None, str | None, str | None]] = []
    if article.title != previous.title:
        found.append(("headline_changed", None, previous.title, article.title))
    found += [
        ("name_added", subject, None, words)
        for subject, words in sorted(named.items())
        if subject not in previous.named and (same_code or words not in previous.text)
    ]
    found += [
        ("name_removed", subject, words, None)
        for subject, words in sorted(previous.named.items())
        if subject not in named and (same_code or words not in article.text)
    ]
    version = version_id_of(article)
    return [
        Change(article.id, previous.version_id, version, *what, same_code, visit.fetched_at)
        for what in found
    ]


def save_changes(db: duckdb.DuckDBPyConnection, changes: Iterable[Change]) -> None:
    """Store *changes* in the caller's transaction."""
    insert_missing(db, "article_change", [{"change_id": c.id, **asdict(c)} for c in changes])


def _previous(row: dict[str, Any]) -> Previous:
    named: dict[str, str] = {}
    for mention in row["mentions"] or ():
        named.setdefault(mention["subject"], mention["quote"])
    code = Versions(row["extractor"], row["tagger"], row["registry"])
    return Previous(row["version_id"], row["title"], row["text"], code, named)


def _first_words(mentions: Iterable[Mention]) -> dict[str, str]:
    named: dict[str, str] = {}
    for mention in sorted(mentions, key=lambda m: m.start):
        named.setdefault(mention.subject, mention.quote)
    return named
