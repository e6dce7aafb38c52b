"""What the stages hand to each other, as JSON and back: how a staged batch is written down."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from warehouse.rows import storable

Value = TypeVar("Value")


def to_json(value: object) -> str:
    """Return *value*, a dataclass of our own, as JSON. Lone surrogates become U+FFFD."""
    return json.dumps(storable(_plain(value)), ensure_ascii=False)


def from_json(kind: type[Value], text: str) -> Value:
    """Return the *kind* that `to_json` wrote down: equal to it, fields and all."""
    found = _read(kind, json.loads(text))
    assert isinstance(found, kind)  # noqa: S101 - a programming error
    return found


def _plain(value: object) -> object:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    return value


def _read(kind: Any, value: Any) -> Any:
    if get_origin(kind) is UnionType:
        return None if value is None else _read(_other_than_none(kind), value)
    if get_origin(kind) is tuple:
        return _read_tuple(get_args(kind), value)
    if is_dataclass(kind):
        return _read_dataclass(kind, value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    return kind(value)  # str, int, float, bool


def _read_tuple(kinds: tuple[Any, ...], values: list[Any]) -> tuple[Any, ...]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_read(kinds[0], value) for value in values)
    return tuple(_read(kind, value) for kind, value in zip(kinds, values, strict=True))


def _read_dataclass(kind: Any, values: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    return kind(**{name: _read(hints[name], value) for name, value in values.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Return the types of the fields, read in the module: Event has a field that is called date."""
    return get_type_hints(kind, globalns=vars(sys.modules[kind.__module__]), localns={})


def _other_than_none(kind: Any) -> Any:
    (other,) = (one for one in get_args(kind) if one is not NoneType)
    return other
