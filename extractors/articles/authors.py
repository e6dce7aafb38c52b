"""Who wrote an article: clean names, in the order of the byline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from itertools import islice

from lxml.html import HtmlElement
from trafilatura.metadata import extract_author

from extractors.articles.canon import canonical_text
from extractors.articles.jsonld import Node, strings, types_of
from extractors.articles.meta import Metas

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
_BYLINES = (
    './/*[contains(@itemprop, "author")]//*[@itemprop="name"]',
    './/*[self::a or self::span or self::div or self::p][contains(@itemprop, "author")]',
    './/a[contains(concat(" ", @rel, " "), " author ")]',
    ".//*[self::a or self::span or self::div or self::p or self::strong]"
    '[contains(@class, "author-name") or contains(@class, "author__name")'
    ' or contains(@class, "byline-name") or contains(@class, "byline__name")'
    ' or contains(@class, "AuthorName") or contains(@class, "authorName")]',
    './/*[self::a or self::span or self::div or self::p][contains(@class, "byline")'
    ' or contains(@class, "Byline") or @class="author" or @class="authors" or @id="byline"]',
)
_AUTHOR_LINKS = (
    ".//h1/following::a[contains(@href, '/author/') or contains(@href, '/authors/')"
    " or contains(@href, '/staff/') or contains(@href, '/writer')"
    " or contains(@href, '/contributor')]"
)
_BYLINE_TAGS = frozenset({"p", "span", "div", "li", "h2", "h3", "h4", "h5", "h6", "address"})
_SPOKEN_BY = re.compile(
    r"(?:(?:Written|Posted|Story|Words) )?(?:By|by|BY)(?:\s|:|(?=[A-Z]))\s*[^\W\d_]"
)
_AUTHOR_LABELS = frozenset({"written by", "author", "by", "verfasst von", "escrito por"})
_ELSEWHERE = re.compile(
    r"comment|related|recommend|sidebar|footer|promo|teaser|card|widget", re.IGNORECASE
)

_BY = re.compile(
    r"^\W*(?:(?:written|posted|reported|story|text|words|analysis|opinion|review|article|photos?)\s+)?"
    r"(?:by|von|par|por|di|door|af|av|autor(?:in)?|authors?|auteur)\b\s*:?\s+(?=\S)",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:[,;|/•·]|\s-\s|\s[–—]\s)\s*(?:and\s+|&\s*)?|\s+(?:and|und|et|with|&)\s+",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r",\s*((?:jr|sr|ph\.?d|m\.?d|esq|ii|iii|iv)\b\.?)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S*|www\.\S+|\S+@\S+\.\w+|@\w+")
_BRACKETS = re.compile(r"\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_DATE_OR_TIME = re.compile(
    r"\b(?:19|20)\d\d\b|\d:\d\d|\b(?:updated|published|posted|min(?:ute)?s? read|ago)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:staff|reporter|writer|editor|correspondent|columnist|contributor|producer|journalist"
    r"|bureau|chief|photographer|special to|for the|senior|associate|news ?desk|newsroom|redaktion"
    r"|follow|share|subscribe|profile|biography|read more|view all|more from|see all|email"
    r"|professor|university|director|contributing"
    r"|fellow|link copied|copy link|published|updated|sponsored|twitter|facebook|head of)\b",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    [
        "admin",
        "administrator",
        "editor",
        "editors",
        "editorial",
        "staff",
        "author",
        "anonymous",
        "unknown",
        "none",
        "null",
        "guest",
        "redaktion",
        "webmaster",
        "contributor",
        "user",
        "by",
    ]
)
_AGENCIES = re.compile(
    r"^(?:the\s+)?(?:associated press|ap|reuters|afp|agence france[- ]presse|bloomberg(?: news)?"
    r"|upi|cnn wire|pa media|press association|dpa|wire (?:services?|reports?))$",
    re.IGNORECASE,
)
_OUTLET_WORDS = re.compile(
    r"\b(?:times|news|tribune|herald|gazette|network|media|magazine|wire|agency|press|inc|llc|tv)\.?$",
    re.IGNORECASE,
)
_ROLE_TAIL = re.compile(
    r"\s*[,|–—-]?\s+(?:staff writer|staff reporter|associated press writer|reuters|ap|special"
    r" correspondent|contributing writer|associated press|news editor)\s*$",
    re.IGNORECASE,
)
_CREDENTIALS = frozenset(
    {"MD", "MS", "MA", "MPH", "PhD", "Ph.D", "RD", "RDN", "LD", "RN", "JD", "Esq"}
)
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "der",
        "den",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
        "van",
        "von",
        "ter",
        "bin",
        "al",
        "el",
        "y",
    ]
)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_DATE_TAIL = re.compile(
    rf"\s*(?:\bon\s+)?(?:\b(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?\b{_MONTH}\.?\s+\d.*$",
    re.IGNORECASE,
)
_MOST = 12


def authors_of(
    node: Node | None,
    metas: Metas,
    tree: HtmlElement,
    sites: Iterable[str],
    feed: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return the names of the page's authors, from the first voice that names anybody.

    JSON-LD, then meta elements, bylines, the feed. An outlet's own name (*sites*) is no author,
    an agency's only where no person is named.
    """
    outlets = frozenset(map(_letters, sites)) - {""}
    agencies: tuple[str, ...] = ()
    for voice in _voices(node, metas, tree, feed):
        names = clean_names(voice, outlets)
        people = tuple(name for name in names if not _is_outlet(name))
        if people:
            return people[:_MOST]
        agencies = agencies or names
    return agencies[:_MOST]


