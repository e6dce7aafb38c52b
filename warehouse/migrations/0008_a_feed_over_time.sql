-- A feed over time: when it was last read whole, its own rhythm, what moved, vanished or was edited.
alter table feed add column last_full_at timestamptz;
comment on column feed.last_full_at is 'When it last came whole (not 304): a server that says 304 for ever is asked for all once a week.';
alter table feed add column gap_minutes integer;
comment on column feed.gap_minutes is 'Its own rhythm: median minutes between two entries of the last body; null with fewer than 4 dates.';
alter table feed add column moved_at timestamptz;
comment on column feed.moved_at is 'When a permanent redirect was first seen; null when there is none.';
alter table feed add column gone_at timestamptz;
comment on column feed.gone_at is 'When it first answered 410, gone for good; null once it answers again.';
alter table feed add column listed text[];
comment on column feed.listed is 'Ids of the entries in the last body: what vanishes and what returns is told by it.';

alter table feed_fetch add column entries_edited integer;
comment on column feed_fetch.entries_edited is 'Entries whose title or update time changed; null for polls from before this column.';
alter table feed_fetch add column entries_vanished integer;
comment on column feed_fetch.entries_vanished is 'Entries that the body before listed and this one does not; null as above.';
alter table feed_fetch add column entries_returned integer;
comment on column feed_fetch.entries_returned is 'Entries that had vanished and are listed again; null as above.';

create table entry_version (
    entry_version_id text primary key,
    entry_id         text not null,
    feed_id          text not null,
    title            text not null,
    updated_at       timestamptz,
    seen_at          timestamptz not null
);
comment on table entry_version is 'Every title that an edited entry has had, the first included. An entry that was never edited has no row here.';
comment on column entry_version.entry_version_id is 'Hash of entry, title and the time it was first seen with it.';
comment on column entry_version.entry_id is 'The entry.';
comment on column entry_version.feed_id is 'Its feed.';
comment on column entry_version.title is 'The title.';
comment on column entry_version.updated_at is 'When the feed said that it was updated; null where it did not say.';
comment on column entry_version.seen_at is 'When it was first seen with this title; it stood until the next row''s time.';
