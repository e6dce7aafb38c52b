"""YAML with line numbers: values as PyYAML makes them, and where each of them stands."""

from __future__ import annotations

from typing import Any

import yaml

Path = tuple[str | int, ...]


class BrokenYamlError(Exception):
    """A text is no YAML, or says a key twice. *line* counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def parse_yaml(text: str) -> tuple[Any, dict[Path, int]]:
    """Return the value of *text* and the line of each key and entry. Raises BrokenYamlError."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        value = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BrokenYamlError(mark.line + 1 if mark else 1, error.problem or str(error)) from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: 2024-13-45 looks like a date
        raise BrokenYamlError(1, str(error)) from error
    lines: dict[Path, int] = {(): 1}
    if node is not None:
        _walk(node, (), lines)
    return value, lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Return the line of *path*, or of the nearest thing around it."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _walk(node: yaml.Node, path: Path, lines: dict[Path, int]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            if here in lines:
                raise BrokenYamlError(
                    key.start_mark.line + 1, f"the key {key.value!r} stands twice"
                )
            lines[here] = key.start_mark.line + 1
            _walk(value, here, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*path, index)] = value.start_mark.line + 1
            _walk(value, (*path, index), lines)
