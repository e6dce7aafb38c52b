"""What governs a trigger: whether it was done, asked for, recommended, denied, or only thought of.

"denied a request for a stay": the words left of the trigger are read from right to left, past
nouns and infinitives, up to the first finite verb; what stands further out governs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.events.rules import Rule, Words

_LEFT = 180  # characters: how far out a governing word may stand
_ANOTHER = re.compile(r"\b(?:hearing|review|into|on|over|about|vista|audience)\b", re.IGNORECASE)
_WORD = 8  # characters before a clause: the word that begins it
_GAP, _DONE_GAP = 95, 60  # characters from the trigger to the closest governing word
_REACH = _GAP + 40  # with the word itself
_BE = re.compile(r"\b(?:be|being) (?!been)", re.IGNORECASE)
_REAL = re.compile(
    r"\b(?:was|were|has|have|had|is|are|been|became|becomes|remains?|must|will)\b", re.IGNORECASE
)
# Who governs (first) what was read so far (second). What is missing says nothing sure.
_BOTH = {
    ("asked", "done"): "asked",
    ("asked", "asked"): "asked",
    ("asked", "recommended"): "asked",
    ("denied", "done"): "denied",
    ("denied", "asked"): "denied",
    ("denied", "recommended"): "denied",
    ("recommended", "done"): "recommended",
    ("recommended", "asked"): "recommended",
    ("recommended", "recommended"): "recommended",
    ("recommended", "denied"): "denied",
    ("recommended", "negated"): "denied",
    ("done", "done"): "done",
    ("done", "asked"): "done",
    ("done", "recommended"): "recommended",
    ("done", "denied"): "denied",
    ("negated", "done"): "negated",
    ("negated", "recommended"): "denied",
}
_NOT = re.compile(r"^\w+ not ", re.IGNORECASE)  # "was not pardoned"
_NEXT = 20  # characters after a trigger that say what kind of thing was released
_STILL_SET = frozenset({"unless", "a menos que", "à moins que"})  # a day set stands all the same
_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class _Word:
    """A governing word. *finite*: nothing further out governs it."""

    who: str
    finite: bool
    start: int
    end: int


def governed(
    text: str, span: tuple[int, int], match: re.Match[str], rule: Rule, words: Words
) -> str | None:
    """Return who governs the trigger: done, asked, recommended, denied, negated; None if unreal."""
    begin = _clause_start(text, span, match.start(), words)
    if rule.unless and rule.unless.search(text, begin, min(span[1], match.end() + _NEXT)):
        return None
    if rule.slot in {"finite", "state"}:
        return _by_itself(text, span, match, rule, words, begin)
    if rule.slot == "open" and _is_participle(text, span, match, words):
        return "done"
    said, sure = _from_left(text, match, words, None, begin)
    if not sure and said != _NOTHING:
        said, sure = _from_right(text, span, match, words, said)
    if said == _NOTHING or (said == "done" and not sure):
        return None
    return said


def _by_itself(
    text: str,
    span: tuple[int, int],
    match: re.Match[str],
    rule: Rule,
    words: Words,
    begin: int,
) -> str | None:
    """Return what a finite form says, or what governs it where it turns out to be none."""
    guards, start = words.guards, match.start()
    near = max(span[0], start - 60)
    infinite = any(guards[one].search(text, near, start) for one in ("passive", "to"))
    if rule.slot == "finite" and (infinite or _is_open(match[0])):
        said, sure = _from_left(text, match, words, "done", begin)
        return said if sure and said not in {"done", _NOTHING} else None
    if _is_unreal(text, span, match, rule, words, begin):
        return None
    if _is_negated(text, span, match, words, begin):
        return "negated"
    if not _REAL.search(match[0]) and guards["wanted"].search(text, begin, start):
        return "asked"  # "wants the execution halted"
    return rule.by_itself


def _is_unreal(
    text: str,
    span: tuple[int, int],
    match: re.Match[str],
    rule: Rule,
    words: Words,
    begin: int,
) -> bool:
    condition = words.guards["condition"].search(text, max(span[0], begin - _WORD), match.start())
    if condition and not (rule.slot == "state" and condition[0].lower() in _STILL_SET):
        return True
    near = max(begin, match.start() - 45)
    return bool(words.guards["unreal"].search(text, near, match.start()))


def _is_negated(
    text: str, span: tuple[int, int], match: re.Match[str], words: Words, begin: int
) -> bool:
    negated = words.guards["negated"]
    if negated.search(text, max(begin, match.start() - 45), match.start()) or _NOT.search(match[0]):
        return True
    if not words.verb_last:
        return False
    stop = _clause_end(text, span, match.end(), words)
    return bool(re.search(r"\b(?:nicht|nie|kein\w*)\b", text[begin:stop], re.IGNORECASE))


def _is_participle(text: str, span: tuple[int, int], match: re.Match[str], words: Words) -> bool:
    """Return whether it tells what the verb brought about: "..., halting the execution"."""
    guard = words.guards.get("participle")
    if guard is None:
        return False
    places = guard.finditer(text, max(span[0], match.start() - _LEFT), match.end())
    if not any(place.end() == match.start() for place in places):
        return False
    return not words.guards["doubt"].search(text, max(span[0], match.start() - 90), match.start())


def _is_open(trigger: str) -> bool:
    found = _BE.search(trigger)
    return bool(found and not _REAL.search(trigger, 0, found.start()))


def _from_left(
    text: str, match: re.Match[str], words: Words, said: str | None, begin: int
) -> tuple[str | None, bool]:
    """Return what the words on the left make of *said*, and whether a finite verb ended it.

    *begin* is where the trigger's clause begins.
    """
    last = match.start()
    for word in _words_before(match.start(), text, begin, words):
        gap = last - word.end
        if gap > (_DONE_GAP if word.who == "done" else _GAP):
            break
        who = _guarded(text, begin, word, words) if word.finite else word.who
        if (who, said) == ("done", "asked") and _ANOTHER.search(text, word.end, last):
            return said, True  # "ordered a hearing on | his motion for | a new trial"
        said = who if said is None and who != "unreal" else _BOTH.get((who, said or ""), _NOTHING)
        if said == _NOTHING or word.finite:
            return said, True
        last = word.start
    return said, False


def _words_before(stop: int, text: str, begin: int, words: Words) -> Iterator[_Word]:
    """Yield the governing words between *begin* and *stop*, the last one first.

    It ends where none stands within reach of the one before: that is all that anybody asks.
    """
    while found := [*words.governing.finditer(text, max(begin, stop - _REACH), stop)]:
        for match in reversed(found):
            who, _, form = (match.lastgroup or "").partition("_")
            finite = form == "finite" and (
                who in {"unreal", "negated"} or not _is_infinite(text, begin, match, words)
            )
            yield _Word(who, finite, *match.span())
        stop = found[0].start()


def _is_infinite(text: str, begin: int, match: re.Match[str], words: Words) -> bool:
    near = max(begin, match.start() - 14)
    return any(words.guards[one].search(text, near, match.start()) for one in ("passive", "to"))


def _guarded(text: str, begin: int, word: _Word, words: Words) -> str:
    """Return whom a finite verb makes govern: "would have granted" is unreal."""
    if word.who in {"unreal", "negated"}:
        return word.who
    near = max(begin, word.start - 45)
    if words.guards["unreal"].search(text, near, word.start):
        return "unreal"
    if words.guards["condition"].search(text, begin, word.start):
        return "unreal"
    if words.guards["negated"].search(text, near, word.start):
        return "negated" if word.who == "done" else "unreal"
    return word.who


def _from_right(
    text: str, span: tuple[int, int], match: re.Match[str], words: Words, said: str | None
) -> tuple[str | None, bool]:
    """Return what a verb on the right makes of *said*: "clemency | was denied"."""
    stop = _clause_end(text, span, match.end(), words)
    for who, pattern in words.right.items():
        found = pattern.match(text, match.end(), stop)
        if not found:
            continue
        if words.guards["condition"].search(text, match.end(), found.end()):
            return _NOTHING, True
        if _is_open(found[0]) or words.guards["unreal"].search(found[0].rsplit(" ", 1)[0] + " "):
            return _NOTHING, True
        if words.guards["negated"].search(found[0].rsplit(" ", 1)[0] + " "):
            return ("negated" if who == "done" and said in {None, "asked"} else _NOTHING), True
        return (who if said is None else _BOTH.get((who, said), _NOTHING)), True
    return said, False


def _clause_start(text: str, span: tuple[int, int], position: int, words: Words) -> int:
    begin = max(span[0], position - _LEFT)
    for found in words.clause.finditer(text, begin, position):
        begin = found.end()
    return begin


def _clause_end(text: str, span: tuple[int, int], position: int, words: Words) -> int:
    found = words.clause.search(text, position, span[1])
    return found.start() if found else span[1]
