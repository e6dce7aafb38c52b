-- Who tagged a version last: one that names nobody leaves no rows that would tell.
create table tagging (
    version_id       text not null,
    tagger_version   text not null,
    registry_version text not null,
    result           text
);
comment on table tagging is 'Which tagger read a version last, with which registry. A version without a row was tagged before this table: `casewatch retag --all` reads it again.';
comment on column tagging.version_id is 'The version.';
comment on column tagging.tagger_version is 'The tagger that read it last. Rows of mention and its like keep the version that wrote them: what comes out the same is not written again.';
comment on column tagging.registry_version is 'Hash of the registry that it had then.';
comment on column tagging.result is 'Hash of all that it said: mentions, events, advocacy, claims; null where it said nothing.';

create table subject_search (
    subject_id  text not null,
    definition  text not null,
    searched_at timestamptz
);
comment on table subject_search is 'Subjects and whether all that is stored has been searched for them, as the registry describes them now.';
comment on column subject_search.subject_id is 'The subject.';
comment on column subject_search.definition is 'Hash of what the tagger knows of it: names, words of the case, namesakes, links.';
comment on column subject_search.searched_at is 'When all stored versions had been searched for it as it was then; null while that is still to do.';
