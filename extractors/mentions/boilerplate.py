"""Menus and links to other pages: whoever is named there, the article is not about him."""

from __future__ import annotations

import re

from extractors.mentions.surroundings import Surroundings, key
from extractors.mentions.tables import words

_BARS = re.compile(r" (?:\||•|·|»|›|/) ")
_LABEL = re.compile(
    r"(?:\A|(?<=[\n.!?] ))[ \t>*•–—-]*([^\W\d_][\w’' -]{2,32}?)[ \u00a0]?:", re.UNICODE
)
_FEW = 160  # characters of a line of links


def in_boilerplate(start: int, around: Surroundings) -> str:
    """Return the words that make the line around *start* a menu or a list of links, else ""."""
    text = around.text
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    line = text[begin : end if end >= 0 else len(text)]
    bars: list[str] = _BARS.findall(line) if around.is_barred() else []
    if len(bars) >= 2 and _is_menu(line):
        return bars[0].strip()
    return _label_before(line[: start - begin]) or _heading(text, begin, line)


def _is_menu(line: str) -> bool:
    """Return whether half of the pieces between bars are sections' names, not headlines."""
    pieces = _BARS.split(line)
    return sum(len(piece.split()) <= 2 for piece in pieces) >= 0.5 * len(pieces)


def _label_before(line: str) -> str:
    """Return the label that begins *line* or a sentence of it: "Read also:"."""
    for found in _LABEL.finditer(line) if ":" in line else ():
        if key(found[1]) in words("boilerplate"):
            return found[1]
    return ""


def _is_label(line: str) -> bool:
    """Return whether the folded *line* is a label: "more from local" is one as well."""
    listed = words("boilerplate")
    return line in listed or (line.count(" ") <= 4 and line.startswith(("more from ", "more on ")))


def _heading(text: str, begin: int, line: str) -> str:
    """Return the label that stands alone on the line, or the line before, of a list of links."""
    if len(line) > _FEW or line.rstrip().endswith((".", "”", '"')):
        return ""
    above = text[max(0, begin - 400) : begin].rstrip("\n").split("\n")
    for one in reversed(above):
        if _is_label(key(one.strip(" :"))):
            return one.strip()
        if len(one) > _FEW or one.rstrip().endswith(".") or not one.strip():
            return ""
    return ""
