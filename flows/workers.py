"""Work on what others wrote, in worker processes: what hangs or kills one costs itself alone."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as WorkTimeoutError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from typing import Generic, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessFuture, ProcessPool

Given = TypeVar("Given")
Made = TypeVar("Made")

# Of the processor for one page or feed, so that what comes of it does not hang on how busy the
# machine is; what sleeps or waits for a processor is ended after three times as long.
SECONDS = 10.0
_PATIENCE = 3
# Bytes of address space a worker, of which it has 65 MB before it has read anything. Two workers
# at their limits and the run itself stay under 1 GiB.
MEMORY = 448 * 1024**2
CALLS_A_WORKER = 500  # then a fresh one: what libraries leak stays bounded
# A worker inside a C library does not hear SIGTERM; pebble's 3 s would come on top of the limit.
CONSTS.term_timeout = 0.2
_AHEAD = 4  # calls a worker that wait in its pipe
# More wait if they are small: whoever takes what they made may be storing the last batch.
_MORE_AHEAD = 32
_BYTES_AHEAD = 32 * 1024**2  # pickled
_OUT_OF_TIME = -signal.SIGPROF
_PRELOADED = ("flows.workers", "flows.extraction", "extractors.articles.read", "extractors.feeds")


@dataclass(frozen=True, slots=True)
class Lost:
    """What came of a call whose worker did not return: "timeout" or "crashed", and why."""

    kind: str
    message: str


def get_ready() -> None:
    """Let the workers' server load what they need, beside what the caller does until then."""
    _context()
    forkserver.ensure_running()


def stream(
    call: Callable[[Given], Made],
    given: Iterable[Given],
    *,
    workers: int,
    seconds: float = SECONDS,
) -> Iterator[Made | Lost]:
    """Yield what *call* makes of each of *given*, in their order, holding only a few at once.

    *call* stands at the top of a module and raises nothing. With no *workers* it is made here,
    without any limit.
    """
    if workers < 1:
        yield from (_or_lost(call, one) for one in given)
        return
    with _Pool(call, workers, seconds) as pool:
        ahead: deque[tuple[bytes, ProcessFuture[Made | Lost]]] = deque()
        waiting = 0
        for one in given:
            pickled = pickle.dumps(one)
            ahead.append((pickled, pool.start(pickled)))
            waiting += len(pickled)
            while _is_enough(len(ahead) / workers, waiting):
                waiting -= len(ahead[0][0])
                yield pool.finish(*ahead.popleft())
        while ahead:
            yield pool.finish(*ahead.popleft())


def _is_enough(calls_a_worker: float, waiting: int) -> bool:
    many = calls_a_worker > _MORE_AHEAD or waiting > _BYTES_AHEAD
    return many and calls_a_worker > _AHEAD


class _Pool(Generic[Given, Made]):
    """A pool of worker processes that is replaced when it breaks as a whole."""

    def __init__(self, call: Callable[[Given], Made], workers: int, seconds: float) -> None:
        self._call, self._workers, self._seconds = call, workers, seconds
        self._pool = _start(workers)

    def __enter__(self) -> _Pool[Given, Made]:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def start(self, pickled: bytes) -> ProcessFuture[Made | Lost]:
        if not self._pool.active:
            self._replace()
        return self._pool.schedule(
            _unpickled,
            args=(self._call, pickled, self._seconds),
            timeout=_PATIENCE * self._seconds,
        )

    def finish(
        self, pickled: bytes, future: ProcessFuture[Made | Lost], *, again: bool = True
    ) -> Made | Lost:
        try:
            return future.result()
        except WorkTimeoutError:
            return Lost("timeout", f"not read within {_PATIENCE * self._seconds:g} s")
        except ProcessExpired as error:
            if error.exitcode == _OUT_OF_TIME:
                return Lost("timeout", f"not read within {self._seconds:g} s of the processor")
            return Lost("crashed", f"its reader died with exit code {error.exitcode}")
        except BrokenProcessPool as error:  # a worker died before it said what it took
            if again:
                return self.finish(pickled, self.start(pickled), again=False)
            return Lost("crashed", f"its reader died twice: {error}")

    def _replace(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        self._pool = _start(self._workers)


def _start(workers: int) -> ProcessPool:
    return ProcessPool(workers, CALLS_A_WORKER, _limit_memory, context=_context())


def _context() -> ForkServerContext:
    # Not fork: we run in threads of a Prefect process, and a fork copies their locks. The fork
    # server is started once a process and has our imports loaded, so a worker starts in 20 ms.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    return context


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _unpickled(call: Callable[[Given], Made], given: bytes, seconds: float) -> Made | Lost:
    # The signal's default ends the process, also inside a C library that never comes back.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        # Unpickled here: a worker that dies while pebble unpickles has not said what it took, and
        # pebble would wait for it for ever.
        return _or_lost(call, pickle.loads(given))  # noqa: S301 - our own process wrote it
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _or_lost(call: Callable[[Given], Made], given: Given) -> Made | Lost:
    try:
        return call(given)
    except MemoryError:
        return Lost("crashed", "its reader ran out of memory")
