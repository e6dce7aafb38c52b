"""Poll many unchanged feeds on many hosts, with DuckDB and all, and say how long it takes.

    python -m benchmarks.polling [--feeds 2000 10000] [--hosts 200] [--latency 50]

Each size is a process of its own: all feeds are polled once, so that the warehouse knows them, and
once more, which is measured: reading what is due, asking (in batches of 50, as a run does, with no
gap between requests to a host), and storing. Prints seconds, memory, the ratio of the sizes and
what the server's log says. Exits with 1 where 2,000 feeds take over 15 s or 300 MB, where five
times as many take over five times as long, or where a feed was not answered by 304.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from extractors.model import Feed, Page, Registry
from flows.fetch import Fetcher, Request
from flows.job import Job, make_job, under_way
from flows.polling import due_feeds, poll_feeds, store_polls
from flows.settings import Settings

FEEDS_A_TASK = 50  # flows.monitor.FEEDS_A_TASK, whose module starts Prefect
SECONDS, MEGABYTES = 15.0, 300
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def measure(feeds: int, hosts: int, port: int) -> dict[str, Any]:
    """Return seconds and memory of the second poll of *feeds* feeds on *hosts* hosts."""
    with TemporaryDirectory() as home:
        names = [f"host{number}.example" for number in range(hosts)]
        settings = Settings(
            home=Path(home),
            contact="benchmark",
            host_gap=0.0,
            connect=tuple((name, ("127.0.0.1", port)) for name in names),
        )
        watched = tuple(
            Feed(f"feed-{n}", f"http://{names[n % hosts]}/{n}", f"Outlet {n}") for n in range(feeds)
        )
        registry = Registry((), (), watched, "benchmark")
        poll(make_job(settings, registry, clock=lambda: NOON))
        job = make_job(settings, registry, clock=lambda: NOON + timedelta(days=1))
        begun = time.monotonic()
        seconds = poll(job)
        whole = time.monotonic() - begun
        unchanged = _unchanged(job)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"whole": whole, **seconds, "memory": most, "unchanged": unchanged}


def poll(job: Job) -> dict[str, float]:
    """Poll what is due as a run does, and return how long each part of it took."""
    with under_way(job, "benchmark"):
        times = [time.monotonic()]
        due = due_feeds(job)
        times.append(time.monotonic())
        polls = []
        for start in range(0, len(due), FEEDS_A_TASK):
            polls += poll_feeds(job, due[start : start + FEEDS_A_TASK])
        times.append(time.monotonic())
        store_polls(job, polls)
        times.append(time.monotonic())
    due_s, ask_s, store_s = (later - earlier for earlier, later in pairwise(times))
    return {"due": due_s, "asking": ask_s, "storing": store_s}


def _unchanged(job: Job) -> int:
    with job.warehouse.transaction() as db:
        found = db.execute(
            "select count(*) from feed_fetch where run_id = ? and status = 304", [job.run_id]
        ).fetchone()
    return int(found[0]) if found else 0


def _measured_elsewhere(feeds: int, hosts: int, port: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.polling", "--inner"]
    command += [str(feeds), "--hosts", str(hosts), "--port", str(port)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def main() -> int:
    """Print the table; return 1 where it takes longer or more than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, nargs="+", default=[2_000, 10_000])
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--latency", type=float, default=50, help="milliseconds of each answer")
    parser.add_argument("--inner", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inner:
        print(json.dumps(measure(args.inner, args.hosts, args.port)))
        return 0
    command = [sys.executable, "-m", "benchmarks.polling_server", str(args.latency)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        try:
            sizes = {n: _measured_elsewhere(n, args.hosts, port) for n in args.feeds}
            log = _log(port)
        finally:
            server.kill()
    return _print(sizes, log)


def _log(port: int) -> dict[str, int]:
    settings = Settings(home=Path("none"), connect=(("log.example", ("127.0.0.1", port)),))
    request = Request("http://log.example/log", obey_robots=False)
    got = Fetcher(settings).fetch([request], 10_000)[0].got
    assert isinstance(got, Page)
    return dict(json.loads(got.body))


def _print(sizes: dict[int, dict[str, Any]], log: dict[str, int]) -> int:
    print(f"{'feeds':>8}{'whole s':>10}{'due':>7}{'asking':>9}{'storing':>9}{'MB':>6}{'304s':>8}")
    for feeds, found in sizes.items():
        numbers = f"{found['whole']:10.1f}{found['due']:7.2f}{found['asking']:9.1f}"
        print(
            f"{feeds:>8,}{numbers}{found['storing']:9.2f}{found['memory']:6}{found['unchanged']:8,}"
        )
    print(
        f"server's log: {log['requests']:,} requests, {log['conditional']:,} of them conditional, "
        f"at most {log['most']} under way at once"
    )
    bad = any(found["unchanged"] != feeds for feeds, found in sizes.items())
    (small, first), *rest = sizes.items()
    slow = first["whole"] > SECONDS * max(small / 2_000, 1) or first["memory"] > MEGABYTES
    for feeds, found in rest:
        ratio = found["whole"] / first["whole"]
        print(f"{feeds / small:g} times the feeds take {ratio:.2f} times as long")
        slow |= ratio > feeds / small
    return 1 if bad or slow else 0


if __name__ == "__main__":
    sys.exit(main())
