"""A headless Chromium, driven through its own DevTools protocol: no driver, no further package."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from websockets.sync.client import connect
from websockets.sync.connection import Connection

CHROMIUM = os.environ.get("CHROMIUM", "chromium")
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--hide-scrollbars", "--no-first-run", "--no-default-browser-check", "--mute-audio",
    "--disable-lcd-text",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--disable-default-apps", "--metrics-recording-only",
    "--disable-features=Translate,OptimizationHints,MediaRouter", "--remote-debugging-port=0",
)  # fmt: skip
_PATIENCE = 60.0  # seconds for anything: other work may be on the machine

Keys = dict[str, tuple[str, int]]
_NAMED: Keys = {"Enter": ("\r", 13), "Escape": ("", 27), "Tab": ("", 9), " ": (" ", 32)}


class Browser:
    """One tab. `console` keeps errors, `asked` every address that was requested."""

    def __init__(self, socket: Connection) -> None:
        self._socket = socket
        self._number = 0
        self.console: list[str] = []
        self.asked: list[str] = []
        self.dialogs = 0
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        self._number += 1
        number = self._number
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            told = self._next(deadline - time.monotonic())
            if told.get("id") == number:
                if "error" in told:
                    raise AssertionError(f"{method}: {told['error']}")
                return dict(told["result"])
        raise AssertionError(f"{method}: no answer")

    def open(self, url: str) -> None:
        """Go to *url* and wait until our script has run, or the page is loaded."""
        self.js("document.documentElement.dataset.left = 'yes'")
        self.call("Page.navigate", url=url)
        self.settled()

    def settled(self) -> None:
        """Wait until the page that comes next is loaded and its script has run."""
        self.wait(
            "document.readyState === 'complete' && !document.documentElement.dataset.left "
            "&& (!document.querySelector('script[src]') || document.documentElement.dataset.ready)"
        )

    def leaving(self, action: Callable[[], None]) -> None:
        """Do what leads to another page, and wait for that page."""
        self.js("document.documentElement.dataset.left = 'yes'")
        action()
        self.settled()

    def js(self, expression: str) -> Any:
        """Return what *expression* gives; a promise is awaited."""
        told = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in told:
            raise AssertionError(f"{expression[:200]}: {told['exceptionDetails']}")
        return told["result"].get("value")

    def wait(self, expression: str) -> None:
        """Wait until *expression* is true."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            try:
                if self.js(expression):
                    return
            except AssertionError as error:  # the page is just being left
                if "context" not in str(error) and "navigat" not in str(error):
                    raise
            time.sleep(0.02)
        raise AssertionError(f"never true: {expression}")

    def text(self, selector: str = "body") -> str:
        """Return the visible words of the first element that matches."""
        return str(self.js(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def count(self, selector: str) -> int:
        """Return how many elements match."""
        return int(self.js(f"document.querySelectorAll({json.dumps(selector)}).length"))

    def press(self, key: str) -> None:
        """Press and release a key, as a person would."""
        text, code = _NAMED.get(key, (key, ord(key.upper()[0])))
        facts: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": code}
        if text:
            facts["text"] = text
        self.call("Input.dispatchKeyEvent", type="keyDown", **facts)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def write(self, words: str) -> None:
        """Type *words* where the focus is."""
        self.call("Input.insertText", text=words)

    def click(self, selector: str) -> None:
        """Click the first element that matches."""
        self.js(f"document.querySelector({json.dumps(selector)}).click()")

    def looks(self, scheme: str, width: int, height: int, *, phone: bool = False) -> None:
        """Let pages look as on a screen of that size, in a light or dark *scheme*."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=phone,
        )  # fmt: skip
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone)
        self.call(
            "Emulation.setEmulatedMedia",
            media="", features=[{"name": "prefers-color-scheme", "value": scheme}],
        )  # fmt: skip

    def as_paper(self, scheme: str) -> None:
        """Let pages look as they are printed by a person whose screen is in *scheme*."""
        self.call(
            "Emulation.setEmulatedMedia",
            media="print", features=[{"name": "prefers-color-scheme", "value": scheme}],
        )  # fmt: skip

    def shot(self, file: Path, *, whole: bool = False) -> None:
        """Write a picture of the page, or of the *whole* of it, as PNG."""
        told = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(told["data"]))

    def _next(self, seconds: float) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._socket.recv(timeout=max(seconds, 0.1)))
        self._note(told.get("method", ""), told.get("params", {}))
        return told

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.asked.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.console.append(str(params["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in {"error", "warning"}:
            self.console.append(str(params["args"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in {"error", "warning"}:
            self.console.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")
        elif method == "Page.javascriptDialogOpening":
            self.dialogs += 1


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start Chromium with a profile of its own, and end it with the block."""
    profile = Path(mkdtemp(prefix="casewatch-chromium-"))
    process = subprocess.Popen(
        [CHROMIUM, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        with connect(_tab(profile, process), max_size=None, compression=None) as socket:
            yield Browser(socket)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)
        shutil.rmtree(profile, ignore_errors=True)


def _tab(profile: Path, process: subprocess.Popen[bytes]) -> str:
    """Return the address of the first tab, once the browser has written its port."""
    from http.client import HTTPConnection

    port_file = profile / "DevToolsActivePort"
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"{CHROMIUM} ended with {process.returncode}")
        if port_file.exists() and (lines := port_file.read_text().split()):
            asked = HTTPConnection("127.0.0.1", int(lines[0]), timeout=_PATIENCE)
            asked.request("GET", "/json/list")
            tabs = json.loads(asked.getresponse().read())
            asked.close()
            pages = [tab for tab in tabs if tab["type"] == "page"]
            if pages:
                return str(pages[0]["webSocketDebuggerUrl"])
        time.sleep(0.05)
    raise AssertionError(f"{CHROMIUM} did not start")
