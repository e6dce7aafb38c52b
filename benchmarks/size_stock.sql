-- The rows of a warehouse with $n stored articles, made up: the same each time, for hash() stands in
-- for a seeded generator. The days run from three years ago to now; every 33rd article or so is about
-- a tracked subject, every tenth is a copy of one of the forty before it.
create temp table stock as
with drawn as (
    select i, cast(now() as timestamptz) - to_seconds(cast(($n - i) * (94_608_000.0 / $n) as bigint))
            as published_at,
        hash(i, 1) % 400 as outlet, hash(i, 2) % 60 as feed,
        case when hash(i, 3) % 10 = 0 and i > 50 then i - 1 - cast(hash(i, 4) % 40 as bigint) end as copies,
        hash(i, 5) % 33 = 0 as tracked
    from range($n) as r(i)
),
named as (
    select *, case when copies is null or hash(copies, 3) % 10 = 0 then i else copies end as original,
        left(sha256('article ' || i), 16) as article_id, left(sha256('version ' || i), 16) as version_id,
        'http://outlet-' || outlet || '.example/news/' || i as url
    from drawn
)
select *, left(sha256('story ' || original), 16) as story_id,
    left(sha256('page ' || i), 16) as page_id, left(sha256('entry ' || i), 16) as entry_id,
    left(sha256('article ' || original), 16) as first_id
from named
order by i;

create temp table said as
select s.*, k, subjects[1 + cast(floor(pow((hash(i, k, 6) % 10_000) / 10_000.0, 2.5) * len(subjects)) as bigint)]
    as subject_id
from stock s, range(2) as r(k), (select $subjects as subjects)
where s.tracked and (k = 0 or hash(i, 7) % 3 = 0)
qualify row_number() over (partition by i, subject_id order by k) = 1;

insert into run (run_id, kind, state, started_at, finished_at, process, registry_version)
select 'run' || d, 'monitor', 'done', now() - to_days(cast(d as integer)), now() - to_days(cast(d as integer)),
    'host:1', 'r' from range(1, 1096) as r(d);

insert into feed_fetch by name
select left(sha256('fetch ' || d || ' ' || f), 16) as feed_fetch_id, 'run' || d as run_id,
    'feed-' || f as feed_id, now() - to_days(cast(d as integer)) as fetched_at, 'new' as outcome,
    200 as status, 30 as entries, 3 as entries_new, 120 as milliseconds
from range(1, 1096) as r(d), range(60) as q(f);

insert into entry by name
select entry_id, 'feed-' || feed as feed_id, url as guid, url, page_id, 'A report no. ' || i as title,
    'What the report no. ' || i || ' is about, in a sentence or two of the usual length.' as summary,
    ['A. Writer'] as authors, 'en' as language, published_at, published_at as first_seen_at,
    published_at as changed_at
from stock order by i;

insert into page by name
select page_id, url, 'outlet-' || outlet || '.example' as host, 'feed-' || feed as feed_id, entry_id,
    case when hash(i, 8) % 400 = 0 then 'failed' else 'done' end as state, 0 as attempts,
    published_at as first_seen_at,
    case when tracked and published_at > now() - interval 7 days then now() + interval 1 day end
        as next_fetch_at,
    published_at as last_fetched_at, 200 as status,
    case when hash(i, 8) % 400 = 0 then 'no_text' end as failure,
    case when hash(i, 8) % 400 = 0 then 'no text on the page' end as failure_message,
    '"' || page_id || '"' as etag, sha256('body ' || i) as payload_digest, article_id
from stock order by i;

insert into article by name
select article_id, url as canonical_url, url, 'outlet-' || outlet || '.example' as host,
    'Outlet ' || outlet as outlet, 'feed-' || feed as feed_id, 'article' as page_kind,
    ['A. Writer'] as authors, published_at, 'json_ld' as published_source,
    true as published_has_zone, cast(published_at as date) as published_day, 'en' as language,
    'page' as language_source, published_at as first_seen_at, version_id, 1 as versions, story_id
from stock order by i;

insert into article_version by name
with drawn as materialized ( -- else the planner begins with every sentence times every article
    select i, cast(hash(i, k) % 20_000 as bigint) as n from stock, range(30) as r(k)
    where i // 10_000 = $slice
),
words as (
    select i, string_agg(sentence, ' ') as body from drawn join sentence using (n) group by i
)
select version_id, article_id, 1 as number, 'A report no. ' || i as title,
    'A report no. ' || i || chr(10) || chr(10) || body as text, 16 as body_start,
    sha256(body) as text_hash, published_at as fetched_at,
    'w/' || i // 200 || '.warc.gz' as warc_file, i % 200 * 9_000 as warc_offset,
    'sha1:' || left(sha256(body), 32) as payload_digest, '1' as extractor_version
