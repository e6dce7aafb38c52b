"""Find events: a trigger in a sentence that names the case, or in the sentence after it.

Where the article is about one case only, its headline and lead count before they name it, and two
sentences further on what a pronoun ties to it, or "the inmate".

The modality says how far that has come which the type names: it `happened` (a date was set, a stay
granted, an appeal filed), was `ordered` and is yet to be carried out by others (a new trial, DNA
testing, a release), was `asked` for, `recommended` by a body that does not decide, or `denied`. The
date of an execution or a hearing that is set is the day for which it is set, so that it can be seen
coming; of everything else the day on which it happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from extractors.events.governed import governed
from extractors.events.rules import Rule, Words, words
from extractors.events.strangers import names_stranger
from extractors.events.when import when_of
from extractors.events.whom import is_headline, subject_of
from extractors.model import Event, Mention, Modality
from extractors.sentences import sentence_of, split_sentences

# Types that compete for the same words: a denied clemency is not a grant.
_RIVALS = (
    frozenset(
        {"clemency_recommended", "clemency_denied", "clemency_granted", "clemency_requested"}
    ),
    frozenset({"appeal_denied", "new_trial", "conviction_vacated", "appeal_filed"}),
    frozenset({"stay", "execution_date_set"}),
    frozenset({"stay", "clemency_requested"}),
    frozenset({"stay", "executed"}),
    frozenset({"execution_date_set", "executed"}),
    frozenset({"appeal_denied", "clemency_denied"}),
    frozenset({"appeal_denied", "stay"}),
    frozenset({"appeal_denied", "released"}),
    frozenset({"appeal_filed", "clemency_requested"}),
)
# What undoes an execution date that the same article tells of.
_UNDOES = frozenset({"stay", "commuted", "pardoned", "executed", "clemency_granted"})
_SPARES = frozenset(
    {"commuted", "pardoned", "clemency_granted", "resentenced", "new_trial"}
)  # what "spared" may mean
_PRONOUN = re.compile(
    r"\b(?:his|her|he|she|him|it|su|él|ella|son|sa|lui|elle|sein(?:e[nmrs]?)?|ihre?[nmr]?|ihn|ihm)\b"
    r"|\w(?:arl|erl|irl)[oa]\b|\b(?:lo|la|le) \w+(?:[oó]|ron|[ae]n?|ado|ido)\b"
    r"|\bthe (?:\w+ )?(?:inmate|prisoner|condemned|execution|conviction|stay|clemency|case|date)\b"
    r"|\b(?:el|del|al) (?:preso|reo|condenado)\b|\b(?:le|du|au) (?:condamné|détenu|prisonnier)\b"
    r"|\bde[rmn] (?:häftling|verurteilte[nr]?|todeskandidate?n?)\b"
)
# A stay by these words alone may as well be a commutation.
_ESCAPES = re.compile(
    r"(?:was |were |been )?(?:spar|escap|dodg|avoid|evad|elud)"
    r"|(?:se )?(?:esquiv|salv|libr|evit|eludi)"
    r"|échapp|épargn|sauvé|entgeh|entging|verschon",
    re.IGNORECASE,
)
_FURTHER, _FAR = (2, 3), 600  # sentences, characters
_LEAD = 500  # characters: a headline and what stands before the name in the sentence after it
_AUXILIARY = 10  # characters before a trigger: "had been"
_RECALLED = 250  # characters before "it" in which stands what it is
_PAST = re.compile(
    r"\b(?:had been|was|were|due to die|iba a|estaba|était|devait|war|sollte)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Passage:
    """A sentence, the cases it names and those of the sentence before it."""

    text: str
    lower: str  # the same text in lower case
    span: tuple[int, int]
    here: Sequence[Mention]
    before: Sequence[Mention]


def find_events(
    text: str,
    sentences: Sequence[tuple[int, int]],
    mentions: Sequence[Mention],
    *,
    published: date | None = None,
    language: str = "en",
) -> tuple[Event, ...]:
    """Return the events of the cases in *mentions*, in reading order, each once a day.

    `text[event.start:event.end] == event.quote` is the trigger.
    """
    named = _named(mentions)
    mentions = [one for one in mentions if one.subject in named]
    if not mentions:
        return ()
    by_sentence: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(sentence_of(sentences, mention.start), []).append(mention)
    near = {*by_sentence, *(at + 1 for at in by_sentence)}
    spans = {index: sentences[index] for index in sorted(near) if index < len(sentences)}
    known = words(language)
    lower = text.replace("İ", "i").lower()  # as long as the text: no other letter grows
    found: list[Event] = []
    for index, span in spans.items():
        here, before = by_sentence.get(index, []), by_sentence.get(index - 1, [])
        passage = _Passage(text, lower, span, here, before)
        found.extend(_in_sentence(passage, known, published))
    if len({one.subject for one in mentions}) == 1:
        for passage in _of_the_only_case(text, lower, sentences, by_sentence):
            found.extend(_in_sentence(passage, known, published))
    return tuple(_distinct(_undone(text, found))) if found else ()


def _named(mentions: Sequence[Mention]) -> set[str]:
    """Return the cases of which more is said than that a court cites them."""
    return {one.subject for one in mentions if one.kind != "case_caption"}


def _of_the_only_case(
    text: str,
    lower: str,
    sentences: Sequence[tuple[int, int]],
    by_sentence: Mapping[int, Sequence[Mention]],
) -> Iterator[_Passage]:
    """Yield the lead before the case is named, and what stands further on and refers to it."""
    first = min(by_sentence)
    named = by_sentence[first]
    every = [one for of_one in by_sentence.values() for one in of_one]
    if named[0].start <= _LEAD and not _is_of_another(text, named[0].start, every):
        for span in split_sentences(text, 0, sentences[first][0]):
            yield _Passage(text, lower, span, (), named)
    for index in sorted({at + step for at in by_sentence for step in _FURTHER}):
        if index >= len(sentences) or {index, index - 1} & by_sentence.keys():
            continue
        start, end = sentences[index]
        before = by_sentence.get(index - 2) or by_sentence.get(index - 3) or []
        if start - before[-1].end <= _FAR and _PRONOUN.search(lower, start, end):
            yield _Passage(text, lower, (start, end), (), before)


def _is_of_another(text: str, stop: int, mentions: Sequence[Mention]) -> bool:
    """Return whether the text names a person before *stop*; a headline in capitals names none."""
    line = text.find("\n", 0, stop)
    start = line if line >= 0 and is_headline(text[:line]) else 0
    return names_stranger(text, start, stop, mentions, concerned=False)


def _in_sentence(passage: _Passage, known: Words, published: date | None) -> Iterator[Event]:
    taken: list[tuple[str, int, int]] = []
    for rule, patterns in _possible(passage, known):
        for match in _matches(patterns, passage):
            event = _event(passage, match, rule, known, published, taken)
            if event is None:
                continue
            taken.append((event.type, event.start, event.end))
            yield event


def _possible(passage: _Passage, known: Words) -> Iterator[tuple[Rule, list[re.Pattern[str]]]]:
    """Yield the rules that may match, in their order, each with those of its patterns that may."""
    found: dict[int, list[re.Pattern[str]]] = {}
    for index in known.prefilter.possible(passage.lower[passage.span[0] : passage.span[1]]):
        rule, one = known.alternatives[index]
        if one.lowered.search(passage.lower, *passage.span):
            found.setdefault(rule, []).append(one.pattern)
    for index, patterns in found.items():
        yield known.rules[index], patterns


def _matches(patterns: Sequence[re.Pattern[str]], passage: _Passage) -> Iterator[re.Match[str]]:
    """Yield what the alternatives would find as one pattern: the leftmost, none that overlap.

    One pattern of all of them would try each of a rule's alternatives at every character.
    """
    every = [match for one in patterns for match in one.finditer(passage.text, *passage.span)]
    end = 0
    for match in sorted(every, key=re.Match.start):
        if match.start() >= end:
            end = match.end()
            yield match


def _event(
    passage: _Passage,
    match: re.Match[str],
    rule: Rule,
    known: Words,
    published: date | None,
    taken: Sequence[tuple[str, int, int]],
) -> Event | None:
    """Return the event that the trigger tells of, or None where it tells of none or one *taken*."""
    if not _is_recalled(passage, match, rule):
        return None
    who = governed(passage.text, passage.span, match, rule, known)
    if who is None or who not in rule.gives:
        return None
    kind, modality = rule.gives[who]
    if _is_taken(taken, kind, match):
        return None
    subject = _subject(passage, match, rule, known)
    if subject is None:
        return None
    told = when_of(passage.text, passage.span, match, rule, known, published)
    if rule.dated and not _is_ahead(told.day, published):
        return None
    return Event(
        type=kind,
        subject=subject,
        modality=modality,
        start=match.start(),
        end=match.end(),
        quote=match[0],
        date=told.day,
        when=told.when,
        retold=told.retold or _is_gone(told.day, rule, published),
    )


def _is_recalled(passage: _Passage, match: re.Match[str], rule: Rule) -> bool:
    """Return whether what the rule recalls stands before the trigger: what "it" is."""
    begin = max(0, match.start() - _RECALLED)
    return not rule.recalls or bool(rule.recalls.search(passage.text, begin, match.start()))


def _subject(passage: _Passage, match: re.Match[str], rule: Rule, known: Words) -> str | None:
    """Return whose event it is; nobody's where a stranger stands in for the case not named."""
    text, span, here, before = passage.text, passage.span, passage.here, passage.before
    if not here and names_stranger(text, *span, before, concerned=True):
        return None
    return subject_of(text, span, match, here, before, known, rule.type)


