"""Settling: the last step of a run, over all that it stored. Free of Prefect."""

from __future__ import annotations

from flows.job import Job
from warehouse.staging import merge
from warehouse.stories import cluster, raise_alerts


def settle(job: Job) -> None:
    """Sort new articles into stories and raise alerts; first take in what others staged."""
    merge(job.warehouse, job.clock())
    with job.warehouse.transaction() as db:
        cluster(db)
        job.report.alerts_new += raise_alerts(
            db, job.run_id, job.clock(), history_after=job.settings.history_after
        )
