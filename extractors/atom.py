"""Alerts to an Atom feed (RFC 4287), the latest first. Rows in, bytes out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

Alert = Mapping[str, Any]  # a row of the view alerts, with first_seen_at and versions

ATOM = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_RANKS = {3: "urgent", 2: "event", 1: "mention"}


def atom_feed(alerts: Sequence[Alert], *, whose: str, now: datetime, older: int = 0) -> bytes:
    """Return the feed of *alerts*. Its ids depend on *whose* it is and on the alerts' ids alone.

    *now* dates a feed without any alert; *older* ones are only counted. Its bytes change only when
    an alert does.
    """
    latest = sorted(alerts, key=lambda a: (a["raised_at"], a["alert_id"]), reverse=True)
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _add(feed, "title", "casewatch alerts")
    _add(feed, "id", _urn(f"casewatch feed {whose}"))
    _add(feed, "updated", _stamp(max((a["raised_at"] for a in latest), default=now)))
    _add(_add(feed, "author"), "name", "casewatch")
    _add(feed, "generator", "casewatch")
    if older:
        told = f"The latest {len(latest)} alerts, and {older} more: casewatch alerts --all"
        _add(feed, "subtitle", told)
    for alert in latest:
        _entry(feed, alert)
    ET.indent(feed)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _entry(feed: ET.Element, alert: Alert) -> None:
    entry = _add(feed, "entry")
    _add(entry, "title", f"{alert['display_name']}: {alert['title']}", type="text")
    _add(entry, "id", _urn(f"casewatch alert {alert['alert_id']}"))
    _add(entry, "updated", _stamp(alert["raised_at"]))
    if alert["published_at"]:
        _add(entry, "published", _stamp(alert["published_at"]))
    _add(_add(entry, "author"), "name", _line(alert["outlet"]) or "unknown outlet")
    if (address := iri(alert["canonical_url"])) is not None:
        _add(entry, "link", rel="alternate", type="text/html", href=address)
    _add(entry, "category", term=alert["subject_id"], label=_line(alert["display_name"]))
    _add(entry, "category", term=_RANKS[alert["rank"]])
    _add(entry, "summary", f"“{_line(alert['passage'])}”", type="text")
    _add(entry, "content", _html(alert), type="html")


def _html(alert: Alert) -> str:
    """Return the entry's words as HTML: what others wrote is escaped."""
    language = f' lang="{escape(alert["language"])}"' if alert["language"] else ""
    told = [", ".join(map(_line, alert["outlets"]))]
    if alert["first_seen_at"]:
        told.append(f"first seen {alert['first_seen_at'].astimezone(UTC):%d %B %Y %H:%M} UTC")
    if (alert["versions"] or 1) > 1:
        told.append(f"{alert['versions']} versions")
    address = iri(alert["canonical_url"])
    link = f'<p><a href="{escape(address)}">{escape(address)}</a></p>' if address else ""
    return (
        f"<blockquote{language}>“{escape(_line(alert['passage']))}”</blockquote>"
        f"<p>{escape(_line(alert['reason']))}</p><p>{escape('; '.join(told))}</p>{link}"
    )


def iri(url: str) -> str | None:
    """Return *url* as it may stand in a link, None unless it is an address of the web."""
    if not url.lower().startswith(("https://", "http://")):
        return None
    whole, mark, fragment = _NO_XML.sub("", url).partition("#")
    return _quoted(whole) + mark + _quoted(fragment)


def _quoted(part: str) -> str:
    """Return *part* with every character percent-encoded that no address may hold, % included."""
    return _LONE_PERCENT.sub("%25", quote(part, safe="%/:=&?~+!$,;'@()*-._"))


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    clean = {key: _NO_XML.sub("", value) for key, value in attributes.items()}
    found = ET.SubElement(parent, name, clean)
    if text is not None:
        found.text = _NO_XML.sub("", text)
    return found


def _urn(name: str) -> str:
    return uuid5(NAMESPACE_URL, name).urn


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _line(words: str | None) -> str:
    return " ".join(_NO_XML.sub("", words or "").split())
