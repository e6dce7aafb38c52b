-- What we claim of an article: mentions with their evidence, events, who speaks for whom.
create table mention (
    mention_id       text primary key,
    version_id       text not null,
    article_id       text not null,
    subject_id       text not null,
    start_offset     integer not null,
    end_offset       integer not null,
    quote            text not null,
    kind             text not null,
    form             text not null,
    confidence       double not null,
    tier             text not null,
    evidence         struct(term text, weight double, "text" text, "start" integer, "end" integer)[] not null,
    tagger_version   text not null,
    registry_version text not null
);
comment on table mention is 'A place where a version names a subject, or seems to: rejected candidates are kept with their reason.';
comment on column mention.mention_id is 'Hash of version, subject and offsets.';
comment on column mention.version_id is 'The version.';
comment on column mention.article_id is 'Its article.';
comment on column mention.subject_id is 'The subject.';
comment on column mention.start_offset is 'Code points into the version''s text: text[start:end] is the quote.';
comment on column mention.end_offset is 'Code points into the version''s text, exclusive.';
comment on column mention.quote is 'The words at that place.';
comment on column mention.kind is 'full, inverted, alias, short, solo, org, acronym, docket, hashtag, case_caption.';
comment on column mention.form is 'The form of the name that matched.';
comment on column mention.confidence is '0 to 1: 1 / (1 + exp(-sum of the evidence''s weights)).';
comment on column mention.tier is 'confirmed (0.9 and more), likely (0.5 and more), rejected.';
comment on column mention.evidence is 'Each term of the score: id in weights.yaml, weight in log-odds, the words, their offsets.';
comment on column mention.tagger_version is 'Version of the tagger.';
comment on column mention.registry_version is 'Hash of the registry.';

create table event (
    event_id         text primary key,
    version_id       text not null,
    article_id       text not null,
    subject_id       text not null,
    type             text not null,
    modality         text not null,
    event_date       date,
    retold           boolean not null,
    start_offset     integer not null,
    end_offset       integer not null,
    quote            text not null,
    tagger_version   text not null,
    registry_version text not null
);
comment on table event is 'Something that a version says happened, or may happen, in a case.';
comment on column event.event_id is 'Hash of version, subject, type and start.';
comment on column event.version_id is 'The version.';
comment on column event.article_id is 'Its article.';
comment on column event.subject_id is 'The case.';
comment on column event.type is 'execution_date_set, stay, executed, clemency_granted, dna_testing_ordered, ...';
comment on column event.modality is 'asked, recommended, ordered, happened, denied.';
comment on column event.event_date is 'The day it speaks of, resolved against the publication day; null when it names none.';
comment on column event.retold is 'Whether the article tells of the past, such as "a year after a court stopped his execution".';
comment on column event.start_offset is 'Code points into the version''s text.';
comment on column event.end_offset is 'Code points into the version''s text, exclusive.';
comment on column event.quote is 'The words at that place.';
comment on column event.tagger_version is 'Version of the tagger.';
comment on column event.registry_version is 'Hash of the registry.';

create table advocacy_act (
    advocacy_id      text primary key,
    version_id       text not null,
    article_id       text not null,
    advocate_id      text not null,
    case_id          text not null,
    act              text not null,
    start_offset     integer not null,
    end_offset       integer not null,
    quote            text not null,
    tagger_version   text not null,
    registry_version text not null
);
comment on table advocacy_act is 'An advocate speaks or acts for a case, and the sentence that says so. Ask the view advocacy.';
comment on column advocacy_act.advocacy_id is 'Hash of version, advocate, case and start.';
comment on column advocacy_act.version_id is 'The version.';
comment on column advocacy_act.article_id is 'Its article.';
comment on column advocacy_act.advocate_id is 'Who speaks.';
comment on column advocacy_act.case_id is 'For whom.';
comment on column advocacy_act.act is 'What was done: said, met, petitioned, funded, wrote, represented.';
comment on column advocacy_act.start_offset is 'Code points into the version''s text.';
comment on column advocacy_act.end_offset is 'Code points into the version''s text, exclusive.';
comment on column advocacy_act.quote is 'The sentence.';
comment on column advocacy_act.tagger_version is 'Version of the tagger.';
comment on column advocacy_act.registry_version is 'Hash of the registry.';

create table claim (
    claim_id         text primary key,
    version_id       text not null,
    article_id       text not null,
    subject_id       text not null,
    alerts           boolean not null,
    confidence       double not null,
    rank             integer not null,
    reason           text not null,
    start_offset     integer not null,
    end_offset       integer not null,
    quote            text not null,
    tagger_version   text not null,
    registry_version text not null
);
comment on table claim is 'What one version says of one subject, in sum: the step from mentions to alerts.';
comment on column claim.claim_id is 'Hash of version and subject.';
comment on column claim.version_id is 'The version.';
comment on column claim.article_id is 'Its article.';
comment on column claim.subject_id is 'The subject.';
comment on column claim.alerts is 'Whether it is worth an alert: a celebrity in an article without justice is not.';
comment on column claim.confidence is 'The best confidence among its mentions.';
comment on column claim.rank is '3: an execution date, a stay, an execution that is news. 2: another event. 1: a mention.';
comment on column claim.reason is 'What happened and why it is believed, in words.';
comment on column claim.start_offset is 'The passage to show: code points into the version''s text.';
comment on column claim.end_offset is 'The passage to show: code points, exclusive.';
comment on column claim.quote is 'The passage to show: the words at that place.';
comment on column claim.tagger_version is 'Version of the tagger.';
comment on column claim.registry_version is 'Hash of the registry.';
