"""A case's or advocate's file from a form, checked as the registry checks it, written whole."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from extractors.errors import RegistryError, UsageError
from extractors.model import Registry, Subject
from extractors.registry import parse_registry, registry_warnings
from extractors.registry.edit import Additions, add_entries, source_keys
from review.guard import Form

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_SOURCE = re.compile(r"\s*@(\d{1,2})\s*\Z")
_ORG = re.compile(r"^kind:\s*org\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is about, and the folder of such files."""

    name: str
    folder: str
    called: str  # with its article

    def path(self, subject_id: str) -> str:
        """Return where a subject's file lies below the registry's folder."""
        return f"{self.folder}/{subject_id}.yaml"


CASE = Kind("case", "cases", "a case")
ADVOCATE = Kind("advocate", "advocates", "an advocate")
KINDS = (CASE, ADVOCATE)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the registry says of a file: problems, warnings, and the subject if it has none."""

    subject: Subject | None
    registry: Registry | None
    problems: tuple[str, ...]
    warnings: tuple[str, ...]


def seed_texts(seeds: Path) -> dict[str, str]:
    """Return the texts of the registry by path. Raises UsageError without such a folder."""
    if not seeds.is_dir():
        raise UsageError(f"there is no folder {seeds}; name it with CASEWATCH_SEEDS.")
    paths = [p for kind in KINDS for p in seeds.glob(f"{kind.folder}/*.yaml")]
    if (seeds / "feeds.yaml").exists():
        paths.append(seeds / "feeds.yaml")
    return {p.relative_to(seeds).as_posix(): p.read_text("utf-8-sig") for p in sorted(paths)}


def ids_in(paths: Iterable[str], kind: Kind) -> list[str]:
    """Return the ids whose files are among *paths* of the registry."""
    begin = f"{kind.folder}/"
    return [
        path.removeprefix(begin).removesuffix(".yaml") for path in paths if path.startswith(begin)
    ]


def check_subject(seeds: Path, kind: Kind, subject_id: str, text: str) -> Checked:
    """Return what the registry says once *text* is the file of *subject_id*."""
    path = kind.path(subject_id)
    try:
        registry = parse_registry(seed_texts(seeds) | {path: text})
    except RegistryError as error:
        return Checked(None, None, error.problems, ())
    subject = next((one for one in registry.subjects if one.id == subject_id), None)
    warned = (one for one in registry_warnings(registry) if one.startswith(f"{path}:"))
    return Checked(subject, registry, (), tuple(warned))


def write_subject(seeds: Path, kind: Kind, subject_id: str, text: str, before: str | None) -> Path:
    """Write the file, synced, in one step; *before* is the text it replaces, None for a new one.

    Raises UsageError where another text stands there by now.
    """
    file = subject_file(seeds, kind, subject_id)
    stands = file.read_text("utf-8-sig") if file.exists() else None
    if stands != before:
        raise UsageError(
            f"{file.name} was changed by somebody else meanwhile. Load the page again; "
            "what you wrote is still in this one."
            if before is not None
            else f"{kind.called} {subject_id!r} is there already; edit that one."
        )
    fresh = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    with fresh.open("w", encoding="utf-8", newline="") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(file)
    return file


def subject_file(seeds: Path, kind: Kind, subject_id: str) -> Path:
    """Return where a subject's file lies. Raises UsageError for an id that cannot be."""
    if not SLUG.match(subject_id) or len(subject_id) > 80:
        raise UsageError("an id has small letters, digits and hyphens, such as kevin-cooper.")
    return seeds / kind.path(subject_id)


def digest(text: str) -> str:
    """Return a short hash of a file's text, by which an edit knows what it began with."""
    return sha256(text.encode()).hexdigest()[:16]


def id_from(form: Form) -> str:
    """Return the id that the form says, else one made of the name; "" where it says neither."""
    if given := form.one("id").strip().lower():
        return given
    if form.one("kind") == "org":
        return _slug(_pair(next(iter(_lines(form, "names")), ""), "text", "kind", None)["text"])
    return _slug(f"{_first(form, 'given')} {_first(form, 'family')}")


