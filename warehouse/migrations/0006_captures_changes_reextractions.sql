-- The archive's index, what an outlet changed in an article, and which versions were read again.
create table capture (
    capture_id     text primary key,
    page_id        text not null,
    url            text not null,
    kind           text not null,
    status         integer,
    fetched_at     timestamptz not null,
    record_id      text,
    refers_to      text,
    warc_file      text not null,
    warc_offset    bigint not null,
    payload_digest text not null,
    payload_sha256 text
);
comment on table capture is 'The index of the archive: one row for each time a page answered, whole or as a revisit.';
comment on column capture.capture_id is 'Hash of WARC file and offset.';
comment on column capture.page_id is 'The page that was asked.';
comment on column capture.url is 'The address that answered, after redirects: WARC-Target-URI of the record.';
comment on column capture.kind is 'response (the body is in the record) or revisit (the body is that of an earlier capture).';
comment on column capture.status is 'HTTP status; null for captures from before this table.';
comment on column capture.fetched_at is 'When the answer came.';
comment on column capture.record_id is 'WARC-Record-ID; null for captures from before this table.';
comment on column capture.refers_to is 'Of a revisit: the capture that holds the body. Null for responses.';
comment on column capture.warc_file is 'WARC file, below the archive''s folder.';
comment on column capture.warc_offset is 'Offset of the record there, in bytes.';
comment on column capture.payload_digest is 'SHA-1 of the body in base32, as in the record''s WARC-Payload-Digest.';
comment on column capture.payload_sha256 is 'SHA-256 of the body in hexadecimal; null for captures from before this table.';

-- Pages that were archived before this table: their versions point at the records.
insert into capture
select distinct on (capture_id)
    left(sha256(v.warc_file || chr(31) || v.warc_offset), 16) as capture_id,
    left(sha256(a.url), 16), a.url, 'response', null, v.fetched_at, null, null,
    v.warc_file, v.warc_offset, v.payload_digest, null
from article_version v
join article a using (article_id)
order by capture_id, v.fetched_at;

create table article_change (
    change_id       text primary key,
    article_id      text not null,
    from_version_id text not null,
    version_id      text not null,
    kind            text not null,
    subject_id      text,
    before          text,
    after           text,
    same_code       boolean not null,
    seen_at         timestamptz not null
);
comment on table article_change is 'What an outlet changed between two versions of an article: news in itself. Ask the view article_changes.';
comment on column article_change.change_id is 'Hash of both versions, kind, subject and time.';
comment on column article_change.article_id is 'The article.';
comment on column article_change.from_version_id is 'The version that stood before.';
comment on column article_change.version_id is 'The version that took its place.';
comment on column article_change.kind is 'headline_changed, name_added, name_removed.';
comment on column article_change.subject_id is 'Whose name; null for headlines.';
comment on column article_change.before is 'The headline before, or the first words that named the subject; null for an added name.';
comment on column article_change.after is 'The headline now, or the first words that name the subject; null for a removed name.';
comment on column article_change.same_code is 'Whether the same extractor, tagger and registry made both sides; if not, the change may be ours.';
comment on column article_change.seen_at is 'When the changed page was fetched.';

create table reextraction (
    version_id        text primary key,
    article_id        text not null,
    extractor_version text not null,
    outcome           text not null,
    new_version_id    text,
    message           text,
    read_at           timestamptz not null
);
comment on table reextraction is 'Versions that a later extractor read again from their WARC record: the last time for each.';
comment on column reextraction.version_id is 'The version whose record was read again.';
comment on column reextraction.article_id is 'Its article.';
comment on column reextraction.extractor_version is 'Version of the code that read it again.';
comment on column reextraction.outcome is 'same (the same words), changed (a new version), failed (the version stands).';
comment on column reextraction.new_version_id is 'The version that came of it; null unless changed.';
comment on column reextraction.message is 'Why it failed; null otherwise.';
comment on column reextraction.read_at is 'When it was read again.';
