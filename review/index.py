"""The desk's index: the queue and the words of every article, in SQLite, made from each copy.

DuckDB's own full-text index is not incremental and its joins grow with the warehouse; SQLite's FTS5
takes a day's articles in seconds and answers in milliseconds. One thread writes, readers never
wait for it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb

from review.copies import Copies, signature
from review.inbox import Inbox, stamp
from warehouse.desk import queue_rows, version_at, version_span, versions_between, words_at
from warehouse.feedback import offered_candidates

BATCH = 5_000  # versions a transaction: a second or two
_SCHEMA = Path(__file__).with_name("index.sql")
_FORMAT = "1"  # of the index: another one is made anew
_ROWS = "2"  # of the alerts and candidates alone: they are read again in a moment
OTHERS = 2_000  # rejected candidates outside the sample that are listed, the likeliest

_COLUMNS = (
    "alert_id", "subject_id", "display_name", "subject_kind", "rank", "reason", "title", "url",
    "outlet", "outlets", "articles", "language", "day", "sort_at", "raised_at", "published_at",
    "passage", "start_offset", "end_offset", "spans", "confidence", "story_id", "article_id",
    "version_id", "doc_id", "history", "verdict", "reviewer", "note", "judged_at", "assignee",
)  # fmt: skip
_CANDIDATE = (
    "mention_id", "subject_id", "display_name", "confidence", "in_sample", "doc_id", "facts",
    "verdict", "reviewer", "note", "judged_at",
)  # fmt: skip
_FACTS = (
    "article_id", "version_id", "canonical_url", "outlet", "published_at", "quote",
    "start_offset", "end_offset", "kind", "form", "evidence",
)  # fmt: skip


class Index:
    """The index file. `sync()` brings it up to the copy; `reading()` gives a connection to ask."""

    def __init__(self, path: Path, copies: Copies, inbox: Inbox) -> None:
        self.path, self.copies, self.inbox = path, copies, inbox
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writing = threading.Lock()
        self._ready = self._make()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Hand over a connection with the inbox laid over the alerts, in the view `seen`."""
        self.inbox.refresh()
        with closing(_connect(self.path)) as db:
            _lay_over(db, self.inbox)
            yield db

    def has_alerts(self) -> bool:
        """Return whether the alerts of any copy were ever read."""
        with closing(_connect(self.path)) as db:
            return _state(db, "alerts") is not None

    def is_behind(self) -> bool:
        """Return whether the copy was replaced since the alerts were read."""
        with closing(_connect(self.path)) as db:
            return _state(db, "alerts") != self._wanted()

    def sync_alerts(self) -> bool:
        """Read alerts and candidates of the copy if it was replaced; return whether it was."""
        with self._writing, closing(_connect(self.path)) as db:
            wanted = self._wanted()
            if _state(db, "alerts") == wanted:
                return False
            gone = self.inbox.gone()
            with self.copies.open() as copy:
                rows = [_alert(row) for row in queue_rows(copy)]
                candidates = [_candidate(row) for row in offered_candidates(copy, OTHERS)]
            with _transaction(db):
                _replace_rows(db, "alert", _COLUMNS, rows)
                _replace_rows(db, "candidate", _CANDIDATE, candidates)
                _list_outlets(db)
                _set_state(db, "alerts", wanted)
            self.inbox.forget(gone)
            return True

    def sync_alert_words(self, batch: int = BATCH) -> bool:
        """Index the versions that raised alerts, for the queue; return whether more are left."""
        with self._writing, closing(_connect(self.path)) as db, self.copies.open() as copy:
            if not _is_same(db, copy, *_indexed(db)):
                _clear_words(db)
            rows = db.execute(
                "select distinct doc_id from alert where doc_id is not null "
                "and doc_id not in (select doc_id from alert_doc) order by doc_id desc limit ?",
                [batch + 1],
            ).fetchall()
            places = [row[0] for row in rows[:batch]]
            if places:
                with _transaction(db):
                    _add_alert_words(db, words_at(copy, places))
            return len(rows) > batch

    def sync_words(self, batch: int = BATCH) -> bool:
        """Index the newest versions that are not indexed; return whether more are left."""
        with self._writing, closing(_connect(self.path)) as db, self.copies.open() as copy:
            span = version_span(copy)
            low, high = _indexed(db)
            if high > span or not _is_same(db, copy, low, high):
                _clear_words(db)
                low = high = span
            if high == low:
                low = high = span
            first, last = (high, min(span, high + batch)) if high < span else (low - batch, low)
            first = max(0, first)
            if first < last:
                with _transaction(db):
                    _add_words(db, versions_between(copy, first, last))
                    _set_state(db, "words", json.dumps([min(low, first), max(high, last)]))
            return min(low, first) > 0 or max(high, last) < span

    def alert_words_missing(self) -> tuple[int, int] | None:
        """Return how many of how many alerts can be searched, or None where all can."""
        with closing(_connect(self.path)) as db:
            done, whole = db.execute(
                "select count(distinct d.doc_id), count(distinct a.doc_id) "
                "from alert a left join alert_doc d using (doc_id)"
            ).fetchone()
        return (done, whole) if done < whole else None

    def unlearn(self, newest: int) -> None:
        """Forget that the *newest* versions were indexed, with their words: for benchmarks."""
        with self._writing, closing(_connect(self.path)) as db:
            low, high = _indexed(db)
            first = max(low, high - newest)
            with self.copies.open() as copy, _transaction(db):
                _remove_words(db, versions_between(copy, first, high))
                _set_state(db, "words", json.dumps([low, first]))

    def progress(self) -> tuple[int, int]:
        """Return how many versions are indexed, and how many there are."""
        with closing(_connect(self.path)) as db:
            low, high = _indexed(db)
        with self.copies.open() as copy:
            return high - low, version_span(copy)

    def _wanted(self) -> str:
        return f"{_ROWS} {signature(self.copies.path)}"

    def _make(self) -> bool:
        with closing(_connect(self.path)) as db:
            db.executescript(_SCHEMA.read_text("utf-8"))
            known = _state(db, "format")
            if known == _FORMAT:
                return True
            with _transaction(db):
                _set_state(db, "format", _FORMAT)
        if known is None:
            return True
        for file in self.path.parent.glob(f"{self.path.name}*"):
            file.unlink(missing_ok=True)
        return self._make()


