"""The quick search in lower case loses no event."""

from pathlib import Path

import pytest
import yaml

from extractors.events.required import Prefilter, required
from extractors.events.rules import LANGUAGES, lowered, words

WRITTEN = Path(__file__).resolve().parents[2] / "gold" / "written.yaml"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_rule_finds_its_quick_searches_find_too(language):
    known = words(language)
    texts = [example["text"] for example in yaml.load(WRITTEN.read_text("utf-8"), yaml.CSafeLoader)]

    missed = [
        (rule.type, text)
        for text in texts
        for index, rule in enumerate(known.rules)
        if rule.pattern.search(text)
        and not (
            rule.lowered.search(text.lower()) and index in known.prefilter.possible(text.lower())
        )
    ]

    assert missed == []


def test_letters_are_lowered_and_classes_are_not():
    assert lowered(r"\S+ \bDNA (?-i:[A-Z])\w+") == r"\S+ \bdna (?:[a-z])\w+"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bno new trial\b", [{"no new trial"}]),
        (r"\b(?:appeals?|petition)\b (?:was |is )?denied", [{"denied"}, {"appeal", "petition"}]),
        (r"\bsav(?:es|ed) (?:\S+ ){0,4}from execution", [{"from execution"}, {"save"}]),
        (r"(?:stay|\w+) for", [{" for"}]),
        (r"(?:granted)?\W*", []),
        (r"stays?\b(?! in texas)", [{"stay"}]),
    ],
)
def test_words_that_a_pattern_requires(pattern, words):
    assert list(map(set, required(pattern))) == words


def test_a_capital_that_must_not_follow_is_refused():
    with pytest.raises(ValueError, match="negative"):
        lowered(r"executed(?! (?-i:[A-Z]))")


def test_one_letter_alone_grows_in_lower_case():
    assert [one for one in map(chr, range(0x110000)) if len(one.lower()) > 1] == ["İ"]


def test_a_rule_is_possible_where_all_that_one_of_its_alternatives_requires_is_there():
    prefilter = Prefilter(
        [
            [required(r"grant(?:s|ed) [^.]{0,9}\bstay\b"), required("reprieve")],
            [required(r"\w+")],
            [required("stay of execution")],
        ]
    )

    assert prefilter.possible("the court granted a stay") == [0, 1]
    assert prefilter.possible("a stay of execution") == [1, 2]
    assert prefilter.possible("reprieve") == [0, 1]
    assert prefilter.possible("") == [1]
    assert prefilter.possible("\ud800 reprieve") == [0, 1]
