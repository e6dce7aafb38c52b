"""The forms of a name, generated from the registry. Policy belongs to the form, not to the person.

A *person form* is matched at its family name and verified by the given name beside it, which
covers initials, middle names, nicknames in quotes, inversion and line breaks. A *fixed form* is
matched as it stands: aliases, organisations, acronyms, dockets, hashtags, short forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from extractors.mentions.fold import fold_key
from extractors.mentions.tables import common_prior, language_words, short_given_names, weights
from extractors.model import Case, NameForm, Policy, Subject

_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


@dataclass(frozen=True, slots=True)
class PersonForm:
    """Given names and one family name, all folded. *text* is the form as people know it."""

    subject: str
    text: str
    kind: str  # full | alias
    family: str
    givens: frozenset[str]
    variants: frozenset[str]  # Tony for Anthony: a little less sure
    middles: frozenset[str]
    nicks: frozenset[str]
    suffix: str | None
    prior: tuple[str, float]  # id of a weight, log-odds


@dataclass(frozen=True, slots=True)
class FixedForm:
    """A form that is matched as it stands; *key* is folded. Short forms need a full form.

    *licence* is the folded key of the full form that a short form needs; None: any. *since* and
    *until* bound the days on which a married name was hers.
    """

    subject: str
    text: str
    kind: str  # alias, solo, org, acronym, docket, hashtag, short, genitive, married
    key: str
    prior: tuple[str, float]
    licence: str | None = None
    since: date | None = None
    until: date | None = None

    def was_borne(self, day: date | None) -> bool:
        """Return whether the name was borne on *day*; an unknown day or bound rules out nothing."""
        if day is None:
            return True
        return (self.since or day) <= day <= (self.until or day)


SHORT_KINDS = frozenset({"short", "genitive", "married", "acronym"})  # need a full form
_SHORT = ("short_form", 0.0)


def person_forms(subject: Subject) -> Iterator[PersonForm]:
    """Yield the forms of *subject* that are verified by a given name."""
    if subject.kind == "org":
        return
    name = subject.name
    givens = (*name.given, *(nick for nick in name.nick if " " not in nick))
    for family in _spellings(name.family):
        if givens:
            text = f"{givens[0]} {family}"
            yield _person(subject, text, "full", family, givens, name.middle, subject.policy)
    for form in subject.names:
        yield from _named(subject, form)


def _named(subject: Subject, form: NameForm) -> Iterator[PersonForm]:
    """Two words of an alias are a given and a family name; longer ones only as they stand."""
    parts = form.text.split()
    if len(parts) == 2 and len(parts[1].strip(".")) > 1:
        policy = form.policy or subject.policy
        yield _person(subject, form.text, "alias", parts[1], parts[:1], subject.name.middle, policy)


def _person(
    subject: Subject,
    text: str,
    kind: str,
    family: str,
    givens: tuple[str, ...] | list[str],
    middles: tuple[str, ...],
    policy: Policy,
) -> PersonForm:
    read = [_given_keys(given) for given in givens]
    folded = frozenset(key for keys, _ in read for key in keys)
    middles = (*middles, *(middle for _, inner in read for middle in inner))
    variants = frozenset(short for given in folded for short in short_given_names(given)) - folded
    key = fold_key(family)
    return PersonForm(
        subject=subject.id,
        text=text,
        kind=kind,
        family=key,
        givens=folded,
        variants=variants,
        middles=frozenset(fold_key(middle) for middle in middles),
        nicks=frozenset(fold_key(nick) for nick in subject.name.nick),
        suffix=subject.name.suffix,
        prior=_prior(policy, fold_key(givens[0]), key),
    )


def _given_keys(given: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what a given name is looked for by, folded, and the middle names written with it.

    "Joseph Lamont" is Joseph, "A. Jabir" is Jabir, "T.J." is that or TJ; a lone initial is nobody.
    """
    words = fold_key(given).split()
    for index, word in enumerate(words):
        if len(word) > 1 and word not in language_words()["en"]:
            return (word,), tuple(words[index + 1 :])
    if len(words) > 1 and all(len(word) == 1 for word in words):
        return (" ".join(words), "".join(words)), ()
    return (), ()


