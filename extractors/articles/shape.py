"""What a page looks like: the features by which articles are told from other pages, weighed.

Learnt on the 398 annotated pages of seven kinds under ../shared, by benchmarks/articles_kinds.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from extractors.articles.jsonld import ARTICLE_TYPES, Node, types_of
from extractors.articles.meta import Metas

_LONG_LINE = 120  # code points of a line that is prose rather than a label
_SHOWN = 60_000  # code points of the page that are searched for words

_PLAIN_ARTICLE = ARTICLE_TYPES - {"CreativeWork", "Review", "SocialMediaPosting"}
_TYPES = {
    "product_type": frozenset({"Product", "ProductGroup", "Offer", "AggregateOffer", "Book"}),
    "forum_type": frozenset({"DiscussionForumPosting", "QAPage", "Question"}),
}
_FOLDERS = {
    "article_path": r"blogs?|news|articles?|story|stories|posts?|opinions?|magazine|journal"
    r"|insights?|guides?|tips|learn|learning-?center|resources?|features?|politics|world|sports?"
    r"|business|us|uk",
    "product_path": r"p|products?|shop|store|item|buy|dp|sku",
    "list_path": r"collections?|categor(?:y|ies)|tags?|topics?|search|archives?|sections?|authors?"
    r"|browse|directory|listings?|jobs?|events?|department|c|catalog(?:ue)?|page",
    "docs_path": r"docs?|documentation|reference|api|manual|help|support|kb|wiki|tutorials?|sdk"
    r"|man|handbook|latest|stable|v\d+|quick-?start|get(?:ting)?-started",
    "forum_path": r"forums?|threads?|t|topic|viewtopic\.php|showthread\.php|community|discussions?"
    r"|questions?|comments|r|boards?",
}
_PATHS = {name: re.compile(rf"(?:{words})\Z", re.IGNORECASE) for name, words in _FOLDERS.items()}
_HOSTS = {
    "docs_host": re.compile(r"^(?:docs?|developers?|help|support|learn|api|wiki)\.|readthedocs"),
    "forum_host": re.compile(r"^(?:forums?|community|discuss|discourse|bbs|talk|boards)\."),
    "school_host": re.compile(r"\.(?:gov|edu|org)(?:\.|$)|\.ac\."),
    "blog_host": re.compile(r"^(?:blog|news)\.|substack\.|medium\."),
}
_SAYS = {
    "says_cart": r"add(?:ed)? to (?:cart|bag|basket)|checkout|in stock|free shipping",
    "says_reply": r"joined|posts?:|replies|reply|thread|topic|member since|quote|upvote"
    r"|log in to",
    "says_docs": r"on this page|in this article|edit this page|table of contents|api reference"
    r"|was this (?:page|article) helpful|previous page|next page|copy code",
    "says_byline": r"min(?:ute)?s? read|written by|published|updated|posted on"
    r"|by [a-z]+ [a-z]+ \|",
}
_SAID = {name: re.compile(rf"\b(?:{words})\b") for name, words in _SAYS.items()}
# What no match of these is without: looked for first, ten times as fast.
_STEMS = {
    "says_cart": " to cart/ to bag/ to basket/checkout/in stock/free shipping",
    "says_reply": "joined/post:/posts:/repl/thread/topic/member since/quote/upvote/log in to",
    "says_docs": "on this page/in this article/edit this page/table of contents/api reference"
    "/helpful/previous page/next page/copy code",
    "says_byline": "read/written by/published/updated/posted on/ |",
}
_OF_ARTICLE = re.compile(
    r"^(?:\d+|how|why|what|when|who|where|is|are|do|does|can|should|best|top|the)\b"
    r"|\b(?:guide|tips|vs\.?|reviews?|ways|explained|checklist|ideas|things|says?|trends"
    r"|mistakes|20\d\d|benefits|steps|beginners?|difference)\b",
    re.IGNORECASE,
)
_OF_OFFER = re.compile(
    r"\b(?:services?|solutions?|consult(?:ing|ants?|ancy)|repairs?|software|crm|coupons?|deals|jobs"
    r"|courses?|certifications?|rentals?|packages|near me|compan(?:y|ies)|agency|experts?"
    r"|recruiting|training|systems?|platform|app|shop|buy|sale|price|collections?|products?"
    r"|accessories|supplies|sets?|for sale|forums?|documentation|docs|api|reference|quickstart"
    r"|tutorial|install(?:ation|ing)?|configur\w+)\b",
    re.IGNORECASE,
)
_WE = re.compile(r"\b(?:we|our|us)\b")
_PAST = re.compile(r"\b(?:said|says|was|were|had|according)\b")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)+", re.IGNORECASE)
_DAY = re.compile(r"/(?:19|20)\d\d/\d{1,2}/")

BIAS = -4.61
WEIGHTS: Mapping[str, float] = {
    "article_path": 1.85,
    "article_type": 2.33,
    "blog_host": 1.01,
    "body_share": 1.01,
    "code": -1.52,
    "dated": 0.69,
    "day_in_path": 1.31,
    "docs_host": -1.26,
    "docs_path": -1.86,
    "forum_host": -0.66,
    "forum_path": -3.83,
    "forum_type": -1.81,
    "headings": 0.59,
    "home": -2.09,
    "inputs": -0.96,
    "link_share": 0.81,
    "list_path": -1.93,
    "list_share": 0.37,
    "of_article": 2.47,
    "of_offer": -1.39,
    "og_article": 1.01,
    "og_product": -1.82,
    "og_website": -0.89,
    "one_article": 1.15,
    "past": 0.43,
    "product_path": -1.44,
    "product_type": -0.91,
    "prose_share": 0.84,
    "says_byline": 0.8,
    "says_cart": -0.97,
    "says_docs": -0.22,
    "says_reply": -0.67,
    "school_host": 0.83,
    "signed": 1.56,
    "slug": 2.82,
    "title_words": 0.73,
    "we": -1.88,
}


def score(features: Mapping[str, float]) -> float:
    """Return the log-odds that a page with these *features* is an article."""
    return BIAS + sum(WEIGHTS[name] * value for name, value in features.items())


def features_of(
    tree: HtmlElement,
    url: str,
    title: str,
    body: str,
    shown: str,
    nodes: Sequence[Node],
    metas: Metas,
    *,
    dated: bool,
    signed: bool,
) -> dict[str, float]:
    """Return the page's features, each between 0 and 1; *dated* and *signed* say what is known.

    *shown* is all that a reader sees, *body* what was taken for the article.
    """
    return {
        "dated": float(dated),
        "signed": float(signed),
        **dict(_of_types(nodes, metas)),
        **dict(_of_address(url)),
        **dict(_of_words(title, body, shown)),
        **dict(_of_prose(tree, body, shown)),
    }


def _of_types(nodes: Sequence[Node], metas: Metas) -> Iterator[tuple[str, float]]:
    types = frozenset(name for node in nodes for name in types_of(node))
    yield "article_type", float(bool(types & _PLAIN_ARTICLE))
    for name, wanted in _TYPES.items():
        yield name, float(bool(types & wanted))
    said = metas.first("og:type").lower()
    yield "og_article", float(said in {"article", "blog", "news", "newsarticle"})
    yield "og_product", float("product" in said)
    yield "og_website", float(said == "website")


def _of_address(url: str) -> Iterator[tuple[str, float]]:
    parts = urlsplit(url)
    folders = [folder for folder in parts.path.split("/") if folder]
    slug = _SLUG.search(folders[-1]) if folders else None
    words = len(re.findall(r"[a-z]+", slug.group(), re.IGNORECASE)) if slug else 0
    yield "home", float(not folders)
    yield "slug", min(words, 8) / 8
    yield "day_in_path", float(bool(_DAY.search(parts.path)))
    for name, pattern in _PATHS.items():
        yield name, float(any(pattern.match(folder) for folder in folders))
    for name, pattern in _HOSTS.items():
        yield name, float(bool(pattern.search(parts.hostname or "")))


def _of_words(title: str, body: str, shown: str) -> Iterator[tuple[str, float]]:
    said = " ".join(shown[:_SHOWN].lower().split())
    for name, pattern in _SAID.items():
        told = any(stem in said for stem in _STEMS[name].split("/"))
        yield name, min(len(pattern.findall(said)), 4) / 4 if told else 0.0
    words = max(1, len(body.split()))
    body = body.lower()
    yield "we", min(1.0, 25 * len(_WE.findall(body)) / words)
    yield "past", min(1.0, 25 * len(_PAST.findall(body)) / words)
    yield "of_article", float(bool(_OF_ARTICLE.search(title)))
    yield "of_offer", float(bool(_OF_OFFER.search(title)))
    yield "title_words", min(len(title.split()), 12) / 12


def _of_prose(tree: HtmlElement, body: str, shown: str) -> Iterator[tuple[str, float]]:
    lines = [line for line in body.split("\n") if line.strip()]
    prose = sum(len(line) for line in lines if len(line) >= _LONG_LINE)
    whole = max(1, _solid(shown))
    yield "prose_share", prose / max(1, len(body))
    yield "body_share", min(1.0, _solid(body) / whole)
    yield "link_share", min(1.0, sum(_solid(a.text or "") for a in tree.iter("a")) / whole)
    yield "list_share", sum(line.startswith("- ") for line in lines) / max(1, len(lines))
    yield "one_article", float(len(tree.findall(".//article")) == 1)
    inputs = (each for each in tree.iter("input", "select", "textarea"))
    yield "inputs", min(sum(each.get("type") != "hidden" for each in inputs), 12) / 12
    yield "headings", min(len(tree.findall(".//h2")), 12) / 12
    yield "code", min(len(tree.findall(".//pre")), 5) / 5


def _solid(text: str) -> int:
    return len("".join(text.split()))
