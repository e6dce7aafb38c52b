"""Evidence beside one candidate: age, office, namesake's words, the shape of the name itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache

from extractors.mentions.candidates import Candidate
from extractors.mentions.document import evidence
from extractors.mentions.findings import Findings, Place
from extractors.mentions.fold import fold_key
from extractors.mentions.forms import PersonForm
from extractors.mentions.others import official_or_writer, party
from extractors.mentions.surroundings import Surroundings, key
from extractors.mentions.tables import is_given_name, us_states, words
from extractors.model import Case, Evidence, Subject

CUE_REACH = 200
REGION_REACH = 120
_AGE_AFTER = re.compile(
    r"(?:[’']s)?(?:,? (?:now |aged |age |de )?|,? ?\()(\d{2})"
    r"(?=[,.;)]|[ -](?:years?|year-old|años|ans|Jahre))"
)
_AGE_BEFORE = re.compile(
    r"\b(\d{2})[- ]year[- ]old (?:\w+ ){0,4}\Z|\b(\d{2})-jährigen? (?:\w+ )?\Z"
)
_SPACE = (" ", "\u00a0", "\n")
_OF_STATES = tuple(f"of {state}" for state in us_states().values())
_APPOSITION = re.compile(
    r"(?:, \d{2})?,[ \n](?:(?:named|appointed|elected|hired as|the new) )?"
    r"(?:(?:a|an|the|el|la|un|una|le|der|die|ein|eine) )?([\w -]{2,60})"
)
_DESCRIBED = re.compile(  # "the librarian at Riverbend, Marcellus Williams"
    r"\b(?:[Tt]he|[Ii]ts|[Tt]heir|[Ee]l|[Ll]a|[Ll]e|[Dd]er|[Dd]ie) ((?:[\w-]+ )?[\w-]+)"
    r" (?:at|of|for|in|from|de|del|du|des|von|der|des) [^,.;:]{2,40}, \Z"
)
_BAND = re.compile(r" & (?:[Tt]he |[Hh]is )?[A-Z][\w’'-]*(?: [A-Z]\w+)?")
_VERB_AFTER_ROLE = re.compile(
    r" (?:said|says|ruled|ordered|wrote|found|told|halted|granted|denied)\b"
)


def age_evidence(
    spans: Sequence[tuple[int, int]], subject: Subject, published: date | None, text: str
) -> Iterator[Evidence]:
    """Yield whether an age beside one of *spans* fits the year of birth; nothing where unknown."""
    if published is None or subject.born is None:
        return
    for start, end in spans:
        place = _age(start, end, text)
        if place is None:
            continue
        off = abs(published.year - subject.born - int(place.key) - 0.5)  # the birthday is unknown
        if off <= 1.5:
            yield evidence("age_agrees", place, place.key)
        elif off > 3.5:
            yield evidence("age_differs", place, place.key)
        return


def age_beside(start: int, end: int, text: str) -> str:
    """Return the age that stands beside the span, "" where none does."""
    place = _age(start, end, text)
    return place.key if place else ""


def _age(start: int, end: int, text: str) -> Place | None:
    after = _AGE_AFTER.match(text, end)
    if after:
        return Place(after[1], after.start(1), after.end(1))
    before = _AGE_BEFORE.search(text, max(0, start - 50), start)
    if before:
        group = 1 if before[1] else 2
        return Place(before[group], before.start(group), before.end(group))
    return None


def campaign_evidence(candidate: Candidate, around: Surroundings) -> Iterator[Evidence]:
    """Yield the words of a campaign right before the name: "Free Kevin Cooper"."""
    start = candidate.start
    before = f" {around.folded[max(0, start - 20) : start].strip()}"
    if not before.endswith(_campaigns()):
        return
    for phrase in words("campaign"):
        if before.endswith(f" {phrase}") and around.text[start - 1] in _SPACE:
            place = Place(phrase, start - 1 - len(phrase), start - 1)
            yield evidence("campaign", place, around.text[place.start : place.end])
            return


@cache
def _campaigns() -> tuple[str, ...]:
    return tuple(f" {phrase}" for phrase in words("campaign"))


def role_evidence(candidate: Candidate, around: Surroundings) -> Iterator[Evidence]:
    """Yield the office beside the name that a person in custody does not hold."""
    title = _role_before(candidate.start, around)
    if title and around.text[title.start].isupper():
        yield evidence("title_conflict", title, around.text[title.start : title.end])
        return
    member = party(candidate, around)
    if member:
        yield evidence("title_conflict", member, around.text[member.start : member.end])
        return
    place = title or role_after(candidate.end, around) or official_or_writer(candidate, around)
    if place:
        yield evidence("role_conflict", place, around.text[place.start : place.end])


def _role_before(start: int, around: Surroundings) -> Place | None:
    before = around.folded[max(0, start - 30) : start]
    described = _described(start, around.text)
    if described:
        role = fold_key(described[1])
        if role in words("roles") or role.rpartition(" ")[2] in words("roles"):
            return Place(role, described.start(1), described.end(1))
    if _is_apart(start, around):
        return None
    tokens = before.split()
    for size in (1, 2):
        role = " ".join(tokens[-size:])
        if len(tokens) >= size and role in words("roles"):
            at = before.rfind(role) + start - len(before)
            return Place(role, at, at + len(role))
    return None


def _described(start: int, text: str) -> re.Match[str] | None:
    begin = max(0, start - 80)
    return _DESCRIBED.search(text, begin, start) if text.endswith(", ", begin, start) else None


def _is_apart(start: int, around: Surroundings) -> bool:
    """Return whether a mark stands before the name, which is no title's own."""
    mark = around.text[start - 2 : start - 1] in {",", ":", ";", "."}
    return mark and not _ends_title(start, around)


