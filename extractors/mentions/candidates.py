"""Places where a full form stands: the family name found, the given name verified beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.mentions.automaton import LEFT, RIGHT, Hit
from extractors.mentions.fold import word_key
from extractors.mentions.forms import FixedForm, PersonForm
from extractors.mentions.patterns import NameForms, NameUses
from extractors.mentions.surroundings import Surroundings

# Read from right to left: up to four words before a family name, each a given or middle name, an
# initial or a nickname in quotes; one line break may stand between two of them. Forwards it would
# be tried at every character, at 60 µs a name.
_LEFTWARDS = re.compile(
    r"[\"“‘'«]?((?:(?:\n[ \u00a0]?|[ \u00a0])[\"“”‘’'».,)]*[\w.’'-]*[^\W\d_][\"“”‘’'«(]?){1,4})"
)
_TOKEN = re.compile(r"[\"“”‘’'«(]?[^\W\d_][\w’'-]*\.?[\"“”‘’'».,)]*")
_QUOTES = "\"“”‘’'«»()"
_INVERTED = re.compile(
    r",[ \u00a0]([^\W\d_][\w’-]*)((?:[ \u00a0][A-Z][\w’-]*\.?){0,2})"
    r"(?=[;,.)\n:—–-]|\s*\Z|\s[\d(]|\s(?:is|was|has|had)\b)"
)
SUFFIX = re.compile(r",?[ \u00a0](Jr|Sr|II|III|IV|fils|père|hijo|padre|junior|senior)\b\.?")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may name *subject*. *signs* are (weight's id, words) seen in the name itself."""

    subject: str
    start: int
    end: int
    kind: str
    form: NameForms
    anchor: int  # where the family name starts
    signs: tuple[tuple[str, str], ...] = field(default=())


def full_candidates(hits: Iterable[Hit[NameUses]], around: Surroundings) -> list[Candidate]:
    """Return every candidate of a form that needs no other, the longest where some overlap."""
    found: list[Candidate] = []
    for hit in hits:
        if hit.uses.people:
            found.extend(_people(hit, around))
        found.extend(
            Candidate(form.subject, hit.start, hit.end, form.kind, form, hit.start)
            for form in hit.uses.full
            if _written(hit, form, around)
        )
    return _longest(found)


def _people(hit: Hit[NameUses], around: Surroundings) -> Iterator[Candidate]:
    """Yield the people whose given name stands before the family name, or after its comma."""
    for form in _given_in(around.folded[max(0, hit.start - LEFT) : hit.start], hit.uses):
        if _is_spelled(hit, form, around) and (left := _left(hit, form, around)):
            yield left
    if around.text[hit.end : hit.end + 1] == ",":
        for form in _given_in(around.folded[hit.end : hit.end + RIGHT], hit.uses):
            if _is_spelled(hit, form, around) and (inverted := _inverted(hit, form, around)):
                yield inverted


def _given_in(beside: str, uses: NameUses) -> Iterator[PersonForm]:
    """Yield the forms one of whose given names is among the words *beside* the family name."""
    seen: set[int] = set()
    words = beside.split()
    if uses.initials:
        words += [f"{one} {two}" for one, two in pairwise(words) if len(one) == len(two) == 1]
    for word in words:
        for form in uses.people.get(word, ()):
            if id(form) not in seen:
                seen.add(id(form))
                yield form


def _is_spelled(hit: Hit[NameUses], form: PersonForm, around: Surroundings) -> bool:
    """Return whether the family name is the form's, not its German genitive in another language."""
    return around.language == "de" or around.folded[hit.start : hit.end] == form.family


def _written(hit: Hit[NameUses], form: FixedForm, around: Surroundings) -> bool:
    """Return whether a fixed form is written as its kind is."""
    written = around.text[hit.start : hit.end]
    if form.kind == "hashtag":
        return hit.start > 0 and around.text[hit.start - 1] == "#"
    if form.kind == "docket":
        return True
    if around.text[hit.start - 1 : hit.start] in {"@", "#"}:
        return False
    return written[0].isupper() and "\n\n" not in written and ". " not in written.rstrip(".")


