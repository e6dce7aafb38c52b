"""Read many pages in worker processes: a page that hangs or kills its reader costs itself alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from extractors.errors import PageError
from extractors.model import Article, Entry, Page
from flows.workers import SECONDS, Lost, stream

Unread = tuple[Page, Entry | None, str | None]  # the page, its entry, its feed's language


def read_pages(
    pages: Sequence[Unread], *, workers: int, seconds: float = SECONDS
) -> list[Article | PageError]:
    """Return one article or failure for each of *pages*, in their order.

    Failures are those of `read_article`, "timeout" after *seconds* on one page, and "crashed" for a
    page whose reader died. With no *workers*, pages are read here, without these two.
    """
    return list(stream_pages(pages, workers=min(workers, len(pages)), seconds=seconds))


def stream_pages(
    pages: Iterable[Unread], *, workers: int, seconds: float = SECONDS
) -> Iterator[Article | PageError]:
    """Yield what `read_pages` returns, holding only a few pages at once."""
    for read in stream(_read, pages, workers=workers, seconds=seconds):
        yield read if isinstance(read, Article) else PageError(read.kind, read.message)


def _read(unread: Unread) -> Article | Lost:
    """Return the article, or kind and message of the failure: exceptions do not cross safely."""
    from extractors.articles.read import read_article  # noqa: PLC0415 - trafilatura loads slowly

    page, entry, language = unread
    try:
        return read_article(page, entry=entry, feed_language=language)
    except PageError as error:
        return Lost(error.kind, str(error))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the boundary: any page, any library below
        return Lost("parse", f"{type(error).__name__}: {error}")
