"""The tagger over the real texts of ../shared: listed pairs, other alerts, labelled offsets."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from extractors.mentions import Tagger
from extractors.model import Mention, Tagging
from extractors.scores import Count, Share

ROOT = Path(__file__).resolve().parents[1]
TEXTS = ROOT.parent / "shared" / "data" / "texts"
JUDGED = ROOT / "gold" / "texts.yaml"
LEAST = 0.5
GIVEN = "given"  # a given name alone: labelled, and scored apart
VERDICTS = frozenset({"real", "namesake", "unclear"})
JUSTICE = ("main", "passing", "none")  # the policy lets the first two alert

Pair = tuple[str, str]  # document id, subject
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Document:
    """A real text. *subjects* is whom its listing names."""

    id: str
    text: str
    published: date | None
    subjects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Extra:
    """The judgement on a pair that the listing has not, raised or not."""

    id: str
    subject: str
    verdict: str  # of VERDICTS
    justice: str  # of JUSTICE: how far the text is about crime and punishment
    spans: tuple[Span, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A pair that a reading disputes, or that it bears out and the listing has not."""

    id: str
    subject: str
    span: Span
    why: str
    fault: str = ""  # its class: "misspelt given name"


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled mention."""

    start: int
    end: int
    subject: str
    kind: str


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that a text raises."""

    id: str
    subject: str
    confidence: float
    spans: tuple[Span, ...]

    @property
    def pair(self) -> Pair:
        """Return document and subject, by which it is judged."""
        return self.id, self.subject


@dataclass(frozen=True, slots=True)
class Gold:
    """What gold/texts.yaml holds; *missed* gives the reason by pair."""

    labels: Mapping[str, tuple[Label, ...]]
    extras: Mapping[Pair, Extra]
    missed: Mapping[Pair, str]
    disputed: tuple[Remark, ...]
    unlisted: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """How the alerts of all texts stand to their listing."""

    listed: frozenset[Pair]
    found: frozenset[Pair]
    missed: tuple[Pair, ...]
    extra: tuple[Raised, ...]


