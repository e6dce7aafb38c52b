"""What a reviewer says, made durable at once; taken into the warehouse when nobody is typing."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from extractors.errors import CasewatchError, UsageError, WarehouseBusyError
from extractors.model import CandidateVerdict, Verdict
from review.inbox import Inbox
from review.settings import DeskSettings
from warehouse.inbox import Assignment, CandidateJudgement, Judgement, Said, drain
from warehouse.lake import open_warehouse
from warehouse.publish import publish

QUIET = 20.0  # seconds without a verdict, before they are taken in together
_MOST_NOTE, _MOST_NAME = 2_000, 80  # characters
_MOST_UNDO = 200
_Said = TypeVar("_Said", bound=Said)
_Word = TypeVar("_Word", Verdict, CandidateVerdict)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stood:
    """What stood before a verdict, so that it can be said again."""

    alert_id: str
    verdict: Verdict | None
    note: str | None


@dataclass(frozen=True, slots=True)
class StoodCandidate:
    """The same of a rejected candidate."""

    mention_id: str
    verdict: CandidateVerdict | None
    note: str | None


_Before = Stood | StoodCandidate


class Bench:
    """Where verdicts are put. Each is in the inbox, synced to disk, before the method returns."""

    def __init__(self, inbox: Inbox, clock: Callable[[], datetime] | None = None) -> None:
        self._inbox = inbox
        self._clock = clock or (lambda: datetime.now(UTC))
        self._mutex = threading.Lock()
        self._last = datetime.min.replace(tzinfo=UTC)
        self._done: dict[str, deque[_Before]] = defaultdict(lambda: deque(maxlen=_MOST_UNDO))
        self.said_at = 0.0  # on the monotonic clock: when the last one came

    def judge(
        self, session: str, reviewer: str, before: Stood, verdict: Verdict, note: str | None
    ) -> Judgement:
        """Append a verdict; `undo` in the same *session* says again what stood *before*."""
        judgement = self._judgement(before, verdict, reviewer, note)
        self._keep(session, before, judgement)
        return judgement

    def audit(
        self, session: str, reviewer: str, before: StoodCandidate, verdict: CandidateVerdict,
        note: str | None,
    ) -> CandidateJudgement:  # fmt: skip
        """Append a verdict of a rejected candidate; `undo` takes it back as it does an alert's."""
        judgement = self._candidate_judgement(before, verdict, reviewer, note)
        self._keep(session, before, judgement)
        return judgement

    def undo(self, session: str, reviewer: str) -> Judgement | CandidateJudgement | None:
        """Append what stood before the session's last verdict; None where there is nothing left."""
        with self._mutex:
            stood = self._done[session].pop() if self._done[session] else None
        if stood is None:
            return None
        if isinstance(stood, Stood):
            verdict = stood.verdict or Verdict.UNSURE
            return self._put(self._judgement(stood, verdict, reviewer, stood.note))
        open_again = stood.verdict or CandidateVerdict.UNSURE
        return self._put(self._candidate_judgement(stood, open_again, reviewer, stood.note))

    def assign(self, alert_id: str, assignee: str, reviewer: str) -> Assignment:
        """Append who is to look at an alert; an empty name is nobody any more."""
        return self._put(Assignment(alert_id, _name(assignee), _name(reviewer), self._now()))

    def _keep(self, session: str, before: _Before, said: Judgement | CandidateJudgement) -> None:
        self._put(said)
        with self._mutex:
            self._done[session].append(before)

    def _judgement(
        self, before: Stood, verdict: Verdict, reviewer: str, note: str | None
    ) -> Judgement:
        return Judgement(before.alert_id, verdict, _name(reviewer), self._now(), _note(note))

    def _candidate_judgement(
        self, before: StoodCandidate, verdict: CandidateVerdict, reviewer: str, note: str | None
    ) -> CandidateJudgement:
        return CandidateJudgement(
            before.mention_id, verdict, _name(reviewer), self._now(), _note(note)
        )

    def _put(self, said: _Said) -> _Said:
        self._inbox.put(said)
        self.said_at = time.monotonic()
        return said

    def _now(self) -> datetime:
        """Return a time later than any before: two keys within a clock's tick keep their order."""
        with self._mutex:
            self._last = max(self._clock(), self._last + timedelta(microseconds=1))
            return self._last


def verdict_called(word: str) -> Verdict:
    """Return the verdict of an alert. Raises UsageError for a word that is none."""
    return _called(Verdict, word)


def audit_called(word: str) -> CandidateVerdict:
    """Return the verdict of a rejected candidate. Raises UsageError for a word that is none."""
    return _called(CandidateVerdict, word)


def settle(settings: DeskSettings) -> bool:
    """Take the inbox into the warehouse and publish; return False if a run holds it.

    A run that holds it takes the inbox in itself.
    """
    warehouse = open_warehouse(settings, patience=1.0)
    try:
        drained = drain(warehouse, settings.inbox)
        publish(warehouse, settings.copy)
    except WarehouseBusyError:
        return False
    drained.forget()
    return True


class Settler:
    """Settles in the background once nobody has judged for a while. Its failures are logged."""

    def __init__(self, settings: DeskSettings, bench: Bench, quiet: float = QUIET) -> None:
        self._settings, self._bench, self._quiet = settings, bench, quiet
        self._next = 0.0

    def is_due(self, now: float) -> bool:
        """Return whether verdicts wait, nobody is judging, and the last time is long enough ago."""
        if now < self._next or now - self._bench.said_at < self._quiet:
            return False
        return any(self._settings.inbox.glob("*.json"))

    def settle(self) -> None:
        """Settle once; a big warehouse, which takes long to publish, is left alone for longer."""
        begun = time.monotonic()
        try:
            settled = settle(self._settings)
        except (CasewatchError, OSError) as error:
            _log.warning("Verdicts wait in the inbox, they are safe there: %s", error)
            settled = False
        took = time.monotonic() - begun
        self._next = time.monotonic() + (20 * took if settled else max(60.0, 20 * took))


def _called(verdicts: type[_Word], word: str) -> _Word:
    try:
        return verdicts(word)
    except ValueError as error:
        raise UsageError(f"no verdict {word!r}; there are: {', '.join(verdicts)}.") from error


def _name(given: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in given).split())[:_MOST_NAME]


def _note(given: str | None) -> str | None:
    kept = (given or "").strip()[:_MOST_NOTE]
    return kept or None
