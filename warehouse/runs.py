"""The log of runs, from our side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import duckdb

from warehouse.rows import run


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


def close_dead_runs(
    db: duckdb.DuckDBPyConnection, living: Callable[[Collection[str]], set[str]]
) -> int:
    """Mark runs that say "running" as died, but for those that are *living*; return how many.

    The caller holds the lock of the one run at a time.
    """
    running = db.execute("select run_id from run where state = 'running'").fetchall()
    ids = [run_id for (run_id,) in running]
    dead = sorted(set(ids) - living(ids))
    if dead:
        run(
            db,
            "update run set state = 'died' where run_id in (select unnest($ids))",
            {"ids": dead},
        )
    return len(dead)
