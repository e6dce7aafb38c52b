"""What the files of the registry say of each other: ids, sources, advocates, feeds.

All of it is asked of the bare YAML, so that one wrong word in a file hides none of it. Each
problem comes with the path of what it is about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from extractors.registry.lines import Path
from extractors.registry.words import did_you_mean

Problems = Iterator[tuple[Path, str]]
Keys = dict[Any, Any]


def id_problems(subject: Keys, stem: str) -> Problems:
    """Yield what is wrong with an id, which must be the name of its file."""
    name = subject.get("id")
    if isinstance(name, str) and name != stem:
        yield ("id",), f"{name!r} is not the file's name; write {stem!r} or rename the file"


def source_problems(subject: Keys) -> Problems:
    """Yield each key of a source that does not stand under `sources`."""
    known = subject.get("sources")
    if not isinstance(known, dict):
        return
    sources = [key for key in known if isinstance(key, str)]
    for where, key in _source_keys(subject, (), set()):
        if key not in known:
            hint = did_you_mean(key, sources) or f"add `{key}: https://...` to `sources`"
            yield where, f"no source {key!r}; {hint}"


def advocate_problems(case: Keys, known: Collection[str]) -> Problems:
    """Yield each advocate of a case who has no file."""
    for index, name in enumerate(_listed(case.get("advocates"))):
        if isinstance(name, str) and name not in known:
            hint = did_you_mean(name, known) or f"add advocates/{name}.yaml"
            yield ("advocates", index), f"no advocate {name!r}; {hint}"


def feed_problems(feeds: Keys) -> Problems:
    """Yield each id or address that two feeds share: the second would never be polled."""
    listed = _listed(feeds.get("feeds"))
    for field in ("id", "url"):
        first: dict[str, int] = {}
        for index, feed in enumerate(listed):
            value = feed.get(field) if isinstance(feed, dict) else None
            if not isinstance(value, str):
                continue
            same = first.setdefault(value.rstrip("/"), index)
            if same != index:
                yield ("feeds", index, field), f"{value!r} is also feeds[{same}]; keep one"


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _source_keys(value: Any, path: Path, seen: set[int]) -> Iterator[tuple[Path, str]]:
    """Yield each key that must stand under `sources`, and where it was named."""
    if not isinstance(value, dict | list) or id(value) in seen:
        return  # what an alias (*name) repeats is said once; it may even repeat itself
    seen.add(id(value))
    for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if step in {"source", "source_article"} and isinstance(inner, str):
            yield (*path, step), inner
        elif step != "sources":
            yield from _source_keys(inner, (*path, step), seen)
