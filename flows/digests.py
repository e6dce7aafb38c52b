"""What is new since the last digest, put into words and sent: each alert once a channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from extractors.model import stable_id
from flows.job import Clock, utc_now
from flows.settings import Settings
from flows.show import day
from warehouse.reads import undelivered
from warehouse.rows import insert_missing
from warehouse.store import Warehouse

STDOUT = "stdout"
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
        _send(warehouse, name, url, post or post_by_apprise, clock(), note)
        for name, url in channels.items()
    ]


def preview(settings: Settings, *, clock: Clock = utc_now) -> str:
    """Return the digest that the first channel would get now; nothing counts as sent."""
    channel = channel_name(settings.notify[0]) if settings.notify else STDOUT
    with Warehouse(settings.warehouse).transaction() as db:
        alerts = undelivered(db, channel)
    return digest_text(alerts, clock())


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


def post_by_apprise(url: str, title: str, text: str) -> bool:
    """Send by Apprise, or print where the URL is stdout; return whether it was taken."""
    if url == STDOUT:
        print(text)  # noqa: T201
        return True
    import apprise  # noqa: PLC0415 - half a second, and only where a URL is set

    sender = apprise.Apprise()
    return bool(sender.add(url) and sender.notify(title=title, body=text))


def _send(
    warehouse: Warehouse, channel: str, url: str, post: Post, now: datetime, note: str | None
) -> Sending:
    with warehouse.transaction() as db:
        alerts = undelivered(db, channel)
    if not alerts and channel != STDOUT:
        return Sending(channel, 0, sent=True)
    text = digest_text(alerts, now) + (f"\n\n{note}" if note else "")
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
