"""Texts cut into pieces to be marked: nothing is ever wrapped in markup here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Layer:
    """A stretch of a text with a name: mention, other, event, passage."""

    name: str
    start: int
    end: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of a text and which layers lie over it."""

    text: str
    names: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, cut. *violent* are the words for which it is folded."""

    cuts: tuple[Cut, ...]
    violent: tuple[str, ...] = ()
    is_headline: bool = False
    holds_passage: bool = False


def cut(text: str, layers: Iterable[Layer], start: int = 0, end: int | None = None) -> list[Cut]:
    """Return `text[start:end]` in pieces, which joined are the same text."""
    end = len(text) if end is None else end
    over = [layer for layer in layers if layer.start < end and layer.end > start]
    bounds = {start, end}
    for layer in over:
        bounds |= {max(start, layer.start), min(end, layer.end)}
    return [_cut(text, a, b, over) for a, b in pairwise(sorted(bounds))]


def mark(text: str, spans: Iterable[Sequence[int]]) -> list[Cut]:
    """Return *text* in pieces with the mentions at *spans* marked."""
    return cut(text, [Layer("mention", span[0], span[1]) for span in spans])


def paragraph_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the lines of *text* that hold anything."""
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _cut(text: str, start: int, end: int, over: Sequence[Layer]) -> Cut:
    here = [layer for layer in over if layer.start <= start and layer.end >= end]
    names = tuple(dict.fromkeys(layer.name for layer in here))
    return Cut(text[start:end], names, next((one.title for one in here if one.title), ""))
