"""Short forms: "Cooper" beside a Kevin Cooper, unless somebody else is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from extractors.mentions.automaton import Hit
from extractors.mentions.candidates import SUFFIX, Candidate
from extractors.mentions.captions import caption
from extractors.mentions.findings import Place
from extractors.mentions.fold import fold_key
from extractors.mentions.forms import FixedForm, PersonForm
from extractors.mentions.kin import relative_said
from extractors.mentions.local import known_given, longer_name, role_after
from extractors.mentions.patterns import NameForms, NameUses
from extractors.mentions.surroundings import Surroundings, key, places_of
from extractors.mentions.tables import us_states, words, words_in
from extractors.mentions.whose import is_prisoner
from extractors.model import Case, Subject

_OTHER_ROLES = frozenset(
    {"judge", "justice", "officer", "sheriff", "gov", "governor", "sgt", "det"}
)
_KIN_REACH = 32
_LEAD = 150  # characters within which whoever a headline names is named in full
_WORDS = ("openers", "kin", "topic_weak", "topic_strong", "family_after", "institutions")
_WHOLE = 1 << 30  # longer than any name

Sign = tuple[str, str]  # weight's id, the words seen


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody with a family name at a place; *subject* is None for a person we do not track."""

    start: int
    subject: str | None
    kin: bool
    given: str = ""


def bearers(
    hits: Sequence[Hit[NameUses]], full: Sequence[Candidate], around: Surroundings
) -> dict[str, list[Bearer]]:
    """Return by folded family name everybody who bears it, in reading order."""
    found: dict[str, list[Bearer]] = defaultdict(list)
    for one in full:
        family = one.form.family if isinstance(one.form, PersonForm) else _last(one.form)
        found[family].append(Bearer(one.start, one.subject, kin=False))
    covered = _covered(hits, full, around)
    present = {one.subject for one in full}
    for hit in hits:
        if not hit.uses.is_surname_of(present):
            continue
        if any(s <= hit.start < e and length > hit.end - hit.start for s, e, length in covered):
            continue
        given, at = other_given(hit.start, around)
        if given and not _goes_on(hit.start, hit.end, around):
            family = around.folded[hit.start : hit.end]
            found[family].append(Bearer(at, None, _is_kin(at, hit.end, around), given))
    related = {
        one.form.family
        for one in full
        if isinstance(one.form, PersonForm) and _is_someones(one.start, around)
    }
    return {family: _once_kin(ones, all_kin=family in related) for family, ones in found.items()}


def _is_someones(start: int, around: Surroundings) -> bool:
    """Return whether a tracked person is called a relative: "her brother, Julius Jones"."""
    word = around.folded[max(0, start - _KIN_REACH) : start].split()[-1:]
    return bool(word) and word[0] in words("kin")


def _once_kin(ones: Sequence[Bearer], *, all_kin: bool) -> list[Bearer]:
    """Return *ones* in reading order; who is called a relative once is one throughout.

    So are all whose relative the tracked person is called.
    """
    kin = {one.given for one in ones if one.kin or all_kin}
    told = [replace(one, kin=one.kin or one.given in kin) if one.given else one for one in ones]
    return sorted(told, key=lambda b: b.start)


def _goes_on(start: int, end: int, around: Surroundings) -> bool:
    """Return whether the surname is a part of a longer one: nobody calls Cooper-Mills Cooper."""
    return longer_name(start, end, around) is not None


def _covered(
    hits: Sequence[Hit[NameUses]], full: Sequence[Candidate], around: Surroundings
) -> list[tuple[int, int, int]]:
    """Return the spans, and what counts as their length, of full forms and longer short ones.

    What lies in a full form is part of it; a surname that stands alone is not.
    """
    longer = [
        (hit.start, hit.end, hit.end - hit.start)
        for hit in hits
        if " " in around.folded[hit.start : hit.end]
    ]
    return longer + [(one.start, one.end, _WHOLE) for one in full if one.kind != "solo"]


def _last(form: FixedForm) -> str:
    return form.key.split()[-1]


def other_given(start: int, around: Surroundings) -> tuple[str, int]:
    """Return the given name of somebody else before a surname, and where it starts; else ""."""
    word, at = around.word_before(start)
    if not word or not word[0].isupper() or word.endswith(("’s", "'s", "’", "'")):
        return "", start
    folded = key(word)
    if not folded or folded in words("honorifics") or folded in words("roles"):
        return "", start
    if len(folded) == 1:
        return word, at
    if word.endswith("."):  # a sentence ends there
        return "", start
    if known_given(word) or _looks_given(word, folded, at, around):
        return word, at
    return "", start


