"""A source of saved pages, of which only those are read that may name somebody tracked.

Most of a crawl of the web's news names nobody of ours. A glance at a page costs a fortieth of
reading it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from extractors.articles.decode import html_of
from extractors.articles.glance import words_at_a_glance
from extractors.errors import PageError
from extractors.mentions import Tagger
from extractors.model import Page
from flows.saved_pages import Found, SavedPages


@dataclass(frozen=True, slots=True)
class NamedPages:
    """The pages of *source*; those that name nobody pass without their content.

    Whom to look for is part of what it is: with another registry it is another source, which has
    not been read yet.
    """

    source: SavedPages
    tagger: Tagger
    registry_version: str

    @property
    def kind(self) -> str:
        """Return the kind of the source, and for whom it is looked through."""
        return f"{self.source.kind}, only for names of registry {self.registry_version}"

    @property
    def path(self) -> Path:
        """Return where the source lies."""
        return self.source.path

    def read(self, after: str) -> Iterator[Found]:
        """Yield what the source yields, without the content of pages that name nobody."""
        for found in self.source.read(after):
            if found.page is None or may_name(self.tagger, found.page):
                yield found
            else:
                yield replace(found, page=None, member=None)


def may_name(tagger: Tagger, page: Page) -> bool:
    """Return whether the words of *page* hold a name, were it a namesake's; True for no HTML.

    What is no HTML is left to the reader, who says so.
    """
    try:
        words = words_at_a_glance(html_of(page))
    except PageError:
        return True
    tagging = tagger.tag(words)
    return bool(tagging.mentions or tagging.rejected)
