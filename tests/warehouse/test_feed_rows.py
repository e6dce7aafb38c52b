"""A feed over time: what moved, what is gone, what vanished, and every title that an entry had."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from extractors.model import Entry, Feed, Registry
from warehouse.intake import FeedPoll, feed_states, save_polls, save_registry
from warehouse.schema import migrate

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = Feed(id="wire", url="http://wire.example/rss", outlet="Wire")
GOOD = FeedPoll("wire", NOON, "new", None, 5, status=200, body_hash="1", full=True)
GONE = FeedPoll("wire", NOON, "failed", None, 5, status=410, failure="gone", message="HTTP 410")


@pytest.fixture
def db():
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection)
        save_registry(connection, Registry((), (), (FEED,), "test"))
        yield connection


@pytest.fixture
def poll(db):
    """Return a function that stores a poll as if it had come so many hours after noon."""

    def store(poll, hours=0, *entries):
        at = NOON + hours * HOUR
        save_polls(db, f"run {hours}", [replace(poll, fetched_at=at, entries=entries)])

    return store


def make_entry(name, title=None):
    return Entry(id=name, feed_id="wire", url=f"http://wire.example/{name}", title=title or name)


def feed(db, columns):
    return db.execute(f"select {columns} from feed").fetchone()


def counts(db):
    return db.execute(
        "select entries_new, entries_edited, entries_vanished, entries_returned "
        "from feed_fetch order by fetched_at"
    ).fetchall()


def test_what_vanishes_and_returns_is_counted(db, poll):
    a, b, c = make_entry("a"), make_entry("b"), make_entry("c")
    poll(GOOD, 0, a, b)
    poll(GOOD, 1, b, c)
    poll(GOOD, 2, a, c)

    assert counts(db) == [(2, 0, 0, 0), (1, 0, 1, 0), (0, 0, 1, 1)]
    assert db.execute("select count(*) from entry").fetchone() == (3,)


def test_an_answer_without_a_body_makes_nothing_vanish(db, poll):
    poll(GOOD, 0, make_entry("a"))
    poll(replace(GOOD, outcome="unchanged", full=False), 1)
    poll(GONE, 2)
    poll(GOOD, 3, make_entry("a"))

    assert counts(db) == [(1, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0)]


def test_every_title_of_an_edited_entry_is_kept(db, poll):
    for hours, title in enumerate(("Stay asked", "Stay asked", "Stay granted", "Stay asked")):
        poll(GOOD, hours, make_entry("a", title), make_entry("b"))
    rows = db.execute("select title, seen_at from entry_version order by seen_at").fetchall()

    assert rows == [
        ("Stay asked", NOON),
        ("Stay granted", NOON + 2 * HOUR),
        ("Stay asked", NOON + 3 * HOUR),
    ]
    assert [edited for _, edited, *_ in counts(db)] == [0, 0, 1, 1]


def test_a_new_update_time_is_an_edit_and_no_new_title(db, poll):
    poll(GOOD, 0, make_entry("a"))
    poll(GOOD, 1, replace(make_entry("a"), updated_at=NOON))

    assert [edited for _, edited, *_ in counts(db)] == [0, 1]
    assert db.execute("from entry_version").fetchall() == []


def test_a_feed_remembers_since_when_it_has_moved(db, poll):
    moved = replace(GOOD, moved_to="http://new.example/rss")
    poll(moved, 0)
    poll(replace(moved, outcome="unchanged"), 1)
    assert feed(db, "moved_to, moved_at") == ("http://new.example/rss", NOON)

    poll(replace(moved, moved_to="http://newer.example/rss"), 2)
    assert feed(db, "moved_to, moved_at") == ("http://newer.example/rss", NOON + 2 * HOUR)

    poll(GOOD, 3)
    assert feed(db, "moved_to, moved_at") == (None, None)


def test_a_failure_says_nothing_of_a_move(db, poll):
    poll(replace(GOOD, moved_to="http://new.example/rss"), 0)
    poll(GONE, 1)

    assert feed(db, "moved_to, moved_at") == ("http://new.example/rss", NOON)


def test_a_feed_remembers_since_when_it_is_gone(db, poll):
    poll(GONE, 0)
    poll(GONE, 1)
    poll(replace(GONE, status=None, failure="dns"), 2)
    assert feed(db, "gone_at, failures_in_a_row") == (NOON, 3)

    poll(GOOD, 3)
    assert feed(db, "gone_at, failures_in_a_row") == (None, 0)


def test_a_304_does_not_count_as_a_whole_answer(db, poll):
    poll(GOOD, 0)
    poll(replace(GOOD, outcome="unchanged", status=304, full=False), 1)
    (state,) = feed_states(db, Registry((), (), (FEED,), "test"))

    assert state.last_full_at == NOON
    assert feed(db, "last_ok_at") == (NOON + HOUR,)


def test_an_entry_never_seen_before_makes_a_feed_new(db, poll):
    poll(GOOD, 0, make_entry("a"))
    poll(GOOD, 1, make_entry("a", "edited"))
    assert feed(db, "last_new_at") == (NOON,)

    poll(GOOD, 2, make_entry("b"))
    assert feed(db, "last_new_at") == (NOON + 2 * HOUR,)
