-- Intake: what feeds promised, and what became of each page. Failures are rows, never silence.
create table feed (
    feed_id              text primary key,
    url                  text not null,
    outlet               text not null,
    kind                 text not null,
    language             text,
    country              text,
    active               boolean not null,
    title                text,
    etag                 text,
    last_modified        text,
    body_hash            text,
    last_polled_at       timestamptz,
    last_ok_at           timestamptz,
    last_new_at          timestamptz,
    next_poll_at         timestamptz,
    failure              text,
    failure_message      text,
    failures_in_a_row    integer not null,
    moved_to             text
);
comment on table feed is 'A feed of seeds/feeds.yaml with the state of its polling. One row a feed.';
comment on column feed.feed_id is 'Id in feeds.yaml.';
comment on column feed.url is 'Address that is polled.';
comment on column feed.outlet is 'Who publishes it.';
comment on column feed.kind is 'feed (RSS, RDF, Atom, JSON) or sitemap.';
comment on column feed.language is 'Language code, if feeds.yaml says one.';
comment on column feed.country is 'Country code, if feeds.yaml says one.';
comment on column feed.active is 'False once it is gone from feeds.yaml.';
comment on column feed.title is 'The feed''s own title.';
comment on column feed.etag is 'Validator of the last full answer, for the next conditional GET.';
comment on column feed.last_modified is 'Validator of the last full answer, for the next conditional GET.';
comment on column feed.body_hash is 'Hash of the last body: an equal one is not parsed again.';
comment on column feed.last_polled_at is 'When it was last asked.';
comment on column feed.last_ok_at is 'When it last answered as a feed, unchanged answers included.';
comment on column feed.last_new_at is 'When it last brought an entry never seen before.';
comment on column feed.next_poll_at is 'Not asked before this time: Retry-After, cache headers, or back-off after failures.';
comment on column feed.failure is 'Class of the last failure (dns, timeout, http_404, gone, parse, ...); null when the last poll was fine.';
comment on column feed.failure_message is 'What the last failure said.';
comment on column feed.failures_in_a_row is 'How many polls failed since the last good one.';
comment on column feed.moved_to is 'Where a permanent redirect points: a proposal for feeds.yaml.';

create table feed_fetch (
    feed_fetch_id text primary key,
    run_id        text not null,
    feed_id       text not null,
    fetched_at    timestamptz not null,
    outcome       text not null,
    status        integer,
    failure       text,
    message       text,
    entries       integer not null,
    entries_new   integer not null,
    milliseconds  integer not null
);
comment on table feed_fetch is 'The log of polls: one row a feed and run.';
comment on column feed_fetch.feed_fetch_id is 'Hash of run and feed.';
comment on column feed_fetch.run_id is 'The run that polled.';
comment on column feed_fetch.feed_id is 'The feed.';
comment on column feed_fetch.fetched_at is 'When the answer came.';
comment on column feed_fetch.outcome is 'new (a body), unchanged (304 or the same body), failed.';
comment on column feed_fetch.status is 'HTTP status; null when there was no answer.';
comment on column feed_fetch.failure is 'Failure class; null when fine.';
comment on column feed_fetch.message is 'What the failure said, or what was odd about the feed.';
comment on column feed_fetch.entries is 'Entries in the body.';
comment on column feed_fetch.entries_new is 'Entries never seen before.';
comment on column feed_fetch.milliseconds is 'From request to the last byte.';

create table entry (
    entry_id      text primary key,
    feed_id       text not null,
    guid          text,
    url           text,
    page_id       text,
    title         text not null,
    summary       text not null,
    authors       text[] not null,
    language      text,
    published_at  timestamptz,
    updated_at    timestamptz,
    first_seen_at timestamptz not null,
    changed_at    timestamptz not null
);
comment on table entry is 'What a feed promised: one row an entry and feed, whatever later happened to its title.';
comment on column entry.entry_id is 'Hash of the feed and what names the entry there (extractors/feeds/keys.py).';
comment on column entry.feed_id is 'The feed.';
comment on column entry.guid is 'The entry''s own id, if it has one.';
comment on column entry.url is 'Absolute link; null where the entry has none.';
comment on column entry.page_id is 'The page behind the link; null where there is no link.';
comment on column entry.title is 'Title as the feed last gave it.';
comment on column entry.summary is 'Summary as plain text, cut at 2,000 characters.';
comment on column entry.authors is 'Authors as the feed gave them.';
comment on column entry.language is 'Language as the feed gave it.';
comment on column entry.published_at is 'When the feed says it was published; null where it does not say or cannot be right.';
comment on column entry.updated_at is 'When the feed says it was updated.';
comment on column entry.first_seen_at is 'When we first saw it.';
comment on column entry.changed_at is 'When its title or update time last changed.';

create table page (
    page_id         text primary key,
    url             text not null,
    host            text not null,
    feed_id         text,
    entry_id        text,
    state           text not null,
    attempts        integer not null,
    first_seen_at   timestamptz not null,
    next_fetch_at   timestamptz,
    last_fetched_at timestamptz,
    status          integer,
    failure         text,
    failure_message text,
    etag            text,
    last_modified   text,
    payload_digest  text,
    article_id      text
);
comment on table page is 'An address that entries promised, and what became of it. One row an address.';
comment on column page.page_id is 'Hash of the canonical URL as the feed gave it.';
comment on column page.url is 'That URL.';
comment on column page.host is 'Its host.';
comment on column page.feed_id is 'The feed that first promised it.';
comment on column page.entry_id is 'The entry that first promised it.';
comment on column page.state is 'due, done, failed (given up after tries, named in health), refused (robots.txt).';
comment on column page.attempts is 'Failed tries since the last good answer.';
comment on column page.first_seen_at is 'When it was first promised.';
comment on column page.next_fetch_at is 'When it is asked (again); null when not planned.';
comment on column page.last_fetched_at is 'When it was last asked.';
comment on column page.status is 'HTTP status of the last answer; null when there was none.';
comment on column page.failure is 'Class of the last failure; null when fine.';
comment on column page.failure_message is 'What it said.';
comment on column page.etag is 'Validator for the next conditional GET.';
comment on column page.last_modified is 'Validator for the next conditional GET.';
comment on column page.payload_digest is 'Digest of the last body: an equal one is not extracted again.';
comment on column page.article_id is 'The article it gave; several pages may give one.';
