"""Names with one letter wrong, "Robert Robertson", where much of the case stands beside them.

Nobody looks for them in other texts: one letter makes another family's name of most surnames.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from extractors.mentions.candidates import Candidate
from extractors.mentions.fold import word_key
from extractors.mentions.forms import PersonForm
from extractors.mentions.given import given_places
from extractors.mentions.shorts import other_given
from extractors.mentions.surroundings import Surroundings
from extractors.mentions.tables import is_family_name
from extractors.model import Evidence

_SHORTEST = 5  # letters of a family name: in a shorter one a letter changes too much
_ENOUGH = 2  # words of the case
_FAMILY = re.compile(
    r"(?:[ \u00a0\n][“\"‘]?[A-Z][\w.]*[”\"’]?)?[ \u00a0\n]([^\W\d_a-z][^\W\d_]{3,}(?:-[^\W\d_]+)?)"
)


def may_be_misspelt(terms: Sequence[Evidence]) -> bool:
    """Return whether the *terms* of an article are evidence enough to read a name with an error."""
    strong = any(one.term == "topic_strong" for one in terms)
    of_case = {one.text.lower() for one in terms if one.term.startswith("context_")}
    return strong and len(of_case) >= _ENOUGH


def misspelt_full(
    forms: Iterable[PersonForm], taken: Sequence[tuple[int, int]], around: Surroundings
) -> Iterator[Candidate]:
    """Yield the places where a given name of *forms* stands before a misspelt family name.

    *taken* are spans of names that are spelt as they should be.
    """
    for form in forms:
        if len(form.family) < _SHORTEST:
            continue
        for start, end in given_places(form, around):
            found = _FAMILY.match(around.text, end)
            if not found or any(s < found.end() and start < e for s, e in taken):
                continue
            if is_one_off(word_key(found[1]), form.family):
                yield _candidate(start, found.start(1), found.end(1), form, around)
        yield from _misspelt_given(form, taken, around)


def _misspelt_given(
    form: PersonForm, taken: Sequence[tuple[int, int]], around: Surroundings
) -> Iterator[Candidate]:
    """Yield the places where a family name stands after a misspelt given one, "Brian" for Bryan."""
    givens = [given for given in form.givens if len(given) >= _SHORTEST]
    for start, end in around.names.get(form.family, ()) if givens else ():
        word, at = around.word_before(start)
        if not word[:1].isupper() or any(s < end and at < e for s, e in taken):
            continue
        if any(is_one_off(word_key(word), given) for given in givens):
            signs = (("misspelt", word),)
            yield Candidate(form.subject, at, end, "misspelt", form, start, signs)


def misspelt_short(
    forms: Iterable[PersonForm], taken: Sequence[tuple[int, int]], around: Surroundings
) -> Iterator[Candidate]:
    """Yield the places where a family name stands alone and misspelt, and is no other family's."""
    for form in forms:
        if len(form.family) < _SHORTEST:
            continue
        for found in _alike(form.family).finditer(around.folded):
            start, end = found.span()
            if is_one_off(found[0], form.family) and _is_name(start, end, taken, around):
                yield _candidate(start, start, end, form, around)


@lru_cache(maxsize=512)
def _alike(family: str) -> re.Pattern[str]:
    """Return what finds words of about the length of *family* that begin and go on as it does."""
    first, size = re.escape(family[0]), len(family)
    second = "".join(map(re.escape, family[1:3]))
    return re.compile(rf"(?<!\w){first}[{second}]\w{{{size - 3},{size - 1}}}(?!\w)")


def _candidate(
    start: int, anchor: int, end: int, form: PersonForm, around: Surroundings
) -> Candidate:
    signs = (("misspelt", around.text[anchor:end]),)
    return Candidate(form.subject, start, end, "misspelt", form, anchor, signs)


def _is_name(start: int, end: int, taken: Sequence[tuple[int, int]], around: Surroundings) -> bool:
    """Return whether the word is a name by itself: no other family's, no part of another."""
    word = around.folded[start:end]
    if not around.text[start].isupper() or is_family_name(word):
        return False
    if any(s < end and start < e for s, e in taken) or around.text[start - 1 : start] in {"@", "#"}:
        return False
    if around.style(start) != "sentence" or other_given(start, around)[0]:
        return False
    return not around.word_after(end)[:1].isupper() and f" {word} " not in around.text


def is_one_off(word: str, other: str) -> bool:
    """Return whether one letter more, less, changed, or two swapped make *word* of *other*.

    A plural or genitive s is no error.
    """
    if word == other or abs(len(word) - len(other)) > 1 or word == f"{other}s":
        return False
    while word and other and word[0] == other[0]:
        word, other = word[1:], other[1:]
    while word and other and word[-1] == other[-1]:
        word, other = word[:-1], other[:-1]
    if len(word) == len(other) == 2:
        return word == other[::-1]
    return len(word) <= 1 and len(other) <= 1
