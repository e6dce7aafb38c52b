"""Measure tagging: MB of text a CPU second, beside a plain scan for the same names in the same run.

    taskset -c 0 python -m benchmarks.tagging FILE.jsonl[.gz] --people people.jsonl [--seeds DIR]

FILE holds {"id", "text"} lines. With --people: the shipped registry, then 5,000 more subjects of
those names; what such a registry raises, each claim checked for the full name in the text; and how
the speed falls with subjects that do not occur. One process; its own time on the processor, not the
clock's, and medians of five rounds. A round of the scan follows each round of tagging, so that the
ratio of both holds on a busy machine.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

from ahocorasick_rs import AhoCorasick

from benchmarks.tagging_subjects import absent, drawn, strangers
from extractors.mentions import Tagger
from extractors.mentions.fold import fold, fold_key
from extractors.mentions.forms import fixed_forms, person_forms
from extractors.model import Mention, Subject, Tagging
from flows.seeds import read_seeds

ROUNDS = 5
MANY = 5_000
SHOWN = 20  # claims without a full name, of however many
NOT_FULL = frozenset({"short", "given", "solo", "case_caption", "boilerplate"})


@dataclass(frozen=True, slots=True)
class Speed:
    """Megabytes a CPU second of tagging and of the plain scan; *ratio* is scan to tagging."""

    tag: float
    scan: float
    ratio: float


def main() -> None:
    """Print the table of speeds, and what a registry never seen raises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--people", type=Path)
    args = parser.parse_args()
    articles = _articles(args.file)
    texts = list(articles.values())
    print(f"{len(texts)} texts, {_megabytes(texts):.1f} MB\n")
    print(f"{'registry':<44}{'tag':>10}{'scan':>10}{'ratio':>7}{'memory':>9}")
    shipped = read_seeds(args.seeds).subjects
    _row("shipped", shipped, texts)
    if args.people:
        _unseen(args.people, shipped, articles)
        _curve(args.people, shipped, texts)


def _unseen(people: Path, shipped: Sequence[Subject], articles: dict[str, str]) -> None:
    subjects = (*shipped, *drawn(people, MANY))
    tagger = _row(f"shipped + {MANY:,} drawn", subjects, list(articles.values()))
    own = {subject.id: subject for subject in subjects[len(shipped) :]}
    claims, bare = 0, []
    for article, text in articles.items():
        for subject, mentions in _claims(tagger.tag(text, language="en")).items():
            claims += subject in own
            if subject in own and not any(is_full(one, own[subject]) for one in mentions):
                quotes = sorted({one.quote for one in mentions})
                bare.append(f"{article}: {own[subject].display_name!r} from {quotes}")
    print(f"  {claims} alerts at 0.5 for the drawn, {len(bare)} of them without the full name")
    for line in bare[:SHOWN]:
        print(f"  {line}")


def _curve(people: Path, shipped: Sequence[Subject], texts: list[str]) -> None:
    for count in (1_000, MANY):
        _row(f"shipped + {count:,} whose words never occur", (*shipped, *absent(count)), texts)
    for count in (1_000, MANY):
        some = strangers(people, count, texts)
        _row(f"shipped + {count:,} whose surnames do", (*shipped, *some), texts)


def _claims(tagging: Tagging) -> dict[str, list[Mention]]:
    return {
        subject: [one for one in tagging.mentions if one.subject == subject]
        for subject in tagging.alerts
    }


def is_full(mention: Mention, subject: Subject) -> bool:
    """Return whether *mention* gives the family name of *subject* and another word beside it."""
    words = fold_key(mention.quote).split()
    families = [fold_key(family).split()[-1] for family in subject.name.family]
    return mention.kind not in NOT_FULL and len(words) > 1 and not set(families).isdisjoint(words)


def _row(label: str, subjects: Sequence[Subject], texts: list[str]) -> Tagger:
    """Print one row and return the tagger. *memory* is what building it and one round add."""
    before = _resident()
    tagger = Tagger(subjects)
    for text in texts:
        tagger.tag(text, language="en")
    memory = _resident() - before
    speed = _speed(tagger, AhoCorasick([f" {key} " for key in sorted(_keys(subjects))]), texts)
    print(
        f"{label:<44}{speed.tag:6.1f} MB/s{speed.scan:5.0f} MB/s{speed.ratio:7.1f}{memory:6.0f} MB",
        flush=True,
    )
    return tagger


def _speed(tagger: Tagger, names: AhoCorasick, texts: list[str]) -> Speed:
    tagged, scanned = [], []
    for _ in range(ROUNDS):
        start = process_time()
        for text in texts:
            tagger.tag(text, language="en")
        middle = process_time()
        for text in texts:
            names.find_matches_as_indexes(f" {text.lower()} ", overlapping=True)
        tagged.append(middle - start)
        scanned.append(process_time() - middle)
    ratio = median(tag / scan for tag, scan in zip(tagged, scanned, strict=True))
    size = _megabytes(texts)
    return Speed(size / median(tagged), size / median(scanned), ratio)


def _articles(file: Path) -> dict[str, str]:
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
        return {one["id"]: one["text"] for one in map(json.loads, lines)}


def _megabytes(texts: Sequence[str]) -> float:
    return sum(map(len, texts)) / 1e6


def _resident() -> float:
    """Return the MB of memory that this process holds now."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def _keys(subjects: Sequence[Subject]) -> set[str]:
    people = {form.family for subject in subjects for form in person_forms(subject)}
    fixed = {form.key for subject in subjects for form in fixed_forms(subject)}
    return {key for key in people | fixed if fold(key) == key and key}


if __name__ == "__main__":
    main()
