"""One Aho-Corasick automaton over everything the tagger looks for, built once a registry.

Patterns of names come first, so that an article in which no name occurs is done after the scan.
Most hits are surnames of people who are not in the article: they are rejected as triples of
integers, and nothing is made of them. So the cost of an article hardly grows with the registry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter
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
from extractors.mentions.tables import is_rare_family, us_states, words
from extractors.model import Case, ContextTerm, Subject

TOPIC_LISTS = ("topic_strong", "topic_weak", "off_topic", "not_to_be_confused")
PLACES = frozenset({"place", "state", "county", "crime_place", "official", "court", "org"})
_VERSUS = ("v", "vs", "versus", "gegen", "c")  # between the parties of a case
_GAPS = range(-3, 4)  # characters between it and a party: "v. Reed", "Reed, v."
LEFT, RIGHT = 70, 30  # characters beside a family name in which its given name may stand

_PLACE = itemgetter(1, 2)
Triple = tuple[int, int, int]  # index of a pattern; where its spaces start and end, both shifted


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


class Hit(NamedTuple, Generic[T]):
    """A pattern found: its uses, and its span in the text."""

    uses: T
    start: int
    end: int


class Scan(NamedTuple):
    """What one pass over *folded* found, as triples in the order of their ends."""

    folded: str
    names: Sequence[Triple]
    told: Sequence[Triple]  # words that belong to one case, and those of captions: few
    evidence: Sequence[Triple]


class Scanner:
    """Finds the patterns of all *subjects* in a folded text, in one pass."""

    def __init__(self, subjects: Sequence[Subject], alone: AbstractSet[str] = frozenset()) -> None:
        """Subjects *alone* may be meant by a short form whatever else an article tells of them."""
        names = _with_givens(_grouped(_name_uses(subjects)))
        evidence = _telling_first(_grouped(_evidence_uses(subjects)))
        self._versus = len(names)
        self._telling = self._versus + len(_VERSUS)
        self._border = self._telling + sum(map(_is_telling, evidence.values()))
        self._lone = _lone(names, subjects)
        self._free = frozenset(
            index
            for index, uses in enumerate(names.values())
            if index in self._lone and not alone.isdisjoint(uses.short)
        )
        self._names = tuple(names.values())
        self._keys = tuple(names)
        self._several = frozenset(
            index for index, uses in enumerate(self._names) if uses.several_words
        )
        self._patterns_of = _patterns_of(self._names)
        self._roles = tuple((bool(one.full), one.people, one.given) for one in self._names)
        self._evidence = tuple(map(_evidence_uses_of, evidence.values()))
        patterns = [f" {key} " for key in (*names, *_VERSUS, *evidence)]
        # Not a DFA: a tenth faster alone, but among our own work its 12 MB fall out of the cache.
        self._automaton = AhoCorasick(patterns)

    def scan(self, folded: str) -> Scan:
        """Return what the one pass over *folded* found."""
        # One space before: starts shift by one, which the pattern's own space takes back.
        found = self._automaton.find_matches_as_indexes(f" {folded} ", overlapping=True)
        border, versus = self._border, self._versus
        names = [triple for triple in found if triple[0] < border]
        told = [triple for triple in names if triple[0] >= versus]
        if told:
            names = [triple for triple in names if triple[0] < versus]
        return Scan(folded, names, told, found)

    def told(self, scan: Scan) -> set[str]:
        """Return the subjects of whose case something is told in words that are nobody else's."""
        telling, uses = self._telling, self._evidence
        return {
            subject for p, _, _ in scan.told if p >= telling for subject in uses[p - telling].told
        }

    def hinted(self, scan: Scan) -> set[str]:
        """Return the subjects *told* of, and those of whose case one word of its own stands."""
        telling, uses = self._telling, self._evidence
        return {
            subject for p, _, _ in scan.told if p >= telling for subject in uses[p - telling].hinted
        }

    def lone(self, scan: Scan, hinted: AbstractSet[str]) -> list[Hit[NameUses]]:
        """Return the short forms that may stand without a full one, in reading order.

        Those of subjects of whom nothing is *hinted* may only in a caption.
        """
        free, lone = self._free, self._lone
        if hinted:
            return self._hits([triple for triple in scan.names if triple[0] in lone])
        versus = [triple for triple in scan.told if triple[0] < self._telling]
        if not versus:
            return self._hits([triple for triple in scan.names if triple[0] in free])
        starts = {end + gap for _, _, end in versus for gap in _GAPS}
        ends = {start + gap for _, start, _ in versus for gap in _GAPS}
        return self._hits(
            [
                (p, start, end)
                for p, start, end in scan.names
                if p in free or (p in lone and (start in starts or end in ends))
            ]
        )

    def full(self, scan: Scan, text: str) -> list[Hit[NameUses]]:
        """Return the names that may be full forms, in reading order.

        They need no other word, or a given name of theirs stands before them or after a comma.
        """
        roles, folded = self._roles, scan.folded
        kept: list[Triple] = []
        givens: list[tuple[int, str]] = []  # before the name that is looked at
        last = -LEFT - 1  # where the last of them starts
        for triple in scan.names:
            pattern, start, end = triple
            is_full, people, given = roles[pattern]
            if is_full or (
                people
                and (
                    (start - last <= LEFT and _given_before(people, givens, start - LEFT))
                    or (text[end - 2 : end - 1] == "," and _given_after(people, folded, end - 2))
                )
            ):
                kept.append(triple)
            if given is not None:
                givens.append((start, given))
                last = start
        return self._hits(kept)

    def about(self, scan: Scan, subjects: AbstractSet[str]) -> list[Hit[NameUses]]:
        """Return the names that may be of *subjects*, and all of several words, in reading order.

        A name of several words covers a shorter one, whoever bears it.
        """
        wanted = self._several.union(*(self._patterns_of.get(one, ()) for one in subjects))
        return self._hits([triple for triple in scan.names if triple[0] in wanted])

    def evidence(self, scan: Scan) -> list[tuple[EvidenceUses, int, int]]:
        """Return the hits of *scan* beside the names. Asked only where a name was found."""
        telling, uses = self._telling, self._evidence
        return [(uses[p - telling], s, e - 2) for p, s, e in scan.evidence if p >= telling]

    def places(self, scan: Scan) -> dict[str, list[tuple[int, int]]]:
        """Return where each family and given name stands, in reading order, by its fold."""
        found: dict[int, list[tuple[int, int]]] = {}
        for pattern, start, end in scan.names:
            if pattern in found:
                found[pattern].append((start, end - 2))
            else:
                found[pattern] = [(start, end - 2)]
        keys = self._keys
        return {keys[pattern]: places for pattern, places in found.items()}

    def _hits(self, names: Iterable[Triple]) -> list[Hit[NameUses]]:
        uses = self._names
        return [Hit(uses[p], s, e - 2) for p, s, e in sorted(names, key=_PLACE)]


