-- From claims to people: one story is one alert, and what people said of it is a log.
create table sketch (
    day        date not null,
    article_id text not null,
    shingle    ubigint not null
);
comment on table sketch is 'Hashed 5-word shingles of each article''s body, one in eight kept, to find copies by containment.';
comment on column sketch.day is 'Day of publication, else of first sight: copies are looked for within 14 days.';
comment on column sketch.article_id is 'The article.';
comment on column sketch.shingle is 'blake2b of five lower-case words, 8 bytes, divisible by 8.';

create table story (
    story_id         text primary key,
    first_article_id text not null,
    first_seen_at    timestamptz not null
);
comment on table story is 'One report, however many outlets ran it.';
comment on column story.story_id is 'Hash of the article that it began with.';
comment on column story.first_article_id is 'The article first seen.';
comment on column story.first_seen_at is 'When that one was first stored.';

create table story_article (
    article_id  text primary key,
    story_id    text not null,
    relation    text not null,
    containment double not null
);
comment on table story_article is 'Which story an article belongs to, and why.';
comment on column story_article.article_id is 'The article.';
comment on column story_article.story_id is 'Its story.';
comment on column story_article.relation is 'first or copy.';
comment on column story_article.containment is 'Share of the smaller sketch that stands in the other: 1 for the first.';

create table alert (
    alert_id     text primary key,
    subject_id   text not null,
    story_id     text not null,
    article_id   text not null,
    version_id   text not null,
    rank         integer not null,
    reason       text not null,
    start_offset integer not null,
    end_offset   integer not null,
    quote        text not null,
    raised_at    timestamptz not null,
    run_id       text not null
);
comment on table alert is 'What we claim: one subject in one story. Raised once.';
comment on column alert.alert_id is 'Hash of subject and story.';
comment on column alert.subject_id is 'The subject.';
comment on column alert.story_id is 'The story.';
comment on column alert.article_id is 'The article that raised it.';
comment on column alert.version_id is 'The version that raised it.';
comment on column alert.rank is '3: an execution date, a stay, an execution that is news. 2: another event. 1: a mention.';
comment on column alert.reason is 'What happened and why it was raised, in words.';
comment on column alert.start_offset is 'The passage to show: code points into the version''s text.';
comment on column alert.end_offset is 'The passage to show: code points, exclusive.';
comment on column alert.quote is 'The passage to show: the words at that place.';
comment on column alert.raised_at is 'When it was raised.';
comment on column alert.run_id is 'The run that raised it.';

create table verdict (
    verdict_id text primary key,
    alert_id   text not null,
    verdict    text not null,
    reviewer   text not null,
    note       text,
    judged_at  timestamptz not null
);
comment on table verdict is 'What people said of alerts: a log. The last row of an alert counts; unsure keeps it open.';
comment on column verdict.verdict_id is 'Hash of alert, reviewer, time and verdict.';
comment on column verdict.alert_id is 'The alert.';
comment on column verdict.verdict is 'relevant, wrong_person, passing_mention, duplicate, not_an_article, unsure.';
comment on column verdict.reviewer is 'Who judged.';
comment on column verdict.note is 'What they added.';
comment on column verdict.judged_at is 'When.';

create table delivery (
    delivery_id text primary key,
    alert_id    text not null,
    channel     text not null,
    digest_id   text not null,
    sent_at     timestamptz not null
);
comment on table delivery is 'Which alert went out by which channel: a row means sent, so nothing is sent twice.';
comment on column delivery.delivery_id is 'Hash of alert and channel.';
comment on column delivery.alert_id is 'The alert.';
comment on column delivery.channel is 'stdout, or the name of an Apprise URL without its secrets.';
comment on column delivery.digest_id is 'The digest it went out with.';
comment on column delivery.sent_at is 'When.';
