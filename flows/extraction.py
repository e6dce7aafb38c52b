"""Read many pages in worker processes: a page that hangs or kills its reader costs itself alone."""

from __future__ import annotations

import multiprocessing
import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import TimeoutError as PageTimeoutError
from concurrent.futures.process import BrokenProcessPool

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from extractors.errors import PageError
from extractors.model import Article, Entry, Page

Unread = tuple[Page, Entry | None, str | None]  # the page, its entry, its feed's language

_Future = ProcessFuture[Article | tuple[str, str]]

MEMORY = 2 * 1024**3  # bytes of address space a worker; a page of 5 MB takes about 0.4 GB
PAGES_A_WORKER = 500  # then a fresh one: what libraries leak stays bounded
_AHEAD = 4  # pages a worker that wait in its pipe


def read_pages(
    pages: Sequence[Unread], *, workers: int, seconds: float = 10.0
) -> list[Article | PageError]:
    """Return one article or failure for each of *pages*, in their order.

    Failures are those of `read_article`, "timeout" after *seconds* on one page, and "crashed" for a
    page whose reader died. With no *workers*, pages are read here, without these two.
    """
    return list(stream_pages(pages, workers=workers, seconds=seconds))


def stream_pages(
    pages: Iterable[Unread], *, workers: int, seconds: float = 10.0
) -> Iterator[Article | PageError]:
    """Yield what `read_pages` returns, holding only a few pages at once."""
    if workers < 1:
        yield from (_article_or_error(_read(unread)) for unread in pages)
        return
    with _Readers(workers, seconds) as readers:
        ahead: deque[tuple[Unread, _Future]] = deque()
        for unread in pages:
            ahead.append((unread, readers.start(unread)))
            if len(ahead) > workers * _AHEAD:
                yield readers.finish(*ahead.popleft())
        while ahead:
            yield readers.finish(*ahead.popleft())


class _Readers:
    """A pool of worker processes that is replaced when it breaks as a whole."""

    def __init__(self, workers: int, seconds: float) -> None:
        self._workers, self._seconds = workers, seconds
        self._pool = _start(workers)

    def __enter__(self) -> _Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def start(self, unread: Unread) -> _Future:
        if not self._pool.active:
            self._replace()
        return self._pool.schedule(
            _read_pickled, args=(pickle.dumps(unread),), timeout=self._seconds
        )

    def finish(self, unread: Unread, future: _Future, *, again: bool = True) -> Article | PageError:
        try:
            return _article_or_error(future.result())
        except PageTimeoutError:
            return PageError("timeout", f"not read within {self._seconds:g} s")
        except ProcessExpired as error:
            return PageError("crashed", f"its reader died with exit code {error.exitcode}")
        except BrokenProcessPool as error:  # a worker died before it said which page it took
            if again:
                self._replace()
                return self.finish(unread, self.start(unread), again=False)
            return PageError("crashed", f"its reader died twice: {error}")

    def _replace(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        self._pool = _start(self._workers)


def _start(workers: int) -> ProcessPool:
    # Not fork: we run in threads of a Prefect process, and a fork copies their locks. The fork
    # server is started once a process and has our imports loaded, so a worker starts in 20 ms.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "extractors.articles.read"])
    return ProcessPool(workers, PAGES_A_WORKER, _limit_memory, context=context)


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _read_pickled(unread: bytes) -> Article | tuple[str, str]:
    # Unpickled here: a worker that dies while pebble unpickles has not said what it took, and
    # pebble would wait for it for ever.
    return _read(pickle.loads(unread))  # noqa: S301 - our own process wrote it


def _read(unread: Unread) -> Article | tuple[str, str]:
    """Return the article, or kind and message of the failure: exceptions do not cross safely."""
    from extractors.articles.read import read_article  # noqa: PLC0415 - trafilatura loads slowly

    page, entry, language = unread
    try:
        return read_article(page, entry=entry, feed_language=language)
    except PageError as error:
        return error.kind, str(error)
    except MemoryError:
        return "crashed", "its reader ran out of memory"
    except Exception as error:  # noqa: BLE001 - the boundary: any page, any library below
        return "parse", f"{type(error).__name__}: {error}"


def _article_or_error(read: Article | tuple[str, str]) -> Article | PageError:
    return read if isinstance(read, Article) else PageError(*read)
