"""How the desk words things: days, severities, verdicts, counts, and which addresses are links."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

from markupsafe import Markup, escape

SEVERITIES: Mapping[int, tuple[str, str]] = {
    3: ("Urgent", "an execution date, a stay or an execution"),
    2: ("Event", "another event in the case"),
    1: ("Mention", "a mention without an event"),
}
# verdict -> (in words, the key that gives it)
VERDICTS: Mapping[str, tuple[str, str]] = {
    "relevant": ("Relevant", "r"),
    "wrong_person": ("Wrong person", "w"),
    "passing_mention": ("Passing mention", "p"),
    "duplicate": ("Duplicate", "d"),
    "not_an_article": ("Not an article", "x"),
    "unsure": ("Unsure", "s"),
}
# verdict of a rejected candidate -> (in words, the key that gives it)
AUDITS: Mapping[str, tuple[str, str]] = {
    "missed": ("It is a mention", "m"),
    "rightly_rejected": ("It is none", "w"),
    "unsure": ("Unsure", "s"),
}
STATES: Mapping[str, str] = {
    "open": "Open",
    "unjudged": "Nobody has looked",
    **{name: words for name, (words, _) in VERDICTS.items()},
    "all": "All",
}
KEYS: Sequence[tuple[str, str]] = (
    ("j / k", "next, previous alert"),
    ("o / Enter", "open the alert"),
    *((key, words.lower()) for words, key in VERDICTS.values()),
    ("m", "rejected: it is a mention"),
    ("w", "rejected: it is none"),
    ("u", "undo your last verdict"),
    ("n", "write a note"),
    ("a", "assign to a reviewer"),
    ("v", "unfold passages of violence"),
    ("] / [", "next, previous page"),
    ("/", "search"),
    ("g", "back to the queue"),
    ("?", "these keys"),
)
LANGUAGES = {
    "en": "English", "es": "Spanish", "de": "German", "fr": "French", "it": "Italian",
    "pt": "Portuguese", "nl": "Dutch", "pl": "Polish", "ja": "Japanese", "zh": "Chinese",
    "ar": "Arabic", "ru": "Russian", "fa": "Persian",
}  # fmt: skip
_PLAIN = {
    "commuted_lwop": "commuted to life without parole",
    "commuted_home_confinement": "commuted to home confinement",
}
_AFTER_STOP = re.compile(r"(?<=[.!?] )[a-zà-ÿ]")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069]")


def day(moment: datetime | date | str | None) -> str:
    """Return a day as people write it, such as 24 Nov 2026; "undated" for none."""
    if moment is None or moment == "":
        return "undated"
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return f"{moment.day} {moment:%b %Y}"


def clock(moment: datetime | str | None) -> str:
    """Return day and time in UTC, such as 24 Nov 2026, 06:00."""
    if moment is None or moment == "":
        return "never"
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return f"{moment.day} {moment:%b %Y, %H:%M}"


def link_to(url: str | None) -> str | None:
    """Return *url* where it may be followed: http or https with a host. Else None: show it."""
    if not url or _CONTROL.search(url) or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host or parts.username is not None:
        return None
    return url


def away(url: str | None, words: str | None = None, kind: str = "") -> Markup:
    """Return a link out of the desk, or its address as plain text where it must not be one."""
    shown = words if words is not None else (url or "")
    target, kind = link_to(url), kind if words is not None else f"bare {kind}".strip()
    if target is None:
        note = "" if words is None else f" ({url})" if url else ""
        return Markup('<span class="nolink {}">{}{}</span>').format(kind, shown, note)
    return Markup(
        '<a class="away {}" href="{}" rel="noopener noreferrer nofollow external" '
        'target="_blank">{}</a>'
    ).format(kind, target, shown)


def ticked(words: str) -> Markup:
    """Return *words* with what stands between backticks as code."""
    parts = words.split("`")
    shown = (
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )
    return Markup("").join(shown)


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return a count and its noun: 1 outlet, 1,204 outlets."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return names in a row; what is left out is counted."""
    if len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most:,} more"


def plain(code: str | None) -> str:
    """Return a code of ours in words: execution_date_set is execution date set."""
    return _PLAIN.get(code or "", (code or "").replace("_", " "))


def language(code: str | None) -> str:
    """Return a language's name, or its code."""
    return LANGUAGES.get(code or "", code or "unknown language")


def sure(confidence: float | None) -> str:
    """Return a confidence in words; nothing is ever called certain."""
    if confidence is None:
        return ""
    if confidence > 0.99:
        return "more than 99 % sure"
    return (
        "less than 1 % sure" if confidence < 0.01 else f"{confidence:.0%} sure".replace("%", " %")
    )


def percent(share: float | None) -> str:
    """Return a share as a percentage; a dash where it is unknown."""
    return "–" if share is None else f"{share * 100:.0f} %"


def sentence(words: str) -> str:
    """Return *words* with a capital after each full stop and a full stop last."""
    words = _AFTER_STOP.sub(lambda found: found[0].upper(), words.strip())
    if not words:
        return ""
    return f"{words[0].upper()}{words[1:]}{'' if words[-1] in '.!?…' else '.'}"


__all__ = [
    "AUDITS", "KEYS", "SEVERITIES", "STATES", "VERDICTS", "away", "clock", "day", "escape",
    "language", "link_to", "listed", "percent", "plain", "plural", "sentence", "sure", "ticked",
]  # fmt: skip
