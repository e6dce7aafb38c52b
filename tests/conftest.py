"""For all tests: homes that the newsroom made, made once; no property test is timed."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from flows.demo import demo_settings
from flows.job import make_job
from flows.newsroom import Newsroom
from flows.seeds import read_newsroom
from flows.watch import watch_once

settings.register_profile("casewatch", deadline=None)  # machines are shared and noisy
settings.load_profile("casewatch")

SEEDS = Path(__file__).resolve().parents[1] / "seeds"


Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Return a maker of folders: each is filled once for all processes of a test run.

    pytest-xdist gives each of its processes a folder below one that they share, see "Making
    session-scoped fixtures execute only once" in its documentation.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def folder(name: str, fill: Callable[[Path], None]) -> Path:
        filled = shared / name
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not filled.exists():
                begun = tmp_path_factory.mktemp(name)  # a half filled one is never taken for whole
                fill(begun)
                begun.rename(filled)
        return filled

    return folder


@pytest.fixture(scope="session")
def newsroom_home(once: Once) -> Path:
    """Return the folder of a warehouse that one run over the newsroom made: do not write to it."""
    return once("newsroom", lambda home: run_newsroom(home, 1))


@pytest.fixture(scope="session")
def edited_home(once: Once) -> Path:
    """Return a home that two runs made, with an edited article in it: do not write to it."""
    return once("edited", lambda home: run_newsroom(home, 1, 2))


def run_newsroom(home: Path, *states: int) -> None:
    """Run the steps of the flow `monitor` over each state of the newsroom, without Prefect."""
    registry = read_newsroom(SEEDS)
    for state in states:
        with Newsroom(SEEDS / "newsroom", state=state) as site:
            job = make_job(replace(demo_settings(home, site.hosts, site.port), workers=0), registry)
            watch_once(job, "test")
