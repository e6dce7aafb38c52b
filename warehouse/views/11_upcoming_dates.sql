-- Execution dates and hearings that lie ahead, with the sentence that says so.
create or replace view upcoming_dates as
select subject_id, display_name, event_date, type, modality, outlets, passage, url, first_published_at
from case_timeline
where event_date >= current_date and type in ('execution_date_set', 'hearing_set', 'stay');
comment on view upcoming_dates is 'Days ahead that articles speak of: executions, hearings. Order by event_date.';
