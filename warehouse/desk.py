"""What the desk asks of the published copy: whole queues for its index, and a page's facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from extractors.errors import WarehouseError
from warehouse.rows import named_rows

Asked = list[dict[str, Any]]

_QUEUE = """
with marked as (
    select al.alert_id, list([greatest(m.start_offset, al.start_offset) - al.start_offset,
        least(m.end_offset, al.end_offset) - al.start_offset] order by m.start_offset) as spans
    from alert al
    join mention m on m.version_id = al.version_id and m.subject_id = al.subject_id
    where m.tier <> 'rejected' and m.start_offset < al.end_offset and m.end_offset > al.start_offset
    group by al.alert_id
),
assigned as (
    select alert_id, max_by(assignee, assigned_at) as assignee from assignment group by alert_id
),
place as (
    select rowid as doc_id, version_id from article_version
    where version_id in (select version_id from alert)
)
select al.* exclude (urls, run_id), p.doc_id, coalesce(m.spans, []) as spans, s.assignee
from alerts al
left join marked m using (alert_id)
left join assigned s using (alert_id)
left join place p using (version_id)
"""


def queue_rows(db: duckdb.DuckDBPyConnection) -> Asked:
    """Return every alert with where its passage names the subject, and who is to look at it."""
    return _asked(db, _QUEUE)


def version_span(db: duckdb.DuckDBPyConnection) -> int:
    """Return one more than the place of the last stored version: places are 0, 1, 2, ..."""
    return int(_asked(db, "select coalesce(max(rowid), -1) + 1 as n from article_version")[0]["n"])


def versions_between(db: duckdb.DuckDBPyConnection, first: int, last: int) -> Asked:
    """Return the versions stored at the places from *first* up to *last*, exclusive, in order."""
    return _asked(
        db,
        "select rowid as doc_id, version_id, article_id, number, title, "
        "substr(text, body_start + 1) as body from article_version "
        "where rowid >= $first and rowid < $last order by rowid",
        {"first": first, "last": last},
    )


def words_at(db: duckdb.DuckDBPyConnection, places: list[int]) -> Asked:
    """Return title and body of the versions stored at *places*, in their order."""
    return _asked(
        db,
        "select rowid as doc_id, title, substr(text, body_start + 1) as body from article_version "
        "where rowid in (select unnest($places)) order by rowid",
        {"places": places},
    )


def version_at(db: duckdb.DuckDBPyConnection, place: int) -> str | None:
    """Return the id of the version stored at *place*, or None."""
    found = _asked(db, "select version_id from article_version where rowid = $n", {"n": place})
    return found[0]["version_id"] if found else None


def texts_at(db: duckdb.DuckDBPyConnection, places: list[int]) -> Asked:
    """Return the versions stored at *places* with their texts, newest first."""
    return _asked(
        db,
        "select v.version_id, v.article_id, v.title, v.text, v.body_start, a.outlet, a.language, "
        "a.canonical_url, a.published_at, a.published_day, "
        "v.version_id = a.version_id as is_current "
        "from article_version v join article a using (article_id) "
        "where v.rowid in (select unnest($places)) order by v.rowid desc",
        {"places": places},
    )


def article_of(db: duckdb.DuckDBPyConnection, article_id: str) -> dict[str, Any] | None:
    """Return an article with its current words, or None."""
    found = _asked(db, "from articles where article_id = $id", {"id": article_id})
    return found[0] if found else None


def version_of(db: duckdb.DuckDBPyConnection, version_id: str) -> dict[str, Any] | None:
    """Return a version with its text and its article's address, or None."""
    # its place first: with the text in one question, DuckDB looks into many texts
    place = db.execute(
        "select rowid from article_version where version_id = ?", [version_id]
    ).fetchone()
    if place is None:
        return None
    version = _asked(db, "from article_version where rowid = $place", {"place": place[0]})[0]
    article = _asked(
        db,
        "select canonical_url, outlet from article where article_id = $id",
        {"id": version["article_id"]},
    )
    return version | (article[0] if article else {"canonical_url": "", "outlet": ""})


def story_articles(db: duckdb.DuckDBPyConnection, story_id: str, subject_id: str) -> Asked:
    """Return a story's articles, the first seen first; *named*: whether it names the subject."""
    rows = _asked(
        db,
        """
        with mine as (from story_article where story_id = $story)
        select a.article_id, a.canonical_url, a.outlet, a.language, a.published_at, a.first_seen_at,
            a.versions, a.version_id, v.rowid as place, v.title, v.body_start, s.relation,
            s.containment, exists (
                from claim c where c.version_id = a.version_id and c.subject_id = $subject
            ) as named
        from mine s
        join article a using (article_id)
        join article_version v on v.version_id = a.version_id
        order by s.relation <> 'first', coalesce(a.published_at, a.first_seen_at), a.article_id
        """,
        {"story": story_id, "subject": subject_id},
    )
    texts = _texts(db, {row["place"] for row in rows})
    return [row | {"text": texts[row["place"]]} for row in rows]


