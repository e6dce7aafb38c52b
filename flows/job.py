"""What one run has in hand, and what it reports."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.articles import EXTRACTOR_VERSION
from extractors.errors import CasewatchError, WarehouseError
from extractors.mentions import TAGGER_VERSION, Tagger
from extractors.model import Registry
from flows.clock import Clock, utc_now
from flows.fetch import Fetcher
from flows.published import write_beside_copy
from flows.settings import Settings
from warehouse.archive import Archive
from warehouse.articles import Versions
from warehouse.inbox import Drained, drain
from warehouse.intake import save_registry
from warehouse.lake import open_warehouse
from warehouse.publish import publish
from warehouse.runs import begin_run, close_dead_runs, end_run
from warehouse.store import Warehouse

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Clock", "Job", "Loss", "Report", "make_job", "only_run", "under_way", "utc_now"]

_COUNTS = (
    "feeds_polled",
    "feeds_failed",
    "feeds_not_due",
    "entries_new",
    "pages_fetched",
    "pages_failed",
    "articles_new",
    "versions_new",
    "mentions_new",
    "alerts_new",
)


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that failed and cost only itself."""

    what: str  # feed | page
    url: str
    kind: str
    message: str


@dataclass(slots=True)
class Report:
    """What a run did, counted up as it goes."""

    feeds_polled: int = 0
    feeds_failed: int = 0
    feeds_not_due: int = 0
    entries_new: int = 0
    pages_fetched: int = 0
    pages_failed: int = 0
    articles_new: int = 0
    versions_new: int = 0
    mentions_new: int = 0
    alerts_new: int = 0
    edited: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)  # feeds that were read but had something amiss
    losses: list[Loss] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)  # what is left to do, and the command for it
    message: str | None = None

    def counts(self) -> dict[str, int]:
        """Return the counts that the table run keeps."""
        return {name: getattr(self, name) for name in _COUNTS}


@dataclass(frozen=True, slots=True)
class Job:
    """All that the steps of one run share. It holds no open socket and no open database."""

    run_id: str
    settings: Settings
    registry: Registry
    warehouse: Warehouse
    fetcher: Fetcher
    tagger: Tagger
    archive: Archive
    clock: Clock
    report: Report
    say: Callable[[str], None] = lambda _: None  # how far the run is, for a person who waits

    @property
    def versions(self) -> Versions:
        """Return which code and registry make this run's rows."""
        return Versions(EXTRACTOR_VERSION, TAGGER_VERSION, self.registry.version)


def make_job(
    settings: Settings,
    registry: Registry,
    clock: Clock = utc_now,
    say: Callable[[str], None] = lambda _: None,
) -> Job:
    """Return a job that is ready to run; nothing is opened or written yet."""
    run_id = secrets.token_hex(6)
    return Job(
        run_id=run_id,
        settings=settings,
        registry=registry,
        warehouse=open_warehouse(settings),
        fetcher=Fetcher(settings, clock=clock),
        tagger=Tagger(registry.subjects),
        archive=Archive(settings.archive, run_id, clock(), max_bytes=settings.max_warc_bytes),
        clock=clock,
        report=Report(),
        say=say,
    )


@contextmanager
def under_way(
    job: Job, kind: str, last_step: Callable[[Job], object] | None = None
) -> Iterator[None]:
    """Hold the lock of the one run at a time, and write its row: running, then done or failed.

    First the registry is brought into the warehouse. After the block *last_step* is done, in one
    opening of the warehouse with the end: whatever that was, verdicts are taken in and the read
    copy is published, with the Atom feed and the calendar beside it.
    Whoever holds the lock knows that every other row that says "running" is of a dead process, but
    for those whose runs hold a lock on a lake.
    """
    with only_run(job.settings.home), job.warehouse.run_under_way(job.run_id, kind):
        with job.warehouse.transaction() as db:
            close_dead_runs(db, job.warehouse.living)
            begin_run(db, job.run_id, kind, job.clock(), _process(), job.registry.version)
            save_registry(db, job.registry)
        with _failure_ends(job):
            yield
        with job.warehouse.held():
            with _failure_ends(job):
                if last_step:
                    last_step(job)
            _end(job, "failed" if job.report.message else "done")


@contextmanager
def _failure_ends(job: Job) -> Iterator[None]:
    """End the run as failed if the block raises, and raise on."""
    try:
        yield
    except BaseException as error:
        job.report.message = job.report.message or f"{type(error).__name__}: {error}"
        _end(job, "failed")
        raise


def _end(job: Job, state: str) -> None:
    """Complete the run's row and take in verdicts; then publish, so that readers see both."""
    with job.warehouse.transaction() as db:
        end_run(db, job.run_id, state, job.clock(), job.report.counts(), job.report.message)
    drained = _drained(job)
    publish(job.warehouse, job.settings.copy)
    drained.forget()
    _write_beside_copy(job)


def _write_beside_copy(job: Job) -> None:
    """Write feed and calendar of what was published; a failure is named and costs no run."""
    try:
        write_beside_copy(job.settings, job.clock())
    except Exception as error:  # noqa: BLE001 - whatever it is, the run's own work is done and safe
        job.report.odd.append(f"alerts.atom or dates.ics: {type(error).__name__}: {error}")


def _drained(job: Job) -> Drained:
    """Take in the inbox; a file in it that nobody can read is named, and stops nothing."""
    try:
        return drain(job.warehouse, job.settings.inbox)
    except WarehouseError as error:
        job.report.odd.append(str(error))
        return Drained(())


@contextmanager
def only_run(home: Path) -> Iterator[None]:
    """Hold the lock of the one run at a time. Raises CasewatchError, naming who holds it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise CasewatchError(
                f"another run is under way in {home} ({lock.read().strip() or 'unknown process'}); "
                "this one stops so that nothing is fetched twice."
            ) from error
        lock.truncate(0)
        lock.write(_process())
        lock.flush()
        yield


def _process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
