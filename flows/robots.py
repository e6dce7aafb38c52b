"""What a host's robots.txt asks of us: what not to read, and how long to wait between requests."""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

from flows.politeness import Failure
from flows.settings import ROBOTS_NAME

MAX_BYTES = 1_000_000  # RFC 9309, 2.5: parsers read at least 500 KiB
MAX_GAP = 30.0  # seconds: a host that asks for an hour would never be read through
_NO_FILE = frozenset(range(400, 500)) - {429}
# A group of 20,000 names with 20,000 rules is 400 million rules for the parser. Real files have
# some hundred thousand at most.
_MOST_RULES = 2_000_000
_NAME_LINE = re.compile(r"^[ \t]*user-?[ ]?agent\b", re.IGNORECASE | re.MULTILINE)
_RULE_LINE = re.compile(r"^[ \t]*(?:dis\w{3,6}|allow)\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host that are meant for us."""

    rules: Protego

    def allows(self, url: str) -> bool:
        """Return whether *url* may be read."""
        return self.rules.can_fetch(url, ROBOTS_NAME)

    @property
    def gap(self) -> float:
        """Return the seconds that the host wants between requests, 30 at most; 0 for no wish."""
        delay = self.rules.crawl_delay(ROBOTS_NAME) or 0.0
        rate = self.rules.request_rate(ROBOTS_NAME)
        return min(max(delay, rate.seconds / rate.requests if rate else 0.0), MAX_GAP)


def robots_of(body: bytes) -> Robots | Failure:
    """Return the rules in *body*, in whatever charset; a failure for what would take minutes."""
    text = body.decode("utf-8", "replace")
    names, rules = len(_NAME_LINE.findall(text)), len(_RULE_LINE.findall(text))
    if names * rules > _MOST_RULES and _largest_group(text) > _MOST_RULES:
        return Failure("robots", "robots.txt has more rules than anybody can follow")
    return Robots(Protego.parse(text))


def robots_of_failure(failure: Failure) -> Robots | Failure:
    """Return the rules where robots.txt could not be had (RFC 9309, 2.3.1).

    None where there is no file, all where the server is ill. 429 is no "no": a server that is too
    busy for this is too busy for its pages.
    """
    if failure.status in _NO_FILE:
        return Robots(Protego.parse(""))
    return Failure(
        failure.kind,
        f"robots.txt could not be read, so nothing is: {failure.message}",
        failure.status,
        failure.retry_after,
    )


def _largest_group(text: str) -> int:
    """Return the most names times rules in one group of *text*."""
    most = names = rules = 0
    for line in text.splitlines():
        if _NAME_LINE.match(line):
            names, rules = (1, 0) if rules else (names + 1, 0)
        elif _RULE_LINE.match(line):
            rules += 1
            most = max(most, names * rules)
    return most
