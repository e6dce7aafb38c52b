"""What the comparison with peers takes for the cost of a command, and for below a floor."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.articles_gold import Result
from benchmarks.peers import BACKFILL, Row, below_floors
from benchmarks.peers_clock import Cost, clock

ORPHAN = """
import os, time
if os.fork() == 0:
    while time.process_time() < 0.3:
        pass
"""


def row(seconds: float, text: str) -> Row:
    return Row(costs=[Cost(seconds, seconds, 100.0)], results=[Result(text=text)])


def test_what_a_command_leaves_behind_counts_as_its_cost():
    """The child is nobody's when the command has ended."""
    cost = clock([sys.executable, "-c", ORPHAN])

    assert cost.processor >= 0.3


def test_the_output_of_a_command_is_kept(tmp_path: Path):
    output = tmp_path / "said"

    clock([sys.executable, "-c", "print('a page')"], output=output)

    assert output.read_text() == "a page\n"


def test_a_command_that_fails_has_no_cost():
    with pytest.raises(subprocess.CalledProcessError):
        clock([sys.executable, "-c", "raise SystemExit(3)"])


def test_a_peer_nearly_as_fast_or_better_at_text_is_below_the_floor():
    found = {
        BACKFILL: row(1.0, "one two"),
        "newspaper4k": row(3.9, "one two"),
        "news-please": row(7.1, "one two three"),
    }

    assert below_floors([{"text": "one two three"}], found) == [
        "3.90 times the pages a second of newspaper4k, not 4.0",
        "text is 80.0, that of news-please 100.0",
    ]
