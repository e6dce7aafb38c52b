"""The names in a byline: without roles, dates, addresses and outlets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extractors.articles.canon import canonical_text

_BY = re.compile(
    r"^\W*(?:(?:view|see)\s+(?:all\s+)?(?:posts|articles|stories)\s+|(?:more|posts)\s+)?"
    r"(?:(?:written|posted|reported|story|text|words|analysis|opinion|review|article|photos?)\s+)?"
    r"(?:by|von|par|por|di|door|af|av|autor(?:in)?|authors?|auteur)\b\s*:?\s+(?=\S)",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:[,;|/•·]|\s-\s|\s[–—]\s)\s*(?:and\s+|&\s*)?|\s+(?:and|und|et|with|&)\s+",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r",\s*((?:jr|sr|ph\.?d|m\.?d|esq|ii|iii|iv)\b\.?)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S*|www\.\S+|\S+@\S+\.\w+|@\w+")
_BRACKETS = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_DATE_OR_TIME = re.compile(
    r"\b(?:19|20)\d\d\b|\d:\d\d|\b(?:updated|published|posted|min(?:ute)?s? read|ago)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:staff|reporter|writer|editor|correspondent|columnist|contributor|producer|journalist"
    r"|bureau|chief|photographer|special to|for the|senior|associate|news ?desk|newsroom|redaktion"
    r"|follow|share|subscribe|profile|biography|read more|view all|more from|see all|email"
    r"|professor|university|director|contributing"
    r"|fellow|link copied|copy link|published|updated|sponsored|twitter|facebook|head of)\b",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    [
        "admin",
        "administrator",
        "editor",
        "editors",
        "editorial",
        "staff",
        "author",
        "anonymous",
        "unknown",
        "none",
        "null",
        "guest",
        "redaktion",
        "webmaster",
        "contributor",
        "user",
        "by",
    ]
)
_AGENCIES = re.compile(
    r"^(?:the\s+)?(?:associated press|ap|reuters|afp|agence france[- ]presse|bloomberg(?: news)?"
    r"|upi|cnn wire|pa media|press association|dpa|wire (?:services?|reports?)"
    r"|cond[eé] nast|hearst|gannett|meredith|dotdash|science x)$",
    re.IGNORECASE,
)
_OUTLET_WORDS = re.compile(
    r"\b(?:times|news|tribune|herald|gazette|network|media|magazine|wire|agency|press|inc|llc|tv"
    r"|journal|newsroom|chronicle|daily|foundation|university|institute|association|bleacher report"
    r"|(?:washington|huffington|new york) post)\.?$|\bmedia for\b|\.(?:com|org|net|co)\b"
    r"|^the\s",
    re.IGNORECASE,
)
_LETTERS_ONLY = re.compile(r"[A-Z]{3,5}")  # WBEZ, CNN
_ROLE_TAIL = re.compile(
    r"\s*[,|–—-]?\s+(?:staff writer|staff reporter|associated press writer|reuters|ap|special"
    r" correspondent|contributing writer|(?:the\s+)?associated press|news editor"
    r"|(?:the\s+)?washington post|(?:the\s+)?new york times|former\s.*|m[ds]|ph\.?d\.?|rdn?)\s*$",
    re.IGNORECASE,
)
_CREDENTIALS = frozenset(
    {"MD", "MS", "MA", "MPH", "PhD", "Ph.D", "RD", "RDN", "LD", "RN", "JD", "Esq"}
)
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "der",
        "den",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
        "van",
        "von",
        "ter",
        "bin",
        "al",
        "el",
        "y",
    ]
)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_DATE_TAIL = re.compile(
    rf"\s*(?:\bon\s+)?(?:\b(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?\b{_MONTH}\.?\s+\d.*$"
    r"|\s*\b\d{1,4}\s?[./年-]\s?\d{1,2}\s?[./月-]\s?\d{1,4}.*$",
    re.IGNORECASE,
)


_HELPERS = re.compile(
    r"[\s|,·•]*\b(?:(?:medically |expertly |fact[- ])?(?:reviewed|checked|edited|styled|translated"
    r"|illustrated|photographed) by|(?:additional )?(?:reporting|contributions?|photography"
    r"|photos?|illustrations?) (?:by|from))\b",
    re.IGNORECASE,
)
_NO_BYLINE = re.compile(
    r"\b(?:posts?|articles|comments?|read|more|view|follow|share|subscribe|min)\b", re.IGNORECASE
)
_HANDLE = re.compile(r"[a-z0-9_.-]+|[^\W_]*\d[\w.-]*")
_AFTER_BYLINE = re.compile(
    r"\s*(?:[»●⋅|•·]|\bon\b|\bpublished\b|\bupdated\b|\bfrom the\b).*$", re.IGNORECASE
)
_INVERTED = re.compile(r"([^\W\d_][\w'’-]+), ([^\W\d_][\w'’-]+)")


def clean_names(bylines: Iterable[str], outlets: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the names in *bylines*, each once, without roles, addresses and outlets."""
    names: dict[str, str] = {}
    for byline in bylines:
        for name in _names(byline):
            key = letters(name)
            if key and key not in outlets and key not in _NOBODY:
                names.setdefault(key, name)
    # "Ann Lee" and "Ann Lee Example Times" are one: markup had no comma between name and outlet.
    shortest = [n for n in names.values() if not any(n.startswith(f"{o} ") for o in names.values())]
    return tuple(shortest)


