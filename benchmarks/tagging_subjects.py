"""Registries that the tagger was never tuned on, made from names that real lists hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from extractors.mentions.fold import fold_key
from extractors.model import Case, ContextTerm, Jurisdiction, PersonName, Policy

SEED = 5000
_SUFFIX = re.compile(r",? (Jr|Sr|II|III|IV)\.?\Z")
_SPEAKER = re.compile(
    r"\b([A-Z][a-z]{2,}) ([A-Z][a-z]{3,})\b(?=[^.\n]{0,40}\b(?:said|says|told|wrote|added)\b)"
)
_NOTES = re.compile(r"\*|\s*\(.*\)?")
_SYLLABLES = ("zv", "qu", "xo", "bri", "thu", "gwe", "kja", "fyo", "wrz", "ndu", "ilx", "oov")


def drawn(file: Path, count: int) -> list[Case]:
    """Return *count* cases named after the people of *file*, the same in every run.

    Each person is drawn once; beyond that, given and family names are paired anew. None has any
    context but the word of a state, so that nothing but the name and the topic speaks for them.
    """
    people = list(_people(file))
    chance = Random(SEED)
    chance.shuffle(people)
    names = dict.fromkeys(people[:count])
    while len(names) < count:
        names[chance.choice(people)[0], chance.choice(people)[1], None] = None
    return [_case(f"p{index}", *name) for index, name in enumerate(names)]


def absent(count: int) -> list[Case]:
    """Return *count* cases of made-up names that stand in no text, each with words of its own."""
    chance = Random(SEED)
    words = [
        "".join(chance.sample(_SYLLABLES, 3)).capitalize() + str(index) for index in range(count)
    ]
    return [_case(f"n{index}", f"Given{word}", word, None) for index, word in enumerate(words)]


def speakers(texts: Iterable[str]) -> list[Case]:
    """Return a case for each person whom *texts* quote: "Ada Quarry, a lawyer, said"."""
    names = {(found[1], found[2]): None for text in texts for found in _SPEAKER.finditer(text)}
    return [_case(f"q{index}", *name, None) for index, name in enumerate(names)]


def strangers(file: Path, count: int, texts: list[str]) -> list[Case]:
    """Return *count* cases of people whose full name is in none of *texts*, though its parts are.

    Their family names are those of *file*: the ones that stand in newspapers.
    """
    whole = " ".join(map(fold_key, texts))
    people = list(_people(file))
    chance = Random(SEED + 1)
    names: dict[tuple[str, str, str | None], None] = {}
    while len(names) < count:
        given, family = chance.choice(people)[0], chance.choice(people)[1]
        if f"{fold_key(given)} {fold_key(family)}" not in whole:
            names[given, family, None] = None
    return [_case(f"s{index}", *name) for index, name in enumerate(names)]


def _people(file: Path) -> Iterator[tuple[str, str, str | None]]:
    """Yield given name, family name and suffix of each person once, in the order of *file*."""
    seen: set[str] = set()
    for line in file.read_text(encoding="utf-8").splitlines():
        person = json.loads(line)
        family = _NOTES.sub("", person["family"] or "").strip()
        suffix = _SUFFIX.search(family)
        family = _SUFFIX.sub("", family)
        if person["given"] and len(fold_key(family)) > 1 and person["name"] not in seen:
            seen.add(person["name"])
            yield person["given"], family, suffix[1] if suffix else None


def _case(case_id: str, given: str, family: str, suffix: str | None) -> Case:
    return Case(
        id=case_id,
        name=PersonName(given=(given,), family=(family,), suffix=suffix),
        display_name=f"{given} {family}",
        policy=Policy.CONTEXT_REQUIRED,
        kind="person",
        context=(ContextTerm("prison", f"{family} Unit", "none"),),
        jurisdiction=Jurisdiction("US", "US-TX"),
    )
