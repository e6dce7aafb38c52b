"""Additions to a file of the registry: the rest of the file stays as it is."""

from __future__ import annotations

import subprocess
from difflib import ndiff
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from extractors.registry import parse_registry
from extractors.registry.edit import Additions, add_entries, as_yaml, diff, source_keys
from tests.extractors.registry_files import ADVOCATE, CASE, files

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
HILE = {"type": "lawyer", "text": "Norman Hile", "source": "s2"}
PAINTER = {"label": "a painter", "cues": ["gallery", "oil on canvas"], "source": "s2"}
PAGE = "https://news.example/two"
ADDED = Additions({"context": [HILE], "not": [PAINTER]}, {"s2": PAGE})


def added_lines(before: str, after: str) -> list[str]:
    """Return the lines that *after* has more; fails if one of *before* is missing or moved."""
    told = list(ndiff(before.splitlines(), after.splitlines()))
    assert [line for line in told if line.startswith("- ")] == []
    return [line[2:] for line in told if line.startswith("+ ")]


def edited(text: str, additions: Additions = ADDED) -> str:
    after = add_entries(text, additions)
    assert after is not None
    return after


def test_entries_stand_at_the_end_of_their_lists_in_the_style_of_the_file():
    text = CASE.replace(
        'sources: {s1: "https://news.example/cooper"}', "sources:\n  s1: https://a.example/"
    )

    assert added_lines(text, edited(text)) == [
        "- {type: lawyer, text: Norman Hile, source: s2}",
        "- {label: a painter, cues: [gallery, oil on canvas], source: s2}",
        "  s2: https://news.example/two",
    ]


def test_sources_in_brackets_get_theirs_within_them():
    after = edited(CASE)

    assert after.splitlines()[-1] == (
        'sources: {s1: "https://news.example/cooper", s2: https://news.example/two}'
    )
    assert len(parse_registry(files(case=after)).cases[0].context) == 4


def test_a_list_that_is_missing_is_put_before_the_sources_and_their_comment():
    text = ADVOCATE.replace("sources: {s1: ", "# where it all\nsources:\n  s1: ").replace(
        '/kim"}', '/kim"'
    )

    assert added_lines(text, edited(text))[:4] == [
        "context:",
        "- {type: lawyer, text: Norman Hile, source: s2}",
        "not:",
        "- {label: a painter, cues: [gallery, oil on canvas], source: s2}",
    ]
    assert edited(text).index("not:") < edited(text).index("# where it all")


def test_comments_blank_lines_and_order_stay():
    text = (
        "# Top.\nid: a   # why\n\ncontext:\n  # the victims\n  - type: victim\n    text: Ryen\n"
        "    source: s1\n\n# the sources\nsources:\n    s1: https://a.example/\n# end\n"
    )

    assert added_lines(text, edited(text, Additions({"context": [HILE]}, {"s2": PAGE}))) == [
        "  - {type: lawyer, text: Norman Hile, source: s2}",
        "    s2: https://news.example/two",
    ]


@pytest.mark.parametrize(
    "listed",
    [
        "context: []",
        "context: [ ]",
        "context: [{type: victim, text: Ryen, source: s1}]",
        "context: [{type: victim, text: Ryen, source: s1},]",
        "context: [\n  {type: victim, text: Ryen, source: s1},\n  ]",
        "context:\n- {type: victim, text: Ryen, source: s1} # the family",
        "context:\n- type: victim\n  text: >\n    Ryen\n    family\n  source: s1",
        "context:\n- type: victim\n  text: |-\n    Ryen\n  source: s1\n\n\n# next",
        "context:\n-\n  type: victim\n  text: Ryen\n  source: s1",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\n\n", ""])
def test_every_way_to_write_a_list_keeps_what_it_says(listed, end):
    text = f"id: a\n{listed}\nsources:\n  s1: https://a.example/{end}"
    before = yaml.safe_load(text)

    after = yaml.safe_load(edited(text, Additions({"context": [HILE]}, {"s2": PAGE})))

    assert after["context"] == [*before["context"], HILE]
    assert after["sources"] == {"s1": "https://a.example/", "s2": PAGE}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a list\n",
        "id: [broken\n",
        "context: words\nsources: {}\n",
        "sources: none\n",
        "id: a\u2028\nsources: {}\n",  # a line for YAML, none for a diff
        "context: &same [1]\nnot: *same\nsources: {}\n",  # what is added to one stands in both
    ],
)
def test_a_file_that_cannot_be_edited_is_left_to_people(text):
    assert add_entries(text, ADDED) is None


