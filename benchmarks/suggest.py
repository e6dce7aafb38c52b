"""Measure proposals: hide the registry's words of a case, and see which come back from real texts.

    python -m benchmarks.suggest

The texts of ../shared are right where their listing names the subject, and not judged else. A word
that comes back proves that it can be found; one that does not may stand in none of these texts.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from benchmarks.real_texts import Document, read_documents, tag_document
from extractors.mentions import Tagger
from extractors.mentions.fold import fold_key
from extractors.model import Mention, Subject, Verdict
from extractors.suggest import ENOUGH, Passage, suggest
from flows.seeds import read_seeds

_SEEDS = Path(__file__).resolve().parents[1] / "seeds"
_Named = list[tuple[Document, list[Mention]]]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one subject: of *known* words that stand in its texts, *back* were proposed."""

    subject: str
    stories: int
    proposals: int
    back: int
    known: int
    seconds: float


def main() -> None:
    """Print a line a subject with enough texts."""
    registry = read_seeds(_SEEDS)
    documents = read_documents()
    named = _named(documents, Tagger(registry.subjects))
    print(f"{'subject':24}{'stories':>9}{'proposed':>10}{'came back':>11}{'in texts':>10}{'s':>7}")
    for subject in registry.subjects:
        if len(named[subject.id]) < ENOUGH or not subject.context:
            continue
        found = _found(subject, named[subject.id], documents)
        print(
            f"{found.subject:24}{found.stories:>9}{found.proposals:>10}{found.back:>11}"
            f"{found.known:>10}{found.seconds:>7.1f}"
        )


def _named(documents: list[Document], tagger: Tagger) -> dict[str, _Named]:
    named: dict[str, _Named] = defaultdict(list)
    for document in documents:
        mentions: dict[str, list[Mention]] = defaultdict(list)
        for mention in tag_document(document, tagger).mentions:
            mentions[mention.subject].append(mention)
        for subject, listed in mentions.items():
            named[subject].append((document, listed))
    return named


def _found(subject: Subject, named: _Named, documents: list[Document]) -> Found:
    ours = {document.id for document, _ in named}
    others = [document.text for document in documents if document.id not in ours]
    passages = [_passage(subject, document, mentions) for document, mentions in named]
    begun = perf_counter()
    made = suggest(replace(subject, context=()), passages, others)
    seconds = perf_counter() - begun
    texts = [f" {fold_key(passage.text)} " for passage in passages]
    known = {fold_key(term.text) for term in subject.context}
    known = {key for key in known if sum(f" {key} " in text for text in texts) >= 2}
    words = [f" {fold_key(p.text)} " for p in made.proposals if p.kind == "context"]
    back = sum(any(f" {key} " in one or one in f" {key} " for one in words) for key in known)
    return Found(subject.id, len(passages), len(words), back, len(known), seconds)


def _passage(subject: Subject, document: Document, mentions: list[Mention]) -> Passage:
    return Passage(
        story=document.id,
        url=f"https://texts.example/{document.id}",
        outlet="",
        text=document.text,
        body_start=0,
        spans=tuple((mention.start, mention.end) for mention in mentions),
        confidence=max(mention.confidence for mention in mentions),
        verdict=Verdict.RELEVANT if subject.id in document.subjects else None,
    )


if __name__ == "__main__":
    main()