def read_documents() -> list[Document]:
    """Return all documents of ../shared/data/texts, in the order of their files."""
    found = []
    for file in sorted(TEXTS.glob("*/docs.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            found += [_document(json.loads(line)) for line in lines]
    return found


def read_gold(file: Path = JUDGED) -> Gold:
    """Return the judgements and labels. Raises ValueError for a verdict that does not exist."""
    written = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    extras = [_extra(row) for row in written["extras"]]
    return Gold(
        labels={
            row["id"]: tuple(Label(*one) for one in row["mentions"]) for row in written["labels"]
        },
        extras={(one.id, one.subject): one for one in extras},
        missed={(row["id"], row["subject"]): row["why"] for row in written["missed"]},
        disputed=tuple(map(_remark, written["disputed"])),
        unlisted=tuple(map(_remark, written["unlisted"])),
    )


def tag_document(document: Document, tagger: Tagger) -> Tagging:
    """Return what *tagger* makes of *document*: English, headline and body in one text."""
    return tagger.tag(document.text, published=document.published, language="en")


def compare_pairs(documents: Iterable[Document], taggings: Iterable[Tagging]) -> Pairs:
    """Return how the alerts of *taggings* stand to what *documents* list."""
    listed: set[Pair] = set()
    raised: list[Raised] = []
    for document, tagging in zip(documents, taggings, strict=True):
        listed |= {(document.id, subject) for subject in document.subjects}
        raised += _raised(document.id, tagging)
    found = {one.pair for one in raised}
    return Pairs(
        listed=frozenset(listed),
        found=frozenset(found & listed),
        missed=tuple(sorted(listed - found)),
        extra=tuple(one for one in raised if one.pair not in listed),
    )


def amiss(pairs: Pairs, gold: Gold) -> list[str]:
    """Return what of *pairs* is wrong, or not judged or explained, a line each."""
    faults = [
        f"{document}: {subject}: missed, and not explained"
        for document, subject in pairs.missed
        if (document, subject) not in gold.missed
    ]
    unlisted = {(one.id, one.subject) for one in gold.unlisted}  # found at last: all the better
    for one in pairs.extra:
        judged = gold.extras.get(one.pair)
        if one.pair in unlisted:
            continue
        if judged is None:
            faults.append(f"{one.id}: {one.subject}: raised, and not judged")
        elif judged.verdict == "namesake":
            faults.append(f"{one.id}: {one.subject}: raised for a namesake: {judged.why}")
        elif not set(one.spans) <= set(judged.spans):
            faults.append(f"{one.id}: {one.subject}: raised at other offsets than were judged")
    return faults


def gate(pairs: Pairs, gold: Gold) -> dict[str, Share]:
    """Return how many of the unlisted texts raise their judged subject, by what they are about."""
    raised = {one.pair for one in pairs.extra}
    found = {about: Share() for about in JUSTICE}
    for pair, judged in gold.extras.items():
        if judged.verdict == "real":
            found[judged.justice] += Share(pair in raised, 1)
    return found


def score_labels(gold: Gold, taggings: Mapping[str, Tagging]) -> dict[str, Count]:
    """Return strict and overlapping counts over all labelled documents, and strict with "given".

    Strict and overlapping leave given names alone out: they are no miss where they are not claimed,
    and no wrong claim where they are.
    """
    pairs = [(labels, taggings[document].mentions) for document, labels in gold.labels.items()]
    return {
        "strict": sum((strict(*pair) for pair in pairs), Count()),
        "overlapping": sum((overlapping(*pair) for pair in pairs), Count()),
        "with given": sum((Count.between(_every(x), _claims(y)) for x, y in pairs), Count()),
    }


def found_by_kind(gold: Gold, taggings: Mapping[str, Tagging]) -> dict[str, Share]:
    """Return by the kind of the label how many labels are claimed with their exact span."""
    shares: dict[str, Share] = {}
    for document, labels in gold.labels.items():
        claims = _claims(taggings[document].mentions)
        for one in labels:
            found = Share((one.start, one.end, one.subject) in claims, 1)
            shares[one.kind] = shares.get(one.kind, Share()) + found
    return dict(sorted(shares.items()))


def label_faults(gold: Gold, taggings: Mapping[str, Tagging]) -> list[str]:
    """Return each wrong and each missed mention, given names alone left out, a line each."""
    faults = []
    for document, labels in gold.labels.items():
        required, given = _spans_of(labels)
        claims = _claims(taggings[document].mentions)
        for what, spans in (("wrong", claims - required - given), ("missed", required - claims)):
            faults += [
                f"{what}: {document}  {subject}  {start}-{end}"
                for start, end, subject in sorted(spans)
            ]
    return faults


def strict(labels: Sequence[Label], mentions: Sequence[Mention]) -> Count:
    """Return what *mentions* make of *labels* by exact span, given names alone left out."""
    required, given = _spans_of(labels)
    return Count.between(required, _claims(mentions) - given)


def overlapping(labels: Sequence[Label], mentions: Sequence[Mention]) -> Count:
    """Return the same where any part of a label's span finds it; one claim finds one label."""
    required, given = _spans_of(labels)
    claims = _claims(mentions) - given
    left = sorted(required)
    for claim in sorted(claims):
        label = next((one for one in left if _overlap(one, claim)), None)
        if label is not None:
            left.remove(label)
    right = len(required) - len(left)
    return Count(right, len(claims) - right, len(left))


def _every(labels: Sequence[Label]) -> set[_Span]:
    required, given = _spans_of(labels)
    return required | given


def _claims(mentions: Sequence[Mention]) -> set[_Span]:
    return {(one.start, one.end, one.subject) for one in mentions}


def _spans_of(labels: Sequence[Label]) -> tuple[set[_Span], set[_Span]]:
    spans = {(one.start, one.end, one.subject): one.kind for one in labels}
    given = {span for span, kind in spans.items() if kind == GIVEN}
    return set(spans) - given, given


_Span = tuple[int, int, str]


def _overlap(one: _Span, other: _Span) -> bool:
    return one[2] == other[2] and one[0] < other[1] and other[0] < one[1]


def _document(row: Mapping[str, Any]) -> Document:
    return Document(row["id"], row["text"], _day(row["date"]), frozenset(row["subjects"]))


def _day(written: str | None) -> date | None:
    # The dates of the set are read off its pages by its makers: "April 13, 2001", or nothing.
    return datetime.strptime(written, "%B %d, %Y").date() if written else None  # noqa: DTZ007


def _extra(row: Mapping[str, Any]) -> Extra:
    if row["verdict"] not in VERDICTS or row["justice"] not in JUSTICE:
        raise ValueError(f"{row['id']}: no verdict: {row['verdict']!r}, {row['justice']!r}")
    spans = tuple((start, end) for start, end in row["spans"])
    return Extra(row["id"], row["subject"], row["verdict"], row["justice"], spans, row["why"])


def _remark(row: Mapping[str, Any]) -> Remark:
    start, end = row["span"]
    return Remark(row["id"], row["subject"], (start, end), row["why"], row.get("class", ""))


def _raised(document: str, tagging: Tagging) -> list[Raised]:
    found = []
    for subject in tagging.alerts:
        mentions = [one for one in tagging.mentions if one.subject == subject]
        confidence = max(one.confidence for one in mentions)
        if confidence >= LEAST:
            spans = tuple((one.start, one.end) for one in mentions)
            found.append(Raised(document, subject, confidence, spans))
    return found
