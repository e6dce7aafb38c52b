"""`casewatch tag` and `casewatch evaluate`, from lines to lines."""

import gzip
import json
from pathlib import Path

import pytest

from extractors.errors import UsageError
from extractors.mentions import Tagger
from flows.cli import main
from flows.commands.evaluate import Score, measure
from flows.commands.tag import LineError, numbered_lines, tag_line
from tests.extractors.people import EVERYBODY

TAGGER = Tagger(EVERYBODY)
SEEDS = Path(__file__).resolve().parents[2] / "seeds"
LINE = {
    "id": "a",
    "title": "Stay for Glossip",
    "text": "The court halted the execution of Richard Glossip on Friday.",
    "published": "2019-11-15T09:00:00Z",
}


def line(**fields) -> bytes:
    return json.dumps({**LINE, **fields}).encode()


def test_a_line_tells_its_mentions_alerts_and_events():
    said = tag_line(line(), TAGGER)

    assert list(said) == ["id", "mentions", "alerts", "events"]
    assert said["alerts"] == ["richard-glossip"]
    assert said["events"] == [
        {
            "type": "stay",
            "subject": "richard-glossip",
            "modality": "happened",
            "date": "2019-11-15",
            "start": 10,
            "end": 30,
        }
    ]
    [mention] = said["mentions"]
    assert (mention["start"], mention["end"], mention["quote"]) == (34, 49, "Richard Glossip")
    assert mention["kind"] == "full"
    assert mention["evidence"][0]["term"] == "prior_name_sufficient"


def test_title_and_published_may_be_missing():
    said = tag_line(json.dumps({"id": 7, "text": "Richard Glossip spoke."}).encode(), TAGGER)

    assert said["id"] == 7
    assert said["alerts"] == ["richard-glossip"]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[]", "not an object"),
        (b"{}", "no text"),
        (line(text=3), "no text"),
        (line(title=3), "title is no text"),
        (line(published="soon"), "published is no date"),
    ],
)
def test_a_bad_line_says_why(bad, why):
    with pytest.raises(LineError, match=why):
        tag_line(bad, TAGGER)


def test_blank_lines_are_counted_but_not_read(tmp_path):
    file = tmp_path / "texts.jsonl.gz"
    file.write_bytes(gzip.compress(b"\n{}\n\n[]"))

    assert list(numbered_lines(file)) == [(2, b"{}\n"), (4, b"[]")]


def test_a_missing_file_is_wrong_use(tmp_path):
    with pytest.raises(UsageError, match=r"none\.jsonl"):
        list(numbered_lines(tmp_path / "none.jsonl"))


def test_a_bad_line_costs_itself_only(tmp_path, capsys):
    file = tmp_path / "texts.jsonl"
    file.write_bytes(line() + b"\n{\n" + line(id="b", text="Nobody.") + b"\n")

    code = main(["tag", "--seeds", str(SEEDS), str(file)])

    said = capsys.readouterr()
    assert code == 1
    assert [json.loads(row)["id"] for row in said.out.splitlines()] == ["a", "b"]
    assert f"{file}:2: not JSON" in said.err


def gold(mentions, alerts) -> bytes:
    spans = [{"subject": subject, "start": start, "end": end} for subject, start, end in mentions]
    return line(mentions=spans, alerts=alerts)


def test_a_measurement_counts_what_is_right_wrong_and_missed():
    score = Score()

    measure(gold([("richard-glossip", 34, 49)], ["richard-glossip"]), TAGGER, score)
    measure(gold([("richard-glossip", 42, 49)], ["kevin-cooper"]), TAGGER, score)

    assert score.counts["mentions"].row() == {
        "right": 1,
        "wrong": 1,
        "missed": 1,
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
    }
    assert score.counts["overlapping"].f1 == 1.0
    assert score.counts["alerts_0.5"].precision == 0.5
    assert [miss["what"] for miss in score.misses] == [
        "missed mention",
        "wrong mention",
        "missed alert",
        "wrong alert",
    ]


def test_gold_without_gold_is_a_bad_line():
    with pytest.raises(LineError, match="no gold"):
        measure(line(), TAGGER, Score())


@pytest.mark.shared
def test_the_shipped_registry_reaches_its_goal_on_the_written_examples(capsys):
    examples = SEEDS.parents[1] / "shared" / "data" / "mentions" / "dev.jsonl"

    assert main(["evaluate", "--json", "--seeds", str(SEEDS), str(examples)]) == 0

    measured = json.loads(capsys.readouterr().out)
    assert measured["mentions"]["f1"] >= 0.98
    assert measured["alerts_0.5"]["recall"] == 1.0
    assert measured["alerts_0.5"]["precision"] >= 0.97
