"""Whom we track, and who is linked with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.mentions.fold import fold_key
from extractors.mentions.forms import PersonForm, person_forms
from extractors.mentions.tables import is_given_name
from extractors.model import Case, Subject


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
    )


def _has_rare_given(subject: Subject) -> bool:
    """Return whether few people have the given name of *subject*."""
    return not any(is_given_name(fold_key(given)) for given in subject.name.given)
