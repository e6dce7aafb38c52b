"""`casewatch serve`: the daily schedule on one machine, with a Prefect server of its own.

The server is a process beside us and not the ephemeral one: only a server that stays has the
scheduler that makes runs of a cron line.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError

from extractors.errors import CasewatchError
from flows.settings import settings_from

_START_SECONDS = 180
_OUTBOX_CRON = "*/15 * * * *"


def serve_schedule(cron: str, digest_cron: str) -> None:
    """Serve the flows monitor and digest by their cron lines (UTC) until stopped.

    Where alerts are sent to channels, the outbox is looked at each quarter of an hour.

    Raises CasewatchError when a server of our own does not start.
    """
    with _server() as api:
        os.environ["PREFECT_API_URL"] = api
        # Here, because Prefect reads its settings when it is imported.
        from prefect import serve  # noqa: PLC0415
        from prefect.deployments.runner import RunnerDeployment  # noqa: PLC0415

        from flows.digest_flow import digest, outbox  # noqa: PLC0415
        from flows.monitor import monitor  # noqa: PLC0415

        print(f"casewatch: monitor at '{cron}', digest at '{digest_cron}' (UTC)")  # noqa: T201
        print(f"casewatch: runs and results at {api.removesuffix('/api')}", flush=True)  # noqa: T201
        # A stopped schedule must not stay paused: the next start is meant to go on.
        daily = [
            monitor.to_deployment("daily", cron=cron),
            digest.to_deployment("daily", cron=digest_cron),
        ]
        if settings_from().notify:  # what was not taken, or held back in quiet hours
            daily.append(outbox.to_deployment("often", cron=_OUTBOX_CRON))
        serve(
            *(line for line in daily if isinstance(line, RunnerDeployment)),
            pause_on_shutdown=False,
            print_starting_message=False,
        )


@contextmanager
def _server() -> Iterator[str]:
    """Yield the API's address: that of PREFECT_API_URL, else of a server started here."""
    given = os.environ.get("PREFECT_API_URL")
    if given:
        yield given
        return
    port = _free_port()
    api = f"http://127.0.0.1:{port}/api"
    print("casewatch: starting a Prefect server ...", flush=True)  # noqa: T201
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"],
        env=os.environ | {"PREFECT_SERVER_API_PORT": str(port), "PREFECT_API_URL": api},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(api, server)
        yield api
    finally:
        server.terminate()
        server.wait(timeout=30)


def _await(api: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise CasewatchError(
                f"the Prefect server ended with exit code {server.returncode}; "
                "`prefect server start` says why."
            )
        try:
            with urllib.request.urlopen(f"{api}/health", timeout=5):  # noqa: S310 - loopback
                return
        except (URLError, OSError):
            time.sleep(0.5)
    raise CasewatchError(f"the Prefect server did not answer within {_START_SECONDS} s at {api}")


def _free_port() -> int:
    """Return 4200, Prefect's own, or any free port where that is taken."""
    for port in (4200, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CasewatchError("no port is free on 127.0.0.1")
