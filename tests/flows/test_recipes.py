"""The guides cannot rot: their queries run, and each command and option that they name is there."""

import argparse
import re
from importlib import import_module
from pathlib import Path

import pytest

from flows.cli import COMMANDS
from review.words import KEYS, VERDICTS
from warehouse.store import open_copy

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"])
TEXTS = [pytest.param(path.read_text("utf-8"), id=path.name) for path in GUIDES]
RECIPES = re.findall(
    r"```sql\n(.*?)```", (ROOT / "docs" / "query.md").read_text("utf-8"), re.DOTALL
)
# in code, where a command stands after a path, at a line's begin or in backticks
_COMMAND = re.compile(r"(?:`|^|/|&& )casewatch ([a-z-]+)([^`\n#&|]*)", re.MULTILINE)


@pytest.fixture
def published(newsroom_home):
    with open_copy(newsroom_home / "casewatch-read.duckdb") as db:
        yield db


def test_every_recipe_runs_and_most_answer_in_the_newsroom(published):
    answered = [bool(published.execute(recipe).fetchall()) for recipe in RECIPES]

    assert len(RECIPES) >= 14
    assert sum(answered) >= 10


@pytest.mark.parametrize("text", TEXTS)
def test_a_guide_names_commands_that_there_are(text):
    named = {word for word, _ in _COMMAND.findall(text)}

    assert sorted(named - set(COMMANDS)) == []


@pytest.mark.parametrize("text", TEXTS)
def test_a_guide_names_options_that_its_command_takes(text):
    wrong = [
        f"{name} {option}"
        for name, rest in _COMMAND.findall(text)
        for option in re.findall(r"--[a-z][a-z-]*", rest)
        if option not in help_of(name)
    ]

    assert wrong == []


@pytest.mark.parametrize("text", TEXTS)
def test_a_guide_links_and_names_files_that_there_are(text):
    named = re.findall(
        r"`((?:seeds|warehouse|gold|flows|tests)/[\w/.-]+)`|\]\(([\w./-]+)\)|\b(docs/\w+\.md)\b",
        text,
    )
    missing = [name for found in named for name in found if name and not (ROOT / name).exists()]

    assert missing == []


def test_the_guide_to_reviewing_has_every_key_and_verdict():
    text = (ROOT / "docs" / "review.md").read_text("utf-8")

    assert [word for word in VERDICTS if f"`{word}`" not in text] == []
    assert [words for _, words in KEYS if f"| {words} |" not in text] == []


def test_a_receiver_that_checks_as_the_guide_says_takes_ours_and_nothing_else():
    from flows.carriers import signature_headers

    text = (ROOT / "docs" / "review.md").read_text("utf-8")
    names: dict = {}
    exec(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0], names)  # noqa: S102 - our own guide
    now = int(names["time"].time())
    for secret in ("hush", "whsec_aHVzaA=="):
        headers = signature_headers(secret, "m1", b"{}", now)
        assert names["is_ours"](secret, headers, b"{}")
        assert not names["is_ours"](secret, headers, b"{ }")
        assert not names["is_ours"]("other", headers, b"{}")
    assert not names["is_ours"]("hush", signature_headers("hush", "m1", b"{}", now - 301), b"{}")


def help_of(name: str) -> str:
    """Return what `casewatch NAME --help` prints."""
    parser = argparse.ArgumentParser(prog=name)
    import_module(f"flows.commands.{name}").configure(parser)
    return parser.format_help() + "--help"
