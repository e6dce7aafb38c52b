"""Measure casewatch and `reader` polling and storing the same feeds from a server on loopback.

    python3 -m venv PEERS && PEERS/bin/pip install -r benchmarks/peers.txt
    python -m benchmarks.peers_feeds --python PEERS/bin/python [--feeds 500] [--runs 3]

By turns, medians count; every step is a process of its own on the store of the one before: making
the store, a start with no feed, the first poll, which brings bodies of 20 entries, and a second, in
which nothing has changed. Both have 25 requests under way, and no gap between requests to a host,
as `reader` knows none. What a start costs is taken off the polls. What casewatch does and `reader`
does not is counted: its log of polls and sightings of entries, its published copy. Prints
milliseconds a feed, by the wall and of processors, the most MB, and `reader`'s to casewatch's.
Exits with 1 where a feed failed or an entry is not stored, on either side.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.peers import environment_of_peers
from benchmarks.peers_clock import Cost, clock
from benchmarks.polling import NOON, poll
from extractors.model import Feed, Registry
from flows.job import make_job
from flows.settings import Settings

SCRIPT = Path(__file__).parent / "peers_scripts" / "poll_feeds.py"
ENTRIES, HOSTS, AT_ONCE = 20, 50, 25
STEPS = ("making the store", "start", "first", "unchanged")
POLLS = STEPS[2:]
READERS = ("casewatch", "reader")


@dataclass
class Found:
    """What each step cost in each run, and what was wrong after the last."""

    costs: dict[str, list[Cost]] = field(default_factory=lambda: {step: [] for step in STEPS})
    wrong: list[str] = field(default_factory=list)

    def seconds(self, step: str) -> float:
        """Return the median by the wall; of a poll, without that of a start."""
        return self._beyond_start(step, lambda cost: cost.seconds)

    def processor(self, step: str) -> float:
        """Return the median of processors; of a poll, without that of a start."""
        return self._beyond_start(step, lambda cost: cost.processor)

    def memory(self, step: str) -> float:
        """Return the most MB of any run."""
        return max(cost.memory for cost in self.costs[step])

    def _beyond_start(self, step: str, what: Callable[[Cost], float]) -> float:
        start = median(map(what, self.costs["start"])) if step in POLLS else 0.0
        return median(map(what, self.costs[step])) - start


def main() -> int:
    """Print the table; return 1 if either lost something."""
    args = _parser().parse_args()
    if args.inner:
        _poll(args.inner, args.port, args.feeds, args.day)
        return 0
    found = {name: Found() for name in READERS}
    with _server(args.latency) as port:
        for number in range(args.runs):
            for name in READERS:
                with TemporaryDirectory(prefix="casewatch-peers-") as folder:
                    _run(found[name], name, Path(folder), port, args)
                print(f"run {number + 1}: {name}", file=sys.stderr, flush=True)
    _print(found, args.feeds)
    return 1 if any(each.wrong for each in found.values()) else 0


def _run(found: Found, name: str, folder: Path, port: int, args: argparse.Namespace) -> None:
    """Measure the steps of one reader, each on the store of the step before."""
    for day, step in enumerate(STEPS):
        feeds = args.feeds if step in POLLS else 0
        output = folder / f"{step}.json"
        if name == "reader":
            asked = [str(folder / "reader.sqlite"), str(port), str(feeds), str(AT_ONCE)]
            command = [str(args.python), str(SCRIPT), *asked]
            cost = clock(command, env=environment_of_peers(), output=output)
        else:
            asked = ["--inner", str(folder), "--port", str(port), "--feeds", str(feeds)]
            command = [sys.executable, "-m", "benchmarks.peers_feeds", *asked, "--day", str(day)]
            cost = clock([*command, "--python", "none"], output=output)
        found.costs[step].append(cost)
        told = json.loads(output.read_text("utf-8"))
        wanted = {"feeds": feeds, "failed": 0, "entries": feeds * ENTRIES}
        if told != wanted:
            found.wrong.append(f"{name}, {step}: {told}, not {wanted}")


def _poll(home: Path, port: int, feeds: int, day: int) -> None:
    """Poll as casewatch does, on a given day, and print what is in its warehouse then."""
    hosts = [f"host{number}.example" for number in range(HOSTS)]
    settings = Settings(
        home=home,
        contact="benchmark",
        host_gap=0.0,
        at_once=AT_ONCE,
        connect=tuple((host, ("127.0.0.1", port)) for host in hosts),
    )
    watched = tuple(
        Feed(f"feed-{n}", f"http://{hosts[n % HOSTS]}/{n}", f"Outlet {n}") for n in range(feeds)
    )
    registry = Registry((), (), watched, f"benchmark of {feeds}")
    job = make_job(settings, registry, clock=lambda: NOON + timedelta(days=day))
    poll(job)
    with job.warehouse.transaction() as db:
        row = db.execute(
            "select count(*), count(*) filter (outcome = 'failed'), "
            "(select count(*) from entry) from feed_fetch where run_id = ?",
            [job.run_id],
        ).fetchone()
    assert row is not None
    print(json.dumps(dict(zip(("feeds", "failed", "entries"), row, strict=True))))


@contextmanager
def _server(latency: float) -> Iterator[int]:
    """Serve feeds from a process of its own, and hand over its port."""
    command = [sys.executable, "-m", "benchmarks.polling_server", str(latency), str(ENTRIES)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def _print(found: dict[str, Found], feeds: int) -> None:
    ours, theirs = (found[name] for name in READERS)
    print(f"{f'{feeds:,} feeds':28}" + "".join(f"{name:>12}" for name in (*READERS, "ratio")))
    for step in STEPS:
        share, unit = (feeds, "ms a feed") if step in POLLS else (1, "ms")
        for what, value in (("wall", Found.seconds), ("CPU", Found.processor)):
            pair = 1000 * value(ours, step) / share, 1000 * value(theirs, step) / share
            _print_line(f"{step}, {what}, {unit}", *pair)
        _print_line(f"{step}, MB", ours.memory(step), theirs.memory(step))
    for problem in (*ours.wrong, *theirs.wrong):
        print(problem, file=sys.stderr)


def _print_line(label: str, ours: float, theirs: float) -> None:
    print(f"{label:28}{ours:12.2f}{theirs:12.2f}{theirs / ours:12.2f}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", type=Path, required=True, help="interpreter with the peers")
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--latency", type=float, default=50, help="milliseconds of each answer")
    parser.add_argument("--inner", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--day", type=int, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
