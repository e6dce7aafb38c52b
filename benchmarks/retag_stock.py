"""A warehouse of many articles with real words: passages of ../shared, drawn anew for each one.

Three in a hundred are a whole text that names somebody tracked; the others are passages of texts
that name nobody. The same each time, for hash() stands in for a seeded generator.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from benchmarks.real_texts import Document
from extractors.mentions import Tagger

PASSAGES = 12  # an article: about 3 kB
_SLICE = 10_000  # articles whose texts are made at once
_SHORTEST = 80  # characters of a passage
_LONGEST = 4_000  # characters of a whole text

_ARTICLES = """
create temp table stock as
select i, left(sha256('article ' || i), 16) as article_id,
    left(sha256('version ' || i), 16) as version_id,
    'http://outlet-' || hash(i, 2) % 400 || '.example/news/' || i as url,
    cast(now() as timestamptz)
        - to_seconds(cast(($n - i) * (94_608_000.0 / $n) as bigint)) as seen_at,
    hash(i, 3) % 100 < 3 as tracked
from range($n) as r(i) order by i;

insert into article by name
select article_id, url as canonical_url, url, 'outlet' as host, 'Outlet' as outlet,
    'feed' as feed_id, 'article' as page_kind, [] as authors, seen_at as published_at,
    cast(seen_at as date) as published_day, 'en' as language, seen_at as first_seen_at, version_id,
    1 as versions, left(sha256('story ' || i), 16) as story_id
from stock order by i;
"""

_VERSIONS = """
insert into article_version by name
with drawn as materialized (
    select i, cast(hash(i, k) % (select count(*) from passage) as bigint) as n
    from stock, range({passages}) as r(k) where i // {slice} = $slice and not tracked
),
said as (
    select i, string_agg(words, chr(10)) as body from drawn join passage using (n) group by i
    union all
    select i, words from stock
    join whole on n = cast(hash(i, 5) % (select count(*) from whole) as bigint)
    where i // {slice} = $slice and tracked
)
select version_id, article_id, 1 as number, 'A report' as title,
    'Report ' || i || chr(10) || chr(10) || body as text, 9 + len(i::text) as body_start,
    left(sha256(body), 16) as text_hash, seen_at as fetched_at, 'w.warc.gz' as warc_file,
    i as warc_offset, 'sha1:X' as payload_digest, '1' as extractor_version
from stock join said using (i) order by i
"""


def fill(
    db: duckdb.DuckDBPyConnection, articles: int, documents: Sequence[Document], tagger: Tagger
) -> None:
    """Fill the tables of *db* with *articles* that nobody has tagged yet."""
    named = [_names(tagger, one) for one in documents]
    whole = [d.text[:_LONGEST] for d, names in zip(documents, named, strict=True) if names]
    passages = [
        passage
        for document, names in zip(documents, named, strict=True)
        if not names
        for passage in document.text.split("\n")
        if len(passage) > _SHORTEST
    ]
    for table, words in (("whole", whole), ("passage", passages)):
        db.execute(
            f"create temp table {table} as "
            "select unnest(range(len($words))) as n, unnest($words) as words",
            {"words": words},
        )
    create, insert, _ = _ARTICLES.split(";\n")
    db.execute(create, {"n": articles})
    db.execute(insert)
    statement = _VERSIONS.format(passages=PASSAGES, slice=_SLICE)
    for number in range(-(-articles // _SLICE)):
        db.execute(statement, {"slice": number})


def _names(tagger: Tagger, document: Document) -> bool:
    tagging = tagger.tag(document.text, published=document.published, language="en")
    return bool(tagging.mentions)
