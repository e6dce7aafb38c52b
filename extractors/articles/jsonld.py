"""What a page says of itself in JSON-LD: arrays, @graph, nesting and broken JSON included."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

Node = Mapping[str, Any]

ARTICLE_TYPES = frozenset(
    [
        "Article",
        "NewsArticle",
        "ReportageNewsArticle",
        "AnalysisNewsArticle",
        "BackgroundNewsArticle",
        "OpinionNewsArticle",
        "ReviewNewsArticle",
        "AskPublicNewsArticle",
        "AdvertiserContentArticle",
        "SatiricalArticle",
        "BlogPosting",
        "LiveBlogPosting",
        "SocialMediaPosting",
        "Report",
        "TechArticle",
        "ScholarlyArticle",
        "MedicalScholarlyArticle",
        "Review",
        "CreativeWork",
    ]
)
# Other articles than this page's stand below these.
_OTHERS = frozenset(
    [
        "itemListElement",
        "hasPart",
        "liveBlogUpdate",
        "comment",
        "comments",
        "relatedLink",
        "review",
        "reviews",
        "mentions",
        "about",
        "citation",
        "isPartOf",
        "associatedMedia",
        "video",
    ]
)
_MAX_DEPTH = 12

_COMMENT = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|isAccessibleForFree|inLanguage)"\s*:\s*'
    r'("(?:[^"\\\n]|\\.)*"|true|false)'
)


def read_nodes(tree: HtmlElement) -> tuple[Node, ...]:
    """Return every typed node of the page's JSON-LD that could speak of this page, outer first."""
    scripts = tree.xpath('.//script[contains(@type, "ld+json")]')
    loaded = [_load(script.text_content()) for script in scripts]
    nodes = tuple(node for value in loaded for node in _walk(value, 0))
    known = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1}
    return tuple(_resolved(node, known) for node in nodes)


def types_of(node: Node) -> frozenset[str]:
    """Return the node's schema.org types without their address."""
    value = node.get("@type")
    names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return frozenset(str(name).rpartition("/")[2].rpartition(":")[2] for name in names)


def article_node(nodes: Sequence[Node], url: str) -> Node | None:
    """Return the node that describes the page at *url* as an article, or None."""
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES and _says_something(node)]
    if not articles:
        return None
    return max(articles, key=lambda node: _rank(node, url))  # the first of equals


def strings(value: object, *keys: str) -> tuple[str, ...]:
    """Return the strings that *value* holds: itself, of a list, or under *keys* of an object."""
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, list):
        return tuple(text for part in value for text in strings(part, *keys))
    if isinstance(value, Mapping):
        found = (strings(value.get(key)) for key in (*keys, "@value"))
        return next((texts for texts in found if texts), ())
    return ()


def _says_something(node: Node) -> bool:
    if types_of(node) == {"CreativeWork"}:
        return "headline" in node
    return any(key in node for key in ("headline", "datePublished", "name", "articleBody"))


def _rank(node: Node, url: str) -> tuple[bool, bool, bool]:
    addresses = strings(node.get("mainEntityOfPage"), "@id", "url") + strings(
        node.get("url"), "@id"
    )
    addresses += strings(node.get("@id"))
    here = urlsplit(url).path.rstrip("/")
    same = bool(here) and any(urlsplit_path(address) == here for address in addresses)
    return (same, "headline" in node, "datePublished" in node)


def urlsplit_path(address: str) -> str:
    """Return the path of *address* without its last slash; empty for what is no address."""
    try:
        return urlsplit(address).path.rstrip("/")
    except ValueError:  # "http://[": a bracket that opens no IPv6 address
        return ""


def _load(text: str) -> object:
    text = _COMMENT.sub("", _COMMENT.sub("", text.strip())).strip().rstrip(";")
    if "&quot;" in text and '"' not in text:  # escaped as if it were HTML
        text = unescape(text)
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)  # not strict: raw line feeds in strings
        except (ValueError, RecursionError):
            continue
    return _salvage(text)


def _salvage(text: str) -> object:
    """Return the fields that can still be read one by one from JSON that cannot be as a whole."""
    node: dict[str, Any] = {}
    for name, value in _FIELD.findall(text):
        try:
            node.setdefault(name, json.loads(value, strict=False))
        except ValueError:
            continue
    if not node:
        return None
    live = '"LiveBlogPosting"' in text
    return {"@type": "LiveBlogPosting" if live else "Article", **node}


def _walk(value: object, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for part in value:
            yield from _walk(part, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key, part in value.items():
            if key not in _OTHERS and isinstance(part, (dict, list)):
                yield from _walk(part, depth + 1)


def _resolved(node: Node, known: Mapping[str, Node]) -> Node:
    """Return *node* with author and publisher looked up where they only point elsewhere."""
    looked_up = {
        key: _look_up(node[key], known) for key in ("author", "publisher", "creator") if key in node
    }
    return {**node, **looked_up} if looked_up else node


def _look_up(value: object, known: Mapping[str, Node]) -> object:
    if isinstance(value, list):
        return [_look_up(part, known) for part in value]
    if isinstance(value, Mapping) and "name" not in value:
        return known.get(str(value.get("@id")), value)
    return value
