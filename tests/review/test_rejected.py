"""Rejected candidates at the desk: the sample of `casewatch audit`, judged on the same way in."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from extractors.model import CandidateVerdict
from review.desk import Desk
from review.rejected import Choice, choice_from, list_candidates
from review.verdicts import settle
from tests.review.conftest import desk_settings, served
from tests.review.test_queue import alerts_in
from warehouse.feedback import candidate_rows, recall_rows
from warehouse.inbox import CandidateJudgement, put, waiting_audits
from warehouse.publish import publish
from warehouse.store import Warehouse, open_copy


def draw(home: Path, count: int) -> list[str]:
    """Let the *count* likeliest rejected candidates fall into the sample; return their ids."""
    warehouse = Warehouse(home / "casewatch.duckdb")
    with warehouse.transaction() as db:
        rows = db.execute(
            "select mention_id from rejected_candidates order by confidence desc, mention_id"
        ).fetchall()
        drawn = [f"0000{row[0][4:]}" for row in rows[:count]]
        for fresh, (old,) in zip(drawn, rows, strict=False):
            db.execute("update mention set mention_id = ? where mention_id = ?", [fresh, old])
    publish(warehouse, home / "casewatch-read.duckdb")
    return drawn


@pytest.fixture(scope="module")
def drawn_home(newsroom_home, tmp_path_factory):
    """Return a home with four candidates in the sample, and their ids, the likeliest first."""
    home = tmp_path_factory.mktemp("drawn") / "home"
    shutil.copytree(newsroom_home, home)
    return home, draw(home, 4)


@pytest.fixture
def desk(drawn_home, tmp_path):
    """Return a browser at a desk of the test's own, and the sample."""
    home, drawn = drawn_home
    shutil.copytree(home, tmp_path / "home")
    with served(desk_settings(tmp_path / "home")) as web:
        yield web, drawn


def candidates_in(answer):
    return re.findall(r'id="c-([0-9a-f]{16})"', answer.html)


def test_the_sample_is_that_of_casewatch_audit_in_its_order(desk):
    web, drawn = desk
    with open_copy(web.desk.settings.copy) as db:
        offered = [row["mention_id"] for row in candidate_rows(db)]

    shown = candidates_in(web.get("/rejected"))

    assert shown == offered
    assert sorted(shown) == sorted(drawn)


def test_a_candidate_is_shown_with_its_sentence_and_the_evidence_in_words(desk):
    web, drawn = desk

    page = web.get("/rejected?subject=leonard-peltier")

    assert candidates_in(page) == drawn[:2]
    assert "Leonard Peltier? 40 % sure" in page.text
    assert "<mark>Leonard Peltier</mark>" in page.html
    assert "Rejected:" in page.text
    assert "no namesake cues" in page.text


def test_the_navigation_counts_what_waits(desk):
    web, drawn = desk

    before = web.get("/overview").text
    told = web.say("/audit", {"candidate": drawn[0], "verdict": "missed"})

    assert "Rejected, waiting: 4" in before
    assert told["waiting"]["candidates"] == 3
    assert "Rejected, waiting: 3" in web.get("/").text


def test_a_verdict_takes_the_candidate_out_of_the_list_and_undo_puts_it_back(desk):
    web, drawn = desk

    told = web.say("/audit", {"candidate": drawn[1], "verdict": "rightly_rejected"})
    judged = candidates_in(web.get("/rejected"))
    undone = web.say("/undo", {})

    assert (told["candidate"], told["said"]) == (drawn[1], "It is none.")
    assert drawn[1] not in judged
    assert (undone["candidate"], undone["said"]) == (drawn[1], "Undone: unsure again.")
    assert drawn[1] in candidates_in(web.get("/rejected"))
    said = [str(one.verdict) for one in waiting_audits(web.desk.settings.inbox)]
    assert said == ["rightly_rejected", "unsure"]


