-- A zero that can be read: how long nobody wrote of a subject, and how well we were looking.
create or replace view silence as
with seen as (
    select c.subject_id, max(coalesce(a.published_at, a.first_seen_at)) as last_mentioned_at,
        count(*) as articles
    from claim c
    join article a on a.version_id = c.version_id
    group by c.subject_id
),
its_feeds as (
    select s.subject_id, h.feed_id, h.state
    from (
        select distinct c.subject_id, p.feed_id from claim c join page p using (article_id)
    ) s
    join feed_health h using (feed_id)
),
its_health as (
    select subject_id, count(*) as feeds, count(*) filter (where state = 'fine') as fine
    from its_feeds
    group by subject_id
),
watch as (
    select count(*) as feeds, count(*) filter (where state = 'fine') as feeds_fine,
        (select min(started_at) from run) as since
    from feed_health
),
counted as (
    select
        s.subject_id, s.display_name, s.kind, seen.last_mentioned_at,
        date_diff('day', seen.last_mentioned_at, now()) as days,
        coalesce(seen.articles, 0) as articles, watch.feeds, watch.feeds_fine,
        -- who was never named has no feeds of its own: all count
        coalesce(i.feeds, watch.feeds) as its_feeds, coalesce(i.fine, watch.feeds_fine) as its_feeds_fine,
        coalesce(date_diff('day', coalesce(seen.last_mentioned_at, watch.since), now()), 0) as quiet_days
    from subject s
    left join seen using (subject_id)
    left join its_health i using (subject_id)
    cross join watch
    where s.active
)
select
    subject_id, display_name, kind, last_mentioned_at, days, articles, feeds, feeds_fine,
    case
        when quiet_days < 30 then 'heard of'
        when its_feeds_fine * 2 >= its_feeds and its_feeds > 0 then 'silent'
        else 'blind'
    end as state,
    quiet_days, its_feeds, its_feeds_fine
from counted;
comment on view silence is 'Per subject: when it was last mentioned, beside how many feeds were fine. Null: never.';
comment on column silence.days is 'Days since the last mention; null when there was none.';
comment on column silence.state is 'heard of (within 30 days), silent (not, although its feeds are healthy), blind (not, and most of its feeds are not fine).';
comment on column silence.quiet_days is 'Days since the last mention, else since the first run.';
comment on column silence.its_feeds is 'Feeds that ever brought an article about the subject; all feeds where there was none.';
