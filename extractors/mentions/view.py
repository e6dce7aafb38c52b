"""A text as a reader sees it, with the way back to the offsets of the text as it is stored.

Stored articles are canonical and need no view. Other texts may hold soft hyphens inside a name,
zero-width characters, character references, doubled spaces or marks apart from their letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

_ODD = re.compile(
    "[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0300-\u036f]+"
    "|&(?:#\\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});"
    "|(?<=[ \u00a0\t])[ \u00a0\t]+"
)


@dataclass(frozen=True, slots=True)
class View:
    """*text* to read; `origin[i]` is the offset in the stored text of its i-th code point."""

    text: str
    origin: tuple[int, ...] | None = None  # None: the same text

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the stored text that *start* to *end* of this view stands for."""
        if self.origin is None or start >= end:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def readable(text: str) -> View:
    """Return *text* without what a reader cannot see; the same object where there is none."""
    if not ("  " in text or "&" in text or not text.isascii()) or not _ODD.search(text):
        return View(text)
    pieces: list[str] = []
    origin: list[int] = []
    done = 0
    for odd in _ODD.finditer(text):
        _keep(pieces, origin, text[done : odd.start()], done)
        meant = unescape(odd.group()) if odd.group().startswith("&") else ""
        if len(meant) == 1:
            _keep(pieces, origin, meant, odd.start())
        elif meant:  # not a character reference after all
            _keep(pieces, origin, odd.group(), odd.start())
        done = odd.end()
    _keep(pieces, origin, text[done:], done)
    return View("".join(pieces), tuple(origin))


def _keep(pieces: list[str], origin: list[int], piece: str, start: int) -> None:
    pieces.append(piece)
    origin.extend(range(start, start + len(piece)))