def _looks_given(word: str, folded: str, at: int, around: Surroundings) -> bool:
    """Return whether a capital is a name's: not a headline's, not a sentence's first word.

    A sentence's first word is a name unless it is known as a word, or written small elsewhere.
    """
    if around.text[at - 1 : at] in {"#", "@"}:
        return False
    if around.language == "de":
        return _looks_given_in_german(word, folded, at, around)
    if around.style(at) != "sentence" or (around.opens_sentence(at) and around.is_headline(at)):
        return False
    if folded in words("plain") or folded in us_states().values():
        return False
    if not around.opens_sentence(at):
        return True
    return not _is_word_of_language(word, folded, around)


_GERMAN_NOUN = ("ung", "heit", "keit", "schaft", "er", "in", "ist", "ling", "kandidat", "anwalt")


def _looks_given_in_german(word: str, folded: str, at: int, around: Surroundings) -> bool:
    """Return whether a capital is a name's where every noun has one.

    After "Bruder" it is; at the head of a sentence too, where it looks like no noun.
    """
    before, _ = around.word_before(at)
    if key(before) in words("kin"):
        return True
    titled = before[:1].isupper() and key(before) not in words("openers") | words("plain")
    if titled or key(before) in words("speech"):  # "Tennisprofi Ralf", "sagte Chauncey"
        return not folded.endswith(_GERMAN_NOUN) and folded not in words("openers")
    if not around.opens_sentence(at) or around.is_headline(at) or folded in words("plain"):
        return False
    return not (folded.endswith(_GERMAN_NOUN) or _is_word_of_language(word, folded, around))


def _is_word_of_language(word: str, folded: str, around: Surroundings) -> bool:
    """Return whether the first word of a sentence is no name: "Watching Reed", "Instead Reed"."""
    if folded.endswith(("ing", "ly", "ed", "tion", "ment", "ness")) or not word.isalpha():
        return True
    if any(folded in words(kind) for kind in _WORDS):
        return True
    return any(places_of(word.lower(), around.text))


def _is_kin(start: int, end: int, around: Surroundings) -> bool:
    """Return whether a word of kinship introduces the name: "his brother, Rodrick Reed"."""
    before = around.folded[max(0, start - _KIN_REACH) : start].split()[-4:]
    after = around.folded[end : end + _KIN_REACH].split()[:3]
    return any(word in words("kin") for word in (*before, *after))


def short_hits(
    hits: Sequence[Hit[NameUses]],
    full: Sequence[Candidate],
    accepted: AbstractSet[str],
    around: Surroundings,
) -> list[Candidate]:
    """Return every candidate of a short form of the *accepted*, the longest where some overlap."""
    inside = {at for one in full for at in range(one.start, one.end)}
    found: dict[str, list[Candidate]] = defaultdict(list)
    for hit in hits:
        if hit.start in inside or hit.end - 1 in inside:
            continue
        for subject in accepted & hit.uses.short.keys():
            for form in hit.uses.short[subject]:
                if _written(hit, form, around):
                    found[subject].append(_candidate(hit, form))
        for subject in accepted & hit.uses.aliases.keys():
            for alias in hit.uses.aliases[subject]:
                if around.folded[hit.start : hit.end] == alias.family:
                    found[subject].append(_candidate(hit, alias))
    return [one for ones in found.values() for one in _longest(ones)]


def _candidate(hit: Hit[NameUses], form: NameForms) -> Candidate:
    """Return a candidate; the family name of an alias ("Cook") counts in a caption only."""
    kind = "short" if form.kind == "genitive" else form.kind
    if isinstance(form, PersonForm):
        kind = "of_alias"
    return Candidate(form.subject, hit.start, hit.end, kind, form, hit.start)


def _written(hit: Hit[NameUses], form: FixedForm, around: Surroundings) -> bool:
    if form.kind == "genitive" and around.language != "de":
        return False
    written = around.text[hit.start : hit.end]
    if around.text[hit.start - 1 : hit.start] in {"@", "#"}:
        return False
    if form.kind == "acronym":
        return written == form.text
    return written[0].isupper() and "\n" not in written and ", " not in written


def _longest(found: list[Candidate]) -> Iterator[Candidate]:
    end = -1
    for one in sorted(found, key=lambda c: (c.start, -c.end, c.kind in {"married", "of_alias"})):
        if one.start >= end:
            yield one
            end = one.end


def short_signs(
    one: Candidate,
    known: dict[str, list[Bearer]],
    around: Surroundings,
    *,
    own: Sequence[Bearer],
    subject: Subject,
    family: tuple[str, ...],
) -> tuple[str, list[Sign]]:
    """Return the candidate's kind (case_caption where it is one) and what speaks against it.

    *family* are the folded names of relatives of *subject* whom the registry knows.
    """
    said = caption(one, subject, around)
    if said is not None:
        return "case_caption", [said]
    others = _with_family(_others(one, known, around), family, around)
    signs = [*_against_neighbours(one, around), *_against_bearers(one, own, others, around)]
    signs.extend(_against_family(one, around))
    if isinstance(subject, Case):
        signs.extend(_against_description(one, subject, around))
    relative = relative_said(one, [b for b in others if b.kin], own, subject, around)
    if relative:
        signs.append(("short_relative", relative))
    is_org = subject.kind == "org" and one.kind != "acronym"
    if (subject.surname_is_word or is_org) and _is_word(one, around):
        signs.append(("short_is_word", around.word_after(one.end)))
    return one.kind, signs


