"""One Aho-Corasick automaton over everything the tagger looks for, built once a registry.

Patterns of names come first, so that an article in which no name occurs is done after the scan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick

from extractors.mentions.fold import fold_key
from extractors.mentions.forms import (
    SHORT_KINDS,
    FixedForm,
    PersonForm,
    fixed_forms,
    person_forms,
)
from extractors.mentions.tables import us_states, words
from extractors.model import Case, ContextTerm, Subject

TOPIC_LISTS = ("topic_strong", "topic_weak", "off_topic", "not_to_be_confused")


@dataclass(frozen=True, slots=True)
class Topic:
    """A word of a list of the lexicon."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Context:
    """A word of the case of *subject*."""

    subject: str
    term: ContextTerm


@dataclass(frozen=True, slots=True)
class Cue:
    """A word of a known namesake of *subject*."""

    subject: str
    key: str


@dataclass(frozen=True, slots=True)
class Region:
    """The name of a state of the US."""

    code: str


T = TypeVar("T")
NameForms = PersonForm | FixedForm
EvidenceUse = Topic | Context | Cue | Region


@dataclass(frozen=True, slots=True)
class NameUses:
    """All that one pattern of names may stand for, so that a hit costs the same for one or many."""

    people: Mapping[str, tuple[PersonForm, ...]]  # by folded given name
    full: tuple[FixedForm, ...]  # forms that need no other
    short: Mapping[str, tuple[FixedForm, ...]]  # by subject
    aliases: Mapping[str, tuple[PersonForm, ...]]  # by subject: family names of aliases

    def is_surname_of(self, subjects: AbstractSet[str]) -> bool:
        """Return whether one of *subjects* may be called by this pattern alone."""
        if not subjects.isdisjoint(self.short):
            return True
        return any(one.kind == "solo" and one.subject in subjects for one in self.full)


class Hit(NamedTuple, Generic[T]):
    """A pattern found: its uses, and its span in the text."""

    uses: T
    start: int
    end: int


class Scan(NamedTuple):
    """What one pass found: the names, and every match as (pattern, start, end)."""

    names: list[Hit[NameUses]]
    found: Sequence[tuple[int, int, int]]


class Scanner:
    """Finds the patterns of all *subjects* in a folded text, in one pass."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        names = _grouped(_name_uses(subjects))
        evidence = _grouped(_evidence_uses(subjects))
        self._names = tuple(map(_name_uses_of, names.values()))
        self._evidence = tuple(evidence.values())
        patterns = [f" {key} " for key in (*names, *evidence)]
        self._automaton = AhoCorasick(patterns)

    def scan(self, folded: str) -> Scan:
        """Return what the one pass over *folded* found, names in reading order."""
        # One space before: starts shift by one, which the pattern's own space takes back.
        found = self._automaton.find_matches_as_indexes(f" {folded} ", overlapping=True)
        border = len(self._names)
        names = [Hit(self._names[p], s, e - 2) for p, s, e in found if p < border]
        names.sort(key=_place)
        return Scan(names, found)

    def evidence(self, scan: Scan) -> list[Hit[tuple[EvidenceUse, ...]]]:
        """Return the hits of *scan* beside the names. Asked only where a name was found."""
        border = len(self._names)
        return [Hit(self._evidence[p - border], s, e - 2) for p, s, e in scan.found if p >= border]


def _place(hit: Hit[NameUses]) -> tuple[int, int]:
    return hit.start, hit.end


def _grouped(
    uses: Iterable[tuple[str, T]],
) -> dict[str, tuple[T, ...]]:
    by_key: dict[str, list[T]] = defaultdict(list)
    for key, use in uses:
        if key and use not in by_key[key]:
            by_key[key].append(use)
    return {key: tuple(found) for key, found in by_key.items() if found}


def _name_uses_of(forms: Iterable[NameForms]) -> NameUses:
    people: dict[str, list[PersonForm]] = defaultdict(list)
    short: dict[str, list[FixedForm]] = defaultdict(list)
    aliases: dict[str, list[PersonForm]] = defaultdict(list)
    full: list[FixedForm] = []
    for form in forms:
        if isinstance(form, PersonForm):
            for given in form.givens | form.variants:
                people[given].append(form)
            if form.kind == "alias":
                aliases[form.subject].append(form)
        elif form.kind in SHORT_KINDS:
            short[form.subject].append(form)
        else:
            full.append(form)
    return NameUses(_tuples(people), tuple(full), _tuples(short), _tuples(aliases))


def _tuples(lists: Mapping[str, list[T]]) -> dict[str, tuple[T, ...]]:
    return {key: tuple(found) for key, found in lists.items()}


def _name_uses(subjects: Sequence[Subject]) -> Iterable[tuple[str, NameForms]]:
    for subject in subjects:
        for form in person_forms(subject):
            yield form.family, form
            yield f"{form.family}s", form  # German genitive
        for fixed in fixed_forms(subject):
            yield fixed.key, fixed


def _evidence_uses(subjects: Sequence[Subject]) -> Iterable[tuple[str, EvidenceUse]]:
    for kind in TOPIC_LISTS:
        for key in sorted(words(kind)):
            yield key, Topic(kind, key)
    for code, name in us_states().items():
        yield name, Region(code)
    for subject in subjects:
        for term in chain(subject.context, _places(subject)):
            yield fold_key(term.text), Context(subject.id, term)
        for namesake in subject.namesakes:
            for cue in namesake.cues:
                yield fold_key(cue), Cue(subject.id, fold_key(cue))


def _places(subject: Subject) -> Iterable[ContextTerm]:
    """Yield the state and the county in which a case was tried."""
    if not isinstance(subject, Case) or subject.jurisdiction is None:
        return
    where = subject.jurisdiction
    state = us_states().get((where.region or "").removeprefix("US-"))
    if state:
        yield ContextTerm("state", state.title(), "jurisdiction")
    if where.county and where.country == "US":
        yield ContextTerm("county", f"{where.county} County", "jurisdiction")
