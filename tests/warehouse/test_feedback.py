"""Feedback: passages for proposals, a fair sample of what was rejected, precision and recall."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import Any

import pytest

from extractors.errors import WarehouseError
from extractors.model import CandidateVerdict, Verdict, stable_id
from extractors.scores import wilson
from warehouse.articles import save_visits
from warehouse.feedback import (
    candidate_rows,
    candidates_like,
    judged_stories,
    other_texts,
    outlets_and_authors,
    overlay_candidates,
    passages_of,
    recall_rows,
)
from warehouse.inbox import CandidateJudgement, Judgement, drain, put, waiting, waiting_audits
from warehouse.intake import save_registry
from warehouse.reads import alert_rows
from warehouse.rows import insert_missing, named_rows
from warehouse.stories import cluster, raise_alerts

ADA, ROLL = "ada-byron", "Byron, Ada"
REPORTS = {
    "one": "Ada Byron asked the court for a new hearing about a fire in the mill of the town.",
    "two": "A painter called Ada Byron opened her show of landscapes beside the river last night.",
    "three": "Nobody of that name was heard of here, and the council spoke of roads and of buses.",
    "four": "Byron, Ada: the list of members had it so, between two others whom nobody knows now.",
}


@pytest.fixture
def inbox(tmp_path):
    return tmp_path / "inbox"


@pytest.fixture(scope="module")
def stocked_file(tmp_path_factory):
    """Return where the stocked warehouse is kept once a test has made it."""
    return tmp_path_factory.mktemp("stocked") / "casewatch.duckdb"


@pytest.fixture
def stocked(stocked_file, warehouse, versions, make_registry, make_visit, noon):
    """A warehouse with two alerts, one article without Ada Byron, and one that was rejected."""
    if not stocked_file.exists():
        visits = [
            make_visit("one", REPORTS["one"]),
            make_visit("two", REPORTS["two"], outlet="post"),
            make_visit("three", REPORTS["three"], named={"x": "absent"}),
            make_visit("four", REPORTS["four"], named={"x": "absent"}, rejected={ADA: ROLL}),
        ]
        with warehouse.transaction() as db:
            save_registry(db, make_registry())
            save_visits(db, visits, versions)
            cluster(db)
            raise_alerts(db, "run-1", noon, history_after=timedelta(days=14))
        with warehouse.held() as db:
            db.execute("checkpoint")
        shutil.copyfile(warehouse.path, stocked_file)
    shutil.copyfile(stocked_file, warehouse.path)
    return warehouse


@pytest.fixture
def judge(stocked, inbox, noon):
    """Return a function that judges the alert of an outlet, or a candidate."""

    def judging(verdict: str, outlet: str = "wire", minute: int = 0) -> None:
        with stocked.transaction() as db:
            alert = next(a["alert_id"] for a in alert_rows(db) if a["outlet"] == outlet)
        at = noon + timedelta(minutes=minute)
        put(inbox, Judgement(alert, Verdict(verdict), "lin", at))
        drain(stocked, inbox).forget()

    return judging


def asked(warehouse: Any, sql: str) -> list[dict[str, Any]]:
    with warehouse.transaction() as db:
        return named_rows(db, sql)


def candidate(warehouse: Any) -> dict[str, Any]:
    with warehouse.transaction() as db:
        (row,) = candidate_rows(db, everything=True)
    return row


def add_rejected(warehouse: Any, count: int) -> list[str]:
    """Add rejected candidates to the first article and return their ids."""
    rows = asked(warehouse, "from mention where tier = 'rejected'")
    more = [
        rows[0] | {"mention_id": stable_id(str(n)), "start_offset": n, "end_offset": n + 1}
        for n in range(count)
    ]
    with warehouse.transaction() as db:
        insert_missing(db, "mention", more)
    return [row["mention_id"] for row in more]


# --- passages ------------------------------------------------------------------------------------


def test_a_passage_has_its_mentions_and_the_verdict_of_its_story(stocked):
    with stocked.transaction() as db:
        stories = {alert["outlet"]: alert["story_id"] for alert in alert_rows(db)}
        found = passages_of(db, ADA, {stories["post"]: Verdict.WRONG_PERSON})

    assert {(p.outlet, p.verdict) for p in found} == {
        ("wire", None),
        ("post", Verdict.WRONG_PERSON),
    }
    assert all(p.text[start:end] == "Ada Byron" for p in found for start, end in p.spans)
    assert {p.confidence for p in found} == {0.95}


def test_an_audited_candidate_is_a_passage_where_nothing_else_names_the_subject(
    stocked, inbox, noon
):
    judged = candidate(stocked)["mention_id"]
    put(inbox, CandidateJudgement(judged, CandidateVerdict.MISSED, "lin", noon))
    drain(stocked, inbox)
    with stocked.transaction() as db:
        (found,) = [p for p in passages_of(db, ADA, {}) if p.verdict]

    assert found.verdict is Verdict.RELEVANT
    assert [found.text[start:end] for start, end in found.spans] == [ROLL]


def test_other_texts_do_not_name_the_subject_not_even_as_a_rejected_candidate(stocked):
    with stocked.transaction() as db:
        (text,) = other_texts(db, ADA)

    assert "the council spoke" in text


def test_outlets_are_names_that_are_no_news(stocked):
    with stocked.transaction() as db:
        assert outlets_and_authors(db, ADA) == ["post", "wire"]


def test_only_verdicts_about_the_person_count_as_judged(stocked, judge):
    judge("relevant", "wire")
    judge("not_an_article", "post")

    with stocked.transaction() as db:
        assert judged_stories(db) == {ADA: 1}


# --- the audit of what was rejected --------------------------------------------------------------


def test_five_per_cent_are_offered_by_their_id_and_stay_so(stocked):
    added = add_rejected(stocked, 4_000)
    with stocked.transaction() as db:
        first = [row["mention_id"] for row in candidate_rows(db)]
        again = [row["mention_id"] for row in candidate_rows(db)]

    assert 0.04 < len(first) / 4_000 < 0.06
    assert first == again
    assert set(first) == {one for one in [*added, candidate_id(stocked)] if one[:4] < "0ccd"}


def candidate_id(warehouse: Any) -> str:
    rows = asked(
        warehouse, "select mention_id from mention where tier = 'rejected' and kind='full'"
    )
    return str(rows[0]["mention_id"])


def test_a_candidate_comes_with_its_passage_and_offsets(stocked):
    row = candidate(stocked)

    assert row["text"][row["start_offset"] : row["end_offset"]] == row["quote"] == ROLL
    assert (row["subject_id"], row["confidence"], row["verdict"]) == (ADA, 0.1, None)


def test_verdicts_of_candidates_are_a_log_and_the_last_counts(stocked, inbox, noon):
    judged = candidate(stocked)["mention_id"]
    for minute, verdict in enumerate(["missed", "unsure", "rightly_rejected"]):
        at = noon + timedelta(minutes=minute)
        put(inbox, CandidateJudgement(judged, CandidateVerdict(verdict), "lin", at, "a list"))
    shown = overlay_candidates([candidate(stocked)], waiting_audits(inbox))
    drain(stocked, inbox).forget()

    assert candidate(stocked)["verdict"] == "rightly_rejected"
    assert shown == [candidate(stocked)]
    assert len(asked(stocked, "from candidate_verdict")) == 3
    assert waiting_audits(inbox) == []


def test_verdicts_of_alerts_and_of_candidates_share_the_inbox(stocked, inbox, noon):
    put(inbox, Judgement("alert-1", Verdict.RELEVANT, "lin", noon))
    put(inbox, CandidateJudgement("candidate-1", CandidateVerdict.MISSED, "lin", noon))

    assert [one.alert_id for one in waiting(inbox)] == ["alert-1"]
    assert [one.mention_id for one in waiting_audits(inbox)] == ["candidate-1"]

    drain(stocked, inbox).forget()

    assert [row["alert_id"] for row in asked(stocked, "from verdict")] == ["alert-1"]
    assert [r["mention_id"] for r in asked(stocked, "from candidate_verdict")] == ["candidate-1"]


def test_a_later_verdict_of_the_warehouse_is_not_hidden_by_an_earlier_one_that_waits(
    stocked, inbox, noon
):
    judged = candidate(stocked)["mention_id"]
    late = CandidateJudgement(judged, CandidateVerdict.MISSED, "lin", noon + timedelta(minutes=1))
    put(inbox, late)
    drain(stocked, inbox).forget()
    early = CandidateJudgement(judged, CandidateVerdict.UNSURE, "lin", noon)

    (shown,) = overlay_candidates([candidate(stocked)], [early])
    assert shown["verdict"] == "missed"


def test_a_candidate_is_known_by_the_beginning_of_its_id(stocked):
    whole = candidate(stocked)["mention_id"]
    with stocked.transaction() as db:
        (found,) = candidates_like(db, whole[:8])
        assert candidates_like(db, "zz") == []

    assert found["mention_id"] == whole


# --- recall --------------------------------------------------------------------------------------


def test_recall_is_estimated_from_the_sample_with_its_interval(stocked, inbox, noon):
    add_rejected(stocked, 999)
    with stocked.transaction() as db:
        sample = [row["mention_id"] for row in candidate_rows(db)][:20]
    for number, one in enumerate(sample):
        verdict = CandidateVerdict.MISSED if number < 2 else CandidateVerdict.RIGHTLY_REJECTED
        put(inbox, CandidateJudgement(one, verdict, "lin", noon))
    drain(stocked, inbox).forget()
    with stocked.transaction() as db:
        whole, ada = recall_rows(db)

    few, many = wilson(2, 20)
    assert (ada["found"], ada["rejected"], ada["audited"], ada["missed"]) == (2, 1_000, 20, 2)
    assert ada["recall"] == round(2 / (2 + 1_000 * 2 / 20), 3)
    assert (ada["low"], ada["high"]) == (
        round(2 / (2 + 1_000 * many), 3),
        round(2 / (2 + 1_000 * few), 3),
    )
    assert whole["display_name"] == "all subjects"
    assert (whole["recall"], whole["low"]) == (ada["recall"], ada["low"])


def test_without_an_audit_recall_is_unknown_and_its_bounds_are_wide(stocked):
    with stocked.transaction() as db:
        (_, ada) = recall_rows(db)

    assert (ada["recall"], ada["low"], ada["high"]) == (None, round(2 / 3, 3), 1.0)


def test_a_mention_of_somebody_else_is_nothing_found(stocked, judge):
    judge("wrong_person", "post")
    with stocked.transaction() as db:
        assert recall_rows(db)[1]["found"] == 1


def test_a_verdict_outside_the_sample_does_not_count_for_recall(stocked, inbox, noon):
    outside = next(one for one in add_rejected(stocked, 50) if one[:4] >= "0ccd")
    put(inbox, CandidateJudgement(outside, CandidateVerdict.MISSED, "lin", noon))
    drain(stocked, inbox).forget()

    with stocked.transaction() as db:
        assert recall_rows(db)[1]["audited"] == 0


# --- precision -----------------------------------------------------------------------------------


def test_precision_is_told_per_form_per_rule_and_per_outlet(stocked, judge):
    term = "[{term: 'prior_common', weight: 1.0, text: '', start: null, \"end\": null}]"
    with stocked.transaction() as db:
        db.execute(f"update mention set evidence = {term}")
    judge("relevant", "wire")
    judge("wrong_person", "post")
    rows = asked(
        stocked,
        'select per, coalesce(form, rule, outlet) as what, judged, right_person, "precision", '
        "low, high from rule_precision where per <> 'form and outlet' order by per, what",
    )
    low, high = (round(bound, 3) for bound in wilson(1, 2))

    assert [tuple(row.values()) for row in rows] == [
        ("form", "Ada Byron", 2, 1, 0.5, low, high),
        ("outlet", "post", 1, 0, 0.0, 0.0, round(wilson(0, 1)[1], 3)),
        ("outlet", "wire", 1, 1, 1.0, round(wilson(1, 1)[0], 3), 1.0),
        ("rule", "prior_common", 2, 1, 0.5, low, high),
    ]


@pytest.mark.parametrize("verdict", ["unsure", "not_an_article"])
def test_a_verdict_that_is_not_about_the_person_says_nothing_of_rules(stocked, judge, verdict):
    judge(verdict)

    assert asked(stocked, "from rule_precision") == []


def test_a_copy_of_an_older_casewatch_is_named(stocked):
    with stocked.transaction() as db:
        db.execute("drop view recall_estimate")
        with pytest.raises(WarehouseError, match="older casewatch; `casewatch run`"):
            recall_rows(db)
        db.execute("create view recall_estimate as select 1 as one")
