"""Whose a bare surname is where several bear it: the prisoner is told from others by what is said.

Courts, cells and sentences happen to the prisoner: "Reed’s lawyers", "Reed, of Bastrop, served 21
years", "the execution of Reed", whoever of that name was spoken of last.
"""

from __future__ import annotations

import re
from functools import cache

from extractors.mentions.fold import word_key
from extractors.mentions.surroundings import Surroundings, places_of
from extractors.mentions.tables import words

_CLAUSE = 70  # characters after the surname that are read, to the end of its clause
_BEFORE = 40
_POSSESSED = re.compile(r"[’'](?:s\b)? ?((?:[\w-]+ ){0,2}[\w-]+)|s? ((?:[\w-]+ )?[\w-]+)")
_APPOSITION = r"(?:,[^.;:!?”\"“»]{1,45},)?"
_SUFFERED = (
    "convicted|sentenced|resentenced|executed|condemned|exonerated|spared|freed|released|pardoned"
    "|imprisoned|incarcerated|jailed|paroled|cleared|acquitted|moved to|due to die|put to death"
    "|scheduled to die|set to die|pronounced dead|strapped"
)
_BE = "(?:was|is|were|be|been|being|are|remains|remained|gets|got)"
_HAPPENED = re.compile(
    rf"{_APPOSITION} (?:[\w’']+ ){{0,3}}?{_BE} (?:\w+ ){{0,2}}?(?:{_SUFFERED})\b"
    rf"|{_APPOSITION} (?:[\w’']+ ){{0,2}}?(?:serv|spen|spent|did|do)\w* (?:[\w,.-]+ ){{1,4}}?"
    r"(?:years|decades|months|sentence|time)\b"
    rf"|{_APPOSITION} (?:has |had |have |who )?(?:always |long |repeatedly )"
    r"(?:maintained|insisted|said|denied|professed)\b"
    rf"|{_APPOSITION} (?:still )?(?:maintain|profess)\w* (?:his|her) innocence\b"
    rf"|{_APPOSITION} (?:await|wait|escap|plead)\w*\b"
    rf"|{_APPOSITION} (?:[\w’'-]+ ){{1,5}}?(?:(?:on|off|from|left) death row|behind bars"
    r"|(?:in|from|of) prison|in jail|in (?:his|her) cell|for life)\b"
    r"| is \d\d\b"
    rf"|{_APPOSITION} (?:no )?(?:fue|ha sido|sera|seria|habia sido|sigue|esta|estaba|sale|salio)"
    r" (?:\w+ ){0,2}?(?:conden|ejecut|liber|indult|exoner|pres|encarcel|libre|sentenci)\w*"
    rf"|{_APPOSITION} (?:lleva|llevaba|paso|pasa|cumple|cumplio) (?:\w+ ){{0,3}}?(?:anos|decadas)\b"
    rf"|{_APPOSITION} (?:n |ne )?(?:a ete|est|etait|sera|fut|avait ete|reste) (?:\w+ ){{0,2}}?"
    r"(?:condamn|execut|liber|graci|innocent|incarcer|deten|emprison)\w*"
    rf"|{_APPOSITION} (?:a passe|attend|clame|nie|sort)\b"
    rf"|{_APPOSITION} (?:wurde|wird|war|ist|werde) (?:[\w.,-]+ ){{0,5}}?"
    r"(?:verurteilt|hingerichtet|begnadigt|entlassen|freigelassen|freigesprochen|inhaftiert)\b"
    r"| (?:verurteilt|hingerichtet|begnadigt|freigelassen|freigesprochen|inhaftiert)\b"
    rf"|{_APPOSITION} (?:sitzt|sass|wartet|beteuert)\b"
    rf"|{_APPOSITION} (?:[\w-]+ ){{1,4}}?(?:in haft|im gefangnis|im todestrakt|hinter gittern)\b"
)
_DONE_TO = re.compile(
    r"\b(?:execut|free|freed|freeing|releas|pardon|spare|spared|sparing|exonerat|convict|condemn"
    r"|represent|visit|defend|prosecut|acquit|clear|sentenc|imprison|kill|set)\w*(?: [aà])? \Z"
    r"|\b(?:visitar\w*|visito|indult\w*|ejecut\w*|liber\w*|conden\w*|represent\w*) a \Z"
    r"|\b(?:visite a|graci\w*|execut\w*|liber\w*|condamn\w*) \Z"
)
_FOR = re.compile(  # "signed for Williams"
    r"\b(?:rall|vigil|petition|campaign|pray|march|sign|plead|beg|firm|rez|rog|prier|prie|kampf|bet"
    r"|demonstr|lucha|luch|fight|fought|justice|justicia|mercy|candle)\w*(?: \w+){0,2}"
    r" (?:for|por|pour|fur) \Z"
)
_FORS = (" for ", " por ", " pour ", " fur ")
_LINK_WORDS = "of|for|against|by|de|d|del|von|gegen|fur|contra|contre|pour"
_LINK = re.compile(rf"([\w-]+) (?:{_LINK_WORDS}) \Z")
_LINKS = tuple(f" {word} " for word in _LINK_WORDS.split("|"))  # how all of them end


