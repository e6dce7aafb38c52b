"""How to be a guest: when to ask, when to ask again, what a failure means. It opens no socket."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise

GONE_FOR_GOOD = frozenset({"gone", "robots", "blocked_address"})
PAGE_TRIES = 4
_NO_ANSWER = frozenset({"timeout", "connect", "dns", "tls"})
_SILENT_TRIES = 3  # then the host's other pages would only wait for the same end
_SILENT_SECONDS = 600.0
_MAX_AGE = re.compile(r"max-age=(\d+)")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a request gave nothing: a class such as "http_404", what was said, and what it asks."""

    kind: str
    message: str
    status: int | None = None
    retry_after: timedelta | None = None


class HostGaps:
    """When each host may be asked next: *gap* seconds after the last request to it, or later."""

    def __init__(self, gap: float) -> None:
        self._gap = gap
        self._own: dict[str, float] = {}
        self._next: dict[str, float] = {}

    def wait(self, host: str, now: float) -> float:
        """Return the seconds to wait before asking *host*, and count that request as planned."""
        at = max(now, self._next.get(host, now))
        self._next[host] = at + self._gap_of(host)
        return at - now

    def asked(self, host: str, now: float) -> None:
        """Count a request that really began at *now*: it may have waited longer than planned."""
        self.hold(host, now + self._gap_of(host))

    def widen(self, host: str, gap: float) -> None:
        """Keep at least *gap* seconds between requests to *host* from now on."""
        if gap > self._own.get(host, 0.0):
            self._own[host] = gap

    def hold(self, host: str, until: float) -> None:
        """Ask *host* not before *until*."""
        self._next[host] = max(until, self._next.get(host, until))

    def _gap_of(self, host: str) -> float:
        return max(self._gap, self._own.get(host, 0.0))


class HostTroubles:
    """Which hosts are left alone for now: they asked for it, or did not answer three times."""

    def __init__(self) -> None:
        self._silent: dict[str, int] = {}
        self._closed: dict[str, tuple[float, Failure]] = {}

    def note(self, host: str, failure: Failure | None, now: float) -> None:
        """Count what a request to *host* that ended at *now* came to; None is a good answer."""
        if failure is None or failure.kind not in _NO_ANSWER:
            self._silent[host] = 0
        else:
            self._silent[host] = self._silent.get(host, 0) + 1
        if failure is None:
            return
        if self._silent[host] >= _SILENT_TRIES:
            self._closed[host] = (now + _SILENT_SECONDS, failure)
        elif failure.status in {429, 503} and failure.retry_after is not None:
            self._closed[host] = (now + failure.retry_after.total_seconds(), failure)

    def refusal(self, host: str, now: float) -> Failure | None:
        """Return why *host* is not asked at *now*, or None."""
        until, failure = self._closed.get(host, (now, None))
        if failure is None or until <= now:
            return None
        wait = timedelta(seconds=round(until - now)) if failure.retry_after is not None else None
        return Failure(failure.kind, f"not asked, as before it: {failure.message}", None, wait)


def failure_of_status(status: int, headers: Mapping[str, str], now: datetime) -> Failure | None:
    """Return what an HTTP status means, or None for an answer with a body (200) or a 304."""
    if status in {200, 203, 304}:
        return None
    kind = {404: "http_404", 410: "gone", 429: "too_many_requests", 403: "http_403"}.get(status)
    if kind is None:
        kind = "http_5xx" if status >= 500 else f"http_{status}"
    said = retry_after(headers.get("Retry-After"), now)
    message = f"HTTP {status}" + (f", asks to wait {said}" if said else "")
    return Failure(kind, message, status, said)


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Return what a Retry-After header asks for (RFC 9110, 10.2.3), capped at 7 days."""
    if not value:
        return None
    text = value.strip()
    if text.isdecimal():
        wait = timedelta(seconds=min(int(text[:9]), 7 * 86_400))
    else:
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return None
        wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta()), timedelta(days=7))


def next_feed_poll(
    now: datetime,
    failure: Failure | None,
    failures_in_a_row: int,
    headers: Mapping[str, str],
    *,
    at_most: timedelta,
    at_least: timedelta,
    rhythm: timedelta | None = None,
) -> datetime:
    """Return when a feed may be asked again; no feed is ever given up.

    A good answer: after *rhythm*, the feed's usual time between two entries, or as long as its
    max-age asks; not before *at_most*, never beyond *at_least*. A failure: as Retry-After asks,
    else *at_most* doubled with each failure in a row, up to *at_least*. A feed that is gone (410)
    is looked at once a week: feeds come back. With *at_most* zero, every run asks every feed.
    """
    if not at_most:
        return now
    if failure is None:
        return now + min(max(at_most, rhythm or at_most, _max_age(headers)), at_least)
    if failure.retry_after is not None:
        return now + max(failure.retry_after, at_most)
    if failure.kind in GONE_FOR_GOOD:
        return now + timedelta(days=7)
    return now + min(at_most * (1 << min(failures_in_a_row, 10)), at_least)


def spread(now: datetime, planned: datetime, seed: str) -> datetime:
    """Return *planned*, put off by up to a tenth: feeds read together are not asked together."""
    return planned + jitter(seed, (planned - now) * 0.1)


def rhythm_of(times: Iterable[datetime | None]) -> timedelta | None:
    """Return the median gap between *times* of entries; None where fewer than 4 are known."""
    known = sorted(time for time in times if time is not None)
    if len(known) < 4:
        return None
    gaps = sorted(later - earlier for earlier, later in pairwise(known))
    return gaps[len(gaps) // 2]


def asks_for_all(
    now: datetime, last_full_at: datetime | None, rhythm: timedelta | None = None
) -> bool:
    """Return whether a feed is asked for without conditions: some servers say 304 for ever.

    After 7 days of 304s, or 20 times its *rhythm* if that is sooner, but at least a day.
    """
    patience = timedelta(days=7)
    if rhythm is not None:
        patience = min(patience, max(20 * rhythm, timedelta(days=1)))
    return last_full_at is None or now - last_full_at >= patience


def next_page_try(now: datetime, failure: Failure, attempts: int) -> datetime | None:
    """Return when to try a failed page again, or None to give it up (and say so in health).

    *attempts* counts failed tries, this one included. 1, 4, 16 hours lie between the tries.
    """
    if failure.kind in GONE_FOR_GOOD or attempts >= PAGE_TRIES:
        return None
    hours = timedelta(hours=4 ** (attempts - 1))
    return now + max(hours, failure.retry_after or timedelta())


def next_revisit(
    now: datetime, first_seen_at: datetime, revisit_after: tuple[timedelta, ...]
) -> datetime | None:
    """Return when an article about a tracked subject is looked at again, or None for no more.

    *revisit_after* counts from *first_seen_at*; visits that lie in the past are not made up for. A
    zero in it asks for a visit in each run.
    """
    if timedelta() in revisit_after:
        return now
    ahead = [first_seen_at + after for after in revisit_after if first_seen_at + after > now]
    return min(ahead, default=None)


def jitter(seed: str, spread: timedelta) -> timedelta:
    """Return a delay from 0 to *spread* that is always the same for *seed*."""
    return spread * random.Random(seed).random()


def is_own_outage(polled: int, failed: int, answered: int) -> bool:
    """Return whether the fault is ours: several servers asked, all failed, not one answered."""
    return polled >= 2 and failed == polled and answered == 0


def _max_age(headers: Mapping[str, str]) -> timedelta:
    found = _MAX_AGE.search(headers.get("Cache-Control", "").lower())
    return timedelta(seconds=int(found[1][:9])) if found else timedelta()
