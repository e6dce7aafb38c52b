"""From verdicts to a diff that a person may apply; nothing is applied, nobody is suppressed."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from extractors.errors import UsageError
from extractors.model import Verdict
from flows.cli import main
from flows.outbox import send_digests
from flows.seeds import read_seeds
from flows.settings import Settings
from flows.suggestions import proposals_due, propose, subject_called, weekly_note, write_weekly
from warehouse.feedback import recall_rows
from warehouse.inbox import Judgement, drain, put
from warehouse.publish import publish
from warehouse.reads import alert_rows
from warehouse.store import Warehouse, open_copy

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
CASE = """\
# Ada Quarry, in prison for a fire.
id: ada-quarry
name: {given: [Ada], family: [Quarry]}
policy: name_sufficient
jurisdiction: {country: US, region: US-CA}
status:
- {value: life_sentence, as_of: "2007", source: s1}
context:
- {type: victim, text: Bellweather, source: s1}   # the house
sources:
  s1: https://news.example/quarry
"""
WORDS = ("amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "heath", "inlet", "jetty")


def page(title: str, first: str, number: int) -> str:
    """Return an article whose words no other article of the test has."""
    filler = " ".join(f"The {word}{number} lay beside the {word}ish{number}." for word in WORDS)
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1><p>{first}</p><p>{filler}</p></article></body></html>"
    )


def pages(kind: str, first: str, count: int) -> dict[str, str]:
    return {
        f"good.example/{kind}{n}": page("Report", first, hash_free(kind, n)) for n in range(count)
    }


def hash_free(kind: str, number: int) -> int:
    """Return a number that no other page has."""
    return int.from_bytes(kind.encode()[:2], "big") * 1_000 + number


class Desk:
    """A registry of one case, a server with its pages, and people who judge."""

    def __init__(self, server: Any, home: Path, seeds: Path, make_job: Any, watch: Any, rss: Any):
        self.server, self.seeds = server, seeds
        self.settings = server.settings(home, "good.example")
        self._make_job, self._watch, self._rss = make_job, watch, rss
        self._runs = 0

    def run(self, stored: dict[str, str]) -> Any:
        """Run over a feed that links to all pages stored so far."""
        for place, html in stored.items():
            self.server.says(place, html, Content_Type="text/html; charset=utf-8")
        feed = self._rss(*(f"http://{place}" for place in stored))
        name = f"feed{self._runs}"
        self.server.says(f"good.example/{name}", feed, Content_Type="application/rss+xml")
        after = timedelta(hours=self._runs)
        self._runs += 1
        url = f"http://good.example/{name}"
        return self._watch(self._make_job(self.settings, {name: url}, after)).report

    def judge(self, verdict: Verdict, words: str = "") -> int:
        """Judge every alert whose passage holds *words*; return how many."""
        with open_copy(self.settings.copy) as db:
            alerts = [alert for alert in alert_rows(db) if words in alert["passage"]]
        for alert in alerts:
            at = datetime(2026, 11, 21, tzinfo=UTC)
            put(self.settings.inbox, Judgement(alert["alert_id"], verdict, "lin", at))
        warehouse = Warehouse(self.settings.warehouse)
        drained = drain(warehouse, self.settings.inbox)
        publish(warehouse, self.settings.copy)
        drained.forget()
        return len(alerts)


@pytest.fixture
def desk(odd_server, tmp_path, monkeypatch, make_odd_job, watch, rss) -> Desk:
    """Return a desk whose registry and home the command line finds too."""
    seeds, home = tmp_path / "seeds", tmp_path / "home"
    (seeds / "cases").mkdir(parents=True)
    (seeds / "cases" / "ada-quarry.yaml").write_text(CASE, "utf-8")
    monkeypatch.setenv("CASEWATCH_HOME", str(home))
    monkeypatch.setenv("CASEWATCH_SEEDS", str(seeds))
    monkeypatch.chdir(tmp_path)
    return Desk(odd_server, home, seeds, make_odd_job, watch, rss)


@pytest.fixture(scope="module")
def judged_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the home of the judged stories is kept once a test has made it."""
    return tmp_path_factory.mktemp("judged") / "home"


