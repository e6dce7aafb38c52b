"""Batches of rows: idempotent, typed by their table, and back as they went in."""

import sys
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.rows import Row, append, insert_missing, key_column, named_rows, upsert

# What UTF-8 can carry: lone surrogates never get as far as a row.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
EVIDENCE = st.fixed_dictionaries(
    {
        "term": TEXTS,
        "weight": st.floats(allow_nan=False),
        "text": TEXTS,
        "start": st.none() | st.integers(0, 2**31 - 1),
        "end": st.none() | st.integers(0, 2**31 - 1),
    }
)
TABLE = """
create table note (
    note_id text, body text, tags text[], day date, told_at timestamptz,
    evidence struct(term text, weight double, "text" text, "start" integer, "end" integer)[]
)
"""


@pytest.fixture
def db():
    with open_notes() as connection:
        yield connection


def open_notes() -> duckdb.DuckDBPyConnection:
    db = duckdb.connect()
    db.execute("set TimeZone = 'UTC'")
    db.execute(TABLE)
    return db


def notes(db: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return db.execute("select note_id, body from note order by all").fetchall()


def test_the_same_rows_inserted_twice_are_stored_once(db):
    rows = [{"note_id": "a", "body": "one"}, {"note_id": "b", "body": "two"}]

    assert insert_missing(db, "note", rows) == 2
    assert insert_missing(db, "note", rows) == 0
    assert notes(db) == [("a", "one"), ("b", "two")]


def test_a_row_that_is_there_is_not_overwritten_by_insert_missing(db):
    insert_missing(db, "note", [{"note_id": "a", "body": "first"}])
    inserted = insert_missing(
        db, "note", [{"note_id": "a", "body": "later"}, {"note_id": "b", "body": "new"}]
    )

    assert inserted == 1
    assert notes(db) == [("a", "first"), ("b", "new")]


def test_one_key_twice_in_a_batch_is_inserted_once(db):
    rows = [{"note_id": "a", "body": "one"}, {"note_id": "a", "body": "one"}]

    assert insert_missing(db, "note", rows) == 1


def test_of_one_key_twice_in_a_batch_an_upsert_keeps_the_last(db):
    rows = [{"note_id": "a", "body": "one"}, {"note_id": "a", "body": "two"}]

    assert upsert(db, "note", rows) == 1
    assert notes(db) == [("a", "two")]


def test_an_upsert_overwrites_what_is_there_and_inserts_what_is_not(db):
    upsert(db, "note", [{"note_id": "a", "body": "first"}])
    upsert(db, "note", [{"note_id": "a", "body": "later"}, {"note_id": "b", "body": "new"}])

    assert notes(db) == [("a", "later"), ("b", "new")]


def test_an_upsert_keeps_the_columns_it_is_told_to_keep(db):
    upsert(db, "note", [{"note_id": "a", "body": "first", "tags": ["x"]}], keep=["body"])
    upsert(db, "note", [{"note_id": "a", "body": "later", "tags": ["y"]}], keep=["body"])

    assert named_rows(db, "select note_id, body, tags from note") == [
        {"note_id": "a", "body": "first", "tags": ["y"]}
    ]


def test_an_upsert_leaves_columns_that_the_rows_do_not_name(db):
    upsert(db, "note", [{"note_id": "a", "body": "first", "tags": ["x"]}])
    upsert(db, "note", [{"note_id": "a", "body": "later"}])

    assert db.execute("select tags from note").fetchall() == [(["x"],)]


@pytest.mark.parametrize("write", [insert_missing, upsert, append])
def test_no_rows_are_no_statement(db, write):
    assert write(db, "a_table_that_is_not_there", []) == 0


def test_rows_of_a_table_without_a_key_are_appended_as_they_are(db):
    db.execute("create table line (words text)")
    append(db, "line", [{"words": "again"}, {"words": "again"}])

    assert db.execute("from line").fetchall() == [("again",), ("again",)]


def test_a_column_that_is_none_throughout_the_batch_is_null(db):
    row = {
        "note_id": "a",
        "body": None,
        "tags": None,
        "day": None,
        "told_at": None,
        "evidence": None,
    }
    insert_missing(db, "note", [row])

    assert named_rows(db, "from note") == [row]


def test_times_days_and_lists_come_back_as_they_went_in(db):
    row: dict[str, Any] = {
        "note_id": "a",
        "tags": ["it's", 'a "tag"', ""],
        "day": date(2024, 2, 29),
        "told_at": datetime(2024, 9, 24, 12, 30, 1, 250, tzinfo=UTC),
    }
    insert_missing(db, "note", [row, row | {"note_id": "b", "tags": []}])
    stored = named_rows(db, "select note_id, tags, day, told_at from note order by note_id")

    assert stored == [row, row | {"note_id": "b", "tags": []}]


def test_evidence_of_one_row_may_be_empty_and_of_the_next_not(db):
    term = {"term": "full", "weight": 2.5, "text": "Ada", "start": 0, "end": 3}
    bare = {"term": "prior", "weight": -1.0, "text": "", "start": None, "end": None}
    rows: list[Row] = [{"note_id": "a", "evidence": []}, {"note_id": "b", "evidence": [term, bare]}]
    insert_missing(db, "note", rows)

    assert named_rows(db, "select note_id, evidence from note order by 1") == rows


def test_a_batch_whose_evidence_is_empty_throughout_is_stored(db):
    insert_missing(db, "note", [{"note_id": "a", "evidence": []}])

    assert db.execute("select evidence from note").fetchall() == [([],)]


def test_the_key_of_a_table_is_its_first_column(db):
    assert key_column(db, "note") == "note_id"


NOTES = open_notes()  # one for all examples: to open a database is most of the work


@given(body=TEXTS, tags=st.lists(TEXTS), evidence=st.lists(EVIDENCE, max_size=3))
def test_whatever_is_written_is_read_again(body, tags, evidence):
    row = {"note_id": "a", "body": body, "tags": tags, "evidence": evidence}
    NOTES.execute("delete from note")
    insert_missing(NOTES, "note", [row])

    assert named_rows(NOTES, "select note_id, body, tags, evidence from note") == [row]


@pytest.mark.parametrize(
    "body", ["'); drop table note; --", "$rows", '"', "\\", "\x00", "é\u0301🙂"]
)
def test_words_are_never_read_as_sql(db, body):
    insert_missing(db, "note", [{"note_id": "a", "body": body}])

    assert notes(db) == [("a", body)]


def test_a_lone_surrogate_is_stored_as_a_replacement_character_of_the_same_width(db):
    term = {"term": "t", "weight": 1.0, "text": "\udfff", "start": None, "end": None}
    insert_missing(
        db, "note", [{"note_id": "a", "body": "a\ud800b🙂", "tags": ["\udc80"], "evidence": [term]}]
    )

    assert named_rows(db, "select body, tags, evidence from note") == [
        {"body": "a\ufffdb🙂", "tags": ["\ufffd"], "evidence": [term | {"text": "\ufffd"}]}
    ]


def test_duckdb_does_not_look_for_pandas_once_a_value(db):
    looked_for: list[str] = []

    class Watcher:
        def find_spec(self, name: str, *_: object) -> None:
            looked_for.append(name)

    sys.meta_path.insert(0, Watcher())
    try:
        insert_missing(db, "note", [{"note_id": str(n), "tags": ["x"] * 5} for n in range(100)])
    finally:
        sys.meta_path.pop(0)

    assert looked_for.count("pandas") < 20  # not two for each of 800 values
    assert sys.modules.get("pandas", "not there") is not None
