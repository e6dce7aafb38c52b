"""How Prefect is set up before it is imported: quiet, without telemetry, quick to start.

Without a server of your own (PREFECT_API_URL, or a profile that names one) each run starts
Prefect's ephemeral server for itself. Of that server's services a run of minutes needs none: the
scheduler, the foreman and the like are for servers that stay. Switching them off halves the start
and leaves no traceback at exit (measured; see DESIGN.md, "Prefect").
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

_ALWAYS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_CLI_PROMPT": "false",
}
_EPHEMERAL = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",  # 20 are not enough on a busy day
    "PREFECT_LOGGING_LEVEL": "CRITICAL",  # what fails is in our own report
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
}


def prepare_prefect(
    *, lasting: bool = False, environment: MutableMapping[str, str] = os.environ
) -> bool:
    """Set what is not set yet; return whether this run starts a server for itself.

    *lasting* is for `casewatch serve`, whose server stays and needs its scheduler.
    """
    ephemeral = not environment.get("PREFECT_API_URL") and not _profile_names_a_server(environment)
    chosen = _ALWAYS | (_EPHEMERAL if ephemeral and not lasting else {})
    for name, value in chosen.items():
        environment.setdefault(name, value)
    return ephemeral


def _profile_names_a_server(environment: MutableMapping[str, str]) -> bool:
    home = Path(environment.get("PREFECT_HOME", "~/.prefect")).expanduser()
    profiles = home / "profiles.toml"
    return profiles.exists() and "PREFECT_API_URL" in profiles.read_text("utf-8")
