"""Relatives who bear the surname: who was named last goes on, unless the prisoner's lot is told.

"Her son John asked for privacy. Lucio said ..." is the son; "Reed awaits a ruling" and "the lawyers
of Reed" are the prisoner wherever they stand, and so is a surname that is no more than an object.
Who speaks of "Rodney" or of "her son" is not Rodney.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from extractors.mentions.candidates import Candidate
from extractors.mentions.surroundings import Surroundings, key
from extractors.mentions.tables import words
from extractors.mentions.whose import is_prisoner, is_told_again, speaks_as_prisoner
from extractors.model import Case, Subject

_REACH = 300  # characters between the relative's full name and the bare surname
_BREAK = re.compile(r"[.!?…][\"”“’»)]*\s")
_FAMILY = re.compile(r"\b(?:the|la) famil(?:y|ia)\b|\bla famille\b|\bdie Familie\b")
_PARENT, _CHILD = "mother|father|mom|dad|mum|parents", "son|daughter|child|boy|girl"
_PARTNER, _SIBLING = "husband|wife", "brother|sister|sibling"
_OWN = r"(?:my|his|her|their)(?: \w+)? "
_KIN = re.compile(rf"\b({_PARENT})\b|\b({_CHILD})\b|\b({_PARTNER})\b|\b({_SIBLING})\b")
_INVERSE = tuple(
    re.compile(rf"\b{_OWN}(?:{words})\b") for words in (_CHILD, _PARENT, _PARTNER, _SIBLING)
)


class Bearing(Protocol):
    """Somebody with the surname, from *start* on."""

    @property
    def start(self) -> int: ...  # noqa: D102


def relative_said(
    one: Candidate,
    relatives: Sequence[Bearing],
    own: Sequence[Bearing],
    subject: Subject,
    around: Surroundings,
) -> str:
    """Return the words that show a relative to be meant by the bare surname of *one*, else ""."""
    before = [bearer.start for bearer in relatives if bearer.start < one.start]
    if not before or one.start - before[-1] > _REACH:
        return ""
    between = around.text[before[-1] : one.start]
    if "\n\n" in between or any(before[-1] < bearer.start < one.start for bearer in own):
        return ""
    if len(_BREAK.findall(between)) > 2:
        return ""
    said = _same_sentence(between) or _speaks_of_subject(one, before[-1], subject, around)
    if said or not isinstance(subject, Case):  # an advocate speaks and acts herself
        return said
    return _goes_on(one, before[-1], around)


def _goes_on(one: Candidate, bearer: int, around: Surroundings) -> str:
    """Return the relative's name where the surname speaks, or heads the next sentence."""
    begin, end = _sentence(one, around.text)
    family = around.folded[one.start : one.end]
    if is_prisoner(one.start, one.end, around) or is_told_again(
        _end_of_name(bearer, family, around), one.start, family, around
    ):
        return ""
    if speaks_as_prisoner(around.folded[max(begin, bearer) : end]):
        return ""
    next_sentence = begin == one.start and len(_BREAK.findall(around.text, bearer, begin)) == 1
    if next_sentence or _speaks(one, around):
        return around.text[bearer : bearer + 40].split("\n")[0]
    return ""


def _end_of_name(bearer: int, family: str, around: Surroundings) -> int:
    at = around.folded.find(family, bearer)
    return at + len(family)


def _speaks(one: Candidate, around: Surroundings) -> bool:
    """Return whether a verb of speech stands beside the surname."""
    word, after = around.word_before(one.start)[0], around.word_after(one.end)
    if key(word) in words("speech"):  # "said Reed.", but "a councilman said Reed could be free"
        return around.language != "en" or not after[:1].islower()
    return key(after) in words("speech")


def _same_sentence(between: str) -> str:
    """Return the relative's name where a semicolon alone parts it from the surname."""
    if between.endswith("; ") and not _BREAK.search(between):
        return between.split(",", maxsplit=1)[0]
    return ""


def _speaks_of_subject(one: Candidate, bearer: int, subject: Subject, around: Surroundings) -> str:
    """Return the words of the surname's own sentence that name the subject otherwise."""
    begin, end = _sentence(one, around.text)
    sentence = around.text[max(begin, bearer) : end]
    for given in subject.name.given:
        found = re.search(rf"\b{re.escape(given)}\b(?! {re.escape(one.form.text)})", sentence)
        if found and begin >= bearer:
            return found[0]
    if begin < bearer:
        return ""
    after = around.text[one.end : end]
    found = _FAMILY.search(after) or _inverse(bearer, around).search(after)
    return found[0] if found else ""


_NEVER = re.compile(r"(?!)")


def _inverse(bearer: int, around: Surroundings) -> re.Pattern[str]:
    """Return how the relative would speak of the subject: a mother of "her son"."""
    beside = around.folded[max(0, bearer - 32) : bearer + 60]
    found = _KIN.search(beside)
    return _INVERSE[(found.lastindex or 1) - 1] if found else _NEVER


def _sentence(one: Candidate, text: str) -> tuple[int, int]:
    """Return the bounds of the sentence around *one*; a quotation before it belongs to it."""
    begin = max(0, one.start - _REACH)
    for found in _BREAK.finditer(text, begin, one.start):
        begin = found.end()
    stop = _BREAK.search(text, one.end, one.end + _REACH)
    return begin, stop.start() if stop else min(len(text), one.end + _REACH)
