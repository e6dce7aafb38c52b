"""The log of runs, from our side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import duckdb


def begin_run(
    db: duckdb.DuckDBPyConnection,
    run_id: str,
    kind: str,
    now: datetime,
    process: str,
    registry_version: str,
) -> None:
    """Write the row of a run that begins."""
    db.execute(
        "insert into run (run_id, kind, state, started_at, process, registry_version) "
        "values (?, ?, 'running', ?, ?, ?)",
        [run_id, kind, now, process, registry_version],
    )


def end_run(
    db: duckdb.DuckDBPyConnection,
    run_id: str,
    state: str,
    now: datetime,
    counts: Mapping[str, int],
    message: str | None,
) -> None:
    """Complete the row of a run: *state* is done or failed, *counts* its columns."""
    pairs = "".join(f", {name} = ${name}" for name in counts)
    db.execute(
        f"update run set state = $state, finished_at = $now, message = $message{pairs} "  # noqa: S608
        "where run_id = $run_id",
        {"state": state, "now": now, "message": message, "run_id": run_id, **counts},
    )


def close_dead_runs(db: duckdb.DuckDBPyConnection) -> int:
    """Mark runs that say "running" as died; the caller holds the lock of the one run at a time."""
    died = db.execute("update run set state = 'died' where state = 'running'").fetchone()
    return int(died[0]) if died else 0
