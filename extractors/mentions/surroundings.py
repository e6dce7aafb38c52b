"""What stands around a span of a text: words, lines, sentence starts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from extractors.mentions.fold import fold_key
from extractors.mentions.tables import language_words

_WORD_AFTER = re.compile(r"[ \u00a0\n]([\w&][\w.’'-]*)")
_SENTENCE_START = re.compile(r"(?:\A|\n|[.!?:…][\"”“’»)]?\s|[\"“‘«(—–|•*]\s?)\Z")
SENTENCE_END = re.compile(r"[.!?…][\"”’»)]*\s|\n")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_BARS = tuple(f" {sign} " for sign in "|•·»›/")  # between the links of a menu
_HEADLINE = 110  # characters
_LINE = 300  # characters of a line that are looked at


@dataclass(slots=True)
class Surroundings:
    """A text, its fold and its language, with answers about the places in it.

    *names* are the places of all family and given names of the registry, by their fold.
    """

    text: str
    folded: str
    language: str
    title_end: int = 0  # text before it is the title
    names: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    _barred: bool | None = None
    _styles: dict[int, str] = field(default_factory=dict)

    def word_before(self, start: int) -> tuple[str, int]:
        """Return the word that ends one space or line break before *start*, and where it starts."""
        text = self.text
        end = start - 1
        if end < 0 or text[end] not in " \u00a0\n":
            return "", start
        if text[end] == "\n" and end > 0 and text[end - 1] in " \u00a0":
            end -= 1
        first = end
        while first > 0 and (text[first - 1].isalnum() or text[first - 1] in ".’'&-"):
            first -= 1
        return (text[first:end], first) if first < end else ("", start)

    def word_after(self, end: int) -> str:
        """Return the word that begins one space or line break after *end*."""
        found = _WORD_AFTER.match(self.text, end, end + 40)
        return found[1] if found else ""

    def opens_sentence(self, start: int) -> bool:
        """Return whether a sentence, a quotation or a line begins at *start*."""
        return bool(_SENTENCE_START.search(self.text, max(0, start - 4), start))

    def style(self, position: int) -> str:
        """Return how the line around *position* is written: upper, title or sentence."""
        begin = self.text.rfind("\n", max(0, position - _LINE), position) + 1
        if begin == 0:
            begin = max(0, position - _LINE)
        style = self._styles.get(begin)
        if style is None:
            end = self.text.find("\n", position, begin + _LINE)
            line = self.text[begin : end if end >= 0 else begin + _LINE]
            style = self._styles[begin] = line_style(line)
        return style

    def is_headline(self, position: int) -> bool:
        """Return whether the line of *position* is a title, or short and without a full stop."""
        if position < self.title_end:
            return True
        begin = self.text.rfind("\n", 0, position) + 1
        end = self.text.find("\n", position)
        line = self.text[begin : end if end >= 0 else len(self.text)].rstrip()
        return end >= 0 and len(line) <= _HEADLINE and not line.endswith((".", "!", "”", '"', ":"))

    def is_barred(self) -> bool:
        """Return whether a bar of a menu stands anywhere in the text."""
        if self._barred is None:
            self._barred = any(bar in self.text for bar in _BARS)
        return self._barred

    def is_lower(self, start: int, end: int) -> bool:
        """Return whether the span begins with a small letter where a name has a capital."""
        return self.text[start].islower() and not self.text[start:end].isupper()

    def same_name(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield where the registry's name of the span stands in the same letters, itself too."""
        name = self.text[start:end]
        for first, last in self.names.get(self.folded[start:end], ()):
            if self.text[first:last] == name:
                yield first, last

    def near(self, start: int, end: int, reach: int) -> str:
        """Return the fold of *reach* characters before and after the span."""
        return self.folded[max(0, start - reach) : end + reach]


def places_of(word: str, text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield the spans of *text* from *start* on that are *word*, whole and in its case.

    A pattern for each word would have to be compiled, at the cost of reading many articles.
    """
    at = text.find(word, start)
    while at >= 0:
        end = at + len(word)
        whole = not (_in_word(text[at - 1 : at]) or _in_word(text[end : end + 1]))
        if whole:
            yield at, end
        at = text.find(word, end if whole else at + 1)


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def line_style(line: str) -> str:
    """Return upper for LINES IN CAPITALS, title for Most Words With Capitals, else sentence."""
    words = _LONG_WORD.findall(line)
    if len(words) < 3:
        return "sentence"
    capitals = [word for word in words if word[0].isupper()]
    if len(capitals) < 0.7 * len(words):
        return "sentence"
    if sum(map(str.isupper, capitals)) >= 0.7 * len(words):
        return "upper"
    return "title" if len(capitals) >= 0.75 * len(words) else "sentence"


def guess_language(folded: str) -> str:
    """Return the language whose everyday words are most frequent; "en" where none are."""
    said = Counter(folded[:4000].split(" "))
    counts = {code: sum(map(said.__getitem__, listed)) for code, listed in language_words().items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] > counts["en"] else "en"


@lru_cache(maxsize=8192)
def key(word: str) -> str:
    """Return *word* as the tables know it: folded, without its points and possessive."""
    return fold_key(word.removesuffix("'s").removesuffix("’s"))
