-- Raw pages that a rule of retention discarded, and WARC files that were written anew without them.
alter table capture add column discarded_at timestamptz;
comment on column capture.discarded_at is 'When the record was discarded by a rule of retention (casewatch retain); null while it is in the archive. Digests, times and ids stay.';
alter table capture add column discarded_by text;
comment on column capture.discarded_by is 'The rule, in words; null while the record is in the archive.';
comment on column capture.capture_id is 'Hash of WARC file and offset where the record was first written.';
comment on column capture.warc_file is 'WARC file, below the archive''s folder; of a discarded record the file in which it lay.';
comment on column article_version.warc_file is 'WARC file, below the archive''s folder; of a discarded page (capture.discarded_at) the file in which it lay.';

create table archive_rewrite (
    warc_file    text not null,
    new_file     text,
    rule         text not null,
    rewritten_at timestamptz not null,
    discarded    integer not null,
    kept         integer not null,
    bytes_before bigint not null,
    bytes_after  bigint not null
);
comment on table archive_rewrite is 'WARC files that casewatch retain wrote anew without the pages that a rule discarded. Kept records were copied byte for byte.';
comment on column archive_rewrite.warc_file is 'The file as it was; it is deleted.';
comment on column archive_rewrite.new_file is 'The file that took its place; null where no page was left in it.';
comment on column archive_rewrite.rule is 'The rule, in words.';
comment on column archive_rewrite.rewritten_at is 'When.';
comment on column archive_rewrite.discarded is 'Pages discarded.';
comment on column archive_rewrite.kept is 'Pages and revisits kept.';
comment on column archive_rewrite.bytes_before is 'Size of the old file.';
comment on column archive_rewrite.bytes_after is 'Size of the new file.';
