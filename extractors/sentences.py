"""Sentences and snippets, as offsets; no name is cut: "Gov. Newsom", "Glossip v. Gross"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

# Words, in lower case, whose point does not end a sentence: of the first kind it does where a
# capital follows. English, Spanish, French, German.
_MAY_END = {"corp", "ltd", "etc", "a.m", "p.m", "u.s", "d.c", "u.k", "usw", "inc"}
_NEVER_END = {
    "mr", "mrs", "ms", "dr", "prof", "gov", "sen", "rep", "lt", "col", "gen", "sgt", "capt", "det",
    "atty", "hon", "rev", "sr", "jr", "st", "ste", "v", "vs", "nos", "co", "dept", "ct", "cf", "al",
    "eg", "ie", "approx", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct",
    "nov", "dec", "mt", "ft", "ave", "blvd", "cal", "tex", "okla", "ala", "mo", "tenn", "pa", "fla",
    "ga", "u.n", "sra", "srta", "dra", "ud", "uds", "pag", "num", "m", "mme", "mlle", "mm", "hr",
    "fr", "z.b", "bzw", "ca", "nr", "abs", "str",
}  # fmt: skip
# "The U.S. Supreme Court": the point of a country's initials, with what belongs to the country.
_OF_A_COUNTRY = re.compile(
    r"\s(?:Supreme|District|Circuit|Court|Attorney|Department|Bureau|Justice|Senat|House|Congress|Sen\."
    r"|Rep\.|Represent|President|Marshal|Penitentiary|Judge|Magistrate|Parole|Pardon|Constitution"
    r"|Army|Navy|Air|Solicitor|Government|Sentencing|Magistrate|Secretary|Ambassador)"
)
_LONG = 7  # letters: no abbreviation above has as many
_MONTH_NEXT = re.compile(r"\s(?:Jan|Feb|M[aä]r|Apr|Ma|Jun|Jul|Aug|Sep|Ok|Oc|Nov|De)")
# One set of characters first: so the search skips all others quickly.
_END = re.compile(r"[.!?…\n](?:(?<=\n)\n*|(?<!\n)[.!?…]*[\"”’»)\]]*(?=\s))")
_LINE_BREAK = re.compile(r"\n+(?![a-zäöüß])\n*|\n{2,}")
_WORD_END = re.compile(r"([^\W\d_][\w.’'&-]*)\Z")
_NEXT = re.compile(r"\s+[\"“‘'«(\[¿¡—–-]*([\w])")

MIN_SNIPPET, MAX_SNIPPET = 160, 400  # characters


def split_sentences(text: str, start: int = 0, stop: int | None = None) -> list[tuple[int, int]]:
    """Return the spans of the sentences of *text* in order, without the space between them.

    Each line break ends a sentence unless the line wraps: the next one begins in lower case.
    *start* and *stop* limit what is split; they should stand at ends of lines.
    """
    spans: list[tuple[int, int]] = []
    stop = len(text) if stop is None else stop
    for end in _END.finditer(text, start, stop):
        if not _is_end(text, end):
            continue
        _add(spans, text, start, end.end())
        start = end.end()
    _add(spans, text, start, stop)
    return spans


def sentences_near(text: str, places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the sentences of each paragraph that holds one of *places*, and of the one after it.

    *places* are spans in reading order. Most of a long article is never looked at.
    """
    spans: list[tuple[int, int]] = []
    done = 0
    for start, end in places:
        if start < done:
            continue
        begin = max(done, _line_start(text, start))
        done = _line_end(text, _line_end(text, end))
        spans.extend(split_sentences(text, begin, done))
    return spans


def _line_start(text: str, position: int) -> int:
    """Return where the paragraph of *position* begins; wrapped lines belong together."""
    start = text.rfind("\n", 0, position) + 1
    while start > 1 and text[start].islower() and text[start - 2] != "\n":
        start = text.rfind("\n", 0, start - 1) + 1
    return start


def _line_end(text: str, position: int) -> int:
    """Return where the next paragraph after *position* begins, or the end of *text*."""
    first = text.find("\n", position)
    found = _LINE_BREAK.search(text, first) if first >= 0 else None
    return found.end() if found else len(text)


def _is_end(text: str, end: re.Match[str]) -> bool:
    after = _NEXT.match(text, end.end()) if end[0][0] != "\n" else None
    if end[0][0] == "\n":
        return len(end[0]) > 1 or not text[end.end() : end.end() + 1].islower()
    if after and after[1].islower():
        return False
    if not end[0].startswith(".") or len(end[0]) > 1:
        return True
    return not _abbreviates(text, end.start(), after)


def _abbreviates(text: str, stop: int, after: re.Match[str] | None) -> bool:
    """Return whether the point at *stop* belongs to an abbreviation or an initial."""
    if stop >= _LONG and text[stop - _LONG : stop].isalpha():
        return False
    found = _WORD_END.search(text, max(0, stop - 20), stop)
    if not found:  # "20. November", "No. 5": a number and its point
        return text[stop - 1 : stop].isdigit() and bool(_MONTH_NEXT.match(text, stop + 1))
    word = found[1].strip("’'")
    if len(word) == 1 and word.isupper():
        return word != "I"
    folded = word.lower()
    if folded in _MAY_END:
        return not after or not after[1].isupper() or bool(_OF_A_COUNTRY.match(text, stop + 1))
    return folded in _NEVER_END


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))


def sentence_of(sentences: Sequence[tuple[int, int]], position: int) -> int:
    """Return the index of the sentence that holds *position*, or the one before it; at least 0."""
    return max(0, bisect_right(sentences, (position, 1 << 60)) - 1)


def snippet(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the sentence of a mention, at least 160 and at most 400 characters where text allows.

    The span from *start* to *end* is always whole within it.
    """
    sentences = split_sentences(text)
    if not sentences:
        return start, end
    first, last = sentence_of(sentences, start), sentence_of(sentences, max(start, end - 1))
    begin, stop = min(sentences[first][0], start), max(sentences[last][1], end)
    while stop - begin < MIN_SNIPPET and (first > 0 or last + 1 < len(sentences)):
        if last + 1 < len(sentences) and (first == 0 or stop - end <= start - begin):
            last += 1
        else:
            first -= 1
        begin, stop = min(begin, sentences[first][0]), max(stop, sentences[last][1])
    return _cut(text, begin, stop, start, end)


def _cut(text: str, begin: int, stop: int, start: int, end: int) -> tuple[int, int]:
    """Return at most 400 characters around the mention, cut between words."""
    if stop - begin <= MAX_SNIPPET:
        return begin, stop
    spare = max(0, MAX_SNIPPET - (end - start))
    left = max(begin, start - spare // 2)
    right = min(stop, max(end, left + MAX_SNIPPET))
    left = max(begin, min(left, right - MAX_SNIPPET)) if right == stop else left
    while left > begin and left < start and not text[left - 1].isspace():
        left += 1
    while right < stop and right > end and not text[right].isspace():
        right -= 1
    return left, right
