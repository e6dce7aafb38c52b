"""Captions of cases: "State v. Cooper" is his case, "Glossip v. Gross" a precedent."""

from __future__ import annotations

import re

from extractors.mentions.candidates import Candidate
from extractors.mentions.fold import word_key
from extractors.mentions.surroundings import Surroundings
from extractors.mentions.tables import is_rare_family, us_states, words
from extractors.model import Case, Subject

_AFTER = re.compile(r",? (?:v|vs|versus|c|gegen)\.? ([\w.&’' ]{2,30})")
_BEFORE = re.compile(r"([\w.&’' ]{2,30}?),? (?:v|vs|versus)\.? \Z", re.IGNORECASE)
_VERSUS = re.compile(r",? (?:v|vs|versus|c|gegen)\.? ")
_ENDS = frozenset({". ", "v ", "s ", "V ", "S "})  # of all that *_BEFORE* finds
_REACH = 40


def caption(one: Candidate, subject: Subject, around: Surroundings) -> tuple[str, str] | None:
    """Return what a caption with this surname in it says of *subject*, None where there is none.

    A weight's id, and the other party.
    """
    party = _party(one, around)
    if party is None:
        return None
    rare = one.kind == "solo" or is_rare_family(around.folded[one.start : one.end])
    if rare and (one.kind == "solo" or _begins_or_ends(party, state_of(subject))):
        return "caption_known", party
    if any(_begins_or_ends(party, word_key(term.text)) for term in subject.context):
        return "caption_known", party
    states = (*words("against_state"), *us_states().values())
    if rare or any(_begins_or_ends(party, state) for state in states):
        return "caption", party
    return "caption_of_precedent", party


def may_be_caption(start: int, end: int, text: str) -> bool:
    """Return whether a caption may stand around the span: a test that costs next to nothing."""
    if text[start - 3 : start].rstrip(". ")[-1:] in {"v", "s", "V", "S"}:
        return True
    return text[end : end + 3].lstrip(", ")[:1] in {"v", "c", "g"} and bool(
        _VERSUS.match(text, end)
    )


def state_of(subject: Subject) -> str:
    """Return the folded state in whose courts the case of *subject* is, "" where unknown."""
    if not isinstance(subject, Case) or subject.jurisdiction is None:
        return ""
    return us_states().get((subject.jurisdiction.region or "").removeprefix("US-"), "")


def _party(one: Candidate, around: Surroundings) -> str | None:
    after = _AFTER.match(around.text, one.end)
    if after and after[1][:1].isupper() and ("v" in after[0][:4] or "gegen" not in after[0]):
        return word_key(after[1])
    if around.text[one.start - 2 : one.start] not in _ENDS:
        return None
    words_before = around.folded[max(0, one.start - 9) : one.start].split()
    if not words_before or words_before[-1] not in {"v", "vs", "versus"}:
        return None
    before = _BEFORE.search(around.text, max(0, one.start - _REACH), one.start)
    return word_key(before[1]) if before else None


def _begins_or_ends(party: str, state: str) -> bool:
    padded = f" {party} "
    return bool(state) and (padded.startswith(f" {state} ") or padded.endswith(f" {state} "))
