"""Two versions of a text, compared as a reader would: sentence by sentence, then word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from extractors.sentences import split_sentences

_TOKEN = re.compile(r"\s*(?:[^\W_]+|[\W_])\s*")
_ALIKE = 0.5  # share of equal words from which two sentences are one, reworded
_MOST_PAIRS = 2_500  # of sentences within one changed stretch: beyond it nobody reads word by word
_MOST_WORDS = 4_000_000  # words before times words after, likewise


class Op(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words and what became of it."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, or a run of equal sentences. Two alike sentences are one passage, reworded."""

    pieces: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        """Return whether nothing changed in it."""
        return all(piece.op is Op.SAME for piece in self.pieces)


def diff_texts(before: str, after: str) -> tuple[Passage, ...]:
    """Return what became of *before*, in reading order of *after*.

    The pieces that are not removed, joined, are *after*. Those that are not added are *before*, but
    for white space: a moved line break is no change.
    """
    old, new = _sentences(before), _sentences(after)
    matcher = SequenceMatcher(None, _keys(old), _keys(new), autojunk=False)
    passages: list[Passage] = []
    for op, i1, i2, j1, j2 in matcher.get_opcodes():
        if op == "equal":
            passages.append(Passage((Piece(Op.SAME, "".join(new[j1:j2])),)))
        else:
            passages += _changed(old[i1:i2], new[j1:j2])
    return tuple(passages)


def _sentences(text: str) -> list[str]:
    """Return *text* cut before each sentence: joined, they are the text."""
    starts = [start for start, _ in split_sentences(text)]
    cuts = [0, *starts[1:], len(text)] if text else []
    return [text[a:b] for a, b in pairwise(cuts)]


def _keys(parts: Sequence[str]) -> list[str]:
    return [" ".join(part.split()) for part in parts]


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Passage]:
    """Yield the passages of one stretch: sentences that are alike are paired, in their order."""
    left = right = 0
    for i, j in _pairs(old, new):
        yield from _whole(Op.REMOVED, old[left:i])
        yield from _whole(Op.ADDED, new[right:j])
        yield Passage(tuple(_words(old[i], new[j])))
        left, right = i + 1, j + 1
    yield from _whole(Op.REMOVED, old[left:])
    yield from _whole(Op.ADDED, new[right:])


def _whole(op: Op, parts: Sequence[str]) -> Iterator[Passage]:
    return (Passage((Piece(op, part),)) for part in parts)


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield which sentences are one, reworded: each takes the first after the last pair's."""
    if len(old) * len(new) > _MOST_PAIRS:
        return
    words = [part.split() for part in new]
    free = 0
    for i, part in enumerate(old):
        mine = part.split()
        alike = (j for j in range(free, len(new)) if _are_alike(mine, words[j]))
        found = next(alike, None)
        if found is not None:
            yield i, found
            free = found + 1


def _are_alike(old: list[str], new: list[str]) -> bool:
    if len(old) * len(new) > _MOST_WORDS:
        return False
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _words(old: str, new: str) -> Iterator[Piece]:
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(a) * len(b) > _MOST_WORDS:
        yield from (Piece(Op.REMOVED, old), Piece(Op.ADDED, new))
        return
    matcher = SequenceMatcher(None, _keys(a), _keys(b), autojunk=False)
    for op, i1, i2, j1, j2 in matcher.get_opcodes():
        if op == "equal":
            yield Piece(Op.SAME, "".join(b[j1:j2]))
            continue
        if i2 > i1:
            yield Piece(Op.REMOVED, "".join(a[i1:i2]))
        if j2 > j1:
            yield Piece(Op.ADDED, "".join(b[j1:j2]))
