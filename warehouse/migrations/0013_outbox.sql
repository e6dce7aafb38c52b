-- What is to be sent: state is written before and after each try, so that kill -9 loses nothing.
create table outbox_message (
    message_id  text not null,
    channel     text not null,
    kind        text not null,
    state       text not null,
    alerts      integer not null,
    packed_at   timestamptz not null,
    attempts    integer not null,
    next_try_at timestamptz,
    sent_at     timestamptz,
    failure     text,
    content     text
);
comment on table outbox_message is 'One mail, chat message or webhook call, packed once: every try sends the same words under the same key.';
comment on column outbox_message.message_id is 'The idempotency key: hash of the channel and the alerts that it tells of.';
comment on column outbox_message.channel is 'stdout, or the name of an address without its secrets.';
comment on column outbox_message.kind is 'digest or at_once.';
comment on column outbox_message.state is 'waiting, sending (a try is under way, or was killed), sent, given_up (after two days; each digest tries it once more).';
comment on column outbox_message.alerts is 'How many alerts it tells of.';
comment on column outbox_message.packed_at is 'When it was put together.';
comment on column outbox_message.attempts is 'Tries so far.';
comment on column outbox_message.next_try_at is 'When it is tried next by itself; null when sent or given up.';
comment on column outbox_message.sent_at is 'When the channel took it.';
comment on column outbox_message.failure is 'Why the last try failed; null when it did not.';
comment on column outbox_message.content is 'What it says, as JSON; null once it is sent: the alerts stand in the table alert.';

create table outbox (
    outbox_id  text not null,
    alert_id   text not null,
    channel    text not null,
    message_id text not null,
    told       boolean not null
);
comment on table outbox is 'Which alert goes out by which channel in which message. One row an alert and channel, for ever.';
comment on column outbox.outbox_id is 'Hash of alert and channel.';
comment on column outbox.alert_id is 'The alert.';
comment on column outbox.channel is 'The channel.';
comment on column outbox.message_id is 'The message that it goes out with.';
comment on column outbox.told is 'False where the message only counts it: a mention of a subject that is set to events only.';

create table outbox_attempt (
    attempt_id text not null,
    message_id text not null,
    number     integer not null,
    begun_at   timestamptz not null,
    ended_at   timestamptz,
    outcome    text not null,
    failure    text
);
comment on table outbox_attempt is 'The log of tries: written before each, completed after it.';
comment on column outbox_attempt.attempt_id is 'Hash of message and number.';
comment on column outbox_attempt.message_id is 'The message.';
comment on column outbox_attempt.number is 'Which try it was, from 1.';
comment on column outbox_attempt.begun_at is 'When it began.';
comment on column outbox_attempt.ended_at is 'When it ended; null while it is under way.';
comment on column outbox_attempt.outcome is 'under_way, taken, refused, cut_short (the process ended in the middle: sent again with the same key).';
comment on column outbox_attempt.failure is 'Why, without any secret; null when it was taken.';

alter table subject add column notify text default 'daily';
update subject set notify = 'daily';
comment on column subject.notify is 'When its alerts are sent: at_once, daily, weekly, events_only. Urgent ones are sent at once.';