def looks_like_a_name(name: str) -> bool:
    """Return whether free text between bylines may be a name: two to five capitalised words."""
    words = [word for word in name.split() if word not in _PARTICLES]
    if not name.isascii() and len(words) == 1:
        return len(name) <= 20  # no spaces between Chinese or Japanese names
    return 2 <= len(words) <= 5 and all(word[0].isupper() for word in words)


def _names(byline: str) -> Iterator[str]:
    text = canonical_text(byline)[:300]
    if text.startswith(","):  # a template with the name left out, and the outlet left in
        return
    text = " ".join(_BRACKETS.sub(" ", _ADDRESS.sub(" ", text)).split())
    text = _DATE_TAIL.sub("", text)
    text = _SUFFIX.sub(r" \1", _BY.sub("", text))
    helpers = _HELPERS.search(text)
    text = text[: helpers.start()] if helpers else text
    inverted = _INVERTED.fullmatch(text)
    if inverted and not any(map(is_outlet, inverted.groups())):  # "Lee, Ann"
        text = f"{inverted[2]} {inverted[1]}"
    for part in _SPLIT.split(text):
        name = _name(part)
        if name:
            yield name


def _name(part: str) -> str:
    name = _BY.sub("", part.strip())
    short = _ROLE_TAIL.sub("", name)
    name = short if len(short.split()) >= 2 else name  # not "The" of "The Associated Press"
    role = _ROLE.search(name)
    if role and len(name[: role.start()].split()) >= 2:  # "Ann Lee Senior Reporter"
        name = name[: role.start()]
    name = " ".join(name.split()).strip(' \t.,;:-–—|•·*"“”') + (
        "." if re.search(r"\b(?:Jr|Sr)\.\s*$", part) else ""
    )
    words = name.split()
    if not 2 <= len(name) <= 60 or len(words) > 6 or _DATE_OR_TIME.search(name):
        return ""
    if not any(char.isalpha() for char in name) or _ROLE.search(name):
        return ""
    if name in _CREDENTIALS:
        return ""
    if name.isupper() and len(words) > 1:
        name = re.sub(r"[^\W\d_]{3,}", lambda word: word.group().capitalize(), name)
    return name


def is_outlet(name: str) -> bool:
    """Return whether *name* is an agency's or another outlet's rather than a person's."""
    return bool(
        _AGENCIES.match(name) or _OUTLET_WORDS.search(name) or _LETTERS_ONLY.fullmatch(name)
    )


def is_handle(name: str) -> bool:
    """Return whether *name* is what somebody is called in a system: "ann.lee.12"."""
    return _HANDLE.fullmatch(name) is not None


def as_written(byline: str) -> str:
    """Return a short byline as it stands, such as "Example Staff"; empty for what is none."""
    text = " ".join(canonical_text(byline)[:300].split())
    helpers = _HELPERS.search(text, 1)
    text = _DATE_TAIL.sub("", _BY.sub("", text[: helpers.start()] if helpers else text))
    text = _AFTER_BYLINE.sub("", text).strip(" ,:-–—")
    if not 2 <= len(text) <= 40 or len(text.split()) > 6 or _ADDRESS.search(text):
        return ""
    nobody = letters(text) in _NOBODY or _DATE_OR_TIME.search(text) or _NO_BYLINE.search(text)
    return text if not nobody and any(char.isalpha() for char in text) else ""


def helpers_in(bylines: Iterable[str]) -> frozenset[str]:
    """Return the names, as `letters`, that *bylines* give to reviewers, editors, photographers."""
    parts = (part for byline in bylines for part in _HELPERS.split(byline)[1:])
    return frozenset(letters(name) for name in clean_names(parts))


def letters(text: str) -> str:
    """Return *text* without case, punctuation and a leading "the", to compare names."""
    return "".join(char for char in text.casefold() if char.isalnum()).removeprefix("the")