@pytest.fixture
def judged(desk: Desk, judged_home: Path) -> Desk:
    """Return a desk on which five stories were judged right and two wrong."""
    if not judged_home.exists():
        desk.run(
            pages("right", "Ada Quarry, whose lawyer is Tessa Lorne, is in Millbrook.", 5)
            | pages(
                "wrong", "Ada Quarry opened her gallery in Amberton on Monday, and many came.", 2
            )
            | pages("other", "The council spoke of roads, and nobody was named in the end.", 30)
        )
        assert desk.judge(Verdict.RELEVANT, "Millbrook") == 5
        assert desk.judge(Verdict.WRONG_PERSON, "gallery") == 2
        shutil.copytree(desk.settings.home, judged_home)
    shutil.copytree(judged_home, desk.settings.home, dirs_exist_ok=True)
    return desk


def suggested(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert main(["seeds", "suggest", "ada-quarry", *words]) == 0
    return capsys.readouterr().out


# --- the command ---------------------------------------------------------------------------------


def test_judged_alerts_become_a_diff_that_git_applies_and_the_check_accepts(
    judged, capsys, tmp_path
):
    out = suggested(capsys)
    file = judged.seeds / "cases" / "ada-quarry.yaml"
    assert file.read_text("utf-8") == CASE  # asking changes nothing

    (tmp_path / "one.diff").write_text(out, "utf-8")
    subprocess.run(["git", "apply", "one.diff"], cwd=tmp_path, check=True)
    (case,) = read_seeds(judged.seeds).cases

    assert {term.text for term in case.context} == {"Bellweather", "Tessa Lorne", "Millbrook"}
    assert [namesake.cues for namesake in case.namesakes] == [("Amberton",)]
    assert dict(case.sources)["s2"].startswith("http://good.example/")
    assert "# the house" in file.read_text("utf-8")
    assert main(["seeds", "check"]) == 0
    assert "Tessa Lorne" not in suggested(capsys)  # what was accepted is not proposed again


def test_the_support_of_each_proposal_is_told_with_a_sentence(judged, capsys):
    told, _, diff = suggested(capsys).partition("--- a/")

    assert told.startswith(
        "# Ada Quarry: 7 stories judged (5 right, 2 wrong), 0 not judged; 30 other articles.\n"
    )
    assert "#   Tessa Lorne  (5 stories right, 0 others, log-odds +" in told
    assert "#   Amberton  (2 stories wrong, 0 others, log-odds +" in told
    assert "“Ada Quarry, whose lawyer is Tessa Lorne, is in Millbrook." in told
    assert all(line.startswith("#") or not line for line in told.splitlines())
    assert diff.startswith("seeds/cases/ada-quarry.yaml\n+++ b/seeds/cases/ada-quarry.yaml\n@@")


def test_a_proposal_can_be_left_out(judged, capsys):
    out = suggested(capsys, "--skip", "millbrook", "--skip", "Amberton")

    assert "+- {type: other, text: Tessa Lorne, source: s2}" in out
    assert "text: Millbrook" not in out
    assert "+not:" not in out


def test_programs_get_one_object(judged, capsys):
    facts = json.loads(suggested(capsys, "--json"))

    assert (facts["right"], facts["wrong"], facts["weak"]) == (5, 2, False)
    assert {p["kind"] for p in facts["proposals"]} == {"context", "cue"}
    assert facts["diff"].startswith("--- a/seeds/cases/ada-quarry.yaml\n")


def test_with_too_few_verdicts_it_says_so_and_is_no_failure(desk, capsys):
    desk.run(pages("right", "Ada Quarry waits in Millbrook prison for a hearing.", 3))
    out = suggested(capsys)

    assert "0 stories judged" in out
    assert "WEAKER: fewer than 5 stories are judged" in out
    assert "# Nothing to propose" in out  # there are no other articles to compare with


def test_a_verdict_in_the_inbox_counts_at_once(judged):
    settings = judged.settings
    registry = read_seeds(judged.seeds)
    subject = subject_called(registry, "ada-quarry")
    with open_copy(settings.copy) as db:
        alert = next(a for a in alert_rows(db) if "gallery" in a["passage"])
    later = datetime(2026, 11, 22, tzinfo=UTC)
    put(settings.inbox, Judgement(alert["alert_id"], Verdict.UNSURE, "lin", later))

    found = propose(settings, judged.seeds, subject, registry).suggestions

    assert (found.right, found.wrong, found.unjudged) == (5, 1, 1)


def test_a_file_that_cannot_be_edited_is_added_to_by_hand(judged, capsys):
    file = judged.seeds / "cases" / "ada-quarry.yaml"
    same = "names: &none []\nnot: *none\npolicy:"  # what is added to one stands in both
    file.write_text(CASE.replace("policy:", same), "utf-8")

    out = suggested(capsys)

    assert "Add by hand:" in out
    assert "- {type: other, text: Tessa Lorne, source: s2}\n" in out


def test_who_is_not_watched_is_named_with_who_is(desk, capsys):
    assert main(["seeds", "suggest", "quarry"]) == 2
    assert "no case or advocate 'quarry' is watched; perhaps ada-quarry" in capsys.readouterr().err
    assert main(["seeds", "suggest"]) == 2
    assert main(["seeds", "check", "ada-quarry"]) == 2


def test_before_the_first_run_it_says_what_to_do(desk, capsys):
    assert main(["seeds", "suggest", "ada-quarry"]) == 1
    assert "`casewatch run` makes it" in capsys.readouterr().err


def test_subjects_of_the_newsroom_can_be_asked(home, tmp_path):
    shutil.copytree(SEEDS, tmp_path / "seeds")
    registry = read_seeds(tmp_path / "seeds")
    settings = Settings(home=home)

    for subject in (*registry.cases[:4], *registry.advocates[:4]):
        proposed = propose(settings, tmp_path / "seeds", subject, registry)
        assert proposed.patch is not None
        assert proposed.suggestions.weak

    with pytest.raises(UsageError):
        subject_called(registry, "nobody")


# --- once a week ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "written", "due"),
    [
        ("2026-11-24", [], "2026-W48"),
        ("2026-11-24", ["2026-W47"], "2026-W48"),
        ("2026-11-29", ["2026-W48"], None),
        ("2026-11-30", ["2026-W48"], "2026-W49"),
        ("2027-01-03", ["2026-W52"], "2026-W53"),  # a Sunday of the old year's last week
    ],
)
def test_proposals_are_due_once_an_iso_week(now, written, due):
    assert proposals_due(datetime.fromisoformat(now), written) == due


