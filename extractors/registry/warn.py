"""What is allowed but likely to miss people or to raise false alarms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from extractors.mentions.fold import fold_key
from extractors.mentions.tables import namesakes
from extractors.model import Case, Policy, Registry, Subject

_PLACES = frozenset({"place", "crime_place", "county", "state"})
_TERMS = 3  # context terms that are not places, for a name that needs context

_MANY = 1_000  # people of a name, from which on somebody else of it is in the news somewhere


def registry_warnings(registry: Registry) -> tuple[str, ...]:
    """Return one line a warning, as `file: what is risky; what would help`."""
    return (
        *_thin_context(registry),
        *_common_alone(registry),
        *_no_namesake(registry),
        *_shared_forms(registry),
        *_unordered_status(registry),
        *_nothing_polled(registry),
    )


def _thin_context(registry: Registry) -> Iterator[str]:
    for subject in registry.subjects:
        if subject.policy != Policy.CONTEXT_REQUIRED:
            continue
        telling = [term for term in subject.context if term.kind not in _PLACES]
        if len(telling) < _TERMS and (isinstance(subject, Case) or _bearers(subject) > _MANY):
            help_with = "victims, prison, lawyers" if isinstance(subject, Case) else "works, people"
            yield (
                f"{_file(subject)}: the name needs context, and {len(telling)} of its terms are "
                f"not places; add {help_with}, up to {_TERMS} at least"
            )


def _common_alone(registry: Registry) -> Iterator[str]:
    for subject in registry.subjects:
        bearers = _bearers(subject)
        if subject.policy == Policy.NAME_SUFFICIENT and bearers > _MANY:
            yield (
                f"{_file(subject)}: about {bearers:,.0f} people of the US bear this name, and it "
                "counts alone; write `policy: context_required`, and give it context"
            )


def _no_namesake(registry: Registry) -> Iterator[str]:
    for subject in registry.subjects:
        if subject.policy != Policy.CONTEXT_REQUIRED or subject.namesakes:
            continue
        bearers = _bearers(subject)
        if bearers > _MANY:
            yield (
                f"{_file(subject)}: about {bearers:,.0f} people of the US bear this name; name "
                "those in the news, and the words that give them away, under `not`"
            )


def _bearers(subject: Subject) -> float:
    given, family = subject.name.given, subject.name.family
    return max(
        (namesakes(fold_key(first), fold_key(last)) for first in given for last in family),
        default=0.0,
    )


def _shared_forms(registry: Registry) -> Iterator[str]:
    forms = [(form, subject) for subject in registry.subjects for form in _full_forms(subject)]
    by_word: dict[str, list[tuple[str, Subject]]] = defaultdict(list)
    for form, subject in forms:  # by word: thousands of names are not each held against each
        for word in set(form.split()):
            by_word[word].append((form, subject))
    for form, subject in forms:
        rarest = min((by_word[word] for word in form.split()), key=len)
        for other, owner in rarest:
            if owner.id == subject.id:
                continue
            if form == other and subject.id < owner.id:
                yield f"{_file(subject)}: {form!r} is a form of {owner.id} too; give one another"
            elif form != other and _stands_inside(form, other, subject):
                yield (
                    f"{_file(subject)}: {form!r} stands inside {other!r} of {owner.id}; "
                    "say which is meant with `not_prefix` or `not_suffix`"
                )


def _stands_inside(form: str, other: str, subject: Subject) -> bool:
    before, found, after = f" {other} ".partition(f" {form} ")
    if not found:
        return False
    told_apart = {word.lower() for word in (*subject.not_prefix, *subject.not_suffix)}
    return not {before.strip(), after.strip()} & told_apart


def _full_forms(subject: Subject) -> list[str]:
    """Return the forms that count without another one beside them, in lower case."""
    name = subject.name
    plain = [f"{given} {family}" for given in name.given for family in name.family]
    alone = name.given if not name.family else ()
    forms = (*plain, *alone, *(form.text for form in subject.names), *subject.solo)
    return sorted({form.lower() for form in forms})


def _unordered_status(registry: Registry) -> Iterator[str]:
    for case in registry.cases:
        days = [status.as_of for status in case.status]
        if days != sorted(days):
            yield f"{_file(case)}: `status` is not in the order of time; the last one counts"


def _nothing_polled(registry: Registry) -> Iterator[str]:
    if not registry.feeds:
        yield "feeds.yaml: no feed is listed, so that `casewatch run` has none to poll; list some"


def _file(subject: Subject) -> str:
    return f"{'cases' if isinstance(subject, Case) else 'advocates'}/{subject.id}.yaml"
