"""From evidence to confidence: the sum of log-odds, with every correction a term of its own."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from operator import attrgetter

from extractors.mentions.document import PLACE_KINDS
from extractors.mentions.surroundings import key
from extractors.mentions.tables import few_bear, words
from extractors.model import Evidence, Tier

_WEIGHT = attrgetter("weight")
CONFIRMED, LIKELY = 0.9, 0.5
_CAP = -0.2  # log-odds that places and weak words reach at most
_FULL_FORM_MAX = 6.0
_UNSURE = frozenset({"prior_common", "prior_solo", "prior_short_alone", "prior_acronym_alone"})
_KNOWN_COMPANY = frozenset(
    {
        "linked",
        "linked_celebrity",
        "other_case",
        "campaign",
        "caption_known",
        "caption",
        "beside_sure",
    }
)
_WEAK = frozenset(
    {f"context_{kind}" for kind in PLACE_KINDS}
    | {
        "befalls",
        "topic_trial",
        "topic_weak",
        "topic_weak_near",
        "other_advocate",
        "linked_celebrity",
    }
)
# Kinds that speak of courts and prisons by themselves, whatever other words stand around.
_OF_JUSTICE = frozenset(
    f"context_{kind}" for kind in ("docket", "court", "law", "lawyer", "judge")
) | {"topic_strong", "topic_trial", "topic_weak_near"}
_PEOPLE = frozenset(f"context_{kind}" for kind in ("victim", "codefendant", "witness", "lawyer"))
_FULLY = 1.5  # log-odds of a word of the case that is near and no mere first name
_SEVERAL = 2  # kinds of words of the case: with them one weak word is enough
_FEW = 50  # bearers of a name in the US, below which weak words decide


def log_odds(terms: Sequence[Evidence]) -> float:
    """Return the sum of the weights of *terms*."""
    total: float = sum(map(_WEIGHT, terms))
    return total


def confidence(terms: Sequence[Evidence]) -> float:
    """Return the probability that the sum of the *terms*' weights stands for."""
    return 1 / (1 + exp(-log_odds(terms)))


def tier(probability: float) -> Tier:
    """Return what a mention of this confidence is called."""
    if probability >= CONFIRMED:
        return Tier.CONFIRMED
    return Tier.LIKELY if probability >= LIKELY else Tier.REJECTED


def is_specific(term: Evidence) -> bool:
    """Return whether *term* tells this person from a namesake: more than a place or an official."""
    return term.term.startswith("context_") and term.term not in _WEAK


def capped(terms: Sequence[Evidence], *, enough: int | None) -> tuple[Evidence, ...]:
    """Return *terms*, with a correction where a common name has too little for it.

    Nothing but places is too little, and so is an article without words of justice, unless *enough*
    kinds of words of the subject's own stand in it; for a case no number of them is enough.
    """
    total = log_odds(terms)
    if total <= _CAP or terms[0].term not in _UNSURE:
        return tuple(terms)
    if not _is_decided(terms):
        return (*terms, Evidence("cap_places_only", round(_CAP - total, 3)))
    if not _is_of_justice(terms, enough):
        return (*terms, Evidence("cap_no_topic", round(_CAP - total, 3)))
    return tuple(terms)


def _is_of_justice(terms: Sequence[Evidence], enough: int | None) -> bool:
    """Return whether the article speaks of justice: one weak word far from the name does not."""
    said = {one.term for one in terms}
    if not said.isdisjoint(_OF_JUSTICE | _KNOWN_COMPANY):
        return True
    kinds = sum(one.startswith("context_") for one in said)
    alone = terms[0].term == "prior_solo"
    if "context_prison" in said and any(
        term.term == "topic_weak" and key(term.text) in words("of_crime") for term in terms
    ):
        return True
    people = sum(
        term.term in _PEOPLE and term.weight >= _FULLY and (alone or " " in term.text)
        for term in terms
    )
    if people and kinds >= _SEVERAL:
        return True
    if sum(one.term == "topic_weak" for one in terms) >= (1 if kinds >= _SEVERAL else 2):
        return True
    return enough is not None and kinds >= enough


def _is_decided(terms: Sequence[Evidence]) -> bool:
    """Return whether more than a place speaks for the person.

    Two of the case's own places or officials do; so does a weak word with a name that few bear, or
    two of them and the place of the crime.
    """
    if any(_decides(one) for one in terms):
        return True
    own = sum(term.term in {"context_crime_place", "context_official"} for term in terms)
    crime_place = any(term.term == "context_crime_place" for term in terms)
    rare = terms[0].term == "prior_common" and terms[0].weight >= few_bear(_FEW)
    weak = sum(term.term == "topic_weak" for term in terms)
    near = any(term.term == "topic_weak_near" for term in terms)
    placed = any(term.term.startswith("context_") for term in terms)
    said = {key(term.text) for term in terms if term.term == "topic_weak_near"}
    if "linked_celebrity" in {term.term for term in terms} and not said.isdisjoint(
        words("of_crime")
    ):
        return True
    if own and weak >= 2 and any(term.term == "befalls" for term in terms):
        return True
    if own >= 2 or (rare and weak and placed) or (crime_place and weak >= 2 and near):
        return True
    return terms[0].term == "prior_acronym_alone" and weak >= 2 and near


def _decides(term: Evidence) -> bool:
    return term.weight > 0 and not term.term.startswith("middle_") and term.term not in _WEAK


def of_full_form(best: Sequence[Evidence], quote: str, start: int, end: int) -> Evidence:
    """Return the one term that a short form inherits from the best full form of its subject."""
    total = min(round(log_odds(best), 3), _FULL_FORM_MAX)
    return Evidence("full_form", total, quote, start, end)
