-- The desk's index, beside the published copy and made from it: may be deleted at any time.
create table if not exists alert (
    alert_id     text primary key,
    subject_id   text not null,
    display_name text not null,
    subject_kind text not null,
    rank         integer not null,
    reason       text not null,
    title        text not null,
    url          text not null,
    outlet       text not null,
    outlets      text not null,     -- JSON list
    articles     integer not null,
    language     text,
    day          text not null,     -- of publication, else when it was first seen
    sort_at      text not null,
    raised_at    text not null,
    published_at text,
    passage      text not null,
    start_offset integer not null,
    end_offset   integer not null,
    spans        text not null,     -- JSON list of [start, end] in the passage
    confidence   real,
    story_id     text not null,
    article_id   text not null,
    version_id   text not null,
    doc_id       integer,
    history      integer not null,
    verdict      text,
    reviewer     text,
    note         text,
    judged_at    text,
    assignee     text
) without rowid;
-- All that the filters ask, in the order of the queue: a page reads no passage but its own.
create index if not exists alert_queue on alert (
    rank desc, sort_at desc, alert_id, verdict, judged_at, history, subject_id, outlet, language,
    day, assignee, doc_id, display_name
);

-- Rejected candidates for audit: the sample, what was judged, and the likeliest of the rest.
create table if not exists candidate (
    mention_id   text primary key,
    subject_id   text not null,
    display_name text not null,
    confidence   real not null,
    in_sample    integer not null,
    doc_id       integer not null,
    facts        text not null,     -- JSON: place, kind, form, evidence, outlet, address, day
    verdict      text,
    reviewer     text,
    note         text,
    judged_at    text
) without rowid;
create index if not exists candidate_order on candidate (
    confidence desc, mention_id, in_sample, verdict, judged_at, subject_id, display_name
);

create table if not exists alert_outlet (
    outlet   text not null,
    alert_id text not null,
    primary key (outlet, alert_id)
) without rowid;

create table if not exists doc (
    doc_id     integer primary key, -- the version's place in the copy
    version_id text not null,
    article_id text not null,
    number     integer not null
);
create index if not exists doc_article on doc (article_id, number);

-- Without content: the texts stay in the copy. Rows are only ever added.
create virtual table if not exists words using fts5 (
    title, body, content = '', tokenize = "unicode61 remove_diacritics 2"
);
-- The same for the versions that raised alerts alone: a word that every article has is in a million
-- of those, and in some thousands of these.
create virtual table if not exists alert_words using fts5 (
    title, body, content = '', tokenize = "unicode61 remove_diacritics 2"
);
create table if not exists alert_doc (doc_id integer primary key);

-- Memory for what is not written yet: with the usual 1 MB the first index takes twice as long.
insert into words (words, rank) values ('hashsize', 67108864);

create table if not exists state (name text primary key, value text not null) without rowid;
