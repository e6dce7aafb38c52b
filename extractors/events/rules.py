"""The rules of events, read once for each language from the table beside this module.

A table (en.yaml, es.yaml, fr.yaml, de.yaml) holds the words that govern a trigger, and rules. A
rule has a `type`, the words of which a sentence `needs` one, what it `gives` (who governs ->
"modality" or "modality type"), and patterns, upper and lower case alike:

- `finite`: says by itself that it was done ("commuted"), unless guarded ("would have commuted")
- `state`: a schedule that stands ("is scheduled to be executed"); undone, it is told of the past
- `noun`: counts where a verb governs it ("denied | clemency")
- `open`: an infinitive; counts where something governs it ("urged | to commute"), and by itself
  where the guard `participle` stands before it ("..., halting the execution")

`recalls` says what must stand in the sentence or the one before it ("It had been set for Friday"),
`unless` what must not stand in the clause; `dated`, that only a day ahead makes it an event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from extractors.events.required import Prefilter, Required, required
from extractors.model import Modality

LANGUAGES = ("en", "es", "fr", "de")
SLOTS = ("finite", "state", "noun", "open")
_CLASSES = ("denied", "recommended", "done", "asked", "negated", "unreal")
_LETTER = re.compile(r"\\.|[^\W\d_]")  # or an escaped one
_NO_CAPITAL = re.compile(r"\(\?<?![^)]*\(\?-i:")
_PART = re.compile(r"<(\w+)>")


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the patterns of a rule."""

    pattern: re.Pattern[str]
    lowered: re.Pattern[str]  # finds nothing in the text in lower case: then *pattern* does not
    requires: Required  # in lower case


@dataclass(frozen=True, slots=True)
class Rule:
    """What says that an event of a type happened, was asked for, was denied."""

    type: str
    slot: str  # one of SLOTS
    pattern: re.Pattern[str]  # any of its alternatives
    alternatives: tuple[Alternative, ...]
    gives: Mapping[str, tuple[str, Modality]]  # who governs -> type and modality
    needs: frozenset[str]  # in lower case: a sentence without one of them is not looked at
    by_itself: str  # what a finite form says: "done", seldom "asked"
    ahead: bool  # its day lies ahead of the telling
    unless: re.Pattern[str] | None = None  # in the same clause: not this, but a film "released"
    recalls: re.Pattern[str] | None = None  # stands before: what "it" is in "threw it out"
    dated: bool = False  # counts only with a day that lies ahead: "his execution on Thursday"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language that govern a trigger, and its rules in order of precedence."""

    governing: re.Pattern[str]  # groups: denied_finite, denied_open, asked_finite, ...
    right: Mapping[str, re.Pattern[str]]  # after a noun: "... was denied"
    guards: Mapping[str, re.Pattern[str]]
    clause: re.Pattern[str]
    retold: re.Pattern[str]
    others: re.Pattern[str]  # before a passive: somebody else
    others_after: re.Pattern[str]  # after an active verb: somebody else
    verb_last: bool  # German: what governs may stand behind
    rules: tuple[Rule, ...]
    alternatives: tuple[tuple[int, Alternative], ...]  # of all rules, with the index of their rule
    prefilter: Prefilter  # by the index of an alternative


@cache
def words(language: str) -> Words:
    """Return the words of *language*, those of English for one that has no table."""
    table = _table(language if language in LANGUAGES else "en")
    parts = table["parts"]
    rules = tuple(rule for row in table["rules"] for rule in _rules(row, parts))
    alternatives = tuple(
        (index, one) for index, rule in enumerate(rules) for one in rule.alternatives
    )
    return Words(
        governing=_governing(table["words"]),
        right={name: _compiled(one, parts) for name, one in table["right"].items()},
        guards={name: _compiled(one, parts) for name, one in table["guard"].items()},
        clause=_compiled(table["clause"], parts),
        retold=re.compile(table["retold"], re.IGNORECASE),
        others=_compiled(table["others"], parts),
        others_after=_compiled(table["others_after"], parts),
        verb_last=table.get("verb_last", False),
        rules=rules,
        alternatives=alternatives,
        prefilter=Prefilter([one.requires for _, one in alternatives]),
    )


def _rules(row: Mapping[str, Any], parts: Mapping[str, str]) -> Iterator[Rule]:
    for slot in SLOTS:
        if slot in row:
            pattern = _compiled("|".join(f"(?:{one})" for one in row[slot]), parts)
            yield Rule(
                type=row["type"],
                slot=slot,
                pattern=pattern,
                alternatives=tuple(_alternative(one, row["needs"], parts) for one in row[slot]),
                gives={who: _given(row["type"], said) for who, said in row["gives"].items()},
                needs=frozenset(row["needs"]),
                by_itself=row.get("finite_is", "done"),
                ahead=row.get("ahead", False),
                unless=_compiled(row["unless"], parts) if "unless" in row else None,
                recalls=_compiled(row["recalls"], parts) if "recalls" in row else None,
                dated=row.get("dated", False),
            )


def _alternative(written: str, needs: Sequence[str], parts: Mapping[str, str]) -> Alternative:
    pattern = _compiled(written, parts)
    low = lowered(pattern.pattern)
    # Without the boundary `re` skips to the letters that may begin a match.
    loose = re.compile(low.removeprefix(r"\b"))
    return Alternative(pattern, loose, (*required(low), frozenset(needs)))


def lowered(pattern: str) -> str:
    """Return *pattern* for text in lower case, which is searched in a third of the time.

    Raises ValueError for a capital that must not follow: it cannot be told there.
    """
    if _NO_CAPITAL.search(pattern):
        raise ValueError(f"(?-i: within a negative look-around: {pattern[:80]!r}")
    return _LETTER.sub(
        lambda one: one[0] if one[0][0] == "\\" else one[0].lower(),
        pattern.replace("(?-i:", "(?:"),
    )


def _given(kind: str, said: str) -> tuple[str, Modality]:
    modality, _, other = said.partition(" ")
    return other or kind, Modality(modality)


def _governing(table: Mapping[str, Mapping[str, str]]) -> re.Pattern[str]:
    groups = [
        f"(?P<{name}_{form}>{table[name][form]})"
        for form in ("finite", "open")
        for name in _CLASSES
        if table[name].get(form)
    ]
    return re.compile(r"(?<![\w-])(?:" + "|".join(groups) + r")(?!\w)", re.IGNORECASE)


def _compiled(pattern: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    """Return *pattern* with its <parts> spelled out; `[A-Z]` stays a capital."""
    spelled = _PART.sub(lambda found: parts.get(found[1], found[0]), pattern)
    spelled = spelled.replace("[A-Z]", "(?-i:[A-Z])")
    return re.compile(spelled, re.IGNORECASE)


def _table(language: str) -> dict[str, Any]:
    path = Path(__file__).parent / f"{language}.yaml"
    table: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return table
