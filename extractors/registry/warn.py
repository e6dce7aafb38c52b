"""What is allowed but likely to miss people or to raise false alarms."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.model import Case, Policy, Registry, Subject

_PLACES = frozenset({"place", "county", "state"})
_TERMS = 3  # context terms that are not places, for a name that needs context


def registry_warnings(registry: Registry) -> tuple[str, ...]:
    """Return one line a warning: too little context, and forms that stand inside another's."""
    return (*_thin_context(registry), *_nested_forms(registry))


def _thin_context(registry: Registry) -> Iterator[str]:
    for case in registry.cases:
        telling = [term for term in case.context if term.kind not in _PLACES]
        if case.policy == Policy.CONTEXT_REQUIRED and len(telling) < _TERMS:
            yield (
                f"cases/{case.id}.yaml: the name needs context, and there are {len(telling)} terms "
                f"that are not places; add some (victims, prison, lawyers) up to {_TERMS} at least"
            )


def _nested_forms(registry: Registry) -> Iterator[str]:
    forms = [(form, subject) for subject in registry.subjects for form in _full_forms(subject)]
    for form, subject in forms:
        for other, owner in forms:
            if owner.id != subject.id and f" {form} " in f" {other} ":
                yield (
                    f"{_file(subject)}: {form!r} stands inside {other!r} of {owner.id}; "
                    "say which is meant with `not_prefix` or `not_suffix`"
                )


def _full_forms(subject: Subject) -> set[str]:
    name = subject.name
    plain = {f"{given} {family}" for given in name.given for family in name.family}
    return {form.lower() for form in plain | {form.text for form in subject.names}}


def _file(subject: Subject) -> str:
    return f"{'cases' if isinstance(subject, Case) else 'advocates'}/{subject.id}.yaml"