def _ends_title(start: int, around: Surroundings) -> bool:
    """Return whether the point before the name is a title's own: "Sen. Kevin Cooper"."""
    word, _ = around.word_before(start)
    return word.endswith(".") and len(word) <= 5


# What begins an apposition about somebody else: "Cooper, whose lawyer is ...".
_OF_SOMEBODY_ELSE = frozenset(
    {"whose", "his", "her", "their", "with", "represented", "defended", "dont", "son", "sa"}
    | {"dessen", "deren", "sein", "seine", "ihr", "ihre", "cuyo", "cuya", "su"}
)


def role_after(end: int, around: Surroundings) -> Place | None:
    """Return the role in ", chief executive of": not in ", a judge ruled", ", whose lawyer is"."""
    found = _APPOSITION.match(around.text, end)
    if not found:
        return None
    folded = around.folded[found.start(1) : found.end(1)]
    tokens = folded.split()[:5]
    if tokens and tokens[0] in _OF_SOMEBODY_ELSE:
        return None
    for size in (2, 1):
        for first in range(len(tokens) - size + 1):
            role = " ".join(tokens[first : first + size])
            if role not in words("roles"):
                continue
            at = folded.find(role) + found.start(1)
            if _VERB_AFTER_ROLE.match(around.text, at + len(role)):
                return None
            return Place(role, at, at + len(role))
    return None


def cue_evidence(
    candidate: Candidate,
    rivals: Sequence[Candidate],
    findings: Findings,
    around: Surroundings,
    *,
    specific: int,
    alone: bool,
) -> Iterator[Evidence]:
    """Yield the words of a namesake that stand closer to this candidate than to its *rivals*.

    Where the name is *alone*, with nothing in the article for it, they count however far they are.
    """
    reach = len(around.text) if alone else CUE_REACH
    cues = _own(findings.cues[candidate.subject], candidate, rivals, reach)[:3]
    for place in cues:
        yield evidence("namesake_cue", place, around.text[place.start : place.end])
        if specific >= 2:
            yield evidence("namesake_cue_relief", place, around.text[place.start : place.end])
    for place in _own(findings.topics["not_to_be_confused"], candidate, rivals):
        if 0 <= candidate.start - place.end <= 8:
            yield evidence("not_to_be_confused", place, around.text[place.start : place.end])
    if specific == 0 and candidate.form.prior[0] == "prior_common":
        for place in _own(findings.topics["off_topic"], candidate, rivals)[:3]:
            yield evidence("off_topic", place, around.text[place.start : place.end])


def _own(
    places: Sequence[Place],
    candidate: Candidate,
    rivals: Sequence[Candidate],
    reach: int = CUE_REACH,
) -> list[Place]:
    """Return one place a word within reach, none that is closer to a rival."""
    own: dict[str, Place] = {}
    for place in places:
        distance = place.distance(candidate.start, candidate.end)
        if distance > reach:
            continue
        if reach <= CUE_REACH and any(
            place.distance(one.start, one.end) < distance for one in rivals
        ):
            continue
        own.setdefault(place.key, place)
    return list(own.values())


def region_evidence(
    candidate: Candidate,
    subject: Subject,
    others: Iterable[Subject],
    findings: Findings,
    around: Surroundings,
) -> Iterator[Evidence]:
    """Yield another state beside the name, where the case's own state is not in the article.

    The state of one of the *others* whom the article names speaks of them.
    """
    own, theirs = _region(subject), {_region(other) for other in others}
    if own is None or any(place.key == own for place in findings.regions):
        return
    for place in findings.regions:
        if place.key in theirs:
            continue
        if place.distance(candidate.start, candidate.end) <= REGION_REACH:
            yield evidence("other_region", place, around.text[place.start : place.end])
            return


def _region(subject: Subject) -> str | None:
    if not isinstance(subject, Case) or subject.jurisdiction is None:
        return None
    code = (subject.jurisdiction.region or "").removeprefix("US-")
    return us_states().get(code) and code


