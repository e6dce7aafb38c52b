-- What a person has still to settle. Whoever reads it says the order: a view has none.
create or replace view open_alerts as
select * from alerts where coalesce(verdict, 'unsure') = 'unsure';
comment on view open_alerts is 'Alerts without a verdict, or with "unsure". Order by rank desc, raised_at.';
