"""Take the pictures of the desk that the README shows: each page, light, dark and on a phone.

    .venv/bin/python -m docs.screenshots [--home DIR]

Without --home it runs the newsroom demo first. Needs Chromium.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn

from review.app import make_app
from review.desk import Desk
from review.queue import Filters, list_queue
from review.settings import DeskSettings
from tests.review.browser import Browser, open_browser

HERE = Path(__file__).parent
_PORT = 8799
_LOOKS = {"light": ("light", 1040, 700, False), "dark": ("dark", 1040, 700, False),
          "phone": ("light", 390, 844, True)}  # fmt: skip
_MOST_BYTES = 150_000


def main() -> int:
    """Write docs/desk-PAGE-LOOK.png; return 1 if one is too big to commit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, help="what a run stored (default: the demo's)")
    args = parser.parse_args()
    with TemporaryDirectory(prefix="casewatch-shots-") as work:
        home = args.home or _demo(Path(work))
        with _served(home) as desk, open_browser() as browser:
            sizes = [
                _shoot(browser, page, look) for page in _pages(desk).items() for look in _LOOKS
            ]
    return int(max(sizes) > _MOST_BYTES)


def _pages(desk: Desk) -> dict[str, str]:
    with desk.index.reading() as db:
        listed = list_queue(db, Filters(verdict="all"))
        told = next(a for a in listed.alerts if a["subject_id"] == "robert-roberson")
    return {
        "queue": "/",
        "alert": f"/alert/{told['alert_id']}",
        "case": "/case/robert-roberson",
        "rejected": "/rejected?which=all",
        "overview": "/overview",
        "form": "/cases/kevin-cooper/edit",
    }


def _shoot(browser: Browser, page: tuple[str, str], look: str) -> int:
    name, path = page
    scheme, width, height, phone = _LOOKS[look]
    browser.looks(scheme, width, height, phone=phone)
    browser.open(f"http://127.0.0.1:{_PORT}{path}")
    file = HERE / f"desk-{name}-{look}.png"
    browser.shot(file)
    sys.stdout.write(f"{file.name}: {file.stat().st_size:,} bytes\n")
    return file.stat().st_size


def _demo(work: Path) -> Path:
    for state in ("1", "2"):
        # our own command, our own folder
        command = [sys.executable, "-m", "flows.cli", "demo", "--home", str(work), "--state", state]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - see above
    return work


@contextmanager
def _served(home: Path) -> Iterator[Desk]:
    settings = DeskSettings(
        home, home / "casewatch.duckdb", home / "casewatch-read.duckdb", home / "inbox",
        home / "warc", HERE.parent / "seeds", "Ada", (f"127.0.0.1:{_PORT}",),
    )  # fmt: skip
    desk = Desk(settings)
    desk.keeper.catch_up()
    app = make_app(settings, desk=desk, follow=False)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=_PORT, log_level="error", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield desk
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    sys.exit(main())
