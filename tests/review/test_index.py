"""The desk's index: made from each copy, never in the way of a reader, and thrown away at will."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.copies import Copies
from review.desk import Desk
from review.index import fts_query
from review.queue import Filters, list_queue
from review.search import excerpt, search_articles
from tests.review.conftest import desk_settings
from warehouse.publish import publish
from warehouse.store import Warehouse


@pytest.fixture
def desk(home):
    made = Desk(desk_settings(home))
    made.keeper.catch_up()
    yield made
    made.close()


def search(desk, typed, page=1):
    with desk.index.reading() as db, desk.copies.open() as copy:
        return search_articles(db, copy, typed, page)


def change(desk, sql, values=None):
    """Change the warehouse as a run would, and publish."""
    warehouse = Warehouse(desk.settings.warehouse)
    with warehouse.transaction() as db:
        db.execute(sql, values)
    publish(warehouse, desk.settings.copy)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("death row", '"death" "row"'),
        ('"death row" Texas', '"death row" "Texas"'),
        ("execut*", '"execut"*'),
        ("“clemency board”", '"clemency board"'),
        ("Abu-Jamal's", '"Abu-Jamal\'s"'),
        ("NEAR(a b)", '"NEAR a" "b"'),
        ('a OR "b', '"a" "OR" "b"'),
        ("title:x", '"title x"'),
        ("***", None),
        ('""', None),
        ("", None),
    ],
)
def test_what_a_person_types_becomes_a_query(typed, query):
    assert fts_query(typed) == query


@pytest.fixture(scope="module")
def words():
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table words using fts5 (title, body, content = '')")
    return db


@given(typed=st.text())
def test_whatever_is_typed_is_a_query_that_sqlite_takes(words, typed):
    query = fts_query(typed)

    if query is not None:
        words.execute("select count(*) from words where words match ?", [query]).fetchone()


def test_every_version_is_indexed_and_searched_by_its_newest(desk):
    done, whole = desk.index.progress()

    assert done == whole > 30
    found = search(desk, "clemency")
    ids = [one["article_id"] for one in found.articles]
    assert len(ids) == len(set(ids)) == found.matching
    assert all(one["is_current"] for one in found.articles)


def test_accents_and_case_do_not_matter(desk):
    assert search(desk, "CLEMENCY").matching == search(desk, "clemency").matching > 0
    assert search(desk, "exécution").matching == search(desk, "execution").matching > 0


def test_a_phrase_is_narrower_than_its_words(desk):
    assert search(desk, '"death row"').matching <= search(desk, "death row").matching
    assert search(desk, '"row death"').matching == 0


def test_a_second_look_does_nothing(desk):
    assert not desk.index.is_behind()
    assert not desk.index.sync_alerts()
    assert not desk.index.sync_words()


def test_a_new_copy_is_read_and_open_readers_keep_the_old_one(desk):
    with desk.copies.open() as copy:
        before = copy.execute("select count(*) from alert").fetchone()
        change(desk, "delete from alert where rank = 2")

        assert desk.index.is_behind()
        assert copy.execute("select count(*) from alert").fetchone() == before

    assert desk.index.sync_alerts()
    with desk.index.reading() as db:
        assert list_queue(db, Filters(severity="2")).matching == 0
    with desk.copies.open() as copy:
        assert copy.execute("select count(*) from alert").fetchone() < before


def test_only_what_is_new_is_indexed(desk):
    done, _ = desk.index.progress()
    change(
        desk,
        "insert into article_version by name select * replace ('new' as version_id, "
        "'Zanzibar' as title, 'Zanzibar' || chr(10) || chr(10) || 'zanzibar' as text, "
        "99 as number) from article_version limit 1",
    )

    assert search(desk, "zanzibar").matching == 0
    desk.keeper.catch_up()

    assert desk.index.progress() == (done + 1, done + 1)
    assert search(desk, "zanzibar").matching == 1


def test_words_forgotten_are_found_again(desk):
    before = search(desk, "prison").matching
    desk.index.unlearn(10)
    assert desk.index.progress()[0] == desk.index.progress()[1] - 10

    desk.keeper.catch_up()

    assert desk.index.progress()[0] == desk.index.progress()[1]
    assert search(desk, "prison").matching == before > 0


def test_another_warehouse_in_the_same_place_is_indexed_anew(desk):
    change(desk, "update article_version set version_id = reverse(version_id)")

    desk.keeper.catch_up()

    done, whole = desk.index.progress()
    assert done == whole
    with desk.index.reading() as db, desk.copies.open() as copy:
        ours = {row[0] for row in db.execute("select version_id from doc")}
        theirs = {
            row[0] for row in copy.execute("select version_id from article_version").fetchall()
        }
    assert ours == theirs


def test_an_index_of_another_format_is_made_anew(desk):
    with sqlite3.connect(desk.settings.index) as db:
        db.execute("update state set value = 'older' where name = 'format'")
        db.execute("drop table alert")

    again = Desk(desk.settings)
    again.keeper.catch_up()

    with again.index.reading() as db:
        assert list_queue(db, Filters()).matching > 0
    again.close()


def test_small_batches_end_where_one_does(desk, tmp_path):
    other = Desk(replace(desk.settings, home=tmp_path / "other"))
    while other.index.sync_words(batch=7):
        pass

    assert other.index.progress() == desk.index.progress()
    for typed in ("prison", "hearing", "Texas"):
        assert search(other, typed).matching == search(desk, typed).matching
    other.close()


def test_many_readers_at_once_each_have_a_copy(desk):
    copies = Copies(desk.settings.copy)
    counts = []

    def read():
        for _ in range(5):
            with copies.open() as db:
                counts.extend(db.execute("select count(*) from article").fetchall())

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(counts) == 30
    assert len(set(counts)) == 1
    copies.close()


def test_an_excerpt_marks_the_words_in_the_body():
    text = "Title of prison\n\n" + "word " * 100 + "the prison stands " + "word " * 100

    cuts = excerpt(text, ["prison"])

    assert [one.text for one in cuts if one.names] == ["prison"]
    assert "".join(one.text for one in cuts) in text
    assert len("".join(one.text for one in cuts)) < 340


@given(text=st.text(), term=st.text(min_size=1))
def test_an_excerpt_is_a_part_of_the_text(text, term):
    assert "".join(one.text for one in excerpt(text, [term])) in text
