-- The article with the words that stand now.
create or replace view articles as
select
    a.article_id, a.canonical_url, a.url, a.outlet, a.host, v.title, v.text, v.body_start, a.page_kind,
    a.authors, a.published_at, a.published_source, a.updated_at, a.language, a.first_seen_at,
    a.versions, a.story_id, a.version_id, v.fetched_at, v.warc_file, v.warc_offset, v.payload_digest
from article a
join article_version v using (version_id);
comment on view articles is 'Every article with its current title and text. Start here.';
comment on column articles.text is 'Title, blank line, body. Offsets of mentions count its code points.';
comment on column articles.published_at is 'When it was published; null when nothing says so.';
comment on column articles.versions is 'How many versions are stored; more than 1 means it was edited.';
comment on column articles.story_id is 'Articles with the same story_id are copies of one report.';
