"""What is new since the last digest, put into words and sent: each alert once a channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

import duckdb

from extractors.model import stable_id
from flows.addresses import Guard, guard_of, guarded_connections
from flows.job import Clock, utc_now
from flows.settings import Settings
from flows.show import day
from flows.watching import watch_line
from warehouse.reads import health_rows, silence_rows, undelivered
from warehouse.rows import insert_missing
from warehouse.store import Warehouse

STDOUT = "stdout"
_MAIL = frozenset({"mailto", "mailtos"})
_SHOWN = 50  # alerts in one digest; the rest is counted, never dropped: it stays open

Post = Callable[[str, str, str], bool]  # (Apprise URL, title, text) -> whether it was taken


@dataclass(frozen=True, slots=True)
class Sending:
    """How one channel fared. *sent* is True as well when there was nothing to send."""

    channel: str
    alerts: int
    sent: bool


def channel_name(url: str) -> str:
    """Return a name for an Apprise URL that gives none of its secrets away."""
    scheme, told, _ = url.partition("://")  # not urlsplit: it refuses a password with a bracket
    return f"{scheme if told else 'channel'}:{sha256(url.encode()).hexdigest()[:8]}"


def send_digests(
    settings: Settings, *, post: Post | None = None, clock: Clock = utc_now, note: str | None = None
) -> list[Sending]:
    """Send what is new to every channel of the settings, or to stdout where there is none.

    A *note* stands at the end of what is sent.
    """
    warehouse = Warehouse(settings.warehouse)
    channels = {channel_name(url): url for url in settings.notify} or {STDOUT: STDOUT}
    return [
        _send(warehouse, name, url, post or _apprise(settings), clock(), note)
        for name, url in channels.items()
    ]


def preview(settings: Settings, *, clock: Clock = utc_now) -> str:
    """Return the digest that the first channel would get now; nothing counts as sent."""
    channel = channel_name(settings.notify[0]) if settings.notify else STDOUT
    with Warehouse(settings.warehouse).transaction() as db:
        alerts, watch = undelivered(db, channel), _watch(db)
    return _with(digest_text(alerts, clock()), watch)


def digest_title(alerts: Sequence[dict[str, Any]]) -> str:
    """Return a subject line: how many alerts, and who is in the gravest."""
    count = f"{len(alerts)} alert{'' if len(alerts) == 1 else 's'}"
    grave = [alert["display_name"] for alert in alerts if alert["rank"] == 3]
    return f"casewatch: {count}" + (f", urgent: {', '.join(dict.fromkeys(grave))}" if grave else "")


def digest_text(alerts: Sequence[dict[str, Any]], now: datetime) -> str:
    """Return the digest as plain text, worst first."""
    if not alerts:
        return f"casewatch, {now:%d %B %Y}: nothing new since the last digest."
    lines = [digest_title(alerts), f"{now:%d %B %Y %H:%M} UTC", ""]
    for alert in alerts[:_SHOWN]:
        lines += [_entry(alert), ""]
    if len(alerts) > _SHOWN:
        lines.append(f"and {len(alerts) - _SHOWN} more: casewatch alerts")
    return "\n".join(lines).rstrip()


def post_by_apprise(url: str, title: str, text: str, guard: Guard | None = None) -> bool:
    """Send by Apprise, or print where the URL is stdout; return whether it was taken.

    What is no mail connects only where *guard* permits (everywhere without one), on each redirect
    as well: a webhook must not become a way into our own network. Who names a mail server means it.
    """
    if url == STDOUT:
        print(text)  # noqa: T201
        return True
    import apprise  # noqa: PLC0415 - half a second, and only where a URL is set

    sender = apprise.Apprise()
    if not sender.add(url):
        return False
    if guard is None or url.partition("://")[0].lower() in _MAIL:
        return bool(sender.notify(title=title, body=text))
    with guarded_connections(guard):
        return bool(sender.notify(title=title, body=text))


def _apprise(settings: Settings) -> Post:
    return partial(post_by_apprise, guard=guard_of(settings.allow))


def _watch(db: duckdb.DuckDBPyConnection) -> str | None:
    return watch_line(silence_rows(db), health_rows(db))


def _with(text: str, *notes: str | None) -> str:
    return "\n\n".join([text, *filter(None, notes)])


def _send(
    warehouse: Warehouse, channel: str, url: str, post: Post, now: datetime, note: str | None
) -> Sending:
    with warehouse.transaction() as db:
        alerts, watch = undelivered(db, channel), _watch(db)
    if not alerts and channel != STDOUT:
        return Sending(channel, 0, sent=True)
    text = _with(digest_text(alerts, now), watch, note)
    sent = post(url, digest_title(alerts), text)
    if sent and alerts:
        _remember(warehouse, channel, alerts, now)
    return Sending(channel, len(alerts), sent)


def _remember(
    warehouse: Warehouse, channel: str, alerts: Sequence[dict[str, Any]], now: datetime
) -> None:
    digest = stable_id(channel, now.isoformat())
    rows = [
        {
            "delivery_id": stable_id(alert["alert_id"], channel),
            "alert_id": alert["alert_id"],
            "channel": channel,
            "digest_id": digest,
            "sent_at": now,
        }
        for alert in alerts
    ]
    with warehouse.transaction() as db:
        insert_missing(db, "delivery", rows)


def _entry(alert: dict[str, Any]) -> str:
    mark = {3: "!!!", 2: " ! ", 1: " · "}[alert["rank"]]
    passage = " ".join(alert["passage"].split())
    return "\n".join(
        (
            f"{mark} {alert['display_name']}: {alert['title']}",
            f"    “{passage}”",
            f"    {alert['reason']}",
            f"    {', '.join(alert['outlets'])}, {day(alert['published_at'])}",
            f"    {alert['canonical_url']}",
            f"    casewatch judge {alert['alert_id'][:8]} relevant",
        )
    )
