"""The folder of the registry: read whole, before anything is fetched."""

from __future__ import annotations

import os
from pathlib import Path

from extractors.errors import RegistryError
from extractors.model import Registry
from extractors.registry import parse_registry

_FEEDS = "feeds.yaml"
_NEWSROOM = "newsroom/feeds.yaml"
_SUFFIXES = {".yaml", ".yml"}  # the registry refuses .yml, and must see it to say so


def default_seeds_dir() -> Path:
    """Return CASEWATCH_SEEDS, else ./seeds if it is there, else the one beside the code."""
    given = os.environ.get("CASEWATCH_SEEDS")
    if given:
        return Path(given).expanduser()
    here = Path("seeds")
    return here if here.is_dir() else Path(__file__).resolve().parents[1] / "seeds"


def read_seeds(directory: Path, *, feeds: str = _FEEDS) -> Registry:
    """Return what *directory* says is watched. Raises RegistryError with all that is wrong."""
    if not directory.is_dir():
        raise RegistryError(
            (f"{directory}: there is no such folder; name it with --seeds or CASEWATCH_SEEDS",)
        )
    subjects = (path for folder in ("cases", "advocates") for path in directory.glob(f"{folder}/*"))
    paths = sorted(path for path in subjects if path.suffix in _SUFFIXES)
    if (directory / feeds).exists():
        paths.append(directory / feeds)
    return parse_registry(_texts(directory, paths))


def read_newsroom(directory: Path) -> Registry:
    """Return the same people, watched in the bundled news site's feeds."""
    return read_seeds(directory, feeds=_NEWSROOM)


def _texts(directory: Path, paths: list[Path]) -> dict[str, str]:
    texts: dict[str, str] = {}
    problems = []
    for path in paths:
        name = path.relative_to(directory).as_posix()
        try:
            texts[name] = path.read_text("utf-8-sig")
        except OSError as error:
            problems.append(f"{name}: it cannot be read ({error.strerror})")
        except UnicodeDecodeError as error:
            line = path.read_bytes().count(b"\n", 0, error.start) + 1
            problems.append(f"{name}:{line}: it is not UTF-8; save it as UTF-8")
    if problems:
        raise RegistryError(tuple(problems))
    return texts
