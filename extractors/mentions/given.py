"""A given name alone, "Rodney" where Rodney Reed is in the article: never more than a short form.

Looked for only in an article whose full name was accepted, so that no other text pays for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.mentions.candidates import Candidate
from extractors.mentions.fold import word_key
from extractors.mentions.forms import FixedForm, PersonForm
from extractors.mentions.surroundings import Surroundings, key
from extractors.mentions.tables import us_states, words

_NEXT = re.compile(r"(?:[ \u00a0]|\n(?!\n))([^\W\d_][\w.’'-]*)")
_REST = re.compile(r"(?: [A-Z]\.)?(?: [A-ZÀ-Þ][\w’-]+)? [A-ZÀ-Þ][\w’-]+")  # of a full name
_PARTICLES = frozenset(
    {"de", "la", "del", "van", "von", "der", "al", "bin", "el", "du", "di", "da"}
)


def given_candidates(
    forms: Sequence[PersonForm],
    first: int,
    taken: Sequence[tuple[int, int]],
    around: Surroundings,
) -> Iterator[Candidate]:
    """Yield each place where the bearer of one of *forms* is called by the given name alone.

    *taken* are spans that belong to other names. Before *first*, where the accepted is named first,
    nobody else of that given name may be in the article, nor may it be its first word.
    """
    seen = {start for start, _ in taken}  # most stand at the head of a full name
    for form in forms:
        for start, end in given_places(form, around):
            if start in seen or any(s < end and start < e for s, e in taken):
                continue
            if start < first and (start == 0 or _is_of_others(start, end, form, around)):
                continue
            if _is_written(start, end, form, around) and _stands_alone(start, end, around):
                seen.add(start)
                yield _candidate(start, end, form, _signs(start, end, form, around))


def given_places(form: PersonForm, around: Surroundings) -> list[tuple[int, int]]:
    """Return where the given names of *form* stand, in reading order."""
    names = around.names
    found = [place for name in form.givens for place in names.get(name, ())]
    found.extend(place for name in form.variants for place in names.get(name, ()))
    return sorted(found)


def _candidate(
    start: int, end: int, form: PersonForm, signs: tuple[tuple[str, str], ...]
) -> Candidate:
    fixed = FixedForm(form.subject, form.text, "given", form.text, ("short_form", 0.0))
    return Candidate(form.subject, start, end, "given", fixed, start, signs)


def _is_written(start: int, end: int, form: PersonForm, around: Surroundings) -> bool:
    """Return whether the span is a name as written, not a word ("Rich", "Van") or a place."""
    written = around.text[start:end]
    if not written[0].isupper() or len(written) < 3 or around.style(start) != "sentence":
        return False
    folded = around.folded[start:end]
    if folded in us_states().values() or around.text[start - 1 : start] in {"@", "#", "-"}:
        return False
    return folded in form.givens or not around.opens_sentence(start)


def _stands_alone(start: int, end: int, around: Surroundings) -> bool:
    """Return whether no other part of a name stands beside the span."""
    if around.text[end : end + 1] in {"-", "‑", "."} and around.text[end + 1 : end + 2].isalpha():
        return False
    after = _NEXT.match(around.text, end)
    if after and (after[1][0].isupper() or key(after[1]) in _PARTICLES):
        return False
    before, at = around.word_before(start)
    if not before or not before[0].isupper() or before.endswith(("’s", "'s")):
        return True
    if before.endswith("."):
        return len(before) > 3 and before[:-1].lower() not in words("roles")
    return key(before) in words("honorifics") or (
        around.opens_sentence(at) and key(before) in words("plain")
    )


def _is_of_others(start: int, end: int, form: PersonForm, around: Surroundings) -> bool:
    """Return whether anybody in the article has that given name and another family name."""
    for _, after in around.same_name(start, end):
        rest = _REST.match(around.text, after)
        if rest and not _is_family(rest[0], form):
            return True
    return False


def _signs(
    start: int, end: int, form: PersonForm, around: Surroundings
) -> tuple[tuple[str, str], ...]:
    """Return who else was last called by that given name, if it was somebody else."""
    last, read = "", 0
    for at, after in around.same_name(start, end):
        if at >= start:
            break
        rest = _REST.match(around.text, after, start)
        if rest and at >= read:  # not a part of the name before it
            last, read = around.text[at : rest.end()], rest.end()
    if not last or _is_family(last, form):
        return ()
    return (("given_of_other", last),)


def _is_family(name: str, form: PersonForm) -> bool:
    return form.family in word_key(name) or any(
        part in form.family.split() for part in word_key(key(name)).split()
    )