def fts_query(typed: str) -> str | None:
    """Return what a person typed as a query: all words, "a phrase", a beginn*; None for nothing."""
    parts = typed.replace("“", '"').replace("”", '"').split('"')
    terms: list[str] = []
    for place, part in enumerate(parts):
        words = _clean(part)
        if place % 2 and words:
            terms.append(f'"{words}"')
        elif not place % 2:
            terms += [_term(word) for word in part.split() if _clean(word)]
    return " ".join(terms) or None


def _term(word: str) -> str:
    star = "*" if word.endswith("*") else ""
    return f'"{_clean(word)}"{star}'


def _clean(words: str) -> str:
    """Return *words* without what FTS5 gives a meaning, or has no token for."""
    kept = "".join(c if c.isalnum() or c in "'’.-_" else " " for c in words)
    return " ".join(word for word in kept.split() if any(c.isalnum() for c in word))


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=30, isolation_level=None)
    db.row_factory = sqlite3.Row
    db.execute("pragma journal_mode = wal")
    db.execute("pragma synchronous = normal")  # it can be made anew: no verdict lies here
    db.execute("pragma temp_store = memory")
    db.execute("pragma cache_size = -65536")
    return db


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("begin immediate")
    try:
        yield
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")


def _state(db: sqlite3.Connection, name: str) -> str | None:
    row = db.execute("select value from state where name = ?", [name]).fetchone()
    return row[0] if row else None


def _set_state(db: sqlite3.Connection, name: str, value: str) -> None:
    db.execute("insert or replace into state values (?, ?)", [name, value])


def _indexed(db: sqlite3.Connection) -> tuple[int, int]:
    """Return the places that are indexed: from, up to and without."""
    found = json.loads(_state(db, "words") or "[0, 0]")
    return int(found[0]), int(found[1])


