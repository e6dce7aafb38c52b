"""Who else is named: a person who is not tracked, and of whom the trigger may be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.events.whom import NO_PERSON
from extractors.model import Mention

_PERSON = re.compile(
    r"(?<![\w’'-])(?:[A-ZÀ-Þ][\w-]*[a-zß-ÿ]|[A-Z]\.)(?: (?:de |la |von |van |del |Van |De )?"
    r"(?:[A-ZÀ-Þ](?:[’'][A-Z])?[\w-]*[a-zß-ÿ]|[A-Z]\.)){1,4}(?!\w)"
)
_NAMES = 2  # words: a given name and a family name
# Officials, lawyers, relatives and reporters: nobody's case.
_OFFICE = re.compile(
    r"\b(?:judges?|justices?|gov(?:\.|ernor)|president|sen(?:\.|ators?)|rep(?:\.|resentatives?)|attorneys?"
    r"|lawyers?|counsel|general|gen\.|prosecutors?|da|dr\.?|rev\.?|father|sister|pope|professor|sheriff"
    r"|director|mayor|lawmakers?|commissioner|spokes\w+|wife|husband|mother|son|daughter|brother|dad"
    r"|mom|judge|warden|chaplain|author|reporter|actor|star|singer|host|juez|jueza|gobernador|presidente"
    r"|fiscal|abogad[oa]s?|senadora?|juge|gouverneur|président|procureur|avocate?s?|richter(?:in)?"
    r"|gouverneur(?:in)?|präsident(?:in)?|anwält\w+|anwalt|staatsanwalt)"
    r"(?:,? (?:general|then))?,? (?:[A-Z][\w.-]* )?\Z",
    re.IGNORECASE,
)
_LEADS = 25  # characters before a name in which its office stands
# What makes somebody the one concerned: "Murray Hooper’s lawyers", "Ann Poe, 51, was executed".
_CONCERNED = re.compile(
    r"[’']s? (?:(?:own|former|death|murder|first|last) )?(?:lawyers?|attorneys?|execution|appeals?"
    r"|conviction|sentence|case|death|defen[cs]e|family|life|petition|request|stay|clemency|release|trial|name)\b"
    r"|, \d\d,|,? (?:who )?(?:was|were|is|has been|had been|fue|ha sido|a été|wurde|ist) (?:\w+ )?"
    r"(?:executed|put to death|convicted|sentenced|condemned|scheduled|set|freed|released"
    r"|exonerated|pardoned|spared|ejecutad|liberad|absuelt|condenad|exécuté|libéré|gracié|hingerichtet"
    r"|freigelassen)"
)
_OF = re.compile(r"\b(?:of|for|against|executed|killed|executes|frees|freed|de|para|von|für) \Z")


def names_stranger(
    text: str, start: int, end: int, mentions: Sequence[Mention], *, concerned: bool
) -> bool:
    """Return whether *text* names a person from *start* to *end* who is none of *mentions*.

    Officials and lawyers do not count; with *concerned*, only one to whom things happen does.
    """
    return any(
        _is_person(found[0])
        and not any(one.start < found.end() and found.start() < one.end for one in mentions)
        and not _OFFICE.search(text, max(0, found.start() - _LEADS), found.start())
        and (not concerned or _is_concerned(text, found))
        for found in _PERSON.finditer(text, start, end)
    )


def _is_person(name: str) -> bool:
    """Return whether two of the words may be a name, as in "Donnerstag Kenneth Smith"."""
    if _OFFICE.search(f"{name} "[: name.rfind(" ") + 1]):
        return False
    return sum(1 for word in name.split() if not NO_PERSON.search(word)) >= _NAMES


def _is_concerned(text: str, found: re.Match[str]) -> bool:
    before = max(0, found.start() - _LEADS)
    return bool(_CONCERNED.match(text, found.end()) or _OF.search(text, before, found.start()))
