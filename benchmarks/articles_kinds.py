"""Learn how articles are told from other pages, and print the weights for extractors/articles.

    python -m benchmarks.articles_kinds

A logistic regression on the pages of wcxb_dev (articles against listings, products, services,
forums and documentation) and, with a quarter of their weight, those of aed (all news). Printed
with five-fold cross-validation: what to expect on pages that nobody has learnt from. No library
and no chance in it: the same pages give the same weights.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.articles_gold import page_of, read_rows
from extractors.articles.read import features_of_page
from extractors.errors import PageError

_FOLDS, _SEED = 5, 3
_STEPS, _RATE, _MOMENTUM, _DECAY = 400, 1.0, 0.9, 0.0005
_SETS = {"wcxb_dev": 1.0, "aed": 0.25}
_THRESHOLDS = (-2.0, -1.5, -1.3, -1.0, -0.5)


@dataclass(frozen=True, slots=True)
class Example:
    """One page: its features in the order of their names, and whether it is an article."""

    set_name: str
    features: tuple[float, ...]
    is_article: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Model:
    """A bias and a weight for each feature."""

    bias: float
    weights: tuple[float, ...]

    def odds(self, features: Sequence[float]) -> float:
        """Return the log-odds that a page with these *features* is an article."""
        return self.bias + sum(w * f for w, f in zip(self.weights, features, strict=True))


def main() -> None:
    """Print accuracy by threshold, cross-validated and in sample, and the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.parse_args()
    names, examples = _examples()
    model = fit(examples)
    _print("cross-validated", examples, _validated(examples))
    _print("in sample", examples, [model.odds(example.features) for example in examples])
    print(f"BIAS = {model.bias:.2f}")
    for name, weight in zip(names, model.weights, strict=True):
        print(f'    "{name}": {weight:.2f},')


def fit(examples: Sequence[Example]) -> Model:
    """Return the model that fits *examples*, by gradient descent with momentum from zero."""
    size = len(examples[0].features)
    model, moves = Model(0.0, (0.0,) * size), [0.0] * (size + 1)
    whole = sum(example.weight for example in examples)
    for _ in range(_STEPS):
        slope = [0.0] * (size + 1)
        for example in examples:
            error = example.weight * (_probability(model, example) - example.is_article)
            slope[-1] += error
            for place, value in enumerate(example.features):
                slope[place] += error * value
        decay = [_DECAY * weight for weight in model.weights] + [0.0]
        moves = [
            _MOMENTUM * move - _RATE * (each / whole + back)
            for move, each, back in zip(moves, slope, decay, strict=True)
        ]
        weights = tuple(w + move for w, move in zip(model.weights, moves[:-1], strict=True))
        model = Model(model.bias + moves[-1], weights)
    return model


def _probability(model: Model, example: Example) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, model.odds(example.features)))))


def _examples() -> tuple[tuple[str, ...], list[Example]]:
    names: tuple[str, ...] = ()
    examples: list[Example] = []
    for gold in read_rows(sorted(_SETS)):
        try:
            features = features_of_page(page_of(gold))
        except PageError:
            continue
        if features is None:
            continue
        names = tuple(sorted(features))
        values = tuple(features[name] for name in names)
        is_article = gold.get("page_type", "article") == "article"
        examples.append(Example(gold["set"], values, is_article, _SETS[gold["set"]]))
    return names, examples


def _validated(examples: Sequence[Example]) -> list[float]:
    """Return the odds of each example by a model that did not see it."""
    order = random.Random(_SEED).sample(range(len(examples)), len(examples))
    odds = [0.0] * len(examples)
    for fold in range(_FOLDS):
        held = set(order[fold::_FOLDS])
        model = fit([example for at, example in enumerate(examples) if at not in held])
        for at in held:
            odds[at] = model.odds(examples[at].features)
    return odds


def _print(what: str, examples: Sequence[Example], odds: Sequence[float]) -> None:
    for threshold in _THRESHOLDS:
        kept = [
            (each >= threshold, example.is_article)
            for example, each in zip(examples, odds, strict=True)
            if example.set_name == "wcxb_dev"
        ]
        articles = [is_kept for is_kept, is_article in kept if is_article]
        others = [not is_kept for is_kept, is_article in kept if not is_article]
        right, refused = sum(articles) / len(articles), sum(others) / len(others)
        print(
            f"{what:<16} at {threshold:+.1f}: articles kept {right:.3f}, others refused"
            f" {refused:.3f}, balanced accuracy {(right + refused) / 2:.3f}"
        )


if __name__ == "__main__":
    main()
