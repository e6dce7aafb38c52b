"""Whom we track, and who is linked with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.mentions.fold import fold_key
from extractors.mentions.forms import PersonForm, person_forms
from extractors.mentions.tables import is_given_name, is_rare_family
from extractors.model import Case, ContextTerm, Subject

_PEOPLE = frozenset({"victim", "codefendant", "witness", "lawyer", "judge", "person"})
_SHORTEST = 4  # letters of a surname that stands for one of the people of the case


@dataclass(frozen=True, slots=True)
class Known:
    """The subjects by id; the ids of cases, and of advocates that are for justice alone.

    Links go both ways between cases and advocates.
    """

    subjects: dict[str, Subject]
    cases: frozenset[str]
    for_justice: frozenset[str]
    links: dict[str, frozenset[str]]
    forms: dict[str, tuple[PersonForm, ...]]  # by subject: names with a given and a family name
    lone: frozenset[str]  # who may be meant by a short form alone, whatever else is told
    rare: frozenset[str]  # whose given name few have
    people: dict[str, tuple[tuple[ContextTerm, str], ...]]  # of the case, by a rare surname
    family: dict[str, tuple[str, ...]]  # folded names of relatives


def known(subjects: Sequence[Subject]) -> Known:
    """Return *subjects* as the tagger asks for them."""
    links: dict[str, set[str]] = defaultdict(set)
    for subject in subjects:
        for advocate in subject.advocates if isinstance(subject, Case) else ():
            links[subject.id].add(advocate)
            links[advocate].add(subject.id)
    return Known(
        subjects={subject.id: subject for subject in subjects},
        cases=frozenset(subject.id for subject in subjects if isinstance(subject, Case)),
        for_justice=frozenset(
            subject.id
            for subject in subjects
            if not isinstance(subject, Case) and subject.topic_gate is None
        ),
        links={one: frozenset(others) for one, others in links.items()},
        forms={subject.id: tuple(person_forms(subject)) for subject in subjects},
        lone=frozenset(
            subject.id for subject in subjects if subject.kind == "org" or links.get(subject.id)
        ),
        rare=frozenset(subject.id for subject in subjects if _has_rare_given(subject)),
        people={subject.id: tuple(_rarely_named(subject)) for subject in subjects},
        family={
            subject.id: tuple(fold_key(one.text) for one in subject.context if one.kind == "family")
            for subject in subjects
        },
    )


def _rarely_named(subject: Subject) -> Iterator[tuple[ContextTerm, str]]:
    """Yield the people of the case, each with a folded surname that nearly tells who is meant."""
    own = {fold_key(family) for family in subject.name.family}
    for term in subject.context:
        if term.kind not in _PEOPLE or " " not in term.text:
            continue
        surname = fold_key(term.text).split()[-1]
        if len(surname) < _SHORTEST or surname in own or is_given_name(surname):
            continue
        if is_rare_family(surname):
            yield term, surname


def _has_rare_given(subject: Subject) -> bool:
    """Return whether few people have the given name of *subject*."""
    return not any(is_given_name(fold_key(given)) for given in subject.name.given)
