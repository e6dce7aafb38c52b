"""One fold: every code point to one code point, so that an offset in the fold is one in the text.

Letters lose case and accents, everything that is not a letter or digit becomes a space. So a
pattern wrapped in spaces matches whole words only, and hyphens, quotes and line breaks are free.
"""

from __future__ import annotations

from functools import lru_cache
from unicodedata import combining, normalize

# Letters that have no decomposition, and the base letter a reader would type instead.
_BASE = {
    "ß": "s", "ẞ": "s", "æ": "a", "Æ": "a", "œ": "o", "Œ": "o", "ø": "o", "Ø": "o", "ł": "l",
    "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "t", "Þ": "t", "ı": "i", "ħ": "h",
}  # fmt: skip
_ALL_OF_ASCII = bytes(range(128))
_MANY = 48  # distinct letters beyond ASCII above which one pass beats a replace for each


def _fold_one(char: str) -> str:
    """Return the one code point that stands for *char* in the fold."""
    base = _BASE.get(char) or _undecorated(char)
    lower = base.lower()
    folded = lower if len(lower) == 1 else base
    return folded if folded.isalnum() else " "


def _undecorated(char: str) -> str:
    parts = normalize("NFKD", char)
    return parts[0] if all(combining(mark) for mark in parts[1:]) else char


class _Folds(dict[int, str]):
    """Code point -> its fold, filled on demand."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_one(chr(code))
        return folded


_FOLDS = _Folds()
_ASCII = {code: _fold_one(chr(code)) for code in range(128)}


def fold(text: str) -> str:
    """Return *text* in lower case without accents, non-word characters as spaces, same length."""
    if not text.isascii():
        text = _fold_beyond_ascii(text)
    return text.translate(_ASCII)


def _fold_beyond_ascii(text: str) -> str:
    strange = letters_beyond_ascii(text)
    if len(strange) > _MANY:
        return text.translate(_FOLDS)
    for char in strange:
        text = text.replace(char, _FOLDS[ord(char)])
    return text


def letters_beyond_ascii(text: str) -> set[str]:
    """Return the distinct characters of *text* beyond ASCII, at a fraction of a search's cost."""
    encoded = text.encode("utf-8", "surrogatepass")
    return set(encoded.translate(None, _ALL_OF_ASCII).decode("utf-8", "surrogatepass"))


@lru_cache(maxsize=8192)
def word_key(word: str) -> str:
    """Return the `fold_key` of a word or a name, kept: the same ones stand beside many names."""
    return fold_key(word)


def fold_key(text: str) -> str:
    """Return *text* folded with single spaces and none at its ends: a pattern's key."""
    return " ".join(fold(text).split())