def _prior(policy: Policy, given: str, family: str) -> tuple[str, float]:
    if policy is Policy.NAME_SUFFICIENT:
        return "prior_name_sufficient", weights()["prior_name_sufficient"]
    return "prior_common", common_prior(given, family)


def fixed_forms(subject: Subject) -> Iterator[FixedForm]:
    """Yield the forms of *subject* that are matched as they stand."""
    org = subject.kind == "org"
    for form in subject.names:
        yield from _alias(subject, form, org=org)
        for short in form.followup:
            yield _fixed(subject, short, "short", _SHORT, licence=fold_key(form.text))
            yield _fixed(subject, short + "s", "genitive", _SHORT, licence=fold_key(form.text))
    for solo in subject.solo:
        yield _fixed(subject, solo, "solo", ("prior_solo", weights()["prior_solo"]))
        yield _fixed(subject, solo + "s", "genitive", _SHORT)
    for short in subject.short:
        yield _fixed(subject, short, "acronym" if short.isupper() else "short", _SHORT)
    for hashtag in subject.hashtags:
        prior = ("prior_hashtag", weights()["prior_hashtag"])
        yield _fixed(subject, hashtag.lstrip("#"), "hashtag", prior)
    yield from _org(subject) if org else _follow_ups(subject)
    yield from _dockets(subject)


def _alias(subject: Subject, form: NameForm, *, org: bool) -> Iterator[FixedForm]:
    parts = form.text.split()
    policy = form.policy or subject.policy
    kind = "org" if org else "alias"
    prior = _prior(policy, fold_key(parts[0]), fold_key(parts[-1]))
    if org and policy is Policy.NAME_SUFFICIENT:
        prior = ("prior_org", weights()["prior_org"])
    yield _fixed(subject, form.text, kind, prior)
    if form.kind in {"married_name", "married"} and len(parts) > 2:
        married = _fixed(subject, parts[-1], "married", _SHORT, licence=fold_key(form.text))
        yield replace(married, since=form.since, until=form.until)


def _org(subject: Subject) -> Iterator[FixedForm]:
    prior = ("prior_org", weights()["prior_org"])
    if subject.policy is not Policy.NAME_SUFFICIENT:
        prior = _prior(subject.policy, "", "")
    yield _fixed(subject, subject.display_name, "org", prior)


def _follow_ups(subject: Subject) -> Iterator[FixedForm]:
    """Yield the family name, which follows a full one; a single name (Rihanna) is full itself."""
    name = subject.name
    if name.given and name.family:
        for family in _spellings(name.family):
            yield _fixed(subject, family, "short", _SHORT)
            yield _fixed(subject, family + "s", "genitive", _SHORT)
        for nick in name.nick:
            if " " in nick:
                yield _fixed(subject, nick, "alias", _prior(subject.policy, "", ""))
        return
    for mononym in (*name.given, *name.family):
        yield _fixed(subject, mononym, "full", _prior(subject.policy, fold_key(mononym), ""))


def _dockets(subject: Subject) -> Iterator[FixedForm]:
    if not isinstance(subject, Case):
        return
    prior = ("prior_docket", weights()["prior_docket"])
    for docket in subject.dockets:
        yield _fixed(subject, docket.number, "docket", prior)
        if docket.core and len(docket.core) >= 6:
            yield _fixed(subject, docket.core, "docket", prior)


def _fixed(
    subject: Subject,
    text: str,
    kind: str,
    prior: tuple[str, float],
    licence: str | None = None,
) -> FixedForm:
    return FixedForm(subject.id, text, kind, fold_key(text), prior, licence)


def _spellings(families: tuple[str, ...]) -> Iterator[str]:
    """Yield each family name, and its German spelling without umlauts."""
    for family in families:
        yield family
        digraphs = family.translate(_DIGRAPHS)
        if digraphs != family:
            yield digraphs
