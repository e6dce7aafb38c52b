"""The audit of what was rejected: listed with its reason, judged in a log, summed up as recall."""

from __future__ import annotations

import json

import pytest

from flows.cli import main
from flows.settings import Settings
from warehouse.inbox import waiting_audits
from warehouse.store import Warehouse


@pytest.fixture
def listed(home, capsys):
    """Return what `casewatch audit --all --json` says."""
    assert main(["audit", "--all", "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["audit", *words]) == 0
    return capsys.readouterr().out


def test_a_rejected_candidate_is_shown_with_passage_reason_and_offsets(listed, capsys):
    cooper = next(row for row in listed if row["subject_id"] == "kevin-cooper")
    out = " ".join(said(capsys, "kevin-cooper", "--all").split())

    assert cooper["quote"] in cooper["passage"]
    assert f"{cooper['mention_id'][:8]} {cooper['outlet']}" in out
    assert f"at {cooper['start_offset']} to {cooper['end_offset']}" in out
    assert "rejected: " in out
    assert cooper["canonical_url"] in out


def test_only_the_sample_is_offered_and_the_rest_is_counted(listed, capsys):
    sampled = sum(row["in_sample"] for row in listed)

    assert f"{sampled} shown; {sampled} of {len(listed)} rejected candidates" in (
        " ".join(said(capsys).split())
    )


def test_a_verdict_is_taken_in_and_shown(listed, capsys):
    one = listed[0]["mention_id"]
    assert f"{one[:8]}: missed, by kim" in said(
        capsys, one[:10], "missed", "--reviewer", "kim", "--note", "seen in court"
    )

    (row,) = [
        row
        for row in map(json.loads, said(capsys, "--all", "--json").splitlines())
        if row["mention_id"] == one
    ]
    assert (row["verdict"], row["reviewer"], row["note"]) == ("missed", "kim", "seen in court")


def test_a_verdict_waits_while_a_run_is_writing_and_is_shown_all_the_same(listed, home, capsys):
    one = listed[0]["mention_id"]
    settings = Settings(home=home)
    with Warehouse(settings.warehouse).transaction():
        assert "a run is writing" in said(capsys, one, "rightly_rejected", "--reviewer", "kim")

    assert [judged.mention_id for judged in waiting_audits(settings.inbox)] == [one]
    assert "judged rightly_rejected by kim" in said(capsys, "--all")


def test_recall_is_told_for_all_and_per_subject(listed, capsys):
    rows = [json.loads(line) for line in said(capsys, "--recall", "--json").splitlines()]
    out = said(capsys, "--recall")

    assert rows[0]["display_name"] == "all subjects"
    assert rows[0]["rejected"] == len(listed)
    assert "Kevin Cooper" in out


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["zzzz", "missed"], "no rejected candidate 'zzzz'"),
        (["", "missed"], "candidates; type more of it"),
        (["0", "right"], "there are: missed, rightly_rejected, unsure"),
        (["nobody"], "'nobody' is no subject with rejected candidates"),
    ],
)
def test_wrong_use_is_named(home, capsys, words, error):
    assert main(["audit", *words]) == 2
    assert error in capsys.readouterr().err
