"""Names in a text that share a part with a tracked name: other spellings, married names, kin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractors.mentions.fold import fold_key
from extractors.mentions.tables import is_given_name, short_given_names, words
from extractors.model import PersonName

_PART = r"(?:[^\W\d_]\.|[^\W\d_](?:\w|[’'](?!s\b))*[^\W_])"  # O'Brien, Cooper('s)
_RUN = re.compile(rf"\b{_PART}(?:[ \u00a0-](?:(?:de|del|la|van|von|bin|al|el) )?{_PART})+")
_MOST_PARTS = 4


@dataclass(frozen=True, slots=True)
class NameRun:
    """Two to four words with capitals, one of them a part of the tracked name."""

    key: str
    text: str
    start: int
    end: int


def name_runs(
    text: str, body_start: int, name: PersonName, found: Sequence[tuple[int, int]]
) -> Iterator[NameRun]:
    """Yield the runs of *text* that share a part with *name* and that no mention in *found* holds.

    Titles are left out: there, capitals stand on every word.
    """
    given, family = _givens(name), _families(name)
    if not given and not family:
        return
    for start, end in _runs(text, body_start):
        if any(start < stop and begin < end for begin, stop in found):
            continue
        key = fold_key(text[start:end])
        parts = key.split()
        if any(_is_like(part, given | family) for part in parts):
            yield NameRun(key, " ".join(text[start:end].split()), start, end)


def other_name(key: str, name: PersonName) -> str | None:
    """Return why *key* may be another form of *name*, or None: it shares one common part only."""
    parts = key.split()
    given, family = _givens(name), _families(name)
    has_family = any(_is_like(part, family) for part in parts[1:])
    if has_family and _is_like(parts[0], given):
        return "the same names, spelt or joined in another way"
    if has_family and len(parts[0]) == 1 and parts[0] in {one[0] for one in given}:
        return "initial and family name"
    if parts[0] in given and not is_given_name(parts[0]):
        return "a rare given name with another family name"
    return None


def _runs(text: str, body_start: int) -> Iterator[tuple[int, int]]:
    """Yield runs of words with capitals, without the words before them that are no names."""
    for match in _RUN.finditer(text, body_start):
        for start, end in _capitals(text, *match.span()):
            parts = list(re.finditer(_PART, text[start:end]))
            while parts and _is_no_name(parts[0][0]):
                parts.pop(0)
            if 2 <= len(parts) <= _MOST_PARTS:
                yield start + parts[0].start(), start + parts[-1].end()


def _capitals(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the longest stretches of *text* between *start* and *end* whose words have capitals."""
    begin = last = None
    for part in re.finditer(_PART, text[start:end]):
        at, stop = start + part.start(), start + part.end()
        if text[at].isupper():
            begin, last = at if begin is None else begin, stop
        elif part[0] not in {"de", "del", "la", "van", "von", "bin", "al", "el"}:
            if begin is not None and last is not None:
                yield begin, last
            begin = last = None
    if begin is not None and last is not None:
        yield begin, last


def _is_no_name(part: str) -> bool:
    if part.endswith("."):  # an initial; "a" is an article
        return False
    key = fold_key(part)
    return any(key in words(kind) for kind in ("plain", "roles", "honorifics", "kin"))


def _givens(name: PersonName) -> frozenset[str]:
    listed = {fold_key(part) for part in (*name.given, *name.nick) if part}
    return _split(listed | {short for given in listed for short in short_given_names(given)})


def _families(name: PersonName) -> frozenset[str]:
    return _split(fold_key(part) for part in name.family)


def _split(parts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for part in parts for word in part.split() if len(word) > 1)


def _is_like(word: str, parts: frozenset[str]) -> bool:
    """Return whether *word* is one of *parts*, or one letter away from a long one."""
    return word in parts or any(_one_letter_apart(word, part) for part in parts)


def _one_letter_apart(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    if len(short) < 5 or len(long) - len(short) > 1:
        return False
    same = next((at for at, char in enumerate(short) if char != long[at]), len(short))
    return long[same + 1 :] == short[same + (len(short) == len(long)) :]
