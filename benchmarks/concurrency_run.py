"""One run of `benchmarks.concurrency`, a process of its own: WORK SEEDS FIRST NEW.

It serves *NEW* articles, from number *FIRST* on, and watches them once.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path


def main() -> int:
    """Run once; return 1 where an article was not stored."""
    from benchmarks.size_site import feeds, write_site  # noqa: PLC0415 - workers import this module
    from flows.demo import demo_settings  # noqa: PLC0415
    from flows.job import make_job  # noqa: PLC0415
    from flows.newsroom import Newsroom  # noqa: PLC0415
    from flows.seeds import read_seeds  # noqa: PLC0415
    from flows.settings import Settings  # noqa: PLC0415
    from flows.watch import watch_once  # noqa: PLC0415

    work, seeds, first, new = Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:])
    root = work / f"site-{first}-{new}"
    write_site(root, new, datetime.now(UTC), first=first)
    with Newsroom(root) as site:
        settings = replace(
            demo_settings(work / "home", site.hosts, site.port),
            revisit_after=Settings().revisit_after,
        )
        registry = replace(read_seeds(seeds), feeds=feeds())
        report = watch_once(make_job(settings, registry), "benchmark")
    if report.articles_new == new and not report.losses and not report.odd:
        return 0
    print(f"{report.articles_new} of {new} stored", report.losses, report.odd, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