def test_the_weeks_proposals_are_written_once_and_never_applied(judged, noon):
    first = write_weekly(judged.settings, judged.seeds, lambda: noon)
    second = write_weekly(judged.settings, judged.seeds, lambda: noon)
    folder = judged.settings.home / "proposals"
    report = (folder / "2026-W47.md").read_text("utf-8")

    assert first is not None
    assert first.startswith("Verdicts propose 3 additions to the registry, none applied:")
    assert second is None
    assert sorted(f.name for f in folder.iterdir()) == ["2026-W47-ada-quarry.diff", "2026-W47.md"]
    assert "## ada-quarry" in report
    assert "Tessa Lorne" in report
    assert (judged.seeds / "cases" / "ada-quarry.yaml").read_text("utf-8") == CASE


def test_the_digest_ends_with_the_line(judged, noon, capsys):
    note = weekly_note(judged.settings, judged.seeds, lambda: noon)

    send_digests(judged.settings, clock=lambda: noon, note=note)

    assert note is not None
    assert capsys.readouterr().out.rstrip().splitlines()[-1] == note


def test_a_week_without_verdicts_says_nothing(home, noon):
    assert write_weekly(Settings(home=home), SEEDS, lambda: noon) is None
    assert "Nothing to propose" in (home / "proposals" / "2026-W47.md").read_text("utf-8")


def test_a_broken_registry_costs_the_proposals_and_not_the_digest(home, noon, tmp_path):
    note = weekly_note(Settings(home=home), tmp_path / "nowhere", lambda: noon)

    assert note is not None
    assert "could not be written" in note


# --- nothing suppresses a name by itself ---------------------------------------------------------


def test_after_fifty_wrong_verdicts_the_next_article_still_raises_its_alert(desk):
    """Verdicts inform people. Only a registry that a person changed changes what is found."""
    words = "Ada Quarry opened her gallery in Amberton on Monday."
    first = desk.run(pages("wrong", words, 50))
    assert first.alerts_new == 50
    assert desk.judge(Verdict.WRONG_PERSON) == 50

    second = desk.run(pages("next", words, 1))

    assert second.alerts_new == 1
    with open_copy(desk.settings.copy) as db:
        rows = db.execute("from rule_precision where per = 'form'").fetchall()
        assert recall_rows(db)[0]["found"] == 1  # the fifty are nobody's mention
    assert len(rows) == 1
