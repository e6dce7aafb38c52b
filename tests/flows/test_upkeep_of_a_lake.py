"""Upkeep where the warehouse is a lake: a backup is a file all the same, and pages may go."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.postgres import Postgres, postgres
from flows.backup import make_backup
from flows.backup_manifest import chosen
from flows.restoring import restore
from flows.retention import retain
from flows.settings import Settings
from warehouse.backups import contents_of
from warehouse.chain import Walk, walk_chain
from warehouse.lake import LakeWarehouse
from warehouse.moving import file_to_lake
from warehouse.places import Lake
from warehouse.publish import publish
from warehouse.store import open_copy

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """Start PostgreSQL once."""
    with postgres() as running:
        yield running


def test_a_lake_is_backed_up_restored_to_a_file_and_loses_only_what_nobody_speaks_of(
    newsroom_home, tmp_path, server
):
    home = tmp_path / "home"
    shutil.copytree(newsroom_home, home)
    lake = Lake(server.new_database("upkeep"), str(tmp_path / "lake"))
    file_to_lake(home / "casewatch.duckdb", LakeWarehouse(lake))
    settings = Settings(home=home, lake=lake)
    with LakeWarehouse(lake).transaction() as db:
        db.execute("update capture set fetched_at = fetched_at - interval 365 days")
    backup, making = make_backup(settings, tmp_path / "seeds", tmp_path / "backups")
    restored = restore(chosen(tmp_path / "backups"), replace(settings, home=tmp_path / "new"))
    retained = retain(settings, 90)

    assert making.warehouse_from == "lake"
    assert contents_of(restored.home / "casewatch.duckdb").rows == backup.manifest.rows
    assert (restored.breaks, retained.failed) == ({}, [])
    assert sum(len(done.captures) for done in retained.done) > 0
    publish(LakeWarehouse(lake), settings.copy)
    with open_copy(settings.copy) as db:
        assert list(walk_chain(db, settings.archive, Walk())) == []
