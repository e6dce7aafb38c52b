"""The chain of evidence, walked: verdict, alert, mention, version, WARC record. Breaks are named.

Reads the published copy in batches, so that a million articles need no more memory than a thousand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from extractors.errors import RecordError
from extractors.model import stable_id
from warehouse.captures import discarding, discarding_of
from warehouse.records import Record, digest_problems, read_record, sha1_of
from warehouse.rows import named_rows

LINKS = ("verdict", "alert", "mention", "version", "record", "revisit")
_VERSIONS_A_BATCH = 2_000

# What to do, by problem. {0} is the id of what is broken.
_ADVICE = {
    "unknown_alert": "restore the warehouse from a backup that has the alert; keep the verdict",
    "twice": "restore the table from a backup: an id is one row, or nothing that names it is sure",
    "no_story": "restore table story from a backup",
    "no_version": "restore table article_version from a backup, or read the page again from its "
    "WARC record: `casewatch reextract`",
    "no_article": "restore table article from a backup",
    "no_mention": "restore table mention from a backup; until then do not rely on the alert",
    "other_article": "the row was changed: restore it from a backup",
    "quote": "offsets or text were changed: restore both tables from a backup, and rely on neither",
    "text_hash": "the text was changed after it was stored: compare it with the page in its WARC "
    "record, and restore it from a backup",
    "version_id": "the row was changed: restore it from a backup",
    "missing_file": "put the file back from a backup of the archive",
    "truncated": "put the file back from a backup of the archive; what stands before is sound",
    "damaged": "put the file back from a backup of the archive; other records in it may be sound",
    "digest": "the page in the archive is not the one that was stored: put the file back from a "
    "backup, and do not rely on this record",
    "other_record": "another file stands in its place: put the file back from a backup",
    "discarded": "nothing is damaged: the article's text and its hash are in the warehouse; open "
    "its address, the outlet may still have the page",
    "nowhere": "restore table capture from a backup; the revisit itself still proves its moment",
}

# Tables have no unique index: a row that somebody doubled would be found by nothing else.
_KEYS = (
    ("verdict", "verdict", "verdict_id"),
    ("alert", "alert", "alert_id"),
    ("mention", "mention", "mention_id"),
    ("version", "article_version", "version_id"),
    ("version", "article", "article_id"),
    ("record", "capture", "capture_id"),
)

_ORPHANS = (
    *(
        (
            link,
            "twice",
            f"select {key} as id, count(*) || ' rows of table {table} have this id' as said "  # noqa: S608
            f"from {table} group by {key} having count(*) > 1",
        )
        for link, table, key in _KEYS
    ),
    (
        "verdict",
        "unknown_alert",
        "select verdict_id as id, verdict || ' by ' || reviewer || ' judges alert ' || alert_id "
        "|| ', which is not stored' as said from verdict anti join alert using (alert_id)",
    ),
    (
        "alert",
        "no_version",
        "select alert_id as id, 'version ' || version_id || ' is not stored' as said "
        "from alert anti join article_version using (version_id, article_id)",
    ),
    (
        "alert",
        "no_story",
        "select alert_id as id, 'story ' || story_id || ' is not stored' as said "
        "from alert anti join story using (story_id)",
    ),
    (
        "alert",
        "no_mention",
        "select alert_id as id, 'version ' || version_id || ' does not mention ' || subject_id "
        "as said from alert anti join mention using (version_id, subject_id)",
    ),
    (
        "mention",
        "no_version",
        "select mention_id as id, 'version ' || version_id || ' is not stored' as said "
        "from mention anti join article_version using (version_id)",
    ),
    (
        "mention",
        "other_article",
        "select m.mention_id as id, 'says article ' || m.article_id || ', its version says ' "
        "|| v.article_id as said from mention m join article_version v using (version_id) "
        "where m.article_id <> v.article_id",
    ),
    (
        "version",
        "no_article",
        "select version_id as id, 'article ' || article_id || ' is not stored' as said "
        "from article_version anti join article using (article_id)",
    ),
    (
        "version",
        "no_version",
        "select version_id as id, 'article ' || article_id || ' stands at this version' as said "
        "from article anti join article_version using (version_id, article_id)",
    ),
    (
        "revisit",
        "nowhere",
        "select c.capture_id as id, 'refers to capture ' || coalesce(c.refers_to, 'null') "
        "|| ', which holds no page' as said from capture c "
        "anti join (from capture where kind = 'response') o on o.capture_id = c.refers_to "
        "where c.kind = 'revisit'",
    ),
)

# By rowid: whole row groups, each read once, however many versions there are.
_VERSIONS = """
select version_id, article_id, text, text_hash from article_version
where rowid >= $first and rowid < $end
"""

_QUOTES = """
with wanted as (
    select version_id from article_version where rowid >= $first and rowid < $end
)
select version_id, 'mention' as what, mention_id as id, start_offset, end_offset, quote
    from mention semi join wanted using (version_id)
