"""When to ask, when to ask again, and what a failure means."""

import itertools
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.politeness import (
    Failure,
    HostGaps,
    HostTroubles,
    asks_for_all,
    failure_of_status,
    is_own_outage,
    jitter,
    next_feed_poll,
    next_page_try,
    next_revisit,
    retry_after,
    rhythm_of,
    spread,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AT_MOST, AT_LEAST = 10 * MINUTE, DAY

delays = st.timedeltas(timedelta(), timedelta(days=400))
failures = st.builds(
    Failure,
    st.sampled_from(["dns", "timeout", "gone", "http_404", "http_5xx", "robots", "parse"]),
    st.just("said"),
    retry_after=st.none() | st.timedeltas(timedelta(), timedelta(days=7)),
)


def poll_again(failure=None, failures_in_a_row=0, headers=None):
    return next_feed_poll(
        NOW, failure, failures_in_a_row, headers or {}, at_most=AT_MOST, at_least=AT_LEAST
    )


# --- Retry-After -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", 2 * MINUTE),
        (" 120 ", 2 * MINUTE),
        ("0", timedelta()),
        ("Fri, 20 Nov 2026 13:00:00 GMT", HOUR),
        ("Fri, 20 Nov 2026 13:00:00 -0000", HOUR),
        ("Fri, 20 Nov 2026 14:00:00 +0100", HOUR),
        ("Fri, 20 Nov 2026 11:00:00 GMT", timedelta()),
        ("604801", 7 * DAY),
        ("99999999999999999999", 7 * DAY),
        ("Fri, 20 Nov 2099 13:00:00 GMT", 7 * DAY),
    ],
)
def test_a_server_says_how_long_to_wait(value, wait):
    assert retry_after(value, NOW) == wait


@pytest.mark.parametrize("value", [None, "", " ", "-5", "soon", "1.5", "Fri, 99 Foo 2026", "²"])
def test_what_is_no_wait_asks_for_nothing(value):
    assert retry_after(value, NOW) is None


@given(st.text() | st.datetimes(timezones=st.just(UTC)).map(format_datetime))
def test_whatever_a_server_writes_nobody_waits_longer_than_a_week(value):
    wait = retry_after(value, NOW)

    assert wait is None or timedelta() <= wait <= 7 * DAY


# --- statuses ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 203, 304])
def test_an_answer_is_no_failure(status):
    assert failure_of_status(status, {}, NOW) is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (204, "http_204"),
        (401, "http_401"),
        (403, "http_403"),
        (404, "http_404"),
        (410, "gone"),
        (418, "http_418"),
        (429, "too_many_requests"),
        (500, "http_5xx"),
        (503, "http_5xx"),
        (599, "http_5xx"),
    ],
)
def test_a_status_has_its_class(status, kind):
    failure = failure_of_status(status, {}, NOW)

    assert failure == Failure(kind, f"HTTP {status}", status)


def test_a_failure_carries_the_wait_that_the_server_asks_for():
    failure = failure_of_status(429, {"Retry-After": "3600"}, NOW)

    assert failure is not None
    assert (failure.retry_after, failure.message) == (HOUR, "HTTP 429, asks to wait 1:00:00")


# --- feeds -------------------------------------------------------------------------------------


def test_a_good_feed_is_asked_again_soon():
    assert poll_again() == NOW + AT_MOST


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("max-age=3600", HOUR),
        ("public, Max-Age=3600, must-revalidate", HOUR),
        ("max-age=60", AT_MOST),
        ("max-age=31536000", AT_LEAST),
        ("max-age=99999999999999999999", AT_LEAST),
        ("max-age=never", AT_MOST),
        ("no-store", AT_MOST),
    ],
)
def test_the_cache_header_of_a_good_feed_counts_within_bounds(said, wait):
    assert poll_again(headers={"Cache-Control": said}) == NOW + wait


@pytest.mark.parametrize(
    ("failures_in_a_row", "wait"),
    [
        (0, 10 * MINUTE),
        (1, 20 * MINUTE),
        (2, 40 * MINUTE),
        (7, 1280 * MINUTE),
        (8, DAY),
        (999, DAY),
    ],
)
def test_the_wait_doubles_with_each_failure_up_to_a_day(failures_in_a_row, wait):
    assert poll_again(Failure("dns", "x"), failures_in_a_row) == NOW + wait


def test_a_feed_that_is_gone_is_looked_at_once_a_week():
    assert poll_again(Failure("gone", "HTTP 410", 410), 3) == NOW + 7 * DAY


def test_a_failing_server_is_asked_no_sooner_than_it_wants():
    assert poll_again(Failure("too_many_requests", "x", 429, 5 * HOUR)) == NOW + 5 * HOUR
    assert poll_again(Failure("too_many_requests", "x", 429, timedelta())) == NOW + AT_MOST


