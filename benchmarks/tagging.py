"""Measure tagging: MB of text a second, beside a plain scan for the same patterns.

    python -m benchmarks.tagging FILE.jsonl[.gz] [--seeds DIR] [--people people.jsonl]

FILE holds {"text"} lines. With --people, that many more subjects of those names are tracked, each
of whom needs context. One core, one process; the best of three rounds.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from ahocorasick_rs import AhoCorasick

from extractors.mentions import Tagger
from extractors.mentions.fold import fold
from extractors.mentions.forms import fixed_forms, person_forms
from extractors.model import Case, PersonName, Policy, Subject
from flows.seeds import read_seeds

ROUNDS = 3


def main() -> None:
    """Print one line for each way through the texts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--people", type=Path)
    args = parser.parse_args()
    texts = _texts(args.file)
    subjects = (*read_seeds(args.seeds).subjects, *(_people(args.people) if args.people else ()))
    megabytes = sum(map(len, texts)) / 1e6
    tagger = Tagger(subjects)
    names = AhoCorasick([f" {key} " for key in sorted(_keys(subjects))])

    def plain(text: str) -> None:
        names.find_matches_as_indexes(f" {text.lower()} ", overlapping=True)

    def tag(text: str) -> None:
        tagger.tag(text, language="en")

    print(f"{len(texts)} texts, {megabytes:.1f} MB, {len(subjects)} subjects")
    fastest = {name: _speed(way, texts, megabytes) for name, way in (("scan", plain), ("tag", tag))}
    for name, speed in fastest.items():
        print(f"{name:<5} {speed:7.1f} MB/s")
    print(f"ratio {fastest['scan'] / fastest['tag']:.1f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _texts(file: Path) -> list[str]:
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
        return [json.loads(line)["text"] for line in lines]


def _people(file: Path) -> list[Subject]:
    found: dict[str, Subject] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        person = json.loads(line)
        given, family = person.get("given"), person.get("family")
        if given and family and person["name"] not in found:
            found[person["name"]] = Case(
                id=f"p{len(found)}",
                name=PersonName(given=(given,), family=(family,)),
                display_name=person["name"],
                policy=Policy.CONTEXT_REQUIRED,
                kind="person",
            )
    return list(found.values())[:5000]


def _keys(subjects: tuple[Subject, ...]) -> set[str]:
    people = {form.family for subject in subjects for form in person_forms(subject)}
    fixed = {form.key for subject in subjects for form in fixed_forms(subject)}
    return {key for key in people | fixed if fold(key) == key and key}


def _speed(way: Callable[[str], None], texts: list[str], megabytes: float) -> float:
    best = 0.0
    for _ in range(ROUNDS):
        start = perf_counter()
        for text in texts:
            way(text)
        best = max(best, megabytes / (perf_counter() - start))
    return best


if __name__ == "__main__":
    main()