union all select version_id, 'event', event_id, start_offset, end_offset, quote
    from event semi join wanted using (version_id)
union all select version_id, 'advocacy_act', advocacy_id, start_offset, end_offset, quote
    from advocacy_act semi join wanted using (version_id)
union all select version_id, 'claim', claim_id, start_offset, end_offset, quote
    from claim semi join wanted using (version_id)
union all select version_id, 'alert', alert_id, start_offset, end_offset, quote
    from alert semi join wanted using (version_id)
"""

# A version and its capture name one record, which is read once. A revisit has no version.
_RECORDS = """
with pointer as (
    select warc_file, warc_offset, payload_digest, 'version ' || version_id as named,
        null as kind, null as record_id, null as sha256, null as discarded_at, null as discarded_by
    from article_version
    union all
    select warc_file, warc_offset, payload_digest, 'capture ' || capture_id, kind, record_id,
        payload_sha256, discarded_at, discarded_by
    from capture
)
select warc_file, warc_offset, list(distinct payload_digest) as digests,
    string_agg(named, ', ' order by named desc) as named, coalesce(max(kind), 'response') as kind,
    list(distinct record_id) filter (record_id is not null) as record_ids,
    list(distinct sha256) filter (sha256 is not null) as sha256s,
    max(discarded_at) as discarded_at, max(discarded_by) as discarded_by
from pointer
where warc_file = $file
group by all order by warc_offset
"""

_FILES = """
select warc_file from article_version union select warc_file from capture order by 1
"""


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the chain does not hold: what it is, what is wrong, what to do."""

    link: str  # one of LINKS
    problem: str
    id: str
    said: str

    @property
    def advice(self) -> str:
        """Return what to do about it."""
        return _ADVICE[self.problem]


@dataclass(slots=True)
class Walk:
    """How far a check has come: how many of each link were looked at."""

    checked: Counter[str] = field(default_factory=Counter)
    # When and by which rule pages were discarded, in words -> how many: `retain` did, no damage.
    discarded: Counter[str] = field(default_factory=Counter)
    tick: Callable[[], None] = lambda: None

    def note(self, link: str, count: int) -> None:
        """Count, and tell whoever waits."""
        self.checked[link] += count
        self.tick()


def walk_chain(
    db: duckdb.DuckDBPyConnection, archive: Path, walk: Walk, *, read_archive: bool = True
) -> Iterator[Break]:
    """Yield every break, link by link from verdict to record.

    Without *read_archive* records are not read: only whether their files are there and long enough.
    """
    yield from _orphans(db, walk)
    yield from _words(db, walk)
    yield from _records(db, archive, walk, read_archive=read_archive)


def _orphans(db: duckdb.DuckDBPyConnection, walk: Walk) -> Iterator[Break]:
    for link, problem, sql in _ORPHANS:
        answer = db.execute(f"{sql} order by 1")
        while rows := answer.fetchmany(1_000):
            yield from [Break(link, problem, *row) for row in rows]
    for link, table in (("verdict", "verdict"), ("alert", "alert"), ("mention", "mention")):
        counted = db.execute(f"select count(*) from {table}").fetchone()  # noqa: S608 - ours
        walk.note(link, int(counted[0]) if counted else 0)


def _words(db: duckdb.DuckDBPyConnection, walk: Walk) -> Iterator[Break]:
    """Yield versions whose text is not what its hash says, and quotes that do not stand in it."""
    last = db.execute("select max(rowid) from article_version").fetchone()
    for first in range(0, (last[0] if last and last[0] is not None else -1) + 1, _VERSIONS_A_BATCH):
        batch = {"first": first, "end": first + _VERSIONS_A_BATCH}
        versions = named_rows(db, _VERSIONS, batch)
        for version in versions:
            yield from _version_breaks(version)
        texts = {version["version_id"]: version["text"] for version in versions}
        for quoted in named_rows(db, _QUOTES, batch):
            yield from _quote_breaks(quoted, texts[quoted["version_id"]])
        walk.note("version", len(versions))


def _version_breaks(version: dict[str, Any]) -> Iterator[Break]:
    name, text_hash = version["version_id"], stable_id(version["text"])
    if text_hash != version["text_hash"]:
        said = f"text_hash says {version['text_hash']}, the text has {text_hash}"
        yield Break("version", "text_hash", name, said)
    if name != stable_id(version["article_id"], version["text_hash"]):
        yield Break("version", "version_id", name, "is not the hash of its article and text_hash")