def mentions_in(db: duckdb.DuckDBPyConnection, version_id: str) -> Asked:
    """Return every mention in a version, of all subjects, in reading order; no rejected ones."""
    return _asked(
        db,
        "select m.*, s.display_name, s.kind as subject_kind from mention m "
        "join subject s using (subject_id) "
        "where m.version_id = $id and m.tier <> 'rejected' order by m.start_offset",
        {"id": version_id},
    )


def story_alerts(db: duckdb.DuckDBPyConnection, story_id: str) -> Asked:
    """Return the alerts of a story, of all subjects."""
    return _asked(
        db,
        "select alert_id, subject_id, display_name, rank "
        "from alert join subject using (subject_id) "
        "where story_id = $story order by rank desc, display_name",
        {"story": story_id},
    )


def assignments_of(db: duckdb.DuckDBPyConnection, alert_id: str) -> Asked:
    """Return who was to look at an alert, oldest first."""
    return _asked(db, "from assignment where alert_id = $id order by assigned_at", {"id": alert_id})


def reviewers(db: duckdb.DuckDBPyConnection) -> list[str]:
    """Return who ever judged or was to look at an alert, by name."""
    rows = _asked(
        db,
        "select reviewer as name from verdict union select assignee from assignment "
        "where assignee <> '' order by 1",
    )
    return [row["name"] for row in rows]


def subject_rows(db: duckdb.DuckDBPyConnection) -> Asked:
    """Return every subject that is or was watched: cases first, by name."""
    return _asked(db, "from subject order by kind <> 'case', display_name")


def subject_row(db: duckdb.DuckDBPyConnection, subject_id: str) -> dict[str, Any] | None:
    """Return one subject, or None."""
    found = _asked(db, "from subject where subject_id = $id", {"id": subject_id})
    return found[0] if found else None


def coverage_by_day(db: duckdb.DuckDBPyConnection, subject_id: str) -> Asked:
    """Return per day how many articles and stories were about a subject, and the worst rank."""
    return _asked(
        db,
        "select day, sum(articles)::bigint as articles, sum(stories)::bigint as stories, "
        "max(rank) as rank from coverage where subject_id = $id and day is not null "
        "group by day order by day",
        {"id": subject_id},
    )


def coverage_by_outlet(db: duckdb.DuckDBPyConnection, subject_id: str, most: int = 15) -> Asked:
    """Return the outlets that wrote most of a subject."""
    return _asked(
        db,
        "select outlet, sum(articles)::bigint as articles, max(day) as last_day from coverage "
        "where subject_id = $id group by outlet order by articles desc, outlet limit $most",
        {"id": subject_id, "most": most},
    )


def timeline_rows(db: duckdb.DuckDBPyConnection, subject_id: str, most: int = 100) -> Asked:
    """Return the events of a case as the view case_timeline has them, in the words of one article.

    Newest day first; those without a day last. The *sentence* holds the *quote*, which tells it.
    """
    return _asked(
        db,
        """
        with told as (
            select e.type, e.modality, e.event_date,
                coalesce(e.event_date, if(e.retold, null, a.published_day)) as day,
                list(distinct a.outlet order by a.outlet) as outlets,
                min_by({'article_id': a.article_id, 'language': a.language, 'quote': e.quote,
                    'sentence': coalesce(e.sentence, e.quote), 'url': a.canonical_url},
                    (a.first_seen_at, e.start_offset)) as said
            from event e
            join article a on a.version_id = e.version_id
            where e.subject_id = $id
            group by e.type, e.modality, e.event_date, day, a.story_id
        )
        select * exclude (said), unnest(said) from told
        order by day desc nulls last, type, modality, said.article_id
        limit $most
        """,
        {"id": subject_id, "most": most},
    )


def _texts(db: duckdb.DuckDBPyConnection, places: set[int]) -> dict[int, str]:
    """Return texts by the place of their version: by place, DuckDB reads no other rows."""
    rows = _asked(
        db,
        "select rowid as place, text from article_version where rowid in (select unnest($places))",
        {"places": sorted(places)},
    )
    return {row["place"]: row["text"] for row in rows}


def advocacy_rows(
    db: duckdb.DuckDBPyConnection,
    *,
    case: str | None = None,
    advocate: str | None = None,
    most: int = 300,
) -> Asked:
    """Return who spoke for a *case*, or for whom an *advocate* spoke, newest first."""
    return _asked(
        db,
        "from advocacy where ($case is null or case_id = $case) "
        "and ($advocate is null or advocate_id = $advocate) "
        "order by published_at desc nulls last, article_id, start_offset limit $most",
        {"case": case, "advocate": advocate, "most": most},
    )


