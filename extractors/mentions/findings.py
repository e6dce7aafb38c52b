"""What the scan found beside the names, sorted by what it is evidence for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from extractors.mentions.automaton import Context, Cue, EvidenceUse, Hit, Region, Topic
from extractors.model import ContextTerm


class Place(NamedTuple):
    """A word found, folded, and where."""

    key: str
    start: int
    end: int

    def distance(self, start: int, end: int) -> int:
        """Return how many characters lie between this place and the span; 0 where they touch."""
        return max(self.start - end, start - self.end, 0)


@dataclass(slots=True)
class Findings:
    """Places by list of the lexicon, and by subject for the words that belong to one."""

    topics: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    context: dict[str, list[tuple[ContextTerm, Place]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    cues: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    regions: list[Place] = field(default_factory=list)


def sort_findings(hits: Iterable[Hit[tuple[EvidenceUse, ...]]]) -> Findings:
    """Return the places of *hits*, each under all that it is evidence for."""
    found = Findings()
    for hit in hits:
        for use in hit.uses:
            _sort(found, use, hit)
    return found


def _sort(found: Findings, use: EvidenceUse, hit: Hit[tuple[EvidenceUse, ...]]) -> None:
    match use:
        case Topic(kind, key):
            found.topics[kind].append(Place(key, hit.start, hit.end))
        case Context(subject, term):
            found.context[subject].append((term, Place(term.text, hit.start, hit.end)))
        case Cue(subject, key):
            found.cues[subject].append(Place(key, hit.start, hit.end))
        case Region(code):
            found.regions.append(Place(code, hit.start, hit.end))
