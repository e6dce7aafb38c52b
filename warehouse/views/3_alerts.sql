-- Alerts with the outlets that ran the story and the verdict that counts.
create or replace view alerts as
with judged as (
    -- arg_max_null: the last verdict may have no note, and max_by would show an earlier one's
    select alert_id, max_by(verdict, judged_at) as verdict, max_by(reviewer, judged_at) as reviewer,
        arg_max_null(note, judged_at) as note, max(judged_at) as judged_at
    from verdict
    group by alert_id
)
select
    al.alert_id, al.subject_id, s.display_name, s.kind as subject_kind, al.rank, al.reason,
    v.title, a.canonical_url, a.outlet, a.published_at, a.language,
    coalesce(t.outlets, [a.outlet]) as outlets, coalesce(t.articles, 0) as articles,
    coalesce(t.urls, [a.canonical_url]) as urls,
    al.quote as passage, -- not cut from the text: that would read every text there is
    al.start_offset, al.end_offset, c.confidence, al.story_id, al.article_id, al.version_id,
    al.raised_at, al.run_id, coalesce(al.history, false) as history, j.verdict, j.reviewer, j.note, j.judged_at
from alert al
join subject s using (subject_id)
join article a using (article_id)
join article_version v on v.version_id = al.version_id
left join claim c on c.version_id = al.version_id and c.subject_id = al.subject_id
left join lateral ( -- so that who asks for some alerts has only their stories looked at
    -- lists are sorted afterwards: list(distinct ... order by ...) takes twice as long
    select count(*) as articles, list_sort(list_distinct(list(b.outlet))) as outlets,
        list_transform(list_sort(list({
            'at': coalesce(b.published_at, b.first_seen_at), 'id': b.article_id, 'url': b.canonical_url
        })), lambda x: x.url) as urls
    from claim told
    join article b on b.version_id = told.version_id
    where told.alerts and told.subject_id = al.subject_id and b.story_id = al.story_id
) t on true
left join judged j using (alert_id);
comment on view alerts is 'One row an alert: one subject in one story, with every outlet that ran it and the last verdict.';
comment on column alerts.rank is '3: an execution date, a stay, an execution that is news. 2: another event. 1: a mention.';
comment on column alerts.passage is 'The sentence that raised it: text[start_offset:end_offset] of that version.';
comment on column alerts.outlets is 'Outlets that ran the story with this subject in it.';
comment on column alerts.articles is 'Articles of the story that still name the subject; 0 when a correction took the name out.';
comment on column alerts.verdict is 'The last verdict; null when nobody has looked.';
comment on column alerts.history is 'Whether it tells of the past: from a backfill, or long published when first seen, and nothing in it is still to come. Digests leave it out.';
