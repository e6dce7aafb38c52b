"""Who wrote an article: clean names, in the order of the byline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from itertools import islice

from lxml.html import HtmlElement
from trafilatura.metadata import extract_author

from extractors.articles.jsonld import Node, strings, types_of
from extractors.articles.meta import Metas
from extractors.articles.names import (
    as_written,
    clean_names,
    helpers_in,
    is_handle,
    is_outlet,
    letters,
    looks_like_a_name,
)
from extractors.articles.outline import Outline

_METAS = (
    "author",
    "article:author",
    "article:author_name",
    "article.author",
    "og:article:author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "dc.creator.name",
    "cxenseparse:author",
    "citation_author",
)
# Where bylines stand, each with the words of which a label of such an element holds one.
_BYLINES = {
    './/*[contains(@itemprop, "author")]//*[@itemprop="name"]': ("author",),
    './/*[self::a or self::span or self::div or self::p][contains(@itemprop, "author")]': (
        "author",
    ),
    './/a[contains(concat(" ", @rel, " "), " author ")]': ("author",),
    ".//*[self::a or self::span or self::div or self::p or self::strong]"
    '[contains(@class, "author-name") or contains(@class, "author__name")'
    ' or contains(@class, "byline-name") or contains(@class, "byline__name")'
    ' or contains(@class, "AuthorName") or contains(@class, "authorName")]': (
        "author-name",
        "author__name",
        "authorname",
        "byline",
    ),
    './/*[self::a or self::span or self::div or self::p][contains(@class, "byline")'
    ' or contains(@class, "Byline") or @class="author" or @class="authors" or @id="byline"]': (
        "author",
        "byline",
    ),
}
_AUTHOR_LINK = re.compile(r"/authors?/|/staff/|/writer|/contributor")
# In the labels of what trafilatura takes for an author: all of `AUTHOR_XPATHS` in its xpaths.py.
_ITS_LABELS = (
    "author",
    "byline",
    "\nbyl\n",
    "\nusername\n",
    "\nbbl\n",
    "zuozhe",
    "bianji",
    "xiaobian",
    "channel-name",
    "submitted-by",
    "posted-by",
    "journalist-name",
    "screenname",
    "writer",
)
_BYLINE_TAGS = frozenset({"p", "span", "div", "li", "h2", "h3", "h4", "h5", "h6", "address"})
_SPOKEN_BY = re.compile(
    r"(?:(?:Written|Posted|Story|Words) )?(?:By|by|BY)(?:\s|:|(?=[A-Z]))\s*[^\W\d_]"
)
_AUTHOR_LABELS = frozenset({"written by", "author", "by", "verfasst von", "escrito por"})
_ELSEWHERE = re.compile(
    r"comment|related|recommend|sidebar|footer|promo|teaser|card|widget", re.IGNORECASE
)
_SPOKEN, _LINKED = "spoken", "linked"  # in place of a path: text beginning with "By", links
_MOST, _FEW = 12, 6
_NEAR, _START = 150, 300  # elements behind the headline, or from the top, where "By" is heard
_SPEAKS = frozenset("WPSBb")  # what `_SPOKEN_BY` begins with


def authors_of(
    node: Node | None,
    metas: Metas,
    outline: Outline,
    sites: Iterable[str],
    feed: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return the names of the page's authors, from the first voice that names a person.

    JSON-LD, then meta elements, bylines, the feed. Where nobody is named: the agency, else the
    byline as it stands ("Example Staff"), else what trafilatura takes for one.
    """
    outlets = frozenset(map(letters, sites)) - {""}
    others: tuple[str, ...] = ()
    bylines = _Bylines(metas, outline)
    for voice in _voices(node, metas, bylines, feed):
        names = clean_names(voice, outlets)
        people = tuple(name for name in names if not is_outlet(name) and not is_handle(name))
        if people:
            return _without_helpers(_all_of(people, metas, outlets), bylines)[:_MOST]
        others = others or names
    return (others or _as_written(node, metas, bylines) or _by_trafilatura(outline))[:_MOST]


class _Bylines:
    """The bylines on a page, each kind looked up once and only if asked for."""

    def __init__(self, metas: Metas, outline: Outline) -> None:
        labelled = metas.first("twitter:label1").lower() in _AUTHOR_LABELS
        self.card = tuple(metas.values("twitter:data1")) if labelled else ()
        self._outline = outline
        self._found: dict[str, tuple[str, ...]] = {}

    def at(self, place: str) -> tuple[str, ...]:
        """Return the texts of the first byline at *place*: an XPath, `_SPOKEN` or `_LINKED`."""
        if place not in self._found:
            self._found[place] = tuple(self._look_up(place))
        return self._found[place]

    def _look_up(self, place: str) -> Iterator[str]:
        if place == _SPOKEN:
            return _spoken_byline(self._outline)
        if place == _LINKED:
            return _of_elements(_author_links(self._outline))
        if not self._outline.labelled(*_BYLINES[place]):
            return iter(())
        return _of_elements(self._outline.tree.xpath(place))


