"""Phrases of one to four words, as they may be a word of a case: "Hile", "Chino Hills".

A phrase's key is its fold with single spaces, as the tagger looks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from extractors.mentions.fold import fold, fold_key
from extractors.mentions.tables import is_given_name, language_words, us_states, words

_WORD = re.compile(r"\w+")
_GAP = re.compile(r"[ \u00a0’'-]")  # what may stand between two words of one phrase
_SENTENCE_BEFORE = re.compile(r"(?:\A|[.!?…:;\n]|[“\"‘])\s*\Z")
_MOST_WORDS = 4
_LISTS = ("plain", "kin", "roles", "honorifics", "speech", "topic_strong", "topic_weak", "campaign")
# Words that begin or end no phrase, whatever the language, beside the lists of the lexicon.
_FUNCTION_WORDS = """
    about above again against any are because been being below could down during each even
    every few first found four get give going here him himself how into just last made make
    many more most much must new next off one only other our out over own people per same
    several she some such take taken than them themselves there they thing three through time
    too two under until upon use used very way week well went were what where which while
    will within work would year years você también sobre entre hasta desde donde cuando años
    pour dans avec sans chez très leur cette ans nicht auch noch nur wie wird werden wurde
    über unter zwischen gegen ohne sich einer eine einem einen eines haben hatte sein
    photo image reuters updated published read sign email newsletter advertisement
"""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One place of a phrase.

    *proper*: a name, written with capitals where no rule asks for one, and not a part of a longer
    one: "San Quentin" and not "Quentin".
    """

    key: str
    start: int
    end: int
    proper: bool


@dataclass(frozen=True, slots=True)
class _Word:
    key: str
    start: int
    end: int
    capital: bool


def phrases(text: str, spans: Iterable[tuple[int, int]], title_end: int = 0) -> list[Phrase]:
    """Return every phrase of *text* within *spans*, the shorter first at each place.

    Where all words have capitals, as in a title, which ends at *title_end*, or where a sentence
    begins, a capital says nothing: such a phrase counts as not proper.
    """
    found: list[Phrase] = []
    for start, end in spans:
        listed = list(_words(text, start, end))
        for first in range(len(listed)):
            found.extend(_phrases_from(text, listed, first, title_end))
    return found


def near(spans: Sequence[tuple[int, int]], reach: int, end: int) -> list[tuple[int, int]]:
    """Return the stretches within *reach* characters of *spans*, merged, within 0 to *end*."""
    merged: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        begin, last = max(0, start - reach), min(end, stop + reach)
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((begin, last))
    return merged


def keys_within(text: str, keys: AbstractSet[str]) -> set[str]:
    """Return which of *keys*, phrases of up to four words, stand in *text* as whole words."""
    listed = fold(text).split()
    found = set(listed) & keys
    for size in range(2, _MOST_WORDS + 1):
        runs = zip(*(listed[first:] for first in range(size)), strict=False)
        found |= {" ".join(run) for run in runs} & keys
    return found


def _words(text: str, start: int, end: int) -> Iterator[_Word]:
    """Yield the words that stand whole between *start* and *end*."""
    folded = fold(text)
    for match in _WORD.finditer(folded, start, end):
        cut = (match.start() == start > 0 and folded[start - 1].isalnum()) or (
            match.end() == end < len(folded) and folded[end].isalnum()
        )
        if not cut:
            yield _Word(match[0], *match.span(), text[match.start()].isupper())


def _phrases_from(
    text: str, listed: Sequence[_Word], first: int, title_end: int
) -> Iterator[Phrase]:
    if not _may_stand_at_an_end(listed[first].key):
        return
    for last in range(first, min(first + _MOST_WORDS, len(listed))):
        if last > first and not _are_joined(text, listed[last - 1], listed[last]):
            return
        if not _may_stand_at_an_end(listed[last].key):
            continue
        phrase = _phrase(text, listed, first, last, title_end)
        if _is_telling(phrase, last - first + 1):
            yield phrase


def _are_joined(text: str, word: _Word, following: _Word) -> bool:
    gap = text[word.end : following.start]
    return bool(_GAP.fullmatch(gap)) or (gap == ". " and word.end - word.start == 1)  # an initial


def _phrase(text: str, listed: Sequence[_Word], first: int, last: int, title_end: int) -> Phrase:
    run = listed[first : last + 1]
    start, end = run[0].start, run[-1].end
    begins = first == last and bool(_SENTENCE_BEFORE.search(text, max(0, start - 4), start))
    proper = run[0].capital and run[-1].capital and start >= title_end and not begins
    if proper and first > 0 and _are_joined(text, listed[first - 1], run[0]):
        proper = not _is_name(listed[first - 1])
    if proper and last + 1 < len(listed) and _are_joined(text, run[-1], listed[last + 1]):
        proper = not _is_name(listed[last + 1])
    return Phrase(" ".join(word.key for word in run), start, end, proper)


def _is_name(word: _Word) -> bool:
    """Return whether the word beside a phrase makes it longer: "Quentin" is half of a name."""
    return word.capital and word.key not in _everyday() and word.key not in words("roles")


def _is_telling(phrase: Phrase, count: int) -> bool:
    """Return whether the phrase is more than a word of everyday life or a bare given name."""
    if phrase.key in _general():
        return False
    if count == 1:
        return len(phrase.key) >= 4 and not is_given_name(phrase.key)
    return count == 2 or phrase.proper


def _may_stand_at_an_end(key: str) -> bool:
    return len(key) >= 3 and not any(char.isdigit() for char in key) and key not in _everyday()


@cache
def _everyday() -> frozenset[str]:
    listed = {word for name in ("plain", "kin", "honorifics", "speech") for word in words(name)}
    languages = {fold_key(word) for some in language_words().values() for word in some}
    return frozenset(listed | languages | set(map(fold_key, _FUNCTION_WORDS.split())))


@cache
def _general() -> frozenset[str]:
    """Return what the tagger weighs for every case, or what stands in every report."""
    listed = {word for name in _LISTS for word in words(name)}
    return frozenset(listed | set(us_states().values()) | _everyday())
