-- What outlets changed after the fact: an edit can be news, above all one that names somebody.
create or replace view article_changes as
select
    c.seen_at, c.kind, c.subject_id, s.display_name, a.outlet, v.title, c.before, c.after,
    a.canonical_url, a.published_at, c.same_code, b.number as from_number, v.number as to_number,
    c.article_id, c.from_version_id, c.version_id, c.change_id
from article_change c
join article a using (article_id)
join article_version v on v.version_id = c.version_id
join article_version b on b.version_id = c.from_version_id
left join subject s on s.subject_id = c.subject_id;
comment on view article_changes is 'Headlines that outlets changed and names they put in or took out, one row a change. Words: `casewatch versions ARTICLE`.';
comment on column article_changes.from_number is 'Number of the version that stood before.';
comment on column article_changes.to_number is 'Number of the version that took its place.';
