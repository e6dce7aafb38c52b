"""Measure a whole command: seconds, seconds of processors, and memory, with all that it starts.

    python -m benchmarks.peers_clock FOLDER COMMAND [ARGUMENT ...]

runs it and writes cost.json into FOLDER. This process is the reaper of what the command leaves
behind: a forkserver outlives who started it by a moment, and only who waits for it sees its cost.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)
_PATIENCE = 30.0  # seconds for what is left behind to end


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the wall, of all processors, and MB of the largest process."""

    seconds: float
    processor: float
    memory: float


def clock(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, output: Path | None = None
) -> Cost:
    """Return what *command* cost; its output goes to *output*. CalledProcessError if it fails."""
    with TemporaryDirectory(prefix="casewatch-clock-") as folder:
        wrapped = [sys.executable, "-m", "benchmarks.peers_clock", folder, *command]
        with Path(output or os.devnull).open("wb") as sink:
            subprocess.run(wrapped, env=env, check=True, stdout=sink)
        return Cost(**json.loads((Path(folder) / "cost.json").read_text("utf-8")))


def main(folder: str, command: Sequence[str]) -> int:
    """Run *command*, write its cost, and return its exit code."""
    if ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    begun = time.perf_counter()
    code = subprocess.run(command, check=False).returncode
    seconds = time.perf_counter() - begun
    _reap()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
    found = {name: getattr(cost, name) for name in Cost.__slots__}
    (Path(folder) / "cost.json").write_text(json.dumps(found), "utf-8")
    return code


def _reap() -> None:
    """Wait for what the command left behind. TimeoutError if it does not end."""
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.01)
        except ChildProcessError:
            return
    raise TimeoutError(f"something of the command still runs after {_PATIENCE:.0f} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
