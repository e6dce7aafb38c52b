"""What polls leave behind: feeds with their state, entries counted once, pages made due."""

from datetime import timedelta
from typing import Any

import pytest

from extractors.model import Jurisdiction, Status
from warehouse.intake import due_pages, feed_states, log_outage, save_polls, save_registry
from warehouse.rows import named_rows
from warehouse.store import Warehouse


@pytest.fixture
def watching(warehouse, make_registry):
    """A warehouse that knows one case and one feed."""
    with warehouse.transaction() as db:
        save_registry(db, make_registry())
    return warehouse


def ask(warehouse: Warehouse, sql: str) -> list[dict[str, Any]]:
    with warehouse.transaction() as db:
        return named_rows(db, sql)


def save(warehouse: Warehouse, *polls: Any, run_id: str = "run-1") -> int:
    with warehouse.transaction() as db:
        return save_polls(db, run_id, polls)


def due(warehouse: Warehouse, now: Any) -> list[str]:
    with warehouse.transaction() as db:
        return [page.url for page in due_pages(db, now)]


# --- the registry ------------------------------------------------------------------------------


def test_the_registry_becomes_rows(warehouse, make_registry, make_case):
    case = make_case(
        jurisdiction=Jurisdiction("US", region="US-CA"),
        status=(Status("death_row", "2023", "old"), Status("exonerated", "2024-09-24", "court")),
        sources=(("old", "https://old.example"), ("court", "https://court.example")),
        advocates=("grace-hopper",),
    )
    with warehouse.transaction() as db:
        save_registry(db, make_registry(cases=(case,)))

    assert ask(warehouse, "from subject") == [
        {
            "subject_id": "ada-byron",
            "kind": "case",
            "display_name": "Ada Byron",
            "policy": "name_sufficient",
            "jurisdiction": "US-CA",
            "status": "exonerated",
            "status_as_of": "2024-09-24",
            "status_source": "https://court.example",
            "advocates": ["grace-hopper"],
            "active": True,
            "registry_version": "r1",
            "notify": "daily",
        }
    ]


def test_what_is_gone_from_the_registry_turns_inactive_and_stays(
    watching, make_registry, make_case, make_feed
):
    with watching.transaction() as db:
        later = make_registry(cases=(make_case("mary-shelley"),), feeds=(make_feed("gazette"),))
        save_registry(db, later)

    subjects = ask(watching, "select subject_id, active from subject order by 1")
    feeds = ask(watching, "select feed_id, active from feed order by 1")

    assert [tuple(row.values()) for row in subjects] == [
        ("ada-byron", False),
        ("mary-shelley", True),
    ]
    assert [tuple(row.values()) for row in feeds] == [("gazette", True), ("wire", False)]


def test_what_comes_back_to_the_registry_is_active_again(watching, make_registry):
    with watching.transaction() as db:
        save_registry(db, make_registry(cases=(), feeds=()))
    with watching.transaction() as db:
        save_registry(db, make_registry())

    assert ask(watching, "select active from subject union all select active from feed") == [
        {"active": True},
        {"active": True},
    ]


def test_the_registry_read_again_leaves_the_state_of_a_feed(watching, make_registry, make_poll):
    save(watching, make_poll(etag='"v1"', body_hash="h1"))
    before = ask(watching, "from feed")
    with watching.transaction() as db:
        save_registry(db, make_registry(version="r2"))

    assert ask(watching, "from feed") == before


def test_a_feed_that_failed_is_asked_at_once_after_its_address_was_repaired(
    watching, make_registry, make_feed, make_poll, noon
):
    save(watching, make_poll(etag='"v1"', body_hash="h1"))
    next_week = noon + timedelta(days=7)
    save(watching, failed(make_poll, next_poll_at=next_week), run_id="run-2")
    repaired = make_registry(feeds=(make_feed(url="https://wire.example/new-feed"),))
    with watching.transaction() as db:
        save_registry(db, repaired)
        state = feed_states(db, repaired)[0]

    assert state.next_poll_at is None
    assert state.failures_in_a_row == 0
    assert (state.etag, state.last_modified, state.body_hash) == (None, None, None)


# --- polls ---------------------------------------------------------------------------------------


def failed(make_poll: Any, **fields: Any) -> Any:
    facts: dict[str, Any] = {
        "outcome": "failed",
        "status": 503,
        "failure": "http_5xx",
        "message": "HTTP 503",
    }
    return make_poll(**(facts | fields))


def test_the_state_of_a_feed_is_what_the_last_answer_said(
    watching, make_registry, make_poll, make_entry, noon
):
    again = noon + timedelta(hours=1)
    poll = make_poll(
        make_entry(),
        next_poll_at=again,
        title="The Wire",
        etag='"v1"',
        last_modified="Tue",
        body_hash="h1",
        moved_to="https://wire.example/new",
    )
    save(watching, poll)
    with watching.transaction() as db:
        state = feed_states(db, make_registry())[0]
    row = ask(watching, "select title, moved_to, last_ok_at, last_new_at, failure from feed")[0]

    assert (state.etag, state.last_modified, state.body_hash) == ('"v1"', "Tue", "h1")
    assert (state.next_poll_at, state.failures_in_a_row) == (again, 0)
    assert tuple(row.values()) == ("The Wire", "https://wire.example/new", noon, noon, None)


