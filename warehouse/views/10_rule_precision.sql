-- What verdicts say of the rules that raised the alerts. It informs people; nothing acts on it.
create or replace view rule_precision as
with last_verdict as (
    select alert_id, max_by(verdict, judged_at) as verdict from verdict group by alert_id
),
judged as (
    select al.alert_id, al.version_id, al.subject_id, a.outlet, verdict <> 'wrong_person' as is_right
    from last_verdict
    join alert al using (alert_id)
    join article a using (article_id)
    where verdict in ('relevant', 'passing_mention', 'duplicate', 'wrong_person')
),
behind as (
    select j.*, m.kind, m.form, m.evidence
    from judged j
    join mention m on m.version_id = j.version_id and m.subject_id = j.subject_id
    where m.tier <> 'rejected'
),
told as (
    select 'form' as per, subject_id, kind, form, null as rule, null as outlet, alert_id, is_right from behind
    union all
    select 'rule', null, null, null, unnest(evidence).term, null, alert_id, is_right from behind
    union all
    select 'outlet', null, null, null, null, outlet, alert_id, is_right from behind
    union all
    select 'form and outlet', subject_id, kind, form, null, outlet, alert_id, is_right from behind
),
counted as (
    select per, subject_id, kind, form, rule, outlet, count(distinct alert_id) as judged,
        count(distinct alert_id) filter (where is_right) as right_person
    from told
    group by all
),
shares as (
    select *, right_person / judged as share, 3.841458820694124 / judged as square from counted
)
select
    per, subject_id, kind, form, rule, outlet, judged, right_person, round(share, 3) as "precision",
    -- Wilson's interval at 95 %; the square of 1.96 stands above
    round(greatest(0, (share + square / 2 - sqrt(square * (share * (1 - share) + square / 4)))
        / (1 + square)), 3) as low,
    round(least(1, (share + square / 2 + sqrt(square * (share * (1 - share) + square / 4)))
        / (1 + square)), 3) as high
from shares;
comment on view rule_precision is 'Per form of a name, per rule (a weight''s id) and per outlet: how many judged alerts were about the right person. Choose one: where per = ''rule''.';
comment on column rule_precision.per is 'What the row is about: form, rule, outlet, form and outlet. Rows of different kinds count the same alerts.';
comment on column rule_precision.rule is 'Id in extractors/mentions/weights.yaml of a term of the evidence.';
comment on column rule_precision.judged is 'Alerts with a verdict about the person; unsure and not_an_article say nothing of that.';
comment on column rule_precision.right_person is 'Those judged relevant, passing_mention or duplicate.';
comment on column rule_precision.low is 'Lower end of the Wilson interval at 95 %.';
comment on column rule_precision.high is 'Upper end of the Wilson interval at 95 %.';
