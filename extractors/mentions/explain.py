"""A mention's evidence in words, as the command line and the review page show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from extractors.model import Evidence, Mention

_KINDS = {
    "full": "full name",
    "inverted": "full name, family name first",
    "alias": "another full name",
    "short": "short form",
    "solo": "name that stands alone",
    "org": "full name",
    "acronym": "acronym",
    "docket": "docket number",
    "given": "given name alone",
    "boilerplate": "in a menu or a list of links",
    "misspelt": "full name, misspelt",
    "hashtag": "hashtag",
    "case_caption": "case caption",
}
_SAID = {
    "age_agrees": "age {text} fits",
    "age_differs": "age {text} does not fit",
    "campaign": "“{text}” before it",
    "befalls": "beside it what befalls a prisoner",
    "role_conflict": "called {text}",
    "role_alone": "and no word of the case",
    "title_conflict": "titled {text}",
    "abroad": "not a word of the United States",
    "fresh_case": "a case that begins: {text}",
    "other_region": "{text} is another state",
    "namesake_cue": "a namesake's word: {text}",
    "not_to_be_confused": "“{text}”",
    "off_topic": "{text} is of another field",
    "middle_differs": "another middle name: {text}",
    "middle_agrees": "middle name {text}",
    "suffix_differs": "suffix {text}",
    "suffix_of_other": "the other of that name is called {text}",
    "same_name": "the same name elsewhere: {text}",
    "given_variant": "short for the given name: {text}",
    "beside_sure": "beside “{text}”",
    "longer_name": "part of a longer name: {text}",
    "longer_org": "part of another organisation's name: {text}",
    "other_firm": "called a {text}",
    "boilerplate": "not the article's own words: “{text}”",
    "misspelt": "one letter off: {text}",
    "misspelt_unsure": "too little of the case beside a misspelt name",
    "caption_known": "the caption of the case: {text}",
    "lower_case": "in small letters",
    "caption_of_precedent": "the caption of a precedent",
    "caption": "in a case's caption",
    "cap_places_only": "nothing but places speaks for it",
    "cap_no_topic": "not a word of justice in the article",
    "full_form": "after the full name “{text}”",
    "short_other_given": "another given name: {text}",
    "short_other_bearer": "somebody else of that name: {text}",
    "short_longer_name": "part of a longer name: {text}",
    "short_is_word": "the word, not the name",
    "short_role": "called {text}",
    "short_relative": "a relative, who speaks of “{text}”",
    "short_age": "age {text} is a relative's",
    "short_family": "the whole {text}",
    "given_alone": "after the full name “{text}”",
    "given_of_other": "another was called so last: {text}",
    "short_last_of_married": "last part of a married name",
    "linked": "linked: {text}",
    "linked_celebrity": "linked: {text}",
    "linked_more": "linked: {text}",
    "other_case": "another case: {text}",
    "other_advocate": "an advocate: {text}",
}
_PRIORS = {
    "prior_name_sufficient": "a name that few bear",
    "prior_common": "a name that others bear",
    "prior_org": "the organisation's name",
    "prior_docket": "the court's own number",
    "prior_hashtag": "a campaign's tag",
    "prior_solo": "the surname alone",
    "prior_solo_with_full": "the surname, and the full name beside it",
    "prior_acronym_alone": "an acronym without the full name",
    "prior_short_alone": "a short form without the full name",
    "topic_near": "“{text}” close to the name",
    "topic_weak_near": "“{text}” close to the name",
    "namesake_cue_relief": "{text} weighs less: the case itself is told",
}
_SILENT = ("prior_", "topic_near", "topic_weak_near", "namesake_cue_relief", "short_form")
_NAMESAKE_TERMS = frozenset(
    {
        "namesake_cue",
        "age_differs",
        "role_conflict",
        "title_conflict",
        "not_to_be_confused",
        "off_topic",
        "other_firm",
    }
)


def explain(mention: Mention, names: Mapping[str, str], *, most: int | None = None) -> str:
    """Return why *mention* counts or not, in words; *names* gives display names by subject id.

    With *most*, only that many terms are told, those that weigh most, in their order.
    """
    told = dict(_told(mention, names))
    heaviest = set(sorted(told, key=lambda words: -abs(told[words]))[:most])
    parts = [_KINDS.get(mention.kind, mention.kind), *(w for w in told if w in heaviest)]
    if not any(term.term in _NAMESAKE_TERMS for term in mention.evidence):
        parts.append("no namesake cues")
    return "; ".join(parts)


def explain_rejection(mention: Mention, names: Mapping[str, str]) -> str:
    """Return why *mention* was rejected, in words: what is against it, or too little for it."""
    against = any(e.weight < 0 and not e.term.startswith("prior_") for e in mention.evidence)
    return f"{'' if against else 'too little speaks for it; '}{explain(mention, names)}"


def _told(mention: Mention, names: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    for term in mention.evidence:
        if term.term.startswith(_SILENT):
            continue
        if term.term.startswith("context_"):
            yield f"{term.text}{_distance(mention, term)}", term.weight
        else:
            yield in_words(term, names), term.weight


def in_words(term: Evidence, names: Mapping[str, str]) -> str:
    """Return one term of the evidence in words, without its weight."""
    if term.term in _PRIORS:
        return _PRIORS[term.term].format(text=term.text)
    if term.term.startswith("context_"):
        kind = term.term.removeprefix("context_").replace("_", " ")
        return f"{kind}: {term.text}"
    if term.term.startswith("topic_"):
        return f"“{term.text}”"
    if term.term.startswith(("linked", "other_case", "other_advocate")):
        return _SAID[term.term].format(text=names.get(term.text, term.text))
    return _SAID.get(term.term, term.term.replace("_", " ")).format(text=term.text)


def _distance(mention: Mention, term: Evidence) -> str:
    if term.start is None or term.end is None:
        return ""
    gap = max(term.start - mention.end, mention.start - term.end, 0)
    return f" {gap:,} characters away" if gap > 1 else " beside it"