def test_a_feed_that_was_never_polled_has_no_state(watching, make_registry, make_feed):
    with watching.transaction() as db:
        states = feed_states(db, make_registry(feeds=(make_feed(), make_feed("unknown"))))

    assert [state.feed.id for state in states] == ["wire", "unknown"]
    assert [state.next_poll_at for state in states] == [None, None]


def test_a_failed_poll_keeps_validators_and_the_time_of_the_last_good_answer(
    watching, make_poll, noon
):
    save(watching, make_poll(etag='"v1"', last_modified="Tue", body_hash="h1", title="The Wire"))
    save(watching, failed(make_poll, fetched_at=noon + timedelta(days=1)), run_id="run-2")
    row = ask(watching, "from feed")[0]

    assert (row["etag"], row["last_modified"], row["body_hash"]) == ('"v1"', "Tue", "h1")
    assert (row["last_ok_at"], row["last_polled_at"]) == (noon, noon + timedelta(days=1))
    assert (row["failure"], row["failure_message"]) == ("http_5xx", "HTTP 503")
    assert (row["failures_in_a_row"], row["title"]) == (1, "The Wire")


def test_failures_are_counted_until_a_good_answer(watching, make_poll):
    counted = []
    for number, poll in enumerate(
        [failed(make_poll), failed(make_poll), make_poll(outcome="unchanged", status=304)]
    ):
        save(watching, poll, run_id=f"run-{number}")
        counted += ask(watching, "select failures_in_a_row, failure from feed")

    assert [tuple(row.values()) for row in counted] == [(1, "http_5xx"), (2, "http_5xx"), (0, None)]


def test_an_unchanged_answer_is_a_good_one_and_keeps_the_validators(watching, make_poll, noon):
    later = noon + timedelta(days=1)
    save(watching, make_poll(etag='"v1"'))
    save(watching, make_poll(outcome="unchanged", status=304, fetched_at=later), run_id="run-2")

    assert ask(watching, "select etag, last_ok_at from feed") == [
        {"etag": '"v1"', "last_ok_at": later}
    ]


def test_an_answer_without_a_new_entry_is_no_news(watching, make_poll, make_entry, noon):
    save(watching, make_poll(make_entry()))
    save(watching, make_poll(make_entry(), fetched_at=noon + timedelta(days=1)), run_id="run-2")

    assert ask(watching, "select last_new_at from feed") == [{"last_new_at": noon}]


def test_an_outage_is_logged_and_blames_no_feed(watching, make_poll, noon):
    save(watching, make_poll(etag='"v1"'))
    before = ask(watching, "from feed")
    with watching.transaction() as db:
        later = noon + timedelta(days=1)
        log_outage(db, "run-2", [failed(make_poll, status=None, failure="dns", fetched_at=later)])

    assert ask(watching, "from feed") == before
    assert ask(watching, "select failure from feed_fetch where run_id = 'run-2'") == [
        {"failure": "dns"}
    ]


def test_polls_are_logged_once_a_run(watching, make_poll, make_entry):
    poll = make_poll(make_entry("one"), make_entry("two"), message="odd, but read")
    save(watching, poll)
    save(watching, poll)

    assert ask(
        watching, "select run_id, outcome, message, entries, entries_new from feed_fetch"
    ) == [
        {
            "run_id": "run-1",
            "outcome": "new",
            "message": "odd, but read",
            "entries": 2,
            "entries_new": 2,
        }
    ]


# --- entries and pages ---------------------------------------------------------------------------


def test_an_entry_is_new_once(watching, make_poll, make_entry):
    assert save(watching, make_poll(make_entry("one"))) == 1
    assert save(watching, make_poll(make_entry("one"), make_entry("two")), run_id="run-2") == 1
    assert save(watching, make_poll(make_entry("one"), make_entry("two")), run_id="run-3") == 0
    assert len(ask(watching, "from entry")) == 2


def test_an_entry_that_stands_twice_in_one_feed_is_one_row_and_counted_once(
    watching, make_poll, make_entry
):
    assert save(watching, make_poll(make_entry(), make_entry(title="Told again"))) == 1
    assert len(ask(watching, "from entry")) == 1
    assert ask(watching, "select entries_new from feed_fetch") == [{"entries_new": 1}]


