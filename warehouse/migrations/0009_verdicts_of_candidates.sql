-- What people say of rejected candidates: without it nobody could tell how much the tagger misses.
create table candidate_verdict (
    verdict_id text primary key,
    mention_id text not null,
    verdict    text not null,
    reviewer   text not null,
    note       text,
    judged_at  timestamptz not null
);
comment on table candidate_verdict is 'What people said of rejected candidates: a log. The last row of a candidate counts; unsure keeps it open.';
comment on column candidate_verdict.verdict_id is 'Hash of candidate, reviewer, time and verdict.';
comment on column candidate_verdict.mention_id is 'The candidate: a row of mention, rejected when it was judged.';
comment on column candidate_verdict.verdict is 'missed (it names the subject after all), rightly_rejected, unsure.';
comment on column candidate_verdict.reviewer is 'Who judged.';
comment on column candidate_verdict.note is 'What they added.';
comment on column candidate_verdict.judged_at is 'When.';
