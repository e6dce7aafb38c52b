"""The JSON Schemas for editors say what the reader says, and the shipped files keep to both."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from extractors.registry import json_schemas
from tests.extractors.registry_files import ADVOCATE, CASE, FEEDS

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
SCHEMA_OF = {"cases": "case", "advocates": "advocate"}
SUBJECTS = sorted((*SEEDS.glob("cases/*"), *SEEDS.glob("advocates/*")))
WRITE = (
    "write them anew: python -c 'from pathlib import Path; from extractors.registry import "
    'json_schemas; [Path("seeds/schema", n).write_text(t) for n, t in json_schemas().items()]\''
)


@cache
def validator(name: str) -> Draft202012Validator:
    schema = json.loads((SEEDS / "schema" / f"{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def read(text: str) -> Any:
    """Return what an editor sees: YAML 1.2 has no dates."""
    return as_json(yaml.load(text, Loader=yaml.CSafeLoader))


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def test_the_schemas_are_those_of_the_reader():
    shipped = {path.name: path.read_text("utf-8") for path in (SEEDS / "schema").iterdir()}

    assert shipped == json_schemas(), WRITE


@pytest.mark.parametrize("path", SUBJECTS, ids=lambda path: path.stem)
def test_a_shipped_subject_keeps_to_its_schema(path: Path):
    schema = SCHEMA_OF[path.parent.name]
    text = path.read_text("utf-8")

    validator(schema).validate(read(text))
    first, second = text.splitlines()[:2]
    assert first == f"# yaml-language-server: $schema=../schema/{schema}.json"
    assert second.startswith("# ")
    assert second.endswith(".")


@pytest.mark.parametrize("path", ["feeds.yaml", "newsroom/feeds.yaml"])
def test_shipped_feeds_keep_to_their_schema(path: str):
    validator("feeds").validate(read((SEEDS / path).read_text("utf-8")))


@pytest.mark.parametrize(
    ("name", "text"), [("case", CASE), ("advocate", ADVOCATE), ("feeds", FEEDS)]
)
def test_what_the_reader_takes_the_schema_takes(name: str, text: str):
    validator(name).validate(read(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("given: [Kevin]", "given: Kevin"),
        ("as_of: 2024-09,", "as_of: 2024,"),
        ("text: Ryen,", "text: Ryen, from: 2024-01-02,"),
    ],
)
def test_the_schema_is_no_stricter_than_the_reader(old: str, new: str):
    assert old in CASE
    validator("case").validate(read(CASE.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("type: judge", "typ: judge"),
        ("policy: context_required\n", ""),
        ("value: death_sentence", "value: guilty"),
        ("country: US", "country: us"),
        ("https://news.example", "a book"),
        ("[Kevin]", '[""]'),
    ],
)
def test_the_schema_is_as_strict_as_the_reader(old: str, new: str):
    assert old in CASE
    assert not validator("case").is_valid(read(CASE.replace(old, new)))
