"""The Prefect flow `digest`. What it does stands in `digests`, which knows nothing of Prefect."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flows.prefect_env import prepare_prefect

prepare_prefect()  # before the import: Prefect reads its settings then

from prefect import flow, task  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402

from extractors.errors import CasewatchError  # noqa: E402
from flows.digests import Sending, send_digests  # noqa: E402
from flows.seeds import default_seeds_dir  # noqa: E402
from flows.settings import Settings, settings_from  # noqa: E402
from flows.suggestions import weekly_note  # noqa: E402


@task(cache_policy=NO_CACHE, persist_result=False)
def send_to_channels(settings: Settings) -> list[Sending]:
    """Send to every channel what it has not had yet."""
    return send_digests(settings, note=weekly_note(settings, default_seeds_dir()))


@flow(name="digest")
def digest(home: str | None = None) -> None:
    """Send the digest. Raises CasewatchError, naming the channels that did not take it."""
    settings = settings_from()
    if home:
        settings = replace(settings, home=Path(home))
    lost = [sending.channel for sending in send_to_channels(settings) if not sending.sent]
    if lost:
        raise CasewatchError(f"not taken by {', '.join(lost)}; it is sent again next time")
