"""What is to be said of how well we see: silent cases, silent and failing feeds, in a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_NAMED = 3
_TRIES = 3  # failures in a row: one or two are the web's weather


def silence_words(row: dict[str, Any]) -> str:
    """Return a row of the view silence in words, for a subject that nobody wrote of."""
    since = f"for {row['quiet_days']} days"
    if row["state"] == "blind":
        fine = f"only {row['its_feeds_fine']} of its {row['its_feeds']} feeds are healthy"
        return f"no mention of {row['display_name']} {since}, but {fine}"
    return f"no mention of {row['display_name']} {since} though its feeds are healthy"


def watch_line(silence: Sequence[dict[str, Any]], feeds: Sequence[dict[str, Any]]) -> str | None:
    """Return one line on what we may not be seeing, worst first; None if there is nothing.

    *silence* and *feeds* are rows of the views silence and feed_health, worst first.
    """
    quiet = [row for row in silence if row["state"] != "heard of"]
    failing = [f for f in feeds if f["state"] == "failing" and f["failures_in_a_row"] >= _TRIES]
    silent = [f["feed_id"] for f in feeds if f["state"] == "silent"]
    parts = [_some([silence_words(row) for row in quiet], "cases", "; ")]
    if failing:
        parts.append(f"failing: {_some([_failing(f) for f in failing], 'feeds')}")
    if silent:
        parts.append(f"silent against their habit: {_some(silent, 'feeds')}")
    told = "; ".join(part for part in parts if part)
    return f"Watch: {told} (casewatch health)" if told else None


def _failing(feed: dict[str, Any]) -> str:
    return f"{feed['feed_id']} ({feed['failure']})"


def _some(words: Sequence[str], of_what: str, comma: str = ", ") -> str:
    more = len(words) - _NAMED
    return comma.join([*words[:_NAMED], *([f"{more} more {of_what}"] if more > 0 else [])])
