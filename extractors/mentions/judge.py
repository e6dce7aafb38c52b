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

from extractors.mentions.automaton import Hit
from extractors.mentions.boilerplate import in_boilerplate
from extractors.mentions.candidates import Candidate
from extractors.mentions.document import (
    context_evidence,
    evidence,
    link_evidence,
    surnames_of,
    topic_evidence,
)
from extractors.mentions.findings import Findings, Place
from extractors.mentions.forms import SHORT_KINDS, PersonForm
from extractors.mentions.given import given_candidates
from extractors.mentions.known import Known
from extractors.mentions.licence import follows_alias, is_licensed, is_married
from extractors.mentions.local import (
    age_beside,
    age_evidence,
    campaign_evidence,
    cue_evidence,
    region_evidence,
    role_evidence,
    shape_evidence,
)
from extractors.mentions.misspelt import may_be_misspelt, misspelt_short
from extractors.mentions.others import (
    abroad_evidence,
    fresh_case_evidence,
    same_name_evidence,
)
from extractors.mentions.patterns import NameUses
from extractors.mentions.score import (
    capped,
    confidence,
    is_specific,
    log_odds,
    of_full_form,
    tier,
)
from extractors.mentions.shorts import Bearer, bearers, short_hits, short_signs
from extractors.mentions.surroundings import SENTENCE_END, Surroundings
from extractors.mentions.tables import weights
from extractors.mentions.whose import is_prisoner
from extractors.model import Evidence, Mention, Subject, Tier

