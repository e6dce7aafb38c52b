"""Mentions: which tracked person an article names, where, how sure, and why."""

from extractors.mentions.explain import explain, explain_rejection, in_words
from extractors.mentions.tagger import TAGGER_VERSION, Tagger
from extractors.sentences import snippet, split_sentences

__all__ = [
    "TAGGER_VERSION",
    "Tagger",
    "explain",
    "explain_rejection",
    "in_words",
    "snippet",
    "split_sentences",
]
