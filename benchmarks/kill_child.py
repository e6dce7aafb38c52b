"""The run that `benchmarks.kill` kills: reads the news site that the parent serves.

It prints "begun" when its first step begins. Pages go in batches of ten, so that a kill finds more
states than a real run's batches of 200 would have.
"""

# ruff: noqa: PLC0415 - each worker that reads pages imports this module, and must start fast
from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.job import Job
    from flows.settings import Settings

_BATCH = 10


class _Clock:
    """A clock that says "begun" when the run first asks it, once it is armed."""

    def __init__(self) -> None:
        self.armed = False

    def __call__(self) -> datetime:
        if self.armed:
            self.armed = False
            print("begun", flush=True)
        return datetime.now(UTC)


def main(words: Sequence[str] | None = None) -> None:
    """Run once, by the plain steps or as the Prefect flow."""
    from flows.job import make_job
    from flows.seeds import read_newsroom

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("seeds", type=Path)
    parser.add_argument("--prefect", action="store_true")
    args = parser.parse_args(words)
    clock = _Clock()
    job = make_job(_settings(args.home, args.seeds, args.port), read_newsroom(args.seeds), clock)
    clock.armed = True
    if args.prefect:
        _run_prefect(job)
    else:
        _run_steps(job)


def _settings(home: Path, seeds: Path, port: int) -> Settings:
    """Return the demo's settings with the intervals of a real run: nothing is asked twice."""
    from flows.demo import demo_settings
    from flows.newsroom import Newsroom
    from flows.settings import Settings

    real = Settings()
    return replace(
        demo_settings(home, Newsroom(seeds / "newsroom").hosts, port),
        poll_at_most=real.poll_at_most,
        revisit_after=real.revisit_after,
    )


def _run_steps(job: Job) -> None:
    from flows.job import under_way
    from flows.polling import due_feeds, poll_feeds
    from flows.visiting import visit_pages
    from flows.watch import pages_after, settle_all

    with under_way(job, "demo", last_step=settle_all):
        due = pages_after(job, poll_feeds(job, due_feeds(job)))
        for start in range(0, len(due), _BATCH):
            visit_pages(job, due[start : start + _BATCH])


def _run_prefect(job: Job) -> None:
    from flows.prefect_env import prepare_prefect

    prepare_prefect()
    from flows import monitor

    monitor.PAGES_A_TASK = _BATCH
    monitor.run_job(job, "demo")


if __name__ == "__main__":
    main()
