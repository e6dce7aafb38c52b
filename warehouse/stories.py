"""Stories and alerts in SQL: the last step of a run, over all its articles at once.

At once and in a fixed order, so that a run that was killed and run again ends with the same
stories as one that was not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb

from extractors.model import stable_id
from extractors.stories import (
    REPEATS,
    ROUND_UP,
    SHARED,
    UPDATE,
    UPDATE_HOURS,
    WINDOW_DAYS,
    Overlap,
    StoryLink,
    Telling,
    link_stories,
)
from warehouse.rows import insert_missing, run

_NEWCOMERS = """
select article_id, coalesce(published_day, cast(first_seen_at as date)) as day, first_seen_at
from article where story_id is null
order by coalesce(published_at, first_seen_at), article_id
"""

_OVERLAPS = f"""
with near as materialized (
    -- constants, so that row groups of other days are never read; numbers, because millions of
    -- shingles carry them
    select cast(row_number() over () as uinteger) as n, s.day, s.article_id, s.shingles,
        hash(a.outlet) as outlet, hash(coalesce(a.story_id, a.article_id)) as story,
        coalesce(a.published_at, a.first_seen_at) as at, a.version_id,
        s.article_id in (select unnest($newcomers)) as is_new
    from sketch s join article a using (article_id)
    where s.day between $first and $last
),
wanted as (
    select shingle, cast(row_number() over () as uinteger) as shingle_n
    from (select distinct unnest(shingles) as shingle from near where is_new)
),
common as materialized (
    select n, shingle_n from (select n, unnest(shingles) as shingle from near)
    join wanted using (shingle)
),
phrase as materialized (
    -- shingles that stand in the same articles count as one of their number: half the rows to
    -- join, and lossless
    select min(shingle_n) as shingle_n, count(*)::double as shingles from (
        select shingle_n, count(*) as articles, bit_xor(hash(n)) as which from common group by all
    ) group by articles, which
),
placed as materialized (
    select n, shingle_n, phrase.shingles, outlet, story
    from common join phrase using (shingle_n) join near using (n)
),
boilerplate as materialized (
    -- what one outlet writes under each of its reports is no part of any of them
    select outlet, shingle_n from placed
    group by all having count(distinct story) >= {REPEATS}
),
own as materialized (
    select n, shingle_n, shingles from placed anti join boilerplate using (outlet, shingle_n)
),
fresh as (
    select n, shingle_n from own where n in (select n from near where is_new)
),
shared as (
    select mine.n, theirs.n as other, sum(theirs.shingles) as shared
    from fresh mine
    join own theirs on theirs.shingle_n = mine.shingle_n and theirs.n <> mine.n
    group by all
    having sum(theirs.shingles) >= {SHARED}
),
size as (
    select near.*, len(shingles) - coalesce(repeated, 0) as size
    from near left join (
        select n, sum(shingles) as repeated
        from placed semi join boilerplate using (outlet, shingle_n) group by n
    ) using (n)
)
select mine.article_id, theirs.article_id, s.shared::integer, mine.size::integer,
    theirs.size::integer,
    abs(epoch(mine.at) - epoch(theirs.at)) <= {UPDATE_HOURS * 3600} and exists (
        from claim c join claim d using (subject_id)
        where c.version_id = mine.version_id and d.version_id = theirs.version_id
        and c.alerts and d.alerts
    ) as related
from shared s
join size mine on mine.n = s.n
join size theirs on theirs.n = s.other
where s.shared >= {UPDATE} * least(mine.size, theirs.size)
    and theirs.day between mine.day - {WINDOW_DAYS} and mine.day + {WINDOW_DAYS}
"""  # noqa: S608 - numbers of our own

# Who tells of an event that a newcomer tells of too: subject, type and day are the event's name.
_TELLINGS = f"""
with telling as (
    select a.article_id, a.story_id is null as newcomer,
        e.subject_id || ' ' || e.type || ' ' || e.event_date as event,
        coalesce(a.published_day, cast(a.first_seen_at as date)) as day, e.subject_id
    from event e join article a using (version_id)
    join claim c on c.version_id = e.version_id and c.subject_id = e.subject_id and c.alerts
    where e.event_date is not null and not e.retold
),
one_story as (
    select * from telling semi join (
        select article_id from telling group by all
        having count(distinct subject_id) <= {ROUND_UP}
    ) using (article_id)
)
select distinct t.article_id, t.event from one_story t
where t.event in (select event from one_story where newcomer)
    and t.day between $first and $last
