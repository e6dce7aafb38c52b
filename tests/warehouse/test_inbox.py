"""Verdicts: durable at once, taken into the warehouse later, shown as one in between."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import WarehouseError
from extractors.model import Verdict
from warehouse.articles import save_visits
from warehouse.inbox import Drained, Judgement, drain, overlay, put, waiting
from warehouse.intake import save_registry
from warehouse.reads import alert_rows
from warehouse.rows import named_rows
from warehouse.stories import cluster, raise_alerts

JUDGED = ("verdict", "reviewer", "note", "judged_at")


@pytest.fixture
def inbox(tmp_path):
    return tmp_path / "inbox"


@pytest.fixture
def judge(noon):
    """Return a factory of judgements of one alert, *minute* minutes past noon."""

    def judging(verdict: str = "relevant", minute: int = 0, **fields: Any) -> Judgement:
        facts = {"alert_id": "alert-1", "reviewer": "lin", "note": None} | fields
        judged_at = noon + timedelta(minutes=minute)
        return Judgement(verdict=Verdict(verdict), judged_at=judged_at, **facts)

    return judging


@pytest.fixture
def alerted(warehouse, versions, make_registry, make_visit, noon):
    """A warehouse with one alert."""
    with warehouse.transaction() as db:
        save_registry(db, make_registry())
        save_visits(db, [make_visit()], versions)
    with warehouse.transaction() as db:
        cluster(db)
        raise_alerts(db, "run-1", noon, history_after=timedelta(days=14))
    return warehouse


def stored(warehouse: Any) -> list[dict[str, Any]]:
    with warehouse.transaction() as db:
        return named_rows(db, "from verdict order by judged_at")


def alerts(warehouse: Any) -> list[dict[str, Any]]:
    with warehouse.transaction() as db:
        return alert_rows(db)


def judged(alert: dict[str, Any]) -> tuple[str | None, str | None, str | None, datetime | None]:
    return alert["verdict"], alert["reviewer"], alert["note"], alert["judged_at"]


# --- into the inbox ------------------------------------------------------------------------------


def test_a_verdict_that_was_put_in_waits(inbox, judge):
    judgement = judge("wrong_person", note="Another Ada, “the painter”")
    put(inbox, judgement)

    assert waiting(inbox) == [judgement]


def test_the_same_verdict_put_in_twice_is_one_file(inbox, judge):
    assert put(inbox, judge()) == put(inbox, judge())
    assert [file.suffix for file in inbox.iterdir()] == [".json"]


def test_verdicts_wait_in_the_order_in_which_they_were_given(inbox, judge):
    minutes = [3, 1, 2, 0]
    for minute in minutes:
        put(inbox, judge(minute=minute))

    assert [j.judged_at.minute for j in waiting(inbox)] == sorted(minutes)


def test_nothing_waits_where_there_is_no_inbox(inbox):
    assert waiting(inbox) == []


def test_a_file_that_is_half_written_is_not_a_verdict_yet(inbox, judge):
    file = put(inbox, judge())
    file.with_suffix(".123.tmp").write_text('{"alert_id": "al')

    assert waiting(inbox) == [judge()]


def test_a_file_that_goes_while_it_is_looked_at_is_in_the_warehouse_already(inbox, judge):
    put(inbox, judge())
    (inbox / "gone.json").symlink_to(inbox / "no-such-file")  # listed, and then not there

    assert waiting(inbox) == [judge()]


GOOD = {"alert_id": "a", "verdict": "unsure", "reviewer": "lin", "note": None}
GOOD["judged_at"] = "2024-09-24T12:00:00Z"


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "[]",
        '"relevant"',
        "{}",
        json.dumps(GOOD | {"verdict": "maybe"}),
        json.dumps(GOOD | {"judged_at": 5}),
        json.dumps(GOOD | {"judged_at": "2024-09-24T12:00:00"}),  # in which time zone?
    ],
)
def test_a_broken_file_is_named(warehouse, inbox, judge, broken):
    file = put(inbox, judge())
    file.with_name("broken.json").write_text(broken)

    for reading in (lambda: waiting(inbox), lambda: drain(warehouse, inbox)):
        with pytest.raises(WarehouseError, match=r"inbox/broken\.json: no verdict"):
            reading()


@given(
    note=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    reviewer=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)
def test_whatever_a_reviewer_writes_is_read_again(tmp_path_factory, note, reviewer):
    inbox = tmp_path_factory.mktemp("inbox")
    judged_at = datetime.fromisoformat("2024-09-24T12:00:00.000123+02:00")
    judgement = Judgement("alert-1", Verdict.RELEVANT, reviewer, judged_at, note)
    put(inbox, judgement)

    assert waiting(inbox) == [judgement]


# --- into the warehouse --------------------------------------------------------------------------


def test_a_drained_verdict_is_a_row_and_its_file_stays_until_it_is_published(
    warehouse, inbox, judge, noon
):
    judgement = judge(note="sure")
    file = put(inbox, judgement)
    drained = drain(warehouse, inbox)

    assert drained == Drained((file,))
    assert stored(warehouse) == [
        {
            "verdict_id": judgement.id,
            "alert_id": "alert-1",
            "verdict": "relevant",
            "reviewer": "lin",
            "note": "sure",
            "judged_at": noon,
        }
    ]
    assert waiting(inbox) == [judgement]

    drained.forget()

    assert waiting(inbox) == []


def test_a_verdict_that_is_drained_twice_is_one_row(warehouse, inbox, judge):
    put(inbox, judge())
    drain(warehouse, inbox)
    drain(warehouse, inbox)

    assert len(stored(warehouse)) == 1


def test_a_verdict_that_comes_in_after_draining_is_not_forgotten(warehouse, inbox, judge):
    put(inbox, judge())
    drained = drain(warehouse, inbox)
    put(inbox, judge("unsure", minute=1))
    drained.forget()

    assert waiting(inbox) == [judge("unsure", minute=1)]


def test_forgetting_twice_is_forgetting_once(warehouse, inbox, judge):
    put(inbox, judge())
    drained = drain(warehouse, inbox)
    drained.forget()
    drained.forget()

    assert waiting(inbox) == []


def test_an_empty_inbox_does_not_open_the_warehouse(inbox):
    assert drain(None, inbox) == Drained(())  # type: ignore[arg-type]


# --- what people see -----------------------------------------------------------------------------


def test_a_verdict_that_is_not_drained_yet_is_shown(alerted, judge, noon):
    rows = alerts(alerted)
    shown = overlay(rows, [judge(alert_id=rows[0]["alert_id"], note="hers")])

    assert judged(rows[0]) == (None, None, None, None)
    assert judged(shown[0]) == ("relevant", "lin", "hers", noon)
    assert {k: v for k, v in shown[0].items() if k not in JUDGED} == {
        k: v for k, v in rows[0].items() if k not in JUDGED
    }


def test_of_two_waiting_verdicts_the_later_one_is_shown_whatever_their_order(alerted, judge):
    rows = alerts(alerted)
    alert_id = rows[0]["alert_id"]
    early, late = judge("unsure", 1, alert_id=alert_id), judge("duplicate", 2, alert_id=alert_id)

    assert overlay(rows, [early, late])[0]["verdict"] == "duplicate"
    assert overlay(rows, [late, early])[0]["verdict"] == "duplicate"


def test_a_later_verdict_of_the_warehouse_is_not_hidden_by_an_earlier_one_that_waits(
    alerted, inbox, judge
):
    alert_id = alerts(alerted)[0]["alert_id"]
    put(inbox, judge("wrong_person", 5, alert_id=alert_id))
    drain(alerted, inbox)

    assert overlay(alerts(alerted), [judge(alert_id=alert_id)])[0]["verdict"] == "wrong_person"


def test_a_verdict_of_another_alert_changes_nothing(alerted, judge):
    rows = alerts(alerted)

    assert overlay(rows, [judge(alert_id="another")]) == rows


def test_the_overlay_shows_what_the_warehouse_will_say(alerted, inbox, judge):
    rows = alerts(alerted)
    alert_id = rows[0]["alert_id"]
    for judgement in (
        judge("wrong_person", 1, alert_id=alert_id, note="the painter"),
        judge("relevant", 2, alert_id=alert_id, reviewer="kim"),  # without a note
    ):
        put(inbox, judgement)
    shown = overlay(rows, waiting(inbox))
    drain(alerted, inbox)

    assert judged(shown[0])[:3] == ("relevant", "kim", None)
    assert alerts(alerted) == shown


@pytest.mark.parametrize(
    ("verdicts", "is_open"),
    [
        ([], True),
        (["unsure"], True),
        (["relevant"], False),
        (["unsure", "wrong_person"], False),
        (["relevant", "unsure"], True),  # a reviewer may open it again
    ],
)
def test_an_alert_is_open_until_somebody_is_sure(alerted, inbox, judge, verdicts, is_open):
    alert_id = alerts(alerted)[0]["alert_id"]
    for minute, verdict in enumerate(verdicts):
        put(inbox, judge(verdict, minute, alert_id=alert_id))
    drain(alerted, inbox)
    with alerted.transaction() as db:
        rows = db.execute("select alert_id from open_alerts").fetchall()

    assert rows == ([(alert_id,)] if is_open else [])


def test_verdicts_are_appended_and_never_overwritten(alerted, inbox, judge):
    for minute, verdict in enumerate(["unsure", "relevant", "unsure"]):
        put(inbox, judge(verdict, minute))
    drain(alerted, inbox)

    assert [row["verdict"] for row in stored(alerted)] == ["unsure", "relevant", "unsure"]


def test_the_file_is_plain_json_that_a_person_can_repair(inbox, judge):
    file = put(inbox, judge(note="für später"))

    assert json.loads(file.read_text("utf-8")) == {
        "alert_id": "alert-1",
        "verdict": "relevant",
        "reviewer": "lin",
        "judged_at": "2024-09-24T12:00:00+00:00",
        "note": "für später",
    }
    assert "für später" in file.read_text("utf-8")


def test_a_note_of_bytes_that_are_no_text_does_not_lose_the_verdict(warehouse, inbox, judge):
    """A terminal may pass any bytes; Python carries them as lone surrogates."""
    put(inbox, judge(note="caf\udce9"))
    drain(warehouse, inbox)

    assert [row["note"] for row in stored(warehouse)] == ["caf?"]