def shape_evidence(
    candidate: Candidate, rivals: Sequence[Candidate], subject: Subject, around: Surroundings
) -> Iterator[Evidence]:
    """Yield what the name's own shape says: middle names, small letters, a longer name.

    What an organisation is called once, it is for the whole article.
    """
    for term, seen in candidate.signs:
        yield evidence(term, Place(seen, candidate.start, candidate.end), seen)
        if term == "suffix_differs" and any(
            term not in dict(one.signs)
            and (one.form is candidate.form or one.form.prior[0] == "prior_name_sufficient")
            for one in rivals
        ):
            yield evidence("suffix_of_other", Place(seen, candidate.start, candidate.end), seen)
    if isinstance(candidate.form, PersonForm) and around.is_lower(candidate.start, candidate.end):
        yield evidence("lower_case", None, around.text[candidate.start : candidate.end])
    if subject.kind == "org":
        longer = _longer_org(candidate, subject, around)
        if longer:
            yield evidence("longer_org", longer, longer.key)
        firms = (_firm_after(one, around) for one in (candidate, *rivals))
        firm = next((one for one in firms if one), None)
        if firm:
            yield evidence("other_firm", firm, firm.key)
        return
    longer = longer_name(candidate.start, candidate.end, around)
    if longer:
        yield evidence("longer_name", longer, longer.key)


def _firm_after(candidate: Candidate, around: Surroundings) -> Place | None:
    """Return the word that calls an organisation a firm: ", a prison health care firm"."""
    found = _APPOSITION.match(around.text, candidate.end)
    if not found:
        return None
    for word in re.finditer(r"\w+", found[1]):
        if key(word[0]) in words("firms"):
            start = found.start(1) + word.start()
            return Place(word[0], start, start + len(word[0]))
    return None


def longer_name(start: int, end: int, around: Surroundings) -> Place | None:
    """Return the word that makes the span a part of another name: "Jones Day", "Lee-Cooper"."""
    hyphenated = _hyphenated(start, end, around)
    if hyphenated:
        return hyphenated
    after = around.word_after(end)
    folded, place = key(after), Place(after, end + 1, end + 1 + len(after))
    band = _BAND.match(around.text, end)
    if band:
        return Place(band[0].strip(), end, band.end())
    if not after[:1].isupper():
        return None
    if around.language == "de" and is_given_name(around.folded[start:end]):
        return place  # "Pfarrer Bernard Huber"
    if around.style(start) != "sentence" or around.language == "de":
        return place if folded in words("longer") and after[0].isupper() else None
    return None if folded in words("continues") or "\n" in around.text[end : end + 1] else place


def _hyphenated(start: int, end: int, around: Surroundings) -> Place | None:
    text = around.text
    if text[end : end + 1] in {"-", "‑"} and text[end + 1 : end + 2].isupper():
        if around.language == "de":  # "Glossip-Anwalt"
            return None
        stop = end + 1
        while stop < len(text) and (text[stop].isalnum()):
            stop += 1
        return Place(text[end:stop], end, stop)
    if start >= 2 and text[start - 1] in {"-", "‑"} and text[start - 2].isalpha():
        return Place(text[start - 2 : start], start - 2, start)
    return None


def _longer_org(candidate: Candidate, subject: Subject, around: Surroundings) -> Place | None:
    """Return the word that makes an organisation another: "California ...", "... of Florida"."""
    start, end, text = candidate.start, candidate.end, around.text
    if start > 1 and text[start - 1] in _SPACE and text[start - 2].isalnum():
        before = " ".join(around.folded[max(0, start - 40) : start].split())
        prefixes = (*map(key, subject.not_prefix), *us_states().values())
        for prefix in prefixes if before.endswith(prefixes) else ():
            if before.endswith(prefix):
                return Place(prefix, start - 1 - len(prefix), start - 1)
    if text[end : end + 1] in _SPACE:
        after = " ".join(around.folded[end : end + 40].split()) + " "
        for suffix in (*map(key, subject.not_suffix), *_OF_STATES):
            if after.startswith(suffix + " "):
                return Place(suffix, end + 1, end + 1 + len(suffix))
    word = around.word_after(end)
    if word[:1].isupper() and key(word) in words("longer") | words("firms"):
        return Place(word, end + 1, end + 1 + len(word))
    return _capital_before(start, around)


def _capital_before(start: int, around: Surroundings) -> Place | None:
    word, at = around.word_before(start)
    if not word or not word[0].isupper() or word.endswith(("’s", "'s", ".", "’", "'")):
        return None
    if word.rpartition("-")[2][:1].islower():  # "the New York-based Innocence Project"
        return None
    if "\n" in around.text[start - 1 : start] or key(word) in words("plain"):
        return None
    if around.style(start) != "sentence" or around.opens_sentence(at) or around.language == "de":
        return None
    return Place(word, at, at + len(word))


def known_given(word: str) -> bool:
    """Return whether *word* as written is a well-known given name."""
    return is_given_name(key(word))
