"""`casewatch case`: one case or one advocate, for people and as an object for programs."""

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.case_view import find_subject, sparkline
from flows.cli import main
from flows.settings import settings_from
from warehouse.desk import alert_states, timeline_rows
from warehouse.publish import publish
from warehouse.store import Warehouse, open_copy


@pytest.fixture
def change(home):
    """Return a function that changes the warehouse by SQL and publishes it."""

    def run(*statements):
        warehouse = Warehouse(settings_from().warehouse)
        with warehouse.transaction() as db:
            for sql in statements:
                db.execute(sql)
        publish(warehouse, settings_from().copy)

    return run


@pytest.fixture
def shown(home, capsys):
    """Return a function that gives what the command prints."""

    def run(*words):
        assert main(["case", *words]) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture
def told(shown):
    """Return a function that gives the object that the command prints."""
    return lambda subject: json.loads(shown(subject, "--json"))


def test_a_case_has_its_name_status_source_events_and_outlets(shown):
    lines = shown("richard-glossip").splitlines()

    assert lines[0] == "Richard Glossip  richard-glossip"
    assert any("awaiting retrial, 2026-05-14" in line for line in lines)
    assert any(line.startswith("source ") and "omny.fm" in line for line in lines)
    assert any("new trial" in line and "ordered" in line for line in lines)
    assert lines.count("Events") == lines.count("Outlets") == 1


def test_capitals_and_a_unique_beginning_name_a_case(told):
    assert told("KEVIN-COOPER") == told("kevin") == told("Kevin Cooper")


def test_an_unknown_case_is_wrong_use_and_near_ids_are_named(home, capsys):
    codes = [main(["case", typed]) for typed in ("cooper", "j", "kevin-copper", "zzzz", " ")]
    errors = capsys.readouterr().err.splitlines()

    assert codes == [2, 2, 2, 2, 2]
    assert errors[0] == "casewatch: no case or advocate 'cooper'; near: kevin-cooper."
    assert "julius-jones" in errors[1]
    assert "near: kevin-cooper" in errors[2]
    assert "casewatch sql" in errors[3]
    assert "casewatch sql" in errors[4]


