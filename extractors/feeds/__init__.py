"""From a feed's bytes to its entries: RSS, RDF, Atom, JSON Feed, sitemaps. Pure."""

from extractors.feeds.dates import plausible
from extractors.feeds.parse import parse_feed

__all__ = ["parse_feed", "plausible"]
