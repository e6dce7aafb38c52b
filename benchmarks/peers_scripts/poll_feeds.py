"""Poll and store feeds with `reader`, in its own interpreter; only the standard library else.

    PYTHON poll_feeds.py FILE PORT FEEDS THREADS

Adds the feeds that FILE, its database, does not know, asks all of them once, and prints, as a line
of JSON, how many were updated, how many entries are stored, and how many feeds failed.
"""

from __future__ import annotations

import importlib
import json
import logging
import sys


def main(file: str, port: str, feeds: str, threads: str) -> None:
    """Poll the feeds."""
    logging.disable(logging.CRITICAL)
    reader = importlib.import_module("reader").make_reader(file)
    for number in range(int(feeds)):
        reader.add_feed(f"http://127.0.0.1:{port}/{number}", exist_ok=True)
    reader.update_feeds(scheduled=False, workers=int(threads))
    found = {
        "feeds": reader.get_feed_counts().total,
        "failed": reader.get_feed_counts(broken=True).total,
        "entries": reader.get_entry_counts().total,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
