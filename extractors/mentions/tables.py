"""The tables beside this module, read once: weights, words, and how common names are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import log10
from pathlib import Path
from typing import Any

import yaml

from extractors.mentions.fold import fold_key

_HERE = Path(__file__).parent
_US_PEOPLE = 330_000_000
RARE_FAMILY = 0.02  # per cent of US bearers: Stevenson is, Bernard and Flowers are, Reed is not


def _read(name: str) -> Any:
    with (_HERE / name).open(encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


@cache
def weights() -> Mapping[str, float]:
    """Return log-odds by the id of the evidence, rounded as they are stored."""
    return {term: round(float(weight), 3) for term, weight in _read("weights.yaml").items()}


def weight_of_context(kind: str) -> float:
    """Return what one word of the case of this *kind* weighs, before its distance counts."""
    return weights().get(f"context_{kind}", weights()["context_other"])


@cache
def _lexicon() -> Mapping[str, Any]:
    found: Mapping[str, Any] = _read("lexicon.yaml")
    return found


@cache
def words(kind: str) -> frozenset[str]:
    """Return the folded words of one list of the lexicon, of all its languages."""
    listed = _lexicon()[kind]
    lists = listed.values() if isinstance(listed, dict) else [listed]
    return frozenset(fold_key(str(word)) for one in lists for word in one)


@cache
def words_in(kind: str, language: str) -> frozenset[str]:
    """Return the folded words of one list of the lexicon in one *language*, if it has any."""
    return frozenset(fold_key(str(word)) for word in _lexicon()[kind].get(language, ()))


@cache
def language_words() -> Mapping[str, tuple[str, ...]]:
    """Return, by language, a few words that stand in nearly every sentence of it."""
    return {code: tuple(listed) for code, listed in _lexicon()["languages"].items()}


@cache
def us_states() -> Mapping[str, str]:
    """Return the folded name of each state of the US by its two letters."""
    return dict(_lexicon()["states"])


@cache
def _names() -> Mapping[str, Any]:
    found: Mapping[str, Any] = _read("names.yaml")
    return found


def is_given_name(word: str) -> bool:
    """Return whether the folded *word* is a well-known given name."""
    return word in _names()["given"]


def is_family_name(word: str) -> bool:
    """Return whether the folded *word* is a well-known family name."""
    return word in _names()["family"]


def short_given_names(given: str) -> tuple[str, ...]:
    """Return the folded short names that are taken for the folded *given* name."""
    return tuple(_names()["short_given"].get(given, ()))


def namesakes(given: str, family: str) -> float:
    """Return how many people of the US may bear this name, to an order of magnitude."""
    table = _names()
    of_given = table["given"].get(given, table["default_given"]) / 100 / 2
    of_family = table["family"].get(family, table["default_family"]) / 100
    return float(_US_PEOPLE * of_given * of_family)


def common_prior(given: str, family: str) -> float:
    """Return the log-odds that a bare full name means the person whom we track."""
    return min(weights()["prior_common_max"], few_bear(namesakes(given, family)))


def few_bear(bearers: float) -> float:
    """Return the log-odds of a bare full name that so many *bearers* have, however few."""
    weight = weights()
    return round(weight["prior_common_base"] + weight["prior_common_slope"] * log10(1 + bearers), 3)


def is_rare_family(family: str) -> bool:
    """Return whether so few bear the folded *family* name that it nearly tells who is meant."""
    return bool(_names()["family"].get(family, 0.0) <= RARE_FAMILY)
