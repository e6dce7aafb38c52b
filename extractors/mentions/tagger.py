"""The tagger: a text in, all that it says of tracked subjects out. Pure, and built once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from typing import TypeVar

from extractors.advocacy import find_advocacy
from extractors.events import find_events
from extractors.mentions.automaton import Hit, Scanner
from extractors.mentions.candidates import Candidate, full_candidates
from extractors.mentions.findings import Findings, sort_findings
from extractors.mentions.fold import fold
from extractors.mentions.judge import Judgement
from extractors.mentions.known import known
from extractors.mentions.lone import lone_candidates
from extractors.mentions.misspelt import misspelt_full
from extractors.mentions.patterns import NameUses
from extractors.mentions.surroundings import Surroundings, guess_language
from extractors.mentions.tables import words
from extractors.mentions.view import View, readable
from extractors.model import Advocacy, Event, Evidence, Mention, Subject, Tagging, Tier
from extractors.sentences import sentences_near

TAGGER_VERSION = "3"
_PENAL = 2  # words of prison and parole that open the gate for a celebrity

_NOTHING = Tagging(mentions=(), rejected=(), events=(), alerts=())
Span = TypeVar("Span", Mention, Event, Advocacy)


class Tagger:
    """Finds *subjects* in texts. Building it costs; tagging an article without them does not."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._known = known(subjects)
        self._scanner = Scanner(subjects, self._known.lone)

    def tag(
        self,
        text: str,
        *,
        title: str = "",
        published: date | None = None,
        language: str | None = None,
        body_start: int = 0,
    ) -> Tagging:
        """Return mentions, events, alerts and advocacy; offsets count the code points of *text*.

        A *title* of its own is evidence and licenses short forms, but yields no mention. Where the
        title is part of *text*, `text[body_start:]` is the body. Without *published* no age and no
        "Thursday" is resolved. Without *language* it is guessed.
        """
        lead = f"{title}\n\n" if title else ""
        view = readable(lead + text)
        folded = fold(view.text)
        scan = self._scanner.scan(folded)
        names, told = self._scanner.full(scan, view.text), self._scanner.told(scan)
        hinted = told | (self._scanner.hinted(scan) & self._known.rare)
        lone = self._scanner.lone(scan, hinted)
        if not (names or told or lone):
            return _NOTHING
        around = Surroundings(
            text=view.text,
            folded=folded,
            language=(language or guess_language(folded))[:2].lower(),
            title_end=len(lead) + body_start,
            names=self._scanner.places(scan),
        )
        every = self._candidates(names, told, around)
        if lone:
            present = {one.subject for one in every}
            every.extend(lone_candidates(lone, present, hinted, self._known, around))
        if not every:
            return _NOTHING
        present = {one.subject for one in every}
        findings = sort_findings(self._scanner.evidence(scan), present)
        hits = self._scanner.about(scan, present)
        judged = Judgement(self._known, around, findings, hits, every, published).mentions()
        return self._tagging(
            judged, around, findings, published, _Way(view, lead + text, len(lead))
        )

    def _candidates(
        self,
        names: Sequence[Hit[NameUses]],
        told: AbstractSet[str],
        around: Surroundings,
    ) -> list[Candidate]:
        """Return the full forms, and those with a letter wrong."""
        full = full_candidates(names, around) if names else []
        present = {one.subject for one in full}
        subjects, forms_of = self._known.subjects, self._known.forms
        forms = (
            form
            for one in sorted(present | told)
            if subjects[one].context
            for form in forms_of[one]
        )
        full.extend(misspelt_full(forms, [(one.start, one.end) for one in full], around))
        return full

    def _tagging(
        self,
        judged: Sequence[Mention],
        around: Surroundings,
        findings: Findings,
        published: date | None,
        way: _Way,
    ) -> Tagging:
        accepted = tuple(one for one in judged if one.tier is not Tier.REJECTED)
        cases = self._known.cases
        of_cases = [one for one in accepted if one.subject in cases]
        near = [(one.start, one.end) for one in accepted] if of_cases else ()
        sentences = sentences_near(around.text, near)
        events = find_events(
            around.text,
            sentences,
            of_cases,
            published=published,
            language=around.language,
        )
        advocacy = find_advocacy(around.text, sentences, accepted, cases)
        return Tagging(
            mentions=tuple(way.back(accepted)),
            rejected=tuple(way.back(one for one in judged if one.tier is Tier.REJECTED)),
            events=tuple(way.back(events)),
            alerts=self._alerts(accepted, findings),
            advocacy=tuple(way.back(advocacy)),
        )

    def _alerts(self, accepted: Sequence[Mention], findings: Findings) -> tuple[str, ...]:
        """Return who is worth an alert: celebrities only where the article is about justice."""
        present = {one.subject for one in accepted if one.kind != "case_caption"}
        strong = {place.key for place in findings.topics["topic_strong"]} - words("loose")
        weak = {place.key for place in findings.topics["topic_weak"]}
        about_justice = (
            bool(strong - words("ambiguous"))
            or bool(strong and weak & words("of_crime"))
            or bool(present & self._known.cases)
            or len(weak & words("penal")) + bool(present & self._known.for_justice) >= _PENAL
        )
        return tuple(
            sorted(
                one
                for one in present
                if about_justice or self._known.subjects[one].topic_gate is None
            )
        )


class _Way:
    """The way back from the view, with the title before it, to the text that was given."""

    def __init__(self, view: View, whole: str, lead: int) -> None:
        self._view, self._whole, self._lead = view, whole, lead

    def back(self, found: Iterable[Span]) -> Iterable[Span]:
        """Yield *found* with offsets into the text; what lies in a title of its own is left out."""
        if self._is_straight():
            yield from found
            return
        for one in found:
            start, end = self._view.span(one.start, one.end)
            if start < self._lead:
                continue
            start, end = start - self._lead, end - self._lead
            quote = self._whole[start + self._lead : end + self._lead]
            moved = replace(one, start=start, end=end, quote=quote)
            if isinstance(moved, Mention):
                yield replace(moved, evidence=tuple(map(self._term, moved.evidence)))
            else:
                yield moved

    def _term(self, term: Evidence) -> Evidence:
        if term.start is None or term.end is None or self._is_straight():
            return term
        start, end = self._view.span(term.start, term.end)
        if start < self._lead:
            return replace(term, start=None, end=None)
        return replace(term, start=start - self._lead, end=end - self._lead)

    def _is_straight(self) -> bool:
        return self._lead == 0 and self._view.starts is None
