"""Every confidence in the warehouse can be computed again from the terms stored beside it."""

from math import exp, isclose
from pathlib import Path

import pytest

from extractors.mentions import explain, in_words
from extractors.mentions.tables import weights
from extractors.model import Evidence, Mention, Tier
from flows.show import evidence_table
from warehouse.reads import evidence_rows
from warehouse.store import open_copy

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.fixture
def copy(edited_home: Path) -> Path:
    """The published copy of the newsroom's warehouse, after its first and its second state."""
    return edited_home / "casewatch-read.duckdb"


def asked(copy: Path, sql: str) -> list[tuple]:
    with open_copy(copy) as db:
        return db.execute(sql).fetchall()


def computed(evidence: list[dict]) -> float:
    return 1 / (1 + exp(-sum(term["weight"] for term in evidence)))


def test_every_stored_confidence_follows_from_its_stored_terms(copy):
    rows = asked(copy, "select quote, tier, confidence, evidence from mention")

    assert {tier for _, tier, _, _ in rows} >= {"confirmed", "rejected"}
    assert len(rows) > 50
    for quote, tier, confidence, evidence in rows:
        assert isclose(confidence, computed(evidence), abs_tol=1e-9), quote
        assert (confidence >= 0.5) == (tier != "rejected"), quote


def test_an_alert_is_as_sure_as_the_best_of_its_mentions(copy):
    alerts = asked(
        copy,
        "select al.alert_id, al.confidence, list(m.evidence) from alerts al "
        "join mention m on m.version_id = al.version_id and m.subject_id = al.subject_id "
        "where m.tier <> 'rejected' group by all",
    )
    every = asked(copy, "select count(*) from alerts")[0][0]

    assert len(alerts) == every > 0
    for alert_id, confidence, mentions in alerts:
        assert isclose(confidence, max(map(computed, mentions)), abs_tol=1e-9), alert_id


def test_every_term_is_a_weight_of_the_file_or_a_word_of_the_case(copy):
    known = {*weights(), "prior_common"}  # computed from prior_common_base and prior_common_slope
    terms = {
        term["term"] for (found,) in asked(copy, "select evidence from mention") for term in found
    }

    assert {
        term for term in terms if term not in known and not term.startswith("context_")
    } == set()


def test_every_term_points_at_its_own_words(copy):
    rows = asked(copy, "select text, evidence from mention join article_version using (version_id)")

    for text, evidence in rows:
        for term in evidence:
            if term["term"].startswith(("context_", "topic_")) and term["start"] is not None:
                assert text[term["start"] : term["end"]] == term["text"]


def test_every_mention_and_every_rejected_candidate_is_explained_in_words(copy):
    rows = asked(
        copy, "select subject_id, quote, kind, form, confidence, tier, evidence from mention"
    )

    for subject, quote, kind, form, confidence, tier, evidence in rows:
        terms = tuple(Evidence(**term) for term in evidence)
        said = explain(Mention(subject, 0, 1, quote, kind, form, confidence, Tier(tier), terms), {})
        assert len(said) > 12, quote
        assert not any(term.term in said for term in terms if "_" in term.term), said
        assert all("_" not in in_words(term, {}) for term in terms), said


def test_why_shows_the_rejected_beside_the_counted(copy):
    with open_copy(copy) as db:
        ((version, subject),) = db.execute(
            "select version_id, subject_id from mention group by all "
            "having count(*) filter (tier = 'rejected') > 0 "
            "and count(*) filter (tier <> 'rejected') > 0 order by all limit 1"
        ).fetchall()
        rows = evidence_rows(db, version, subject)

    tiers = [row["tier"] for row in rows]
    assert tiers[0] != "rejected"
    assert tiers[-1] == "rejected"
    assert evidence_table(rows).row_count == len(rows)
