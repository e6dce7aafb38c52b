"""Who speaks for whom: an advocate's act for a case in one sentence. A mere co-mention is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from extractors.model import Advocacy, Mention
from extractors.sentences import sentence_of

# What follows the advocate's name, within the sentence, and the act that it is. First one counts.
_ACTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (act, re.compile(pattern, re.IGNORECASE))
    for act, pattern in (
        (
            "met",
            r"\b(?:met|meets|meeting with|visit(?:s|ed)|se reunió|a rencontré|besuchte|traf)\b",
        ),
        (
            "petitioned",
            r"\b(?:petition(?:s|ed)|urg(?:es|ed)|ask(?:s|ed)|call(?:s|ed) (?:for|on)|plead(?:s|ed)"
            r"|demand(?:s|ed)|lobb(?:ies|ied)|campaign(?:s|ed)|appeal(?:s|ed) (?:to|for)|pidió"
            r"|demande)\b",
        ),
        ("funded", r"\b(?:fund(?:s|ed)|pa(?:ys|id) for|donat(?:es|ed)|financ(?:es|ed))\b"),
        (
            "represented",
            r"\b(?:represent(?:s|ed)|defend(?:s|ed)|led the appeal|took (?:on|up)|takes up"
            r"|taken up)\b",
        ),
        ("wrote", r"\b(?:wrote|writes|tweet(?:s|ed)|had tweeted|post(?:s|ed)|escribió|schrieb)\b"),
        (
            "said",
            r"\b(?:said|says|told|believes?|believed|back(?:s|ed)|support(?:s|ed)|prais(?:es|ed)"
            r"|spoke(?:n)?|speaks|champion(?:s|ed)|advocat(?:es|ed)|rall(?:ies|ied)|dijo|apoya|soutient)\b",
        ),
    )
)
_PASSIVE = re.compile(
    r"(?:\b(?:backed|supported|championed|represented|visited|defended|soutenue?|apoyad[oa]"
    r"|unterstützt) (?:by|par|por|von)\b"
    r"|\b(?:support(?:ers)?|backing|help|thanks to|thanked)\b)[^.;]{0,30}\Z",
    re.IGNORECASE,
)
_REACH = 90  # characters from the advocate's name to the verb
_OTHER_SPEAKS = re.compile(r"[;:]| (?:but|while|whereas) ")


def find_advocacy(
    text: str,
    sentences: Sequence[tuple[int, int]],
    mentions: Sequence[Mention],
    cases: AbstractSet[str],
) -> tuple[Advocacy, ...]:
    """Return each act of an advocate for a case, once a pair and act, with its sentence."""
    found: dict[tuple[str, str, str], Advocacy] = {}
    by_sentence: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(sentence_of(sentences, mention.start), []).append(mention)
    for index, named in by_sentence.items():
        for one in _in_sentence(text, sentences[index], named, cases):
            found.setdefault((one.advocate, one.case, one.act), one)
    return tuple(sorted(found.values(), key=lambda one: (one.start, one.advocate, one.case)))


def _in_sentence(
    text: str, span: tuple[int, int], named: Sequence[Mention], cases: AbstractSet[str]
) -> Iterator[Advocacy]:
    tried = [one for one in named if one.subject in cases]
    for advocate in named:
        if advocate.subject in cases:
            continue
        act = _act(text, span, advocate)
        if act is None:
            continue
        for case in sorted({one.subject for one in tried}):
            yield Advocacy(advocate.subject, case, act, *span, text[span[0] : span[1]])


def _act(text: str, span: tuple[int, int], advocate: Mention) -> str | None:
    """Return what the advocate does in this sentence, or None where nothing says so."""
    stop = min(span[1], advocate.end + _REACH)
    after = text[advocate.end : stop]
    other = _OTHER_SPEAKS.search(after)
    clause = after[: other.start()] if other else after
    first = [
        (match.start(), act)
        for act, pattern in _ACTS
        if (match := pattern.search(clause)) and _is_its_verb(clause[: match.start()])
    ]
    if first:
        return min(first)[1]
    if _PASSIVE.search(text, max(span[0], advocate.start - 60), advocate.start):
        return "said"
    return _quoted(text, span, advocate)


def _is_its_verb(between: str) -> bool:
    """Return whether the words between a name and a verb can stand between subject and verb."""
    return not re.search(r"\b(?:who|which|that)\b.*,.*,", between) and between.count(",") <= 3


def _quoted(text: str, span: tuple[int, int], advocate: Mention) -> str | None:
    """Return "said" where the verb stands before the name: “...”, said Kim Kardashian."""
    before = text[max(span[0], advocate.start - 12) : advocate.start]
    return "said" if re.search(r"\b(?:said|says|added|wrote)\s\Z", before) else None
