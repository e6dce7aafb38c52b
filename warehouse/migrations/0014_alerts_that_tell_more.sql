-- A story that goes on raises again only for what is new in it: an alert says which events it told of.
alter table alert add column event_types text[];
update alert set event_types = coalesce(told.types, [])
from (
    select al.alert_id, list(distinct e.type order by e.type) as types
    from alert al
    left join article a on a.story_id = al.story_id
    left join event e on e.version_id = a.version_id and e.subject_id = al.subject_id
        and not e.retold
    group by all
) as told
where told.alert_id = alert.alert_id;
comment on column alert.event_types is 'Types of the events of the story that this alert told of: only another type raises again.';