def _with_family(
    every: Sequence[Bearer], names: tuple[str, ...], around: Surroundings
) -> Sequence[Bearer]:
    """Return *every* bearer, as relatives those whom one of *names* names."""
    if not names:
        return every
    return [
        replace(one, kin=True)
        if not one.kin and around.folded.startswith(names, one.start)
        else one
        for one in every
    ]


def _against_neighbours(one: Candidate, around: Surroundings) -> Iterator[Sign]:
    given, _ = other_given(one.start, around)
    if given and one.kind != "acronym":
        yield "short_other_given", given
    word, _ = around.word_before(one.start)
    if key(word) in _OTHER_ROLES and word[:1].isupper():
        yield "short_role", word
    longer = longer_name(one.start, one.end, around) or _firm_name(one.end, around)
    if (
        longer
        and one.kind != "acronym"
        and key(around.word_after(one.end)) not in words("sections")
    ):
        yield "short_longer_name", longer.key
    if key(word) in words_in("one_of_many", around.language):
        yield "short_family", word


def _firm_name(end: int, around: Surroundings) -> Place | None:
    """Return the word after a bare surname that makes it a firm or a place: "Jones Day"."""
    after = around.word_after(end)
    if after[:1].isupper() and key(after) in words("longer"):
        return Place(after, end + 1, end + 1 + len(after))
    return None


def _against_bearers(
    one: Candidate,
    own: Sequence[Bearer],
    others: Sequence[Bearer],
    around: Surroundings,
) -> Iterator[Sign]:
    named = sorted(
        [b for b in others if b.subject != one.subject and not b.kin]
        + [b for b in own if b.subject == one.subject],
        key=lambda b: b.start,
    )
    before = [b for b in named if b.start < one.start]
    nearest = before[-1] if before else (named[0] if named else None)
    if nearest and nearest.subject is None and _is_the_prisoner(one, nearest, before, around):
        return  # "Lou Reed played. Reed’s lawyers appealed"
    if nearest and nearest.subject != one.subject:
        yield "short_other_bearer", around.text[nearest.start : nearest.start + 40].split("\n")[0]


def _is_the_prisoner(
    one: Candidate, nearest: Bearer, before: Sequence[Bearer], around: Surroundings
) -> bool:
    """Return whether the words say so; or whether a headline names who comes much later."""
    if is_prisoner(one.start, one.end, around):
        return True
    return not before and nearest.start - max(one.end, around.title_end) > _LEAD


def _others(
    one: Candidate, known: dict[str, list[Bearer]], around: Surroundings
) -> Sequence[Bearer]:
    folded = around.folded[one.start : one.end]
    return known.get(folded) or known.get(folded.split()[-1]) or ()


def _against_family(one: Candidate, around: Surroundings) -> Iterator[Sign]:
    """Yield the word that makes a surname a whole family: "the Flowers family"."""
    after, (before, _) = around.word_after(one.end), around.word_before(one.start)
    if key(after) in words("family_after"):
        yield "short_family", after
    elif key(before) in words("family_before"):
        yield "short_family", before


def _against_description(one: Candidate, subject: Case, around: Surroundings) -> Iterator[Sign]:
    """Yield what stands after a surname and is not the prisoner: "Jr.", ", a roofer,"."""
    suffix = SUFFIX.match(around.text, one.end)
    if suffix and fold_key(suffix[1]) != fold_key(subject.name.suffix or ""):
        yield "short_longer_name", suffix[1]
    role = role_after(one.end, around)
    if role and not is_prisoner(one.start, one.end, around):
        yield "short_role", role.key


def _is_word(one: Candidate, around: Surroundings) -> bool:
    """Return whether a surname that is a word stands as that word: "Flowers were laid"."""
    return around.opens_sentence(one.start) and key(around.word_after(one.end)) in words(
        "verbs_of_things"
    )


def last_of_married(one: Candidate, known: dict[str, list[Bearer]], around: Surroundings) -> bool:
    """Return whether "West" may be Kim Kardashian West: it speaks, and no other West is named."""
    family = around.folded[one.start : one.end]
    if any(bearer.subject != one.subject for bearer in known.get(family, ())):
        return False
    word, _ = around.word_before(one.start)
    return key(around.word_after(one.end)) in words("speech") or key(word) in words("speech")
