"""A PostgreSQL of one's own for as long as a block lasts: for benchmarks and tests of a lake."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")
_UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server, reached by a Unix socket in *folder*."""

    folder: Path

    def new_database(self, name: str) -> str:
        """Make a database and return how libpq finds it."""
        at = f"host={self.folder} user=casewatch"
        _call([_program("psql"), f"dbname=postgres {at}", "-qc", f"create database {name}"])
        return f"dbname={name} {at}"

    def restart(self) -> None:
        """Stop it at once, as a power cut would, and start it again."""
        _control(self.folder, "restart", "-m", "immediate")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Start a server in a temporary folder; stop it after the block.

    Raises FileNotFoundError, with what to install, where PostgreSQL is missing.
    """
    folder = Path(tempfile.mkdtemp(prefix="cw-pg-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, _UNPRIVILEGED)
        cluster = str(folder / "cluster")
        _call([_program("initdb"), "-D", cluster, "-A", "trust", "-U", "casewatch", "--no-sync"])
        options = f"-k {folder} -c listen_addresses= -c log_min_messages=fatal"
        _control(folder, "start", "-l", str(folder / "log"), "-o", options)
        try:
            yield Postgres(folder)
        finally:
            _control(folder, "stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _control(folder: Path, *words: str) -> None:
    _call([_program("pg_ctl"), "-D", str(folder / "cluster"), "-w", "-s", *words])


def _call(words: list[str]) -> None:
    user = _UNPRIVILEGED if os.geteuid() == 0 else None
    done = subprocess.run(
        words,
        user=user,
        cwd="/",
        check=False,
        stdout=subprocess.DEVNULL,
        # a file, not a pipe: the server inherits it, and a pipe would stay open with it
        stderr=subprocess.DEVNULL,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(words[0]).name} failed with {done.returncode}")


def _program(name: str) -> str:
    """Return where *name* is: Debian keeps a server's programs out of the path."""
    versions = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda p: int(p.parts[4].split(".")[0]))
    found = shutil.which(name) or (str(versions[-1]) if versions else None)
    if found is None:
        raise FileNotFoundError(f"no {name}: install PostgreSQL (apt-get install postgresql)")
    return found
