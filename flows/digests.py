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
_CHANGED = 12  # articles that were changed, in full; the rest is counted
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
_ARTICLE = ("article_id", "names", "title", "canonical_url", "outlet", "language")
_ALL_CHANGES = 'casewatch sql "from article_changes order by seen_at desc"'
_MARKS = {3: "!!!", 2: " ! ", 1: " · "}
_HEADS = {3: "Urgent", 2: "Events", 1: "Mentions"}


def content_of(
    channel: str,
    chosen: Chosen,
    notes: Sequence[str],
    kind: str,
    now: datetime,
    zone: ZoneInfo,
    changes: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return what a message to *channel* says, in types of JSON.

    *changes* are rows of `warehouse.told_changes.changes_to_tell`.
    """
    counted = Counter(alert["display_name"] for alert in chosen.counted)
    changed = _by_article(changes)
    return {
        "kind": kind,
        "packed_at": now.isoformat(),
        "zone": zone.key,
        "title": digest_title(chosen.told, len(changed)),
        "alerts": [
            {"key": alert_key(alert["alert_id"], channel)} | _stored(alert) for alert in chosen.told
        ],
        "counted": dict(sorted(counted.items())),
        "changed": changed,
        "notes": list(notes),
    }


def digest_title(alerts: Sequence[Alert], changed: int = 0) -> str:
    """Return a subject line: how many alerts, and who is in the gravest.

    Without alerts, in how many articles something was *changed*.
    """
    if changed and not alerts:
        return f"casewatch: {changed} article{'' if changed == 1 else 's'} changed"
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
    most, changes = min(SHOWN, len(alerts)), min(_CHANGED, len(_changed(content)))
    while True:
        text = _text(content, alerts, most, changes)
        if fits(text) or most == changes == 0:
            return text
        most, changes = (most, 0) if changes else (most - 1, 0)


def html_of(content: Content) -> str:
    """Return *content* as the HTML part of a mail: it asks for nothing from outside itself."""
    alerts = _revived(content)
    told = alerts[:SHOWN]
    groups = [(head, [a for a in told if a["rank"] == rank]) for rank, head in _HEADS.items()]
    listed = alerts[SHOWN : SHOWN + _LISTED]
    changed = _changed(content)
    return _template().render(
        title=content["title"],
        urgent=content["kind"] == "at_once",
        count=len(alerts),
        now=_local(content),
        groups=[(head, found) for head, found in groups if found],
        listed=listed,
        more=len(alerts) - len(told),
        unlisted=len(alerts) - len(told) - len(listed),
        changed=changed[:_CHANGED],
        changed_in=len(changed),
        notes=_notes(content),
        preheader=_preheader(alerts) or ", ".join(_about(one) for one in changed)[:140],
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


def _by_article(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return changes an article, in types of JSON, that in which something was seen last first."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:  # in the order in which they were seen
        known = found.pop(row["article_id"], {"what": []})
        what = {name: row[name] for name in ("kind", "before", "after", "display_name")}
        article = {name: row[name] for name in _ARTICLE} | {"seen_at": row["seen_at"].isoformat()}
        found[row["article_id"]] = article | {"what": [*known["what"], what]}
    return list(found.values())[::-1]


def _changed(content: Content) -> list[dict[str, Any]]:
    """Return the changed articles of *content*; what an older casewatch packed has none."""
    zone = ZoneInfo(content["zone"])
    return [
        article | {"seen_at": datetime.fromisoformat(article["seen_at"]).astimezone(zone)}
        for article in content.get("changed", ())
    ]


def _text(content: Content, alerts: Sequence[Alert], most: int, changes: int) -> str:
    """Return *content* as text with *most* alerts and *changes* changed articles in full."""
    changed, now = _changed(content), _local(content)
    told = digest_text(alerts, now, most=most)
    if changed and not alerts:
        told = f"{line_of(content['title'])}\n{now:%d %B %Y %H:%M %Z}"
    return with_notes(told, _changed_text(changed, changes), *_notes(content))


def _changed_text(changed: Sequence[Mapping[str, Any]], most: int) -> str | None:
    if not changed:
        return None
    lines = [f"Changed after you read it ({len(changed)})"]
    for article in changed[:most]:
        lines += ["", f" ~  {_about(article)}", *(f"    {words}" for words in _whats(article))]
        lines += [f"    {_seen(article)}", f"    {line_of(article['canonical_url'])}"]
        lines.append(f"    casewatch versions {article['article_id'][:8]}")
    if len(changed) > most:
        lines += ["", f"and {len(changed) - most} more: {_ALL_CHANGES}"]
    return "\n".join(lines)


def _about(article: Mapping[str, Any]) -> str:
    return line_of(f"{', '.join(article['names'])}: {article['title']}")


def _seen(article: Mapping[str, Any]) -> str:
    return f"{line_of(article['outlet'])}, seen {article['seen_at']:%d %b %Y %H:%M}"


def _whats(article: Mapping[str, Any]) -> list[str]:
    """Return what changed, a line each, each once: an article may be edited many times a day."""
    return list(dict.fromkeys(map(_what, article["what"])))


def _what(change: Mapping[str, Any]) -> str:
    before, after, name = (line_of(change[n] or "") for n in ("before", "after", "display_name"))
    told = {
        "headline_changed": f"Headline: “{before}” became “{after}”",
        "name_added": f"{name} is named now" + (f": “{after}”" if after != name else ""),
        "name_removed": f"{name} is named no more" + (f": “{before}”" if before != name else ""),
        "edited": "The text was edited; headline and names stayed",
        "vanished": "The page is gone",
    }
    return told[change["kind"]]


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
    found.filters |= {"about": _about, "seen": _seen, "whats": _whats}
    found.globals["all_changes"] = _ALL_CHANGES
    return found
