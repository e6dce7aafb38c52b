-- How much was written of whom, where, when.
create or replace view coverage as
select
    c.subject_id, a.outlet, coalesce(a.published_day, cast(a.first_seen_at as date)) as day,
    count(*) as articles, count(distinct a.story_id) as stories,
    count(*) filter (where c.alerts) as alerting, max(c.rank) as rank
from claim c
join article a on a.version_id = c.version_id
group by all;
comment on view coverage is 'Articles and stories per subject, outlet and day.';
comment on column coverage.alerting is 'How many of the articles were worth an alert.';
