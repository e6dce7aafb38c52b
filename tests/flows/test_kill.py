"""A run that is killed, and run again, ends where an undisturbed one does: the small version.

The whole of it, with more moments and the Prefect flow: `python -m benchmarks.kill`.
"""

from pathlib import Path

import pytest

from benchmarks.kill import kill_and_repeat, open_stage, spread, undisturbed
from benchmarks.kill_compare import stored_rows, unreadable_records

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.mark.slow
def test_a_run_killed_at_any_moment_and_run_again_loses_and_doubles_nothing():
    with open_stage(SEEDS) as stage:
        home, seconds = undisturbed(stage, "undisturbed", prefect=False)
        wanted = stored_rows(home)
        outcomes = [
            kill_and_repeat(stage, f"home-{number}", moment, wanted)
            for number, moment in enumerate(spread(5, seconds, prefect=False)[1:-1])
        ]
        unreadable = unreadable_records(home)

    assert [outcome.wrong for outcome in outcomes] == [[], [], []]
    assert unreadable == []
