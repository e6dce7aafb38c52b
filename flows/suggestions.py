"""Proposals for the registry: from stored verdicts to a diff that a person may apply.

Nothing here is ever applied by itself, and nothing changes what the next run finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from extractors.errors import CasewatchError, UsageError
from extractors.model import Case, Registry, Subject, Verdict
from extractors.registry.edit import Additions, Entry, add_entries, as_yaml, diff, source_keys
from extractors.suggest import ENOUGH, Proposal, Suggestions, suggest, without
from flows.job import Clock, utc_now
from flows.seeds import read_seeds
from flows.settings import Settings
from warehouse.feedback import judged_stories, other_texts, outlets_and_authors, passages_of
from warehouse.inbox import overlay, waiting
from warehouse.reads import alert_rows
from warehouse.store import open_copy

_NAMESAKE = "somebody else of this name, as judged alerts show"
_HEADS = {
    "alias": "Other names, which stand in right stories and are not in the registry:",
    "context": "Words of the case: in right stories, in no wrong one, seldom elsewhere:",
    "cue": "Words of a namesake: beside the name in wrong stories, in no right one:",
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed for one subject, and the diff of its file.

    *patch* is empty where nothing is proposed, and None where the file is written in a way that we
    cannot edit: then a person adds *by_hand*.
    """

    subject: Subject
    suggestions: Suggestions
    patch: str | None
    by_hand: str = ""


def subject_called(registry: Registry, name: str) -> Subject:
    """Return the subject whose id is *name*. Raises UsageError, with ids that are like it."""
    found = {subject.id: subject for subject in registry.subjects}
    if name in found:
        return found[name]
    like = [one for one in found if name.lower() in one][:5]
    hint = f"; perhaps {', '.join(like)}" if like else "; `ls seeds/cases seeds/advocates`"
    raise UsageError(f"no case or advocate {name!r} is watched{hint}")


def propose(
    settings: Settings, seeds: Path, subject: Subject, registry: Registry, skip: Sequence[str] = ()
) -> Proposed:
    """Return what the verdicts in the published copy, and in the inbox, propose for *subject*."""
    with open_copy(settings.copy) as db:
        alerts = overlay(alert_rows(db, subject=subject.id), waiting(settings.inbox))
        verdicts = {a["story_id"]: Verdict(a["verdict"]) for a in alerts if a["verdict"]}
        passages = passages_of(db, subject.id, verdicts)
        others = other_texts(db, subject.id)
        known = [*outlets_and_authors(db, subject.id), *_names_of_others(registry, subject)]
    found = without(suggest(subject, passages, others, known), skip)
    return _with_patch(seeds, subject, found)


def told(proposed: Proposed) -> list[str]:
    """Return the proposals and what they rest on, a line a string, for a person to judge."""
    found = proposed.suggestions
    lines = list(_basis(proposed.subject, found))
    for kind, head in _HEADS.items():
        listed = [proposal for proposal in found.proposals if proposal.kind == kind]
        lines += ["", head] if listed else []
        for proposal in listed:
            lines += _told(proposal, found.weak)
    if found.seen:
        names = ", ".join(f"{name} ({count})" for name, count in found.seen)
        lines += ["", f"Not proposed, as they share one name only (stories): {names}"]
    if not found.proposals:
        lines += [
            "",
            "Nothing to propose: no new name or word stands in two right stories at least,",
        ]
        lines += ["in no wrong one, and seldom elsewhere."]
    return lines


def proposals_due(now: datetime, written: Sequence[str]) -> str | None:
    """Return the ISO week of *now*, such as 2026-W48, or None if it is among those *written*."""
    week = f"{now:%G-W%V}"
    return None if week in written else week


def write_weekly(settings: Settings, seeds: Path, clock: Clock = utc_now) -> str | None:
    """Write the week's proposals if nobody has yet; return a line that says so, or None.

    They stand in `HOME/proposals/2026-W48.md`, with a diff a subject beside it. Only subjects with
    enough verdicts are asked. None as well where there is nothing to propose.
    """
    folder = settings.home / "proposals"
    week = proposals_due(clock(), [file.stem for file in folder.glob("*.md")])
    if week is None or not settings.copy.exists():
        return None
    registry = read_seeds(seeds)
    with open_copy(settings.copy) as db:
        judged = judged_stories(db)
    asked = [one for one in registry.subjects if judged.get(one.id, 0) >= ENOUGH]
    made = [propose(settings, seeds, subject, registry) for subject in asked]
    made = [proposed for proposed in made if proposed.suggestions.proposals]
    folder.mkdir(parents=True, exist_ok=True)
    for proposed in made:
        if proposed.patch:
            _write(folder / f"{week}-{proposed.subject.id}.diff", proposed.patch)
    report = folder / f"{week}.md"
    _write(report, _weekly(week, made, sum(judged.values())))
    if not made:
        return None
    count = sum(len(proposed.suggestions.proposals) for proposed in made)
    return f"Verdicts propose {count} additions to the registry, none applied: {report}"


