"""The plain words in a regular expression, read from its source: only what its matches all hold.

Reads what the tables of events are written in: letters, classes, groups, choices, boundaries,
look-arounds and repeats. What stands in a class or a look-around is no word of the match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Words = frozenset[str]
Best = Callable[[Sequence[Words]], Words | None]

_OPENS = re.compile(r"\((?:\?(?:P<\w+>|[a-z]*(?:-[a-z]+)?:))?")
_LOOKS = ("(?=", "(?!", "(?<=", "(?<!")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_REPEAT = re.compile(r"(?:[?*+]|\{(?=[\d,])(\d*)(?:,\d*)?\})[?+]?")
_BOUNDARIES = frozenset({r"\b", r"\B", r"\A", r"\Z", "^", "$"})


def literals(pattern: str, *, best: Best) -> list[Words]:
    """Return sets of words; each match of *pattern* holds at least one of each set.

    Of a choice the *best* set of each alternative counts; letters that follow each other are one
    word. Raises ValueError for what is not read here, as `(?(1)` is not.
    """
    reader = _Reader(pattern, best)
    found = reader.choice()
    if reader.at < len(pattern):
        raise ValueError(f"a group is closed that was not opened: {pattern[:80]!r}")
    return found


class _Reader:
    """A pattern and how far it is read."""

    def __init__(self, pattern: str, best: Best) -> None:
        self.at = 0
        self._pattern = pattern
        self._best = best

    def choice(self) -> list[Words]:
        """Read the alternatives up to the end of a group; return what they all require."""
        alternatives = [self._sequence()]
        while self._next() == "|":
            self.at += 1
            alternatives.append(self._sequence())
        if len(alternatives) == 1:
            return alternatives[0]
        best = [self._best(one) for one in alternatives]
        return [frozenset().union(*(one for one in best if one))] if all(best) else []

    def _sequence(self) -> list[Words]:
        found: list[Words] = []
        run = ""
        while self._next() not in {"", "|", ")"}:
            part = self._part()
            least = self._least()
            if part is None:  # a boundary parts no word
                continue
            if isinstance(part, str) and least is None:
                run += part
                continue
            found.extend([frozenset({run})] if run else [])
            run = ""
            if least != 0:
                found.extend([frozenset({part})] if isinstance(part, str) else part)
        return [*found, frozenset({run})] if run else found

    def _part(self) -> str | list[Words] | None:
        """Read one part: return a letter, what a group requires, or None for a boundary."""
        if self._next() == "(":
            return self._group()
        if found := _CLASS.match(self._pattern, self.at):
            self.at = found.end()
            return []
        size = 2 if self._next() == "\\" else 1
        part = self._pattern[self.at : self.at + size]
        self.at += size
        if part in _BOUNDARIES:
            return None
        if part == "." or (size > 1 and part[1].isalnum()):  # any letter, or one of a class
            return []
        return part[-1]

    def _group(self) -> list[Words]:
        looks = self._pattern.startswith(_LOOKS, self.at)
        opens = None if looks else _OPENS.match(self._pattern, self.at)
        if not looks and (opens is None or self._pattern.startswith("?", opens.end())):
            raise ValueError(f"not read here: {self._pattern[self.at : self.at + 20]!r}")
        self.at = opens.end() if opens else self._pattern.index("?", self.at) + 2
        if looks and self._pattern[self.at - 1] == "<":
            self.at += 1
        found = self.choice()
        if self._next() != ")":
            raise ValueError(f"a group is not closed: {self._pattern[:80]!r}")
        self.at += 1
        return [] if looks else found

    def _least(self) -> int | None:
        """Read how often the part before is repeated at least; None where nothing is said."""
        found = _REPEAT.match(self._pattern, self.at)
        if found is None:
            return None
        self.at = found.end()
        return int(found[1] or 0) if found[0][0] == "{" else int(found[0][0] == "+")

    def _next(self) -> str:
        return self._pattern[self.at : self.at + 1]
