"""What a robots.txt asks of us, and what it cannot ask."""

from datetime import timedelta

import pytest

from flows.politeness import Failure
from flows.robots import MAX_GAP, Robots, robots_of, robots_of_failure


def rules(text):
    robots = robots_of(text.encode())
    assert isinstance(robots, Robots)
    return robots


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("User-agent: *\nCrawl-delay: 7", 7),
        ("User-agent: casewatch\nCrawl-delay: 2.5\n\nUser-agent: *\nCrawl-delay: 20", 2.5),
        ("User-agent: *\nCrawl-delay: 86400", MAX_GAP),
        ("User-agent: *\nRequest-rate: 1/10s", 10),
        ("User-agent: *\nRequest-rate: 1/1h", MAX_GAP),
        ("User-agent: *\nRequest-rate: 10/1m\nCrawl-delay: 8", 8),
        ("User-agent: other\nCrawl-delay: 7", 0),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: *\nCrawl-delay: -1", 0),
        ("User-agent: *\nCrawl-delay: nan", 0),
        ("", 0),
    ],
)
def test_the_gap_that_a_host_wants_is_kept_up_to_half_a_minute(text, gap):
    assert rules(text).gap == gap


def test_what_is_disallowed_is_not_read():
    robots = rules("User-agent: *\nDisallow: /private/\nAllow: /private/news")

    assert robots.allows("http://a.example/news")
    assert robots.allows("http://a.example/private/news/1")
    assert not robots.allows("http://a.example/private/1")


def test_rules_that_would_take_minutes_are_a_refusal():
    names = "".join(f"User-agent: bot{n}\n" for n in range(20_000))
    paths = "".join(f"Disallow: /{n}\n" for n in range(20_000))
    failure = robots_of((names + paths).encode())

    assert isinstance(failure, Failure)
    assert failure.kind == "robots"


def test_many_groups_of_a_few_rules_are_read():
    groups = "".join(f"User-agent: bot{n}\nDisallow: /{n}\n\n" for n in range(3_000))

    assert not rules(f"{groups}User-agent: *\nDisallow: /x").allows("http://a.example/x")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_where_there_is_no_file_everything_may_be_read(status):
    robots = robots_of_failure(Failure("http_404", "no", status))

    assert isinstance(robots, Robots)
    assert robots.allows("http://a.example/")


@pytest.mark.parametrize("status", [429, 500, 503, None])
def test_where_the_file_cannot_be_had_nothing_is_read(status):
    failure = robots_of_failure(Failure("ill", "no", status, timedelta(minutes=1)))

    assert isinstance(failure, Failure)
    assert (failure.kind, failure.retry_after) == ("ill", timedelta(minutes=1))
