"""A warehouse with many stored articles, made up in bulk by SQL: the same each time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from extractors.model import Registry

SENTENCES = 20_000
SLICE = 10_000  # articles whose texts are made at once: all of them would need 10 GB
_BEGINNINGS, _MIDDLES, _ENDINGS = "bdfghklmnprstvw", "aeiou", "dlmnrstx"

_ROWS = Path(__file__).with_suffix(".sql")


def fill(db: duckdb.DuckDBPyConnection, articles: int, registry: Registry) -> None:
    """Fill the tables of *db*, which hold the registry already, with *articles* and their rows."""
    db.execute("set memory_limit = '4GB'")  # a guest on a machine that may have other work
    db.execute("create temp table sentence (n bigint, sentence text)")
    db.execute(
        "insert into sentence select unnest(range(len($said))), unnest($said)",
        {"said": sentences(SENTENCES, seed=1)},
    )
    values = {
        "n": articles,
        "subjects": [case.id for case in registry.cases],
        "advocates": [advocate.id for advocate in registry.advocates],
    }
    for statement in _ROWS.read_text("utf-8").split(";\n"):
        for number in range(articles // SLICE + 1 if "$slice" in statement else 1):
            _execute(db, statement, values | {"slice": number})


def _execute(db: duckdb.DuckDBPyConnection, statement: str, values: dict[str, Any]) -> None:
    """Execute *statement* with the *values* that it names: DuckDB refuses any more."""
    if statement.strip():
        db.execute(statement, {k: v for k, v in values.items() if f"${k}" in statement})


def sentences(how_many: int, *, seed: int) -> list[str]:
    """Return sentences of 10 to 24 made-up words, the same for each *seed*."""
    chance = random.Random(seed)
    words = _words(chance)
    return [
        " ".join(chance.choices(words, k=chance.randint(10, 24))).capitalize() + "."
        for _ in range(how_many)
    ]


def _words(chance: random.Random) -> Sequence[str]:
    def syllable() -> str:
        return chance.choice(_BEGINNINGS) + chance.choice(_MIDDLES)

    return [
        "".join(syllable() for _ in range(chance.randint(1, 3))) + chance.choice(_ENDINGS)
        for _ in range(8_000)
    ]
