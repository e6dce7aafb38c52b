"""The files under seeds/ to a Registry, or to every problem in them with file, line and fix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from extractors.errors import RegistryError
from extractors.model import (
    Advocate,
    Case,
    ContextTerm,
    Docket,
    Feed,
    Jurisdiction,
    NameForm,
    Namesake,
    PersonName,
    Policy,
    Registry,
    Status,
)
from extractors.registry.forms import AdvocateFile, CaseFile, FeedsFile, NameParts, SubjectFile
from extractors.registry.lines import BrokenYamlError, Path, line_of, parse_yaml

FEEDS = "feeds.yaml"
_Model = TypeVar("_Model", bound=BaseModel)


def parse_registry(files: Mapping[str, str]) -> Registry:
    """Return the registry that *files* describe: texts by path, such as cases/kevin-cooper.yaml.

    Raises RegistryError with all problems of all files at once, each as file:line: where: problem.
    """
    reader = _Reader()
    cases = [reader.subject(path, text, CaseFile) for path, text in _under("cases", files)]
    advocates = [
        reader.subject(path, text, AdvocateFile) for path, text in _under("advocates", files)
    ]
    feeds = reader.feeds(files)
    if not cases and not reader.problems:
        reader.problems.append("cases/: no case is watched; add a file, see cases/*.yaml")
    known_cases = [found for found in cases if found]
    known_advocates = [found for found in advocates if found]
    reader.check_links(known_cases, known_advocates)
    if reader.problems:
        raise RegistryError(tuple(reader.problems))
    return Registry(
        cases=tuple(_case(found) for found in known_cases),
        advocates=tuple(Advocate(**_shared(found)) for found in known_advocates),
        feeds=feeds,
        version=_version(files),
    )


class _Reader:
    """Reads files one by one and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._lines: dict[str, dict[Path, int]] = {}
        self._seen: dict[str, str] = {}

    def subject(self, path: str, text: str, model: type[_Model]) -> _Model | None:
        found = self._read(path, text, model)
        if isinstance(found, SubjectFile):
            self._check_id(path, found)
            self._check_sources(path, found)
        return found

    def feeds(self, files: Mapping[str, str]) -> tuple[Feed, ...]:
        path = next((p for p in files if PurePosixPath(p).name == FEEDS), None)
        if path is None:
            self.problems.append(f"{FEEDS}: it is missing; it lists the feeds to poll")
            return ()
        found = self._read(path, files[path], FeedsFile)
        if found is None:
            return ()
        for field in ("id", "url"):
            self._check_once(path, field, [str(getattr(feed, field)) for feed in found.feeds])
        return tuple(
            Feed(**feed.model_dump(exclude={"url"}), url=str(feed.url)) for feed in found.feeds
        )

    def check_links(self, cases: list[CaseFile], advocates: list[AdvocateFile]) -> None:
        known = {advocate.id for advocate in advocates}
        for case in cases:
            for index, name in enumerate(case.advocates):
                if name not in known:
                    where: Path = ("advocates", index)
                    hint = _did_you_mean(name, known) or f"add advocates/{name}.yaml"
                    self._add(f"cases/{case.id}.yaml", where, f"no advocate {name!r}; {hint}")

    def _read(self, path: str, text: str, model: type[_Model]) -> _Model | None:
        try:
            value, self._lines[path] = parse_yaml(text)
        except BrokenYamlError as error:
            self.problems.append(f"{path}:{error.line}: not YAML as we read it: {error}")
            return None
        if not isinstance(value, dict):
            self.problems.append(f"{path}:1: it must hold keys and values, such as `id: ...`")
            return None
        try:
            return model.model_validate(value)
        except ValidationError as error:
            for found in error.errors():
                self._add(path, found["loc"], _in_words(found, model))
            return None

    def _check_id(self, path: str, found: SubjectFile) -> None:
        stem = PurePosixPath(path).stem
        if found.id != stem:
            self._add(path, ("id",), f"{found.id!r} must be the file's name, {stem!r}")
        if found.id in self._seen:
            self._add(
                path, ("id",), f"{found.id!r} is also in {self._seen[found.id]}; ids are unique"
            )
        self._seen[found.id] = path

    def _check_sources(self, path: str, found: SubjectFile) -> None:
        for where, key in _source_keys(found.model_dump(by_alias=True), ()):
            if key not in found.sources:
                hint = _did_you_mean(key, found.sources) or "add it under `sources`"
                self._add(path, where, f"no source {key!r}; {hint}")

    def _check_once(self, path: str, field: str, values: list[str]) -> None:
        for index, value in enumerate(values):
            if value in values[:index]:
                first = values.index(value)
                self._add(path, ("feeds", index, field), f"{value!r} is also feeds[{first}]")

    def _add(self, path: str, where: Path, problem: str) -> None:
        line = line_of(self._lines.get(path, {(): 1}), where)
        self.problems.append(f"{path}:{line}: {_dotted(where)}: {problem}")


def _under(folder: str, files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((path, files[path]) for path in sorted(files) if path.startswith(f"{folder}/"))


def _version(files: Mapping[str, str]) -> str:
    whole = "\x1f".join(f"{path}\x1e{files[path]}" for path in sorted(files))
    return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _source_keys(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in {"source", "source_article"} and isinstance(inner, str):
                yield (*path, key), inner
            elif key != "sources":
                yield from _source_keys(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _source_keys(inner, (*path, index))


def _in_words(error: ErrorDetails, model: type[BaseModel]) -> str:
    kind, key = error["type"], str(error["loc"][-1]) if error["loc"] else ""
    if kind == "extra_forbidden":
        return "unknown key; " + (_did_you_mean(key, _keys(model)) or "remove it")
    if kind == "missing":
        return "it is missing; add it"
    if kind in {"string_type", "literal_error"} and isinstance(error["input"], bool):
        return "YAML reads this as yes or no; put it in quotes"
    return f"{error['msg'].removeprefix('Value error, ')}; it is {error['input']!r}"[:300]


def _keys(model: type[BaseModel]) -> set[str]:
    """Return every key that a file of this kind may have, at any depth."""
    schema = model.model_json_schema(by_alias=True)
    parts = [schema, *schema.get("$defs", {}).values()]
    return {key for part in parts for key in part.get("properties", {})}


def _did_you_mean(word: str, known: Any) -> str | None:
    close = get_close_matches(word, list(known), n=1)
    return f'did you mean "{close[0]}"?' if close else None


def _dotted(where: Path) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
    return text.removeprefix(".") or "file"


def _case(found: CaseFile) -> Case:
    return Case(
        **_shared(found),
        jurisdiction=Jurisdiction(**found.jurisdiction.model_dump()),
        dockets=tuple(Docket(**docket.model_dump()) for docket in found.dockets),
        status=tuple(Status(**status.model_dump()) for status in found.status),
        advocates=tuple(found.advocates),
    )


def _shared(found: SubjectFile) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": _name(found.name),
        "display_name": found.display or _display(found),
        "policy": Policy(found.policy),
        "kind": found.kind,
        "names": tuple(
            NameForm(
                text=form.text,
                kind=form.kind,
                policy=Policy(form.policy) if form.policy else None,
                followup=tuple(form.followup),
                since=form.since,
                until=form.until,
                source=form.source,
            )
            for form in found.names
        ),
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
    }


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
    if parts is None:
        return found.names[0].text
    return " ".join(part[0] for part in (parts.given, parts.family) if part)
