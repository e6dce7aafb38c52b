"""The one form in which texts are stored, so that offsets into them hold for ever."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from unicodedata import normalize

# Stored beside every text. Change it when the same input could give another text.
TEXT_VERSION = "1"

_PASSES = 4  # a pass may uncover an entity or a tag for the next one: "&l<b>t;"

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NESTED_AMP = re.compile(r"&(?:amp;)+")
_ATTRIBUTES = r"""(?:\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+))*"""
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|code|em|font|i|img|ins|mark|q|s|small|span|strike|strong"
    rf"|sub|sup|u|wbr){_ATTRIBUTES}\s*/?>",
    re.IGNORECASE,
)
_BREAKING_TAG = re.compile(rf"</?(?:br|div|p){_ATTRIBUTES}\s*/?>", re.IGNORECASE)

_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
# Soft hyphen, zero-width, bidi marks, controls but tab and line feed, and halves of code points,
# which no file can hold.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SPACES = re.compile("[ \t\v\f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_AROUND_LINE_END = re.compile(" ?\n ?")
_BLANK_LINES = re.compile("\n{3,}")


def canonical_text(text: str) -> str:
    """Return *text* in its stored form; that of a stored form is itself.

    Entities are resolved (twice-escaped ones too), residue of inline tags is dropped, characters
    are NFC, invisible ones are gone, runs of spaces are one, lines end in LF, and at most one
    blank line stands between two lines.
    """
    for _ in range(_PASSES):
        before, text = text, _pass(text)
        if text == before:
            return text
    # Escaped deeper than any publisher does: it would change again each time it is read.
    return _tidy(text.replace("&", " ").replace("<", " "))


def _pass(text: str) -> str:
    if "&" in text:
        text = _ENTITY.sub(_character, _NESTED_AMP.sub("&", text))
    if "<" in text:
        text = _BREAKING_TAG.sub("\n", _INLINE_TAG.sub("", text))
    return _tidy(text)


def _character(entity: re.Match[str]) -> str:
    name = entity.group()[1:]
    if name.startswith("#"):
        return unescape(entity.group())
    return html5.get(name, entity.group())  # not html.unescape: it reads "&notit;" as "¬it;"


def _tidy(text: str) -> str:
    text = _INVISIBLE.sub("", _LINE_END.sub("\n", text))
    if not text.isascii():
        text = normalize("NFC", text)
    text = _AROUND_LINE_END.sub("\n", _SPACES.sub(" ", text))
    return _BLANK_LINES.sub("\n\n", text).strip(" \n")
