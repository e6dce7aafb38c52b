"""The folder of the registry is read whole, or all that is wrong with it is said."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.errors import RegistryError
from extractors.registry import registry_warnings
from flows.cli import main
from flows.seeds import default_seeds_dir, read_newsroom, read_seeds
from tests.extractors.registry_files import CASE, files

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
SHARED = ROOT.parent / "shared"
STATES = {"US-TX", "US-OK", "US-CA", "US-AL", "US-MS", "US-MO", "US-TN", "US-MD", "US-PA", "US-FL"}
RECORD = SEEDS / "articles" / "rte-2019-06-01-kardashian-west-meets-kevin-cooper.yaml"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """Return a folder with one case, one advocate, one feed."""
    for path, text in files().items():
        file = tmp_path / "seeds" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "seeds"


def problems_of(directory: Path) -> tuple[str, ...]:
    with pytest.raises(RegistryError) as raised:
        read_seeds(directory)
    return raised.value.problems


# --- reading ---------------------------------------------------------------------------------


def test_a_folder_is_read(seeds: Path):
    registry = read_seeds(seeds)

    assert [subject.id for subject in registry.subjects] == ["kevin-cooper", "kim-kardashian"]
    assert [feed.url for feed in registry.feeds] == ["https://news.example/feed"]


def test_only_the_registry_counts_for_its_version(seeds: Path):
    before = read_seeds(seeds).version
    (seeds / "articles").mkdir()
    (seeds / "articles" / "one.yaml").write_text("id: one\n", encoding="utf-8")
    (seeds / "cases" / "README.md").write_text("Cases.\n", encoding="utf-8")

    assert read_seeds(seeds).version == before


def test_a_missing_folder_is_named_with_what_to_do(tmp_path: Path):
    (problem,) = problems_of(tmp_path / "nowhere")

    assert "nowhere: there is no such folder" in problem
    assert "--seeds or CASEWATCH_SEEDS" in problem


def test_an_empty_folder_watches_nobody(tmp_path: Path):
    (cases,) = problems_of(tmp_path)

    assert cases.startswith("cases/: no case is watched")


def test_a_run_without_feeds_is_refused_before_it_begins(tmp_path: Path, monkeypatch, capsys):
    """Other people's cases can be tagged without a list of feeds; a run that polls none is none."""
    monkeypatch.setenv("CASEWATCH_HOME", str(tmp_path / "home"))
    (tmp_path / "cases").mkdir()
    alone = CASE.replace("advocates: [kim-kardashian]", "advocates: []")
    (tmp_path / "cases" / "kevin-cooper.yaml").write_text(alone, encoding="utf-8")

    assert main(["run", "--seeds", str(tmp_path)]) == 1
    assert "no feed is listed" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_files_that_cannot_be_read_are_all_named(seeds: Path):
    (seeds / "cases" / "kevin-cooper.yaml").write_bytes(CASE.encode() + b"\n# caf\xe9\n")
    (seeds / "cases" / "folder.yaml").mkdir()

    assert problems_of(seeds) == (
        "cases/folder.yaml: it cannot be read (Is a directory)",
        "cases/kevin-cooper.yaml:17: it is not UTF-8; save it as UTF-8",
    )


def test_a_byte_order_mark_is_no_key(seeds: Path):
    (seeds / "cases" / "kevin-cooper.yaml").write_text(CASE, encoding="utf-8-sig")

    assert len(read_seeds(seeds).cases) == 1


def test_a_file_of_another_ending_is_not_passed_over(seeds: Path):
    (seeds / "cases" / "kevin-cooper.yaml").rename(seeds / "cases" / "kevin-cooper.yml")

    assert "cases/kevin-cooper.yml:1: a file of the registry ends in .yaml; rename it" in (
        problems_of(seeds)
    )


# --- where the folder is -----------------------------------------------------------------------


