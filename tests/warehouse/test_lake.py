"""The warehouse on a lake, with a real PostgreSQL: it holds what a file would, whoever writes."""

from __future__ import annotations

import threading

import duckdb
import pytest

from benchmarks.lake import run as run_writers
from extractors.errors import WarehouseBusyError, WarehouseError
from warehouse.articles import save_visits
from warehouse.backfills import Progress, progress_of
from warehouse.lake import LakeWarehouse, open_lake
from warehouse.moving import file_to_lake, lake_to_file
from warehouse.schema import Step, migration_steps
from warehouse.staging import Batch, merge, stage, store
from warehouse.store import Warehouse

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

_COLUMNS = """
select table_name, column_name, data_type, is_nullable, duckdb_columns.comment
from duckdb_columns() join duckdb_tables() using (database_name, schema_name, table_name)
where schema_name = 'main' and database_name = current_database() order by all
"""


@pytest.fixture
def now(noon):
    return noon


def _rows(warehouse: Warehouse, sql: str) -> list[tuple]:
    with warehouse.transaction() as db:
        return db.execute(sql).fetchall()


def _batch(visits, versions, pages: int = 1, source: str = "a.warc") -> Batch:
    return Batch(tuple(visits), versions, Progress(source, "warc", str(pages), pages))


def test_a_lake_has_the_tables_of_a_file(lake, warehouse):
    assert _rows(lake, _COLUMNS) == _rows(warehouse, _COLUMNS)


def test_every_view_can_be_asked(lake, warehouse):
    views = "select view_name from duckdb_views() where not internal order by 1"
    names = _rows(lake, views)

    assert names == _rows(warehouse, views)
    assert [_rows(lake, f"select * from {view} limit 1") for (view,) in names]


def test_a_migration_that_fails_leaves_the_lake_as_it_was(lake, place, monkeypatch):
    broken = Step("9999_broken.sql", "create table wrong (a text); update no_table set a = 1;")
    with lake.held():
        pass
    monkeypatch.setattr(
        "warehouse.lake_schema.migration_steps", lambda: (*migration_steps(), broken)
    )
    with pytest.raises(WarehouseError, match="9999_broken"):
        _rows(LakeWarehouse(place), "select 1")
    monkeypatch.undo()

    tables = _rows(LakeWarehouse(place), "select table_name from duckdb_tables()")
    assert ("wrong",) not in tables


def test_a_lake_of_a_newer_casewatch_is_refused(lake, place):
    with lake.transaction() as db:
        db.execute("insert into schema_migration values ('9999_new.sql', 'x', now())")

    with pytest.raises(WarehouseError, match="Upgrade casewatch"):
        _rows(LakeWarehouse(place), "select 1")


def test_four_that_open_a_new_lake_at_once_make_it_once(place):
    opened = []
    many = [
        threading.Thread(target=lambda: opened.append(_rows(LakeWarehouse(place), "select 1")))
        for _ in range(4)
    ]
    for one in many:
        one.start()
    for one in many:
        one.join()

    assert opened == [[(1,)]] * 4


def test_who_waits_is_told_who_writes(lake, place):
    with lake.transaction(), pytest.raises(WarehouseBusyError, match=r"written by .+:\d+; waited"):
        LakeWarehouse(place, patience=0.2).transaction().__enter__()


def test_a_failed_block_stores_nothing(lake, make_visit, versions):
    with pytest.raises(KeyError), lake.transaction() as db:  # noqa: PT012
        save_visits(db, [make_visit()], versions)
        raise KeyError

    assert _rows(lake, "select count(*) from article") == [(0,)]


def test_after_a_restart_of_postgresql_nothing_is_stored_and_it_goes_on(
    server, lake, make_visit, versions
):
    with pytest.raises((WarehouseError, duckdb.Error)), lake.transaction() as db:  # noqa: PT012
        save_visits(db, [make_visit()], versions)
        server.restart()
    assert _rows(lake, "select count(*) from article") == [(0,)]

    with lake.transaction() as db:
        save_visits(db, [make_visit()], versions)
    assert _rows(lake, "select count(*) from article") == [(1,)]


def test_two_at_once_store_the_same_batch_once(lake, place, make_visit, versions, now):
    batches = [_batch([make_visit(f"n{i}") for i in range(9)], versions)] * 2
    writers = [
        threading.Thread(target=store, args=(LakeWarehouse(place), batch, now)) for batch in batches
    ]
    _rows(lake, "select 1")
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    merge(lake, now)

    assert _rows(lake, "select count(*), count(distinct article_id) from article") == [(9, 9)]
    assert _rows(lake, "select count(*), count(distinct mention_id) from mention") == [(9, 9)]


def test_who_cannot_have_the_lock_stages_and_waits_for_nothing(
    lake, place, make_visit, versions, now
):
    with lake.held():
        pass
    other = LakeWarehouse(place, patience=60.0)

    with lake.transaction():
        stored = store(other, _batch([make_visit()], versions), now)
    assert stored.articles_new == 0
    assert _rows(lake, "select count(*) from article") == [(0,)]

    assert merge(lake, now).articles_new == 1
    assert merge(lake, now).articles_new == 0
    assert _rows(lake, "select count(*) from staging.batch") == [(0,)]
    assert _rows(lake, "select pages, articles from backfill") == [(1, 1)]


