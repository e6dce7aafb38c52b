"""From mentions and events to claims: what one article says of one subject, in sum and in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extractors.model import Claim, Event, Mention, PageKind, Tagging
from extractors.sentences import snippet

# What nobody may miss, then what changes a case, then the rest.
_GRAVE = frozenset({"execution_date_set", "stay", "executed"})
_ALERTING_KINDS = frozenset({PageKind.ARTICLE, PageKind.LIVE_BLOG, PageKind.TEASER})
GRAVE, EVENT, MENTION = 3, 2, 1
_GAP = "\n\n"  # between headline and body

Explain = Callable[[Mention], str]


@dataclass(frozen=True, slots=True)
class _Words:
    """A text and the offset at which its body begins, 0 where it has no headline."""

    text: str
    body_start: int

    def first_in_body(self, best: Mention, mentions: Sequence[Mention]) -> Mention:
        """Return the first mention in the body that is as sure as *best*: a headline says less."""
        sure = [m for m in mentions if m.tier == best.tier and m.start >= self.body_start]
        return min(sure, key=lambda m: m.start, default=best)

    def passage(self, start: int, end: int) -> tuple[int, int]:
        """Return the sentence or two to show; headline and body are not run together."""
        begin, stop = snippet(self.text, start, end)
        if start >= self.body_start:
            return max(begin, self.body_start), stop
        return begin, max(end, min(stop, self.body_start - len(_GAP)))


def claims(
    text: str, tagging: Tagging, kind: PageKind, explain: Explain, *, body_start: int
) -> tuple[Claim, ...]:
    """Return one claim a subject that *text* names, in the order of the subjects' ids.

    *explain* puts a mention's evidence into words. A listing or a video page claims nothing that
    is worth an alert.
    """
    by_subject: dict[str, list[Mention]] = {}
    for mention in tagging.mentions:
        by_subject.setdefault(mention.subject, []).append(mention)
    worthy = frozenset(tagging.alerts) if kind in _ALERTING_KINDS else frozenset()
    return tuple(
        _claim(
            _Words(text, body_start),
            mentions,
            _events_of(subject, tagging),
            subject in worthy,
            explain,
        )
        for subject, mentions in sorted(by_subject.items())
    )


def rank_of(event: Event) -> int:
    """Return 3 for an execution date, a stay or an execution that is news, 2 for other events."""
    return GRAVE if event.type in _GRAVE and not event.retold else EVENT


def _claim(
    words: _Words,
    mentions: Sequence[Mention],
    events: Sequence[Event],
    worthy: bool,
    explain: Explain,
) -> Claim:
    best = max(mentions, key=lambda m: (m.confidence, -m.start))
    event = max(events, key=lambda e: (rank_of(e), -e.start), default=None)
    shown = event or words.first_in_body(best, mentions)
    start, end = words.passage(shown.start, shown.end)
    return Claim(
        subject=best.subject,
        alerts=worthy,
        confidence=best.confidence,
        rank=rank_of(event) if event else MENTION,
        reason=_reason(event, explain(best)),
        start=start,
        end=end,
    )


def _reason(event: Event | None, evidence: str) -> str:
    if event is None:
        return evidence
    happened = event.type.replace("_", " ")
    day = f", {event.date:%d %B %Y}" if event.date else ""
    past = ", told of the past" if event.retold else ""
    return f"{happened} ({event.modality}{day}{past}). {evidence}"


def _events_of(subject: str, tagging: Tagging) -> list[Event]:
    return [event for event in tagging.events if event.subject == subject]
