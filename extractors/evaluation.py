"""Scores of the tagger against gold: values in, values out.

    scores = score(examples, taggings)
    scores.counts["mentions"].f1, scores.measures()["alerts_0.5.recall"], scores.worst

Strict: a mention counts only with its exact span; overlapping: with any part of it, one for one.
An alert is one subject of one text; a document counts as soon as it has an alert for anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from extractors.model import Event, Mention, Tagging
from extractors.scores import (
    Bin,
    Count,
    Example,
    GoldEvent,
    GoldMention,
    Miss,
    Name,
    Scores,
    Share,
)

CONFIDENCES = (0.5, 0.9)  # at which alerts are counted
FALL = 0.0005  # a measure that is lower by more than this has fallen
BINS = 5


def score(examples: Sequence[Example], taggings: Sequence[Tagging]) -> Scores:
    """Return what *taggings* make of *examples*, in the same order.

    Raises ValueError if there are more of one than of the other.
    """
    pairs = list(zip(examples, taggings, strict=True))
    chances = [chance for pair in pairs for chance in _chances(*pair)]
    return Scores(
        texts=len(pairs),
        counts=_counts(pairs),
        kinds=_kinds(pairs),
        languages=_languages(pairs),
        names=_names(pairs),
        modality=sum((_modality(*pair) for pair in pairs), Share()),
        dates=sum((_dates(*pair) for pair in pairs), Share()),
        bins=tuple(_bin(number, chances) for number in range(BINS)),
        brier=_mean([(confidence - true) ** 2 for confidence, true in chances]) or 0.0,
        misses=tuple(miss for pair in pairs for miss in _misses(*pair)),
    )


def falls(
    measures: Mapping[str, float], baseline: Mapping[str, float]
) -> dict[str, tuple[float, float | None]]:
    """Return each measure of *baseline* that fell: what it was, and is; None where it is gone."""
    return {
        name: (before, measures.get(name))
        for name, before in baseline.items()
        if name not in measures or before - measures[name] > FALL + 1e-9
    }


_Pair = tuple[Example, Tagging]


def _counts(pairs: Sequence[_Pair]) -> dict[str, Count]:
    counts = {
        "mentions": _sum(Count.between(_gold_spans(e), _spans(t)) for e, t in pairs),
        "overlapping": _sum(_overlapping(*pair) for pair in pairs),
    }
    for least in CONFIDENCES:
        raised = [(example.alerts, _raised(tagging, least)) for example, tagging in pairs]
        counts[f"alerts_{least}"] = _sum(Count.between(*both) for both in raised)
        counts[f"documents_{least}"] = _sum(_document(*both) for both in raised)
    counts["events"] = _sum(Count.between(_gold_keys(e), _keys(e, t)) for e, t in pairs)
    return counts


def _sum(counts: Iterable[Count]) -> Count:
    return sum(counts, Count())


def _document(gold: AbstractSet[str], raised: AbstractSet[str]) -> Count:
    return Count.between({"raised"} if gold else set(), {"raised"} if raised else set())


def _raised(tagging: Tagging, least: float) -> frozenset[str]:
    """Return whom an alert is raised for. What the tagger alerts is 0.5 by its own account."""
    if least <= CONFIDENCES[0]:
        return frozenset(tagging.alerts)
    sure = {one.subject for one in tagging.mentions if one.confidence >= least}
    return frozenset(tagging.alerts) & sure


Span = tuple[int, int, str]  # start, end, subject


def _span(one: GoldMention | Mention) -> Span:
    return one.start, one.end, one.subject


def _gold_spans(example: Example) -> set[Span]:
    return {_span(one) for one in example.mentions}


def _spans(tagging: Tagging) -> set[Span]:
    return {_span(one) for one in tagging.mentions}


def _overlapping(example: Example, tagging: Tagging) -> Count:
    gold, found = _gold_spans(example), _spans(tagging)
    subjects = {subject for _, _, subject in gold | found}
    right = sum(_paired(_of(gold, one), _of(found, one)) for one in subjects)
    return Count(right, len(found) - right, len(gold) - right)


def _of(spans: Iterable[Span], subject: str) -> list[Span]:
    return sorted(span for span in spans if span[2] == subject)


def _paired(gold: Sequence[Span], found: Sequence[Span]) -> int:
    """Return how many overlap one for one: a claim over two mentions finds one of them."""
    pairs = at = other = 0
    while at < len(gold) and other < len(found):
        if _overlap(gold[at], found[other]):
            pairs, at, other = pairs + 1, at + 1, other + 1
        elif gold[at][1] <= found[other][0]:
            at += 1
        else:
            other += 1
    return pairs


def _overlap(one: Span, other: Span) -> bool:
    return one[2] == other[2] and one[0] < other[1] and other[0] < one[1]


def _kinds(pairs: Sequence[_Pair]) -> dict[str, Share]:
    shares: dict[str, Share] = {}
    for example, tagging in pairs:
        gold = _gold_spans(example)
        for one in tagging.mentions:
            shares[one.kind] = shares.get(one.kind, Share()) + Share(_span(one) in gold, 1)
    return dict(sorted(shares.items()))


def _languages(pairs: Sequence[_Pair]) -> dict[str, Share]:
    shares: dict[str, Share] = {}
    for example, tagging in pairs:
        found = Count.between(_gold_spans(example), _spans(tagging)).finds
        shares[example.language] = shares.get(example.language, Share()) + found
    return dict(sorted(shares.items()))


def _names(pairs: Sequence[_Pair]) -> dict[str, Name]:
    names: dict[str, Name] = {}
    for example, tagging in pairs:
        gold, found = _gold_spans(example), _spans(tagging)
        alerts, raised = example.alerts, _raised(tagging, CONFIDENCES[0])
        for subject in {one[2] for one in gold | found} | alerts | raised:
            before = names.get(subject, Name(Count(), Count()))
            mentions = Count.between(set(_of(gold, subject)), set(_of(found, subject)))
            alert = Count.between(alerts & {subject}, raised & {subject})
            names[subject] = Name(before.mentions + mentions, before.alerts + alert)
    return dict(sorted(names.items()))


def _chances(example: Example, tagging: Tagging) -> list[tuple[float, bool]]:
    """Return confidence and truth of every candidate. Whom it names counts, not its exact span."""
    gold = _gold_spans(example)
    candidates = (*tagging.mentions, *tagging.rejected)
    return [
        (one.confidence, any(_overlap(_span(one), span) for span in gold)) for one in candidates
    ]


def _bin(number: int, chances: Sequence[tuple[float, bool]]) -> Bin:
    inside = [one for one in chances if min(int(one[0] * BINS), BINS - 1) == number]
    return Bin(
        low=number / BINS,
        high=(number + 1) / BINS,
        candidates=len(inside),
        confidence=_mean([confidence for confidence, _ in inside]),
        share=_mean([float(true) for _, true in inside]),
    )


def _mean(numbers: Sequence[float]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None


_Key = tuple[str, str | None]  # type, subject


def _gold_keys(example: Example) -> set[_Key]:
    return {(one.type, one.subject) for one in example.events or ()}


def _keys(example: Example, tagging: Tagging) -> set[_Key]:
    return {_key(example, event) for event in tagging.events if example.events is not None}


def _key(example: Example, event: Event) -> _Key:
    """Return type and subject of *event*, without a subject where the gold gives none."""
    bare = any(one.subject is None for one in example.events or ())
    return event.type, None if bare else event.subject


def _found(example: Example, tagging: Tagging) -> list[tuple[GoldEvent, list[Event]]]:
    """Return each gold event whose type and subject were found, with the events that say so."""
    pairs = [
        (gold, [e for e in tagging.events if _key(example, e) == (gold.type, gold.subject)])
        for gold in example.events or ()
    ]
    return [(gold, events) for gold, events in pairs if events]


def _modality(example: Example, tagging: Tagging) -> Share:
    told = [(gold, events) for gold, events in _found(example, tagging) if gold.modality]
    return Share(
        sum(any(gold.modality == e.modality.value for e in events) for gold, events in told),
        len(told),
    )


def _dates(example: Example, tagging: Tagging) -> Share:
    told = [(gold.date, events) for gold, events in _found(example, tagging) if gold.date]
    right = sum(any(_dated(event, day) for event in events) for day, events in told)
    return Share(right, len(told))


def _dated(event: Event, day: str) -> bool:
    said = event.when or (event.date.isoformat() if event.date else "")
    return said.startswith(day)


def _misses(example: Example, tagging: Tagging) -> list[Miss]:
    return [
        *_mention_misses(example, tagging),
        *_alert_misses(example, tagging),
        *_event_misses(example, tagging),
    ]


def _mention_misses(example: Example, tagging: Tagging) -> Iterable[Miss]:
    gold, found = _gold_spans(example), _spans(tagging)
    quotes = {_span(one): one.quote for one in tagging.mentions}
    quotes |= {_span(one): one.quote for one in example.mentions}
    for what, spans in (("missed mention", gold - found), ("wrong mention", found - gold)):
        for start, end, subject in sorted(spans):
            quote = quotes[start, end, subject]
            yield Miss(example.id, what, subject, quote, start, end)


def _alert_misses(example: Example, tagging: Tagging) -> Iterable[Miss]:
    gold, raised = example.alerts, _raised(tagging, CONFIDENCES[0])
    for what, subjects in (("missed alert", gold - raised), ("wrong alert", raised - gold)):
        for subject in sorted(subjects):
            yield Miss(example.id, what, subject)


def _event_misses(example: Example, tagging: Tagging) -> Iterable[Miss]:
    gold, found = _gold_keys(example), _keys(example, tagging)
    for what, keys in (("missed event", gold - found), ("wrong event", found - gold)):
        for kind, subject in sorted(keys, key=str):
            yield Miss(example.id, what, subject, kind)
