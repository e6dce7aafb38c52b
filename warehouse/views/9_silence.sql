-- A zero that can be read: how long nobody wrote of a subject, and how well we were looking.
create or replace view silence as
with seen as (
    select c.subject_id, max(coalesce(a.published_at, a.first_seen_at)) as last_mentioned_at,
        count(*) as articles
    from claim c
    join article a on a.version_id = c.version_id
    group by c.subject_id
),
watch as (
    select count(*) as feeds, count(*) filter (where state = 'fine') as feeds_fine from feed_health
)
select
    s.subject_id, s.display_name, s.kind, seen.last_mentioned_at,
    date_diff('day', seen.last_mentioned_at, now()) as days, coalesce(seen.articles, 0) as articles,
    watch.feeds, watch.feeds_fine
from subject s
left join seen using (subject_id)
cross join watch
where s.active;
comment on view silence is 'Per subject: when it was last mentioned, beside how many feeds were fine. Null: never.';
comment on column silence.days is 'Days since the last mention; null when there was none.';
