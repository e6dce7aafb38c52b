"""Passages of violence stay folded until a reviewer asks for them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

_WORDS = Path(__file__).with_name("violence.yaml")


def violent_words(text: str, language: str | None = None) -> tuple[str, ...]:
    """Return the words of violence in *text*, each once, in small letters; English ones always."""
    found = _pattern("en").findall(text)
    code = (language or "en")[:2].lower()
    if code != "en" and code in _lists():
        found += _pattern(code).findall(text)
    return tuple(dict.fromkeys(word.lower() for word in found))


@cache
def _lists() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = yaml.safe_load(_WORDS.read_text("utf-8"))
    return lists


@cache
def _pattern(language: str) -> re.Pattern[str]:
    beginnings = "|".join(re.escape(word) for word in _lists()[language])
    return re.compile(rf"\b(?:{beginnings})\w*", re.IGNORECASE)
