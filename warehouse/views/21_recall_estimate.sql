-- How much the tagger misses, by the audit of a sample of what it rejected.
create or replace view recall_estimate as
with wrong as (
    -- from the tables, not from the view alerts: that gathers the outlets of every story
    select al.subject_id, al.story_id
    from alert al join verdict v using (alert_id)
    group by al.alert_id, al.subject_id, al.story_id
    having max_by(v.verdict, v.judged_at) = 'wrong_person'
),
found as (
    select m.subject_id, count(*) as found
    from mention m
    join article a on a.version_id = m.version_id
    anti join wrong w on w.subject_id = m.subject_id and w.story_id = a.story_id
    where m.tier <> 'rejected'
    group by all
),
rejected as (
    select subject_id, count(*) as rejected, count(*) filter (where in_sample) as sampled,
        count(*) filter (where in_sample and verdict in ('missed', 'rightly_rejected')) as audited,
        count(*) filter (where in_sample and verdict = 'missed') as missed
    from rejected_candidates
    group by all
),
one as (
    select s.subject_id, s.display_name, coalesce(f.found, 0) as found, coalesce(r.rejected, 0) as rejected,
        coalesce(r.sampled, 0) as sampled, coalesce(r.audited, 0) as audited, coalesce(r.missed, 0) as missed
    from subject s
    left join found f using (subject_id)
    left join rejected r using (subject_id)
    where s.active
),
counted as (
    from one
    union all
    select null, 'all subjects', sum(found), sum(rejected), sum(sampled), sum(audited), sum(missed) from one
    having count(*) > 0
),
shares as (
    select *, missed / nullif(audited, 0) as share, 3.841458820694124 / nullif(audited, 0) as square
    from counted
),
bounds as (
    select *,
        -- Wilson's interval at 95 % of the share missed; 0 to 1 where nothing was audited
        coalesce(greatest(0, (share + square / 2 - sqrt(square * (share * (1 - share) + square / 4)))
            / (1 + square)), 0) as few,
        coalesce(least(1, (share + square / 2 + sqrt(square * (share * (1 - share) + square / 4)))
            / (1 + square)), 1) as many
    from shares
)
select
    subject_id, display_name, found::bigint as found, rejected::bigint as rejected,
    sampled::bigint as sampled, audited::bigint as audited, missed::bigint as missed,
    round(found / nullif(found + rejected * share, 0), 3) as recall,
    round(found / nullif(found + rejected * many, 0), 3) as low,
    round(found / nullif(found + rejected * few, 0), 3) as high
from bounds;
comment on view recall_estimate is 'Per subject, and for all in one row without subject_id: the share of mentions that is found, estimated from the audit of rejected candidates. A name that was not even a candidate is not in it.';
comment on column recall_estimate.found is 'Mentions in current articles, without those of stories judged wrong_person.';
comment on column recall_estimate.rejected is 'Candidates rejected in current articles.';
comment on column recall_estimate.sampled is 'Those offered for audit: about 5 %.';
comment on column recall_estimate.audited is 'Those of the sample that somebody judged, and was sure.';
comment on column recall_estimate.missed is 'Those of them that do name the subject.';
comment on column recall_estimate.recall is 'found / (found + rejected * missed / audited); null where nothing was audited.';
comment on column recall_estimate.low is 'The same at the upper end of the 95 % Wilson interval of missed / audited.';
comment on column recall_estimate.high is 'The same at its lower end.';
