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
from extractors.registry.links import (
    advocate_problems,
    feed_problems,
    id_problems,
    source_problems,
)
from extractors.registry.words import in_words

FEEDS = "feeds.yaml"
_CASES, _ADVOCATES = "cases", "advocates"
_Model = TypeVar("_Model", bound=BaseModel)
_Subject = TypeVar("_Subject", bound=SubjectFile)


def parse_registry(files: Mapping[str, str]) -> Registry:
    """Return the registry that *files* describe: texts by path, such as cases/kevin-cooper.yaml.

    Raises RegistryError with all problems of all files at once, each as
    `file:line: where: problem; fix`.
    """
    reader = _Reader(files)
    cases = reader.subjects(_CASES, CaseFile)
    advocates = reader.subjects(_ADVOCATES, AdvocateFile)
    feeds = reader.feeds()
    reader.check_links()
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
        for path, subject in self._read_keys(folder):
            stem = PurePosixPath(path).stem
            self._add_all(path, id_problems(subject, stem))
            self._add_all(path, source_problems(subject))
            self._check_twin(path, subject.get("id"))
        return {path: found for path, found in read.items() if found}

    def feeds(self) -> tuple[Feed, ...]:
        paths = [path for path in sorted(self._files) if _is_feeds(path)]
        found = [self._read(path, FeedsFile) for path in paths]
        for path in paths[1:]:
            self._add(path, (), f"the feeds are also in {paths[0]}; keep one")
        for path in paths:
            if isinstance(self._value(path), dict):
                self._add_all(path, feed_problems(self._value(path)))
        return tuple(build_feed(feed) for file in found if file for feed in file.feeds)

    def check_links(self) -> None:
        """Name each advocate of a case who has no file; a broken file is one all the same."""
        known = {PurePosixPath(path).stem for path in self._paths(_ADVOCATES)}
        for path, case in self._read_keys(_CASES):
            self._add_all(path, advocate_problems(case, known))

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
                if _dotted(where) not in trapped and problem["type"] != "invalid_key":
                    self._add(path, where, in_words(problem, model, found.raw.get(where)))
            return None

    def _check_twin(self, path: str, name: object) -> None:
        if not isinstance(name, str):
            return
        first = self._paths_by_id.setdefault(name, path)
        if first != path:
            self._add(path, ("id",), f"{name!r} is also in {first}; give one another id")

    def _value(self, path: str) -> Any:
        return self._yaml[path].value if path in self._yaml else None

    def _read_keys(self, folder: str) -> Iterator[tuple[str, dict[Any, Any]]]:
        """Yield what the files of a folder say, right or wrong, as far as it is keys and values."""
        for path in self._paths(folder):
            value = self._value(path)
            if isinstance(value, dict):
                yield path, value

    def _add_all(self, path: str, problems: Iterable[tuple[Path, str]]) -> None:
        for where, problem in problems:
            self._add(path, where, problem)

    def _add(self, path: str, where: Path, problem: str) -> None:
        line = self._yaml[path].line_of(where) if path in self._yaml else 1
        self.problems.append((path, line, f"{_dotted(where)}: {problem}" if where else problem))


def _is_feeds(path: str) -> bool:
    return PurePosixPath(path).name == FEEDS


def _version(files: Mapping[str, str]) -> str:
    whole = "\x1f".join(f"{path}\x1e{files[path]}" for path in sorted(files))
    return sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _dotted(where: Iterable[str | int]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
    return text.removeprefix(".")
