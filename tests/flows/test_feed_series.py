"""A real feed served over time: what a warehouse has is what a plain reading of the series says."""

from pathlib import Path

import pytest

from benchmarks.feed_series import in_order, plain_reading, replay

SERIES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "feed_series"


@pytest.mark.shared
@pytest.mark.slow
def test_each_entry_of_a_series_is_stored_once_with_every_title():
    """A part of it, for time: the benchmark replays all."""
    paths = in_order(SERIES)[:30]
    assert len(paths) == 30

    stored, plain = replay(paths), plain_reading(paths)
    plain.pop("only spaces edited")

    assert {what: stored[what] for what in plain} == plain
    assert stored["entries stored"] == stored["of them with an id of their own"]
    assert stored["new"] > 60
