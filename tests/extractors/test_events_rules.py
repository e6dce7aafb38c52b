"""The quick search in lower case loses no event."""

from pathlib import Path

import pytest
import yaml

from extractors.events.rules import LANGUAGES, lowered, words

WRITTEN = Path(__file__).resolve().parents[2] / "gold" / "written.yaml"


def test_what_a_rule_finds_its_quick_search_finds_too():
    texts = [example["text"] for example in yaml.load(WRITTEN.read_text("utf-8"), yaml.CSafeLoader)]

    missed = [
        (rule.type, text)
        for language in LANGUAGES
        for rule in words(language).rules
        for text in (*texts, *map(str.title, texts))
        if rule.pattern.search(text) and not rule.lowered.search(text.lower())
    ]

    assert missed == []


def test_letters_are_lowered_and_classes_are_not():
    assert lowered(r"\S+ \bDNA (?-i:[A-Z])\w+") == r"\S+ \bdna (?:[a-z])\w+"


def test_a_capital_that_must_not_follow_is_refused():
    with pytest.raises(ValueError, match="negative"):
        lowered(r"executed(?! (?-i:[A-Z]))")


def test_one_letter_alone_grows_in_lower_case():
    assert [one for one in map(chr, range(0x110000)) if len(one.lower()) > 1] == ["İ"]
