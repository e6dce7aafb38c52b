-- No index behind the keys of the tables that grow.
-- A run adds a few hundred random ids to each, and every checkpoint then wrote the whole index anew:
-- 0.05 to 0.15 s a table at 200,000 rows, more with each year. Rows are written through
-- warehouse.rows, which looks before it inserts; a test holds that keys stay unique.

alter table feed_fetch rename to feed_fetch_keyed;
create table feed_fetch (
    feed_fetch_id    text not null,
    run_id           text not null,
    feed_id          text not null,
    fetched_at       timestamptz not null,
    outcome          text not null,
    status           integer,
    failure          text,
    message          text,
    entries          integer not null,
    entries_new      integer not null,
    milliseconds     integer not null,
    entries_edited   integer,
    entries_vanished integer,
    entries_returned integer
);
insert into feed_fetch by name from feed_fetch_keyed;
drop table feed_fetch_keyed;
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
comment on column feed_fetch.entries_edited is 'Entries whose title or update time changed; null for polls from before this column.';
comment on column feed_fetch.entries_vanished is 'Entries that the body before listed and this one does not; null as above.';
comment on column feed_fetch.entries_returned is 'Entries that had vanished and are listed again; null as above.';

alter table entry rename to entry_keyed;
create table entry (
    entry_id      text not null,
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
insert into entry by name from entry_keyed;
drop table entry_keyed;
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

alter table page rename to page_keyed;
create table page (
    page_id         text not null,
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
insert into page by name from page_keyed;
drop table page_keyed;
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

alter table article rename to article_keyed;
create table article (
    article_id         text not null,
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
insert into article by name from article_keyed;
drop table article_keyed;
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

alter table article_version rename to article_version_keyed;
create table article_version (
    version_id        text not null,
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
insert into article_version by name from article_version_keyed;
drop table article_version_keyed;
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

alter table mention rename to mention_keyed;
create table mention (
    mention_id       text not null,
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
insert into mention by name from mention_keyed;
drop table mention_keyed;
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

alter table event rename to event_keyed;
create table event (
    event_id         text not null,
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
insert into event by name from event_keyed;
drop table event_keyed;
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

alter table advocacy_act rename to advocacy_act_keyed;
create table advocacy_act (
    advocacy_id      text not null,
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
insert into advocacy_act by name from advocacy_act_keyed;
drop table advocacy_act_keyed;
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

alter table claim rename to claim_keyed;
create table claim (
    claim_id         text not null,
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
insert into claim by name from claim_keyed;
drop table claim_keyed;
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

alter table story rename to story_keyed;
create table story (
    story_id         text not null,
    first_article_id text not null,
    first_seen_at    timestamptz not null
);
insert into story by name from story_keyed;
drop table story_keyed;
comment on table story is 'One report, however many outlets ran it.';
comment on column story.story_id is 'Hash of the article that it began with.';
comment on column story.first_article_id is 'The article first seen.';
comment on column story.first_seen_at is 'When that one was first stored.';

alter table story_article rename to story_article_keyed;
create table story_article (
    article_id  text not null,
    story_id    text not null,
    relation    text not null,
    containment double not null
);
insert into story_article by name from story_article_keyed;
drop table story_article_keyed;
comment on table story_article is 'Which story an article belongs to, and why.';
comment on column story_article.article_id is 'The article.';
comment on column story_article.story_id is 'Its story.';
comment on column story_article.relation is 'first or copy.';
comment on column story_article.containment is 'Share of the smaller sketch that stands in the other: 1 for the first.';

alter table alert rename to alert_keyed;
create table alert (
    alert_id     text not null,
    subject_id   text not null,
    story_id     text not null,
    article_id   text not null,
    version_id   text not null,
    rank         integer not null,
    reason       text not null,
    start_offset integer not null,
    end_offset   integer not null,
    quote        text not null,
    raised_at    timestamptz not null,
    run_id       text not null
);
insert into alert by name from alert_keyed;
drop table alert_keyed;
comment on table alert is 'What we claim: one subject in one story. Raised once.';
comment on column alert.alert_id is 'Hash of subject and story.';
comment on column alert.subject_id is 'The subject.';
comment on column alert.story_id is 'The story.';
comment on column alert.article_id is 'The article that raised it.';
comment on column alert.version_id is 'The version that raised it.';
comment on column alert.rank is '3: an execution date, a stay, an execution that is news. 2: another event. 1: a mention.';
comment on column alert.reason is 'What happened and why it was raised, in words.';
comment on column alert.start_offset is 'The passage to show: code points into the version''s text.';
comment on column alert.end_offset is 'The passage to show: code points, exclusive.';
comment on column alert.quote is 'The passage to show: the words at that place.';
comment on column alert.raised_at is 'When it was raised.';
comment on column alert.run_id is 'The run that raised it.';

alter table verdict rename to verdict_keyed;
create table verdict (
    verdict_id text not null,
    alert_id   text not null,
    verdict    text not null,
    reviewer   text not null,
    note       text,
    judged_at  timestamptz not null
);
insert into verdict by name from verdict_keyed;
drop table verdict_keyed;
comment on table verdict is 'What people said of alerts: a log. The last row of an alert counts; unsure keeps it open.';
comment on column verdict.verdict_id is 'Hash of alert, reviewer, time and verdict.';
comment on column verdict.alert_id is 'The alert.';
comment on column verdict.verdict is 'relevant, wrong_person, passing_mention, duplicate, not_an_article, unsure.';
comment on column verdict.reviewer is 'Who judged.';
comment on column verdict.note is 'What they added.';
comment on column verdict.judged_at is 'When.';

alter table capture rename to capture_keyed;
create table capture (
    capture_id     text not null,
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
insert into capture by name from capture_keyed;
drop table capture_keyed;
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

alter table article_change rename to article_change_keyed;
create table article_change (
    change_id       text not null,
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
insert into article_change by name from article_change_keyed;
drop table article_change_keyed;
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

alter table reextraction rename to reextraction_keyed;
create table reextraction (
    version_id        text not null,
    article_id        text not null,
    extractor_version text not null,
    outcome           text not null,
    new_version_id    text,
    message           text,
    read_at           timestamptz not null
);
insert into reextraction by name from reextraction_keyed;
drop table reextraction_keyed;
comment on table reextraction is 'Versions that a later extractor read again from their WARC record: the last time for each.';
comment on column reextraction.version_id is 'The version whose record was read again.';
comment on column reextraction.article_id is 'Its article.';
comment on column reextraction.extractor_version is 'Version of the code that read it again.';
comment on column reextraction.outcome is 'same (the same words), changed (a new version), failed (the version stands).';
comment on column reextraction.new_version_id is 'The version that came of it; null unless changed.';
comment on column reextraction.message is 'Why it failed; null otherwise.';
comment on column reextraction.read_at is 'When it was read again.';

alter table entry_version rename to entry_version_keyed;
create table entry_version (
    entry_version_id text not null,
    entry_id         text not null,
    feed_id          text not null,
    title            text not null,
    updated_at       timestamptz,
    seen_at          timestamptz not null
);
insert into entry_version by name from entry_version_keyed;
drop table entry_version_keyed;
comment on table entry_version is 'Every title that an edited entry has had, the first included. An entry that was never edited has no row here.';
comment on column entry_version.entry_version_id is 'Hash of entry, title and the time it was first seen with it.';
comment on column entry_version.entry_id is 'The entry.';
comment on column entry_version.feed_id is 'Its feed.';
comment on column entry_version.title is 'The title.';
comment on column entry_version.updated_at is 'When the feed said that it was updated; null where it did not say.';
comment on column entry_version.seen_at is 'When it was first seen with this title; it stood until the next row''s time.';

alter table candidate_verdict rename to candidate_verdict_keyed;
create table candidate_verdict (
    verdict_id text not null,
    mention_id text not null,
    verdict    text not null,
    reviewer   text not null,
    note       text,
    judged_at  timestamptz not null
);
insert into candidate_verdict by name from candidate_verdict_keyed;
drop table candidate_verdict_keyed;
comment on table candidate_verdict is 'What people said of rejected candidates: a log. The last row of a candidate counts; unsure keeps it open.';
comment on column candidate_verdict.verdict_id is 'Hash of candidate, reviewer, time and verdict.';
comment on column candidate_verdict.mention_id is 'The candidate: a row of mention, rejected when it was judged.';
comment on column candidate_verdict.verdict is 'missed (it names the subject after all), rightly_rejected, unsure.';
comment on column candidate_verdict.reviewer is 'Who judged.';
comment on column candidate_verdict.note is 'What they added.';
comment on column candidate_verdict.judged_at is 'When.';
