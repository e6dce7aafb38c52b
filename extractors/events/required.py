"""Which words a text must hold for a pattern to match: looked for first, at a fraction of the cost.

A pattern that begins at a word's boundary is tried at every character, a plain word is not.
"""

from __future__ import annotations

import re._constants as op  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from ahocorasick_rs import AhoCorasick

Required = tuple[frozenset[str], ...]  # of each set, one word at least

_SHORT = 3  # shorter words stand everywhere
_MANY = 40  # a longer list of words costs more than it spares
_MOST = 3  # sets that are worth a look


def required(pattern: str) -> Required:
    """Return sets of words; a text that holds none of one of them holds no match of *pattern*.

    *pattern* and text are in lower case. No set at all where any text may match.
    """
    found = {one for one in _sets(parser.parse(pattern)) if _is_worth(one)}
    return tuple(sorted(found, key=_rarity)[:_MOST])


class Prefilter:
    """Finds which of many rules may match a text, in one pass over it.

    A rule is given as what each of its alternatives requires.
    """

    def __init__(self, rules: Sequence[Sequence[Required]]) -> None:
        every = {word for rule in rules for needed in rule for words in needed for word in words}
        ids = {word: index for index, word in enumerate(sorted(every))}
        self._automaton = AhoCorasick(list(ids))
        self._always = frozenset(index for index, rule in enumerate(rules) if () in rule)
        self._by_word: dict[int, list[tuple[int, tuple[frozenset[int], ...]]]] = defaultdict(list)
        for index, rule in enumerate(rules):
            for needed in filter(None, rule):
                first, *rest = (frozenset(ids[word] for word in words) for words in needed)
                for word in first:
                    self._by_word[word].append((index, tuple(rest)))

    def possible(self, text: str) -> list[int]:
        """Return the indices of the rules that may match *text*, which is in lower case."""
        if not text.isascii():  # half a surrogate pair cannot be searched
            text = text.encode("utf-8", "replace").decode("utf-8")
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True)
        held = {word for word, _, _ in matches}
        found = {
            rule
            for word in held
            for rule, rest in self._by_word.get(word, ())
            if not any(held.isdisjoint(words) for words in rest)
        }
        return sorted(found | self._always)


def _sets(tokens: Any) -> Iterator[frozenset[str]]:
    """Yield what each part of a sequence requires; letters that follow each other are one word."""
    run = ""
    for code, of in tokens:
        if code is op.LITERAL:
            run += chr(of)
            continue
        if code is op.AT:  # a boundary parts no word
            continue
        if run:
            yield frozenset({run})
        run = ""
        yield from _inner(code, of)
    if run:
        yield frozenset({run})


def _inner(code: Any, of: Any) -> Iterator[frozenset[str]]:
    if code is op.SUBPATTERN:
        yield from _sets(of[3])
    elif code in {op.MAX_REPEAT, op.MIN_REPEAT} and of[0] > 0:
        yield from _sets(of[2])
    elif code is op.BRANCH:
        best = [min(filter(_is_worth, _sets(one)), key=_rarity, default=None) for one in of[1]]
        if None not in best:
            yield frozenset(word for words in best if words for word in words)


def _is_worth(words: frozenset[str]) -> bool:
    return len(words) <= _MANY and min(map(len, words)) >= _SHORT


def _rarity(words: frozenset[str]) -> tuple[int, int, list[str]]:
    """Return a key that sorts few long words before many short ones."""
    return len(words), -min(map(len, words)), sorted(words)