"""  # noqa: S608 - an integer of our own

_KNOWN = """
select article_id, first_article_id from article join story using (story_id)
where article_id in (select unnest($ids))
"""

# Only what no earlier step has seen: whatever a version is tagged anew for is a new claim.
_RAISE = """
with candidate as materialized (
    select c.*, a.story_id, a.published_at, a.first_seen_at, a.feed_id, a.versions,
        left(sha256(c.subject_id || chr(31) || a.story_id), 16) as story_alert
    from claim c
    join article a on a.version_id = c.version_id
    where c.alerts and c.settled is null
),
telling as (
    select distinct c.subject_id, c.story_id, c.version_id, e.type
    from candidate c
    join event e on e.version_id = c.version_id and e.subject_id = c.subject_id and not e.retold
),
covered as (
    select subject_id, story_id, flatten(list(coalesce(event_types, []))) as types
    from alert group by all
),
untold as (
    -- a story that goes on raises again only for an event that no alert has told of
    select t.* from telling t left join covered c using (subject_id, story_id)
    where not list_contains(coalesce(c.types, []), t.type)
),
news as (
    select subject_id, story_id, list(distinct type order by type) as event_types
    from untold group by all
),
found as (
    select c.*, c.story_alert as alert_id, n.event_types
    from candidate c
    anti join covered using (subject_id, story_id)
    left join news n using (subject_id, story_id)
    union all by name
    select c.*, n.event_types, left(
            sha256(c.story_alert || chr(31) || array_to_string(n.event_types, ' ')), 16
        ) as alert_id
    from candidate c
    semi join untold using (subject_id, story_id, version_id)
    semi join covered using (subject_id, story_id)
    join news n using (subject_id, story_id)
),
best as (
    select * from found
    anti join alert using (alert_id)
    qualify row_number() over (
        partition by subject_id, story_id
        order by rank desc, coalesce(published_at, first_seen_at), article_id
    ) = 1
)
insert into alert by name
select alert_id, subject_id, story_id, article_id, version_id, rank, reason, start_offset,
    end_offset, quote, $now as raised_at, $run as run_id,
    -- What was long published when we first saw it, or came from no feed, tells of the past, unless
    -- a correction brings it now. So does what we have had for long and understand only now, after
    -- a new case or tagger. What has something still to come is news all the same.
    coalesce(
        (
            ((feed_id is null or published_at < first_seen_at - $history) and versions = 1)
            or (from_store.fetched_at < $now - $history)
        )
        and not exists (
            from event e where e.version_id = best.version_id
            and e.subject_id = best.subject_id and e.event_date >= cast($now as date)
        ),
        false
    ) as history,
    coalesce(event_types, []) as event_types
from best
left join (
    select version_id, fetched_at from article_version
    where version_id in (select version_id from best)
) as from_store using (version_id)
"""


def cluster(db: duckdb.DuckDBPyConnection) -> list[StoryLink]:
    """Give every article without a story its own or that of the article it copies."""
    newcomers = db.execute(_NEWCOMERS).fetchall()
    if not newcomers:
        return []
    window = timedelta(days=WINDOW_DAYS)
    bounds = {
        "newcomers": [article for article, _, _ in newcomers],
        "first": min(day for _, day, _ in newcomers) - window,
        "last": max(day for _, day, _ in newcomers) + window,
    }
    overlaps = [Overlap(*row) for row in run(db, _OVERLAPS, bounds).fetchall()]
    days = {"first": bounds["first"], "last": bounds["last"]}
    tellings = [Telling(*row) for row in db.execute(_TELLINGS, days).fetchall()]
    older = {o.other for o in overlaps} | {t.article for t in tellings}
    known = dict(run(db, _KNOWN, {"ids": sorted(older)}).fetchall()) if older else {}
    links = link_stories(bounds["newcomers"], overlaps, known, tellings)
    _save(db, links, {article: seen for article, _, seen in newcomers})
    return links


def raise_alerts(
    db: duckdb.DuckDBPyConnection, run_id: str, now: datetime, *, history_after: timedelta
) -> int:
    """Raise one alert a subject and story that has none yet, or goes on; return how many.

    A story goes on when an article of it tells of an event that no alert of it has told of.

    Articles published *history_after* before they were first seen raise history, and no news.
    """
    values = {"now": now, "run": run_id, "history": history_after}
    raised = db.execute(_RAISE, values).fetchone()
    db.execute("update claim set settled = true where settled is null")
    return int(raised[0]) if raised else 0


def _save(
    db: duckdb.DuckDBPyConnection, links: list[StoryLink], first_seen: dict[str, datetime]
) -> None:
    rows = [
        {
            "article_id": link.article,
            "story_id": stable_id(link.story_of),
            "relation": link.relation,
            "containment": round(link.containment, 3),
        }
        for link in links
    ]
    insert_missing(db, "story_article", rows)
    stories = [
        {
            "story_id": stable_id(link.story_of),
            "first_article_id": link.article,
            "first_seen_at": first_seen[link.article],
        }
        for link in links
        if link.relation == "first"
    ]
    insert_missing(db, "story", stories)
    db.execute(
        "update article set story_id = s.story_id from story_article s "
        "where article.article_id = s.article_id and article.story_id is null"
    )