def _is_same(db: sqlite3.Connection, copy: duckdb.DuckDBPyConnection, low: int, high: int) -> bool:
    """Return whether the copy still has at our places what we found there."""
    if high == low:
        return True
    for place in (low, (low + high) // 2, high - 1):
        row = db.execute("select version_id from doc where doc_id = ?", [place]).fetchone()
        if row is None or row[0] != version_at(copy, place):
            return False
    return True


def _clear_words(db: sqlite3.Connection) -> None:
    with _transaction(db):
        db.execute("insert into words (words) values ('delete-all')")
        db.execute("insert into alert_words (alert_words) values ('delete-all')")
        db.execute("delete from doc")
        db.execute("delete from alert_doc")
        _set_state(db, "words", "[0, 0]")


def _add_words(db: sqlite3.Connection, versions: Sequence[dict[str, Any]]) -> None:
    db.executemany(
        "insert into words (rowid, title, body) values (?, ?, ?)",
        ((v["doc_id"], v["title"], v["body"]) for v in versions),
    )
    db.executemany(
        "insert into doc values (?, ?, ?, ?)",
        ((v["doc_id"], v["version_id"], v["article_id"], v["number"]) for v in versions),
    )


def _add_alert_words(db: sqlite3.Connection, versions: Sequence[dict[str, Any]]) -> None:
    db.executemany(
        "insert into alert_words (rowid, title, body) values (?, ?, ?)",
        ((v["doc_id"], v["title"], v["body"]) for v in versions),
    )
    db.executemany("insert into alert_doc values (?)", ((v["doc_id"],) for v in versions))


def _replace_rows(
    db: sqlite3.Connection, table: str, columns: Sequence[str], rows: Sequence[dict[str, Any]]
) -> None:
    db.execute(f"delete from {table}")  # noqa: S608 - ours
    marks = ", ".join(f":{name}" for name in columns)
    db.executemany(f"insert into {table} values ({marks})", rows)  # noqa: S608 - ours


def _list_outlets(db: sqlite3.Connection) -> None:
    db.execute("delete from alert_outlet")
    db.execute(
        "insert or ignore into alert_outlet select value, alert_id from alert, json_each(outlets) "
        "union all select outlet, alert_id from alert"
    )


def _remove_words(db: sqlite3.Connection, versions: Sequence[dict[str, Any]]) -> None:
    db.executemany(
        "insert into words (words, rowid, title, body) values ('delete', ?, ?, ?)",
        ((v["doc_id"], v["title"], v["body"]) for v in versions),
    )
    db.executemany("delete from doc where doc_id = ?", ((v["doc_id"],) for v in versions))


def _alert(row: dict[str, Any]) -> dict[str, Any]:
    when = row["published_at"] or row["raised_at"]
    changed = {
        "url": row["canonical_url"],
        "outlets": json.dumps(row["outlets"], ensure_ascii=False),
        "spans": json.dumps(row["spans"]),
        "day": when.date().isoformat(),
        "sort_at": stamp(when),
        "raised_at": stamp(row["raised_at"]),
        "published_at": stamp(row["published_at"]) if row["published_at"] else None,
        "judged_at": stamp(row["judged_at"]) if row["judged_at"] else None,
        "history": int(row["history"]),
        "assignee": row["assignee"] or None,
    }
    whole = row | changed
    return {name: whole[name] for name in _COLUMNS}


def _candidate(row: dict[str, Any]) -> dict[str, Any]:
    facts = json.dumps({name: row[name] for name in _FACTS}, ensure_ascii=False, default=str)
    changed = {
        "facts": facts,
        "in_sample": int(row["in_sample"]),
        "judged_at": stamp(row["judged_at"]) if row["judged_at"] else None,
    }
    whole = row | changed
    return {name: whole[name] for name in _CANDIDATE}


def _lay_over(db: sqlite3.Connection, inbox: Inbox) -> None:
    """Make the temporary views `seen` (alerts) and `audited` (candidates).

    They are as those will be once the inbox is published.
    """
    for table, key in (("said", "alert_id"), ("tried", "mention_id")):
        columns = f"{key} text primary key, verdict, reviewer, note, judged_at"
        db.execute(f"create temp table {table} ({columns})")
    db.execute("create temp table given (alert_id text primary key, assignee)")
    db.executemany(
        "insert or replace into said values (?, ?, ?, ?, ?)",
        (
            (one.alert_id, str(one.verdict), one.reviewer, one.note, stamp(one.judged_at))
            for one in inbox.judgements()
        ),
    )
    db.executemany(
        "insert or replace into tried values (?, ?, ?, ?, ?)",
        (
            (one.mention_id, str(one.verdict), one.reviewer, one.note, stamp(one.judged_at))
            for one in inbox.audits()
        ),
    )
    db.executemany(
        "insert or replace into given values (?, ?)",
        ((one.alert_id, one.assignee or None) for one in inbox.assignments()),
    )
    db.execute(_SEEN)
    db.execute(_AUDITED)


def _plain(columns: Sequence[str]) -> str:
    return ", ".join(f"a.{name}" for name in columns[: columns.index("verdict")])


_OVER = ", ".join(
    f"iif(s.judged_at is null or a.judged_at >= s.judged_at, a.{name}, s.{name}) as {name}"
    for name in ("verdict", "reviewer", "note", "judged_at")
)
_SEEN = (
    f"create temp view seen as select {_plain(_COLUMNS)}, {_OVER}, "  # noqa: S608 - our own names
    "iif(g.alert_id is null, a.assignee, g.assignee) as assignee "
    "from main.alert a left join said s using (alert_id) left join given g using (alert_id)"
)
_AUDITED = (
    f"create temp view audited as select {_plain(_CANDIDATE)}, {_OVER} "  # noqa: S608 - our own
    "from main.candidate a left join tried s using (mention_id)"
)