def yaml_from(form: Form, kind: Kind) -> str:
    """Return the file that the form describes. What is wrong with it, the registry says."""
    facts = _named(form, kind) | (_tried(form) if kind == CASE else {}) | _told_apart(form)
    facts["notify"] = form.one("notify", "daily") if form.one("notify") != "daily" else ""
    facts["advocates"] = form.every("advocates") if kind == CASE else []
    facts["sources"] = {f"s{n}": url for n, url in enumerate(_lines(form, "sources"), start=1)}
    about = " ".join(form.one("about").split())
    schema = f"# yaml-language-server: $schema=../schema/{kind.name}.json\n"
    return schema + (f"# {about}\n" if about else "") + _as_yaml(facts)


def with_additions(text: str, form: Form, kind: Kind) -> str:
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
    called = _names(names, kind, is_org=bool(_ORG.search(text)))
    lists: dict[str, Sequence[Mapping[str, Any]]] = {
        "names": [entry | {"source": key} for entry in called],
        "context": [_typed(line) | {"source": key} for line in context],
        "not": [_namesake(line) | {"source": key} for line in cues],
    }
    added = add_entries(text, Additions(lists, {key: url}))
    if added is None:
        raise UsageError("this file is written in a way we cannot add to; edit its text below.")
    return added


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _named(form: Form, kind: Kind) -> dict[str, Any]:
    """Return what the form says of the name, and when it counts."""
    is_org = kind == ADVOCATE and form.one("kind") == "org"
    born = form.one("born").strip()
    year = int(born) if born.isdecimal() else born
    return {
        "id": id_from(form),
        "kind": "org" if is_org else "person" if kind == ADVOCATE else "",
        "name": {} if is_org else _name(form),
        "names": _names(_lines(form, "names"), kind, is_org=is_org),
        "short": _words(form, "short"),
        "solo": _words(form, "solo"),
        "policy": form.one("policy", "context_required"),
        "topic_gate": form.one("topic_gate") if kind == ADVOCATE else "",
        "born": {"year": year, "source": "s1"} if born else {},
        "hashtags": _words(form, "hashtags"),
    }


def _tried(form: Form) -> dict[str, Any]:
    """Return what the form says of where and how a case stands."""
    status = {"value": form.one("status"), "as_of": form.one("as_of").strip(), "source": "s1"}
    return {
        "jurisdiction": _filled(form, "country", "region", "county", "court"),
        "dockets": [_pair(line, "number", "court", None) for line in _lines(form, "dockets")],
        "status": [status],
    }


def _told_apart(form: Form) -> dict[str, Any]:
    """Return what the form says to tell somebody from others of the name."""
    return {
        "context": [_typed(line) for line in _lines(form, "context")],
        "not": [_namesake(line) for line in _lines(form, "not")],
        "not_prefix": _words(form, "not_prefix"),
        "not_suffix": _words(form, "not_suffix"),
    }


def _name(form: Form) -> dict[str, Any]:
    parts = {part: _words(form, part) for part in ("title", "given", "middle", "family", "nick")}
    suffix = form.one("suffix").strip()
    return {k: v for k, v in parts.items() if v} | ({"suffix": suffix} if suffix else {})


def _names(lines: Sequence[str], kind: Kind, *, is_org: bool) -> list[dict[str, Any]]:
    """Return full names as entries; those of a case need a word of the case beside them."""
    default = "org" if is_org else "spelling"
    policy = {"policy": "context_required"} if kind == CASE else {}
    pairs = (_pair(line, "text", "kind", default) for line in lines)
    return [{**entry, **policy, "source": entry.pop("source")} for entry in pairs]


def _typed(line: str) -> dict[str, Any]:
    """Return a line such as "prison: San Quentin @2" as an entry."""
    words, source = _cited(line)
    kind, colon, text = words.partition(":")
    if not colon:
        kind, text = "other", words
    return {"type": kind.strip().replace(" ", "_"), "text": text.strip(), "source": source}


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
