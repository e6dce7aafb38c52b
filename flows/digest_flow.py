"""The Prefect flows `digest` and `outbox`. What they do stands in `flows.outbox`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flows.prefect_env import prepare_prefect

prepare_prefect()  # before the import: Prefect reads its settings then

from prefect import flow, task  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402

from extractors.errors import CasewatchError  # noqa: E402
from flows.outbox import Sending, send_digests, send_due  # noqa: E402
from flows.seeds import default_seeds_dir  # noqa: E402
from flows.settings import Settings, settings_from  # noqa: E402
from flows.suggestions import weekly_note  # noqa: E402


@task(cache_policy=NO_CACHE, persist_result=False)
def send_to_channels(settings: Settings) -> list[Sending]:
    """Send to every channel what it has not had yet."""
    return send_digests(settings, note=weekly_note(settings, default_seeds_dir()))


@task(cache_policy=NO_CACHE, persist_result=False)
def send_what_is_due(settings: Settings) -> list[Sending]:
    """Send what does not wait for a digest, and what was not taken before."""
    return send_due(settings)


@flow(name="digest")
def digest(home: str | None = None) -> None:
    """Send the digest. Raises CasewatchError, naming the channels that did not take it."""
    _name_lost(send_to_channels(_settings(home)))


@flow(name="outbox")
def outbox(home: str | None = None) -> None:
    """Send what is due. Raises CasewatchError, naming the channels that did not take it."""
    _name_lost(send_what_is_due(_settings(home)))


def _settings(home: str | None) -> Settings:
    settings = settings_from()
    return replace(settings, home=Path(home)) if home else settings


def _name_lost(sendings: list[Sending]) -> None:
    lost = [sending.channel for sending in sendings if not sending.sent]
    if lost:
        raise CasewatchError(f"not taken by {', '.join(lost)}; it is sent again: casewatch outbox")