def weekly_note(settings: Settings, seeds: Path, clock: Clock = utc_now) -> str | None:
    """Return the line that the digest ends with, or None; proposals that fail cost no digest."""
    try:
        return write_weekly(settings, seeds, clock)
    except (CasewatchError, OSError) as error:
        first = str(error).partition("\n")[0]
        return f"The week's proposals for the registry could not be written: {first}"


def _names_of_others(registry: Registry, subject: Subject) -> Iterator[str]:
    """Yield the names of other subjects: they are evidence by themselves, as links."""
    for other in registry.subjects:
        if other.id != subject.id:
            yield other.display_name
            yield from (form.text for form in other.names)
            yield from (
                f"{given} {last}" for given in other.name.given for last in other.name.family
            )


def _with_patch(seeds: Path, subject: Subject, found: Suggestions) -> Proposed:
    if not found.proposals:
        return Proposed(subject, found, "")
    folder = "cases" if isinstance(subject, Case) else "advocates"
    file = seeds / folder / f"{subject.id}.yaml"
    before = file.read_bytes().decode("utf-8")  # not read_text(): it would change line ends
    additions = _additions(before, found.proposals)
    after = add_entries(before, additions)
    patch = None if after is None else diff(before, after, _as_applied(file, seeds))
    return Proposed(subject, found, patch, as_yaml(additions))


def _as_applied(file: Path, seeds: Path) -> str:
    """Return the path in the diff: below the folder in which it is applied, else that of seeds."""
    here = Path.cwd()
    whole = file.resolve()
    base = here if whole.is_relative_to(here) else seeds.resolve().parent
    return whole.relative_to(base).as_posix()


def _additions(text: str, proposals: Sequence[Proposal]) -> Additions:
    sources = source_keys(text, [proposal.example.url for proposal in proposals])
    names: list[Entry] = []
    context: list[Entry] = []
    cues: list[str] = []
    for proposal in proposals:
        source = sources[proposal.example.url]
        if proposal.kind == "alias":  # never enough alone: whoever knows better says so
            form = {"text": proposal.text, "kind": "spelling", "policy": "context_required"}
            names.append(form | {"source": source})
        elif proposal.kind == "context":
            context.append({"type": "other", "text": proposal.text, "source": source})
        else:
            cues.append(proposal.text)
    first = next((p.example.url for p in proposals if p.kind == "cue"), None)
    told = {p.example.url for p in proposals if p.kind != "cue"} | ({first} if first else set())
    namesakes: list[Entry] = (
        [{"label": _NAMESAKE, "cues": cues, "source": sources[first]}] if first else []
    )
    lists: dict[str, list[Entry]] = {"names": names, "context": context, "not": namesakes}
    return Additions(lists, {key: url for url, key in sources.items() if url in told})


def _basis(subject: Subject, found: Suggestions) -> Iterator[str]:
    yield (
        f"{subject.display_name}: {_stories(found.judged)} judged ({found.right} right, "
        f"{found.wrong} wrong), {found.unjudged} not judged; {found.others} other articles."
    )
    if found.weak:
        yield (
            f"WEAKER: fewer than {ENOUGH} stories are judged. Where the tagger is sure, stories "
            "that nobody judged count as right here."
        )


def _told(proposal: Proposal, weak: bool) -> Iterator[str]:
    count = proposal.wrong if proposal.kind == "cue" else proposal.right
    side = "wrong" if proposal.kind == "cue" else "right"
    support = f"{_stories(count)} {'taken for ' if weak and side == 'right' else ''}{side}"
    if proposal.kind == "alias":
        support += f"; {proposal.note}"
    else:
        support += f", {proposal.others} others, log-odds {proposal.log_odds:+.1f}"
    yield f"  {proposal.text}  ({support})"
    yield f"      “{' '.join(proposal.example.quote.split())}”"
    yield f"      {proposal.example.outlet}, {proposal.example.url}"


def _stories(count: int) -> str:
    return f"{count} stor{'y' if count == 1 else 'ies'}"


def _weekly(week: str, made: Sequence[Proposed], judged: int) -> str:
    lines = [
        f"# Proposals for the registry, {week}",
        "",
        f"From {judged} judged alerts. Nothing of it is applied. Read, then apply what is true:",
        "`git apply FILE.diff`, and `casewatch seeds check`.",
    ]
    for proposed in made:
        lines += ["", f"## {proposed.subject.id}", "", "```text", *told(proposed), "```"]
        lines += ["", f"Diff: `{week}-{proposed.subject.id}.diff`"] if proposed.patch else []
    if not made:
        lines += ["", f"Nothing to propose. A subject needs {ENOUGH} judged stories."]
    return "\n".join(lines) + "\n"


def _write(file: Path, text: str) -> None:
    fresh = file.with_name(f".{file.name}.tmp")
    fresh.write_bytes(text.encode("utf-8"))  # as it is: a diff keeps its line ends
    fresh.replace(file)
