"""Which articles are copies of one report: containment of hashed 5-word shingles.

Containment and not Jaccard, because outlets cut wire copy: at 45 % kept, recall is 0.99 against
0.29 for MinHash-Jaccard (the study in TAGGING.md, section 4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

WORDS = 5  # a shingle
ONE_IN = 8  # hashes kept: about 80 an article
COPY = 0.6  # containment from which two articles are one report
UPDATE = 0.3  # from which two about one subject, a few days apart, are one running story
SHARED = 4  # shingles that must be shared at least
WINDOW_DAYS = 14
UPDATE_HOURS = 72
REPEATS = 4  # stories of one outlet in which a shingle stands: then it is boilerplate
ROUND_UP = 3  # an article with events of more subjects than this tells no one story

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two articles that share *shared* shingles, and the sizes of their sketches.

    *related* says whether they raise alerts for one subject within UPDATE_HOURS.
    """

    article: str
    other: str
    shared: int
    size: int
    other_size: int
    related: bool = False

    @property
    def containment(self) -> float:
        """Return the share of the smaller sketch that stands in the other, 0 to 1."""
        return self.shared / min(self.size, self.other_size)

    @property
    def is_copy(self) -> bool:
        """Return whether the two are one report."""
        return self.shared >= SHARED and self.containment >= COPY

    @property
    def is_update(self) -> bool:
        """Return whether one carries the other's story on."""
        return self.related and self.shared >= SHARED and UPDATE <= self.containment < COPY


@dataclass(frozen=True, slots=True)
class StoryLink:
    """The story of one article: its own (containment 1) or that of one before it, and why.

    *relation* is first, copy (the same words), update (some of them, the same subject, days apart)
    or event (the same event of the same subject on the same day, in other words).
    """

    article: str
    story_of: str  # the article that the story began with
    containment: float
    relation: str = "first"


@dataclass(frozen=True, slots=True)
class Telling:
    """An article that tells of an event, which subject, type and day name."""

    article: str
    event: str


def sketch(body: str) -> tuple[int, ...]:
    """Return the kept shingle hashes of *body*, sorted, each once, below 2**64.

    Texts under about a hundred words keep every shingle: one in eight would be too few to compare.
    """
    digests = _digests(_WORD.findall(body))
    kept = {digest for digest in digests if digest[-1] % ONE_IN == 0}  # big-endian: the last byte
    chosen = kept if len(kept) >= 3 * SHARED else set(digests)
    return tuple(sorted(map(int.from_bytes, chosen)))


def _digests(words: Sequence[str]) -> list[bytes]:
    """Return the hash of each run of WORDS words, in lower case, as it stands in the text.

    Lower case is made at once: no space is lost or made by it. Copying a new hash is faster than
    making one.
    """
    encoded = " ".join(words).lower().encode().split(b" ")
    copy_of_new = blake2b(digest_size=8).copy
    digests = []
    for shingle in map(b" ".join, zip(*(encoded[n:] for n in range(WORDS)), strict=False)):
        digest = copy_of_new()
        digest.update(shingle)
        digests.append(digest.digest())
    return digests


def link_stories(
    newcomers: Sequence[str],
    overlaps: Iterable[Overlap],
    known: Mapping[str, str],
    tellings: Iterable[Telling] = (),
) -> list[StoryLink]:
    """Return the story of each of *newcomers*, which are in the order in which they appeared.

    *known* maps older articles to the article that their story began with. A newcomer joins an
    article that is older or came before it: the one whose copy it is, else the one that it carries
    on, else the first of *tellings* with an event that it tells of too.
    """
    began = dict(known)
    neighbours = _neighbours(overlaps)
    told_in = _told_in(tellings)
    events = {event: [a for a in told if a in began] for event, told in told_in.by_event.items()}
    links = []
    for article in newcomers:
        link = _link(article, began, neighbours.get(article, {}), events, told_in)
        began[article] = link.story_of
        links.append(link)
        for event in told_in.by_article.get(article, ()):
            events[event].append(article)
    return links


_FITS: tuple[tuple[str, Callable[[Overlap], bool]], ...] = (
    ("copy", lambda overlap: overlap.is_copy),
    ("update", lambda overlap: overlap.is_update),
)


@dataclass(frozen=True, slots=True)
class _ToldIn:
    by_event: dict[str, list[str]]
    by_article: dict[str, list[str]]


def _told_in(tellings: Iterable[Telling]) -> _ToldIn:
    found = _ToldIn({}, {})
    for telling in sorted(tellings, key=lambda t: (t.article, t.event)):
        found.by_event.setdefault(telling.event, []).append(telling.article)
        found.by_article.setdefault(telling.article, []).append(telling.event)
    return found


def _link(
    article: str,
    began: Mapping[str, str],
    neighbours: Mapping[str, Overlap],
    events: Mapping[str, list[str]],
    told_in: _ToldIn,
) -> StoryLink:
    near = [(o.containment, other, o) for other, o in neighbours.items() if other in began]
    for relation, fits in _FITS:
        fitting = [(share, other) for share, other, o in near if fits(o)]
        if fitting:
            share, other = max(fitting)
            return StoryLink(article, began[other], share, relation)
    for event in told_in.by_article.get(article, ()):
        if events[event]:
            return StoryLink(article, began[events[event][0]], 0.0, "event")
    return StoryLink(article, article, 1.0)


def _neighbours(overlaps: Iterable[Overlap]) -> dict[str, dict[str, Overlap]]:
    near: dict[str, dict[str, Overlap]] = {}
    for overlap in overlaps:
        if overlap.is_copy or overlap.is_update:
            near.setdefault(overlap.article, {})[overlap.other] = overlap
            near.setdefault(overlap.other, {})[overlap.article] = overlap
    return near
