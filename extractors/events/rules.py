"""The rules of events, read once from the table beside this module."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from extractors.model import Modality

_TABLE = Path(__file__).parent / "rules.yaml"


@dataclass(frozen=True, slots=True)
class Rule:
    """What says that an event of a type happened. *real*: not where it is only hoped or planned."""

    type: str
    modality: Modality
    pattern: re.Pattern[str]
    real: bool
    needs: tuple[str, ...]  # in lower case: a sentence without one of them holds no match


@cache
def rules(language: str) -> tuple[Rule, ...]:
    """Return the rules of *language*, in the order in which they take precedence."""
    return tuple(
        Rule(
            type=row["type"],
            modality=Modality(row["modality"]),
            pattern=re.compile("|".join(f"(?:{one})" for one in row["patterns"]), re.IGNORECASE),
            real=row.get("real", False),
            needs=tuple(row["needs"]),
        )
        for row in _rows()
        if row["language"] == language
    )


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    with _TABLE.open(encoding="utf-8") as file:
        return tuple(yaml.safe_load(file))
