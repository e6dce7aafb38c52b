"""What a file says, as the frozen values that the rest of casewatch works with."""

from __future__ import annotations

from typing import Any

from extractors.model import (
    Advocate,
    Case,
    ContextTerm,
    Docket,
    Feed,
    Jurisdiction,
    NameForm,
    Namesake,
    Notify,
    PersonName,
    Policy,
    Status,
)
from extractors.registry.forms import (
    AdvocateFile,
    CaseFile,
    FeedEntry,
    FormEntry,
    NameParts,
    SubjectFile,
)


def build_case(found: CaseFile) -> Case:
    """Return the case that a file describes."""
    return Case(
        **_shared(found),
        jurisdiction=Jurisdiction(**found.jurisdiction.model_dump()),
        dockets=tuple(Docket(**docket.model_dump()) for docket in found.dockets),
        status=tuple(Status(**status.model_dump()) for status in found.status),
        advocates=tuple(found.advocates),
    )


def build_advocate(found: AdvocateFile) -> Advocate:
    """Return the advocate that a file describes."""
    return Advocate(**_shared(found))


def build_feed(found: FeedEntry) -> Feed:
    """Return the feed that an entry of feeds.yaml describes, its address as it was written."""
    return Feed(**found.model_dump())


def _shared(found: SubjectFile) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": _name(found.name),
        "display_name": found.display or _display(found),
        "policy": Policy(found.policy),
        "kind": found.kind,
        "names": tuple(_form(form) for form in found.names),
        "short": tuple(found.short),
        "solo": tuple(found.solo),
        "context": tuple(
            ContextTerm(term.type, term.text, term.source, term.since, term.until)
            for term in found.context
        ),
        "namesakes": tuple(Namesake(n.label, tuple(n.cues), n.source) for n in found.namesakes),
        "not_prefix": tuple(found.not_prefix),
        "not_suffix": tuple(found.not_suffix),
        "born": found.born.year if found.born else None,
        "surname_is_word": found.surname_is_word,
        "topic_gate": found.topic_gate,
        "languages": tuple(found.languages),
        "hashtags": tuple(found.hashtags),
        "external_ids": tuple((key, value) for key, value in found.external_ids.items() if value),
        "source_article": found.source_article,
        "sources": tuple(found.sources.items()),
        "notify": Notify(found.notify),
    }


def _form(form: FormEntry) -> NameForm:
    return NameForm(
        text=form.text,
        kind=form.kind,
        policy=Policy(form.policy) if form.policy else None,
        followup=tuple(form.followup),
        since=form.since,
        until=form.until,
        source=form.source,
    )


def _name(parts: NameParts | None) -> PersonName:
    if parts is None:
        return PersonName()
    return PersonName(
        given=tuple(parts.given),
        middle=tuple(parts.middle),
        family=tuple(parts.family),
        nick=tuple(parts.nick),
        suffix=parts.suffix,
        title=tuple(parts.title),
    )


def _display(found: SubjectFile) -> str:
    parts = found.name
    if parts is None or not (parts.given or parts.family):
        return found.names[0].text
    return " ".join(part[0] for part in (parts.given, parts.family) if part)
