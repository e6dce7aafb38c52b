"""The stage of the demo and of the end-to-end tests: the bundled site and the settings for it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flows.settings import Settings


def demo_settings(home: Path, hosts: tuple[str, ...], port: int) -> Settings:
    """Return settings that find *hosts* on a loopback *port* and have no manners to keep.

    It is our own server, so there is no gap between requests, and every run asks every feed and
    looks again at every article about a tracked subject.
    """
    return Settings(
        home=home,
        contact="the demo, on this machine only",
        host_gap=0.0,
        total_timeout=10.0,
        connect=tuple((host, ("127.0.0.1", port)) for host in hosts),
        revisit_after=(timedelta(),),
        poll_at_most=timedelta(),
        history_after=timedelta(days=36_500),  # its reports are news, however late it is shown
    )
