"""Which articles are copies of one report: containment of hashed 5-word shingles.

Containment and not Jaccard, because outlets cut wire copy: at 45 % kept, recall is 0.99 against
0.29 for MinHash-Jaccard (the study in TAGGING.md, section 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

WORDS = 5  # a shingle
ONE_IN = 8  # hashes kept: about 80 an article
COPY = 0.6  # containment from which two articles are one report
SHARED = 4  # shingles that must be shared at least
WINDOW_DAYS = 14

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two articles that share *shared* shingles, and the sizes of their sketches."""

    article: str
    other: str
    shared: int
    size: int
    other_size: int

    @property
    def containment(self) -> float:
        """Return the share of the smaller sketch that stands in the other, 0 to 1."""
        return self.shared / min(self.size, self.other_size)

    @property
    def is_copy(self) -> bool:
        """Return whether the two are one report."""
        return self.shared >= SHARED and self.containment >= COPY


@dataclass(frozen=True, slots=True)
class StoryLink:
    """The story of one article: its own (containment 1) or that of the article it copies."""

    article: str
    story_of: str  # the article that the story began with
    containment: float


def sketch(body: str) -> tuple[int, ...]:
    """Return the kept shingle hashes of *body*, sorted, each once, below 2**64.

    Texts under about a hundred words keep every shingle: one in eight would be too few to compare.
    """
    words = [word.lower() for word in _WORD.findall(body)]
    shingles = {" ".join(words[i : i + WORDS]) for i in range(len(words) - WORDS + 1)}
    hashes = {_hash(shingle) for shingle in shingles}
    kept = {value for value in hashes if value % ONE_IN == 0}
    return tuple(sorted(kept if len(kept) >= 3 * SHARED else hashes))


def link_stories(
    newcomers: Sequence[str], overlaps: Iterable[Overlap], known: Mapping[str, str]
) -> list[StoryLink]:
    """Return the story of each of *newcomers*, which are in the order in which they appeared.

    *known* maps older articles to the article that their story began with. A newcomer joins the
    article it shares most with, if that one is older or came before it.
    """
    began = dict(known)
    copies = _copies_by_article(overlaps)
    links = []
    for article in newcomers:
        candidates = [(c, other) for other, c in copies.get(article, {}).items() if other in began]
        containment, original = max(candidates, default=(1.0, article))
        began[article] = began.get(original, article)
        links.append(StoryLink(article, began[article], containment))
    return links


def _copies_by_article(overlaps: Iterable[Overlap]) -> dict[str, dict[str, float]]:
    copies: dict[str, dict[str, float]] = {}
    for overlap in overlaps:
        if overlap.is_copy:
            copies.setdefault(overlap.article, {})[overlap.other] = overlap.containment
            copies.setdefault(overlap.other, {})[overlap.article] = overlap.containment
    return copies


def _hash(shingle: str) -> int:
    return int.from_bytes(blake2b(shingle.encode(), digest_size=8).digest(), "big")
