"""The quick search in lower case loses no event."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from extractors.events.literals import literals
from extractors.events.required import Prefilter, required
from extractors.events.rules import LANGUAGES, lowered, words

# Patterns as the tables have them: words, classes, boundaries, groups, choices and repeats.
PARTS = st.sampled_from(
    [
        "stay",
        "dates?",
        "grant",
        " ",
        r"\.",
        "[a-f]",
        "[^.;]",
        r"\w+",
        r"\b",
        r"\d{2}",
        "a{2,3}",
        "e*",
    ]
)
PATTERNS = st.recursive(
    st.lists(PARTS, min_size=1, max_size=3).map("".join),
    lambda inner: st.tuples(
        st.lists(inner, min_size=1, max_size=3).map("|".join),
        st.sampled_from(
            ["(?:{})", "(?:{})?", "(?:{}){{1,2}}", "stay(?:{})+ row", "({})*?", "(?:{}) "]
        ),
    ).map(lambda pair: pair[1].format(pair[0])),
    max_leaves=5,
)
WRITTEN = Path(__file__).resolve().parents[2] / "gold" / "written.yaml"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_rule_finds_its_quick_searches_find_too(language):
    known = words(language)
    texts = [example["text"] for example in yaml.load(WRITTEN.read_text("utf-8"), yaml.CSafeLoader)]

    missed = [
        (rule.type, text)
        for text in texts
        for index, rule in enumerate(known.rules)
        if any(need in text.lower() for need in rule.needs)
        and rule.pattern.search(text)
        and not _is_found(text.lower(), index, known)
    ]

    assert missed == []


def _is_found(text, rule, known):
    """Return whether the quick searches find one of the rule's alternatives in *text*."""
    possible = (known.alternatives[index] for index in known.prefilter.possible(text))
    return any(one.lowered.search(text) for index, one in possible if index == rule)


def test_letters_are_lowered_and_classes_are_not():
    assert lowered(r"\S+ \bDNA (?-i:[A-Z])\w+") == r"\S+ \bdna (?:[a-z])\w+"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bno new trial\b", [{"no new trial"}]),
        (r"\b(?:appeals?|petition)\b (?:was |is )?denied", [{"denied"}, {"appeal", "petition"}]),
        (r"\bsav(?:es|ed) (?:\S+ ){0,4}from execution", [{"from execution"}, {"sav"}]),
        (r"(?P<year>19|20)\d\d [^]x]a (?-i:[A-Z]){2,}\.stay{1,}ed", [{".sta"}]),
        (r"the (?:man|woman) with", [{" with"}, {"the "}, {"man", "woman"}]),
        (r"the stay\b of", [{"the stay of"}]),
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


def test_a_pattern_is_possible_where_all_that_it_requires_is_there():
    prefilter = Prefilter(
        [
            required(r"grant(?:s|ed) [^.]{0,9}\bstay\b"),
            required(r"\w+"),
            required("stay of execution"),
            required("reprieve"),
        ]
    )

    assert prefilter.possible("the court granted a stay") == [0, 1]
    assert prefilter.possible("a stay of execution") == [1, 2]
    assert prefilter.possible("reprieve") == [1, 3]
    assert prefilter.possible("") == [1]
    assert prefilter.possible("\ud800 reprieve") == [1, 3]


@given(PATTERNS.flatmap(lambda one: st.tuples(st.just(one), st.from_regex(one))))
def test_every_match_holds_what_its_pattern_requires(pattern_and_text):
    pattern, text = pattern_and_text
    found = re.search(pattern, text)

    assert found
    assert all(any(word in found[0] for word in words) for words in literals(pattern, best=_first))
    assert Prefilter([required(pattern)]).possible(text) == [0]


@pytest.mark.parametrize("pattern", ["(?(1)a|b)", "(?P=name)", "(stay", "stay)", "(?#no)"])
def test_what_is_not_read_as_a_pattern_is_refused(pattern):
    with pytest.raises(ValueError, match=r"not read|group"):
        literals(pattern, best=_first)


def _first(sets):
    return next(iter(sets), None)
