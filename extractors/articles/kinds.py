"""What a page turned out to be: an article, or something in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from extractors.articles.jsonld import ARTICLE_TYPES, Node, types_of
from extractors.articles.meta import Metas
from extractors.articles.outline import Outline
from extractors.model import PageKind

_CHALLENGE_LENGTH = 1_500  # code points above which a page is no bot check
_TEASER_LENGTH = 1_500
FREE_LENGTH = 3_000  # a page that says it is not free, and shows more, shows it all
_VIDEO_LENGTH = 800
_MENU_LENGTH = 200

_CHALLENGE = re.compile(
    r"just a moment|attention required|access denied|are you (?:a )?(?:robot|human)|not a robot"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser|security check"
    r"|enable javascript and cookies|unusual (?:traffic|activity)|press (?:&|and) hold"
    r"|before you continue|we value your privacy|we (?:and our partners )?use cookies"
    r"|(?:accept|manage) (?:all )?cookies|cookie consent|human verification|captcha"
    r"|ddos protection|request unsuccessful",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|keep reading|unlock)"
    r"|(?:this|the) (?:article|story|content) is"
    r" (?:for|only available to|exclusive(?:ly)? (?:for|to)) (?:our )?(?:\w+ )?"
    r"(?:subscribers|members)"
    r"|already a (?:subscriber|member)\?|sign in to (?:continue|read)|log in to (?:continue|read)"
    r"|to (?:continue|keep) reading(?: this (?:article|story))?,? (?:please )?"
    r"(?:subscribe|sign|log|register)|unlock this article"
    r"|you(?:'|’)?(?:ve| have) (?:reached|read) your (?:monthly )?(?:limit|last)"
    r"|create (?:a free )?account to (?:continue|read)",
    re.IGNORECASE,
)
# What no match is without: looked for first, many times as fast.
_WALL_STEMS = (
    "subscribe to ",
    "subscribe now to ",
    "article is",
    "story is",
    "content is",
    "already a ",
    "sign in to ",
    "log in to ",
    "continue reading",
    "keep reading",
    "unlock this article",
    "reached your",
    "read your",
    "account to ",
)
_WALL_ELEMENTS = (
    './/*[contains(@class, "paywall") or contains(@id, "paywall") or contains(@class, "piano-")'
    ' or contains(@class, "subscriber-only") or contains(@class, "premium-content")'
    ' or contains(@class, "meteredContent")]'
)
_LIVE_TITLE = re.compile(
    r"\blive (?:updates?|blog|coverage|feed)\b|\bas it happened\b", re.IGNORECASE
)
_LIVE_PATH = re.compile(r"/live(?:blog)?/|live-?(?:updates|blog|news)", re.IGNORECASE)
_LEAST_ODDS = -1.3  # a lost article costs more than a product page that is read for nothing
_NEWS = frozenset(name for name in ARTICLE_TYPES if name.endswith("NewsArticle"))
_FORUM_TYPES = frozenset({"DiscussionForumPosting", "QAPage"})
_HIDDEN = frozenset({"script", "style", "noscript", "template"})
_LIST_TYPES = frozenset({"CollectionPage", "ItemList", "SearchResultsPage", "ContactPage"})
_LIST_PATH = re.compile(
    r"^/(?:tags?|topics?|categor(?:y|ies)|sections?|authors?|search|page)(?:/|$)", re.IGNORECASE
)


def is_forum(nodes: Sequence[Node]) -> bool:
    """Return whether the page says that it is a thread of a forum, and no article."""
    types = frozenset(name for node in nodes for name in types_of(node))
    return bool(types & _FORUM_TYPES) and not types & ARTICLE_TYPES


def is_menu(body: str, tree: HtmlElement) -> bool:
    """Return whether a short *body* is nothing but the words of links: "Home"."""
    if len(body) >= _MENU_LENGTH:
        return False
    links = {" ".join(a.text_content().split()) for a in tree.iter("a", "button", "nav")}
    return all(" ".join(line.lstrip("- ").split()) in links for line in body.split("\n") if line)


def challenge_text(shown: str) -> str:
    """Return the words of a bot check or consent wall, or an empty string for other pages."""
    if len(shown) > 10 * _CHALLENGE_LENGTH:
        return ""
    shown = " ".join(shown.split())
    short = len(shown) <= _CHALLENGE_LENGTH
    return shown if short and _CHALLENGE.search(shown) else ""


def kind_of(
    title: str,
    body: str,
    url: str,
    nodes: Sequence[Node],
    metas: Metas,
    *,
    wall: str,
    odds: float,
) -> PageKind:
    """Return what the page is.

    *wall* is what `wall_text` found of a paywall, *odds* the log-odds by the page's shape that it
    is an article.
    """
    types = frozenset(name for node in nodes for name in types_of(node))
    if _is_challenge(title, body, types):
        return PageKind.CHALLENGE
    if _is_live(title, url, types):
        return PageKind.LIVE_BLOG
    if _is_teaser(body, nodes, metas, wall):
        return PageKind.TEASER
    if _is_video(body, metas, types):
        return PageKind.VIDEO
    if _is_listing(url, metas, types):
        return PageKind.LISTING
    return PageKind.ARTICLE if odds >= _LEAST_ODDS or types & _NEWS else PageKind.OTHER


def wall_text(tree: HtmlElement, shown: str, *, closed: bool) -> str:
    """Return the words of the page's paywall, else an empty string.

    On a page that says it is *closed* an element's name is enough: "paywall" is returned for it.
    """
    lowered = shown.lower()
    match = _WALL.search(shown) if any(stem in lowered for stem in _WALL_STEMS) else None
    if match:
        return match.group()
    return "paywall" if closed and tree.xpath(_WALL_ELEMENTS) else ""


def is_closed(nodes: Sequence[Node], metas: Metas) -> bool:
    """Return whether the page says that it is not free."""
    tier = metas.first("article:content_tier", "og:article:content_tier").lower()
    return tier in {"locked", "metered"} or any(
        str(node.get("isAccessibleForFree")).rpartition("/")[2].lower() == "false" for node in nodes
    )


def visible_text(outline: Outline) -> str:
    """Return the text that a reader sees on the page, menus and all."""
    parts: list[str] = []
    for element in outline.elements:
        text, tail = element.text, element.tail
        if text and element.tag not in _HIDDEN:
            parts.append(text)
        if tail:
            parts.append(tail)
    return " ".join(parts)


def _is_challenge(title: str, body: str, types: frozenset[str]) -> bool:
    if types & ARTICLE_TYPES or len(body) > _CHALLENGE_LENGTH:
        return False
    if _CHALLENGE.search(title):
        return True
    return len(body) < 600 and len(_CHALLENGE.findall(body)) > (1 if len(body) > 300 else 0)


def _is_live(title: str, url: str, types: frozenset[str]) -> bool:
    if "LiveBlogPosting" in types:
        return True
    return bool(_LIVE_TITLE.search(title) and _LIVE_PATH.search(urlsplit(url).path))


def _is_teaser(body: str, nodes: Sequence[Node], metas: Metas, wall: str) -> bool:
    if is_closed(nodes, metas):
        return len(body) < (FREE_LENGTH if wall else _TEASER_LENGTH)
    return bool(wall) and len(body) < _TEASER_LENGTH


def _is_video(body: str, metas: Metas, types: frozenset[str]) -> bool:
    if len(body) > _VIDEO_LENGTH:
        return False
    return metas.first("og:type").startswith("video") or (
        "VideoObject" in types and not types & ARTICLE_TYPES
    )


def _is_listing(url: str, metas: Metas, types: frozenset[str]) -> bool:
    path = urlsplit(url).path
    if types & ARTICLE_TYPES or metas.first("og:type").lower() == "article":
        return False
    return path in {"", "/"} or bool(_LIST_PATH.match(path)) or bool(types & _LIST_TYPES)
