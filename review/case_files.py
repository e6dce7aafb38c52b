"""A case's file from a form, checked as the registry checks it, and written whole or not at all."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from extractors.errors import RegistryError, UsageError
from extractors.model import Case, Registry
from extractors.registry import parse_registry, registry_warnings
from extractors.registry.edit import Additions, add_entries, source_keys
from review.guard import Form

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_SOURCE = re.compile(r"\s*@(\d{1,2})\s*\Z")
_SCHEMA = "# yaml-language-server: $schema=../schema/case.json\n"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the registry says of a file: its problems, its warnings, and the case if it has none."""

    case: Case | None
    registry: Registry | None
    problems: tuple[str, ...]
    warnings: tuple[str, ...]


def seed_texts(seeds: Path) -> dict[str, str]:
    """Return the texts of the registry by path. Raises UsageError without such a folder."""
    if not seeds.is_dir():
        raise UsageError(f"there is no folder {seeds}; name it with CASEWATCH_SEEDS.")
    paths = [p for folder in ("cases", "advocates") for p in seeds.glob(f"{folder}/*.yaml")]
    if (seeds / "feeds.yaml").exists():
        paths.append(seeds / "feeds.yaml")
    return {p.relative_to(seeds).as_posix(): p.read_text("utf-8-sig") for p in sorted(paths)}


def check_case(seeds: Path, case_id: str, text: str) -> Checked:
    """Return what the registry says once *text* is the file of *case_id*."""
    path = f"cases/{case_id}.yaml"
    try:
        registry = parse_registry(seed_texts(seeds) | {path: text})
    except RegistryError as error:
        return Checked(None, None, error.problems, ())
    case = next((one for one in registry.cases if one.id == case_id), None)
    warned = (one for one in registry_warnings(registry) if one.startswith(f"{path}:"))
    return Checked(case, registry, (), tuple(warned))


def write_case(seeds: Path, case_id: str, text: str, before: str | None) -> Path:
    """Write the file, synced, in one step; *before* is the text it replaces, None for a new one.

    Raises UsageError where another text stands there by now.
    """
    file = case_file(seeds, case_id)
    stands = file.read_text("utf-8-sig") if file.exists() else None
    if stands != before:
        raise UsageError(
            f"{file.name} was changed by somebody else meanwhile. Load the page again; "
            "what you wrote is still in this one."
            if before is not None
            else f"a case {case_id!r} is there already; edit that one."
        )
    fresh = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    with fresh.open("w", encoding="utf-8", newline="") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(file)
    return file


def case_file(seeds: Path, case_id: str) -> Path:
    """Return where a case's file lies. Raises UsageError for an id that cannot be."""
    if not SLUG.match(case_id) or len(case_id) > 80:
        raise UsageError("an id has small letters, digits and hyphens, such as kevin-cooper.")
    return seeds / "cases" / f"{case_id}.yaml"


def digest(text: str) -> str:
    """Return a short hash of a file's text, by which an edit knows what it began with."""
    return sha256(text.encode()).hexdigest()[:16]


def id_from(form: Form) -> str:
    """Return the id that the form says, else one made of the name; "" where it says neither."""
    given = form.one("id").strip().lower()
    return given or _slug(f"{_first(form, 'given')} {_first(form, 'family')}")


def yaml_from(form: Form) -> str:
    """Return the file that the form describes. What is wrong with it, the registry says."""
    sources = {f"s{n}": url for n, url in enumerate(_lines(form, "sources"), start=1)}
    facts: dict[str, Any] = {"id": id_from(form), "name": _name(form)}
    facts["names"] = [_pair(line, "text", "kind", "spelling") for line in _lines(form, "names")]
    for entry in facts["names"]:
        entry["policy"] = "context_required"
        entry["source"] = entry.pop("source")
    facts["short"], facts["solo"] = _words(form, "short"), _words(form, "solo")
    facts["policy"] = form.one("policy", "context_required")
    if born := form.one("born").strip():
        facts["born"] = {"year": int(born) if born.isdecimal() else born, "source": "s1"}
    facts["hashtags"] = _words(form, "hashtags")
    facts["jurisdiction"] = _filled(form, "country", "region", "county", "court")
    facts["dockets"] = [_pair(line, "number", "court", None) for line in _lines(form, "dockets")]
    as_of = form.one("as_of").strip()
    facts["status"] = [{"value": form.one("status"), "as_of": as_of, "source": "s1"}]
    facts["context"] = [*_context(form)]
    facts["not"] = [*_namesakes(form)]
    facts["advocates"] = form.every("advocates")
    facts["sources"] = sources
    about = " ".join(form.one("about").split())
    return _SCHEMA + (f"# {about}\n" if about else "") + _as_yaml(facts)