def _left(hit: Hit[NameUses], form: PersonForm, around: Surroundings) -> Candidate | None:
    """Return the candidate whose given name stands before the family name."""
    found = _LEFTWARDS.match(around.text[max(0, hit.start - LEFT) : hit.start][::-1])
    if not found:
        return None
    end, begin = (hit.start - offset for offset in found.span(1))
    tokens = list(_TOKEN.finditer(around.text, begin, end))
    first = _first_of_name([token[0] for token in tokens], form)
    if first is None:
        return None
    token, middles = tokens[first], [one[0] for one in tokens[first + 1 :]]
    start = token.start() + len(token[0]) - len(token[0].lstrip(_QUOTES))
    end, suffix = _with_suffix(hit.end, form, around.text)
    signs = (*_given_signs(form, word_key(token[0])), *_middle_signs(form, middles), *suffix)
    return Candidate(form.subject, start, end, form.kind, form, hit.start, signs)


def _first_of_name(tokens: list[str], form: PersonForm) -> int | None:
    """Return the index of the given name, the leftmost from which all that follows is a name."""
    first = None
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        given = word_key(token)
        if given == form.family:  # "Kevin Cooper\nKevin Cooper"
            break
        named = given in form.givens or given in form.variants
        initials = len(given) == 1 and _pair(tokens, index) in form.givens
        if initials or (named and not _ends_name(token)):
            first = index
        if not _in_a_name(token):
            break
    return first


def _ends_name(token: str) -> bool:
    """Return whether a point, a comma or the end of a quotation parts *token* from the next."""
    closed = token[-1] in "”»" and token[0] not in "“«"
    return closed or token.endswith((",", "."))


def _pair(tokens: list[str], index: int) -> str:
    """Return a token and the next one, folded: "T.J." is read as two."""
    return " ".join(map(word_key, tokens[index : index + 2]))


def _in_a_name(token: str) -> bool:
    """Return whether *token* can stand between a given and a family name."""
    bare = token.strip(_QUOTES + ",")
    if not bare or token.endswith(("’s", "'s")):
        return False
    if token[0] in _QUOTES:
        return True
    ends = token.endswith(",") or (token.endswith(".") and len(bare.strip(".")) > 2)
    return bare[0].isupper() and not ends


def _given_signs(form: PersonForm, given: str) -> Iterator[tuple[str, str]]:
    if given in form.variants:
        yield "given_variant", given


def _middle_signs(form: PersonForm, middles: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what the middle names say: the same, another, or nothing (a nickname in quotes)."""
    initials = {middle[0] for middle in form.middles if middle}
    for middle in middles:
        folded = word_key(middle)
        if folded in form.middles or folded in form.nicks:
            yield "middle_agrees", middle
        elif middle[0] in _QUOTES or not folded:
            continue
        elif len(folded) == 1 and folded in initials:
            yield "middle_agrees", middle
        elif len(folded) > 1 or initials:  # an initial says nothing where we know no middle name
            yield "middle_differs", middle


def _with_suffix(end: int, form: PersonForm, text: str) -> tuple[int, tuple[tuple[str, str], ...]]:
    """Return where the name ends with its suffix, and what the suffix says."""
    found = SUFFIX.match(text, end)
    if not found:
        return end, ()
    if form.suffix and word_key(form.suffix) == word_key(found[1]):
        dot = found.end() - found[0].endswith(".")
        return dot if found[1] in {"II", "III", "IV"} else found.end(), ()
    return end, (("suffix_differs", found[1]),)


def _inverted(hit: Hit[NameUses], form: PersonForm, around: Surroundings) -> Candidate | None:
    """Return the candidate of "Cooper, Kevin" in a list."""
    found = _INVERTED.match(around.text, hit.end)
    if not found or word_key(found[1]) not in form.givens or not found[1][0].isupper():
        return None
    signs = tuple(_middle_signs(form, found[2].split()))
    return Candidate(form.subject, hit.start, found.end(), "inverted", form, hit.start, signs)


def _longest(found: list[Candidate]) -> list[Candidate]:
    """Return *found* without those that lie inside a longer one of the same subject."""
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda c: (c.subject, c.start, -c.end, -c.form.prior[1])):
        last = kept[-1] if kept else None
        if last and last.subject == one.subject and one.start < last.end:
            continue
        kept.append(one)
    return sorted(kept, key=lambda c: (c.start, c.end, c.subject))
