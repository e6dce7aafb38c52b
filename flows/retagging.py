"""Retagging: stored texts are read again by a later tagger, or for a new or changed subject.

Nothing is fetched. A batch is one transaction with the mark of who tagged it: killed and started
again, it goes on where it was. Free of Prefect.
"""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from extractors.errors import UsageError
from extractors.mentions import Tagger
from extractors.mentions.search import definition_of, sieve_for
from extractors.model import PageKind, Registry, Subject
from flows.job import Job, Loss
from flows.reading import Words, tag_and_claim
from flows.workers import Lost, stream
from warehouse.derived import told
from warehouse.retags import (
    Retagged,
    StoredText,
    count_tagged_by_others,
    count_versions,
    save_retagged,
    save_searches,
    searches,
    stored_texts,
    tagged_by_others,
    to_search,
)

_A_BATCH = 8_000  # versions between two transactions: 25 MB of text
_A_CALL = 200  # versions that a worker is given at once
_NAMED = 3  # subjects; of more only the count is told
_FEW = 400  # so few are tagged here: workers take a second to start
# What takes a run seconds it searches by itself; a bigger stock it leaves to `casewatch retag`.
SEARCHED_BY_A_RUN = 300_000


@dataclass(slots=True)
class Outcome:
    """How many versions were tagged again, how many of them say something else, and failures."""

    tagged: int = 0
    changed: int = 0
    mentions_new: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """What one call of a worker tags. *registry* is a file that holds the pickled registry."""

    registry: Path
    texts: list[StoredText] = field(repr=False)


def retag_all(job: Job, *, batch: int = _A_BATCH) -> Outcome:
    """Tag again all that another tagger tagged, then search for the subjects that are due.

    The caller holds the lock of the one run at a time (`under_way`) and settles afterwards.
    """
    with job.warehouse.transaction() as db:
        rows = tagged_by_others(db, job.versions.tagger)
    outcome = Outcome()
    _retag(job, rows, outcome, batch)
    _search(job, due_subjects(job), outcome, batch)
    return outcome


def retag_subjects(job: Job, ids: Sequence[str], *, batch: int = _A_BATCH) -> Outcome:
    """Search all that is stored for the subjects *ids*, as the registry describes them now.

    The caller holds the lock of the one run at a time (`under_way`) and settles afterwards.
    Raises UsageError for a subject that the registry has not.
    """
    known = {subject.id: subject for subject in job.registry.subjects}
    unknown = [one for one in ids if one not in known]
    if unknown:
        raise UsageError(f"no subject {unknown[0]!r}; the files under seeds/ name them.")
    outcome = Outcome()
    _search(job, [known[one] for one in ids], outcome, batch)
    return outcome


def due_subjects(job: Job) -> list[Subject]:
    """Return the subjects for which what is stored was never searched as they are now."""
    with job.warehouse.transaction() as db:
        return _due(job, db)


def search_in_run(job: Job, *, most: int = SEARCHED_BY_A_RUN) -> None:
    """Search what is stored for new and changed subjects, as a step of a run before it settles.

    Where more than *most* versions are stored the report says which command does it: again with
    each run, until it is done.
    """
    with job.warehouse.transaction() as db:
        due = _due(job, db)
        stored = count_versions(db)
        stale = count_tagged_by_others(db, job.versions.tagger)
    if due and stored <= most:
        outcome = Outcome()
        _search(job, due, outcome, _A_BATCH)
        job.report.mentions_new += outcome.mentions_new
    elif due:
        _put_off(job, due)
        job.report.advice.append(_advice([one.id for one in due], stored))
    if stale:
        job.report.advice.append(
            f"{stale:,} stored versions were tagged by another tagger: casewatch retag --all"
        )


def _due(job: Job, db: duckdb.DuckDBPyConnection) -> list[Subject]:
    done = searches(db)
    return [one for one in job.registry.subjects if done.get(one.id) != definition_of(one)]


def _put_off(job: Job, due: Sequence[Subject]) -> None:
    """Note that a search is due: it is still, should the subject be changed back before it."""
    with job.warehouse.transaction() as db:
        save_searches(db, {one.id: definition_of(one) for one in due}, None)


def _advice(due: Sequence[str], stored: int) -> str:
    command = " ".join(["casewatch retag", *(due if len(due) <= _NAMED else ())])
    return (
        f"{_some(due)}: new or changed; {stored:,} stored versions are not searched yet: {command}"
    )


