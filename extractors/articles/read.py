"""One page to one article: the only door into this package that the flows use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from extractors.articles import dates, kinds, shape
from extractors.articles.authors import authors_of
from extractors.articles.body import body_of, parse, without_title
from extractors.articles.dates_shown import shown_days
from extractors.articles.decode import html_of
from extractors.articles.jsonld import Node, article_node, read_nodes, strings
from extractors.articles.language import language_of
from extractors.articles.meta import Metas
from extractors.articles.outline import Outline
from extractors.articles.titles import line, title_of
from extractors.errors import PageError
from extractors.model import Article, Entry, Page, PageKind, stable_id
from extractors.urls import canonical_url

_PROMISED = 1.5  # log-odds: feeds of news link to articles
_EARLY = timedelta(days=1)  # clocks and zones differ; what is dated later is wrong


def read_article(
    page: Page, *, entry: Entry | None = None, feed_language: str | None = None
) -> Article:
    """Return the article that *page* holds; *entry* and *feed_language* speak where it is silent.

    Raises PageError: not_html, no_text, too_large, too_many_elements, parse.
    """
    found = _find(page, entry)
    kind = _kind(found, promised=entry is not None) if found.body else PageKind.CHALLENGE
    body, title = found.body or line(found.challenge), found.title
    text = f"{title}\n\n{body}" if title else body
    language, language_source = language_of(
        body, found.node, found.metas, found.tree, feed_language
    )
    published, updated = found.published, found.updated
    return Article(
        id=stable_id(found.url),
        url=page.url,
        canonical_url=found.url,
        title=title,
        text=text,
        body_start=len(text) - len(body),
        text_hash=stable_id(text),
        page_kind=kind,
        site=found.site or urlsplit(found.url).hostname,
        authors=found.authors,
        published_at=published.at if published else None,
        published_source=published.source if published else None,
        published_has_zone=published.has_zone if published else None,
        published_offset=published.offset if published else None,
        updated_at=updated.at if updated else None,
        updated_source=updated.source if updated else None,
        language=language,
        language_source=language_source,
    )


def features_of_page(page: Page) -> dict[str, float] | None:
    """Return the features by which the kind of *page* is told; None for one without a text.

    Raises what `read_article` does.
    """
    found = _find(page, None)
    return _features(found) if found.body else None


@dataclass(frozen=True, slots=True)
class _Found:
    """A page, taken apart. The tree has lost what surrounds the article."""

    tree: HtmlElement
    metas: Metas
    nodes: tuple[Node, ...]
    node: Node | None
    url: str
    site: str | None
    shown: str
    challenge: str
    title: str
    authors: tuple[str, ...]
    published: dates.Stamp | None
    updated: dates.Stamp | None
    body: str


def _find(page: Page, entry: Entry | None) -> _Found:
    tree = parse(html_of(page))
    metas, nodes = Metas(tree), read_nodes(tree)
    url = canonical_of(tree, metas, page.final_url or page.url)
    node = article_node(nodes, url)
    outline = Outline(tree)
    shown = kinds.visible_text(outline)
    challenge = kinds.challenge_text(shown)
    site = _site(node, metas)
    names = _site_names(site, url)
    title = line(title_of(node, metas, tree, names) or (entry.title if entry else ""))
    authors = authors_of(node, metas, outline, names, entry.authors if entry else ())
    said = _nodes_that_date(node, nodes)
    published = _published(said, metas, outline, title, shown, page, entry)
    updated = dates.updated(said, metas, outline, page.fetched_at + _EARLY)
    body = body_of(tree, forum=kinds.is_forum(nodes))  # last: it prunes the tree
    body = without_title(body, title)
    if not challenge and (not body or kinds.is_menu(body, tree)):
        raise PageError("no_text", "no text of an article on the page")
    return _Found(
        tree=tree,
        metas=metas,
        nodes=nodes,
        node=node,
        url=url,
        site=site,
        shown=shown,
        challenge=challenge,
        title=title,
        authors=authors,
        published=published,
        updated=updated,
        body=body,
    )


def _kind(found: _Found, *, promised: bool) -> PageKind:
    """Return what the page is; one that a feed *promised* is an article sooner."""
    short = len(found.body) < kinds.FREE_LENGTH
    closed = kinds.is_closed(found.nodes, found.metas)
    return kinds.kind_of(
        found.title,
        found.body,
        found.url,
        found.nodes,
        found.metas,
        wall=kinds.wall_text(found.tree, found.shown, closed=closed) if short else "",
        odds=shape.score(_features(found)) + (_PROMISED if promised else 0.0),
    )


def _features(found: _Found) -> dict[str, float]:
    return shape.features_of(
        found.tree,
        found.url,
        found.title,
        found.body,
        found.shown,
        found.nodes,
        found.metas,
        dated=found.published is not None,
        signed=bool(found.authors),
    )


def canonical_of(tree: HtmlElement, metas: Metas, final_url: str) -> str:
    """Return the address that stands for the page: its rel=canonical if sane, else *final_url*.

    Another site's address and the home page are not: broken templates put them on every article.
    """
    here = canonical_url(final_url) or final_url
    links = tree.xpath('.//link[translate(@rel, "CANOIL", "canoil") = "canonical"]/@href')
    for link in (*links[:1], *metas.values("og:url")):
        said = canonical_url(str(link).strip(), final_url)
        if said and _stands_for(said, here):
            return said
    return here


def _stands_for(said: str, here: str) -> bool:
    one, other = urlsplit(said), urlsplit(here)
    if _site_of(one.hostname) != _site_of(other.hostname):
        return False
    at_home = one.path in {"", "/"} and not one.query
    return not at_home or other.path in {"", "/"}


def _site_of(host: str | None) -> str:
    name = (host or "").lower()
    for prefix in ("www.", "m.", "amp.", "mobile.", "edition."):
        name = name.removeprefix(prefix)
    return name


def _site(node: Node | None, metas: Metas) -> str | None:
    named = metas.first("og:site_name", "application-name", "twitter:app:name:iphone")
    publisher = strings(node.get("publisher"), "name") if node else ()
    name = line(named or next(iter(publisher), ""))
    return name[:120] or None


def _site_names(site: str | None, url: str) -> tuple[str, ...]:
    host = _site_of(urlsplit(url).hostname)
    labels = host.split(".")
    names = (site or "", host, labels[0], labels[-2] if len(labels) > 1 else "")
    return tuple(dict.fromkeys(name for name in names if name))


def _nodes_that_date(node: Node | None, nodes: Sequence[Node]) -> tuple[Node, ...]:
    return (node,) if node is not None else tuple(nodes)


def _published(
    nodes: Sequence[Node],
    metas: Metas,
    outline: Outline,
    title: str,
    seen: str,
    page: Page,
    entry: Entry | None,
) -> dates.Stamp | None:
    latest, url = page.fetched_at + _EARLY, page.final_url or page.url
    stamp = dates.published(nodes, metas, outline, url, latest)
    if stamp and stamp.offset != 0:
        return stamp
    shown = shown_days(outline, title, day_first=_day_first(metas, outline.tree, url))
    if stamp:
        return dates.in_own_zone(stamp, metas, url, shown)
    return (
        # Before what the page only shows: it may be the day of an update.
        dates.from_feed(entry.published_at if entry else None, latest)
        or dates.from_page(shown, latest)
        or dates.guessed(outline, seen, latest)
    )


def _day_first(metas: Metas, tree: HtmlElement, url: str) -> bool:
    """Return whether the page's readers take 3/4/2026 for the third of April."""
    said = metas.first("og:locale", "content-language") or tree.get("lang") or ""
    language, _, region = said.replace("_", "-").lower().partition("-")
    if region:
        return region not in {"us", "ca", "ph"}
    if language and language != "en":
        return True
    host = urlsplit(url).hostname or ""
    return host.rpartition(".")[2] in {"uk", "au", "nz", "ie", "in", "za"}
