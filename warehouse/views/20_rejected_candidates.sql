-- Places that look like a name and were rejected: 5 % of them are offered to people for audit.
create or replace view rejected_candidates as
with judged as (
    select mention_id, max_by(verdict, judged_at) as verdict, max_by(reviewer, judged_at) as reviewer,
        arg_max_null(note, judged_at) as note, max(judged_at) as judged_at
    from candidate_verdict
    group by mention_id
)
select
    m.mention_id, m.subject_id, s.display_name, m.article_id, a.canonical_url, a.outlet, a.published_at,
    m.quote, m.start_offset, m.end_offset, m.kind, m.form, m.confidence, m.evidence, m.version_id,
    -- the id is a hash, so its first digits are a fair and lasting lot: 3,277 of 65,536
    left(m.mention_id, 4) < '0ccd' as in_sample,
    j.verdict, j.reviewer, j.note, j.judged_at
from mention m
join article a on a.version_id = m.version_id
join subject s on s.subject_id = m.subject_id
left join judged j on j.mention_id = m.mention_id
where m.tier = 'rejected';
comment on view rejected_candidates is 'Places in current articles that look like a subject''s name and were rejected, with the evidence against them.';
comment on column rejected_candidates.in_sample is 'Whether it is one of the 5 % offered for audit, by its id: chosen once and for good.';
comment on column rejected_candidates.verdict is 'missed, rightly_rejected, unsure; null when nobody has looked.';
