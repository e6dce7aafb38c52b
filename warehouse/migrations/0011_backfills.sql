-- What was read in bulk from the past: where each source stands, and which alerts are history.
create table backfill (
    source_id  text not null,
    source     text not null,
    kind       text not null,
    position   text not null,
    pages      integer not null,
    articles   integer not null,
    failed     integer not null,
    done       boolean not null,
    begun_at   timestamptz not null,
    changed_at timestamptz not null
);
comment on table backfill is 'Sources of `casewatch backfill` and how far each has been read.';
comment on column backfill.source_id is 'Hash of kind and source.';
comment on column backfill.source is 'The file or folder, as an absolute path.';
comment on column backfill.kind is 'warc or folder.';
comment on column backfill.position is 'Where to go on: a byte offset in a WARC file, the last file of a folder.';
comment on column backfill.pages is 'Pages read so far.';
comment on column backfill.articles is 'New articles that they gave.';
comment on column backfill.failed is 'Pages that gave no article.';
comment on column backfill.done is 'Whether it has been read to its end.';
comment on column backfill.begun_at is 'When it was first read.';
comment on column backfill.changed_at is 'When this row was last written.';

alter table alert add column history boolean default false;
update alert set history = false;
comment on column alert.history is 'Whether it tells of the past: read in a backfill, or long published when first seen, and nothing in it is still to come. Not sent in digests.';
