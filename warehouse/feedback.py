"""What verdicts are worth: passages for proposals, candidates for audit, the estimate of recall.

All of it is read. Nothing here changes what a run finds or raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from extractors.errors import WarehouseError
from extractors.model import Verdict
from extractors.suggest import Passage
from warehouse.inbox import CandidateJudgement
from warehouse.rows import named_rows

OTHERS = 2_000  # texts that do not name a subject: enough to tell its words from everybody's

_NAMED = """
select a.story_id, a.canonical_url, a.outlet, v.text, v.body_start, max(m.confidence) as confidence,
    list({'start': m.start_offset, 'end': m.end_offset} order by m.start_offset) as spans
from mention m
join article a on a.version_id = m.version_id
join article_version v on v.version_id = m.version_id
where m.subject_id = $subject and m.tier <> 'rejected'
group by a.article_id, a.story_id, a.canonical_url, a.outlet, v.text, v.body_start
order by a.article_id
"""

_AUDITED = """
select a.story_id, r.canonical_url, r.outlet, v.text, v.body_start,
    max(r.confidence) as confidence, r.verdict,
    list({'start': r.start_offset, 'end': r.end_offset} order by r.start_offset) as spans
from rejected_candidates r
join article a using (article_id)
join article_version v on v.version_id = r.version_id
where r.subject_id = $subject and r.verdict in ('missed', 'rightly_rejected')
    and not exists (from mention m where m.version_id = r.version_id
        and m.subject_id = r.subject_id and m.tier <> 'rejected')
group by all
order by r.canonical_url, r.verdict
"""

_OFFERED = """
with shown as (
    from rejected_candidates where in_sample or verdict is not null
    union all
    (from rejected_candidates where not in_sample and verdict is null
    order by confidence desc, mention_id limit $others)
)
select r.*, v.rowid as doc_id from shown r join article_version v using (version_id)
"""

_VERDICT_OF = {"missed": Verdict.RELEVANT, "rightly_rejected": Verdict.WRONG_PERSON}


def passages_of(
    db: duckdb.DuckDBPyConnection, subject_id: str, verdicts: dict[str, Verdict]
) -> list[Passage]:
    """Return the current articles that name the subject; *verdicts* are people's, by story.

    Audited candidates come with them, where nothing else in their article names the subject.
    """
    named = [
        _passage(row, verdicts.get(row["story_id"]))
        for row in _asked(db, _NAMED, {"subject": subject_id})
    ]
    audited = [
        _passage(row, _VERDICT_OF[row["verdict"]])
        for row in _asked(db, _AUDITED, {"subject": subject_id})
    ]
    return named + audited


def other_texts(db: duckdb.DuckDBPyConnection, subject_id: str, most: int = OTHERS) -> list[str]:
    """Return texts of current articles without any mention of the subject, the same each time."""
    rows = db.execute(
        "select text from article_version where version_id in ("
        "select version_id from article anti join (select version_id from mention "
        "where subject_id = $subject) using (version_id) order by article_id limit $most) "
        "order by version_id",
        {"subject": subject_id, "most": most},
    ).fetchall()
    return [row[0] for row in rows]


def outlets_and_authors(db: duckdb.DuckDBPyConnection, subject_id: str) -> list[str]:
    """Return who published and wrote of the subject: names that are no words of a case."""
    rows = db.execute(
        "with named as (select distinct a.* from article a join mention m using (version_id) "
        "where m.subject_id = ?) "
        "select outlet from named union select unnest(authors) from named order by 1",
        [subject_id],
    ).fetchall()
    return [row[0] for row in rows if row[0]]


def judged_stories(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return by subject how many stories have a verdict about the person, where any has."""
    rows = db.execute(
        "select subject_id, count(*) from alerts where verdict in "
        "('relevant', 'passing_mention', 'duplicate', 'wrong_person') group by all order by 1"
    ).fetchall()
    return dict(rows)


def candidate_rows(
    db: duckdb.DuckDBPyConnection, *, subject: str | None = None, everything: bool = False
) -> list[dict[str, Any]]:
    """Return rejected candidates of the sample, or of all with *everything*, the likeliest first.

    Each has the text of its article's version, to show the passage.
    """
    return _asked(
        db,
        "select r.*, v.text from rejected_candidates r join article_version v using (version_id) "
        "where ($subject is null or r.subject_id = $subject) and ($everything or r.in_sample) "
        "order by r.confidence desc, r.mention_id",
        {"subject": subject, "everything": everything},
    )


def offered_candidates(db: duckdb.DuckDBPyConnection, others: int) -> list[dict[str, Any]]:
    """Return the sample, what is judged, and of the rest as many *others*, the likeliest.

    Without texts; `doc_id` is the place of the version that has the text.
    """
    return _asked(db, _OFFERED, {"others": others})


def candidates_like(db: duckdb.DuckDBPyConnection, beginning: str) -> list[dict[str, Any]]:
    """Return id and sample of the rejected candidates whose id begins with *beginning*."""
    return _asked(
        db,
        "select mention_id, in_sample from rejected_candidates "
        "where starts_with(mention_id, ?) order by 1",
        [beginning],
    )


def overlay_candidates(
    rows: Sequence[dict[str, Any]], judgements: Sequence[CandidateJudgement]
) -> list[dict[str, Any]]:
    """Return *rows* as they will be once *judgements*, oldest first, are published."""
    last = {judgement.mention_id: judgement for judgement in judgements}
    return [_judged(row, last.get(row["mention_id"])) for row in rows]


def recall_rows(db: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return the estimate of recall where something was rejected: all subjects first."""
    return _asked(
        db,
        "from recall_estimate where rejected > 0 or subject_id is null "
        "order by subject_id is not null, audited desc, subject_id",
    )


def _asked(
    db: duckdb.DuckDBPyConnection, sql: str, parameters: object = None
) -> list[dict[str, Any]]:
    """Return the answer as one dict a row. Raises WarehouseError for a copy without our views."""
    try:
        return named_rows(db, sql, parameters)
    except duckdb.CatalogException as error:
        raise WarehouseError(
            "the published copy is of an older casewatch; `casewatch run` makes it anew."
        ) from error


def _passage(row: dict[str, Any], verdict: Verdict | None) -> Passage:
    return Passage(
        story=row["story_id"] or row["canonical_url"],
        url=row["canonical_url"],
        outlet=row["outlet"],
        text=row["text"],
        body_start=row["body_start"],
        spans=tuple((span["start"], span["end"]) for span in row["spans"]),
        confidence=row["confidence"],
        verdict=verdict,
    )


def _judged(row: dict[str, Any], judgement: CandidateJudgement | None) -> dict[str, Any]:
    if judgement is None or (row["judged_at"] and row["judged_at"] >= judgement.judged_at):
        return row
    return row | {
        "verdict": str(judgement.verdict),
        "reviewer": judgement.reviewer,
        "note": judgement.note,
        "judged_at": judgement.judged_at,
    }
