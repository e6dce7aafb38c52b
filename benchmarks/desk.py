"""Measure the desk on a big warehouse: queue, search and pages, over HTTP, as a browser asks.

    python -m benchmarks.desk [--articles 200000] [--open 10000] [--keep DIR]

The warehouse is made up (benchmarks/size_stock.py). The index is made once, from nothing, and then
again for a day's 1,000 articles more. Exits with 1 if the queue takes 300 ms or a search 500 ms.
"""

from __future__ import annotations

import argparse
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import quote

import uvicorn

from benchmarks.size_stock import fill, sentences
from flows.seeds import read_seeds
from review.app import make_app
from review.desk import Desk
from review.settings import DeskSettings
from warehouse.intake import save_registry
from warehouse.publish import publish
from warehouse.store import Warehouse, open_copy

QUEUE_MS, SEARCH_MS = 300.0, 500.0
_SEEDS = Path("seeds")
_DAY = 1_000  # articles


def main() -> int:
    """Print what the index costs and what each page takes; return 1 if a floor is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument(
        "--open", type=int, default=10_000, help="open alerts, if there are so many"
    )
    parser.add_argument("--keep", type=Path, help="make it here, or use what is here already")
    args = parser.parse_args()
    with TemporaryDirectory(prefix="casewatch-desk-") as work:
        home = args.keep or Path(work)
        _make(home, args.articles, args.open)
        settings = _settings(home)
        _print_index(settings)
        with _served(settings) as port:
            return _print_pages(settings, port)


def _make(home: Path, articles: int, still_open: int) -> None:
    if (home / "casewatch-read.duckdb").exists():
        return
    begun = time.perf_counter()
    registry = read_seeds(_SEEDS)
    warehouse = Warehouse(home / "casewatch.duckdb")
    with warehouse.transaction() as db:
        save_registry(db, registry)
        fill(db, articles, registry)
        db.execute(
            "delete from verdict where alert_id in (select alert_id from verdict order by hash("
            "alert_id, 21) limit greatest(0, $n - (select count(*) from open_alerts)))",
            {"n": still_open},
        )
    publish(warehouse, home / "casewatch-read.duckdb")
    print(f"made {articles:,} articles in {time.perf_counter() - begun:.0f} s")


def _settings(home: Path) -> DeskSettings:
    return DeskSettings(
        home, home / "casewatch.duckdb", home / "casewatch-read.duckdb", home / "inbox",
        home / "warc", _SEEDS, "benchmark", (),
    )  # fmt: skip


def _print_index(settings: DeskSettings) -> None:
    desk = Desk(settings)
    fresh = not desk.index.has_alerts()
    begun = time.perf_counter()
    desk.index.sync_alerts()
    alerts = time.perf_counter() - begun
    desk.keeper.catch_up()
    words = time.perf_counter() - begun - alerts
    done, whole = desk.index.progress()
    size = settings.index.stat().st_size / 1e6
    copy = settings.copy.stat().st_size / 1e6
    if fresh:
        print(
            f"index of the alerts: {alerts:.1f} s; of the words of {done:,} of {whole:,} versions:"
        )
        print(f"  {words:.0f} s, {done / max(words, 0.001):,.0f} a second; {size:,.0f} MB beside")
        print(f"  the copy's {copy:,.0f} MB")
        desk.index.unlearn(_DAY)
        begun = time.perf_counter()
        desk.keeper.catch_up()
        print(f"a day's {_DAY:,} articles more: {time.perf_counter() - begun:.1f} s")
    desk.close()


@contextmanager
def _served(settings: DeskSettings) -> Iterator[int]:
    """Serve the desk on a port of this machine while the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    app = make_app(replace(settings, hosts=(f"127.0.0.1:{port}",)))
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield port
    server.should_exit = True
    thread.join()


def _print_pages(settings: DeskSettings, port: int) -> int:
    with open_copy(settings.copy) as db:
        still_open, alert, article = (
            db.execute(
                "select count(*), any_value(alert_id), any_value(article_id) from open_alerts"
            ).fetchone()
            or ()
        )
    word, phrase = _words()
    pages = {
        "queue": ("/", QUEUE_MS),
        "queue, page 150": ("/?page=150", QUEUE_MS),
        "queue, of a subject": ("/?subject=kevin-cooper", QUEUE_MS),
        "queue, of an outlet and days": ("/?outlet=Outlet+7&since=2026-01-01", QUEUE_MS),
        "queue, all verdicts": ("/?verdict=all&past=all", QUEUE_MS),
        "queue, a word (6 % of texts)": (f"/?q={word}", SEARCH_MS),
        "queue, a word of every title": ("/?q=report", SEARCH_MS),
        "search, a word (6 % of texts)": (f"/search?q={word}", SEARCH_MS),
        "search, page 40": (f"/search?q={word}&page=40", SEARCH_MS),
        "search, a word of every title": ("/search?q=report", SEARCH_MS),
        "search, a phrase": (f"/search?q={quote(phrase)}", SEARCH_MS),
        "search, the beginning of a word": (f"/search?q={word[:3]}*", SEARCH_MS),
        "search, nothing": ("/search?q=xyzzyx", SEARCH_MS),
        "alert": (f"/alert/{alert}", 0.0),
        "article": (f"/article/{article}", 0.0),
        "case": ("/case/kevin-cooper", 0.0),
        "overview": ("/overview", 0.0),
    }
    print(f"\n{still_open:,} open alerts")
    print(f"{'page':<34}{'first':>8}{'median':>8}  ms")
    missed = [
        name for name, (path, most) in pages.items() if not _print_page(port, name, path, most)
    ]
    print(f"queue under {QUEUE_MS:.0f} ms, search under {SEARCH_MS:.0f} ms: ", end="")
    print("MISSED" if missed else "met")
    return int(bool(missed))


def _print_page(port: int, name: str, path: str, most: float) -> bool:
    first = _ms(lambda: _get(port, path))
    usual = median(_ms(lambda: _get(port, path)) for _ in range(7))
    slow = bool(most) and usual >= most
    print(f"{name:<34}{first:8.0f}{usual:8.0f}{'  MISSED' if slow else ''}")
    return not slow


def _get(port: int, path: str) -> None:
    asked = HTTPConnection("127.0.0.1", port, timeout=60)
    asked.request("GET", path)
    answer = asked.getresponse()
    body = answer.read()
    asked.close()
    assert answer.status == 200, (path, answer.status, body[:500])


def _ms(action: Callable[[], None]) -> float:
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1000


def _words() -> tuple[str, str]:
    """Return a word and a phrase of the made-up texts."""
    sentence = sentences(2, seed=1)[1].rstrip(".").lower().split()
    return max(sentence, key=len), f'"{" ".join(sentence[2:6])}"'


if __name__ == "__main__":
    sys.exit(main())
