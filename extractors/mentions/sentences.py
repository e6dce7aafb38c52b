"""The sentences of a text, for who looks for them beside the mentions."""

from extractors.sentences import sentence_of, snippet, split_sentences

__all__ = ["sentence_of", "snippet", "split_sentences"]
