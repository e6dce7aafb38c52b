"""Every attack of the hostile server at once, with short limits: `python -m benchmarks.hostile`.

The benchmark makes each alone as well, with the limits of a real run, and measures memory.
"""

import pytest

from benchmarks.hostile import Attacked, attack_names, hostile_server
from benchmarks.hostile_attempts import attempts

# Worker processes are reached through Unix sockets, which pytest-socket takes for the network.
pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]

TIMEOUT, READING = 4.0, 1.5  # seconds
# What needs more time than it is given here may run out of it.
MAY_TIME_OUT = {
    "feed-10000-entries",
    "page-almost-5-mb",
    "page-json-ld",
    "feed-100-mb",
    "gzip-of-gzip",
}


@pytest.fixture(scope="module")
def attacked():
    """Return the hostile server, ready."""
    with hostile_server() as ports, attack_names():
        yield Attacked(ports, timeout=TIMEOUT, reading=READING)


@pytest.fixture(scope="module")
def came_of(attacked):
    """Return what came of each attempt that is made once, by name, and of the page beside them."""
    once = [attempt for attempt in attempts(attacked.ports) if attempt.times == 1]
    kinds, neighbour = attacked.try_together(once)
    return dict(zip(once, kinds, strict=True)), neighbour


def test_every_attack_costs_itself_and_is_named(came_of):
    kinds, _ = came_of
    wrong = {
        attempt.name: kind
        for attempt, kind in kinds.items()
        if kind not in attempt.outcomes and not (kind == "timeout" and attempt.name in MAY_TIME_OUT)
    }

    assert wrong == {}
    assert len(kinds) > 150


def test_a_good_page_among_all_attacks_is_read(came_of):
    _, neighbour = came_of

    assert neighbour


def test_a_name_that_is_rebound_between_two_requests_is_refused(attacked):
    rebound = [attempt for attempt in attempts(attacked.ports) if attempt.times == 2]

    assert [attacked.try_one(attempt).kind for attempt in rebound] == ["blocked_address"] * 2


def test_nobody_has_touched_an_address_of_our_own(came_of, attacked):
    assert attacked.touched() == 0