def _some(ids: Sequence[str]) -> str:
    more = len(ids) - _NAMED
    return ", ".join(ids[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _search(job: Job, subjects: Sequence[Subject], outcome: Outcome, batch: int) -> None:
    if not subjects:
        return
    ids = [one.id for one in subjects]
    sieve = sieve_for(subjects)
    with job.warehouse.transaction() as db:
        rows = to_search(db, ids, sieve, job.versions)
    if rows:
        job.say(f"{len(rows):,} stored versions may name {_some(ids)}")
    failed = outcome.failed
    _retag(job, rows, outcome, batch)
    if outcome.failed > failed:
        return  # some are still to be searched
    with job.warehouse.transaction() as db:
        save_searches(db, {one.id: definition_of(one) for one in subjects}, job.clock())


def _retag(job: Job, rows: Sequence[int], outcome: Outcome, batch: int) -> None:
    """Tag the versions in *rows* of article_version again, and store what comes of it."""
    pace = _Pace(len(rows))
    waiting: list[Retagged] = []
    for retagged in _tagged(job, rows, outcome, batch):
        waiting += retagged
        if len(waiting) >= batch:
            _store(job, waiting, outcome)
            job.say(pace.line(len(waiting)))
            waiting = []
    if waiting:
        _store(job, waiting, outcome)
        job.say(pace.line(len(waiting)))


def _store(job: Job, retagged: Sequence[Retagged], outcome: Outcome) -> None:
    with job.warehouse.transaction() as db:
        outcome.mentions_new += save_retagged(db, retagged, job.versions)
    outcome.tagged += len(retagged)
    outcome.changed += sum(one.changed for one in retagged)


def _tagged(
    job: Job, rows: Sequence[int], outcome: Outcome, batch: int
) -> Iterator[list[Retagged]]:
    """Yield what came of the texts in *rows*, in their order, a call's worth at a time."""
    workers = job.settings.workers if len(rows) > _FEW else 0
    ahead: deque[Batch] = deque()
    with TemporaryDirectory(prefix="casewatch-") as folder:
        registry = Path(folder) / "registry"
        registry.write_bytes(pickle.dumps(job.registry))

        def given() -> Iterator[Batch]:
            for texts in _read(job, rows, batch):
                ahead.append(Batch(registry, texts))
                yield ahead[-1]

        for made in stream(retag_texts, given(), workers=workers):
            call = ahead.popleft()
            yield made if not isinstance(made, Lost) else _one_by_one(job, call, outcome)


def _read(job: Job, rows: Sequence[int], batch: int) -> Iterator[list[StoredText]]:
    for start in range(0, len(rows), batch):
        with job.warehouse.transaction() as db:
            texts = stored_texts(db, rows[start : start + batch])
        for first in range(0, len(texts), _A_CALL):
            yield texts[first : first + _A_CALL]


def _one_by_one(job: Job, call: Batch, outcome: Outcome) -> list[Retagged]:
    """Return what came of the texts of *call*, whose worker was lost with one of them.

    That one is named, stands as it was, and is tried again by the next retagging.
    """
    found: list[Retagged] = []
    alone = (Batch(call.registry, [one]) for one in call.texts)
    for one, made in zip(call.texts, stream(retag_texts, alone, workers=1), strict=True):
        if isinstance(made, Lost):
            outcome.failed += 1
            job.report.losses.append(Loss("version", one.version_id, made.kind, made.message))
        else:
            found += made
    return found


def retag_texts(batch: Batch) -> list[Retagged]:
    """Return what a tagger makes of each text of *batch*; made in worker processes."""
    tagger, names = _tagger(batch.registry)
    return [_retagged(tagger, names, stored) for stored in batch.texts]


@lru_cache(maxsize=1)
def _tagger(file: Path) -> tuple[Tagger, dict[str, str]]:
    registry: Registry = pickle.loads(file.read_bytes())  # noqa: S301 - our own process wrote it
    return Tagger(registry.subjects), {s.id: s.display_name for s in registry.subjects}


def _retagged(tagger: Tagger, names: dict[str, str], stored: StoredText) -> Retagged:
    words = Words(
        stored.text,
        stored.body_start,
        stored.published_day,
        stored.language,
        PageKind(stored.page_kind),
    )
    tagging, claims = tag_and_claim(tagger, names, words)
    made = told(stored.version_id, stored.article_id, stored.text, tagging, claims)
    changed = made.result != stored.result
    new = made if changed or not stored.known else None
    return Retagged(stored.version_id, made.result, changed, new)


class _Pace:
    """How fast versions are tagged, and when all will be done."""

    def __init__(self, total: int) -> None:
        self._total, self._begun, self._done = total, time.monotonic(), 0

    def line(self, more: int) -> str:
        """Return one line for a person who waits, after *more* of them."""
        self._done += more
        rate = self._done / max(time.monotonic() - self._begun, 1e-6)
        said = f"{self._done:,} of {self._total:,} versions tagged again, {rate:,.0f} a second"
        seconds = (self._total - self._done) / rate
        return said + (f", about {seconds / 60:.0f} min left" if seconds >= 60 else "")
