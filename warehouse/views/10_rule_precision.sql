-- What verdicts say of the rules that raised the alerts.
create or replace view rule_precision as
with judged as (
    select alert_id, version_id, subject_id, outlet, verdict from alerts
    where verdict is not null and verdict <> 'unsure'
)
select
    m.subject_id, m.kind, m.form, j.outlet, count(distinct j.alert_id) as judged,
    count(distinct j.alert_id) filter (where j.verdict <> 'wrong_person') as right_person,
    round(count(distinct j.alert_id) filter (where j.verdict <> 'wrong_person')
        / count(distinct j.alert_id), 3) as "precision"
from judged j
join mention m on m.version_id = j.version_id and m.subject_id = j.subject_id and m.tier <> 'rejected'
group by all;
comment on view rule_precision is 'Per form of a name, kind and outlet: how many judged alerts were about the right person.';
