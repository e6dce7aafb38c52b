"""The files under seeds/ to a Registry, or to every problem in them with file, line and fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from extractors.errors import RegistryError
from extractors.model import Feed, Registry
from extractors.registry.build import build_advocate, build_case, build_feed
from extractors.registry.forms import AdvocateFile, CaseFile, FeedsFile, SubjectFile
from extractors.registry.lines import BrokenYamlError, Path, YamlFile, parse_yaml
from extractors.registry.words import did_you_mean, in_words

FEEDS = "feeds.yaml"
_CASES, _ADVOCATES = "cases", "advocates"
_Model = TypeVar("_Model", bound=BaseModel)
_Subject = TypeVar("_Subject", bound=SubjectFile)


def parse_registry(files: Mapping[str, str]) -> Registry:
    """Return the registry that *files* describe: texts by path, such as cases/kevin-cooper.yaml.

    Without feeds.yaml nothing is polled, and texts can still be tagged. Raises RegistryError with
    all problems of all files at once, each as `file:line: where: problem; fix`.
    """
    reader = _Reader(files)
    cases = reader.subjects(_CASES, CaseFile)
    advocates = reader.subjects(_ADVOCATES, AdvocateFile)
    feeds = reader.feeds()
    reader.check_links(cases)
    reader.check_places()
    if reader.problems:
        raise RegistryError(tuple(reader.sorted_problems()))
    return Registry(
        cases=tuple(build_case(found) for found in cases.values()),
        advocates=tuple(build_advocate(found) for found in advocates.values()),
        feeds=feeds,
        version=_version(files),
    )


class _Reader:
    """Reads files one by one and gathers what is wrong with them: (path, line, problem)."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.problems: list[tuple[str, int, str]] = []
        self._files = files
        self._yaml: dict[str, YamlFile] = {}
        self._paths_by_id: dict[str, str] = {}

    def sorted_problems(self) -> Iterator[str]:
        for path, line, problem in sorted(self.problems):
            yield f"{path}:{line}: {problem}" if line else f"{path}: {problem}"

    def subjects(self, folder: str, model: type[_Subject]) -> dict[str, _Subject]:
        """Return what the files of a folder say, by path."""
        read = {path: self._read(path, model) for path in self._paths(folder)}
        subjects = {path: found for path, found in read.items() if found}
        for path, found in subjects.items():
            self._check_id(path, found)
            self._check_sources(path, found)
        return subjects

    def feeds(self) -> tuple[Feed, ...]:
        path = next((path for path in self._files if _is_feeds(path)), None)
        found = self._read(path, FeedsFile) if path else None
        if path is None or found is None:
            return ()
        self._check_once(path, "id", [feed.id for feed in found.feeds])
        self._check_once(path, "url", [feed.url for feed in found.feeds])
        return tuple(build_feed(feed) for feed in found.feeds)

    def check_links(self, cases: Mapping[str, CaseFile]) -> None:
        known = {PurePosixPath(path).stem for path in self._paths(_ADVOCATES)}
        for path, case in cases.items():
            for index, name in enumerate(case.advocates):
                if name not in known:
                    hint = did_you_mean(name, known) or f"add {_ADVOCATES}/{name}.yaml"
                    self._add(path, ("advocates", index), f"no advocate {name!r}; {hint}")

    def check_places(self) -> None:
        """Name files in the wrong place: each would be a person whom nobody watches."""
        if not any(self._paths(_CASES)):
            problem = "no case is watched; add a file for one, such as cases/kevin-cooper.yaml"
            self.problems.append((f"{_CASES}/", 0, problem))
        for path in self._files:
            folder, suffix = path.partition("/")[0], PurePosixPath(path).suffix
            if suffix != ".yaml":
                self._add(path, (), "a file of the registry ends in .yaml; rename it")
            elif folder not in {_CASES, _ADVOCATES} and not _is_feeds(path):
                self._add(path, (), "nothing reads a file here; move it to cases/ or advocates/")

    def _paths(self, folder: str) -> Iterator[str]:
        return (path for path in sorted(self._files) if path.startswith(f"{folder}/"))

    def _read(self, path: str, model: type[_Model]) -> _Model | None:
        try:
            found = self._yaml[path] = parse_yaml(self._files[path])
        except BrokenYamlError as error:
            self.problems.append((path, error.line, f"it is not YAML: {error}"))
            return None
        for line, where, trap in found.traps:
            self.problems.append((path, line, f"{_dotted(where)}: {trap}"))
        if found.traps and found.value is None:
            return None
        return self._checked(path, found, model)

    def _checked(self, path: str, found: YamlFile, model: type[_Model]) -> _Model | None:
        if not isinstance(found.value, dict):
            self._add(path, (), "it must hold keys and values, such as `id: kevin-cooper`")
            return None
        try:
            return model.model_validate(found.value)
        except ValidationError as error:
            trapped = {_dotted(where) for _line, where, _trap in found.traps}
            for problem in error.errors():
                where = found.path_of(problem["loc"])
                if _dotted(where) not in trapped:
                    self._add(path, where, in_words(problem, model, found.raw.get(where)))
            return None

    def _check_id(self, path: str, found: SubjectFile) -> None:
        stem = PurePosixPath(path).stem
        if found.id != stem:
            problem = f"{found.id!r} is not the file's name; write {stem!r} or rename the file"
            self._add(path, ("id",), problem)
        first = self._paths_by_id.setdefault(found.id, path)
        if first != path:
            self._add(path, ("id",), f"{found.id!r} is also in {first}; give one another id")

    def _check_sources(self, path: str, found: SubjectFile) -> None:
        for where, key in _source_keys(found.model_dump(by_alias=True), ()):
            if key not in found.sources:
                hint = did_you_mean(key, found.sources) or f"add `{key}: https://...` to `sources`"
                self._add(path, where, f"no source {key!r}; {hint}")

    def _check_once(self, path: str, field: str, values: list[str]) -> None:
        first: dict[str, int] = {}
        for index, value in enumerate(values):
            same = first.setdefault(value.rstrip("/"), index)
            if same != index:
                problem = f"{value!r} is also feeds[{same}]; keep one"
                self._add(path, ("feeds", index, field), problem)

    def _add(self, path: str, where: Path, problem: str) -> None:
        line = self._yaml[path].line_of(where) if path in self._yaml else 1
        self.problems.append((path, line, f"{_dotted(where)}: {problem}" if where else problem))


def _is_feeds(path: str) -> bool:
    return PurePosixPath(path).name == FEEDS


def _version(files: Mapping[str, str]) -> str:
    whole = "\x1f".join(f"{path}\x1e{files[path]}" for path in sorted(files))
    return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _source_keys(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield each key that must stand under `sources`, and where it was named."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in {"source", "source_article"} and isinstance(inner, str):
                yield (*path, key), inner
            elif key != "sources":
                yield from _source_keys(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _source_keys(inner, (*path, index))


def _dotted(where: Iterable[str | int]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
    return text.removeprefix(".")
