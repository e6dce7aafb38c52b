"""What pydantic finds wrong with a file, said so that a person can put it right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from extractors.registry.forms import PATTERNS

_QUOTED = re.compile(r"'([^']+)'")


def in_words(error: ErrorDetails, model: type[BaseModel], raw: str | None) -> str:
    """Return one problem and its fix. *raw* is the scalar as it was written, if it was no text."""
    kind, value = error["type"], error["input"]
    if kind == "extra_forbidden":
        return _unknown_key(error, model)
    if kind in {"string_type", "literal_error"} and not isinstance(value, str | list | dict):
        return _no_text(value, raw)
    if kind == "literal_error":
        return _no_choice(str(value), error)
    if kind == "string_pattern_mismatch":
        return f"{value!r} will not do; {PATTERNS[error['ctx']['pattern']]}"
    return _MISSING.get(kind) or (_EMPTY if value is None else _in_other_words(error))


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return a question that names the nearest of *known* words, or None if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong file needs it

    close = get_close_matches(word, list(known), n=1)
    return f'did you mean "{close[0]}"?' if close else None


def _unknown_key(error: ErrorDetails, model: type[BaseModel]) -> str:
    *around, key = error["loc"]
    known = sorted(_keys(_model_at(model, around)))
    return f"unknown key; {did_you_mean(str(key), known) or 'known here: ' + ', '.join(known)}"


def _no_text(value: object, raw: str | None) -> str:
    if value is None:
        said = (
            f'YAML reads {raw} as nothing; write "{raw}" in quotes, or' if raw else "it is empty;"
        )
        return f"{said} fill it in or remove the key"
    read_as = "yes or no" if isinstance(value, bool) else _noun(value)
    return f'YAML reads {raw or value} as {read_as}; write "{raw or value}" in quotes'


def _noun(value: object) -> str:
    return "a date" if isinstance(value, date) else "a number"


def _no_choice(value: str, error: ErrorDetails) -> str:
    choices = _QUOTED.findall(error["ctx"]["expected"])
    hint = did_you_mean(value, choices) or "choose one of " + ", ".join(choices)
    return f"{value!r} is no choice here; {hint}"


_EMPTY = "it is empty; fill it in or remove the key"
_MISSING = {
    "missing": "it is missing; add it",
    "string_too_short": _EMPTY,
    "too_short": _EMPTY,
}
_EXPECTED = {
    "list_type": "a list; start each entry with `- ` or put them in [ ]",
    "dict_type": "keys and values, such as `s1: https://...`",
    "model_type": "keys and values",
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a number",
    "int_parsing": "a number",
    "date_type": "a day such as 2024-09-24",
    "date_parsing": "a day such as 2024-09-24",
    "date_from_datetime_parsing": "a day such as 2024-09-24",
    "date_from_datetime_inexact": "a day such as 2024-09-24, without a time",
}


_EXAMPLES = {
    "NameParts": "{given: [Kevin], family: [Cooper]}",
    "JurisdictionEntry": "{country: US, region: US-CA}",
    "BornEntry": "{year: 1958, source: s1}",
    "StatusEntry": "{value: executed, as_of: 2024-09-24, source: s1}",
    "FormEntry": "{text: ..., kind: spelling, source: s1}",
    "ContextEntry": "{type: victim, text: ..., source: s1}",
    "NamesakeEntry": "{label: ..., cues: [...]}",
    "DocketEntry": "{number: ..., source: s1}",
    "FeedEntry": "{id: ..., url: https://..., outlet: ...}",
}


def _in_other_words(error: ErrorDetails) -> str:
    expected = _EXPECTED.get(error["type"])
    example = _EXAMPLES.get(error.get("ctx", {}).get("class_name", ""))
    if expected:
        like = f", such as `{example}`" if example else ""
        return f"{_short(error['input'])} stands here; it must be {expected}{like}"
    said = error["msg"].removeprefix("Value error, ")
    return said if error["type"] == "value_error" else f"{said}; it is {_short(error['input'])}"


def _short(value: object) -> str:
    return repr(value) if len(repr(value)) <= 80 else repr(value)[:77] + "..."


def _keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def _model_at(model: type[BaseModel], path: Iterable[str | int]) -> type[BaseModel]:
    """Return the model that describes what stands at *path* in a file of *model*."""
    for step in path:
        for name, field in model.model_fields.items():
            if step == (field.alias or name):
                model = _inner_model(field.annotation) or model
    return model


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {Union, UnionType, Annotated, list}:
        return next(filter(None, map(_inner_model, get_args(annotation))), None)
    return None
