"""What judged articles propose for the registry: words of the case, other names, namesakes' words.

Everything here is a proposal with its support, for a person to accept. Nothing acts on it. Support
counts stories, not articles: one report in ten papers says a thing once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from math import log, sqrt

from extractors.mentions.fold import fold_key
from extractors.model import Subject, Verdict
from extractors.names import NameRun, name_runs, other_name
from extractors.phrases import Phrase, keys_within, near, phrases
from extractors.sentences import snippet

ENOUGH = 5  # stories with a verdict about the person, below which unjudged ones are asked too
CONTEXT_REACH, CUE_REACH = 1_000, 200  # characters from a mention, as the tagger looks for them

_RIGHT = {Verdict.RELEVANT, Verdict.PASSING_MENTION, Verdict.DUPLICATE}
_SURE = 0.9  # confidence from which an unjudged article is asked, where verdicts are too few
_LEAST = 2  # stories that must say a thing
_LEAST_PLAIN, _PLAIN_NEEDS = 3, 20  # ... in small letters; and other articles to know it from
_LOG_ODDS, _PLAIN_LOG_ODDS = 2.0, 3.0  # how much more often than elsewhere
_Z = 1.96  # ... and how surely
_GENERAL, _PLAIN_GENERAL = 0.02, 0.01  # share of other articles that makes a word everybody's
_MOST = {"alias": 4, "context": 8, "cue": 6}


@dataclass(frozen=True, slots=True)
class Passage:
    """An article that names the subject, or seemed to, and what a person said of it.

    *spans* are the mentions: offsets into *text*. *verdict* is None where nobody looked.
    """

    story: str
    url: str
    outlet: str
    text: str
    body_start: int
    spans: tuple[tuple[int, int], ...]
    confidence: float
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that shows what is proposed: `text[start:end] == quote`, of the text at *url*."""

    url: str
    outlet: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing to add: context (a word of the case), alias (another name), cue (a namesake's).

    *right* and *wrong* count stories, *others* articles that do not name the subject.
    """

    kind: str
    text: str
    right: int
    wrong: int
    others: int
    log_odds: float  # how much more often than elsewhere; 0 for an alias, which is not a word
    example: Example
    note: str = ""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """All that the articles of one subject propose, and on what it rests.

    *weak*: too few stories are judged, so that unjudged ones of high confidence count as right.
    *seen* are names that share one part with the subject's: relatives, most likely.
    """

    subject: str
    right: int
    wrong: int
    unjudged: int
    others: int
    weak: bool
    proposals: tuple[Proposal, ...] = ()
    seen: tuple[tuple[str, int], ...] = ()

    @property
    def judged(self) -> int:
        """Return how many stories have a verdict about the person."""
        return self.right + self.wrong


def suggest(
    subject: Subject,
    passages: Sequence[Passage],
    others: Sequence[str] = (),
    known: Collection[str] = (),
) -> Suggestions:
    """Return what *passages* propose for *subject*, best first within each kind.

    *others* are texts that do not name the subject, to know its own words from everybody's; *known*
    are names that are no news: of other subjects, outlets, authors.
    """
    right = [passage for passage in passages if passage.verdict in _RIGHT]
    wrong = [passage for passage in passages if passage.verdict == Verdict.WRONG_PERSON]
    unjudged = [p for p in passages if p.verdict in {None, Verdict.UNSURE}]
    weak = _stories(right) + _stories(wrong) < ENOUGH
    asked = right + [p for p in unjudged if p.confidence >= _SURE] if weak else right
    taken = _own_words(subject) | {fold_key(name) for name in known}
    aliases, seen = _aliases(subject, asked, wrong, taken)
    taken |= {fold_key(proposal.text) for proposal in aliases}
    proposals = (
        *aliases,
        *_words("context", asked, wrong, others, taken),
        *_words("cue", wrong, asked, others, taken),
    )
    return Suggestions(
        subject=subject.id,
        right=_stories(right),
        wrong=_stories(wrong),
        unjudged=_stories(unjudged),
        others=len(others),
        weak=weak,
        proposals=proposals,
        seen=seen,
    )


def without(suggestions: Suggestions, skipped: Iterable[str]) -> Suggestions:
    """Return *suggestions* without the proposals whose words a person does not want."""
    unwanted = {fold_key(words) for words in skipped}
    kept = tuple(p for p in suggestions.proposals if fold_key(p.text) not in unwanted)
    return replace(suggestions, proposals=kept)


def _stories(passages: Iterable[Passage]) -> int:
    return len({passage.story for passage in passages})


def _own_words(subject: Subject) -> set[str]:
    """Return what the registry says of the subject already, as keys."""
    name = subject.name
    told = [
        *(part for parts in (name.given, name.middle, name.family, name.nick) for part in parts),
        *(f"{given} {family}" for given in name.given for family in name.family),
        *(form.text for form in subject.names),
        *(short for form in subject.names for short in form.followup),
        *subject.short,
        *subject.solo,
        *subject.hashtags,
        *(term.text for term in subject.context),
        *(cue for namesake in subject.namesakes for cue in namesake.cues),
    ]
    return {fold_key(words) for words in told}


# --- words of the case, words of a namesake --------------------------------------------------


@dataclass(slots=True)
class _Seen:
    """One phrase, and the stories that have it on the side that it would speak for."""

    stories: set[str]
    places: list[tuple[Passage, Phrase]]

    @property
    def proper(self) -> bool:
        """Return whether most articles write it with capitals."""
        return 2 * sum(phrase.proper for _, phrase in self.places) > len(self.places)


def _words(
    kind: str,
    ours: Sequence[Passage],
    theirs: Sequence[Passage],
    others: Sequence[str],
    taken: Collection[str],
) -> list[Proposal]:
    """Return phrases that stand near the name in *ours*, nowhere in *theirs*, and seldom else."""
    reach = CONTEXT_REACH if kind == "context" else CUE_REACH
    seen = _gather(ours, reach)
    keys = {key for key, one in seen.items() if _is_enough(one, len(others))}
    keys = {key for key in keys if not _is_taken(key, taken)}
    keys -= {key for passage in theirs for key in keys_within(passage.text, keys)}
    elsewhere: dict[str, int] = defaultdict(int)
    for text in others:
        for key in keys_within(text, keys):
            elsewhere[key] += 1
    of, of_others = _stories(ours), len(others) + _stories(theirs)
    found = []
    for key in keys:
        one, general = seen[key], elsewhere[key]
        odds, error = _log_odds(len(one.stories), of, general, of_others)
        if odds >= _Z * error and _is_own(one, odds, general / max(len(others), 1)):
            # By what it is at least, else one report would beat ten.
            found.append(((not one.proper, error - odds, -len(key.split()), key), key, odds))
    chosen = _unlike(key for _rank, key, _odds in sorted(found))[: _MOST[kind]]
    odds_of = {key: odds for _rank, key, odds in found}
    return [_proposal(kind, seen[key], elsewhere[key], odds_of[key]) for key in chosen]


def _gather(passages: Sequence[Passage], reach: int) -> dict[str, _Seen]:
    """Return each phrase within *reach* of the name, with its first place in each article."""
    seen: dict[str, _Seen] = {}
    for passage in passages:
        first: dict[str, Phrase] = {}
        stretches = near(passage.spans, reach, len(passage.text))
        for phrase in phrases(passage.text, stretches, passage.body_start):
            if any(phrase.start < end and start < phrase.end for start, end in passage.spans):
                continue  # the name itself, or half of it and the word beside it
            if phrase.key not in first or (phrase.proper and not first[phrase.key].proper):
                first[phrase.key] = phrase
        for key, phrase in first.items():
            one = seen.setdefault(key, _Seen(set(), []))
            one.stories.add(passage.story)
            one.places.append((passage, phrase))
    return seen


def _is_enough(one: _Seen, others: int) -> bool:
    """Return whether enough stories have it: more for a word in small letters, which may be any."""
    if one.proper:
        return len(one.stories) >= _LEAST
    return len(one.stories) >= _LEAST_PLAIN and others >= _PLAIN_NEEDS


def _is_own(one: _Seen, odds: float, share: float) -> bool:
    """Return whether others have it seldom enough: more seldom, where it is a word, not a name."""
    if one.proper:
        return odds >= _LOG_ODDS and share <= _GENERAL
    return odds >= _PLAIN_LOG_ODDS and share <= _PLAIN_GENERAL


def _unlike(ranked: Iterable[str]) -> list[str]:
    """Return *ranked* keys without those that hold a better one, or stand in it."""
    chosen: list[str] = []
    for key in ranked:
        if not _is_taken(key, chosen):
            chosen.append(key)
    return chosen


def _is_taken(key: str, taken: Collection[str]) -> bool:
    """Return whether *key* says no more than what is known: it holds it, or stands in it."""
    return any(f" {known} " in f" {key} " or f" {key} " in f" {known} " for known in taken if known)


def _log_odds(count: int, of: int, general: int, of_others: int) -> tuple[float, float]:
    """Return the log-odds ratio of *count* in *of* against the others, and its standard error.

    Half a case is added on each side, so that "never" is not taken for "impossible".
    """
    ours, not_ours = count + 0.5, of - count + 0.5
    theirs, not_theirs = general + 0.5, max(of_others - general, 0) + 0.5
    odds = log(ours / not_ours) - log(theirs / not_theirs)
    return odds, sqrt(1 / ours + 1 / not_ours + 1 / theirs + 1 / not_theirs)


def _proposal(kind: str, one: _Seen, general: int, odds: float) -> Proposal:
    # As a name in small and capital letters, where an article writes it so.
    passage, phrase = min(one.places, key=lambda place: (not place[1].proper, _shouts(*place)))
    count = len(one.stories)
    return Proposal(
        kind=kind,
        text=" ".join(passage.text[phrase.start : phrase.end].split()),
        right=count if kind == "context" else 0,
        wrong=count if kind == "cue" else 0,
        others=general,
        log_odds=round(odds, 2),
        example=_example(passage, phrase.start, phrase.end),
    )


def _shouts(passage: Passage, phrase: Phrase) -> bool:
    return passage.text[phrase.start : phrase.end].isupper()


def _example(passage: Passage, start: int, end: int) -> Example:
    body = passage.body_start if start >= passage.body_start else 0  # else the title, if need be
    begin, stop = snippet(passage.text[body:], start - body, end - body)
    quote = passage.text[body + begin : body + stop]
    return Example(passage.url, passage.outlet, body + begin, body + stop, quote)


# --- other names -------------------------------------------------------------------------------


def _aliases(
    subject: Subject,
    ours: Sequence[Passage],
    theirs: Sequence[Passage],
    taken: Collection[str],
) -> tuple[list[Proposal], tuple[tuple[str, int], ...]]:
    """Return names that may be the subject's, and names that share but one part with it."""
    runs: dict[str, list[tuple[Passage, NameRun]]] = defaultdict(list)
    for passage in ours:
        for run in name_runs(passage.text, passage.body_start, subject.name, passage.spans):
            if run.key not in taken:
                runs[run.key].append((passage, run))
    wrong = {key for passage in theirs for key in keys_within(passage.text, set(runs))}
    proposals, seen = [], []
    for key, places in runs.items():
        count = _stories(passage for passage, _ in places)
        note = other_name(key, subject.name)
        if note is None or key in wrong:
            seen.append((places[0][1].text, count))
        elif count >= _LEAST:
            proposals.append(_alias(places, count, note))
    proposals.sort(key=lambda proposal: (-proposal.right, proposal.text))
    seen.sort(key=lambda one: (-one[1], one[0]))
    return proposals[: _MOST["alias"]], tuple(seen[:6])


def _alias(places: Sequence[tuple[Passage, NameRun]], count: int, note: str) -> Proposal:
    passage, run = places[0]
    example = _example(passage, run.start, run.end)
    return Proposal("alias", run.text, count, 0, 0, 0.0, example, note)
