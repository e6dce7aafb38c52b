"""The views feed_health and silence: whether a zero means silence or blindness."""

import duckdb
import pytest

from warehouse.reads import moved_feeds, silence_rows
from warehouse.schema import migrate


@pytest.fixture
def db():
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        migrate(connection)
        yield connection


def add_feed(db, name, *, ok=0, new=0, gap=None, failure=None):
    """Add a feed that answered *ok* days ago, brought something *new* days ago."""
    db.execute(
        "insert into feed (feed_id, url, outlet, kind, active, failures_in_a_row, last_polled_at, "
        "last_ok_at, last_new_at, gap_minutes, failure) select $id, $id, $id, 'feed', true, 0, "
        "now(), now() - to_days($ok), now() - to_days($new), $gap, $failure",
        {"id": name, "ok": ok, "new": new, "gap": gap, "failure": failure},
    )
    db.execute(
        "insert into entry (entry_id, feed_id, title, summary, authors, first_seen_at, changed_at)"
        " select $id, $id, '', '', [], now(), now()",
        {"id": name},
    )


def add_case(db, name, *feeds, mentioned=None):
    """Add a case that each of *feeds* brought an article about, *mentioned* days ago."""
    db.execute(
        "insert into subject (subject_id, kind, display_name, policy, advocates, active, "
        "registry_version) select $id, 'case', $id, 'p', [], true, 'v'",
        {"id": name},
    )
    for feed in feeds:
        key = f"{name} {feed}"
        db.execute(
            "insert into article (article_id, canonical_url, url, outlet, host, page_kind, authors,"
            " first_seen_at, version_id, versions) select $id, $id, $id, 'o', 'h', 'article', [], "
            "now() - to_days($days), $id, 1",
            {"id": key, "days": mentioned},
        )
        db.execute(
            "insert into page (page_id, url, host, feed_id, state, attempts, first_seen_at, "
            "article_id) select $id, $id, 'h', $feed, 'done', 0, now(), $id",
            {"id": key, "feed": feed},
        )
        db.execute(
            "insert into claim (claim_id, version_id, article_id, subject_id, alerts, confidence, "
            "rank, reason, start_offset, end_offset, quote, tagger_version, registry_version) "
            "select $id, $id, $id, $case, true, 1, 1, '', 0, 1, '', '', ''",
            {"id": key, "case": name},
        )


def add_run(db, days):
    db.execute(
        "insert into run (run_id, kind, state, started_at, process, registry_version) "
        "select 'r', 'monitor', 'done', now() - to_days(?), '', ''",
        [days],
    )


def states(db):
    return dict(db.execute("select feed_id, state from feed_health").fetchall())


HOUR, DAY, MONTH = 60, 1440, 30 * 1440


@pytest.mark.parametrize(
    ("gap", "quiet_days", "state"),
    [
        (HOUR, 3, "fine"),
        (HOUR, 5, "silent"),  # it brings news by the hour
        (DAY, 5, "fine"),
        (DAY, 21, "silent"),
        (7 * DAY, 27, "fine"),
        (7 * DAY, 29, "silent"),
        (MONTH, 80, "fine"),
        (MONTH, 91, "silent"),
        (None, 27, "fine"),
        (None, 29, "silent"),
    ],
)
def test_a_feed_is_silent_by_its_own_rhythm(db, gap, quiet_days, state):
    add_feed(db, "wire", new=quiet_days, gap=gap)

    assert states(db) == {"wire": state}


def test_a_feed_that_nobody_asked_meanwhile_is_not_silent(db):
    add_feed(db, "wire", ok=60, new=61, gap=HOUR)

    assert states(db) == {"wire": "fine"}


def test_a_case_is_silent_when_its_feeds_are_healthy_and_blind_when_not(db):
    add_feed(db, "fine")
    add_feed(db, "dead", failure="dns")
    add_case(db, "silent", "fine", mentioned=31)
    add_case(db, "blind", "dead", mentioned=40)
    add_case(db, "heard", "fine", "dead", mentioned=29)
    rows = silence_rows(db)

    assert [(row["subject_id"], row["state"]) for row in rows] == [
        ("blind", "blind"),
        ("silent", "silent"),
        ("heard", "heard of"),
    ]
    assert [(row["its_feeds"], row["its_feeds_fine"]) for row in rows] == [(1, 0), (1, 1), (2, 1)]


def test_a_case_that_was_never_named_is_silent_once_we_have_looked_for_a_month(db):
    add_feed(db, "fine")
    add_case(db, "new")
    assert [row["state"] for row in silence_rows(db)] == ["heard of"]

    add_run(db, 31)
    (row,) = silence_rows(db)
    assert (row["state"], row["days"], row["quiet_days"]) == ("silent", None, 31)


def test_without_a_feed_every_case_is_unseen(db):
    add_run(db, 31)
    add_case(db, "new")

    assert [row["state"] for row in silence_rows(db)] == ["blind"]


def test_feeds_that_moved_or_are_gone_are_told(db):
    for name in ("moved", "gone", "fine"):
        add_feed(db, name)
    db.execute("update feed set moved_to = 'http://x.example/' where feed_id = 'moved'")
    db.execute("update feed set gone_at = now() where feed_id = 'gone'")

    assert [row["feed_id"] for row in moved_feeds(db)] == ["gone", "moved"]