def test_a_batch_that_was_merged_but_not_removed_is_not_merged_again(
    lake, make_visit, versions, now
):
    with lake.held():
        pass
    stage(lake, _batch([make_visit()], versions), now)
    with lake.transaction() as db:
        db.execute("insert into staging.merged select batch_id from staging.batch")

    assert merge(lake, now).articles_new == 0
    assert _rows(lake, "select count(*) from staging.batch") == [(0,)]


def test_a_batch_that_is_staged_twice_is_stored_once(lake, make_visit, versions, now):
    with lake.held():
        pass
    for _ in range(2):
        stage(lake, _batch([make_visit()], versions), now)

    assert merge(lake, now).articles_new == 1
    assert _rows(lake, "select count(*) from article_version") == [(1,)]


def test_an_edit_that_waits_with_its_first_version_comes_after_it(lake, make_visit, versions, now):
    with lake.held():
        pass
    first, edited = make_visit(), make_visit(body="Ada Byron won.")
    stage(lake, _batch([first], versions, 1), now)
    stage(lake, _batch([edited], versions, 2), now.replace(hour=13))

    stored = merge(lake, now)

    assert (stored.articles_new, stored.versions_new) == (1, 1)
    assert _rows(lake, "select number, text from article_version order by 1") == [
        (1, first.reading.article.text),
        (2, edited.reading.article.text),
    ]


def test_an_older_batch_does_not_set_a_source_back(lake, make_visit, versions, now):
    with lake.held():
        pass
    store(lake, _batch([make_visit("two")], versions, 2), now)
    store(lake, _batch([make_visit("one")], versions, 1), now)

    with lake.transaction() as db:
        assert progress_of(db, "a.warc", "warc").position == "2"
    assert _rows(lake, "select count(*) from article") == [(2,)]


def test_runs_of_one_kind_exclude_each_other_backfills_do_not(lake, place):
    with lake.run_under_way("r1", "monitor"):
        with pytest.raises(WarehouseBusyError, match="under way"):
            LakeWarehouse(place).run_under_way("r2", "monitor").__enter__()
        with LakeWarehouse(place).run_under_way("r3", "backfill"), lake.held():
            assert lake.living(["r1", "r3", "r4"]) == {"r1", "r3"}
            with LakeWarehouse(place).run_under_way("r5", "backfill"):
                pass
    with lake.held():
        assert lake.living(["r1", "r3"]) == set()


def test_a_run_survives_a_restart_of_postgresql(server, lake, make_visit, versions):
    with lake.run_under_way("r1", "monitor"):
        with lake.held():
            pass
        server.restart()
        with lake.transaction() as db:
            save_visits(db, [make_visit()], versions)

    assert _rows(lake, "select count(*) from article") == [(1,)]


def test_a_warehouse_moves_to_a_lake_and_back(lake, warehouse, tmp_path, make_visit, versions, now):
    with warehouse.transaction() as db:
        save_visits(db, [make_visit(f"n{i}") for i in range(9)], versions)

    there = file_to_lake(warehouse.path, lake)
    back = lake_to_file(lake, tmp_path / "back.duckdb", now)

    assert there == back
    assert there["article"].rows == 9
    with Warehouse(tmp_path / "back.duckdb").transaction() as db:
        tables = db.execute("select table_name from duckdb_tables() order by 1").fetchall()
        assert {t for (t,) in tables} == {*there, "schema_migration"}
        save_visits(db, [make_visit("more")], versions)


def test_what_waits_to_be_merged_moves_too(lake, tmp_path, make_visit, versions, now):
    with lake.held():
        pass
    stage(lake, _batch([make_visit()], versions), now)

    assert lake_to_file(lake, tmp_path / "back.duckdb", now)["article"].rows == 1


def test_a_full_lake_and_a_file_that_is_there_are_refused(
    lake, warehouse, make_visit, versions, now
):
    with warehouse.transaction() as db:
        save_visits(db, [make_visit()], versions)
    file_to_lake(warehouse.path, lake)

    with pytest.raises(WarehouseError, match="not empty"):
        file_to_lake(warehouse.path, lake)
    with pytest.raises(WarehouseError, match="exists already"):
        lake_to_file(lake, warehouse.path, now)


def test_a_lake_without_tables_cannot_be_read(lake):
    with pytest.raises(WarehouseError, match="empty yet"), lake.unlocked():
        pass


def test_the_lake_itself_can_be_read_without_a_lock(lake, place, make_visit, versions):
    with lake.transaction() as db:
        save_visits(db, [make_visit()], versions)
    with lake.transaction(), open_lake(place) as db:
        assert db.execute("select count(*) from articles").fetchone() == (1,)


def test_four_writers_that_are_killed_at_random_lose_and_double_nothing():
    """The whole of it: `python -m benchmarks.lake`, 300 seconds."""
    outcome = run_writers(20.0, 4, seed=7)

    assert outcome.wrong == []
    assert outcome.kills >= 1
    assert outcome.batches >= 5