def _patterns_of(names: Iterable[NameUses]) -> dict[str, list[int]]:
    """Return the indexes of the patterns of each subject."""
    found: dict[str, list[int]] = defaultdict(list)
    for index, uses in enumerate(names):
        for subject in uses.subjects:
            found[subject].append(index)
    return dict(found)


def _telling_first(
    evidence: Mapping[str, tuple[EvidenceUse, ...]],
) -> dict[str, tuple[EvidenceUse, ...]]:
    return dict(sorted(evidence.items(), key=lambda pair: not _is_telling(pair[1])))


def _is_telling(uses: Iterable[EvidenceUse]) -> bool:
    """Return whether a pattern is words of one case, and no place's name."""
    return any(isinstance(use, Context) and use.term.kind not in PLACES for use in uses)


def _told(uses: Sequence[EvidenceUse]) -> frozenset[str]:
    """Return the subjects of a pattern of several words, if it is no place's name."""
    context = [use for use in uses if isinstance(use, Context)]
    if not any(" " in use.term.text and use.term.kind not in PLACES for use in context):
        return frozenset()
    return frozenset(use.subject for use in context)


def _hinted(uses: Sequence[EvidenceUse]) -> frozenset[str]:
    own = (use for use in uses if isinstance(use, Context) and use.term.kind not in PLACES)
    return _told(uses) | {use.subject for use in own}


def _lone(names: Mapping[str, NameUses], subjects: Iterable[Subject]) -> frozenset[int]:
    """Return the indexes of the short forms of organisations and of rare family names."""
    orgs = {subject.id for subject in subjects if subject.kind == "org"}
    return frozenset(
        index
        for index, (name, uses) in enumerate(names.items())
        if uses.short and (is_rare_family(name) or not orgs.isdisjoint(uses.short))
    )


def _given_before(people: People, givens: Sequence[tuple[int, str]], first: int) -> bool:
    """Return whether one of the *givens* from offset *first* on is that of one of *people*."""
    for start, given in reversed(givens):
        if start < first:
            return False
        if given in people:
            return True
    return False


def _given_after(people: People, folded: str, end: int) -> bool:
    return not people.keys().isdisjoint(folded[end : end + RIGHT].split())


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