def _voices(
    node: Node | None, metas: Metas, bylines: _Bylines, feed: Sequence[str]
) -> Iterator[Iterable[str]]:
    if node is not None:
        yield _of_node(node)
    for name in _METAS:
        yield metas.values(name)
    yield bylines.card
    for path in (*_BYLINES, _SPOKEN, _LINKED):
        yield filter(looks_like_a_name, clean_names(bylines.at(path)))
    yield feed


def _all_of(people: tuple[str, ...], metas: Metas, outlets: frozenset[str]) -> tuple[str, ...]:
    """Return *people*, or all whom the page's meta element names if they are among them."""
    named = tuple(name for name in clean_names(metas.values("author"), outlets))
    more = set(map(letters, named)) > set(map(letters, people)) and len(named) <= _FEW
    return named if more and not any(map(is_outlet, named)) else people


def _without_helpers(people: tuple[str, ...], bylines: _Bylines) -> tuple[str, ...]:
    """Return *people* without those whom the byline calls reviewers, editors or photographers."""
    if len(people) < 2:
        return people
    helpers = helpers_in(text for path in (_SPOKEN, *_BYLINES) for text in bylines.at(path))
    return tuple(name for name in people if letters(name) not in helpers) or people


def _as_written(node: Node | None, metas: Metas, bylines: _Bylines) -> tuple[str, ...]:
    said = (
        *(_of_node(node) if node is not None else ()),
        *metas.values(*_METAS),
        *bylines.card,
        *(text for path in (*_BYLINES, _SPOKEN) for text in bylines.at(path)[:1]),
    )
    return tuple(islice(filter(None, map(as_written, said)), 1))


def _by_trafilatura(outline: Outline) -> tuple[str, ...]:
    tree = outline.tree
    if not outline.labelled(*_ITS_LABELS) and tree.find(".//author") is None:
        return ()  # nothing to look through in its slow ways
    return tuple(filter(looks_like_a_name, clean_names((extract_author(copy(tree)) or "",))))


def _of_node(node: Node) -> Iterator[str]:
    for key in ("author", "creator"):
        value = node.get(key)
        for part in value if isinstance(value, list) else [value]:
            organisation = isinstance(part, dict) and "Organization" in types_of(part)
            if not organisation or len(value or ()) == 1 or isinstance(value, dict):
                yield from strings(part, "name", "alternateName")


def _of_elements(matching: Sequence[HtmlElement]) -> Iterator[str]:
    """Yield the texts of the first byline that matches: the later ones are other articles'."""
    elements = [element for element in matching[:20] if not _is_elsewhere(element)]
    near = elements[0].getparent() if elements else None
    for _ in range(2):  # a list of linked names: <li><a>, <span><a>
        if near is not None and near.tag not in {"body", "article", "main", "html"}:
            near = near.getparent()
    for element in elements:
        if element is elements[0] or near in element.iterancestors():
            yield element.get("content") or " ".join(element.itertext())


def _author_links(outline: Outline) -> list[HtmlElement]:
    headline = outline.headline()
    if headline is None:
        return []
    links = (element for element in outline.behind(headline) if element.tag == "a")
    return [link for link in links if _AUTHOR_LINK.search(link.get("href", ""))]


def _spoken_byline(outline: Outline) -> Iterator[str]:
    """Yield the first short text that begins with "By", behind the headline if there is one."""
    headline = outline.headline()
    behind = outline.behind(headline)[:_NEAR] if headline is not None else ()
    for element in behind or outline.in_body()[:_START]:
        if element.tag in _BYLINE_TAGS and len(element) <= 6 and _first_letter(element) in _SPEAKS:
            text = " ".join(" ".join(element.itertext()).split())
            if 6 <= len(text) <= 120 and _SPOKEN_BY.match(text) and not _is_elsewhere(element):
                yield text.replace("By", "By ", 1)  # "ByAnn Lee": the space was style
                return


def _first_letter(element: HtmlElement) -> str:
    return next((part.lstrip()[0] for part in element.itertext() if part.strip()), "")


def _is_elsewhere(element: HtmlElement) -> bool:
    near = (element, *islice(element.iterancestors(), 4))
    return any(_ELSEWHERE.search(_labels(up)) for up in near)


def _labels(element: HtmlElement) -> str:
    if element.tag in {"body", "html", "article", "main"}:  # "comments-open" is no comment
        return ""
    return f"{element.get('class', '')} {element.get('id', '')}"