def test_the_folder_is_the_one_that_the_environment_names(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CASEWATCH_SEEDS", "/srv/watched")

    assert default_seeds_dir() == Path("/srv/watched")


def test_the_folder_is_the_one_here(monkeypatch: pytest.MonkeyPatch, seeds: Path):
    monkeypatch.delenv("CASEWATCH_SEEDS", raising=False)
    monkeypatch.chdir(seeds.parent)

    assert default_seeds_dir() == Path("seeds")


def test_the_folder_is_else_the_one_beside_the_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.delenv("CASEWATCH_SEEDS", raising=False)
    monkeypatch.chdir(tmp_path)

    assert default_seeds_dir() == SEEDS


# --- the command ---------------------------------------------------------------------------------


def test_a_good_folder_is_summed_up(seeds: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["seeds", "check", "--seeds", str(seeds)]) == 0

    out, err = capsys.readouterr()
    assert out == "1 case, 1 advocate, 1 feed: no problems\n"
    assert err == ""


def test_what_is_risky_is_said_and_is_no_failure(seeds: Path, capsys: pytest.CaptureFixture[str]):
    thin = CASE.replace("type: prison", "type: place")
    (seeds / "cases" / "kevin-cooper.yaml").write_text(thin, encoding="utf-8")

    assert main(["seeds", "check", "--seeds", str(seeds)]) == 0
    assert "warning: cases/kevin-cooper.yaml: the name needs context" in capsys.readouterr().out


def test_problems_go_to_stderr_one_a_line_and_fail(seeds: Path, capsys: pytest.CaptureFixture[str]):
    broken = CASE.replace("{type: judge,", "{typ: judge,")
    (seeds / "cases" / "kevin-cooper.yaml").write_text(broken, encoding="utf-8")

    assert main(["seeds", "check", "--seeds", str(seeds)]) == 1

    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        'cases/kevin-cooper.yaml:11: context[2].typ: unknown key; did you mean "type"?',
        "cases/kevin-cooper.yaml:11: context[2].type: it is missing; add it",
        "casewatch: 2 problems in the registry",
    ]


def test_a_program_reads_json(seeds: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["seeds", "check", "--json", "--seeds", str(seeds)]) == 0
    good = json.loads(capsys.readouterr().out)
    (seeds / "feeds.yaml").write_text("feeds: no", encoding="utf-8")
    assert main(["seeds", "check", "--json", "--seeds", str(seeds)]) == 1
    broken = json.loads(capsys.readouterr().out)

    assert (good["cases"], good["advocates"], good["feeds"], good["problems"]) == (1, 1, 1, [])
    assert broken["problems"][0].startswith("feeds.yaml:1: feeds: ")


def test_a_broken_file_stops_a_run_before_anything_is_fetched(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CASEWATCH_HOME", str(tmp_path / "home"))
    (seeds / "cases" / "kevin-cooper.yaml").write_text("id: x\n", encoding="utf-8")

    assert main(["run", "--seeds", str(seeds)]) == 1
    assert not (tmp_path / "home").exists()


# --- what is shipped ------------------------------------------------------------------------------


def test_the_shipped_registry_is_good_and_warns_of_nothing():
    registry = read_seeds(SEEDS)

    assert (len(registry.cases), len(registry.advocates)) == (18, 21)
    assert len(registry.feeds) >= 25
    assert all(feed.source for feed in registry.feeds)
    assert registry_warnings(registry) == ()


def test_the_newsroom_watches_the_same_people():
    newsroom, shipped = read_newsroom(SEEDS), read_seeds(SEEDS)

    assert newsroom.subjects == shipped.subjects
    assert all(".example/" in feed.url for feed in newsroom.feeds)


def test_every_state_of_a_case_has_a_region():
    regions = {case.jurisdiction.region for case in read_seeds(SEEDS).cases if case.jurisdiction}

    assert regions >= STATES


def test_west_alone_is_never_kim_kardashian():
    """Bare "West" is Kanye West; bare "Cook" of Mumia Abu-Jamal's birth name is anybody."""
    short = {
        form.lower()
        for subject in read_seeds(SEEDS).subjects
        for form in (
            *subject.short,
            *subject.solo,
            *(word for name in subject.names for word in name.followup),
        )
    }

    assert short.isdisjoint({"west", "cook", "jamal", "goodman", "ray", "johnson"})


def test_a_comment_of_a_case_says_nothing_of_guilt():
    words = ("guilty", "innocent", "murderer", "killer", "wrongful", "framed")
    for path in SEEDS.glob("cases/*.yaml"):
        comment = path.read_text("utf-8").splitlines()[1].lower()
        assert not any(word in comment for word in words), path


def test_the_record_of_the_seed_article_names_whom_the_registry_watches():
    record: dict[str, Any] = yaml.safe_load(RECORD.read_text("utf-8"))
    watched = {subject.id for subject in read_seeds(SEEDS).subjects}

    assert record["id"] == RECORD.stem
    assert {mention["subject"] for mention in record["mentions"]} <= watched


@pytest.mark.shared
def test_the_record_of_the_seed_article_is_of_that_text():
    """The text itself is not ours to keep: its hash and the offsets of the names are."""
    record: dict[str, Any] = yaml.safe_load(RECORD.read_text("utf-8"))
    raw = (SHARED / "seed" / "article.txt").read_bytes()
    text = raw.decode("utf-8")

    assert sha256(raw).hexdigest() == record["text"]["sha256"]
    assert len(raw) == record["text"]["bytes"]
    for mention in record["mentions"]:
        assert text[mention["start"] : mention["end"]] == mention["form"]
    counted = Counter(mention["form"] for mention in record["mentions"])
    assert counted["Kim Kardashian West"] == text.count("Kim Kardashian West")
    assert counted["Kevin Cooper"] == text.count("Kevin Cooper")