def test_without_a_pause_every_run_asks_every_feed():
    again = next_feed_poll(NOW, Failure("gone", "x"), 9, {}, at_most=timedelta(), at_least=AT_LEAST)

    assert again == NOW


@given(
    st.none() | failures,
    st.integers(0, 100_000),
    st.integers(0, 10**30).map(lambda age: {"Cache-Control": f"max-age={age}"}),
)
def test_no_poll_lies_in_the_past_and_none_beyond_a_week(failure, failures_in_a_row, headers):
    again = poll_again(failure, failures_in_a_row, headers)

    assert NOW + AT_MOST <= again <= NOW + 7 * DAY


@given(failures.filter(lambda f: f.kind not in {"gone", "robots"} and f.retry_after is None))
def test_one_failure_more_never_brings_the_next_poll_forward(failure):
    waits = [poll_again(failure, count) for count in range(30)]

    assert waits == sorted(waits)


@pytest.mark.parametrize(
    ("rhythm", "wait"),
    [
        (timedelta(), AT_MOST),
        (MINUTE, AT_MOST),
        (HOUR, HOUR),
        (30 * DAY, AT_LEAST),
        (None, AT_MOST),
    ],
)
def test_a_good_feed_is_asked_by_its_own_rhythm_within_bounds(rhythm, wait):
    again = next_feed_poll(NOW, None, 0, {}, at_most=AT_MOST, at_least=AT_LEAST, rhythm=rhythm)

    assert again == NOW + wait


def test_the_rhythm_of_a_feed_is_the_median_gap_in_whatever_order():
    times = [NOW, NOW - 9 * HOUR, NOW - HOUR, None, NOW - 3 * HOUR, NOW - 3 * HOUR]

    assert rhythm_of(times) == 2 * HOUR
    assert rhythm_of([NOW, NOW - HOUR, NOW - DAY, None]) is None


@given(st.lists(st.none() | st.datetimes(timezones=st.just(UTC)), max_size=20))
def test_a_rhythm_is_never_negative(times):
    rhythm = rhythm_of(times)

    assert rhythm is None or rhythm >= timedelta()


@pytest.mark.parametrize(
    ("ago", "rhythm", "all_of_it"),
    [
        (None, None, True),
        (6 * DAY, None, False),
        (7 * DAY, None, True),
        (23 * HOUR, MINUTE, False),  # a day at the least
        (DAY, MINUTE, True),
        (39 * HOUR, 2 * HOUR, False),
        (40 * HOUR, 2 * HOUR, True),
        (6 * DAY, 30 * DAY, False),
        (7 * DAY, 30 * DAY, True),
    ],
)
def test_now_and_then_a_feed_is_asked_for_all_of_it(ago, rhythm, all_of_it):
    assert asks_for_all(NOW, NOW - ago if ago else None, rhythm) is all_of_it


@given(st.text(), st.timedeltas(timedelta(), timedelta(days=7)))
def test_polls_are_put_off_by_a_tenth_at_most(seed, wait):
    assert NOW + wait <= spread(NOW, NOW + wait, seed) <= NOW + wait * 1.1


# --- pages -------------------------------------------------------------------------------------


def test_a_page_is_tried_again_after_1_4_and_16_hours_then_given_up():
    tries = [next_page_try(NOW, Failure("timeout", "x"), attempts) for attempts in (1, 2, 3, 4, 5)]

    assert tries == [NOW + HOUR, NOW + 4 * HOUR, NOW + 16 * HOUR, None, None]


@pytest.mark.parametrize("kind", ["gone", "robots", "blocked_address"])
def test_a_page_that_will_never_come_is_not_tried_again(kind):
    assert next_page_try(NOW, Failure(kind, "x"), 1) is None


def test_a_page_is_tried_no_sooner_than_its_server_wants():
    busy = Failure("too_many_requests", "x", 429, 10 * HOUR)

    assert next_page_try(NOW, busy, 1) == NOW + 10 * HOUR
    assert next_page_try(NOW, busy, 3) == NOW + 16 * HOUR


@given(failures, st.integers(1, 10))
def test_no_try_lies_in_the_past_and_none_beyond_a_week(failure, attempts):
    again = next_page_try(NOW, failure, attempts)

    assert again is None or NOW + HOUR <= again <= NOW + 7 * DAY


AFTER = (HOUR, 6 * HOUR, 24 * HOUR)


