-- What is watched, and what each run did: the two things every later row points at.
create table subject (
    subject_id       text primary key,
    kind             text not null,
    display_name     text not null,
    policy           text not null,
    jurisdiction     text,
    status           text,
    status_as_of     text,
    status_source    text,
    advocates        text[] not null,
    active           boolean not null,
    registry_version text not null
);
comment on table subject is 'A tracked case or advocate, as the registry (seeds/) last said. One row a subject.';
comment on column subject.subject_id is 'Slug: the name of its file under seeds/, never reused.';
comment on column subject.kind is 'case or advocate.';
comment on column subject.display_name is 'The name to show.';
comment on column subject.policy is 'name_sufficient or context_required: what the main form of the name needs before it counts.';
comment on column subject.jurisdiction is 'Region (ISO 3166-2) or country of the case; null for advocates.';
comment on column subject.status is 'The last status that a source gave; null for advocates.';
comment on column subject.status_as_of is 'The day, month or year of that source, as exact as it was.';
comment on column subject.status_source is 'Address of that source.';
comment on column subject.advocates is 'Ids of the advocates that the registry links to the case.';
comment on column subject.active is 'False once the file is gone from seeds/: its rows stay, it is tagged no more.';
comment on column subject.registry_version is 'Hash of the registry that wrote the row.';

create table run (
    run_id            text primary key,
    kind              text not null,
    state             text not null,
    started_at        timestamptz not null,
    finished_at       timestamptz,
    process           text not null,
    registry_version  text not null,
    feeds_polled      integer,
    feeds_failed      integer,
    feeds_not_due     integer,
    entries_new       integer,
    pages_fetched     integer,
    pages_failed      integer,
    articles_new      integer,
    versions_new      integer,
    mentions_new      integer,
    alerts_new        integer,
    message           text
);
comment on table run is 'One run of a job, from our side: Prefect''s history may lose rows, this one does not.';
comment on column run.run_id is 'Random; the one id that is not derived from content.';
comment on column run.kind is 'monitor or demo.';
comment on column run.state is 'running, done, failed, or died: found running by a later run although its process was gone.';
comment on column run.started_at is 'When it began.';
comment on column run.finished_at is 'When it ended; null while it runs, and for a run that died.';
comment on column run.process is 'host:pid:start, by which a later run knows that it died.';
comment on column run.registry_version is 'Hash of the registry it ran with.';
comment on column run.feeds_polled is 'Feeds asked, failures included.';
comment on column run.feeds_failed is 'Feeds that failed.';
comment on column run.feeds_not_due is 'Feeds left alone because their next poll lies ahead.';
comment on column run.entries_new is 'Entries never seen before.';
comment on column run.pages_fetched is 'Pages asked, failures included.';
comment on column run.pages_failed is 'Pages that failed or gave no article.';
comment on column run.articles_new is 'Articles stored for the first time.';
comment on column run.versions_new is 'Versions stored of articles already known.';
comment on column run.mentions_new is 'Mentions stored, rejected candidates not counted.';
comment on column run.alerts_new is 'Alerts raised.';
comment on column run.message is 'What went wrong as a whole, such as our own outage.';
