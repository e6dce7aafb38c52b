-- The root record: articles and their versions. Everything else derives from a version's text.
create table article (
    article_id         text primary key,
    canonical_url      text not null,
    url                text not null,
    host               text not null,
    outlet             text not null,
    feed_id            text,
    page_kind          text not null,
    authors            text[] not null,
    published_at       timestamptz,
    published_source   text,
    published_has_zone boolean,
    published_day      date,
    updated_at         timestamptz,
    updated_source     text,
    language           text,
    language_source    text,
    first_seen_at      timestamptz not null,
    version_id         text not null,
    versions           integer not null,
    story_id           text
);
comment on table article is 'One article: the root record. Its words are in article_version.';
comment on column article.article_id is 'Hash of the canonical URL.';
comment on column article.canonical_url is 'Address that the page itself names, else where it was found; without tracking parameters.';
comment on column article.url is 'Where it was found.';
comment on column article.host is 'Host of the canonical URL.';
comment on column article.outlet is 'Outlet: the feed''s, else the site''s own name, else the host.';
comment on column article.feed_id is 'The feed that brought it.';
comment on column article.page_kind is 'article, live_blog, teaser (a paywall left the beginning), listing, video, challenge.';
comment on column article.authors is 'Authors.';
comment on column article.published_at is 'When it was published; null when nothing says so.';
comment on column article.published_source is 'Where that came from: json_ld, meta, time_element, url, htmldate, feed.';
comment on column article.published_has_zone is 'Whether the source gave a time zone; else the time was read as UTC.';
comment on column article.published_day is 'The day by the outlet''s own clock, which may not be the day in UTC.';
comment on column article.updated_at is 'When it says it was updated.';
comment on column article.updated_source is 'Where that came from.';
comment on column article.language is 'Language code of the text.';
comment on column article.language_source is 'Where that came from: page, feed, model.';
comment on column article.first_seen_at is 'When we first stored it.';
comment on column article.version_id is 'The version that stands now.';
comment on column article.versions is 'How many versions are stored.';
comment on column article.story_id is 'Its story; null until the run''s last step.';

create table article_version (
    version_id        text primary key,
    article_id        text not null,
    number            integer not null,
    title             text not null,
    text              text not null,
    body_start        integer not null,
    text_hash         text not null,
    fetched_at        timestamptz not null,
    warc_file         text not null,
    warc_offset       bigint not null,
    payload_digest    text not null,
    extractor_version text not null
);
comment on table article_version is 'The words of an article at one time. A new row only when title or text really changed.';
comment on column article_version.version_id is 'Hash of article and text.';
comment on column article_version.article_id is 'The article.';
comment on column article_version.number is '1 for the first.';
comment on column article_version.title is 'Title.';
comment on column article_version.text is 'Title, blank line, body: canonical, never changed. All offsets count its code points.';
comment on column article_version.body_start is 'Offset at which the body begins.';
comment on column article_version.text_hash is 'Hash of text.';
comment on column article_version.fetched_at is 'When the page was fetched.';
comment on column article_version.warc_file is 'WARC file with the raw page, below the data folder.';
comment on column article_version.warc_offset is 'Offset of its record there, in bytes.';
comment on column article_version.payload_digest is 'Digest of the payload, as in the record.';
comment on column article_version.extractor_version is 'Version of the code that read the page.';
