-- What became of each alert on its way to people: a row an alert and channel.
create or replace view deliveries as
select
    o.alert_id, o.channel, m.message_id, m.kind, m.state, m.attempts, m.next_try_at, m.packed_at,
    m.sent_at, m.failure, o.told
from outbox o
join outbox_message m using (message_id);
comment on view deliveries is 'Which alert goes or went out by which channel, and how that fares. Order by packed_at.';
