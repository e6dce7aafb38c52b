"""`casewatch evaluate`: gold lines in, tables or JSON out, and the baseline that CI holds."""

import json
from pathlib import Path

import pytest

from extractors.scores import GoldEvent
from flows.cli import main
from flows.commands.evaluate import read_example
from flows.commands.tag import LineError

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT.parent / "shared" / "data" / "mentions" / "dev.jsonl"
GLOSSIP = {
    "id": "a",
    "language": "en",
    "published": "2019-11-15",
    "text": "The court halted the execution of Richard Glossip on Friday.",
    "mentions": [{"subject": "richard-glossip", "start": 34, "end": 49}],
    "alerts": ["richard-glossip"],
    "events": [{"type": "stay", "subject": "richard-glossip", "modality": "happened"}],
}
MISSED = {"mentions": [{"subject": "kevin-cooper", "start": 4, "end": 9}]}


@pytest.fixture
def evaluate(tmp_path):
    """Return a function that evaluates examples, each GLOSSIP with what is given, and its code."""

    def run(*flags, **fields):
        file = tmp_path / "gold.jsonl"
        file.write_text(json.dumps({**GLOSSIP, **fields}), encoding="utf-8")
        return main(["evaluate", "--seeds", str(ROOT / "seeds"), *flags, str(file)])

    return run


def test_the_json_names_every_measure(evaluate, capsys):
    assert evaluate("--json") == 0

    measured = json.loads(capsys.readouterr().out)
    assert list(measured) == [
        "texts",
        "mentions",
        "overlapping",
        "alerts_0.5",
        "documents_0.5",
        "alerts_0.9",
        "documents_0.9",
        "events",
        "event_modality",
        "event_date",
        "kinds",
        "languages",
        "names",
        "worst",
        "calibration",
    ]
    assert measured["events"]["right"] == 1
    assert measured["event_modality"] == {"right": 1, "of": 1, "share": 1.0}
    assert measured["event_date"] == {"right": 0, "of": 0, "share": None}
    assert measured["names"]["richard-glossip"]["recall_interval"] == [0.2065, 1.0]
    assert measured["worst"] is None


def test_the_tables_name_the_worst_name_and_brier(evaluate, capsys):
    assert evaluate(**MISSED) == 0

    said = capsys.readouterr().out
    assert "Worst name: kevin-cooper, 1 faults" in said
    assert "Brier" in said
    assert "missed mention" not in said


def test_misses_are_listed_when_asked_for(evaluate, capsys):
    evaluate("--misses", **MISSED)

    said = capsys.readouterr().out
    assert "a: missed mention: kevin-cooper 4-9 'court'" in said
    assert "a: wrong mention: richard-glossip 34-49 'Richard Glossip'" in said


def test_a_baseline_holds_until_a_measure_falls(evaluate, tmp_path, capsys):
    pinned = tmp_path / "baseline.json"
    assert evaluate("--write-baseline", str(pinned)) == 0
    assert evaluate("--baseline", str(pinned)) == 0

    assert evaluate("--baseline", str(pinned), **MISSED) == 1

    said = capsys.readouterr().err
    assert "casewatch: fell: mentions.recall: was 1.0000, is 0.0000" in said
    assert "casewatch: fell: names.richard-glossip.precision: was 1.0000, is 0.0000" in said
    assert "alerts_0.5" not in said


def test_a_baseline_of_other_gold_has_fallen(evaluate, tmp_path, capsys):
    pinned = tmp_path / "baseline.json"
    pinned.write_text('{"texts": 2, "measures": {}}', encoding="utf-8")

    assert evaluate("--baseline", str(pinned)) == 1
    assert "texts: were 2, are 1" in capsys.readouterr().err


@pytest.mark.parametrize("written", ["{", "[]", '{"texts": 1}'])
def test_what_is_no_baseline_is_wrong_use(evaluate, tmp_path, capsys, written):
    pinned = tmp_path / "baseline.json"
    pinned.write_text(written, encoding="utf-8")

    assert evaluate("--baseline", str(pinned)) == 2
    assert "is no baseline" in capsys.readouterr().err


def test_a_bad_line_is_never_pinned(evaluate, tmp_path):
    pinned = tmp_path / "baseline.json"

    assert evaluate("--write-baseline", str(pinned), alerts=None) == 1
    assert not pinned.exists()


def test_events_are_read_by_name_or_in_full():
    said = {**GLOSSIP, "events": ["clemency_request", "dna_testing", "stay", *GLOSSIP["events"]]}

    assert read_example(said).events == (
        GoldEvent("clemency_requested"),
        GoldEvent("dna_testing_ordered"),
        GoldEvent("stay"),
        GoldEvent("stay", "richard-glossip", "happened"),
    )


@pytest.mark.parametrize(
    "amiss",
    [
        {"start": 49, "end": 34},
        {"start": 34, "end": 99},
        {"start": 34, "end": 49, "quote": "Kevin Cooper"},
    ],
)
def test_a_gold_mention_stands_where_it_says(amiss):
    with pytest.raises(LineError, match="is not what stands there"):
        read_example({**GLOSSIP, "mentions": [{"subject": "richard-glossip", **amiss}]})


@pytest.mark.shared
def test_no_measure_falls_below_the_pinned_baseline(capsys):
    """This is the gate. Pin anew with --write-baseline, and say in the commit what changed."""
    baseline = ROOT / "gold" / "baseline-dev.json"

    code = main(["evaluate", "--seeds", str(ROOT / "seeds"), "--baseline", str(baseline), str(DEV)])

    assert (capsys.readouterr().err, code) == ("", 0)
