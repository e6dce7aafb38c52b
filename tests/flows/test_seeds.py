"""The seeds that are shipped, and the folder they lie in."""

import hashlib
import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from extractors.errors import RegistryError
from extractors.registry import json_schemas
from flows.cli import main
from flows.seeds import default_seeds_dir, read_newsroom, read_seeds

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
SHARED = ROOT.parent / "shared"


class _Loader(yaml.CSafeLoader):
    """YAML as JSON Schema sees it: days stay texts."""


_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)


def test_the_shipped_registry_is_whole():
    registry = read_seeds(SEEDS)

    assert (len(registry.cases), len(registry.advocates)) == (18, 21)
    assert len(registry.feeds) >= 25
    assert all(feed.source for feed in registry.feeds)


def test_the_newsroom_is_watched_for_the_same_people():
    assert read_newsroom(SEEDS).subjects == read_seeds(SEEDS).subjects


def test_the_published_schemas_are_those_of_the_code():
    shipped = {path.name: path.read_text("utf-8") for path in (SEEDS / "schema").glob("*.json")}

    assert shipped == json_schemas()


@pytest.mark.parametrize(
    "path",
    [*SEEDS.glob("cases/*.yaml"), *SEEDS.glob("advocates/*.yaml"), *SEEDS.glob("**/feeds.yaml")],
    ids=lambda path: path.relative_to(SEEDS).as_posix(),
)
def test_every_seed_file_obeys_its_schema(path):
    name = {"cases": "case", "advocates": "advocate"}.get(path.parent.name, "feeds")
    schema = json.loads((SEEDS / "schema" / f"{name}.json").read_text("utf-8"))

    jsonschema.validate(yaml.load(path.read_text("utf-8"), Loader=_Loader), schema)


@pytest.mark.shared
def test_the_record_of_the_seed_article_is_of_that_article():
    (record,) = (SEEDS / "articles").glob("*.yaml")
    article = SHARED / "seed" / "article.txt"

    assert hashlib.sha256(article.read_bytes()).hexdigest() in record.read_text("utf-8")


def test_seeds_check_says_that_nothing_is_wrong(capsys):
    assert main(["seeds", "check", "--seeds", str(SEEDS)]) == 0
    assert "18 cases, 21 advocates" in capsys.readouterr().out


def test_a_broken_file_stops_the_check_with_1_and_names_the_line(tmp_path, capsys):
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "x.yaml").write_text("id: x\nnam: y\n", encoding="utf-8")

    assert main(["seeds", "check", "--seeds", str(tmp_path)]) == 1
    assert 'cases/x.yaml:2: nam: unknown key; did you mean "name"?' in capsys.readouterr().err


def test_a_broken_file_stops_a_run_before_anything_is_fetched(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("CASEWATCH_HOME", str(tmp_path / "home"))
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "x.yaml").write_text("id: x\n", encoding="utf-8")

    assert main(["run", "--seeds", str(tmp_path)]) == 1
    assert not (tmp_path / "home").exists()


def test_a_file_that_is_not_utf8_is_named(tmp_path):
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "x.yaml").write_bytes(b"id: \xff\n")

    with pytest.raises(RegistryError, match=r"cases/x\.yaml:1: it cannot be read as UTF-8"):
        read_seeds(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RegistryError, match="there is no such folder"):
        read_seeds(tmp_path / "nowhere")


def test_the_setting_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("CASEWATCH_SEEDS", str(tmp_path))

    assert default_seeds_dir() == tmp_path
