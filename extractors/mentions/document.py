"""Evidence of the whole article for one subject: words of the case, of the topic, known others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter

from extractors.mentions.candidates import Candidate
from extractors.mentions.findings import Findings, Place
from extractors.mentions.known import Known
from extractors.mentions.surroundings import Surroundings, key, places_of
from extractors.mentions.tables import (
    is_given_name,
    weight_of_context,
    weights,
    words,
)
from extractors.model import ContextTerm, Evidence

NEAR, FAR = 300, 1000  # characters
_FARTHEST = 1 << 60
TOPIC_NEAR, WEAK_NEAR = 250, 100
_PENAL_NEAR = 120
_ALONE = "\0"  # begins the key of such a surname
_OBJECT = 40  # characters from "execute" or "pardon" within which its object stands
_PERSON = re.compile(r" (?:(?:of|de|von|for) |d’)?([^\W\d_a-z][\w-]+) [^\W\d_a-z]")
_PASSIVE = re.compile(r"\b(?:was|were|been|be|being|fue|sido|sera|ser|été|wurde|werden) \Z")
_DIRECT = 20  # ... of a verb
_OF_FAR_TOPIC = 0.5
_OF_FIRST_NAME = 0.5  # "Nikki" alone says half of what "Nikki Curtis" does
# Kinds that say where, or who governed there: too little to tell one Kevin Cooper from another.
PLACE_KINDS = frozenset({"place", "state", "county", "crime_place", "official"})
_NAMES_OF_PLACES = frozenset({"place", "crime_place", "prison"})


def evidence(term: str, place: Place | None, text: str, weight: float | None = None) -> Evidence:
    """Return *term* with its weight, rounded so that it is stored as it was summed."""
    value = weights()[term] if weight is None else round(weight, 3)
    if place is None:
        return Evidence(term, value, text)
    return Evidence(term, value, text, place.start, place.end)


def nearest(place: Place, candidates: Sequence[Candidate]) -> int:
    """Return the characters between *place* and the closest of *candidates*; less than 0 inside."""
    start, end, closest = place.start, place.end, _FARTHEST
    for one in candidates:
        gap = start - one.end if start >= one.end else one.start - end
        closest = min(closest, gap)
    return closest


def context_evidence(
    found: Sequence[tuple[ContextTerm, Place]],
    candidates: Sequence[Candidate],
    around: Surroundings,
) -> Iterator[Evidence]:
    """Yield the words of the case, the second of a kind at half its weight, and so on."""
    by_kind: dict[str, list[tuple[float, Place]]] = defaultdict(list)
    text = around.text
    for kind, place in _distinct(found, candidates, around):
        factor = _factor(place, candidates, around.title_end)
        if is_given_name(key(place.key)) or place.key.startswith(_ALONE):
            factor *= _OF_FIRST_NAME
        by_kind[kind].append((factor, place))
    for kind, places in by_kind.items():
        for rank, (factor, place) in enumerate(sorted(places, key=lambda p: -p[0])):
            weight = weight_of_context(kind) * factor / 2**rank
            yield evidence(f"context_{kind}", place, text[place.start : place.end], weight)


def surnames_of(
    people: Sequence[tuple[ContextTerm, str]],
    found: Sequence[tuple[ContextTerm, Place]],
    around: Surroundings,
) -> Iterator[tuple[ContextTerm, Place]]:
    """Yield where *people* of the case stand by a rare surname alone: "Sween", Gretchen Sween."""
    named = {term.text for term, _ in found}
    for term, surname in people:
        if term.text in named:
            continue
        for start, end in places_of(surname, around.folded):
            if around.text[start].isupper() and not around.word_before(start)[0][:1].isupper():
                yield term, Place(f"{_ALONE} {surname}", start, end)
                break


def _distinct(
    found: Sequence[tuple[ContextTerm, Place]],
    candidates: Sequence[Candidate],
    around: Surroundings,
) -> Iterator[tuple[str, Place]]:
    """Yield each word once, at its closest place; never a part of a longer word or of a name."""
    closest: dict[str, tuple[int, str, Place]] = {}
    spans = [(place.start, place.end) for _, place in found]
    for term, place in found:
        distance = nearest(place, candidates)
        if distance < 0 or _is_inside(place, spans):
            continue
        if _is_first_of_name(term, place, around) or _is_other_word(term, place, around):
            continue
        term_key = place.key.lower()
        if term_key not in closest or distance < closest[term_key][0]:
            closest[term_key] = distance, _kind(term), place
    for _, kind, place in closest.values():
        yield kind, place


def _kind(term: ContextTerm) -> str:
    """Return the kind of *term*; a county says little, even where the crime happened in it."""
    return "county" if term.kind in PLACE_KINDS and term.text.endswith(" County") else term.kind


def _is_first_of_name(term: ContextTerm, place: Place, around: Surroundings) -> bool:
    """Return whether a word of the case begins a name: "Holman" in "Holman Hinton, 64"."""
    if " " in term.text or around.text[place.end : place.end + 1] != " ":
        return False
    if term.kind not in _NAMES_OF_PLACES or around.style(place.start) != "sentence":
        return False
    after = around.word_after(place.end)
    if not after[:1].isupper() or around.language == "de":
        return False
    return key(after) not in words("institutions") and key(after) not in words("continues")


def _is_other_word(term: ContextTerm, place: Place, around: Surroundings) -> bool:
    """Return whether a name of the case stands in small letters: "a serial killer" is no Serial."""
    return term.text[:1].isupper() and around.text[place.start].islower()


def _is_inside(place: Place, spans: Sequence[tuple[int, int]]) -> bool:
    """Return whether *place* is a part of a longer one of *spans*."""
    _, begin, stop = place
    for start, end in spans:
        if start <= begin and stop <= end and end - start > stop - begin:
            return True
    return False


def _factor(place: Place, candidates: Sequence[Candidate], title_end: int) -> float:
    distance = nearest(place, candidates)
    if distance <= NEAR or place.start < title_end:
        return 1.0
    return 0.8 if distance <= FAR else 0.6


def topic_evidence(
    findings: Findings, candidates: Sequence[Candidate], text: str
) -> Iterator[Evidence]:
    """Yield the words of justice: strong ones, one beside the name, weak ones."""
    every = _first_of_each(findings.topics["topic_strong"], candidates)
    common = _meant_otherwise(every, findings, candidates, text)
    strong = [place for place in every if place not in common]
    for rank, place in enumerate(strong[:3]):
        term = "topic_strong_more" if rank else "topic_strong"
        factor = 1.0 if nearest(place, candidates) <= FAR else _OF_FAR_TOPIC
        yield evidence(term, place, text[place.start : place.end], weights()[term] * factor)
    if strong and nearest(strong[0], candidates) <= TOPIC_NEAR:
        yield evidence("topic_near", strong[0], text[strong[0].start : strong[0].end])
    for place in common[:2]:
        yield evidence("topic_trial", place, text[place.start : place.end])
    weak = _first_of_each(findings.topics["topic_weak"], candidates)
    for place in weak[:2]:
        yield evidence("topic_weak", place, text[place.start : place.end])
    if weak and nearest(weak[0], candidates) <= WEAK_NEAR:
        yield evidence("topic_weak_near", weak[0], text[weak[0].start : weak[0].end])


def _meant_otherwise(
    strong: Sequence[Place], findings: Findings, candidates: Sequence[Candidate], text: str
) -> list[Place]:
    """Return the *strong* words that any grave case has, or that may mean something else here."""
    common, unsure = words("trial"), words("ambiguous")
    if any(place.key not in common and place.key not in unsure for place in strong):
        return [place for place in strong if place.key in common]
    penal = [place for place in findings.topics["topic_weak"] if place.key in words("of_crime")]
    lots = words("lots")
    families = {text[one.anchor : one.end] for one in candidates}
    return [
        place
        for place in strong
        if place.key in common
        or not (
            any(place.distance(one.start, one.end) <= _PENAL_NEAR for one in penal)
            or _has_object(place, families, text)
            or (place.key in lots and nearest(place, candidates) <= _OBJECT)
        )
    ]


def _has_object(place: Place, families: Iterable[str], text: str) -> bool:
    """Return whether the word is done to a person: "execute Lucio", "was executed"."""
    after = text[place.end : place.end + _OBJECT]
    if place.key.startswith("commut"):
        return any(word in after for word in ("sentence", "term", "death"))
    if _PASSIVE.search(text, max(0, place.start - 8), place.start):
        return True
    return any(one in after[:_DIRECT] for one in families) or _has_person_after(place.end, text)


def _has_person_after(end: int, text: str) -> bool:
    """Return whether a given name follows: "the execution of Melissa Lucio"."""
    found = _PERSON.match(text, end)
    return found is not None and is_given_name(key(found[1]))


def _first_of_each(places: Sequence[Place], candidates: Sequence[Candidate]) -> list[Place]:
    """Return one place for each word, closest first, none that is part of a candidate."""
    closest: dict[str, tuple[int, Place]] = {}
    (first, last), *more = [(one.start, one.end) for one in candidates]
    for place in places:
        word, begin, stop = place
        distance = begin - last if begin >= last else first - stop
        for start, end in more:
            gap = begin - end if begin >= end else start - stop
            if gap < distance:  # noqa: PLR1730 - "min" takes thrice the time
                distance = gap
        if distance < 0:
            continue
        if word not in closest or distance < closest[word][0]:
            closest[word] = distance, place
    return [place for _, place in sorted(closest.values(), key=itemgetter(0))]


def _is_gated(subject: str, known: Known) -> bool:
    """Return whether *subject* is in the news for other things as well."""
    return known.subjects[subject].topic_gate is not None


def link_evidence(
    known: Known, present: AbstractSet[str], subject: str, said: Sequence[Evidence]
) -> Iterator[Evidence]:
    """Yield who else is *present*: those linked with *subject*, other cases, other advocates.

    *said* are the terms of the article so far: an advocate that is a word of the case counts
    once, and a case beside an advocate counts where the article speaks of punishment.
    """
    linked = known.links.get(subject, frozenset())
    heard = sorted(linked & present, key=lambda one: (_is_gated(one, known), one))
    for rank, other in enumerate(heard[:5]):
        first = "linked_celebrity" if _is_gated(other, known) else "linked"
        yield evidence("linked_more" if rank else first, None, other)
    terms = {one.term for one in said}
    if subject in known.cases or linked & present or "topic_strong" in terms:
        for other in sorted((known.cases & present) - linked - {subject})[:3]:
            yield evidence("other_case", None, other)
    words_said = {one.text.lower() for one in said}
    for other in sorted((known.for_justice & present) - linked - {subject})[:2]:
        if known.subjects[other].display_name.lower() not in words_said:
            yield evidence("other_advocate", None, other)