Terms = tuple[Evidence, ...]
_CUE_OF_ACRONYM = 60  # characters
_ALONE = SHORT_KINDS | {"solo"}  # kinds that are short, even where no full form stands beside them


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
    # By id of a candidate: its prior, and its own terms.
    beside: dict[int, tuple[Evidence, Terms]] = field(default_factory=dict)
    said: dict[int, Terms] = field(default_factory=dict)  # what stands right beside it
    specific: dict[str, int] = field(default_factory=dict)  # words of the case, by subject
    own: dict[str, list[Bearer]] = field(default_factory=dict)
    inherited: dict[str, Evidence] = field(default_factory=dict)  # by short forms, by subject
    whole: dict[tuple[int, int], Terms] = field(default_factory=dict)

    def mentions(self) -> list[Mention]:
        """Return a mention for every candidate, whatever its tier, in reading order."""
        self.bearers = bearers(self.hits, self.every, self.around)
        self.full = _by_subject(self.every)
        alone = {one: self._of_document(one) for one in self.full}
        present = {one for one, terms in alone.items() if self._is_present(one, terms)}
        found: list[Mention] = []
        accepted: dict[str, Mention] = {}
        for subject, terms in alone.items():
            linked = (*terms, *link_evidence(self.known, present, subject, terms))
            judged = [self._full(one, linked) for one in self.full[subject]]
            found.extend(judged)
            best = max(judged, key=lambda mention: mention.confidence)
            if best.tier is not Tier.REJECTED:
                accepted[subject] = best
        found.extend(self._shorts(accepted))
        found.extend(self._misspelt(accepted, found))
        found.extend(self._givens(accepted, found))
        return sorted(found, key=lambda mention: (mention.start, mention.end, mention.subject))

    def _of_document(self, subject: str) -> Terms:
        candidates = self.full[subject]
        text = self.around.text
        named = self.findings.context[subject]
        named = [*named, *surnames_of(self.known.people[subject], named, self.around)]
        context = context_evidence(named, candidates, self.around)
        age = self._age_of_short(subject)
        return (*context, *topic_evidence(self.findings, candidates, text), *age)

    def _is_present(self, subject: str, terms: Terms) -> bool:
        return any(
            log_odds(self._terms(one, terms)) >= 0 and not self._is_caption(one)
            for one in self.full[subject]
        )

    def _full(self, candidate: Candidate, of_document: Terms) -> Mention:
        kind = candidate.kind
        if kind in _ALONE:
            kind, _ = self._signs(candidate)
        return self._mention(candidate, kind, self._terms(candidate, of_document))

    def _is_caption(self, candidate: Candidate) -> bool:
        return candidate.kind in _ALONE and self._signs(candidate)[0] == "case_caption"

    def _terms(self, candidate: Candidate, of_document: Terms) -> Terms:
        """Return all terms of a full form: its prior first, a correction last."""
        key = id(candidate), len(of_document)  # nothing but who else is there comes later
        whole = self.whole.get(key)
        if whole is None:
            whole = self.whole[key] = self._all_terms(candidate, of_document)
        return whole

    def _all_terms(self, candidate: Candidate, of_document: Terms) -> Terms:
        own = self.beside.get(id(candidate))
        if own is None:  # asked for twice: without and with the links to who else is there
            subject = self.known.subjects[candidate.subject]
            beside = tuple(self._local(candidate, subject, of_document))
            own = self.beside[id(candidate)] = self._prior(candidate), beside
        terms = (own[0], *of_document, *own[1])
        return capped(terms, enough=self._enough(candidate.subject))

    def _enough(self, subject: str) -> int | None:
        """Return how many kinds of words of its own *subject* needs where nothing is of justice.

        A celebrity is named in many such articles: the gate keeps them from being alerts.
        """
        if subject in self.known.cases:
            return None
        return 1 if self.known.subjects[subject].topic_gate else 2

    def _prior(self, candidate: Candidate) -> Evidence:
        term, weight = candidate.form.prior
        place = Place("", candidate.start, candidate.end)
        if candidate.kind in SHORT_KINDS:
            kind = "acronym" if candidate.kind == "acronym" else "short"
            return evidence(f"prior_{kind}_alone", place, candidate.form.text)
        if candidate.kind == "solo" and any(
            one.kind != "solo" and one.form.prior[0] != "prior_common"
            for one in self.full[candidate.subject]
        ):
            return evidence("prior_solo_with_full", place, candidate.form.text)
        return evidence(term, place, candidate.form.text, weight)

    def _local(self, one: Candidate, subject: Subject, of_document: Terms) -> Iterator[Evidence]:
        yield from self._boilerplate(one)
        if one.kind == "misspelt" and not may_be_misspelt(of_document):
            yield evidence("misspelt_unsure", None, one.form.text)
        if one.kind in _ALONE:
            for term, seen in self._signs(one)[1]:  # against all that the article says for it
                weight = weights()[term] * (2 if term.startswith("short_") else 1)
                yield evidence(term, Place("", one.start, one.end), seen, weight)
        specific = self._words_of_case(subject, of_document)
        rivals = [other for other in self.full[one.subject] if other is not one]
        yield from cue_evidence(
            one, rivals, self.findings, self.around, specific=specific, alone=not of_document
        )
        if one.kind in _ALONE:
            return
        yield from shape_evidence(one, rivals, subject, self.around)
        sure = next((other for other in rivals if _is_sure(other) and not _is_sure(one)), None)
        if sure:
            yield evidence("beside_sure", Place("", sure.start, sure.end), sure.form.text)
        if one.subject not in self.known.cases:
            return
        if is_prisoner(one.start, one.end, self.around):
            yield evidence("befalls", Place("", one.start, one.end), one.form.text)
        yield from self._said_beside(one, subject)
        if specific == 0:
            yield from self._unborne(one, rivals, subject, of_document)

    def _unborne(
        self, one: Candidate, rivals: Sequence[Candidate], subject: Subject, of_document: Terms
    ) -> Iterator[Evidence]:
        """Yield what counts where the article has no word that is the case's alone."""
        said = self._said_beside(one, subject)
        if not any(term.term == "topic_strong" for term in of_document):
            yield from fresh_case_evidence(one, self.around)
            yield from abroad_evidence(subject, self.findings, self.around)
        if any(term.term == "role_conflict" for term in said):
            yield evidence("role_alone", None, "")
        yield from same_name_evidence(one, said, self._said_elsewhere(one, rivals, subject))
        others = [self.known.subjects[other] for other in self.full if other != one.subject]
        yield from region_evidence(one, subject, others, self.findings, self.around)

    def _words_of_case(self, subject: Subject, of_document: Terms) -> int:
        if subject.id not in self.specific:
            self.specific[subject.id] = sum(map(is_specific, of_document))
        return self.specific[subject.id]

    def _said_beside(self, one: Candidate, subject: Subject) -> Terms:
        said = self.said.get(id(one))
        if said is None:  # asked for again beside each other place of the same name
            said = self.said[id(one)] = tuple(self._said(one, subject))
        return said

    def _said(self, one: Candidate, subject: Subject) -> Iterator[Evidence]:
        yield from campaign_evidence(one, self.around)
        yield from role_evidence(one, self.around)
        yield from age_evidence([(one.start, one.end)], subject, self.published, self.around.text)

    def _said_elsewhere(
        self, one: Candidate, rivals: Sequence[Candidate], subject: Subject
    ) -> Iterator[Evidence]:
        for other in rivals:
            if other.form is one.form:
                place = Place("", other.start, other.end)
                yield from self._said_beside(other, subject)
                for term, seen in other.signs:
                    if term != "suffix_differs" or other.start < one.start:
                        yield evidence(term, place, seen)

    def _boilerplate(self, one: Candidate) -> Iterator[Evidence]:
        label = in_boilerplate(one.start, self.around)
        if label:
            yield evidence("boilerplate", Place("", one.start, one.end), label)

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
            if best is None or not is_licensed(candidate, self.full[candidate.subject]):
                continue
            if candidate.kind == "married" and not is_married(
                candidate, self.bearers, self.around, self.published
            ):
                continue
            kind, signs = self._signs(candidate)
            if candidate.kind == "of_alias" and not follows_alias(
                candidate, signs, self.full[candidate.subject]
            ):
                continue
            terms = [self._inherited(best)]
            if candidate.kind == "married":
                terms.append(evidence("short_last_of_married", None, candidate.form.text))
            signs = [*signs, *self._other_age(candidate), *self._other_acronym(candidate)]
            for term, seen in signs:
                terms.append(evidence(term, Place("", candidate.start, candidate.end), seen))
            terms.extend(self._boilerplate(candidate))
            yield self._mention(candidate, kind, tuple(terms))

    def _other_acronym(self, candidate: Candidate) -> Iterator[tuple[str, str]]:
        """Yield the namesake's word beside an acronym: "WTI settled at $68 a barrel"."""
        if candidate.kind != "acronym":
            return
        for cue in self.findings.cues[candidate.subject]:
            first, last = sorted((candidate.start, cue.start))
            near = last - first <= _CUE_OF_ACRONYM
            if near and not SENTENCE_END.search(self.around.text, first, last):
                yield "short_is_word", self.around.text[cue.start : cue.end]
                return

    def _other_age(self, candidate: Candidate) -> Iterator[tuple[str, str]]:
        """Yield the age beside a bare surname that is a relative's: "Peltier, 74, cooked"."""
        subject = self.known.subjects[candidate.subject]
        family = self.around.folded[candidate.start : candidate.end]
        if all(bearer.subject == subject.id for bearer in self.bearers.get(family, ())):
            return
        seen = age_beside(candidate.start, candidate.end, self.around.text)
        if any(
            one.term == "age_differs"
            for one in age_evidence(
                [(candidate.start, candidate.end)], subject, self.published, self.around.text
            )
        ):
            yield "short_age", seen

    def _misspelt(
        self, accepted: dict[str, Mention], found: Sequence[Mention]
    ) -> Iterator[Mention]:
        """Yield the surnames with one letter wrong, where much of the case is told."""
        taken = [(one.start, one.end) for one in found]
        for subject, best in accepted.items():
            if not may_be_misspelt(best.evidence):
                continue
            forms = {
                one.form.family: one.form
                for one in self.full[subject]
                if isinstance(one.form, PersonForm)
            }
            for one in misspelt_short(tuple(forms.values()), taken, self.around):
                place = Place("", one.start, one.end)
                signs = (evidence(term, place, seen) for term, seen in one.signs)
                terms = (self._inherited(best), *signs)
                yield self._mention(one, "misspelt", (*terms, *self._boilerplate(one)))

    def _inherited(self, best: Mention) -> Evidence:
        """Return the one term that a short form inherits from the *best* full form."""
        inherited = self.inherited.get(best.subject)
        if inherited is None:
            inherited = of_full_form(best.evidence, best.quote, best.start, best.end)
            self.inherited[best.subject] = inherited
        return inherited

    def _givens(self, accepted: dict[str, Mention], found: Sequence[Mention]) -> Iterator[Mention]:
        """Yield the accepted where they are called by their given name alone."""
        taken = [(one.start, one.end) for one in found]
        sure = {(one.start, one.end) for one in found if one.tier is not Tier.REJECTED}
        named: dict[str, int] = {}  # where each subject is named first
        for mention in found:
            named[mention.subject] = min(named.get(mention.subject, mention.start), mention.start)
        for subject, best in accepted.items():
            forms = self._forms(subject, sure)
            for one in given_candidates(forms, named[subject], taken, self.around):
                place = Place("", one.start, one.end)
                signs = (("given_alone", best.quote), *one.signs)
                own = (evidence(term, place, seen) for term, seen in signs)
                terms = (self._inherited(best), *own)
                yield self._mention(one, "given", (*terms, *self._boilerplate(one)))

    def _forms(self, subject: str, sure: AbstractSet[tuple[int, int]]) -> list[PersonForm]:
        """Return the forms whose given name may stand alone: the name of today, aliases seen."""
        seen = [one.form for one in self.full[subject] if (one.start, one.end) in sure]
        named = [one for one in self.known.forms[subject] if one.kind == "full"]
        return list(dict.fromkeys((*named, *(one for one in seen if isinstance(one, PersonForm)))))

    def _signs(self, candidate: Candidate) -> tuple[str, list[tuple[str, str]]]:
        subject = self.known.subjects[candidate.subject]
        own = self.own.get(subject.id)
        if own is None:
            own = [
                Bearer(one.start, subject.id, kin=False)
                for one in self.full[subject.id]
                if one.kind not in _ALONE
            ]
            self.own[subject.id] = own
        family = self.known.family[subject.id]
        return short_signs(
            candidate, self.bearers, self.around, own=own, subject=subject, family=family
        )

    def _mention(self, candidate: Candidate, kind: str, terms: Terms) -> Mention:
        probability = confidence(terms)
        if "boilerplate" in [term.term for term in terms]:
            kind = "boilerplate"
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


def _is_sure(candidate: Candidate) -> bool:
    return candidate.form.prior[0] == "prior_name_sufficient"


def _by_subject(candidates: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        found[one.subject].append(one)
    return dict(found)
