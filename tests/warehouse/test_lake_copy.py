"""A lake's read copy: equal to the lake however rows changed, and no reader's place is lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from warehouse.articles import save_visits
from warehouse.intake import save_polls, save_registry
from warehouse.lake import LakeWarehouse, tidy
from warehouse.lake_copy import key_columns, lake_tables
from warehouse.moving import sums_of
from warehouse.places import Lake
from warehouse.publish import publish, spare_of
from warehouse.rows import insert_missing, update
from warehouse.store import open_copy

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


def test_the_copy_follows_the_lake(
    lake, tmp_path, make_visit, make_registry, make_poll, make_entry, versions
):
    copy = tmp_path / "home" / "copy.duckdb"
    with lake.transaction() as db:
        save_registry(db, make_registry())
        save_visits(db, [make_visit(f"n{i}") for i in range(4)], versions)
    publish(lake, copy)
    _same(lake, copy)
    with lake.transaction() as db:
        save_polls(db, "run", [make_poll(make_entry("n9"))])
        save_visits(db, [make_visit("n1", "Ada Byron won."), make_visit("new")], versions)
        db.execute("delete from mention where article_id = (select min(article_id) from article)")
    with lake.transaction() as db:
        insert_missing(
            db, "tagging", [{"version_id": "v", "tagger_version": "1", "registry_version": "1"}]
        )
        update(db, "tagging", [{"version_id": "v", "tagger_version": "2"}])
        save_registry(db, make_registry(version="r2"))
    publish(lake, copy)
    _same(lake, copy)
    publish(lake, copy)
    tidy(lake, days=1)
    with lake.transaction() as db:
        save_visits(db, [make_visit("last")], versions)
    publish(lake, copy)
    _same(lake, copy)


def test_a_copy_that_is_current_is_left_alone(lake, tmp_path):
    with lake.held():
        pass
    publish(lake, tmp_path / "copy.duckdb")
    before = (tmp_path / "copy.duckdb").stat().st_ino
    publish(lake, tmp_path / "copy.duckdb")

    assert (tmp_path / "copy.duckdb").stat().st_ino == before


def test_a_version_keeps_its_place_in_the_copy(lake, tmp_path, make_visit, versions):
    """The desk's index knows versions by their rowid."""
    copy, places = tmp_path / "copy.duckdb", "select rowid, version_id from article_version"
    with lake.transaction() as db:
        save_visits(db, [make_visit(f"n{i}") for i in range(9)], versions)
    publish(lake, copy)
    with open_copy(copy) as db:
        before = db.execute(places).fetchall()
    with lake.transaction() as db:
        db.execute("update article_version set extractor_version = '2' where title < 'n5'")
        save_visits(db, [make_visit("more")], versions)
    for _ in range(2):
        publish(lake, copy)
        with open_copy(copy) as db:
            assert db.execute(places).fetchall()[:9] == before
        with lake.transaction() as db:
            db.execute("update article_version set extractor_version = '3' where title > 'n5'")
    publish(lake, copy)
    _same(lake, copy)


def test_a_spoilt_copy_is_made_anew(lake, tmp_path, make_visit, versions):
    copy = tmp_path / "copy.duckdb"
    with lake.transaction() as db:
        save_visits(db, [make_visit()], versions)
    copy.write_bytes(b"no database")
    for name in ("two", "three"):
        publish(lake, copy)
        spare_of(copy).write_bytes(b"no database")
        with lake.transaction() as db:
            save_visits(db, [make_visit(name)], versions)
    publish(lake, copy)

    _same(lake, copy)


def test_a_copy_of_another_lake_is_made_anew(server, lake, tmp_path, make_visit, versions):
    other = LakeWarehouse(Lake(server.new_database("another"), str(tmp_path / "b")))
    copy = tmp_path / "copy.duckdb"
    for each in (lake, other, lake):
        with each.transaction() as db:
            save_visits(db, [make_visit(f"n{random.random()}")], versions)
        publish(each, copy)
        _same(each, copy)


def _same(lake: LakeWarehouse, copy: Path) -> None:
    with lake.held() as db:
        db.execute(f"attach '{copy}' as made (read_only)")
        tables = lake_tables(db)
        of_lake = {t: sums_of(db, "warehouse", t) for t in tables}
        of_copy = {t: sums_of(db, "made", t) for t in tables}
        db.execute("detach made")
    assert of_copy == of_lake
    assert of_lake["article"].rows


def test_each_table_is_keyed_as_the_copy_takes_it(lake, make_visit, versions):
    """A table with another key than its first column would lose rows in the copy."""
    with lake.transaction() as db:
        save_visits(db, [make_visit(f"n{i}") for i in range(9)], versions)
        for table in lake_tables(db):
            keys = ", ".join(key_columns(db, table))
            doubled = f"select 1 from {table} group by {keys} having count(*) > 1"
            assert not db.execute(doubled).fetchall(), table


def test_the_copy_has_the_comments_that_a_lake_has_not(lake, tmp_path):
    with lake.held():
        pass
    publish(lake, tmp_path / "copy.duckdb")
    with open_copy(tmp_path / "copy.duckdb") as db:
        said = db.execute(
            "select comment from duckdb_columns() "
            "where table_name = 'alerts' and column_name = 'rank'"
        ).fetchall()
    assert said[0][0].startswith("3: an execution date")


def test_a_reader_of_the_copy_before_the_last_keeps_what_it_opened(
    lake, tmp_path, make_visit, versions
):
    copy, count = tmp_path / "copy.duckdb", "select count(*) from article_version"
    with lake.transaction() as db:
        save_visits(db, [make_visit("first")], versions)
    publish(lake, copy)
    with open_copy(copy) as reader:
        for name in ("second", "third", "fourth"):
            with lake.transaction() as db:
                save_visits(db, [make_visit(name)], versions)
            publish(lake, copy)
            _same(lake, copy)

        assert reader.execute(count).fetchone() == (1,)


def test_a_row_that_one_transaction_updated_twice_is_what_it_became(
    lake, tmp_path, make_registry, make_feed
):
    """DuckLake lists both states of it, without their order."""
    copy, names = tmp_path / "copy.duckdb", [f"feed-{n}" for n in range(12)]
    feeds = make_registry(feeds=tuple(make_feed(name) for name in names))
    with lake.transaction() as db:
        save_registry(db, feeds)
    publish(lake, copy)
    for tries in range(3):
        with lake.transaction() as db:
            save_registry(db, feeds)
        with lake.transaction() as db:
            update(db, "feed", [{"feed_id": name, "etag": f"{tries}"} for name in names])
            listed = [{"feed_id": name, "listed": [name, f"{tries}"]} for name in names[::5]]
            update(db, "feed", listed)
        publish(lake, copy)

        with open_copy(copy) as db:
            told = db.execute("select feed_id, etag, listed from feed order by 1").fetchall()
        assert told == sorted(
            (name, f"{tries}", [name, f"{tries}"] if name in names[::5] else None) for name in names
        )
