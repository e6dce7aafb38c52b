"""OPML 2.0, the format in which feed readers exchange subscriptions: http://opml.org/spec2.opml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from extractors.errors import FeedError
from extractors.model import Feed
from extractors.urls import absolute_url


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed of an OPML file. *site* is the page that it belongs to."""

    url: str
    title: str
    site: str | None = None
    language: str | None = None


def read_opml(body: bytes) -> tuple[Subscription, ...]:
    """Return the feeds of an OPML file, folders flattened, each address once, in their order.

    Raises FeedError "not_opml" for anything else. No entity is expanded, nothing is loaded.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise FeedError("not_opml", f"no OPML: {error}") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise FeedError("not_opml", "no OPML: its first element is not <opml>")
    found: dict[str, Subscription] = {}
    for outline in root.iter("outline"):
        subscription = _subscription({k.lower(): v for k, v in outline.attrib.items()})
        if subscription is not None:
            found.setdefault(subscription.url, subscription)
    return tuple(found.values())


def write_opml(feeds: Iterable[Feed], title: str) -> bytes:
    """Return *feeds* as an OPML file, UTF-8."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    body = etree.SubElement(root, "body")
    for feed in feeds:
        outline = etree.SubElement(body, "outline", type="rss", text=feed.outlet, xmlUrl=feed.url)
        outline.set("title", feed.outlet)
        if feed.source:
            outline.set("htmlUrl", feed.source)
        if feed.language:
            outline.set("language", feed.language)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _subscription(attributes: dict[str, str]) -> Subscription | None:
    url = absolute_url(attributes.get("xmlurl", "").strip(), "")
    if url is None:
        return None
    title = attributes.get("title") or attributes.get("text") or ""
    site = absolute_url(attributes.get("htmlurl", "").strip(), "")
    return Subscription(url, " ".join(title.split()), site, attributes.get("language") or None)
