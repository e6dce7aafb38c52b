-- Who is to look at an alert: reviewers assign alerts to each other at the desk.
create table assignment (
    assignment_id text not null,
    alert_id      text not null,
    assignee      text not null,
    reviewer      text not null,
    assigned_at   timestamptz not null
);
comment on table assignment is 'Who is to look at an alert: a log. The last row of an alert counts.';
comment on column assignment.assignment_id is 'Hash of alert, assignee, who assigned it and when.';
comment on column assignment.alert_id is 'The alert.';
comment on column assignment.assignee is 'Who is to look at it; empty: nobody any more.';
comment on column assignment.reviewer is 'Who said so.';
comment on column assignment.assigned_at is 'When it was said.';
