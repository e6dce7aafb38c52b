"""What the scan found beside the names, sorted by what it is evidence for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import NamedTuple

from extractors.mentions.patterns import EvidenceUses
from extractors.model import ContextTerm


class Place(NamedTuple):
    """A word found, folded, and where."""

    key: str
    start: int
    end: int

    def distance(self, start: int, end: int) -> int:
        """Return how many characters lie between this place and the span; 0 where they touch."""
        return max(self.start - end, start - self.end, 0)


_new = tuple.__new__  # a third of the time of Place(...), for dozens of words an article


@dataclass(slots=True)
class Findings:
    """Places by list of the lexicon, and by subject for the words that belong to one."""

    topics: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    context: dict[str, list[tuple[ContextTerm, Place]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    cues: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    regions: list[Place] = field(default_factory=list)


def sort_findings(
    hits: Iterable[tuple[EvidenceUses, int, int]], subjects: AbstractSet[str]
) -> Findings:
    """Return the places of *hits*, each under all that it is evidence for.

    Words that belong to one subject are kept for *subjects* only: nobody asks for the others.
    """
    found = Findings()
    for uses, start, end in hits:
        for topic in uses.topics:
            found.topics[topic.kind].append(_new(Place, (topic.key, start, end)))
        for region in uses.regions:
            found.regions.append(Place(region.code, start, end))
        if uses.context:
            for subject in subjects & uses.context.keys():
                found.context[subject].extend(
                    (one.term, Place(one.term.text, start, end)) for one in uses.context[subject]
                )
        if uses.cues:
            for subject in subjects & uses.cues.keys():
                found.cues[subject].extend(Place(cue.key, start, end) for cue in uses.cues[subject])
    return found
