"""Short forms in an article that never gives the full name: "EJI", "Flowers v. Mississippi".

Some need no more than a word of justice (an acronym), some an advocate or a case that is linked.
A surname that many bear is nobody without its full name. One that few do needs the given name
somewhere and what is its case's alone: where the given name is common several words in one term,
else one word. "John" makes no John Bush of the president.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from extractors.mentions.automaton import Hit
from extractors.mentions.candidates import Candidate
from extractors.mentions.captions import caption, may_be_caption
from extractors.mentions.fold import fold_key
from extractors.mentions.forms import FixedForm
from extractors.mentions.known import Known
from extractors.mentions.local import longer_name
from extractors.mentions.patterns import NameUses
from extractors.mentions.surroundings import Surroundings, key, places_of
from extractors.mentions.tables import is_rare_family, words
from extractors.model import Subject


def lone_candidates(
    hits: Iterable[Hit[NameUses]],
    present: AbstractSet[str],
    hinted: AbstractSet[str],
    known: Known,
    around: Surroundings,
) -> Iterator[Candidate]:
    """Yield the short forms of subjects that are not *present* with a full one, where they may.

    Of the cases *hinted* at the article has words that belong to no other.
    """
    for hit in hits:
        any_may = may_be_caption(hit.start, hit.end, around.text)
        for subject_id in hit.uses.short:
            if subject_id in present or not (
                any_may or subject_id in known.lone or subject_id in hinted
            ):
                continue
            subject = known.subjects[subject_id]
            for form in hit.uses.short[subject_id]:
                one = Candidate(subject_id, hit.start, hit.end, form.kind, form, hit.start)
                if _is_written(one, form, around) and _may(
                    one, subject, present, hinted, known, around
                ):
                    yield one
                    break


def _is_written(one: Candidate, form: FixedForm, around: Surroundings) -> bool:
    written = around.text[one.start : one.end]
    if form.kind not in {"acronym", "short"} or "\n" in written:
        return False
    if around.text[one.start - 1 : one.start] in {"@", "#", "-", "."}:
        return False
    if around.word_after(one.end)[:1].isdigit():  # "Page 3"
        return False
    return written == form.text if form.kind == "acronym" else written[:1].isupper()


def _may(
    one: Candidate,
    subject: Subject,
    present: AbstractSet[str],
    hinted: AbstractSet[str],
    known: Known,
    around: Surroundings,
) -> bool:
    """Return whether the short form of *subject* may stand for it without the full one."""
    if subject.kind == "org":
        return _is_org(one, around)
    said = caption(one, subject, around)
    if said is not None:
        return said[0] == "caption_known"
    if not is_rare_family(around.folded[one.start : one.end]):
        return False
    linked = known.links.get(subject.id, frozenset())
    if not linked.isdisjoint(present):
        return True
    return subject.id in hinted and _has_given(subject, around)


def _is_org(one: Candidate, around: Surroundings) -> bool:
    """Return whether an acronym, or a word with a capital ("Amnesty"), is a name here."""
    if longer_name(one.start, one.end, around):
        return False
    if one.kind == "acronym":
        return True
    if around.style(one.start) != "sentence":
        return False
    after = key(around.word_after(one.end))
    if after in words("org_speech") or not around.opens_sentence(one.start):
        return True
    return not (around.is_headline(one.start) or after in words("verbs_of_things")) and not any(
        places_of(around.text[one.start : one.end].lower(), around.text)
    )


def _has_given(subject: Subject, around: Surroundings) -> bool:
    """Return whether the given name stands elsewhere in the article, with a capital."""
    return any(
        around.text[start].isupper()
        for given in subject.name.given
        for start, _ in places_of(fold_key(given), around.folded)
    )
