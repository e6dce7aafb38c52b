"""The headline of a page, without the outlet's name behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from extractors.articles.canon import canonical_text
from extractors.articles.jsonld import Node, strings
from extractors.articles.meta import Metas

_SEPARATOR = re.compile(r"\s+(?:[|–—\-·•»›:]|::|//)\s+|\s*\|\s*|:\s+")
_WORDS = re.compile(r"\w+")
_LONGEST = 400
_CLEAR, _OVERLINE = 4, 3  # words of a title that is one, words of a section's name
_BYLINE = re.compile(r"\b(?:by|posted|published|updated|20\d\d)\b|\d\s*$|\.(?:com|org|net)\b")


def title_of(node: Node | None, metas: Metas, tree: HtmlElement, sites: Iterable[str]) -> str:
    """Return the page's headline, or an empty string.

    The h1 is what readers see, so it wins where it says what the metadata say; *sites* are names
    of the outlet that may hang on a title.
    """
    names = tuple(sites)
    heads = [without_site(line(h1.text_content()), names) for h1 in tree.iter("h1")]
    said = [
        *(strings(node.get("headline")) if node else ()),
        *metas.values("og:title", "twitter:title", "parsely-title", "dc.title", "sailthru.title"),
        *(element.text_content() for element in tree.xpath(".//head/title|./title")[:1]),
    ]
    titles = [without_site(line(title), names) for title in said]
    titles = [title for title in titles if title and not _is_site(title, names)]
    shown = next((head for head in heads if any(_same(head, title) for title in titles)), "")
    if shown:
        return next((title for title in titles if _is_bare(title, shown)), shown)
    return next(iter(titles), "") or next((h for h in heads if h and not _is_site(h, names)), "")


def without_site(title: str, sites: Iterable[str]) -> str:
    """Return *title* without a last or first part that is one of *sites*."""
    for site in sites:
        parts = list(_SEPARATOR.finditer(title))
        last = title[parts[-1].end() :] if parts else ""
        barred = bool(parts) and "|" in parts[-1].group()
        if parts and (_alike(last, site) or (barred and _is_brand(last, site))):
            title = title[: parts[-1].start()].strip()
        elif parts and _alike(title[: parts[0].start()], site):
            title = title[parts[0].end() :].strip()
    return title


def line(text: str) -> str:
    """Return *text* as one canonical line of at most 400 code points."""
    return " ".join(canonical_text(text).split())[:_LONGEST].strip()


def _is_bare(title: str, head: str) -> bool:
    """Return whether *title* is *head* without what templates put into the same heading.

    A section before it ("Politics | Stay", "Opinion Stay") or a byline behind it.
    """
    before, separator, after = head.partition(" | ")
    if separator and len(before) < len(after) and _letters(after) == _letters(title):
        return True
    words, shown = _WORDS.findall(title.casefold()), _WORDS.findall(head.casefold())
    more = len(shown) - len(words)
    if len(words) < _CLEAR or more <= 0:
        return False
    if shown[more:] == words:
        return more <= _OVERLINE
    return shown[: len(words)] == words and bool(_BYLINE.search(head[len(title) :]))


def _is_site(title: str, sites: Iterable[str]) -> bool:
    return any(_letters(title) == _letters(site) for site in sites)


def _alike(part: str, site: str) -> bool:
    one, other = _letters(part), _letters(site)
    if not one or not other:
        return False
    return one.removeprefix("the") == other.removeprefix("the")


def _is_brand(part: str, site: str) -> bool:
    """Return whether *part*, behind a bar, is of the site's house: "Example People" of example."""
    name = _letters(site)
    return len(name) >= 4 and len(part.split()) <= 3 and _letters(part).startswith(name)


def _letters(text: str) -> str:
    return "".join(_WORDS.findall(text.casefold()))


def _same(head: str, title: str) -> bool:
    """Return whether *head* says what *title* says: most words of the shorter are in the other."""
    one, other = set(_WORDS.findall(head.casefold())), set(_WORDS.findall(title.casefold()))
    if min(len(one), len(other)) < 2:
        return _letters(head) == _letters(title) != ""
    return len(one & other) >= 0.7 * min(len(one), len(other)) and len(one) >= 0.5 * len(other)
