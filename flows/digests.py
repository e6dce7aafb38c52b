"""Alerts put into words: one message's title, its plain text, its HTML, its JSON.

What a message says is packed once, as its *content*: every try, whenever and by whichever channel,
says the same. What others wrote stays text: no markup, no control characters, only web addresses.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from extractors.delivery import Chosen, alert_key
from flows.inert import inert

if TYPE_CHECKING:
    from jinja2 import Environment, Template

Alert = Mapping[str, Any]
Content = Mapping[str, Any]

SHOWN = 50  # alerts in full in one text; the rest is counted, never dropped: it stays open
_LISTED = 200  # further ones that a mail names in a line each
_FIELDS = (
    "alert_id",
    "rank",
    "subject_id",
    "display_name",
    "title",
    "passage",
    "reason",
    "outlets",
    "canonical_url",
    "language",
    "published_at",
    "first_seen_at",
    "raised_at",
    "versions",
)
_TIMES = ("published_at", "first_seen_at", "raised_at")
_MARKS = {3: "!!!", 2: " ! ", 1: " · "}
_HEADS = {3: "Urgent", 2: "Events", 1: "Mentions"}


def content_of(
    channel: str, chosen: Chosen, notes: Sequence[str], kind: str, now: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    """Return what a message to *channel* says, in types of JSON."""
    counted = Counter(alert["display_name"] for alert in chosen.counted)
    return {
        "kind": kind,
        "packed_at": now.isoformat(),
        "zone": zone.key,
        "title": digest_title(chosen.told),
        "alerts": [
            {"key": alert_key(alert["alert_id"], channel)} | _stored(alert) for alert in chosen.told
        ],
        "counted": dict(sorted(counted.items())),
        "notes": list(notes),
    }


def digest_title(alerts: Sequence[Alert]) -> str:
    """Return a subject line: how many alerts, and who is in the gravest."""
    count = f"{len(alerts)} alert{'' if len(alerts) == 1 else 's'}"
    grave = [line_of(alert["display_name"]) for alert in alerts if alert["rank"] == 3]
    return f"casewatch: {count}" + (f", urgent: {', '.join(dict.fromkeys(grave))}" if grave else "")


def digest_text(alerts: Sequence[Alert], now: datetime, *, most: int = SHOWN) -> str:
    """Return the digest as plain text, worst first, *most* alerts in full; the rest is counted.

    *now* is shown by the clock of its own time zone.
    """
    if not alerts:
        return f"casewatch, {now:%d %B %Y}: nothing new since the last digest."
    lines = [digest_title(alerts), f"{now:%d %B %Y %H:%M %Z}", ""]
    for alert in alerts[:most]:
        lines += [_entry(alert), ""]
    if len(alerts) > most:
        lines.append(f"and {len(alerts) - most} more: casewatch alerts")
    return "\n".join(lines).rstrip()


def text_of(content: Content, *, fits: Callable[[str], bool] = lambda _: True) -> str:
    """Return *content* as plain text, with as many alerts in full as *fits* allows.

    Chat services refuse what is too long for them; what is cut is counted.
    """
    alerts = _revived(content)
    most = min(SHOWN, len(alerts))
    while True:
        text = with_notes(digest_text(alerts, _local(content), most=most), *_notes(content))
        if most == 0 or fits(text):
            return text
        most -= 1


def html_of(content: Content) -> str:
    """Return *content* as the HTML part of a mail: it asks for nothing from outside itself."""
    alerts = _revived(content)
    told = alerts[:SHOWN]
    groups = [(head, [a for a in told if a["rank"] == rank]) for rank, head in _HEADS.items()]
    listed = alerts[SHOWN : SHOWN + _LISTED]
    return _template().render(
        title=content["title"],
        urgent=content["kind"] == "at_once",
        count=len(alerts),
        now=_local(content),
        groups=[(head, found) for head, found in groups if found],
        listed=listed,
        more=len(alerts) - len(told),
        unlisted=len(alerts) - len(told) - len(listed),
        notes=_notes(content),
        preheader=_preheader(alerts),
    )


def json_of(content: Content, message_id: str) -> bytes:
    """Return *content* as the body of a webhook call: the same bytes each time."""
    return json.dumps(
        {"key": message_id, **content}, ensure_ascii=False, sort_keys=True, allow_nan=False
    ).encode()


def with_notes(text: str, *notes: str | None) -> str:
    """Return *text* with each note as a paragraph after it."""
    return "\n\n".join([text, *filter(None, notes)])


def line_of(text: str) -> str:
    """Return *text* on one line, without control characters and marks that turn words around."""
    return inert(" ".join(text.split()))


def _stored(alert: Alert) -> dict[str, Any]:
    times = {name: alert[name].isoformat() if alert.get(name) else None for name in _TIMES}
    return {name: alert.get(name) for name in _FIELDS} | times


def _revived(content: Content) -> list[dict[str, Any]]:
    """Return the alerts of *content* with their times, by the clock of its time zone."""
    zone = ZoneInfo(content["zone"])
    return [
        {
            **alert,
            **{
                name: datetime.fromisoformat(alert[name]).astimezone(zone) if alert[name] else None
                for name in _TIMES
            },
        }
        for alert in content["alerts"]
    ]


def _local(content: Content) -> datetime:
    return datetime.fromisoformat(content["packed_at"]).astimezone(ZoneInfo(content["zone"]))


def _notes(content: Content) -> list[str]:
    """Return what stands below the alerts: what is only counted, then the notes."""
    counted = content["counted"]
    notes = list(content["notes"])
    if counted:
        told = ", ".join(f"{count} of {name}" for name, count in counted.items())
        notes.insert(0, f"Not shown, as they are set to events only: mentions: {told}.")
    return [line_of(note) for note in notes]


def _entry(alert: Alert) -> str:
    return "\n".join(
        (
            f"{_MARKS[alert['rank']]} {line_of(alert['display_name'])}: {line_of(alert['title'])}",
            f"    “{line_of(alert['passage'])}”",
            f"    {line_of(alert['reason'])}",
            f"    {_where(alert)}",
            f"    {line_of(alert['canonical_url'])}",
            f"    casewatch judge {alert['alert_id'][:8]} relevant",
        )
    )


def _where(alert: Alert) -> str:
    """Return who ran it, when it was published and first seen, and how often it was edited."""
    published = alert["published_at"]
    day = f"{published:%d %b %Y}" if published else "undated"
    parts = [", ".join(map(line_of, alert["outlets"])), day]
    told = [", ".join(part for part in parts if part)]
    if alert.get("first_seen_at"):
        told.append(f"first seen {alert['first_seen_at']:%d %b %Y %H:%M}")
    if (alert.get("versions") or 1) > 1:
        told.append(f"{alert['versions']} versions")
    return "; ".join(told)


def _told(alert: Alert) -> tuple[str, str]:
    """Return what happened, "" for a mention, and the evidence as a sentence."""
    reason = line_of(alert["reason"])
    happened, _, evidence = reason.partition(". ") if alert["rank"] > 1 else ("", "", reason)
    return happened, evidence[:1].upper() + evidence[1:] + ("." if evidence else "")


def _preheader(alerts: Sequence[Alert]) -> str:
    """Return what a mail program shows beside the subject: the gravest sentence."""
    return line_of(alerts[0]["passage"])[:140] if alerts else ""


def web_address(url: str) -> str | None:
    """Return *url* if it may be a link, else None: `javascript:` is an address as well."""
    return url if url.lower().startswith(("https://", "http://")) else None


@cache
def _template() -> Template:
    return _environment().get_template("digest.html")


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - see above

    found = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"line": line_of, "address": web_address, "where": _where, "told": _told}
    return found
