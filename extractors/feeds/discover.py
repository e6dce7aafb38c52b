"""Feeds that a page names, and addresses at which sites usually have one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from extractors.urls import absolute_url

_TYPES = frozenset(
    f"application/{kind}" for kind in ("rss+xml", "atom+xml", "rdf+xml", "feed+json", "json+feed")
)
_WORDS = ("rss", "feed", "atom", "/xml")  # in the address of a link that leads to a feed
# Where publishing systems put them: WordPress, Drupal, Arc, Ghost, Hugo, Jekyll, news sitemaps.
_USUAL = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/arc/outboundfeeds/rss/?outputType=xml",
    "/feed.json",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address at which a feed may be. *why* says who names it: link, anchor, robots, usual."""

    url: str
    title: str
    why: str


def candidates(body: bytes, url: str, robots: str = "") -> tuple[Candidate, ...]:
    """Return where the feeds of the page at *url* may be, the likeliest first, each once.

    *robots* is the site's robots.txt, whose sitemaps are named too. Nothing is fetched.
    """
    page = _tree(body)
    found = [*_linked(page, url), *_anchored(page, url), *_sitemaps(robots), *_usual(url)]
    return tuple({candidate.url: candidate for candidate in reversed(found)}.values())[::-1]


def _tree(body: bytes) -> html.HtmlElement | None:
    try:
        return html.fromstring(body) if body.strip() else None
    except (etree.ParserError, ValueError):
        return None


def _linked(page: html.HtmlElement | None, url: str) -> list[Candidate]:
    links = page.iter("link") if page is not None else ()
    return [
        Candidate(address, " ".join((link.get("title") or "").split()), "link")
        for link in links
        if "alternate" in (link.get("rel") or "").lower().split()
        and (link.get("type") or "").partition(";")[0].strip().lower() in _TYPES
        and (address := absolute_url(link.get("href") or "", url))
    ]


def _anchored(page: html.HtmlElement | None, url: str) -> list[Candidate]:
    anchors = page.iter("a") if page is not None else ()
    host = urlsplit(url).hostname
    return [
        Candidate(address, " ".join(anchor.text_content().split()), "anchor")
        for anchor in anchors
        if (address := absolute_url(anchor.get("href") or "", url))
        and urlsplit(address).hostname == host
        and any(word in urlsplit(address).path.lower() for word in _WORDS)
    ]


def _sitemaps(robots: str) -> list[Candidate]:
    lines = (line.partition(":") for line in robots.splitlines())
    named = [value.strip() for name, _, value in lines if name.strip().lower() == "sitemap"]
    return [Candidate(url, "", "robots") for url in named if "news" in url.lower()]


def _usual(url: str) -> list[Candidate]:
    return [Candidate(urljoin(url, path), "", "usual") for path in _USUAL]
