"""Which words a text must hold for a pattern to match: looked for first, at a fraction of the cost.

A pattern that begins at a word's boundary is tried at every character, a plain word is not.
"""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick

from extractors.events.literals import literals

Required = tuple[frozenset[str], ...]  # of each set, one word at least

_SHORT = 3  # shorter words stand everywhere
_MANY = 80  # a longer list of words costs more than it spares
_MOST = 4  # sets that are worth a look
# Words of which nearly every sentence holds one: to look for them spares nothing.
_EVERYWHERE = """
    the to of in on is for was his her with by man men from has be have this at and as are that
    der die das den dem im zu von mit für auf war ist el la los las de en que por para con
    le les du des et dans pour par est
"""


def required(pattern: str) -> Required:
    """Return sets of words; a text that holds none of one of them holds no match of *pattern*.

    *pattern* and text are in lower case. No set at all where any text may match.
    """
    found = {one for one in literals(pattern, best=_best) if _is_worth(one)}
    everywhere = _EVERYWHERE.split()
    rare = {one for one in found if not any(word.strip() in everywhere for word in one)}
    return tuple(sorted(rare or found, key=_rarity)[:_MOST])


class Prefilter:
    """Finds which of many patterns may match a text, in one pass over it.

    A pattern is given as what it requires. A set of patterns is an integer with a bit for each, and
    what a word admits is one integer, its first set in the lowest bits: so what all the words of a
    text admit is known after as many unions.
    """

    def __init__(self, patterns: Sequence[Required]) -> None:
        every = {word for needed in patterns for words in needed for word in words}
        ids = {word: index for index, word in enumerate(sorted(every))}
        self._automaton = AhoCorasick(list(ids))
        self._sets = max(map(len, patterns), default=0)
        self._size = len(patterns)
        self._all = (1 << self._size) - 1
        self._admits = [0] * len(ids)  # by word
        self._free = 0  # what no word needs to admit
        for index, needed in enumerate(patterns):
            for place in range(self._sets):
                bit = 1 << (place * self._size + index)
                for word in needed[place] if place < len(needed) else ():
                    self._admits[ids[word]] |= bit
                self._free |= 0 if place < len(needed) else bit

    def possible(self, text: str) -> list[int]:
        """Return the indices of the patterns that may match *text*, which is in lower case."""
        if not text.isascii():  # half a surrogate pair cannot be searched
            text = text.encode("utf-8", "replace").decode("utf-8")
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True)
        admitted, admits = self._free, self._admits
        for word in {match[0] for match in matches}:
            admitted |= admits[word]
        found = self._all
        for _ in range(self._sets):
            found &= admitted
            admitted >>= self._size
        return _indices(found)


def _indices(bits: int) -> list[int]:
    """Return which bits are set, the lowest first."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def _best(sets: Sequence[frozenset[str]]) -> frozenset[str] | None:
    """Return the set that tells most, None where none tells anything."""
    return min(filter(_is_worth, sets), key=_rarity, default=None)


def _is_worth(words: frozenset[str]) -> bool:
    return len(words) <= _MANY and min(map(len, words)) >= _SHORT


def _rarity(words: frozenset[str]) -> tuple[int, int, list[str]]:
    """Return a key that sorts few long words before many short ones."""
    return len(words), -min(map(len, words)), sorted(words)
