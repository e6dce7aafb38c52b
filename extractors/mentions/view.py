"""A text as a reader sees it, with the way back to the offsets of the text as it is stored.

Stored articles are canonical and need no view. Other texts may hold soft hyphens inside a name,
zero-width characters, character references, doubled spaces or marks apart from their letter.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import NamedTuple

from extractors.mentions.fold import letters_beyond_ascii

_ODD = re.compile(
    "[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0300-\u036f]+"
    "|&(?:#\\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});"
    "|(?<=[ \u00a0\t])[ \u00a0\t]+"
)
_REFERENCE = re.compile(r"&[#a-zA-Z][0-9a-zA-Z]{1,7};")  # all of them, and more

# The characters above that do occur; the rest of the marks stands for letters nobody writes.
_SIGNS = frozenset(
    "\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u202d\u2060\ufeff"
).union(map(chr, (*range(0x300, 0x30D), 0x323, 0x327, 0x328)))


@dataclass(frozen=True, slots=True)
class View:
    """*text* to read; its i-th code point is `starts[i]` to `ends[i]` of the stored text."""

    text: str
    starts: Sequence[int] | None = None  # None: the same text
    ends: Sequence[int] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the stored text that *start* to *end* of this view stands for."""
        if self.starts is None or start >= end:
            return start, end
        return self.starts[start], self.ends[end - 1]


def readable(text: str) -> View:
    """Return *text* without what a reader cannot see; the same object where there is none."""
    if not _may_be_odd(text) or not _ODD.search(text):
        return View(text)
    view = _Pieces([], array("L"), array("L"))
    done = 0
    for odd in _ODD.finditer(text):
        view.keep(text, done, odd.start())
        meant = unescape(odd[0]) if odd[0].startswith("&") else ""
        if len(meant) == 1:
            view.replace(meant, *odd.span())
        elif meant:  # no character reference after all
            view.keep(text, *odd.span())
        done = odd.end()
    view.keep(text, done, len(text))
    return View("".join(view.pieces), view.starts, view.ends)


class _Pieces(NamedTuple):
    """A view that is being put together."""

    pieces: list[str]
    starts: array[int]
    ends: array[int]

    def keep(self, text: str, start: int, end: int) -> None:
        self.pieces.append(text[start:end])
        self.starts.extend(range(start, end))
        self.ends.extend(range(start + 1, end + 1))

    def replace(self, meant: str, start: int, end: int) -> None:
        self.pieces.append(meant)
        self.starts.append(start)
        self.ends.append(end)


def _may_be_odd(text: str) -> bool:
    """Return whether *text* may hold something odd: a test that costs next to nothing."""
    if "  " in text or "\t" in text or ("&" in text and _REFERENCE.search(text)):
        return True
    return not text.isascii() and not _SIGNS.isdisjoint(letters_beyond_ascii(text))
