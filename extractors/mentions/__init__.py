"""Mentions: which tracked person an article names, where, how sure, and why."""

from extractors.mentions.explain import explain
from extractors.mentions.sentences import snippet, split_sentences
from extractors.mentions.tagger import TAGGER_VERSION, Tagger

__all__ = ["TAGGER_VERSION", "Tagger", "explain", "snippet", "split_sentences"]
