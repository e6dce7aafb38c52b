"""What the tagger looks for: a registry as patterns, and all that each may stand for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

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
PLACES = frozenset({"place", "state", "county", "crime_place", "official", "court", "org"})


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
People = Mapping[str, tuple[PersonForm, ...]]  # by folded given name
EvidenceUse = Topic | Context | Cue | Region


@dataclass(frozen=True, slots=True)
class NameUses:
    """All that one pattern of names may stand for, so that a hit costs the same for one or many."""

    people: People
    full: tuple[FixedForm, ...]  # forms that need no other
    short: Mapping[str, tuple[FixedForm, ...]]  # by subject
    aliases: Mapping[str, tuple[PersonForm, ...]]  # by subject: family names of aliases
    subjects: frozenset[str]
    several_words: bool
    initials: bool  # whether one of the given names is "T.J."
    given: str | None  # the pattern itself, where somebody has it as a given name

    def is_surname_of(self, subjects: AbstractSet[str]) -> bool:
        """Return whether one of *subjects* may be called by this pattern alone."""
        if not subjects.isdisjoint(self.short):
            return True
        return any(one.kind == "solo" and one.subject in subjects for one in self.full)


@dataclass(frozen=True, slots=True)
class EvidenceUses:
    """All that one pattern beside the names may stand for."""

    topics: tuple[Topic, ...]
    regions: tuple[Region, ...]
    context: Mapping[str, tuple[Context, ...]]  # by subject
    cues: Mapping[str, tuple[Cue, ...]]  # by subject
    told: frozenset[str]  # the subjects of whose case the pattern tells
    hinted: frozenset[str]  # and those of whose case it is a word


def name_patterns(subjects: Sequence[Subject]) -> dict[str, NameUses]:
    """Return by their folds all names of *subjects*, and then the given names beside them."""
    return _with_givens(_grouped(_name_uses(subjects)))


def evidence_patterns(subjects: Sequence[Subject]) -> dict[str, EvidenceUses]:
    """Return by their folds all words beside names, those that hint at a case first."""
    uses = {key: _evidence_uses_of(one) for key, one in _grouped(_evidence_uses(subjects)).items()}
    return dict(sorted(uses.items(), key=lambda pair: not pair[1].hinted))


def _with_givens(names: Mapping[str, Sequence[NameForms]]) -> dict[str, NameUses]:
    """Return the uses of each pattern of *names* and, after them, of the given names beside them.

    A family name is looked at only where one of its given names was found: that costs an
    article the same whether five or five hundred people bear the family name.
    """
    uses = {key: _name_uses_of(key, forms) for key, forms in names.items()}
    givens = {given for one in uses.values() for given in one.people}
    return {
        key: replace(uses.get(key) or _name_uses_of(key, ()), given=key if key in givens else None)
        for key in (*names, *sorted(givens - names.keys()))
    }


def _grouped(
    uses: Iterable[tuple[str, T]],
) -> dict[str, tuple[T, ...]]:
    by_key: dict[str, dict[T, None]] = defaultdict(dict)  # each use once, in order
    for key, use in uses:
        if key:
            by_key[key][use] = None
    return {key: tuple(found) for key, found in by_key.items()}


def _evidence_uses_of(uses: Sequence[EvidenceUse]) -> EvidenceUses:
    context: dict[str, list[Context]] = defaultdict(list)
    cues: dict[str, list[Cue]] = defaultdict(list)
    for use in uses:
        if isinstance(use, Context):
            context[use.subject].append(use)
        elif isinstance(use, Cue):
            cues[use.subject].append(use)
    topics = tuple(use for use in uses if isinstance(use, Topic))
    regions = tuple(use for use in uses if isinstance(use, Region))
    return EvidenceUses(
        topics, regions, _tuples(context), _tuples(cues), _told(uses), _hinted(uses)
    )


def _name_uses_of(key: str, forms: Sequence[NameForms]) -> NameUses:
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
    return NameUses(
        people=_tuples(people),
        full=tuple(full),
        short=_tuples(short),
        aliases=_tuples(aliases),
        subjects=frozenset(form.subject for form in forms),
        several_words=" " in key and bool(forms),
        initials=any(" " in given for given in people),
        given=None,
    )


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


def _told(uses: Sequence[EvidenceUse]) -> frozenset[str]:
    """Return the subjects of a pattern of several words, if it is no place's name."""
    context = [use for use in uses if isinstance(use, Context)]
    if not any(" " in use.term.text and use.term.kind not in PLACES for use in context):
        return frozenset()
    return frozenset(use.subject for use in context)


def _hinted(uses: Sequence[EvidenceUse]) -> frozenset[str]:
    own = (use for use in uses if isinstance(use, Context) and use.term.kind not in PLACES)
    return _told(uses) | {use.subject for use in own}