def test_without_a_published_copy_the_command_says_how_to_get_one(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CASEWATCH_HOME", str(tmp_path))

    assert main(["case", "kevin-cooper"]) == 1
    assert "casewatch run" in capsys.readouterr().err


def test_the_events_are_those_of_the_view(told):
    with open_copy(settings_from().copy) as db:
        rows = db.execute(
            "select type, modality from case_timeline where subject_id = 'richard-glossip'"
        ).fetchall()

    events = told("richard-glossip")["events"]

    assert sorted((one["type"], one["modality"]) for one in events) == sorted(rows)
    assert all(one["sentence"] and one["outlets"] for one in events)


def test_a_day_ahead_has_the_sentence_that_says_so(change, told, shown):
    ahead = date.today() + timedelta(days=30)  # noqa: DTZ011 - as the view counts
    change(
        "delete from event where subject_id = 'richard-glossip' and event_date is null",
        f"update event set event_date = '{ahead}' where subject_id = 'richard-glossip'",
    )
    days = told("richard-glossip")["days_ahead"]

    assert [(one["type"], one["event_date"]) for one in days] == [("hearing_set", str(ahead))]
    assert "Richard Glossip" in days[0]["sentence"]
    assert " ".join(days[0]["sentence"].split()[:4]) in shown("richard-glossip")


def test_case_and_advocate_tell_the_same_acts_from_both_sides(told):
    of_case = {one["id"]: one["acts"] for one in told("rodney-reed")["spoken"]}
    of_advocate = {one["id"]: one["acts"] for one in told("kim-kardashian")["spoken"]}

    assert set(of_case) == {"kim-kardashian", "innocence-project"}
    assert set(of_advocate) == {"rodney-reed", "julius-jones"}
    assert of_case["kim-kardashian"] == of_advocate["rodney-reed"]
    assert all(act["quote"] for act in of_case["innocence-project"])


def test_the_timeline_quotes_what_the_view_does_and_reads_no_text(home, change):
    """Without the texts, the sentences are all there: they stand beside the events."""
    change("update article_version set text = '' where true")
    with open_copy(settings_from().copy) as db:
        rows = timeline_rows(db, "rodney-reed")
        passages = {row[0] for row in db.execute("select passage from case_timeline").fetchall()}

    assert rows
    assert all(row["quote"] in row["sentence"] for row in rows)
    assert {row["sentence"] for row in rows} <= passages


def test_what_counts_is_the_last_verdict_also_of_an_alert_that_has_none(home, change):
    change(
        "delete from verdict",
        "insert into verdict (verdict_id, alert_id, verdict, reviewer, judged_at) "
        "select 'first', min(alert_id), 'unsure', 'ida', '2026-11-20 12:00:00Z' from alert "
        "where subject_id = 'rodney-reed'",
        "insert into verdict (verdict_id, alert_id, verdict, reviewer, judged_at) "
        "select 'last', min(alert_id), 'relevant', 'ida', '2026-11-21 12:00:00Z' from alert "
        "where subject_id = 'rodney-reed'",
    )
    with open_copy(settings_from().copy) as db:
        states = alert_states(db, "rodney-reed")
        view = db.execute(
            "select alert_id, verdict from alerts where subject_id = 'rodney-reed'"
        ).fetchall()

    assert {(row["alert_id"], row["verdict"]) for row in states} == set(view)
    assert [row["verdict"] for row in states if row["verdict"]] == ["relevant"]


def test_the_registry_links_an_advocate_to_its_cases(told):
    linked = {one["id"] for one in told("kim-kardashian")["linked"]}

    assert {"kevin-cooper", "rodney-reed"} <= linked
    assert "kim-kardashian" in {one["id"] for one in told("kevin-cooper")["linked"]}


def test_the_weeks_are_26_mondays_and_count_the_articles(told):
    view = told("kim-kardashian")
    weeks = [date.fromisoformat(one["week"]) for one in view["weeks"]]
    with open_copy(settings_from().copy) as db:
        rows = db.execute(
            "select coalesce(sum(articles), 0) from coverage "
            "where subject_id = 'kim-kardashian' and day between ? and ?",
            [weeks[0], weeks[-1] + timedelta(days=6)],
        ).fetchall()

    assert len(weeks) == 26
    assert {(b - a).days for a, b in pairwise(weeks)} == {7}
    assert weeks[0].weekday() == 0
    assert sum(one["articles"] for one in view["weeks"]) == rows[0][0]


def test_a_verdict_that_still_waits_in_the_inbox_settles_its_alert(home, told, capsys):
    before = told("richard-glossip")
    with open_copy(settings_from().copy) as db:
        alert = db.execute(
            "select alert_id from alerts where subject_id = 'richard-glossip'"
        ).fetchall()[0][0]
    assert main(["judge", alert, "relevant"]) == 0
    capsys.readouterr()
    after = told("richard-glossip")

    assert after["open_alerts"] == before["open_alerts"] - 1
    assert after["alerts"] == before["alerts"]


def test_verdicts_tell_how_precise_its_rules_are(change, shown):
    change(
        "insert into verdict by name select 'v1' as verdict_id, alert_id, 'relevant' as verdict, "
        "'ann' as reviewer, '' as note, now() as judged_at from alert "
        "where subject_id = 'richard-glossip'"
    )
    after = shown("richard-glossip").partition("Precision of its rules")[2]

    assert "none" not in after.splitlines()[0]
    assert "1 of 1" in after
    assert "0.21-1.00" in after


def test_who_was_never_named_is_shown_all_the_same(shown):
    lines = shown("toforest-johnson").splitlines()

    assert any(line.startswith("last named  never") for line in lines)
    assert "Events  none" in lines
    assert "Outlets  none" in lines


def test_who_is_watched_no_more_keeps_its_coverage(change, told, shown):
    change("update subject set active = false where subject_id = 'kevin-cooper'")
    view = told("kevin-cooper")

    assert view["silence"] is None
    assert view["last_named_at"] is not None
    assert "no more" in shown("kevin-cooper")


def test_more_rows_than_are_shown_are_counted(change, shown):
    change(
        "insert into event by name select * exclude (days) "
        "replace (date '2020-01-01' + days::integer as event_date, event_id || days as event_id) "
        "from (from event where subject_id = 'kevin-cooper' limit 1), range(30) t(days)"
    )

    assert "more: --json has all" in shown("kevin-cooper")


def test_a_beginning_that_is_an_id_is_that_id():
    subjects = [{"subject_id": "ada"}, {"subject_id": "ada-quarry"}]

    assert find_subject(subjects, "Ada")["subject_id"] == "ada"


def test_bars_grow_with_the_counts():
    assert sparkline([0, 1, 4, 7]) == "▁▂▅█"
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([]) == ""


@given(st.lists(st.integers(0, 10_000)))
def test_only_a_week_without_articles_has_the_lowest_bar(counts):
    bars = sparkline(counts)

    assert [bar == "▁" for bar in bars] == [count == 0 for count in counts]
