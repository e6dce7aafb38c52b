"""What surrounds an article: menus, related links, comments. A name there is no mention.

trafilatura removes much of it, and lets through what is named in another way or stands within the
article. Pruned here before it looks, by names of classes and by what links say of themselves.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.etree import XPath
from lxml.html import HtmlElement

# Whole parts of a class or id: "related-articles" and "c-related", not "correlated".
_SURE = re.compile(
    r"(?:^|[\s_-])(?:related(?:[_-]?(?:articles?|stor(?:y|ies)|posts?|links?|content|news|items?"
    r"|topics?|coverage|reads?|reading|box|block|list|module|widget|section))?|relatedarticles"
    r"|recommend(?:ed|ations?)|recirc(?:ulation)?|more[_-]?(?:stories|news|from|articles|headlines)"
    r"|most[_-]?(?:read|popular|viewed|recent|shared|commented)|trending(?:[_-]\w+)?|popular[_-]?posts?"
    r"|read[_-]?(?:next|also)|up[_-]?next|also[_-]?(?:like|read)|you[_-]?may[_-]?(?:also[_-]?)?like"
    r"|newsletters?(?:[_-]?(?:signup|sign[_-]up|form|box|promo|widget))?|outbrain|taboola"
    r"|latest[_-]?(?:news|stories|posts)|top[_-]?stories|other[_-]?stories|promo[_-]?links?"
    r")(?=$|[\s_-])",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?(?:[_-]?(?:section|area|list|container|wrapper|block|thread|form|body))?"
    r"|commentlist|disqus|respond|article[_-]comments|post[_-]comments|reader[_-]comments)(?=$|[\s_-])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BLOCKS = frozenset(
    [
        "div",
        "section",
        "aside",
        "ul",
        "ol",
        "nav",
        "footer",
        "details",
        "form",
        "p",
        "li",
        "h2",
        "h3",
        "h4",
        "table",
    ]
)
_LEAD = re.compile(
    r"^\W*(?:related(?:\s+(?:stor(?:y|ies)|articles?|coverage|news|posts?|links?|content))?"
    r"|read\s+(?:more|also|next|the full story)|also\s+read"
    r"|more\s+(?:on|from|about|stories|news)\b.{0,40}|see\s+also"
    r"|recommended(?:\s+(?:reading|for you|stories))?|you\s+(?:may|might)\s+(?:also\s+)?like"
    r"|don['’]t\s+miss|most\s+(?:read|popular|viewed)|trending(?:\s+now)?|up\s+next|watch|listen"
    r"|latest\s+(?:news|stories)|top\s+stories|lee\s+también|lire\s+aussi|lesen\s+sie\s+auch"
    r"|mehr\s+zum\s+thema|leia\s+(?:também|mais)|te\s+puede\s+interesar)\s*(?::|[-–—]|$|\|)",
    re.IGNORECASE,
)
_NAMES = XPath("descendant::*/@class | descendant::*/@id", smart_strings=False)
_HEADINGS = frozenset(["h2", "h3", "h4", "h5", "h6", "p", "strong", "b", "div"])
_SHORTEST = 5  # code points of a class that names surroundings
_LINK_SHARE = 0.6  # of the text, from which a list or paragraph is nothing but links
_BODY_SHARE = 0.35  # of the page's paragraphs, from which a block is the article after all


def prune(tree: HtmlElement, *, forum: bool = False) -> None:
    """Remove from *tree* what surrounds the article, keeping the text that follows each part.

    On a *forum* the comments are the text, and stay.
    """
    whole = paragraph_length(tree) or 1
    for element in _named_so(tree, forum=forum):
        if _still_in(element, tree) and not _holds_article(element, whole):
            element.drop_tree()
    for element in list(tree.iter("p", "li", "div", "aside", "h2", "h3", "h4", "strong")):
        _prune_led(element, tree)


def _named_so(tree: HtmlElement, *, forum: bool) -> list[HtmlElement]:
    """Return the blocks whose class or id says that they surround the article."""
    names = {name for name in set(_NAMES(tree)) if _names_it(name, forum)}
    if not names:
        return []
    return [el for el in tree.iter(*_BLOCKS) if el.get("class") in names or el.get("id") in names]


@lru_cache(maxsize=10_000)
def _names_it(label: str, forum: bool) -> bool:
    if len(label) < _SHORTEST:
        return False
    name = _CAMEL.sub("-", label)
    return bool(_SURE.search(name) or (not forum and _COMMENTS.search(name)))


def _holds_article(element: HtmlElement, whole: int) -> bool:
    if element.find(".//h1") is not None or element.find(".//article//article") is not None:
        return True
    if element.xpath('.//*[@itemprop="articleBody"]'):
        return True
    return paragraph_length(element) > _BODY_SHARE * whole


def paragraph_length(element: HtmlElement) -> int:
    """Return how many code points stand in the paragraphs of *element*."""
    own = [element] if element.tag == "p" else []
    return sum(len(p.text_content().strip()) for p in (*own, *element.iterdescendants("p")))


def _prune_led(element: HtmlElement, tree: HtmlElement) -> None:
    """Remove "Related: headline" in links, and a heading "Related stories" with its list."""
    if len(element) > 12:
        return
    text = element.text_content().strip()
    if not 5 <= len(text) <= 300 or not _LEAD.match(text) or not _still_in(element, tree):
        return
    if _link_length(element) >= _LINK_SHARE * (len(text) - 12):
        element.drop_tree()
    elif element.tag in _HEADINGS and len(text) <= 60:
        following = element.getnext()
        if following is not None and following.tag in {"ul", "ol", "div"} and _is_links(following):
            following.drop_tree()
            element.drop_tree()


def _is_links(element: HtmlElement) -> bool:
    length = len("".join(element.text_content().split()))
    linked = sum(len("".join(a.text_content().split())) for a in element.iter("a"))
    return 0 < length < 3_000 and linked >= _LINK_SHARE * length


def _link_length(element: HtmlElement) -> int:
    return sum(len(a.text_content().strip()) for a in element.iter("a"))


def _still_in(element: HtmlElement, tree: HtmlElement) -> bool:
    """Return whether *element* still hangs on *tree*: an ancestor may have been pruned."""
    top = element
    while (parent := top.getparent()) is not None:
        top = parent
    return top is tree
