"""What makes an entry this entry, within its feed.

An entry keeps its id when its title is edited, when the order changes and when others come or go;
two entries never share one because their publisher repeats or omits GUIDs. The id rests on, in
this order:

1. the GUID, where it is worth something: not empty, "0" or the site's front page. A GUID that is
   an address counts in its canonical form, so that it equals the link and survives tracking
   parameters.
2. the GUID *and* the link, where one body gives the same GUID to different links.
3. the canonical link, fragment included (live blogs), where there is no GUID.
4. the link and the title, where entries without GUIDs share one link, as with pages of headlines.
5. the title and the date, where there is no link at all.

So a changed link under the same GUID is the same entry (a publisher edits the slug), and a changed
GUID at the same link is a new entry of the same *article*: an article is known by its canonical
address, whatever feeds say. When a GUID begins to be repeated, entries that bear it change their
ids once; no other entry's id depends on what else the body holds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from extractors.model import Entry, stable_id
from extractors.urls import canonical_url

_EMPTY_GUIDS = frozenset(
    {"null", "none", "nil", "undefined", "nan", "false", "true", "n/a", "guid"}
)
_TRACKING_FRAGMENT = re.compile(r"(?:utm_|xtor=|at_|ref=|rss)", re.IGNORECASE)

Key = tuple[str, ...]


def with_ids(feed_id: str, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return *entries*, each with the id that it has within the feed *feed_id*."""
    keys = entry_keys(entries)
    return tuple(
        replace(entry, id=stable_id(feed_id, *key))
        for entry, key in zip(entries, keys, strict=True)
    )


def entry_keys(entries: Sequence[Entry]) -> list[Key]:
    """Return the key of each of *entries*, which are all those of one body."""
    first = [_by_guid(entry) or _by_place(entry) for entry in entries]
    rivals: dict[Key, set[Key]] = defaultdict(set)
    for key, entry in zip(first, entries, strict=True):
        rivals[key].add(_second(key, entry))
    return [
        key if len(rivals[key]) == 1 else key + _second(key, entry)
        for key, entry in zip(first, entries, strict=True)
    ]


def _second(key: Key, entry: Entry) -> Key:
    """Return what tells *entry* from others that have the same first *key*."""
    place = _by_place(entry)
    return ("title", _folded(entry.title)) if place == key else place


def _by_guid(entry: Entry) -> Key | None:
    guid = (entry.guid or "").strip()
    if not sum(map(str.isalnum, guid)) > 1 or guid.lower() in _EMPTY_GUIDS:
        return None
    address = _address(guid)
    if not address:
        return ("guid", guid)
    return None if urlsplit(address)[2:] == ("/", "", "") else ("url", address)


def _by_place(entry: Entry) -> Key:
    address = _address(entry.url or "")
    if address:
        return ("url", address)
    day = entry.published_at or entry.updated_at
    return ("title", _folded(entry.title or entry.summary), day.isoformat() if day else "")


def _address(url: str) -> str | None:
    canonical = canonical_url(url)
    fragment = url.partition("#")[2]
    if not canonical or not fragment or "#" in canonical or _TRACKING_FRAGMENT.match(fragment):
        return canonical
    return f"{canonical}#{fragment}"


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
