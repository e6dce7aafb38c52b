"""A page's elements and their labels, walked once for all who ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from lxml.etree import XPath
from lxml.html import HtmlElement

_LABELS = tuple(
    XPath(f"descendant-or-self::*/@{name}", smart_strings=False)
    for name in ("class", "id", "itemprop", "rel", "data-component", "data-testid")
)


class Outline:
    """The elements of one page as it was parsed. It is of use until the tree is pruned."""

    def __init__(self, tree: HtmlElement) -> None:
        self.tree = tree
        self.elements: Sequence[HtmlElement] = tuple(tree.iter())

    def labelled(self, *words: str) -> bool:
        """Return whether a class, id or other label of any element holds one of *words*.

        *words* are in lower case; line feeds stand around a whole label.
        """
        return any(word in self._labels for word in words)

    def behind(self, element: HtmlElement) -> Sequence[HtmlElement]:
        """Return the elements that begin where *element* has ended."""
        return self.elements[self.place(element) + sum(1 for _ in element.iter()) :]

    def in_body(self) -> Sequence[HtmlElement]:
        """Return the elements inside of the page's body."""
        body = self.tree.find(".//body")
        return () if body is None else self.elements[self.place(body) + 1 :]

    def headline(self) -> HtmlElement | None:
        """Return the first h1, or None."""
        return next(self.tree.iter("h1"), None)

    def place(self, element: HtmlElement) -> int:
        """Return the place of *element* among the elements."""
        return self.elements.index(element)

    @cached_property
    def _labels(self) -> str:
        labels = {label for find in _LABELS for label in find(self.tree)}
        return "\n".join(("", *labels, "")).lower()
