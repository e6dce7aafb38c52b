"""A sieve for stored texts: who cannot name a subject is never read. It lets through too much."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache
from typing import NamedTuple

from extractors.mentions.fold import fold, fold_key
from extractors.mentions.forms import SHORT_KINDS, fixed_forms, person_forms
from extractors.mentions.patterns import PLACES
from extractors.mentions.tables import is_rare_family
from extractors.model import Case, ContextTerm, Notify, Subject, stable_id

# RE2 keeps to its fast automaton up to about 45,000 characters; beyond, it takes 25 times as long.
_LONGEST = 30_000
_MOST = 24  # more patterns cost as much as reading all there is, and nearly all texts have one
# Letters that fold to those of a name. With full width, mathematics and the like in each class,
# four subjects took thirty times as long: texts that have those are let through as they are.
_LATIN = (range(0x250), range(0x1E00, 0x1F00))
_STRANGE = (range(0x250, 0x1E00), range(0x1F00, 0x3000), range(0xFB00, 0xFFF0))
_MATHEMATICS = (range(0x1D400, 0x1D800),)
# What the tagger reads past or resolves; stored texts are canonical and hardly have any.
_ODD = "[\u0300-\u036f]|&[#0-9A-Za-z]{2,8};"


@dataclass(frozen=True, slots=True)
class Sieve:
    """What a text must have: of one of *ways*, one pattern of each of its groups.

    The patterns are regular expressions, for RE2 and for `re`.
    """

    ways: tuple[tuple[tuple[str, ...], ...], ...]

    def passes(self, found: Callable[[str], object]) -> bool:
        """Return whether a text passes in which *found* finds a pattern."""
        return any(all(any(map(found, group)) for group in way) for way in self.ways)


def sieve_for(subjects: Sequence[Subject]) -> Sieve | None:
    """Return what lets every text pass that may name one of *subjects*, and few others.

    None: so many subjects that a sieve holds back too little.
    """
    every = zip(*map(_keys_of, subjects), strict=True)
    alone, families, givens, telling = (
        _packed(frozenset[str]().union(*keys) - {""}) for keys in every
    )
    odd = "|".join((*alone[:1], _ODD, f"[{_strange()}]"))
    ways = (
        ((odd, *alone[1:]),),
        ((*families, *telling), givens),
        (telling, families),  # beside them a given name may have a letter wrong
    )
    whole = tuple(way for way in ways if all(way))
    if sum(len(group) for way in whole for group in way) > _MOST:
        return None
    return Sieve(whole)


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


class _Keys(NamedTuple):
    """The words by which the tagger finds a subject, folded."""

    alone: frozenset[str]
    families: frozenset[str]
    givens: frozenset[str]
    telling: frozenset[str]  # of its case: beside them a name may have a letter wrong


def _keys_of(subject: Subject) -> _Keys:
    people = [*person_forms(subject)]
    return _Keys(
        alone=frozenset(
            form.key
            for form in fixed_forms(subject)
            if form.kind not in SHORT_KINDS or subject.kind == "org" or is_rare_family(form.key)
        ),
        families=frozenset(key for one in people for key in (one.family, f"{one.family}s")),
        givens=frozenset(given for one in people for given in one.givens | one.variants),
        telling=frozenset(
            fold_key(term.text)
            for term in subject.context
            if " " in term.text and term.kind not in PLACES
        ),
    )


def _packed(keys: AbstractSet[str]) -> tuple[str, ...]:
    """Return patterns that find texts with one of *keys*, as few as stay fast."""
    packed: list[list[str]] = []
    for spelling in map(_any_spelling, sorted(keys)):
        if not packed or sum(map(len, packed[-1])) > _LONGEST:
            packed.append([])
        packed[-1].append(spelling)
    return tuple(map(_whole_words, packed))


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