def test_line_ends_of_another_system_stay():
    text = CASE.replace("\n", "\r\n")

    after = edited(text)

    assert after.count("\n") == after.count("\r\n") == CASE.count("\n") + 2


def test_a_source_that_is_known_is_used_again():
    text = (
        "sources:\n  s1: https://a.example/\n  rte: https://r.example/\n  s7: https://b.example/\n"
    )

    keys = source_keys(text, ["https://r.example/", PAGE, "https://c.example/", PAGE])

    assert keys["https://r.example/"] == "rte"
    assert (keys[PAGE], keys["https://c.example/"]) == ("s8", "s9")


def test_a_source_that_is_there_is_not_added_again():
    additions = Additions(
        {"context": [HILE | {"source": "s1"}]}, {"s1": "https://news.example/cooper"}
    )

    assert edited(CASE, additions).count("https://news.example/cooper") == 1


@given(
    words=st.text(min_size=1).filter(str.strip),
    cues=st.lists(st.text(min_size=1), min_size=1, max_size=3),
)
def test_whatever_words_are_added_are_read_again(words, cues):
    additions = Additions(
        {"context": [HILE | {"text": words}], "not": [PAINTER | {"cues": cues}]}, {"s2": PAGE}
    )
    after = add_entries(CASE, additions)
    if after is None:  # words that YAML cannot hold, such as control characters
        return
    value = yaml.safe_load(after)

    assert (value["context"][-1]["text"], value["not"][-1]["cues"]) == (words, cues)
    assert after.startswith(CASE.partition("not:")[0])


@pytest.mark.parametrize(
    "words",
    ["no", "1984", "a: b", "x #y", "{curly}", "it's", "O’Brien", 'a "q"', "- dash", "*star"],
)
def test_odd_words_are_quoted(words):
    after = edited(CASE, Additions({"context": [HILE | {"text": words}]}, {"s2": PAGE}))

    assert yaml.safe_load(after)["context"][-1]["text"] == words


def test_what_a_person_adds_by_hand_says_the_same():
    assert yaml.safe_load(as_yaml(ADDED)) == {
        "context": [HILE],
        "not": [PAINTER],
        "sources": {"s2": PAGE},
    }


@pytest.mark.parametrize("folder", ["cases", "advocates"])
def test_every_file_that_we_ship_can_be_edited(folder):
    for file in sorted((SEEDS / folder).glob("*.yaml")):
        text = file.read_text("utf-8")
        names = [{"text": "A B", "kind": "spelling", "policy": "context_required", "source": "s99"}]
        additions = Additions(
            {
                "names": names,
                "context": [HILE | {"source": "s99"}],
                "not": [PAINTER | {"source": "s99"}],
            },
            {"s99": PAGE},
        )

        assert 4 <= len(added_lines(text, edited(text, additions))) <= 7, file.name


@pytest.mark.parametrize("tool", [["git", "apply"], ["patch", "-p1", "-s", "-i"]])
@pytest.mark.parametrize("end", ["\n", ""])
def test_the_diff_is_one_that_the_tools_take(tmp_path, tool, end):
    text = CASE.rstrip("\n") + end
    file = tmp_path / "seeds" / "cases" / "kevin-cooper.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    after = edited(text)
    patch = "# Words before it are passed over.\n\n" + diff(
        text, after, "seeds/cases/kevin-cooper.yaml"
    )
    (tmp_path / "one.diff").write_text(patch, "utf-8")

    subprocess.run([*tool, "one.diff"], cwd=tmp_path, check=True)

    assert file.read_text("utf-8") == after


def test_no_change_is_no_diff():
    assert diff(CASE, CASE, "x") == ""
