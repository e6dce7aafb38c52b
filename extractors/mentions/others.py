"""What shows that somebody else is meant: officials who act, writers, cases that begin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from extractors.mentions.candidates import Candidate
from extractors.mentions.document import evidence
from extractors.mentions.findings import Findings, Place
from extractors.mentions.surroundings import Surroundings
from extractors.model import Case, Evidence, Subject

_PARTY = re.compile(r",? \(?([RDI]-[A-Z][\w.]+)")  # "Kevin Cooper, R-N.Y."
_ACTS = re.compile(
    r" (?:has |had |have )?(pardoned|commuted|granted|signed|vetoed|nominated|appointed|presided"
    r"|prosecuted|sentenced|ruled)\b(?! by)"
)
_WRITES = re.compile(
    r"((?:\A|[\n—–|(] ?)(?:By|Por|Par|Von|Photo:|Foto:)"
    r"|[”\"»] by|\b(?:[Ww]ords|[Rr]eporting|[Pp]hotos?|[Pp]hotographs?) by"
    r"|\b(?:[Ss]tory|[Tt]ext|[Vv]ideo) by) \Z"
)
_WRITE = ("by ", "By ", "Por ", "Par ", "Von ", "Photo: ", "Foto: ")  # how all of them end
_OF_OFFICE = re.compile(  # "Alice Johnson of the Shelby County Health Department"
    r",? (?:of|from|with) (?:the )?((?:[A-Z][\w’'.-]* ){1,4}"
    r"(?:Department|Authority|University|Board|Council|Association|School"
    r"|Hospital|Office|Bureau|Institute|Agency|Company|Inc|Party|Church"
    r"|College|Commission|Center|Union|Chamber|Bank|Society|Ministry))\b"
)
_SIGNATURE = re.compile(r", ([A-Z][\w.’-]+(?: [A-Z][\w.’-]+)*)\s*(?:\n|\Z)")  # of a letter
_FRESH = re.compile(
    r"(?:, \d\d)?(?:, of [^,.;]{2,40}?)?,? (?:was|were|is|has been|had been) (?:also )?"
    r"(booked|arraigned|arrested|charged|indicted|cited|ticketed|held|picked up|detained)\b"
)
_STATES = re.compile(
    r"\bUSA?\b|\bU\.S\.|\bEE\.? ?UU|Estados Unidos|États-Unis|[Aa]m[eé]ri[ck]|Amerika"
    r"|Californi|Kalifornien|Floride|Pennsylvanie|Washington|New York|Nueva York|Misuri"
    r"|Misisipi|Luisiana|Trump|Biden|Supreme Court|FBI|Guantánamo"
)
_SIGNS = frozenset({"middle_differs", "suffix_differs"})


def same_name_evidence(
    one: Candidate, said: Sequence[Evidence], elsewhere: Iterable[Evidence]
) -> Iterator[Evidence]:
    """Yield what is said *elsewhere*, beside the same name: an article knows one of it.

    Nothing where the name is contradicted here as well, or borne out anywhere.
    """
    if any(term.weight < 0 for term in said) or any(term in _SIGNS for term, _ in one.signs):
        return
    others = list(elsewhere)
    against = [term for term in others if term.weight <= -1]
    if not against or any(term.weight > 0 for term in (*said, *others)):
        return
    worst = min(against, key=lambda term: term.weight)
    place = Place("", worst.start or 0, worst.end or 0)
    yield evidence("same_name", place, worst.text, worst.weight)


def abroad_evidence(
    subject: Subject, findings: Findings, around: Surroundings
) -> Iterator[Evidence]:
    """Yield that an article in another language than English has no word of the United States."""
    if around.language == "en" or not isinstance(subject, Case) or subject.jurisdiction is None:
        return
    if subject.jurisdiction.country != "US" or findings.regions:
        return
    if not _STATES.search(around.text):
        yield evidence("abroad", None, "")


def party(candidate: Candidate, around: Surroundings) -> Place | None:
    """Return the party of a member of Congress, "R-N.Y."."""
    found = _PARTY.match(around.text, candidate.end)
    return Place(found[1], found.start(1), found.end(1)) if found else None


def fresh_case_evidence(candidate: Candidate, around: Surroundings) -> Iterator[Evidence]:
    """Yield the words that begin a case: those whom we track were convicted long ago."""
    found = _FRESH.match(around.text, candidate.end)
    if found:
        yield evidence("fresh_case", Place("", found.start(1), found.end(1)), found[1])


def official_or_writer(candidate: Candidate, around: Surroundings) -> Place | None:
    """Return the words that make the named an official who acts, or who wrote the article."""
    acts = _ACTS.match(around.text, candidate.end)
    if acts:
        return Place(acts[1], acts.start(1), acts.end(1))
    signed = _SIGNATURE.match(around.text, candidate.end)
    if signed and around.text[max(0, candidate.start - 2) : candidate.start] in {"— ", "– "}:
        return Place(signed[1], signed.start(1), signed.end(1))
    of_office = _OF_OFFICE.match(around.text, candidate.end)
    if of_office:
        return Place(of_office[1], of_office.start(1), of_office.end(1))
    begin = max(0, candidate.start - 30)
    if not around.text.endswith(_WRITE, begin, candidate.start):
        return None
    before = _WRITES.search(around.text, begin, candidate.start)
    return Place(before[1], before.start(1), before.end(1)) if before else None
