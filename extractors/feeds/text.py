"""A feed's markup to plain text."""

from __future__ import annotations

import re
from html import unescape

MAX_TITLE = 1_000
MAX_SUMMARY = 2_000
_MAX_MARKUP = 200_000  # whole articles stand in feeds; their beginning is enough here

# What is opened and never closed runs to the end: so no text takes quadratic time.
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_BREAK = re.compile(
    r"</?(?:p|br|div|li|ul|ol|tr|td|h[1-6]|blockquote|hr|figure)\b[^<>]*>", re.IGNORECASE
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<![A-Za-z\[][^<>]*>|<\?[^<>]*>")
_CUT_TAG = re.compile(r"</?[A-Za-z][^<>]*\Z")
_SPACES = re.compile(r"\s+")
# Controls, zero-width marks and halves of code points: no JSON and no database can hold the last.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
    "\ufff9-\ufffb\ud800-\udfff]"
)


def plain_text(markup: str, limit: int = MAX_SUMMARY) -> str:
    """Return the text of *markup* on one line: no tags, no entities, at most *limit* characters."""
    text = markup[:_MAX_MARKUP]
    if "<" in text:
        text = _HIDDEN.sub(" ", text)
        text = _TAG.sub("", _BREAK.sub(" ", text))
        text = _CUT_TAG.sub("", text)
    if "&" in text:
        text = unescape(unescape(text) if "&amp;" in text else text)
    return _shortened(clean(text), limit)


def clean(text: str) -> str:
    """Return *text* on one line, without what cannot be seen."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def _shortened(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip() + "…"
