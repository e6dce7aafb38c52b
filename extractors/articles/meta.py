"""The page's meta elements, OpenGraph and the like, by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lxml.html import HtmlElement


class Metas:
    """The meta elements of one page. Names are compared without case."""

    def __init__(self, tree: HtmlElement) -> None:
        self._contents: dict[str, list[str]] = defaultdict(list)
        for element in tree.iter("meta"):
            # "value" is wrong, and what some templates write all the same.
            content = (element.get("content") or element.get("value") or "").strip()
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                name = (element.get(attribute) or "").strip().lower()
                if name and content:
                    self._contents[name].append(content)

    def values(self, *names: str) -> Iterator[str]:
        """Yield what the page says under *names*, in the order of *names*, then of the page."""
        for name in names:
            yield from self._contents.get(name, ())

    def first(self, *names: str) -> str:
        """Return the first value under *names*, or an empty string."""
        return next(self.values(*names), "")
