"""The text of the article: what trafilatura keeps of a page whose surroundings were pruned."""

from __future__ import annotations

import logging
import re

from lxml.etree import ElementDefaultClassLookup, ParserError, XPath
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import Document

from extractors.articles.canon import canonical_text
from extractors.articles.surroundings import paragraph_length, prune
from extractors.errors import PageError

MAX_ELEMENTS = 20_000
# What XML cannot hold, written out or as references: trafilatura gives up on a page with one in
# its text. In bytes, and not by one pattern: three times as fast.
_NO_XML = bytes(code for code in range(0x20) if code not in b"\t\n\r")
_NO_XML_EITHER = ("\ufffe", "\uffff")
_NO_XML_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)
_CODE = XPath(".//style|.//script[not(contains(@type, 'ld+json'))]")
# lxml.html's own lookup is a Python call for each element met, and tells forms from others.
_ALL_ALIKE = ElementDefaultClassLookup(element=HtmlElement)
_SHORT = 1_250  # code points of text below which a second, thorough look is worth its time
_SHORT_SHARE = 0.4  # of the page's paragraphs
_TABLE_RULE = re.compile(r"^[|][ |:-]*[|][ ]*$\n?", re.MULTILINE)  # says nothing, in a text

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs what we raise


def parse(html: str) -> HtmlElement:
    """Return the tree of *html*.

    Raises PageError "parse" where there is none, "too_many_elements" above 20,000.
    """
    # Bytes, because lxml refuses text with an XML declaration; a parser each, because they are not
    # safe between threads. Depth stays limited: deep trees overflow the C stack.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(_ALL_ALIKE)
    try:
        tree = document_fromstring(_as_xml_holds(html), parser=parser)
    except (ParserError, ValueError) as error:
        raise PageError("parse", f"no HTML tree: {error}") from error
    count = int(tree.xpath("count(.//*)"))
    if count > MAX_ELEMENTS:
        raise PageError("too_many_elements", f"{count:,} elements; the limit is {MAX_ELEMENTS:,}")
    _drop_code(tree)
    return tree


def _as_xml_holds(html: str) -> bytes:
    content = _NO_XML_REFERENCE.sub(b"", html.encode("utf-8", "replace")).translate(None, _NO_XML)
    for character in _NO_XML_EITHER:
        if character in html:
            content = content.replace(character.encode(), b"")
    return content


def _drop_code(tree: HtmlElement) -> None:
    """Remove scripts and styles but JSON-LD: half the bytes of a page, copied again and again."""
    for element in _CODE(tree):
        element.drop_tree()


def body_of(tree: HtmlElement, *, forum: bool = False) -> str:
    """Return the article's text without its title, canonical; empty where there is none.

    *tree* is changed: what surrounds the article is pruned, comments too unless it is a *forum*.
    """
    prune(tree, forum=forum)
    # Twice as fast and as good on articles; on other layouts it may find a fraction of the text.
    body = _extracted(tree, fast=True)
    if len(body) < max(_SHORT, _SHORT_SHARE * paragraph_length(tree)):
        body = _extracted(tree, fast=False)
    return body


def _extracted(tree: HtmlElement, *, fast: bool) -> str:
    document = bare_extraction(tree, include_comments=False, with_metadata=False, fast=fast)
    text = (document.text or "") if isinstance(document, Document) else ""
    return canonical_text(_TABLE_RULE.sub("", text))


def without_title(body: str, title: str) -> str:
    """Return *body* without the first lines that only repeat *title*; empty if it is no more."""
    while body and title:
        first, _, rest = body.partition("\n")
        if _letters(first) != _letters(title):
            break
        body = rest.strip()
    return body


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
