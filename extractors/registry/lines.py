"""YAML with line numbers: values as PyYAML makes them, and where each of them stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

Path = tuple[str | int, ...]
_TAG = "tag:yaml.org,2002:"
_KEY_TAGS = {f"{_TAG}str", f"{_TAG}merge"}
_PLAIN_INT = re.compile(r"[-+]?(0|[1-9]\d*)\Z")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}\Z")


class BrokenYamlError(Exception):
    """A text is no YAML. *line* counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class YamlFile:
    """What a text says, and where.

    *raw* holds scalars that YAML took for something other than text, as they were written.
    *traps* are (line, path, problem) of what YAML reads but nobody means.
    """

    value: Any = None
    lines: dict[Path, int] = field(default_factory=lambda: {(): 1})
    raw: dict[Path, str] = field(default_factory=dict)
    traps: list[tuple[int, Path, str]] = field(default_factory=list)

    def path_of(self, location: Path) -> Path:
        """Return a location as pydantic gives it as a path of this file."""
        path: Path = ()
        for step in location:
            if step != "[key]":  # pydantic's mark that the key itself is wrong
                as_text = (*path, str(step))
                path = as_text if as_text in self.lines else (*path, step)
        return path

    def line_of(self, path: Path) -> int:
        """Return the line of *path*, or of the nearest thing around it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]


def parse_yaml(text: str) -> YamlFile:
    """Return what *text* says, with the line of each key and entry. Raises BrokenYamlError."""
    found = YamlFile()
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return found
        _walk(node, (), found, set())
        found.value = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        raise BrokenYamlError(_line(error), _problem(error)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        raise BrokenYamlError(line, f"{error.reason} (U+{error.character:04X})") from error
    except ValueError as error:  # such as 2024-13-45, which looks like a date
        if not found.traps:
            raise BrokenYamlError(1, str(error)) from error
    except RecursionError as error:
        raise BrokenYamlError(1, "it is nested too deep") from error
    finally:
        loader.dispose()
    return found


def _line(error: yaml.MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return int(mark.line) + 1 if mark else 1


def _problem(error: yaml.MarkedYAMLError) -> str:
    said = error.problem or str(error)
    if "mapping values are not allowed" in said:
        return f"{said}; put text that holds a colon in quotes"
    if "cannot start any token" in said:
        return f"{said}; indent with spaces, and put text that starts with @, ` or % in quotes"
    if "tab" in said:
        return f"{said}; indent with spaces"
    return said


def _walk(node: yaml.Node, path: Path, found: YamlFile, seen: set[int]) -> None:
    if id(node) in seen:  # an alias (*name): its lines are known where it was first written
        return
    if isinstance(node, yaml.MappingNode):
        seen.add(id(node))
        _walk_mapping(node, path, found, seen)
    elif isinstance(node, yaml.SequenceNode):
        seen.add(id(node))
        for index, value in enumerate(node.value):
            found.lines[(*path, index)] = value.start_mark.line + 1
            _walk(value, (*path, index), found, seen)
    elif node.tag != f"{_TAG}str":
        _note_scalar(node, path, found)


def _walk_mapping(node: yaml.Node, path: Path, found: YamlFile, seen: set[int]) -> None:
    for key, value in node.value:
        here, line = (*path, str(key.value)), key.start_mark.line + 1
        if here in found.lines:
            twice = f"the key {key.value!r} stands twice, first in line {found.lines[here]}"
            found.traps.append((line, here, f"{twice}; keep one"))
            continue
        found.lines[here] = line
        if key.tag not in _KEY_TAGS:
            trap = f'YAML reads {key.value} as something else than text; write "{key.value}"'
            found.traps.append((line, here, trap))
        _walk(value, here, found, seen)


def _note_scalar(node: yaml.Node, path: Path, found: YamlFile) -> None:
    found.raw[path] = str(node.value)
    trap = _trap(str(node.value), node.tag.removeprefix(_TAG))
    if trap:
        found.traps.append((node.start_mark.line + 1, path, trap))


def _trap(raw: str, tag: str) -> str | None:
    """Return what is wrong with a number or date that YAML would read as something else."""
    if tag == "int" and not _PLAIN_INT.match(raw):
        return f'YAML reads {raw} as a number in another base; write "{raw}" in quotes'
    if tag == "timestamp" and _DAY.match(raw) and not _is_day(raw):
        return f'{raw} is no day of the calendar; correct it, or write "{raw}" in quotes'
    return None


def _is_day(raw: str) -> bool:
    year, month, day = map(int, raw.split("-"))
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