@pytest.mark.parametrize(
    ("age", "again"),
    [
        (timedelta(), NOW + HOUR),
        (HOUR, NOW + 5 * HOUR),
        (2 * HOUR, NOW + 4 * HOUR),
        (7 * HOUR, NOW + 17 * HOUR),
        (24 * HOUR, None),
        (100 * DAY, None),
    ],
)
def test_an_article_is_looked_at_again_by_its_age(age, again):
    assert next_revisit(NOW, NOW - age, AFTER) == again


def test_a_zero_asks_for_a_visit_in_each_run():
    assert next_revisit(NOW, NOW - 100 * DAY, (timedelta(),)) == NOW


@given(st.lists(st.timedeltas(MINUTE, timedelta(days=30)), max_size=5), delays)
def test_every_revisit_lies_ahead(after, age):
    again = next_revisit(NOW, NOW - age, tuple(after))

    assert again is None or NOW < again <= NOW - age + max(after)


# --- hosts -------------------------------------------------------------------------------------


def test_two_requests_to_one_host_are_a_gap_apart():
    gaps = HostGaps(5.0)

    assert [gaps.wait("a.example", 100.0) for _ in range(3)] == [0.0, 5.0, 10.0]


def test_another_host_does_not_wait():
    gaps = HostGaps(5.0)
    gaps.wait("a.example", 100.0)

    assert gaps.wait("b.example", 100.0) == 0.0


def test_after_the_gap_nobody_waits():
    gaps = HostGaps(5.0)
    gaps.wait("a.example", 100.0)

    assert gaps.wait("a.example", 103.0) == 2.0
    assert gaps.wait("a.example", 200.0) == 0.0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 60)), max_size=30))
def test_no_host_is_asked_twice_within_the_gap(requests):
    gaps, now = HostGaps(5.0), 0
    asked: dict[str, list[float]] = {"a": [], "b": [], "c": []}
    for host, passed in requests:
        now += passed
        asked[host].append(now + gaps.wait(host, now))

    for times in asked.values():
        assert all(later - earlier >= 5.0 for earlier, later in itertools.pairwise(times))


def test_a_request_that_began_late_puts_the_next_one_off():
    gaps = HostGaps(5.0)
    gaps.wait("a.example", 100.0)
    gaps.asked("a.example", 103.0)

    assert gaps.wait("a.example", 103.0) == 5.0


def test_a_host_may_want_a_longer_gap_than_ours_and_none_shorter():
    gaps = HostGaps(5.0)
    gaps.widen("a.example", 20.0)
    gaps.widen("a.example", 1.0)
    gaps.widen("b.example", 1.0)

    assert [gaps.wait(f"{name}.example", 100.0) for name in "aabb"] == [0.0, 20.0, 0.0, 5.0]


def test_a_host_that_asks_to_wait_is_left_alone_so_long():
    troubles = HostTroubles()
    troubles.note("a.example", Failure("http_5xx", "HTTP 503", 503, HOUR), 100.0)
    refusal = troubles.refusal("a.example", 160.0)

    assert refusal is not None
    assert (refusal.kind, refusal.status, refusal.retry_after) == ("http_5xx", None, HOUR - MINUTE)
    assert troubles.refusal("a.example", 3700.0) is None
    assert troubles.refusal("b.example", 160.0) is None


def test_a_host_that_is_silent_three_times_in_a_row_is_left_alone():
    troubles, silent = HostTroubles(), Failure("timeout", "no answer")
    for result in (silent, silent, None, silent, silent):
        troubles.note("a.example", result, 100.0)
    assert troubles.refusal("a.example", 100.0) is None

    troubles.note("a.example", silent, 100.0)
    refusal = troubles.refusal("a.example", 100.0)
    assert refusal is not None
    assert refusal.kind == "timeout"
    assert troubles.refusal("a.example", 1000.0) is None


def test_a_page_that_is_missing_says_nothing_of_its_host():
    troubles = HostTroubles()
    for _ in range(9):
        troubles.note("a.example", Failure("http_404", "HTTP 404", 404), 100.0)

    assert troubles.refusal("a.example", 100.0) is None


@given(st.text(), st.timedeltas(timedelta(), DAY))
def test_jitter_is_steady_and_bounded(seed, spread):
    assert timedelta() <= jitter(seed, spread) <= spread
    assert jitter(seed, spread) == jitter(seed, spread)


# --- outages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("polled", "failed", "answered", "ours"),
    [
        (30, 30, 0, True),
        (2, 2, 0, True),
        (30, 30, 1, False),  # a server that says 500 is a network that works
        (30, 29, 1, False),
        (1, 1, 0, False),  # one dead feed is a dead feed
        (0, 0, 0, False),
    ],
)
def test_an_outage_is_ours_when_nobody_at_all_answers(polled, failed, answered, ours):
    assert is_own_outage(polled, failed, answered) is ours
