"""Judge one article: every candidate gets its terms, their sum, and a tier.

First the full forms of each subject by themselves, then once more with who else is in the article,
then the short forms of those that were accepted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date

from extractors.mentions.automaton import Hit, NameUses
from extractors.mentions.candidates import Candidate
from extractors.mentions.document import context_evidence, evidence, link_evidence, topic_evidence
from extractors.mentions.findings import Findings, Place
from extractors.mentions.fold import fold_key
from extractors.mentions.forms import FixedForm, PersonForm
from extractors.mentions.known import Known
from extractors.mentions.local import (
    age_evidence,
    campaign_evidence,
    cue_evidence,
    region_evidence,
    role_evidence,
    shape_evidence,
)
from extractors.mentions.score import (
    capped,
    confidence,
    is_specific,
    log_odds,
    of_full_form,
    tier,
)
from extractors.mentions.shorts import Bearer, bearers, last_of_married, short_hits, short_signs
from extractors.mentions.surroundings import Surroundings
from extractors.model import Evidence, Mention, Subject, Tier

Terms = tuple[Evidence, ...]


@dataclass(slots=True)
class Judgement:
    """One article under judgement."""

    known: Known
    around: Surroundings
    findings: Findings
    hits: Sequence[Hit[NameUses]]
    every: Sequence[Candidate]  # of full forms
    published: date | None
    full: dict[str, list[Candidate]] = field(default_factory=dict)
    bearers: dict[str, list[Bearer]] = field(default_factory=dict)
    beside: dict[int, Terms] = field(default_factory=dict)  # by id of a candidate: its own terms

    def mentions(self) -> list[Mention]:
        """Return a mention for every candidate, whatever its tier, in reading order."""
        self.bearers = bearers(self.hits, self.every, self.around)
        self.full = _by_subject(self.every)
        alone = {one: self._of_document(one) for one in self.full}
        present = {one for one, terms in alone.items() if self._is_present(one, terms)}
        found: list[Mention] = []
        accepted: dict[str, Mention] = {}
        for subject, terms in alone.items():
            linked = (*terms, *self._links(subject, present))
            judged = [self._full(one, linked) for one in self.full[subject]]
            found.extend(judged)
            best = max(judged, key=lambda mention: mention.confidence)
            if best.tier is not Tier.REJECTED:
                accepted[subject] = best
        found.extend(self._shorts(accepted))
        return sorted(found, key=lambda mention: (mention.start, mention.end, mention.subject))

    def _of_document(self, subject: str) -> Terms:
        candidates = self.full[subject]
        text = self.around.text
        context = context_evidence(
            self.findings.context[subject], candidates, text, self.around.title_end
        )
        age = self._age_of_short(subject)
        return (*context, *topic_evidence(self.findings, candidates, text), *age)

    def _links(self, subject: str, present: AbstractSet[str]) -> Iterator[Evidence]:
        linked = self.known.links.get(subject, frozenset())
        return link_evidence(linked, present, self.known.cases, subject)

    def _is_present(self, subject: str, terms: Terms) -> bool:
        return any(log_odds(self._terms(one, terms)) >= 0 for one in self.full[subject])

    def _full(self, candidate: Candidate, of_document: Terms) -> Mention:
        kind = candidate.kind
        if kind == "solo":
            kind, _ = self._signs(candidate)
        return self._mention(candidate, kind, self._terms(candidate, of_document))

    def _terms(self, candidate: Candidate, of_document: Terms) -> Terms:
        """Return all terms of a full form: its prior first, a correction last."""
        beside = self.beside.get(id(candidate))
        if beside is None:  # asked for twice: without and with the links to who else is there
            subject = self.known.subjects[candidate.subject]
            specific = sum(is_specific(term) for term in of_document)
            beside = tuple(self._local(candidate, subject, specific))
            self.beside[id(candidate)] = beside
        return capped((self._prior(candidate), *of_document, *beside))

    def _prior(self, candidate: Candidate) -> Evidence:
        term, weight = candidate.form.prior
        place = Place("", candidate.start, candidate.end)
        if candidate.kind == "solo" and any(
            one.kind != "solo" for one in self.full[candidate.subject]
        ):
            return evidence("prior_solo_with_full", place, candidate.form.text)
        return evidence(term, place, candidate.form.text, weight)

    def _local(self, one: Candidate, subject: Subject, specific: int) -> Iterator[Evidence]:
        if one.kind == "solo":
            for term, seen in self._signs(one)[1]:
                yield evidence(term, Place("", one.start, one.end), seen)
            return
        rivals = [other for other in self.full[one.subject] if other is not one]
        yield from shape_evidence(one, subject, self.around)
        yield from cue_evidence(one, rivals, self.findings, self.around, specific=specific)
        if one.subject not in self.known.cases:
            return
        yield from campaign_evidence(one, self.around)
        yield from role_evidence(one, self.around)
        yield from age_evidence([(one.start, one.end)], subject, self.published, self.around.text)
        if specific == 0:
            yield from region_evidence(one, subject, self.findings, self.around)

    def _age_of_short(self, subject: str) -> Iterator[Evidence]:
        """Yield the age in "Flowers, 50, said" for the whole article, if no full form has one."""
        known = self.known.subjects[subject]
        full = [(one.start, one.end) for one in self.full[subject]]
        if subject not in self.known.cases or known.born is None:
            return
        if list(age_evidence(full, known, self.published, self.around.text)):
            return
        families = {
            one.form.family for one in self.full[subject] if isinstance(one.form, PersonForm)
        }
        spans = [
            (hit.start, hit.end)
            for hit in self.hits
            if self.around.folded[hit.start : hit.end] in families
            and not any(start <= hit.start < end for start, end in full)
        ]
        yield from age_evidence(spans, known, self.published, self.around.text)

    def _shorts(self, accepted: dict[str, Mention]) -> Iterator[Mention]:
        for candidate in short_hits(self.hits, self.every, accepted.keys(), self.around):
            best = accepted.get(candidate.subject)
            if best is None or not self._is_licensed(candidate):
                continue
            if candidate.kind == "married" and not last_of_married(
                candidate, self.bearers, self.around
            ):
                continue
            kind, signs = self._signs(candidate)
            if candidate.kind == "of_alias" and not self._follows_alias(candidate, signs):
                continue
            first = of_full_form(best.evidence, best.quote, best.start, best.end)
            terms = [first]
            if candidate.kind == "married":
                terms.append(evidence("short_last_of_married", None, candidate.form.text))
            for term, seen in signs:
                terms.append(evidence(term, Place("", candidate.start, candidate.end), seen))
            yield self._mention(candidate, kind, tuple(terms))

    def _signs(self, candidate: Candidate) -> tuple[str, list[tuple[str, str]]]:
        subject = self.known.subjects[candidate.subject]
        own = [Bearer(one.start, one.subject, kin=False) for one in self.full[candidate.subject]]
        return short_signs(
            candidate, self.bearers, self.around, own=own, word_too=subject.surname_is_word
        )

    def _follows_alias(self, candidate: Candidate, signs: Sequence[tuple[str, str]]) -> bool:
        """Return whether the surname of an alias may follow it: "Brown" for Cyntoia Brown.

        Only in a caption where the article has the name of today as well: there "Cook" of Wesley
        Cook would be Tim Cook, and "West" of Kim Kardashian West would be Kanye.
        """
        if "caption" in dict(signs):
            return True
        full = self.full[candidate.subject]
        return all(one.form.text == candidate.form.text for one in full)

    def _is_licensed(self, candidate: Candidate) -> bool:
        form = candidate.form
        licence = form.licence if isinstance(form, FixedForm) else fold_key(form.text)
        if licence is None:
            return True
        full = self.full[candidate.subject]
        return any(fold_key(one.form.text) == licence for one in full)

    def _mention(self, candidate: Candidate, kind: str, terms: Terms) -> Mention:
        probability = confidence(terms)
        return Mention(
            subject=candidate.subject,
            start=candidate.start,
            end=candidate.end,
            quote=self.around.text[candidate.start : candidate.end],
            kind="short" if kind in {"married", "of_alias"} else kind,
            form=candidate.form.text,
            confidence=probability,
            tier=tier(probability),
            evidence=terms,
        )


def _by_subject(candidates: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        found[one.subject].append(one)
    return dict(found)
