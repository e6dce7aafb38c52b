"""Additions to a file of the registry as text: its comments, its order, its style stay.

The file is not written anew from its values. Lines are put in where the list ends, and the result
is read again: where it does not say what it said plus the additions, there is no result.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

import yaml

Entry = Mapping[str, Any]  # one entry of a list, such as {"type": "lawyer", "text": "Norman Hile"}

_NO_LINES_OF_OURS = re.compile("[\x85\u2028\u2029]|\r(?!\n)")  # lines for YAML, not for a diff


@dataclass(frozen=True, slots=True)
class Additions:
    """What to add: entries to lists by key, such as `context`, and to `sources` what is missing."""

    lists: Mapping[str, Sequence[Entry]]
    sources: Mapping[str, str]


def add_entries(text: str, additions: Additions) -> str | None:
    """Return the file *text* with *additions*, or None where it is written in a way we cannot edit.

    All other lines stay as they are, byte by byte.
    """
    before = _read(text)
    if not _is_editable(before, additions) or _NO_LINES_OF_OURS.search(text):
        return None
    after = text
    try:
        for key, entries in additions.lists.items():
            after = _add_to_list(after, key, entries) if entries else after
        if missing := _missing(before, additions):
            after = _add_to_mapping(after, "sources", missing)
    except yaml.YAMLError:  # what was put in first did not fit; said below, as anything else
        return None
    return after if _read(after) == _expected(before, additions) else None


def source_keys(text: str, urls: Iterable[str]) -> dict[str, str]:
    """Return a key of `sources` for each of *urls*: the one that has it, else a new one (s12)."""
    found = _read(text)
    known = found.get("sources") if isinstance(found, dict) else None
    taken = {str(key): url for key, url in known.items()} if isinstance(known, dict) else {}
    keys = {url: key for key, url in taken.items()}
    numbers = [int(key[1:]) for key in taken if re.fullmatch(r"s\d{1,6}", key)]
    last = max(numbers, default=0)
    for url in urls:
        if url not in keys:
            last += 1
            keys[url] = f"s{last}"
    return keys


def as_yaml(additions: Additions) -> str:
    """Return *additions* as YAML, for a person who adds them by hand."""
    lines = []
    for key, entries in additions.lists.items():
        lines += [f"{key}:", *(f"- {_flow(entry)}" for entry in entries)] if entries else []
    lines += [
        "sources:",
        *(f"  {key}: {_plain_value(url)}" for key, url in additions.sources.items()),
    ]
    return "\n".join(lines) + "\n"


def diff(before: str, after: str, path: str) -> str:
    """Return the unified diff that `patch -p1` and `git apply` take; "" where nothing changed."""
    lines = unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}{_NO_NEWLINE}" for line in lines)


_WORDS = re.compile(r"https?://[\w./~%&=+-]+|[^\W\d_](?:[\w .’()/&-]*[\w.)])?")
_NO_NEWLINE = "\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Return lines with their ends; not splitlines(), which also splits at a form feed."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _read(text: str) -> Any:
    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return None


def _is_editable(before: Any, additions: Additions) -> bool:
    if not isinstance(before, dict) or not isinstance(before.get("sources", {}), dict):
        return False
    return all(isinstance(before.get(key, []), list) for key in additions.lists)


def _expected(before: dict[str, Any], additions: Additions) -> dict[str, Any]:
    after = dict(before)
    for key, entries in additions.lists.items():
        if entries:
            after[key] = [*before.get(key, []), *(dict(entry) for entry in entries)]
    if missing := _missing(before, additions):
        after["sources"] = {**before.get("sources", {}), **missing}
    return after


def _missing(before: Mapping[str, Any], additions: Additions) -> dict[str, str]:
    known = before.get("sources", {})
    return {key: url for key, url in additions.sources.items() if key not in known}


def _add_to_list(text: str, key: str, entries: Sequence[Entry]) -> str:
    node = _node(text, key)
    written = [_flow(entry) for entry in entries]
    if node is None:
        block = [f"{key}:", *(f"- {entry}" for entry in written)]
        return _insert(text, _line_before_sources(text), block)
    if not isinstance(node, yaml.SequenceNode):
        return text
    if node.flow_style:
        return _into_brackets(text, node, written)
    indent = " " * int(node.start_mark.column)
    return _insert(text, _last_line(node) + 1, [f"{indent}- {entry}" for entry in written])


def _add_to_mapping(text: str, key: str, pairs: Mapping[str, str]) -> str:
    node = _node(text, key)
    if not isinstance(node, yaml.MappingNode):
        return text
    if node.flow_style:
        return _into_brackets(text, node, [f"{name}: {_scalar(v)}" for name, v in pairs.items()])
    indent = " " * int(node.start_mark.column)
    lines = [f"{indent}{name}: {_plain_value(value)}" for name, value in pairs.items()]
    return _insert(text, _last_line(node) + 1, lines)


def _node(text: str, key: str) -> yaml.Node | None:
    """Return what stands under *key* of the file, with its place, or None."""
    whole = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert isinstance(whole, yaml.MappingNode)  # noqa: S101 - add_entries has read it
    return next((value for name, value in whole.value if name.value == key), None)


def _last_line(node: yaml.Node) -> int:
    """Return the line, from 0, on which the last word of *node* stands.

    A block's own end lies at what comes next, beyond comments and empty lines.
    """
    if not isinstance(node, yaml.CollectionNode) or not node.value or node.flow_style:
        mark = node.end_mark
        return int(mark.line) - (1 if mark.column == 0 and mark.line > node.start_mark.line else 0)
    last = node.value[-1]
    return _last_line(last[1] if isinstance(last, tuple) else last)


def _line_before_sources(text: str) -> int:
    """Return the line of `sources`, or of the comment right above it; else the end."""
    whole = yaml.compose(text, Loader=yaml.CSafeLoader)
    assert isinstance(whole, yaml.MappingNode)  # noqa: S101 - add_entries has read it
    found = [name.start_mark.line for name, _ in whole.value if name.value == "sources"]
    lines = _lines(text)
    at = found[0] if found else len(lines)
    while at > 0 and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    return at


def _insert(text: str, at: int, new: Iterable[str]) -> str:
    lines = _lines(text)
    end = "\r\n" if text.endswith("\r\n") or "\r\n" in text else "\n"
    if at >= len(lines) and lines and not lines[-1].endswith("\n"):
        lines[-1] += end
    return "".join((*lines[:at], *(f"{line}{end}" for line in new), *lines[at:]))


def _into_brackets(text: str, node: yaml.Node, written: Sequence[str]) -> str:
    """Return *text* with *written* before the bracket that closes *node*."""
    at = _offset(text, int(node.end_mark.line), int(node.end_mark.column)) - 1
    head = text[:at].rstrip()
    comma = "" if not node.value or head.endswith(",") else ", "
    if text[len(head) : at].strip(" "):  # the bracket stands on a line of its own
        head, comma = text[:at], comma.strip() + (" " if comma else "")
    return f"{head}{comma}{', '.join(written)}{text[at:]}"


def _offset(text: str, line: int, column: int) -> int:
    return sum(len(one) for one in _lines(text)[:line]) + column


def _flow(entry: Entry) -> str:
    return "{" + ", ".join(_pairs(entry)) + "}"


def _pairs(entry: Entry) -> Iterator[str]:
    for name, value in entry.items():
        if isinstance(value, str):
            yield f"{name}: {_scalar(value)}"
        else:
            yield f"{name}: [{', '.join(map(_scalar, value))}]"


def _scalar(value: str) -> str:
    """Return *value* as it stands within brackets: bare where every YAML reads it as that text.

    Readers differ in what they take ("0?" within braces), so only plain words stand bare.
    """
    is_bare = _WORDS.fullmatch(value) and _read(f"[{value}]") == [value]
    return value if is_bare else _quoted(value)


def _plain_value(value: str) -> str:
    return value if _read(f"key: {value}\n") == {"key": value} else _quoted(value)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