def clean_names(bylines: Iterable[str], outlets: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the names in *bylines*, each once, without roles, addresses and outlets."""
    names: dict[str, str] = {}
    for byline in bylines:
        for name in _names(byline):
            key = _letters(name)
            if key and key not in outlets and key not in _NOBODY:
                names.setdefault(key, name)
    # "Ann Lee" and "Ann Lee Example Times" are one: markup had no comma between name and outlet.
    shortest = [n for n in names.values() if not any(n.startswith(f"{o} ") for o in names.values())]
    return tuple(shortest)


def _voices(
    node: Node | None, metas: Metas, tree: HtmlElement, feed: Sequence[str]
) -> Iterator[Iterable[str]]:
    if node is not None:
        yield _of_node(node)
    for name in _METAS:
        yield metas.values(name)
    if metas.first("twitter:label1").lower() in _AUTHOR_LABELS:
        yield metas.values("twitter:data1")
    for path in _BYLINES:
        yield filter(_looks_like_a_name, clean_names(_of_elements(tree, path)))
    yield filter(_looks_like_a_name, clean_names(_spoken_byline(tree)))
    yield filter(_looks_like_a_name, clean_names(_of_elements(tree, _AUTHOR_LINKS)))
    yield feed
    yield filter(_looks_like_a_name, clean_names((extract_author(copy(tree)) or "",)))


def _of_node(node: Node) -> Iterator[str]:
    for key in ("author", "creator"):
        value = node.get(key)
        for part in value if isinstance(value, list) else [value]:
            organisation = isinstance(part, dict) and "Organization" in types_of(part)
            if not organisation or len(value or ()) == 1 or isinstance(value, dict):
                yield from strings(part, "name", "alternateName")


def _of_elements(tree: HtmlElement, path: str) -> Iterator[str]:
    """Yield the texts of the first byline that matches: the later ones are other articles'."""
    elements = [element for element in tree.xpath(path)[:20] if not _is_elsewhere(element)]
    near = elements[0].getparent() if elements else None
    for _ in range(2):  # a list of linked names: <li><a>, <span><a>
        if near is not None and near.tag not in {"body", "article", "main", "html"}:
            near = near.getparent()
    for element in elements:
        if element is elements[0] or near in element.iterancestors():
            yield element.get("content") or " ".join(element.itertext())


def _spoken_byline(tree: HtmlElement) -> Iterator[str]:
    """Yield the first short text that begins with "By", behind the headline if there is one."""
    for element in tree.xpath(".//h1[1]/following::*")[:150] or tree.xpath(".//body//*")[:300]:
        if element.tag in _BYLINE_TAGS and len(element) <= 6:
            text = " ".join(" ".join(element.itertext()).split())
            if 6 <= len(text) <= 120 and _SPOKEN_BY.match(text) and not _is_elsewhere(element):
                yield text.replace("By", "By ", 1)  # "ByAnn Lee": the space was style
                return


def _is_elsewhere(element: HtmlElement) -> bool:
    near = (element, *islice(element.iterancestors(), 4))
    return any(_ELSEWHERE.search(_labels(up)) for up in near)


def _looks_like_a_name(name: str) -> bool:
    """Return whether free text between bylines may be a name: two to five capitalised words."""
    words = [word for word in name.split() if word not in _PARTICLES]
    if not name.isascii() and len(words) == 1:
        return len(name) <= 20  # no spaces between Chinese or Japanese names
    return 2 <= len(words) <= 5 and all(word[0].isupper() for word in words)


def _labels(element: HtmlElement) -> str:
    if element.tag in {"body", "html", "article", "main"}:  # "comments-open" is no comment
        return ""
    return f"{element.get('class', '')} {element.get('id', '')}"


def _names(byline: str) -> Iterator[str]:
    text = canonical_text(byline)[:300]
    text = " ".join(_BRACKETS.sub(" ", _ADDRESS.sub(" ", text)).split())
    text = _DATE_TAIL.sub("", text)
    text = _SUFFIX.sub(r" \1", _BY.sub("", text))
    for part in _SPLIT.split(text):
        name = _name(part)
        if name:
            yield name


def _name(part: str) -> str:
    name = _BY.sub("", part.strip())
    short = _ROLE_TAIL.sub("", name)
    name = short if len(short.split()) >= 2 else name  # not "The" of "The Associated Press"
    role = _ROLE.search(name)
    if role and len(name[: role.start()].split()) >= 2:  # "Ann Lee Senior Reporter"
        name = name[: role.start()]
    name = " ".join(name.split()).strip(' \t.,;:-–—|•·*"“”') + (
        "." if re.search(r"\b(?:Jr|Sr)\.\s*$", part) else ""
    )
    words = name.split()
    if not 2 <= len(name) <= 60 or len(words) > 6 or _DATE_OR_TIME.search(name):
        return ""
    if not any(char.isalpha() for char in name) or _ROLE.search(name):
        return ""
    if name in _CREDENTIALS:
        return ""
    if name.isupper() and len(words) > 1:
        name = re.sub(r"[^\W\d_]{3,}", lambda word: word.group().capitalize(), name)
    return name


def _is_outlet(name: str) -> bool:
    return bool(_AGENCIES.match(name) or _OUTLET_WORDS.search(name))


def _letters(text: str) -> str:
    letters = "".join(char for char in text.casefold() if char.isalnum())
    return letters.removeprefix("the")
