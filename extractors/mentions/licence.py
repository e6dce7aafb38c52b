"""Which short forms may follow the full form that an article gives of their subject."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from extractors.mentions.candidates import Candidate
from extractors.mentions.fold import word_key
from extractors.mentions.forms import FixedForm
from extractors.mentions.shorts import Bearer, Sign, last_of_married
from extractors.mentions.surroundings import Surroundings


def is_licensed(candidate: Candidate, full: Sequence[Candidate]) -> bool:
    """Return whether the article has the full form, among *full*, that the short one belongs to."""
    form = candidate.form
    licence = form.licence if isinstance(form, FixedForm) else word_key(form.text)
    if licence is None:
        return True
    return any(word_key(one.form.text) == licence for one in full)


def is_married(
    candidate: Candidate,
    bearers: dict[str, list[Bearer]],
    around: Surroundings,
    published: date | None,
) -> bool:
    """Return whether a married name was borne when the article was *published*, and means her."""
    form = candidate.form
    if isinstance(form, FixedForm) and not form.was_borne(published):
        return False
    return last_of_married(candidate, bearers, around)


def follows_alias(candidate: Candidate, signs: Sequence[Sign], full: Sequence[Candidate]) -> bool:
    """Return whether the surname of an alias may follow it: "Brown" for Cyntoia Brown.

    Only in a caption where the article has the name of today as well: there "Cook" of Wesley
    Cook would be Tim Cook, and "West" of Kim Kardashian West would be Kanye.
    """
    if "caption" in dict(signs):
        return True
    return all(one.form.text == candidate.form.text for one in full)