def test_undo_takes_back_verdicts_of_alerts_and_candidates_in_their_order(desk):
    web, drawn = desk
    alert = alerts_in(web.get("/"))[0]
    web.say("/judge", {"alert": alert, "verdict": "relevant"})
    web.say("/audit", {"candidate": drawn[0], "verdict": "missed"})

    undone = [web.say("/undo", {}) for _ in range(3)]

    assert [(one.get("candidate"), one.get("alert")) for one in undone] == [
        (drawn[0], None), (None, alert), (None, None),
    ]  # fmt: skip


def test_without_scripts_the_next_page_says_what_was_done_and_offers_to_undo_it(desk):
    web, drawn = desk
    web.get("/rejected")

    answer = web.post("/audit", {"candidate": drawn[0], "verdict": "missed", "back": "/rejected"})
    page = web.get("/rejected")

    assert (answer.status, answer.headers["location"]) == (303, "/rejected")
    assert "It is a mention. Undo" in page.text
    assert "Judged: 1, 1 of them missed" in page.text


def test_verdicts_reach_the_estimate_of_recall(desk):
    web, drawn = desk
    for candidate in drawn:
        web.say("/audit", {"candidate": candidate, "verdict": "rightly_rejected"})

    settle(web.desk.settings)

    with open_copy(web.desk.settings.copy) as db:
        assert recall_rows(db)[0]["audited"] == 4
        assert recall_rows(db)[0]["recall"] == 1.0
    assert "The whole sample has its verdicts" in web.get("/rejected").text


def test_a_verdict_of_the_terminal_counts_at_once(desk):
    web, drawn = desk
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    judged = CandidateJudgement(drawn[2], CandidateVerdict.MISSED, "grace", now, "a cousin")
    put(web.desk.settings.inbox, judged)

    assert drawn[2] not in candidates_in(web.get("/rejected"))
    assert "Note: a cousin" in web.get("/rejected?verdict=missed").text


def test_a_note_stands_with_the_candidate_and_keeps_its_verdict(desk):
    web, drawn = desk
    web.say("/audit", {"candidate": drawn[0], "verdict": "missed"})

    told = web.say("/note", {"candidate": drawn[0], "alert": "", "note": "the same man"})

    assert (told["verdict"], told["note"]) == ("missed", "the same man")
    assert "Note: the same man" in web.get("/rejected?verdict=missed").text


def test_others_are_listed_when_asked_for_and_said_not_to_count(desk):
    web, drawn = desk

    page = web.get("/rejected?which=all")

    assert len(candidates_in(page)) == 15
    assert page.text.count("outside the sample") == 11
    assert candidates_in(page)[:4] == drawn


def test_an_empty_sample_says_so_and_leads_to_the_others(reader):
    page = reader.get("/rejected")

    assert "None of the rejected names fell into the sample yet" in page.text
    assert 'href="/rejected?which=all"' in page.html
    assert "Look at 15 others" in page.text


def test_what_cannot_be_judged_is_refused(desk):
    web, drawn = desk
    web.get("/rejected")
    accept = {"accept": "application/json"}

    assert (
        web.post("/audit", {"candidate": drawn[0], "verdict": "relevant"}, **accept).status == 400
    )
    assert web.post("/audit", {"candidate": "nobody", "verdict": "missed"}, **accept).status == 400
    assert list(web.desk.settings.inbox.glob("*.json")) == []


def test_a_choice_that_cannot_be_is_left_out():
    assert choice_from({"verdict": "x", "which": "y", "page": "z"}) == Choice()
    assert Choice(subject="a b", page=2).url(page=3) == "/rejected?subject=a+b&page=3"


def test_an_index_of_an_older_desk_reads_its_candidates_without_reading_words_anew(drawn_home):
    made = Desk(desk_settings(drawn_home[0]))
    made.keeper.catch_up()
    progress = made.index.progress()
    import sqlite3

    with sqlite3.connect(made.index.path) as db:
        db.execute("drop table candidate")
        db.execute("update state set value = substr(value, 3) where name = 'alerts'")
    again = Desk(desk_settings(drawn_home[0]))

    assert again.index.progress() == progress
    assert again.index.sync_alerts()
    with again.index.reading() as db:
        assert list_candidates(db, Choice()).matching == 4
    made.close()
    again.close()
