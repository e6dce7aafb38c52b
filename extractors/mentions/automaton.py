"""One Aho-Corasick automaton over everything the tagger looks for, built once a registry.

Patterns of names come first, so that an article in which no name occurs is done after the scan.
Most hits are surnames of people who are not in the article: they are rejected as triples of
integers, and nothing is made of them. So the cost of an article hardly grows with the registry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation

from extractors.mentions.patterns import (
    EvidenceUses,
    NameUses,
    People,
    evidence_patterns,
    name_patterns,
)
from extractors.mentions.tables import is_rare_family
from extractors.model import Subject

_VERSUS = ("v", "vs", "versus", "gegen", "c")  # between the parties of a case
_GAPS = range(-3, 4)  # characters between it and a party: "v. Reed", "Reed, v."
_FEW = 2_000  # patterns whose DFA stays in the cache: of more, it is faster only when alone
LEFT, RIGHT = 70, 30  # characters beside a family name in which its given name may stand

_PLACE = itemgetter(1, 2)
Triple = tuple[int, int, int]  # index of a pattern; where its spaces start and end, both shifted


T = TypeVar("T")


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
        names, evidence = name_patterns(subjects), evidence_patterns(subjects)
        self._versus = len(names)
        self._telling = self._versus + len(_VERSUS)
        self._border = self._telling + sum(bool(one.hinted) for one in evidence.values())
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
        self._evidence = tuple(evidence.values())
        patterns = [f" {key} " for key in (*names, *_VERSUS, *evidence)]
        dfa = Implementation.DFA if len(patterns) <= _FEW else None
        self._automaton = AhoCorasick(patterns, implementation=dfa)

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
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        keys = self._keys
        for pattern, start, end in scan.names:
            found[keys[pattern]].append((start, end - 2))
        return found

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