def test_two_feeds_that_promise_one_page_make_two_entries_and_one_page(
    warehouse, make_registry, make_feed, make_poll, make_entry
):
    with warehouse.transaction() as db:
        save_registry(db, make_registry(feeds=(make_feed("wire"), make_feed("gazette"))))
    theirs = make_entry(id="other", feed_id="gazette", url="https://wire.example/one?utm_source=x")

    assert save(warehouse, make_poll(make_entry()), make_poll(theirs, feed_id="gazette")) == 2
    assert ask(warehouse, "select url, feed_id, state from page") == [
        {"url": "https://wire.example/one", "feed_id": "wire", "state": "due"}
    ]


def test_an_entry_without_a_link_is_kept_and_makes_no_page(watching, make_poll, make_entry):
    assert save(watching, make_poll(make_entry(url=None))) == 1
    assert ask(watching, "select url, page_id from entry") == [{"url": None, "page_id": None}]
    assert ask(watching, "from page") == []


def test_an_edited_title_updates_the_entry_and_keeps_when_it_was_first_seen(
    watching, make_poll, make_entry, noon
):
    later = noon + timedelta(hours=3)
    save(watching, make_poll(make_entry(title="Hearing set")))
    edited = make_poll(make_entry(title="Hearing moved"), fetched_at=later)

    assert save(watching, edited, run_id="run-2") == 0
    assert ask(watching, "select title, first_seen_at, changed_at from entry") == [
        {"title": "Hearing moved", "first_seen_at": noon, "changed_at": later}
    ]


@pytest.mark.parametrize("state", ["done", "failed"])
def test_an_edited_entry_makes_its_page_due_again(watching, make_poll, make_entry, noon, state):
    later = noon + timedelta(hours=3)
    save(watching, make_poll(make_entry(title="Hearing set")))
    settle_page(watching, state)
    assert due(watching, later) == []
    save(watching, make_poll(make_entry(updated_at=later), fetched_at=later), run_id="run-2")

    assert due(watching, later) == ["https://wire.example/one"]


def test_an_entry_that_did_not_change_leaves_its_page_alone(watching, make_poll, make_entry, noon):
    later = noon + timedelta(hours=3)
    save(watching, make_poll(make_entry()))
    settle_page(watching, "done")
    save(watching, make_poll(make_entry(summary="Cut anew"), fetched_at=later), run_id="run-2")

    assert due(watching, later) == []


def test_an_edited_entry_does_not_overrule_robots_txt(watching, make_poll, make_entry, noon):
    later = noon + timedelta(hours=3)
    save(watching, make_poll(make_entry()))
    settle_page(watching, "refused")
    save(watching, make_poll(make_entry(title="Edited"), fetched_at=later), run_id="run-2")

    assert due(watching, later) == []


def settle_page(warehouse: Warehouse, state: str) -> None:
    with warehouse.transaction() as db:
        db.execute("update page set state = ?, next_fetch_at = null, attempts = 3", [state])


def test_a_page_is_due_from_its_time_on(watching, make_poll, make_entry, noon):
    save(watching, make_poll(make_entry()))

    assert due(watching, noon - timedelta(seconds=1)) == []
    assert due(watching, noon) == ["https://wire.example/one"]


def test_due_pages_come_oldest_first_whatever_the_order_of_the_feed(
    watching, make_poll, make_entry, noon
):
    days = {"monday": 3, "thursday": 0, "tuesday": 2}
    entries = [make_entry(name, published_at=noon - timedelta(days=d)) for name, d in days.items()]
    undated = make_entry("undated")  # stands where it was first seen
    save(watching, make_poll(*entries, undated, fetched_at=noon - timedelta(days=1)))

    assert due(watching, noon) == [
        f"https://wire.example/{name}" for name in ("monday", "tuesday", "undated", "thursday")
    ]


def test_pages_of_one_time_are_due_in_one_order(watching, make_poll, make_entry, noon):
    entries = [make_entry(f"page-{n}", published_at=noon) for n in range(50)]
    save(watching, make_poll(*reversed(entries)))
    with watching.transaction() as db:
        ids = [page.page_id for page in due_pages(db, noon)]

    assert ids == sorted(ids)


def test_a_due_page_carries_what_its_entry_promised(watching, make_poll, make_entry, noon):
    entry = make_entry(
        guid="g1", summary="In short.", published_at=noon, authors=("A. Writer",), language="en"
    )
    save(watching, make_poll(entry))
    with watching.transaction() as db:
        page = due_pages(db, noon)[0]

    assert page.entry == entry
    assert (page.outlet, page.attempts, page.tracked) == ("wire", 0, False)


def test_characters_that_no_database_can_hold_cost_nothing_else(watching, make_poll, make_entry):
    """A JSON feed may escape half a surrogate pair, a header may hold any byte."""
    broken = make_entry("broken", url="https://wire.example/\udc00", language="e\ud800")
    poll = make_poll(broken, make_entry("fine"), etag='"caf\udce9"', title="The \ud83d Wire")

    assert save(watching, poll) == 2
    assert ask(watching, "select title, etag from feed") == [
        {"title": "The \ufffd Wire", "etag": '"caf\ufffd"'}
    ]
