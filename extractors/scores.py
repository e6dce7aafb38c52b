"""What an evaluation is made of: labelled examples, counts with their intervals, scores."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import sqrt

_Z = 1.959963984540054  # 95 % of a normal distribution lie within so many standard deviations

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, order=True)
class GoldMention:
    """A place where a reader says a subject is named. The order is that of reading."""

    start: int
    end: int
    subject: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """An event that a text asserts; None where the gold does not say.

    *date* is a day, a month or a year: as exact as the text lets a reader be.
    """

    type: str
    subject: str | None = None
    modality: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text. *events* is None where nobody labelled events."""

    id: str
    language: str
    mentions: frozenset[GoldMention]
    alerts: frozenset[str]
    events: tuple[GoldEvent, ...] | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some were right."""

    right: int = 0
    of: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.right + other.right, self.of + other.of)

    @property
    def value(self) -> float:
        """Return the share, 0 to 1; 1 of none."""
        return self.right / self.of if self.of else 1.0

    @property
    def interval(self) -> Interval:
        """Return the Wilson interval at 95 %; it holds the share, and is 0 to 1 of none."""
        return wilson(self.right, self.of)


@dataclass(frozen=True, slots=True)
class Count:
    """What was right, what was claimed and is not so, and what was missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @classmethod
    def between(cls, gold: AbstractSet[Hashable], found: AbstractSet[Hashable]) -> Count:
        """Return the count of what both hold, only *found* holds, only *gold* holds."""
        return cls(len(gold & found), len(found - gold), len(gold - found))

    def __add__(self, other: Count) -> Count:
        return Count(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def claims(self) -> Share:
        """Return how many of the claims are right."""
        return Share(self.right, self.right + self.wrong)

    @property
    def finds(self) -> Share:
        """Return how much of the gold was found."""
        return Share(self.right, self.right + self.missed)

    @property
    def precision(self) -> float:
        """Return the share of claims that are right; 1 without a claim."""
        return self.claims.value

    @property
    def recall(self) -> float:
        """Return the share of the gold that was found; 1 without gold."""
        return self.finds.value

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def row(self) -> dict[str, float]:
        """Return counts and shares as they are written down, rounded to 4 places."""
        return {
            "right": self.right,
            "wrong": self.wrong,
            "missed": self.missed,
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
        }


@dataclass(frozen=True, slots=True)
class Name:
    """How well one subject is found: its mentions, strictly, and its alerts at 0.5."""

    mentions: Count
    alerts: Count

    @property
    def lowest(self) -> float:
        """Return the lowest of precision and recall, of mentions and alerts."""
        return min(
            self.mentions.precision,
            self.mentions.recall,
            self.alerts.precision,
            self.alerts.recall,
        )

    @property
    def faults(self) -> int:
        """Return how many mentions and alerts were wrong or missed."""
        return sum(count.wrong + count.missed for count in (self.mentions, self.alerts))


@dataclass(frozen=True, slots=True)
class Bin:
    """Candidates whose confidence lies in *low* to *high*, rejected ones too."""

    low: float
    high: float
    candidates: int = 0
    confidence: float | None = None  # mean; None of none
    share: float | None = None  # of them that are true


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing to look at. *what* is "missed" or "wrong" and "mention", "alert" or "event"."""

    id: str
    what: str
    subject: str | None
    detail: str = ""  # a mention's quote, an event's type
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """All that was measured.

    *counts* holds mentions, overlapping, events, and alerts_X and documents_X for each confidence.
    *kinds* is precision by the kind that the tagger gave, *languages* recall by that of the text.
    """

    texts: int
    counts: Mapping[str, Count]
    kinds: Mapping[str, Share]
    languages: Mapping[str, Share]
    names: Mapping[str, Name]
    modality: Share  # of the events found whose modality the gold gives
    dates: Share  # of the events found whose date the gold gives
    bins: tuple[Bin, ...]
    brier: float  # mean squared distance of confidence and truth: 0 is best
    misses: tuple[Miss, ...]

    @property
    def worst(self) -> str | None:
        """Return the subject found worst, the one with more faults if two are; None if all well."""
        faulty = (name for name, found in self.names.items() if found.faults)
        return min(
            faulty,
            key=lambda name: (self.names[name].lowest, -self.names[name].faults, name),
            default=None,
        )

    def measures(self) -> dict[str, float]:
        """Return every measure by name, the higher the better; of Brier's score, 1 minus it.

        Modality and date are left out where the gold gives none for an event that was found.
        """
        found: dict[str, float] = {}
        for name, count in self.counts.items():
            found |= {
                f"{name}.precision": count.precision,
                f"{name}.recall": count.recall,
                f"{name}.f1": count.f1,
            }
        found |= {f"kinds.{kind}.precision": share.value for kind, share in self.kinds.items()}
        found |= {f"languages.{one}.recall": share.value for one, share in self.languages.items()}
        for subject, one in self.names.items():
            found |= {
                f"names.{subject}.precision": one.mentions.precision,
                f"names.{subject}.recall": one.mentions.recall,
                f"names.{subject}.alert_precision": one.alerts.precision,
                f"names.{subject}.alert_recall": one.alerts.recall,
            }
        told = {"events.modality": self.modality, "events.date": self.dates}
        found |= {name: share.value for name, share in told.items() if share.of}
        return found | {"calibration.one_minus_brier": 1 - self.brier}


def wilson(right: int, of: int) -> Interval:
    """Return the interval of Wilson's score at 95 % around right / of; (0, 1) where *of* is 0."""
    if not of:
        return 0.0, 1.0
    share, square = right / of, _Z * _Z / of
    middle = (share + square / 2) / (1 + square)
    half = _Z * sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    # At 0 and 1 the bound is the share itself, which rounding would miss by a hair.
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))