from stock join words using (i) order by i;

insert into sketch by name
with one as (
    select cast(published_at as date) as day, article_id, hash(original, k, 9) // 8 * 8 as shingle
    from stock, range(80) as r(k) where original = i or k < 72
    union all
    -- what an outlet writes under each of its reports
    select cast(published_at as date), article_id, hash(outlet, k, 10) // 8 * 8
    from stock, range(4) as r(k)
)
select day, article_id, list(shingle order by shingle) as shingles
from one group by all order by day, article_id;

insert into story by name
select story_id, article_id as first_article_id, published_at as first_seen_at from stock where original = i;

insert into story_article by name
select article_id, story_id, case when original = i then 'first' else 'copy' end as relation,
    case when original = i then 1 else 0.9 end as containment
from stock;

insert into claim by name
select left(sha256('claim ' || i || subject_id), 16) as claim_id, version_id, article_id, subject_id,
    hash(i, 11) % 4 > 0 as alerts, 0.97 as confidence, 1 + cast(hash(i, 12) % 3 as integer) as rank,
    'Full name; prison; county' as reason, 100 as start_offset, 240 as end_offset,
    'A passage of a hundred and forty characters, as long as a sentence of a report is.' as quote,
    '1' as tagger_version, 'r' as registry_version
from said;

insert into mention by name
select left(sha256('mention ' || i || subject_id || m), 16) as mention_id, version_id, article_id,
    subject_id, cast(100 + m * 90 as integer) as start_offset, cast(112 + m * 90 as integer) as end_offset,
    'Kevin Cooper' as quote, 'full' as kind, 'Kevin Cooper' as form, 0.97 as confidence,
    case when hash(i, m, 13) % 3 = 0 then 'rejected' else 'confirmed' end as tier,
    [{'term': 'full_name', 'weight': 2.1, 'text': 'Kevin Cooper', 'start': 100, 'end': 112},
     {'term': 'prison', 'weight': 1.4, 'text': 'San Quentin', 'start': 150, 'end': 161}] as evidence,
    '1' as tagger_version, 'r' as registry_version
from said, range(9) as r(m);

insert into event by name
select left(sha256('event ' || i || subject_id || m), 16) as event_id, version_id, article_id, subject_id,
    ['execution_date_set', 'stay', 'hearing_set', 'commuted'][1 + cast(hash(i, m, 14) % 4 as bigint)] as type,
    'ordered' as modality,
    case when hash(i, m, 15) % 2 = 0 then cast(published_at as date) + cast(hash(i, m, 16) % 60 as integer) end
        as event_date,
    false as retold, cast(100 + m * 90 as integer) as start_offset, cast(230 + m * 90 as integer) as end_offset,
    'A court stayed it' as quote,
    'A court stayed it, for now, on the ground that the case deserves another hearing before a day is set.' as sentence, '1' as tagger_version, 'r' as registry_version
from said, range(2) as r(m);

insert into advocacy_act by name
select left(sha256('act ' || i || subject_id), 16) as advocacy_id, version_id, article_id,
    advocates[1 + cast(hash(i, 17) % len(advocates) as bigint)] as advocate_id, subject_id as case_id,
    'said' as act, 100 as start_offset, 230 as end_offset, 'An advocate said so' as quote,
    '1' as tagger_version, 'r' as registry_version
from said, (select $advocates as advocates) where hash(i, 18) % 3 = 0;

insert into alert by name
select left(sha256(subject_id || chr(31) || a.story_id), 16) as alert_id, subject_id, a.story_id,
    a.article_id, a.version_id, c.rank, c.reason, c.start_offset, c.end_offset, c.quote,
    a.first_seen_at as raised_at, 'run1' as run_id
from claim c join article a using (version_id) where c.alerts
qualify row_number() over (partition by subject_id, a.story_id order by a.first_seen_at) = 1;

insert into verdict by name
select left(sha256('verdict ' || alert_id), 16) as verdict_id, alert_id,
    case when hash(alert_id, 19) % 10 = 0 then 'wrong_person' else 'relevant' end as verdict,
    'reviewer' as reviewer, raised_at + interval 1 day as judged_at
from alert where hash(alert_id, 20) % 5 > 0;
