"""Stories and alerts in SQL: the last step of a run, over all its articles at once.

At once and in a fixed order, so that a run that was killed and run again ends with the same
stories as one that was not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb

from extractors.model import stable_id
from extractors.stories import SHARED, WINDOW_DAYS, Overlap, StoryLink, link_stories
from warehouse.rows import insert_missing

_NEWCOMERS = """
select article_id, coalesce(published_day, cast(first_seen_at as date)) as day
from article where story_id is null
order by coalesce(published_at, first_seen_at), article_id
"""

_OVERLAPS = f"""
with near as (
    -- constants, so that row groups of other days are never read
    select * from sketch where day between $first and $last
),
recent as (
    select day, article_id, unnest(shingles) as shingle from near
),
newcomer as (
    select * from recent where article_id in (select unnest($newcomers))
),
shared as (
    select n.article_id, r.article_id as other, count(*) as shared
    from newcomer n
    join recent r on r.shingle = n.shingle and r.article_id <> n.article_id
        and r.day between n.day - {WINDOW_DAYS} and n.day + {WINDOW_DAYS}
    group by all
    having count(*) >= {SHARED}
),
size as (
    select article_id, len(shingles) as size from near
)
select s.article_id, s.other, s.shared, mine.size, theirs.size
from shared s
join size mine on mine.article_id = s.article_id
join size theirs on theirs.article_id = s.other
"""  # noqa: S608 - two integers of our own

_KNOWN = """
select article_id, first_article_id from article join story using (story_id)
where article_id in (select unnest($ids))
"""

_RAISE = """
with candidate as (
    select c.*, a.story_id, a.published_at, a.first_seen_at, a.feed_id, a.versions,
        left(sha256(c.subject_id || chr(31) || a.story_id), 16) as alert_id
    from claim c
    join article a on a.version_id = c.version_id
    where c.alerts
),
best as (
    select * from candidate
    anti join alert using (alert_id)
    qualify row_number() over (
        partition by alert_id
        order by rank desc, coalesce(published_at, first_seen_at), article_id
    ) = 1
)
insert into alert by name
select alert_id, subject_id, story_id, article_id, version_id, rank, reason, start_offset,
    end_offset, quote, $now as raised_at, $run as run_id,
    -- What was long published when we first saw it, or came from no feed, tells of the past, unless
    -- a correction brings it now or something in it is still to come.
    coalesce(
        (feed_id is null or published_at < first_seen_at - $history)
        and versions = 1
        and not exists (
            from event e where e.version_id = best.version_id
            and e.subject_id = best.subject_id and e.event_date >= cast($now as date)
        ),
        false
    ) as history
from best
"""


def cluster(db: duckdb.DuckDBPyConnection) -> list[StoryLink]:
    """Give every article without a story its own or that of the article it copies."""
    newcomers = db.execute(_NEWCOMERS).fetchall()
    if not newcomers:
        return []
    window = timedelta(days=WINDOW_DAYS)
    bounds = {
        "newcomers": [article for article, _ in newcomers],
        "first": min(day for _, day in newcomers) - window,
        "last": max(day for _, day in newcomers) + window,
    }
    overlaps = [Overlap(*row) for row in db.execute(_OVERLAPS, bounds).fetchall()]
    others = sorted({o.other for o in overlaps})
    known = dict(db.execute(_KNOWN, {"ids": others}).fetchall()) if others else {}
    links = link_stories(bounds["newcomers"], overlaps, known)
    _save(db, links)
    return links


def raise_alerts(
    db: duckdb.DuckDBPyConnection, run_id: str, now: datetime, *, history_after: timedelta
) -> int:
    """Raise one alert a subject and story that has none yet; return how many.

    Articles published *history_after* before they were first seen raise history, and no news.
    """
    values = {"now": now, "run": run_id, "history": history_after}
    raised = db.execute(_RAISE, values).fetchone()
    return int(raised[0]) if raised else 0


def _save(db: duckdb.DuckDBPyConnection, links: list[StoryLink]) -> None:
    rows = [
        {
            "article_id": link.article,
            "story_id": stable_id(link.story_of),
            "relation": "first" if link.article == link.story_of else "copy",
            "containment": round(link.containment, 3),
        }
        for link in links
    ]
    insert_missing(db, "story_article", rows)
    db.execute(
        "insert into story select s.story_id, article_id, a.first_seen_at "
        "from story_article s join article a using (article_id) "
        "where s.relation = 'first' and a.story_id is null "
        "and s.story_id not in (select story_id from story)"
    )
    db.execute(
        "update article set story_id = s.story_id from story_article s "
        "where article.article_id = s.article_id and article.story_id is null"
    )
