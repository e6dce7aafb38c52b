"""An article's text as paragraphs to show: marked, and folded where it tells of violence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from extractors.mentions import snippet
from review.folding import violent_words
from review.marks import Layer, Paragraph, cut, paragraph_spans


def paragraphs(text: str, layers: Sequence[Layer], language: str | None) -> list[Paragraph]:
    """Return the paragraphs of *text*, whole and in order; the first is its headline."""
    made: list[Paragraph] = []
    for start, end in paragraph_spans(text):
        cuts = cut(text, layers, start, end)
        made.append(
            Paragraph(
                tuple(cuts),
                violent_words(text[start:end], language),
                is_headline=not made,
                holds_passage=any("passage" in one.names for one in cuts),
            )
        )
    return made


def sentence_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event's row with the sentence that tells it: `words`, and `cuts` to mark it."""
    text, start, end = row["text"], row["start_offset"], row["end_offset"]
    first, last = snippet(text, start, end)
    cuts = cut(text, [Layer("mention", start, end)], first, last)
    return {**row, "text": "", "cuts": cuts, "words": text[first:last]}
