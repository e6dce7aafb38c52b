-- Everything that happened in a case as the coverage tells it, a row an event and story.
create or replace view case_timeline as
select
    e.subject_id, s.display_name, coalesce(e.event_date, if(e.retold, null, a.published_day)) as day, e.type,
    e.modality, e.event_date, min(a.published_at) as first_published_at,
    list(distinct a.outlet order by a.outlet) as outlets, count(distinct a.article_id) as articles,
    min_by(coalesce(e.sentence, e.quote), a.first_seen_at) as passage,
    min_by(a.canonical_url, a.first_seen_at) as url, a.story_id
from event e
join article a on a.version_id = e.version_id
join subject s using (subject_id)
group by e.subject_id, s.display_name, coalesce(e.event_date, if(e.retold, null, a.published_day)), e.type,
    e.modality, e.event_date, a.story_id;
comment on view case_timeline is 'Events of each case as articles tell them: type, modality, day, who reported it. Order by day.';
comment on column case_timeline.day is 'The day that the article speaks of, else the day it was published; null where it tells of a past day and does not say which.';
comment on column case_timeline.passage is 'The sentence that says so, of the article first seen.';
comment on column case_timeline.modality is 'asked, recommended, ordered, happened, denied.';