def is_prisoner(start: int, end: int, around: Surroundings) -> bool:
    """Return whether the words beside the bare surname are those of a criminal case."""
    after = _clause(end, end + _CLAUSE, around)
    if _HAPPENED.match(after) or _is_owner(after):
        return True
    before = _clause(max(0, start - _BEFORE), start, around)
    if _DONE_TO.search(before) or (before.endswith(_FORS) and _FOR.search(before)):
        return True
    linked = _LINK.search(before) if before.endswith(_LINKS) else None
    return linked is not None and word_key(linked[1]) in words("of_prisoner")


def _clause(start: int, end: int, around: Surroundings) -> str:
    """Return the span folded, its punctuation kept: the fold has spaces there."""
    clause = around.text[start:end]
    if clause.isascii():
        return clause.lower()
    pairs = zip(clause, around.folded[start:end], strict=True)
    return "".join([folded if written.isalnum() else written for written, folded in pairs])


def _is_owner(after: str) -> bool:
    """Return whether "’s lawyers", "’s new appeal" or " case" follows."""
    found = _POSSESSED.match(after)
    if found is None:
        return False
    if found[1] is not None:
        return not words("of_prisoner").isdisjoint(word_key(found[1]).split())
    return word_key(found[2].split()[0]) in words("of_prisoner_directly")


def is_told_again(start: int, end: int, family: str, around: Surroundings) -> bool:
    """Return whether the prisoner is called by the *family* name between two places."""
    return any(
        is_prisoner(first, last, around)
        for first, last in places_of(family, around.folded[:end], start)
        if around.text[first].isupper()
    )


_OF_MINE = re.compile(r"\b(?:my|our|mi|nuestro|nuestra|mon|ma|notre|mein|meine|unser|unsere) (\w+)")


@cache
def _first_person() -> re.Pattern[str]:
    mine = r"(?:i|me|my|soy|estoy|mi|je|j|mon|ma|ich|mein|meine|bin)"
    told = (
        r"(?:free|freed|innocent|guilty|prison|cell|death row|jail|home|alive|libre|inocente|carcel"
        r"|libere|frei|unschuldig|gefangnis|haft|zelle)"
    )
    return re.compile(rf"\b{mine}\b.*\b{told}\b|\b{told}\b.*\b{mine}\b")


def speaks_as_prisoner(sentence: str) -> bool:
    """Return whether who speaks in the folded *sentence* has a cell, or freedom, of their own."""
    if any(found[1] in words("kin") for found in _OF_MINE.finditer(sentence)):
        return False
    return bool(_first_person().search(sentence))