def with_additions(text: str, form: Form) -> str:
    """Return the file *text* with what the form adds; all other lines stay byte by byte.

    Raises UsageError where the file is written in a way that we cannot add to.
    """
    url = form.one("add_source").strip()
    names = _lines(form, "add_names")
    context = _lines(form, "add_context")
    cues = _lines(form, "add_not")
    if not (names or context or cues):
        return text
    if not url:
        raise UsageError("every fact needs its source: give the address that tells it.")
    key = source_keys(text, [url])[url]
    lists: dict[str, Sequence[Mapping[str, Any]]] = {
        "names": [_sourced(_pair(line, "text", "kind", "spelling"), key) for line in names],
        "context": [_sourced(_typed(line), key) for line in context],
        "not": [_sourced(_namesake(line), key) for line in cues],
    }
    added = add_entries(text, Additions(lists, {key: url}))
    if added is None:
        raise UsageError("this file is written in a way we cannot add to; edit its text below.")
    return added


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _name(form: Form) -> dict[str, Any]:
    parts = {part: _words(form, part) for part in ("given", "middle", "family", "nick")}
    suffix = form.one("suffix").strip()
    return {k: v for k, v in parts.items() if v} | ({"suffix": suffix} if suffix else {})


def _context(form: Form) -> Iterator[dict[str, Any]]:
    return (_typed(line) for line in _lines(form, "context"))


def _typed(line: str) -> dict[str, Any]:
    """Return a line such as "prison: San Quentin @2" as an entry."""
    words, source = _cited(line)
    kind, colon, text = words.partition(":")
    if not colon:
        kind, text = "other", words
    return {"type": kind.strip().replace(" ", "_"), "text": text.strip(), "source": source}


def _namesakes(form: Form) -> Iterator[dict[str, Any]]:
    return (_namesake(line) for line in _lines(form, "not"))


def _namesake(line: str) -> dict[str, Any]:
    """Return a line such as "the striker: goal, penalty kick" as an entry."""
    label, _, cues = line.partition(":")
    return {"label": label.strip(), "cues": [c.strip() for c in cues.split(",") if c.strip()]}


def _pair(line: str, first: str, second: str, default: str | None) -> dict[str, Any]:
    """Return a line such as "Richard Goodman | birth name @2" as an entry."""
    words, source = _cited(line)
    left, bar, right = words.partition("|")
    entry = {first: left.strip()}
    other = right.strip() if bar else default
    if other:
        entry[second] = other.replace(" ", "_") if second == "kind" else other
    return entry | {"source": source}


def _sourced(entry: dict[str, Any], key: str) -> dict[str, Any]:
    return entry | {"source": key} | ({"policy": "context_required"} if "kind" in entry else {})


def _cited(line: str) -> tuple[str, str]:
    found = _SOURCE.search(line)
    return (line[: found.start()], f"s{int(found[1])}") if found else (line, "s1")


def _filled(form: Form, *names: str) -> dict[str, str]:
    return {name: form.one(name).strip() for name in names if form.one(name).strip()}


def _lines(form: Form, name: str) -> list[str]:
    return [line.strip() for line in form.one(name).split("\n") if line.strip()]


def _words(form: Form, name: str) -> list[str]:
    return [word.strip() for word in re.split(r"[,\n]", form.one(name)) if word.strip()]


def _first(form: Form, name: str) -> str:
    return next(iter(_words(form, name)), "")


def _as_yaml(facts: Mapping[str, Any]) -> str:
    lines = []
    for key, value in facts.items():
        if value in ([], {}, ""):
            continue
        if isinstance(value, list) and isinstance(value[0], dict):
            lines += [f"{key}:", *(f"- {_flow(entry)}" for entry in value)]
        elif key == "sources":
            lines += [f"{key}:", *(f"  {name}: {_flow(url)}" for name, url in value.items())]
        else:
            lines.append(f"{key}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def _flow(value: object) -> str:
    written: str = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000
    )
    return written.removesuffix("\n").removesuffix("\n...")
