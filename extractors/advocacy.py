"""Who speaks for whom: an advocate's act for a case in one passage. A mere co-mention is none.

The act must be the advocate's own ("watched as a lawyer urged" is not), done ("could meet" and
"never met" are not), and for the case: its object, in what is asked or said, or a pronoun that
stands for the case of the sentence before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import yaml

from extractors.model import Advocacy, Mention
from extractors.sentences import sentence_of

_TABLE = Path(__file__).with_suffix(".yaml")


def _acts_of(name: str) -> str:
    """Return the words of a part of the table, a named group each act."""
    table: dict[str, list[list[str]]] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))[name]
    return "|".join(
        f"(?P<{act}>{'|'.join(word for row in rows for word in row)})"
        for act, rows in table.items()
    )


_VERB = re.compile(rf"\b(?:{_acts_of('verbs')})(?!\w)", re.IGNORECASE)
_POSSESSED = re.compile(rf"[’'](?:s)? (?:[a-z-]+ ){{0,3}}(?:{_acts_of('nouns')})\b", re.IGNORECASE)
_BY = re.compile(
    rf"\b(?:{_acts_of('passives')}) (?:[^\W\d_]+ ){{0,3}}"
    r"(?:[A-ZÀ-Þ][\w.’'-]+ (?:[A-ZÀ-Þ][\w.’'-]+ )?(?:and |und |y |et ))?\Z",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\A, (?:who is |a |an |the |one of )?(?:[a-z-]+ ){0,3}(?:lawyers?|attorneys?|counsel|spiritual"
    r" advis[eo]rs?|advocates?) (?:for|to|of)\b"
    r"|\A, (?=[^,]{3,40}[’']s? (?:long-?time |lead |former )?(?:lawyers?|attorneys?|spiritual))",
    re.IGNORECASE,
)
_REACH = 110  # characters from an advocate to the verb
_FAR = 260  # characters from the verb to the case
_UNDONE = re.compile(
    r"\b(?:not|never|nor|without|nothing|could|would|might|may|should|can(?:not)?|if|whether|will"
    r"|plan(?:s|ned)? to|hop(?:es|ed) to|expected to|want(?:s|ed) to|declin(?:es|ed) to"
    r"|refus(?:es|ed) to|no longer|hardly|yet to|no|nunca|jamais|pas|nicht|nie|podría|pourrait"
    r"|könnte)\b|n[’']t\b",
    re.IGNORECASE,
)
_DONE_TO = re.compile(r"\b(?:was|were|is|are|been|being|be) (?:\w+ly )?\Z")  # "was asked about"
_A_NOUN = re.compile(r"\b(?:the|a|an|of|his|her|their|this|that|for) \Z")  # "the petition"
_NOTHING = re.compile(r" (?:about |of |on )?(?:nothing|little|no|not|nada|rien|nichts)\b")
_HAVE = re.compile(r"\A (?:hat|hatte|haben|hatten)(?: [^\W\d_]+)* \Z")  # German: the verb is last
_AGAINST = re.compile(
    r"\b(?:against|guilty|criticiz\w+|denounc\w+|execute (?:him|her)\b|in favor of executing)\b",
    re.IGNORECASE,
)
_NEW_SUBJECT = re.compile(
    r"\b(?:as|while|when|where|that|because|after|before|but|whose|said|says|whereas|como|mientras"
    r"|pero|mais|tandis|während|aber)\b"
)
_OTHER_DOES = re.compile(r" [a-z]{3,}[^,]* and (?:the |a )?(?:[a-z]+ )?[A-Z]")
_CLAUSE = re.compile(
    r"[;:—–]| as (?=[A-Z])| (?:but|while|whereas|although|though|mientras|pero|mais|tandis que"
    r"|aber|während) "
    r"|, (?:and|which|where|who) (?=[A-Z])|, (?=(?:a|the) [a-z]+ (?:as|when) )"
)
_OBJECT = re.compile(
    r"\A(?: (?:with|a|to|for|in|at|on|the|death|row|inmate|prisoner|man|woman|condemned|former|of"
    r"|convicted|her|his|client|friend|husband|family|mother|sister|brother|prison|and|also|case"
    r"|cause|defense|brief|motion|appeal|petition|suit|behalf|en|con|de|Texas|Oklahoma|California|Alabama|Missouri|Tennessee|Florida|San"
    r"|Quentin|den|dem|im|le|la|[a-z]+ly|\w+day|twice|again),?){0,8} ?[“‘]?\Z"
)
_PRONOUN = re.compile(r"\A[\W]*(?:she|he|they|ella|él|elle|il|sie|er)\b", re.IGNORECASE)
_HIM = re.compile(
    r"\b(?:him|his|the (?:inmate|prisoner|condemned man|condemned woman|case)|su caso|lui|ihn|ihm"
    r"|seine[nmr]?|(?:for|of|with|to|spare|free|save|met|visited|believes?|about) her"
    r"(?= (?:in|on|at|from|and|to)\b|[.,;”]|$))\b"
    r"|\A (?:with )?(?:him|her|them)\b(?! [a-z]+(?:s|er|ing)\b)",
    re.IGNORECASE,
)
_OF_THE_CASE = re.compile(r" (?:up |for |on )?(?:his|her|the|their) (?:case|cause|innocence)\b")
_MERCY = re.compile(
    r"\b(?:clemency|pardon|mercy|commut\w+|spare|his execution|her execution|clemencia|indulto"
    r"|clémence|Gnade)\b",
    re.IGNORECASE,
)
# The case is the one who does it: "Glossip met ...", "Glossip thanked ...".
_CASE_MET = re.compile(
    r"\A,? (?:has |had |also |recently |later )*(?:met|meets|spoke|talked|prayed)"
    r"(?: (?:by|on the|over the) phone)?(?: with)? (?:[a-z-]+ ){0,3}\Z"
)
_IS_FOR = re.compile(
    r",? (?:is|was|has been|as)? ?(?:an?|the|one of [a-z]+) (?:[a-z-]+ ){0,4}"
    r"(?:supporters?|champions?|advocates?|defenders?|backers?|allies|ally) (?:of|for) \Z"
)
_AMONG = re.compile(
    r"\b[Aa]mong (?:[a-z]+ ){0,4}(?:asking|calling|urging|pleading|demanding|who (?:asked|urged))\b"
    r"[^.;]{0,120} (?:is|are|was|were) (?:[a-z]+ ){0,3}\Z"
)
# "a fan of the advocate asked" is not the advocate; "lawyers of" an organisation are.
_OF_ANOTHER = re.compile(
    r"(?<!lawyer )(?<!lawyers )(?<!attorney )(?<!attorneys )(?<!member )(?<!members )(?<!director )"
    r"(?<!founder )(?<!head )(?<!spokeswoman )(?<!spokesman )(?<!spokesperson )(?<!counsel )"
    r"\bof (?:the )?\Z",
    re.IGNORECASE,
)
_SAID_BEFORE = re.compile(
    r"[,”\"»],? (?:said|says|added|wrote|dijo|afirma|afirmó|aseguró|répète|affirme|a dit|dit|sagte"
    r"|sagt|meint)\s\Z"
)
_QUOTED = re.compile(r"[”\"»“],? ?\Z|, \Z")


@dataclass(frozen=True, slots=True)
class _Doer:
    """An advocate where the text names one, or the pronoun that stands for one."""

    advocate: str
    start: int
    end: int


def find_advocacy(
    text: str,
    sentences: Sequence[tuple[int, int]],
    mentions: Sequence[Mention],
    cases: AbstractSet[str],
) -> tuple[Advocacy, ...]:
    """Return each act of an advocate for a case, once a pair and act, with its sentence."""
    kinds = {one.subject in cases for one in mentions}
    if len(kinds) < 2:  # nobody to speak, or nobody to speak for
        return ()
    found: dict[tuple[str, str, str], Advocacy] = {}
    by_sentence: dict[int, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(sentence_of(sentences, mention.start), []).append(mention)
    near = sorted({*by_sentence, *(at + 1 for at in by_sentence if at + 1 < len(sentences))})
    for index in near:
        here, before = by_sentence.get(index, []), by_sentence.get(index - 1, [])
        for one in _in_sentence(text, sentences[index], here, before, cases):
            found.setdefault((one.advocate, one.case, one.act), one)
    return tuple(sorted(found.values(), key=lambda one: (one.start, one.advocate, one.case)))


def _in_sentence(
    text: str,
    span: tuple[int, int],
    here: Sequence[Mention],
    before: Sequence[Mention],
    cases: AbstractSet[str],
) -> Iterator[Advocacy]:
    tried = [one for one in here if one.subject in cases]
    known = [one for one in before if one.subject in cases]
    if not tried and not known:
        return
    for doer in _doers(text, span, here, before, cases):
        for act, case in _acts(text, span, doer, tried, known):
            yield Advocacy(doer.advocate, case, act, *span, text[span[0] : span[1]])


def _doers(
    text: str,
    span: tuple[int, int],
    here: Sequence[Mention],
    before: Sequence[Mention],
    cases: AbstractSet[str],
) -> Iterator[_Doer]:
    """Yield the advocates of the sentence, and who "She" is where one advocate stands before."""
    named = [one for one in here if one.subject not in cases]
    for one in named:
        yield _Doer(one.subject, one.start, one.end)
    pronoun = _PRONOUN.match(text[span[0] : span[1]])
    spoken_of = {one.subject for one in before if one.subject not in cases}
    if pronoun and len(spoken_of) == 1 and not named:
        first = min(before, key=lambda one: one.start)
        if first.subject in spoken_of:  # the sentence before begins with the advocate
            yield _Doer(first.subject, span[0], span[0] + pronoun.end())


def _acts(
    text: str,
    span: tuple[int, int],
    doer: _Doer,
    tried: Sequence[Mention],
    known: Sequence[Mention],
) -> Iterator[tuple[str, str]]:
    """Yield what the advocate does in the sentence, and for which case."""
    acts = [*_by_verb(text, span, doer, tried, known)]
    acts = acts or [*_by_noun(text, span, doer, tried)]
    acts = acts or [*_by_passive(text, span, doer, tried, known)]
    yield from dict.fromkeys(acts)


def _by_verb(
    text: str,
    span: tuple[int, int],
    doer: _Doer,
    tried: Sequence[Mention],
    known: Sequence[Mention],
) -> Iterator[tuple[str, str]]:
    if _is_of_another(text, span, doer):
        return
    stop = min(span[1], doer.end + _REACH)
    for verb in _VERB.finditer(text, doer.end, stop):
        between = text[doer.end : verb.start()]
        if not _is_its_verb(between) or _NOTHING.match(text, verb.end()):
            continue
        if _DONE_TO.search(between) and not verb[0].partition(" ")[0].endswith("ing"):
            continue
        act = verb.lastgroup or ""
        meant = [*_for_whom(text, span, verb, act, doer, tried, known)]
        if meant:
            yield from ((act, case) for case in meant)
            return


def _is_of_another(text: str, span: tuple[int, int], doer: _Doer) -> bool:
    before = text[max(span[0], doer.start - 40) : doer.start]
    found = _OF_ANOTHER.search(before)
    if not found or not re.search(r"[a-z] \Z", before[: found.start()]):
        return False
    return not re.search(r"(?:like|such as|including|among) [^.;]*\Z", before)


def _is_its_verb(between: str) -> bool:
    """Return whether the words between a name and a verb leave the name its subject, and done."""
    if _UNDONE.search(between) or _CLAUSE.search(between) or _OTHER_DOES.match(between):
        return False
    if _A_NOUN.search(between):
        return False
    plain = re.sub(r", [^,]{1,80},", "", between)
    return not _NEW_SUBJECT.search(plain) and plain.count(",") <= 1


def _for_whom(
    text: str,
    span: tuple[int, int],
    verb: re.Match[str],
    act: str,
    doer: _Doer,
    tried: Sequence[Mention],
    known: Sequence[Mention],
) -> Iterator[str]:
    """Yield the cases for which it is done."""
    end = _clause_end(text, verb.end(), span[1], act)
    after = [one for one in tried if verb.end() <= one.start < min(end, verb.end() + _FAR)]
    if _AGAINST.search(text, verb.end(), after[-1].end if after else end):
        return
    if act in {"met", "represented"}:
        after = after and [one for one in after if _is_object(text, verb.end(), one, after)]
    if after:
        yield from dict.fromkeys(one.subject for one in after)
    elif not tried and known and _speaks_of(text[_said_from(text, doer, verb) : end], act):
        yield known[-1].subject
    elif (own := [one for one in tried if one.end <= doer.start]) and _OF_THE_CASE.match(
        text, verb.end(), end
    ):
        yield own[-1].subject
    elif act in {"said", "wrote"}:
        yield from _in_quote(text, doer, tried)
    else:
        yield from _before_verb(text, doer, verb, act, tried)


def _said_from(text: str, doer: _Doer, verb: re.Match[str]) -> int:
    """Return where what is asked begins: behind the verb, or before one that stands last."""
    return doer.end if _HAVE.match(text[doer.end : verb.start()]) else verb.end()


def _speaks_of(said: str, act: str) -> bool:
    """Return whether what is said or asked speaks of the case of the sentence before."""
    return bool(_HIM.search(said) or (act == "petitioned" and _MERCY.search(said)))


def _clause_end(text: str, start: int, stop: int, act: str) -> int:
    """Return where the clause of a verb ends; what is said or asked goes on past a colon."""
    for found in _CLAUSE.finditer(text, start, stop):
        if act in {"said", "wrote", "petitioned"} and found[0] == ":":
            continue
        return found.start()
    return stop


def _is_object(text: str, start: int, one: Mention, others: Sequence[Mention]) -> bool:
    """Return whether the case is whom the verb is done to; lists count whole."""
    between = text[start : one.start]
    for other in others:
        if other.end <= one.start:
            between = between.replace(other.quote, "and")
    return bool(_OBJECT.match(between.replace(",", "")))


def _in_quote(text: str, doer: _Doer, tried: Sequence[Mention]) -> Iterator[str]:
    """Yield the last case before the advocate where a quotation ends: “... Glossip,” said she."""
    before = [one for one in tried if one.end <= doer.start]
    if not before or _CLAUSE.search(text, before[-1].end, doer.start):
        return
    if _QUOTED.search(text, before[-1].end, doer.start):
        yield before[-1].subject


def _before_verb(
    text: str, doer: _Doer, verb: re.Match[str], act: str, tried: Sequence[Mention]
) -> Iterator[str]:
    """Yield the case of "Kim Kardashian and Kevin Cooper met", and of "hatte Cooper besucht"."""
    for one in tried:
        if not doer.end <= one.start < verb.start():
            continue
        before, after = text[doer.end : one.start], text[one.end : verb.start()]
        if (act == "met" and (before, after) == (" and ", " ")) or _HAVE.match(before):
            yield one.subject


def _by_noun(
    text: str, span: tuple[int, int], doer: _Doer, tried: Sequence[Mention]
) -> Iterator[tuple[str, str]]:
    """Yield what the advocate has or is: "her letter on", ", a lawyer for"."""
    found = _POSSESSED.match(text, doer.end, span[1])
    role = _ROLE.match(text[doer.end : span[1]])
    if not found and not role:
        return
    begin = found.end() if found else doer.end
    end = _clause_end(text, begin, span[1], "said")
    after = [one for one in tried if begin <= one.start < min(end, begin + 90)]
    act = (found.lastgroup or "said") if found else "represented"
    if after and not _UNDONE.search(text, begin, after[0].start):
        yield act, after[0].subject


def _by_passive(
    text: str,
    span: tuple[int, int],
    doer: _Doer,
    tried: Sequence[Mention],
    known: Sequence[Mention],
) -> Iterator[tuple[str, str]]:
    """Yield what is done by the advocate: "backed by", and who speaks: “...,” said the advocate."""
    yield from _by_the_case(text, span, doer, tried)
    begin = max(span[0], doer.start - 80)
    found = _BY.search(text[begin : doer.start])
    said = _SAID_BEFORE.search(text[begin : doer.start])
    if (not found and not said) or (found and _UNDONE.search(text, begin, begin + found.start())):
        return
    act = (found.lastgroup or "said") if found else "said"
    if tried:
        yield act, min(tried, key=lambda one: abs(one.start - doer.start)).subject
    elif known and said and _HIM.search(text[span[0] : doer.start]):
        yield act, known[-1].subject


def _by_the_case(
    text: str, span: tuple[int, int], doer: _Doer, tried: Sequence[Mention]
) -> Iterator[tuple[str, str]]:
    """Yield an act that the sentence tells the other way round: "Glossip met the advocate"."""
    for one in tried:
        if one.end <= doer.start and _CASE_MET.match(text[one.end : doer.start]):
            yield "met", one.subject
        if one.start >= doer.end and _IS_FOR.fullmatch(text[doer.end : one.start]):
            yield "said", one.subject
        if one.end <= doer.start and _AMONG.search(text[span[0] : doer.start]):
            yield "petitioned", one.subject
