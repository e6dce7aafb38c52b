"""Whose event it is: the case closest to the trigger, and nobody's where it is somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.events.rules import Words
from extractors.model import Mention

_OTHER_CLAUSE, _ASIDE, _WRONG_SIDE = 70, 90, 15  # characters that a mention counts as further off
_NAME = r"(?-i:[A-ZÀ-Þ][\w.'’-]*[\w.](?: (?:de |la |von |van |del )?[A-ZÀ-Þ][\w.'’-]*[\w.]){0,3})"
_NO_LINK = (
    r"(?!by |in |on |at |after |with |from |as |and |over |para |por |en |par |dans |im |am |von )"
)
_WORDS = rf"(?:{_NO_LINK}[a-z][\w-]* ){{0,4}}"
_AFTER = re.compile(
    rf"(?: ?\b(?:(?P<of>of|de|von)|for|to|against|a|an|für|gegen)\b)? ?{_WORDS}(?P<name>{_NAME})"
)
_BEFORE = re.compile(
    rf"(?P<name>{_NAME})(?:[’']s?)?(?:, [^,.;]{{1,60}},)?(?:,? (?:who|whose [a-z ]{{1,25}}))?"
    r"(?: (?:was|were|had been) \w+ and)? ?"
    r"(?:\w+ly )?\Z"
)
_INSIDE = re.compile(rf"(?:\b(?:of|for|von|de) (?P<after>{_NAME})|(?P<before>{_NAME})[’']s?\b)")
_PASSIVE = re.compile(
    r"\A(?:(?:was|were|is|are|has been|had been|have been|having been|(?:scheduled|set) (?:to|for)"
    r"|due|slated|fue|ha sido|será|a été|est|wurde|ist|resentenced|left|pronounced|died|freed"
    r"|released"
    r"|cleared|libérée?|exécutée?|graciée?|innocentée?|acquittée?|hingerichtet|liberad[oa]|ejecutad[oa]"
    r"|exonerad[oa]|absuelt[oa]|puest[oa]|came|comes|coming|went|goes|returns?|returned|got|gets|flew|step(?:s|ped)|emerg(?:es|ed)"
    r"|back|home|out|free|finally|since|executed by|executed at"
    r"|fac(?:es|ed|ing)|los(?:es|t)|escap(?:es|ed)|dodg(?:es|ed)|avoid(?:s|ed)|appealed|turns to"
    r"|sale|salió|sort|est|sorti)\b|walk|execution\b(?! date))",
    re.IGNORECASE,
)
_ASIDES = re.compile(
    r"(?:, | )(?:like|unlike|along with|alongside|as with|such as|including|not|together with|como"
    r"|comme|wie) [^,;]{2,60}|, (?:who|whose|which|where|and whose) [^,;]{2,90},"
)
# Whose mercy it is stands after it, whom it is for does not: "les appels à la clémence de ..."
_MERCY = re.compile(r"\b(?:clemency|mercy|clemencia|clémence|grâce|gnade)\W*\Z", re.IGNORECASE)
_OF_THINGS = frozenset({"dna_testing_result", "hearing_set"})  # no person stands beside them
# A run of capitals that holds one of these is no person's name.
NO_PERSON = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|jan\w*|feb\w*|march|april|may|june|july|aug\w*"
    r"|sept?\w*|oct\w*|nov\w*|dec\w*|courts?|supreme|appeals?|board|pardons?|parole|county|state|states"
    r"|district|attorney|department|prison|penitentiary|unit|u\.s\.?|us|american?|judges?|justices?"
    r"|governor|gov\.?|president|dna|texas|texan|oklahoma|missouri|alabama|california|tennessee"
    r"|mississippi|florida|georgia|ohio|virginia|arkansas|arizona|louisiana|nevada|kentucky|indiana"
    r"|carolina|maryland|pennsylvania|utah|idaho|nebraska|kansas|delaware|illinois|united|federal|first"
    r"|black|latina?|death|row|he|she|his|her|they|it|the|i|a|an|no|new|project|lawyers?|mr|mrs|ms"
    r"|evidence|testing|executions?|justice|man|woman|prisoner|inmate|everyone|nobody|who|that|this"
    r"|there|one|what|both|none|house|white|senate|legislature|commission|panel|committee|university|church|city|jail|street|north|south|east|west|circuit|federal|tribune|times|journal|post|news|innocence|amnesty|tribunal|corte|junta|conseil|cour|cámara|misuri|congress|clemency|dna|harte|huntsville|terre|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lunes|martes"
    r"|miércoles|jueves|viernes|lundi|mardi|mercredi|jeudi|vendredi|el|la|der|die|das|er|sie|le|il|elle"
    r"|haft|todesstrafe|urteil|gericht|gouverneur|präsident|hinrichtung)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\W*(?:he|she|his|her|él|ella|il|elle|er|sie)\b", re.IGNORECASE)
_VERB = re.compile(r"(?<= )(?:was|were|been|are|is) \Z")
_LIST = 60  # characters
_LEADS = re.compile(
    r"[’']?s?(?: (?:inmate|prisoner|man|woman|native|resident|client) |,? [^;]*\band )?\Z"
)
_MANY_CAPITALS = 0.8


def subject_of(
    text: str,
    span: tuple[int, int],
    match: re.Match[str],
    here: Sequence[Mention],
    before: Sequence[Mention],
    words: Words,
    rule_type: str,
) -> str | None:
    """Return whose event the trigger is, or None where it is that of somebody not tracked.

    Without a case in the sentence it is that of the sentence before: of its first case where the
    trigger's sentence begins with a pronoun, else of its last.
    """
    if _is_of_others(text, span, match, here, words, rule_type):
        return None
    if here:
        return min(here, key=lambda one: _distance(text, span, match, one, words)).subject
    if not before:
        return None
    pronoun = _PRONOUN.match(text, *span)
    return before[0 if pronoun else -1].subject


def _distance(
    text: str, span: tuple[int, int], match: re.Match[str], one: Mention, words: Words
) -> int:
    if one.start < match.end() and match.start() < one.end:
        return -1
    first, last = sorted([(one.start, one.end), match.span()])
    distance = last[0] - first[1]
    distance += _OTHER_CLAUSE * len(words.clause.findall(text, first[1], last[0]))
    distance += _ASIDE * _is_aside(text, span, match, one)
    is_left = one.start < match.start()
    return distance + _WRONG_SIDE * (is_left != bool(_PASSIVE.match(match[0])))


def _is_aside(text: str, span: tuple[int, int], match: re.Match[str], one: Mention) -> bool:
    """Return whether the mention stands in an aside without the trigger: ", like Rodney Reed,"."""
    return any(
        aside.start() < one.start < aside.end()
        and not (aside.start() < match.start() < aside.end())
        for aside in _ASIDES.finditer(text, *span)
    )


def _is_of_others(
    text: str,
    span: tuple[int, int],
    match: re.Match[str],
    here: Sequence[Mention],
    words: Words,
    rule_type: str,
) -> bool:
    """Return whether the words beside the trigger name somebody who is not tracked."""
    if rule_type in _OF_THINGS:
        return False
    passive = _PASSIVE.match(match[0])
    if passive and words.others.search(
        text, max(span[0], match.start() - 60), _before_verb(text, match.start())
    ):
        return not _is_named_soon(text, match.start() - 40, match.start(), here)
    if not passive and words.others_after.match(text, match.end(), span[1]):
        return not _is_named_soon(text, match.end(), span[1], here)
    if is_headline(text[span[0] : span[1]]):
        return False
    return any(
        not _is_no_person(name, passive is not None, words)
        and not _is_tracked(text, start, end, here)
        for name, start, end in _names(text, span, match, passive is not None)
    )


def _before_verb(text: str, start: int) -> int:
    """Return where "were" begins in "27 people were | released", else *start*."""
    verb = _VERB.search(text, max(0, start - 10), start)
    return verb.start() if verb else start


def _names(
    text: str, span: tuple[int, int], match: re.Match[str], passive: bool
) -> Iterator[tuple[str, int, int]]:
    """Yield the names right beside the trigger, or in it, where the one concerned stands."""
    if passive and (found := _BEFORE.search(text, max(span[0], match.start() - 80), match.start())):
        yield found["name"], *found.span("name")
    found = None if passive else _AFTER.match(text, match.end(), span[1])
    if found and not (found["of"] and _MERCY.search(match[0])):
        yield found["name"], *found.span("name")
    for found in _INSIDE.finditer(text, *match.span()):
        group = "after" if found["after"] else "before"
        yield found[group], *found.span(group)


def _is_no_person(name: str, passive: bool, words: Words) -> bool:
    """Return whether a run of capitals is no person's name.

    One word that ends in s may be a plural, and a German one is any noun.
    """
    if NO_PERSON.search(name):
        return True
    if " " in name:
        return False
    return words.verb_last or len(name) < 4 or (passive and name.endswith("s"))


def _is_tracked(text: str, start: int, end: int, here: Sequence[Mention]) -> bool:
    """Return whether the name is a case's, or leads to one: "Ann Poe and Richard Glossip"."""
    return any(
        (one.start < end and start < one.end + 2)
        or (end <= one.start <= end + _LIST and bool(_LEADS.match(text[end : one.start])))
        for one in here
    )


def _is_named_soon(text: str, start: int, end: int, here: Sequence[Mention]) -> bool:
    """Return whether a list follows that names a case: "pardoned 73 people, including ..."."""
    return any(
        start <= one.start < end
        and re.search(r"\b(?:including|among|such as|and|who is|named)\b", text[start : one.start])
        for one in here
    ) or any(
        start <= one.start < end and re.match(r",? among\b", text[one.end : one.end + 8])
        for one in here
    )


def is_headline(sentence: str) -> bool:
    """Return whether it is a headline with capitals throughout, which tell no names."""
    long = re.findall(r"[^\W\d_]{4,}", sentence)
    if not long or sentence.rstrip("”’\"'»)").endswith((".", "!", "?")):
        return False
    return sum(1 for word in long if word[0].isupper()) > _MANY_CAPITALS * len(long)
