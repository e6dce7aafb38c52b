"""Changes to feeds.yaml that feeds themselves ask for, as a diff: a person applies it or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from difflib import unified_diff
from typing import Any

_BEGIN = re.compile(r"-\s+id:\s*(\S+)\s*(?:#.*)?$")
_URL = re.compile(r"(\s+(?:-\s+)?url:\s*)(\S+)(.*)$")


def proposed_feeds(text: str, feeds: Sequence[dict[str, Any]]) -> str:
    """Return feeds.yaml's *text* with the new address of each of *feeds*, without those gone.

    *feeds* are rows of `warehouse.reads.moved_feeds`. A feed that is gone stays, as comments that
    say since when: somebody may find its new address. A feed whose address was changed by hand
    since is left alone.
    """
    wanted = {feed["feed_id"]: feed for feed in feeds}
    lines: list[str] = []
    for block in _blocks(text):
        begin = _BEGIN.match(block[0])
        feed = wanted.get(begin[1].strip("\"'")) if begin else None
        lines += _changed(block, feed) if feed else block
    return "".join(lines)


def proposal(text: str, feeds: Sequence[dict[str, Any]], name: str = "seeds/feeds.yaml") -> str:
    """Return the change as a unified diff, "" where there is none."""
    before, after = text.splitlines(True), proposed_feeds(text, feeds).splitlines(True)
    return "".join(unified_diff(before, after, f"a/{name}", f"b/{name}"))


def _blocks(text: str) -> list[list[str]]:
    """Return the lines of *text* in blocks, of which each feed's begins with its `- id:`."""
    blocks: list[list[str]] = [[]]
    for line in text.splitlines(True):
        ends = not line.startswith((" ", "\t")) and blocks[-1] and _BEGIN.match(blocks[-1][0])
        if _BEGIN.match(line) or ends:
            blocks.append([])
        blocks[-1].append(line)
    return [block for block in blocks if block]


def _changed(block: list[str], feed: dict[str, Any]) -> list[str]:
    urls = [found[2].strip("\"'") for line in block if (found := _URL.match(line))]
    if urls != [feed["url"]]:
        return block
    if feed["moved_to"]:
        return [_URL.sub(rf"\g<1>{_quoted(feed['moved_to'])}\g<3>", line) for line in block]
    since: datetime = feed["gone_at"]
    return [
        f"# gone for good (HTTP 410) since {since:%Y-%m-%d}\n",
        *(f"# {line}" for line in block),
    ]


def _quoted(url: str) -> str:
    """Return *url* as YAML takes it, and as re.sub takes it."""
    plain = re.fullmatch(r"[\w:/.?=&%~+@,-]+", url) and not url.endswith(":")
    quoted = url if plain else '"' + url.replace("\\", "\\\\").replace('"', "%22") + '"'
    return quoted.replace("\\", "\\\\")
