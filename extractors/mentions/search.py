"""A sieve for stored texts: who cannot name a subject is never read. It lets through too much."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from functools import cache

from extractors.mentions.fold import fold, fold_key
from extractors.mentions.forms import fixed_forms, person_forms
from extractors.mentions.patterns import PLACES
from extractors.model import Case, ContextTerm, Notify, Subject, stable_id

# RE2 keeps to its fast automaton up to about 45,000 characters; beyond, it takes 25 times as long.
_LONGEST = 30_000
_MOST = 8  # more patterns cost as much as reading all there is, and nearly all texts have one
# Letters that fold to those of a name. With full width, mathematics and the like in each class,
# four subjects took thirty times as long: texts that have those are let through as they are.
_LATIN = (range(0x250), range(0x1E00, 0x1F00))
_STRANGE = (range(0x250, 0x1E00), range(0x1F00, 0x3000), range(0xFB00, 0xFFF0))
_MATHEMATICS = (range(0x1D400, 0x1D800),)
# What the tagger reads past or resolves; stored texts are canonical and hardly have any.
_ODD = "[\u0300-\u036f]|&[#0-9A-Za-z]{2,8};"


def search_patterns(subjects: Sequence[Subject]) -> tuple[str, ...] | None:
    """Return regular expressions, one of which is found in every text that may name a subject.

    They are for RE2, and for `re`. None: so many *subjects* that a sieve holds back too little.
    """
    keys = sorted({key for subject in subjects for key in _keys(subject) if key})
    packed: list[list[str]] = [[]]
    for spelling in map(_any_spelling, keys):
        if sum(map(len, packed[-1])) > _LONGEST:
            packed.append([])
        packed[-1].append(spelling)
    if len(packed) > _MOST:
        return None
    patterns = [*map(_whole_words, packed)]
    patterns[0] += f"|{_ODD}|[{_strange()}]"
    return tuple(patterns)


def definition_of(subject: Subject) -> str:
    """Return a hash of all that the tagger knows of *subject*: it changes when the tagger may.

    A new status, source or way of delivery is no change, nor is a field that has its default.
    """
    told = replace(
        subject,
        notify=Notify.DAILY,
        sources=(),
        source_article=None,
        external_ids=(),
        context=tuple(ContextTerm(term.kind, term.text, "") for term in subject.context),
    )
    if isinstance(told, Case):
        told = replace(told, status=())
    known = (
        f"{one.name}={getattr(told, one.name)!r}"
        for one in fields(told)
        if one.default is MISSING or getattr(told, one.name) != one.default
    )
    return stable_id(type(told).__name__, *known)


def _keys(subject: Subject) -> Iterator[str]:
    """Yield the words of which one stands wherever the tagger finds *subject*, folded."""
    for person in person_forms(subject):
        yield person.family
        yield f"{person.family}s"
    for form in fixed_forms(subject):
        yield form.key
    for term in subject.context:  # beside them a name is found that has a letter wrong
        if " " in term.text and term.kind not in PLACES:
            yield fold_key(term.text)


def _whole_words(words: Sequence[str]) -> str:
    return f"(?s)(?:^|[^0-9A-Za-z])(?:{'|'.join(words)})(?:$|[^0-9A-Za-z])"


def _any_spelling(key: str) -> str:
    """Return what finds every text whose fold holds *key*."""
    spellings = _spellings()
    return "".join(
        "[^0-9A-Za-z]" if char == " " else f"[{spellings.get(char, char)}]" for char in key
    )


@cache
def _spellings() -> Mapping[str, str]:
    """Return by letter or digit the Latin ones that fold to it, as the inside of a class."""
    found: dict[str, list[str]] = defaultdict(list)
    for char, folded in _folds(_LATIN):
        found[folded].append(char)
    return {folded: re.escape("".join(chars)) for folded, chars in found.items()}


@cache
def _strange() -> str:
    """Return all others that fold to a letter or digit of ASCII, as the inside of a class."""
    return "".join(char for char, folded in _folds((*_STRANGE, *_MATHEMATICS)) if folded.isascii())


def _folds(blocks: Sequence[range]) -> Iterator[tuple[str, str]]:
    """Yield the letters and digits of *blocks*, each with its fold."""
    every = "".join(map(chr, (code for block in blocks for code in block)))
    yield from ((char, to) for char, to in zip(every, fold(every), strict=True) if to.isalnum())
