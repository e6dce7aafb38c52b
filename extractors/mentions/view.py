"""A text as a reader sees it, with the way back to the offsets of the text as it is stored.

Stored articles are canonical and need no view. Other texts may hold soft hyphens inside a name,
zero-width characters, character references, doubled spaces or marks apart from their letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_ODD = re.compile(
    "[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0300-\u036f]+"
    "|&(?:#\\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});"
    "|(?<=[ \u00a0\t])[ \u00a0\t]+"
)

# The characters above that do occur; the rest of the marks stands for letters nobody writes.
_SIGNS = "\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u202d\u2060\ufeff" + "".join(
    map(chr, (*range(0x300, 0x30D), 0x323, 0x327, 0x328))
)


@dataclass(frozen=True, slots=True)
class View:
    """*text* to read; its i-th code point is `starts[i]` to `ends[i]` of the stored text."""

    text: str
    starts: tuple[int, ...] | None = None  # None: the same text
    ends: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the stored text that *start* to *end* of this view stands for."""
        if self.starts is None or start >= end:
            return start, end
        return self.starts[start], self.ends[end - 1]


def readable(text: str) -> View:
    """Return *text* without what a reader cannot see; the same object where there is none."""
    if not _may_be_odd(text) or not _ODD.search(text):
        return View(text)
    pieces: list[tuple[str, int, int]] = []
    done = 0
    for odd in _ODD.finditer(text):
        pieces.extend(_as_it_is(text, done, odd.start()))
        meant = unescape(odd[0]) if odd[0].startswith("&") else ""
        if len(meant) == 1:
            pieces.append((meant, *odd.span()))
        elif meant:  # no character reference after all
            pieces.extend(_as_it_is(text, *odd.span()))
        done = odd.end()
    pieces.extend(_as_it_is(text, done, len(text)))
    return View(
        text="".join(char for char, _, _ in pieces),
        starts=tuple(start for _, start, _ in pieces),
        ends=tuple(end for _, _, end in pieces),
    )


def _may_be_odd(text: str) -> bool:
    """Return whether *text* may hold something odd: a test that costs next to nothing."""
    if "  " in text or "&" in text or "\t" in text:
        return True
    return not text.isascii() and any(char in text for char in _SIGNS)


def _as_it_is(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    return ((text[at], at, at + 1) for at in range(start, end))