def spoken_by_other(
    db: duckdb.DuckDBPyConnection, subject: Mapping[str, Any], most: int = 300
) -> Asked:
    """Return who spoke for a case, or the cases that an advocate spoke for: *id*, *name*, *acts*.

    Those with most acts first; of each the newest act first, as `advocacy_rows` has it.
    """
    is_case = subject["kind"] == "case"
    asked = {"case" if is_case else "advocate": subject["subject_id"]}
    other = "advocate" if is_case else "case"
    acts: dict[tuple[str, str], Asked] = defaultdict(list)
    for row in advocacy_rows(db, **asked, most=most):
        acts[(row[f"{other}_id"], row[other])].append(row)
    most_first = sorted(acts.items(), key=lambda one: (-len(one[1]), one[0][1]))
    return [{"id": key, "name": name, "acts": said} for (key, name), said in most_first]


def linked_with(
    subjects: Sequence[Mapping[str, Any]], subject: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """Return ids and names that the registry links: a case's advocates, or an advocate's cases.

    *subjects* are all rows of `subject_rows`.
    """
    if subject["kind"] == "case":
        names = {row["subject_id"]: row["display_name"] for row in subjects}
        return [(one, names.get(one, one)) for one in subject["advocates"]]
    mine = (row for row in subjects if subject["subject_id"] in row["advocates"])
    return [(row["subject_id"], row["display_name"]) for row in mine]


def silence_row(db: duckdb.DuckDBPyConnection, subject_id: str) -> dict[str, Any] | None:
    """Return how long nobody wrote of a subject, and how well we were looking; or None."""
    found = _asked(db, "from silence where subject_id = $id", {"id": subject_id})
    return found[0] if found else None


def precision_rows(db: duckdb.DuckDBPyConnection, subject_id: str) -> Asked:
    """Return what verdicts say of each form of a subject's name."""
    return _asked(
        db,
        "from rule_precision where per = 'form' and subject_id = $id "
        "order by judged desc, form, kind",
        {"id": subject_id},
    )


def recall_row(db: duckdb.DuckDBPyConnection, subject_id: str) -> dict[str, Any] | None:
    """Return the estimate of how much of a subject is found, or None."""
    found = _asked(db, "from recall_estimate where subject_id = $id", {"id": subject_id})
    return found[0] if found else None


def alert_states(db: duckdb.DuckDBPyConnection, subject_id: str) -> Asked:
    """Return every alert of a subject with its last verdict and when that was given, or null."""
    return _asked(
        db,
        "select alert_id, max_by(verdict, judged_at) as verdict, max(judged_at) as judged_at "
        "from alert left join verdict using (alert_id) where subject_id = $id group by alert_id",
        {"id": subject_id},
    )


def subject_alerts(db: duckdb.DuckDBPyConnection, subject_id: str, most: int = 30) -> Asked:
    """Return the ids of the newest alerts of a subject."""
    return _asked(
        db,
        "select al.alert_id from alert al join article a using (article_id) "
        "where al.subject_id = $id "
        "order by coalesce(a.published_at, al.raised_at) desc limit $most",
        {"id": subject_id, "most": most},
    )


def coverage_by_week(db: duckdb.DuckDBPyConnection, weeks: int) -> Asked:
    """Return per subject and week how many articles were about it; the last *weeks* weeks."""
    return _asked(
        db,
        "select subject_id, date_trunc('week', day)::date as week, "
        "sum(articles)::bigint as articles, max(rank) as rank from coverage "
        "where day >= current_date - $days group by all order by 1, 2",
        {"days": 7 * weeks},
    )


def upcoming_rows(db: duckdb.DuckDBPyConnection, subject_id: str | None = None) -> Asked:
    """Return the days ahead that articles speak of, of one subject or of all, soonest first."""
    return _asked(
        db,
        "from upcoming_dates where ($id is null or subject_id = $id) "
        "order by event_date, subject_id limit 60",
        {"id": subject_id},
    )


def silence_rows(db: duckdb.DuckDBPyConnection) -> Asked:
    """Return for every watched subject how long nobody wrote of it, the longest first."""
    return _asked(db, "from silence order by quiet_days desc, subject_id")


def _asked(
    db: duckdb.DuckDBPyConnection, sql: str, values: dict[str, object] | None = None
) -> Asked:
    """Return the answer as one dict a row. Raises WarehouseError for a copy without our tables."""
    try:
        return named_rows(db, sql, values)
    except duckdb.CatalogException as error:
        raise WarehouseError(
            "the published copy is of an older casewatch; `casewatch run` makes it anew."
        ) from error
