"""Migrations apply once and in order, strangers are refused, and the schema documents itself."""

import re
from pathlib import Path

import duckdb
import pytest

from extractors.errors import WarehouseError
from warehouse import schema
from warehouse.schema import migrate, migration_steps
from warehouse.schema_text import described_columns, undocumented

PACKAGE = Path(schema.__file__).parent
SQL_FILES = sorted([*PACKAGE.glob("migrations/*.sql"), *PACKAGE.glob("views/*.sql")])
VIEW_NAMES = [
    match[1]
    for file in SQL_FILES
    for match in re.finditer(r"create or replace view (\w+)", file.read_text("utf-8"))
]


@pytest.fixture(scope="module")
def only_read():
    """Return a warehouse that no test of this file changes."""
    with duckdb.connect() as connection:
        migrate(connection)
        yield connection


@pytest.fixture
def db():
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection)
        yield connection


def ledger(db: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return db.execute("select name, checksum from schema_migration order by 1").fetchall()


def views(db: duckdb.DuckDBPyConnection) -> set[str]:
    rows = db.execute("select view_name from duckdb_views() where not internal").fetchall()
    return {row[0] for row in rows}


def test_every_table_and_column_and_view_is_explained(db):
    assert undocumented(db) == []


def test_what_no_comment_explains_is_named(db):
    db.execute("create table odd (thing integer)")
    db.execute("create view odder as select 1 as one")

    assert undocumented(db) == ["odd", "odd.thing", "odder"]


def test_views_are_described_before_tables(db):
    described = [row["is_view"] for row in described_columns(db)]

    assert described == sorted(described, reverse=True)
    assert any(described)


def test_migrating_twice_changes_nothing(db):
    before = ledger(db), described_columns(db)
    applied = db.execute("select max(applied_at) from schema_migration").fetchone()
    migrate(db)

    assert (ledger(db), described_columns(db)) == before
    assert db.execute("select max(applied_at) from schema_migration").fetchone() == applied


def test_the_ledger_has_every_file(db):
    names = [name for name, _ in ledger(db)]

    assert names == [*(step.name for step in migration_steps()), "views"]


def test_migrations_are_numbered_without_a_gap():
    numbers = [int(step.name[:4]) for step in migration_steps()]

    assert numbers == list(range(1, len(numbers) + 1))


def test_a_migration_that_was_edited_is_refused(db):
    db.execute("update schema_migration set checksum = 'other' where name like '0002%'")

    with pytest.raises(WarehouseError, match=r"0002_feeds_entries_pages\.sql was edited"):
        migrate(db)


def test_a_file_of_a_newer_casewatch_is_refused(db):
    db.execute("insert into schema_migration values ('0999_later.sql', 'x', now())")

    with pytest.raises(WarehouseError, match=r"0999_later\.sql.*newer version. Upgrade"):
        migrate(db)


def test_a_migration_that_fails_is_named_and_leaves_nothing():
    with duckdb.connect() as db:
        db.execute("create table feed (stranger integer)")

        with pytest.raises(WarehouseError, match=r"0002_feeds_entries_pages\.sql failed"):
            migrate(db)

        assert [name for name, _ in ledger(db)] == ["0001_registry_and_runs.sql"]


def test_views_are_made_anew_when_their_files_change(db):
    db.execute("create or replace view silence as select 'as the files once had it' as old")
    db.execute("update schema_migration set checksum = 'other' where name = 'views'")
    migrate(db)

    assert db.execute("describe silence").fetchall()[0][0] == "subject_id"


def test_a_view_whose_file_is_gone_goes(db):
    db.execute("create view renamed_since as select 1 as one")
    db.execute("update schema_migration set checksum = 'other' where name = 'views'")
    migrate(db)

    assert views(db) == set(VIEW_NAMES)


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_a_view_can_be_asked_of_an_empty_warehouse(only_read, view):
    assert only_read.execute(f"from {view}").fetchall() == []


@pytest.mark.parametrize("file", SQL_FILES, ids=lambda file: file.name)
def test_a_file_of_sql_begins_by_saying_why(file):
    assert re.match(r"-- \w.*[.:?]\n", file.read_text("utf-8"))


def test_no_table_has_a_foreign_key_or_an_index_that_grows(db):
    rows = db.execute(
        "select table_name, constraint_type from duckdb_constraints() "
        "where constraint_type <> 'NOT NULL' order by all"
    ).fetchall()

    assert rows == [
        (table, "PRIMARY KEY")
        for table in ("delivery", "feed", "run", "schema_migration", "subject")
    ]


def test_the_first_column_of_a_table_is_its_key_and_never_null(db):
    rows = db.execute(
        "select table_name, column_name from duckdb_columns() where column_index = 1 "
        "and is_nullable and table_name in (select table_name from duckdb_tables())"
    ).fetchall()

    assert rows == []


def test_what_an_older_casewatch_stored_stands_after_the_keys_lost_their_index():
    with duckdb.connect() as db:
        for step in migration_steps()[:6]:
            db.execute(step.sql)
        db.execute("insert into sketch values ('2024-09-24', 'a', 16), ('2024-09-24', 'a', 8)")
        db.execute("insert into story values ('s', 'a', '2024-09-24 12:00:00+00')")
        for step in migration_steps()[6:]:
            db.execute(step.sql)

        assert db.execute("select article_id, shingles from sketch").fetchall() == [("a", [8, 16])]
        assert db.execute("select story_id, first_article_id from story").fetchall() == [("s", "a")]
