"""Find events: a trigger in a sentence that names the case, or in the sentence after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from extractors.events.dates import days
from extractors.events.rules import Rule, rules
from extractors.model import Event, Mention, Modality
from extractors.sentences import sentence_of

# Before a trigger in the same clause: hoped, planned, feared or denied, but not so.
_UNREAL = re.compile(
    r"\b(?:will|would|could|should|can|may|might|must|to be|be|if|whether|unless|until|before"
    r"|hop(?:e|es|ed|ing|eful)"
    r"|ask\w*|urg\w*|call\w*|want\w*|seek\w*|demand\w*|petition\w*|never|not|nor|no|without|den\w+|refus\w+"
    r"|reject\w*|declin\w*|scheduled|due|wrongly|pid\w+|será|sera|soll|sollte)\b[^.;,]{0,30}\Z",
    re.IGNORECASE,
)
_AHEAD = frozenset({"execution_date_set", "hearing_set"})
_NEWS_DAYS = 30  # an event that is longer past is told of, not news
_RETOLD_REACH = 90
_RETOLD = re.compile(
    r"\b(?:(?:years?|months?|decades?) (?:after|since|ago|later|earlier|before)|anniversary|"
    r"(?:was|were) (?:then|once)|in (?:[A-Z][a-z]+\.? )?(?P<year>(?:19|20)\d\d)|"
    r"il y a \w+ ans|hace \w+ años|vor \w+ Jahren)\b",
    re.IGNORECASE,
)
_NEXT_CLAUSE = re.compile(r"[,;] (?:an?|the|his|her|their|which|who|but|and|while|as) ")
_RIVALS = (
    {"clemency_recommended", "clemency_denied", "clemency_granted", "clemency_requested"},
    {"appeal_denied", "new_trial"},
)
_DATED_REACH = 120  # characters from the trigger to its day


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
    by_sentence: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(sentence_of(sentences, mention.start), []).append(mention)
    near = {*by_sentence, *(at + 1 for at in by_sentence)}
    spans = {index: sentences[index] for index in sorted(near) if index < len(sentences)}
    possible = _possible(rules(language if language in {"es", "fr", "de"} else "en"), text, spans)
    found: list[Event] = []
    for index, span in spans.items():
        here, before = by_sentence.get(index, []), by_sentence.get(index - 1, [])
        found.extend(_in_sentence(text, span, here, before, published, possible))
    return tuple(_distinct(found))


def _possible(
    every: Sequence[Rule], text: str, spans: Mapping[int, tuple[int, int]]
) -> Sequence[Rule]:
    """Return the rules of which a needed word stands in one of *spans*: few of many."""
    if not spans:
        return ()
    lower = "\n".join(text[start:end] for start, end in spans.values()).lower()
    return [rule for rule in every if any(need in lower for need in rule.needs)]


def _in_sentence(
    text: str,
    span: tuple[int, int],
    here: Sequence[Mention],
    before: Sequence[Mention],
    published: date | None,
    possible: Sequence[Rule],
) -> Iterator[Event]:
    taken: list[tuple[str, int, int]] = []
    lower = text[span[0] : span[1]].lower()
    for rule in possible:
        if not any(need in lower for need in rule.needs):
            continue
        for match in rule.pattern.finditer(text, *span):
            if rule.real and _UNREAL.search(text, max(span[0], match.start() - 45), match.start()):
                continue
            if any(s < match.end() and match.start() < e and _same(t, rule) for t, s, e in taken):
                continue
            taken.append((rule.type, *match.span()))
            retold = _is_retold(text, span, match, published)
            day = _day(text, span, match, rule, published, only_exact=retold)
            past = rule.type in _AHEAD and day and published and day < published
            yield Event(
                type=rule.type,
                subject=_subject(match, here, before),
                modality=Modality.HAPPENED if past else rule.modality,
                start=match.start(),
                end=match.end(),
                quote=match[0],
                date=day,
                retold=retold or _is_long_ago(day, published),
            )


def _same(taken: str, rule: Rule) -> bool:
    """Return whether two types compete for the same words: a denied clemency is not a grant."""
    return taken == rule.type or any({taken, rule.type} <= rivals for rivals in _RIVALS)


def _subject(match: re.Match[str], here: Sequence[Mention], before: Sequence[Mention]) -> str:
    """Return the case closest to the trigger; without one in the sentence, the last one before."""
    if not here:
        return before[-1].subject
    return min(here, key=lambda one: _distance(one, match)).subject


def _distance(mention: Mention, match: re.Match[str]) -> int:
    return max(mention.start - match.end(), match.start() - mention.end, 0)


def _is_retold(
    text: str, span: tuple[int, int], match: re.Match[str], published: date | None
) -> bool:
    """Return whether the words around the trigger tell of the past: "a year after", "in 2019"."""
    begin = max(span[0], match.start() - _RETOLD_REACH)
    stop = min(span[1], match.end() + _RETOLD_REACH // 2)
    this_year = str(published.year) if published else "9999"
    return any(
        found["year"] is None or found["year"] < this_year
        for found in _RETOLD.finditer(text, begin, stop)
    )


def _is_long_ago(day: date | None, published: date | None) -> bool:
    return bool(day and published and (published - day).days > _NEWS_DAYS)


def _day(
    text: str,
    span: tuple[int, int],
    match: re.Match[str],
    rule: Rule,
    published: date | None,
    *,
    only_exact: bool,
) -> date | None:
    """Return the day closest to the trigger within its clause, the one after it first.

    What is told of the past has a day only where the text names the year (*only_exact*).
    """
    sentence = text[span[0] : span[1]]
    found = days(sentence, published, ahead=rule.type in _AHEAD)
    end, start = match.end() - span[0], match.start() - span[0]
    close = [
        (one.start - end if one.start >= end else start - one.end + 20, one.day)
        for one in found
        if (one.exact or not only_exact) and not _NEXT_CLAUSE.search(sentence, end, one.start)
    ]
    within = [pair for pair in close if pair[0] <= _DATED_REACH]
    return min(within)[1] if within else None


def _distinct(found: Sequence[Event]) -> Iterator[Event]:
    """Yield each event once a day; one without a day only where no other has one."""
    seen: set[tuple[str, str, Modality, date | None]] = set()
    dated = {(one.type, one.subject, one.modality) for one in found if one.date}
    for one in sorted(found, key=lambda event: (event.start, event.end)):
        key = (one.type, one.subject, one.modality, one.date)
        if key in seen or (one.date is None and key[:3] in dated):
            continue
        seen.add(key)
        yield one