def _quote_breaks(quoted: dict[str, Any], text: str) -> Iterator[Break]:
    start, end = quoted["start_offset"], quoted["end_offset"]
    found = text[start:end] if 0 <= start <= end else ""
    if found == quoted["quote"]:
        return
    link = "alert" if quoted["what"] == "alert" else "mention"
    said = (
        f"{quoted['what']}: version {quoted['version_id']} has {_short(found)} "
        f"at {start} to {end}, the row says {_short(quoted['quote'])}"
    )
    yield Break(link, "quote", quoted["id"], said)


def _short(words: str) -> str:
    return repr(words if len(words) <= 60 else f"{words[:59]}…")


def _records(
    db: duckdb.DuckDBPyConnection, archive: Path, walk: Walk, *, read_archive: bool
) -> Iterator[Break]:
    for (file,) in db.execute(_FILES).fetchall():
        for pointer in named_rows(db, _RECORDS, {"file": file}):
            if pointer["discarded_at"]:
                walk.discarded[discarding(pointer)] += 1
                continue
            link = "revisit" if pointer["kind"] == "revisit" else "record"
            yield from record_breaks(archive, pointer, link, read_archive=read_archive)
            walk.note(link, 1)


def record_breaks(
    archive: Path, pointer: dict[str, Any], link: str, *, read_archive: bool = True
) -> Iterator[Break]:
    """Yield what is wrong with the record at *pointer*, a row of the query above."""
    file, offset, named = pointer["warc_file"], pointer["warc_offset"], pointer["named"]
    try:
        if not read_archive:
            _look_at_size(archive / file, file, offset)
            return
        record = read_record(archive, file, offset)
    except RecordError as error:
        yield Break(link, error.kind, named, str(error))
        return
    for problem, said in _record_problems(record, pointer):
        yield Break(link, problem, named, f"{file} at byte {offset}: {said}")


def _look_at_size(path: Path, file: str, offset: int) -> None:
    if not path.exists():
        raise RecordError("missing_file", f"{file} is not in the archive")
    if path.stat().st_size <= offset:
        raise RecordError("truncated", f"{file} ends before byte {offset}")


def _record_problems(record: Record, pointer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if record.kind != pointer["kind"]:
        yield "other_record", f"a {record.kind} record stands there, not a {pointer['kind']}"
        return
    found = record.header("WARC-Record-ID")
    for wanted in sorted(pointer["record_ids"] or ()):
        if found != wanted:
            yield "other_record", f"record {found} stands there, the row says {wanted}"
    for said in digest_problems(record):
        yield "digest", said
    stated = record.header("WARC-Payload-Digest") if record.kind == "revisit" else None
    yield from _mismatches(stated or sha1_of(record.body), pointer["digests"])
    if record.kind == "response":
        yield from _mismatches(record.sha256, pointer["sha256s"] or ())


def _mismatches(found: str, stated: Sequence[str]) -> Iterator[tuple[str, str]]:
    for digest in sorted(stated):
        if digest != found:
            yield "digest", f"the row says {digest}, the record has {found}"


def alert_breaks(db: duckdb.DuckDBPyConnection, archive: Path, alert_id: str) -> Iterator[Break]:
    """Yield every break between one alert and the record of the version that raised it."""
    for link, problem, sql in _ORPHANS:
        if link == "alert":
            rows = db.execute(f"from ({sql}) where id = ?", [alert_id]).fetchall()
            yield from [Break(link, problem, *row) for row in rows]
    versions = named_rows(
        db,
        "select v.*, v.rowid as row from alert join article_version v using (version_id) "
        "where alert_id = ?",
        [alert_id],
    )
    for version in versions:
        yield from _version_breaks(version)
        batch = {"first": version["row"], "end": version["row"] + 1}
        for quoted in named_rows(db, _QUOTES, batch):
            yield from _quote_breaks(quoted, version["text"])
        pointer = {
            "warc_file": version["warc_file"],
            "warc_offset": version["warc_offset"],
            "digests": [version["payload_digest"]],
            "named": f"version {version['version_id']}",
            "kind": "response",
            "record_ids": None,
            "sha256s": None,
        }
        gone = discarding_of(db, version["warc_file"], version["warc_offset"])
        if gone:
            yield Break("record", "discarded", pointer["named"], gone)
        else:
            yield from record_breaks(archive, pointer, "record")


def alerts_without_page(db: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the ids of alerts whose page was discarded: each was raised from the text since."""
    rows = db.execute(
        "select alert_id from alert join article_version v using (version_id) "
        "semi join (from capture where discarded_at is not null) c "
        "on c.warc_file = v.warc_file and c.warc_offset = v.warc_offset order by 1"
    ).fetchall()
    return [alert_id for (alert_id,) in rows]