def _is_ahead(day: date | None, published: date | None) -> bool:
    return day is not None and published is not None and day >= published


def _is_gone(day: date | None, rule: Rule, published: date | None) -> bool:
    """Return whether the day that was set lies behind the day of publication."""
    return bool(rule.ahead and day and published and (published - day).days > 1)


def _is_taken(taken: Sequence[tuple[str, int, int]], kind: str, match: re.Match[str]) -> bool:
    begin, stop = match.span()
    return any(
        start < stop and begin < end and _compete(other, kind) for other, start, end in taken
    )


def _compete(taken: str, kind: str) -> bool:
    return taken == kind or any({taken, kind} <= rivals for rivals in _RIVALS)


def _undone(text: str, found: Sequence[Event]) -> Iterator[Event]:
    """Yield *found*; a date that was and that the article says is gone is told of the past.

    "Spared" is a stay only where the article tells of no more than that.
    """
    done = {
        one.subject
        for one in found
        if one.type in _UNDOES and one.modality is Modality.HAPPENED and not one.retold
    }
    spared = {one.subject for one in found if one.type in _SPARES}
    for one in found:
        if one.type == "stay" and one.subject in spared and _ESCAPES.match(one.quote):
            continue
        is_date = one.type == "execution_date_set" and one.subject in done
        is_gone = is_date and _PAST.search(text, max(0, one.start - _AUXILIARY), one.end)
        yield replace(one, retold=True) if is_gone else one


def _distinct(found: Iterator[Event]) -> Iterator[Event]:
    """Yield each event once a day; one without a day only where no other has one."""
    every = sorted(found, key=lambda event: (event.start, event.end))
    seen: set[tuple[str, str, Modality, date | None]] = set()
    dated = {(one.type, one.subject, one.modality) for one in every if one.date}
    for one in every:
        key = (one.type, one.subject, one.modality, one.date)
        if key in seen or (one.date is None and key[:3] in dated):
            continue
        seen.add(key)
        yield one
