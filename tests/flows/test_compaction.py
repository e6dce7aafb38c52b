"""`casewatch compact`: a smaller file, the same rows, and no moment without a whole file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from extractors.errors import CasewatchError, UsageError, WarehouseError
from flows.cli import main
from flows.compaction import compact
from flows.job import only_run
from flows.settings import Settings
from tests.flows.upkeep_child import child
from warehouse import compaction
from warehouse.places import Lake
from warehouse.store import Warehouse, open_copy

FILLER = """
insert into feed_fetch (feed_fetch_id, run_id, feed_id, fetched_at, outcome, entries, entries_new,
    milliseconds)
select sha256(i::text), sha256(i::text), sha256((i * 7)::text), now(), 'new', 0, 0, 0
from range(20_000) t(i)
"""


@pytest.fixture
def home(newsroom_home, tmp_path, monkeypatch):
    """Return a home whose warehouse holds the room of rows that are gone."""
    copied = tmp_path / "home"
    shutil.copytree(newsroom_home, copied)
    monkeypatch.setenv("CASEWATCH_HOME", str(copied))
    warehouse = Warehouse(copied / "casewatch.duckdb")
    with warehouse.transaction() as db:
        db.execute(FILLER)
    with warehouse.transaction() as db:
        db.execute("delete from feed_fetch where run_id = sha256(feed_fetch_id) or entries_new = 0")
    return copied


def everything(path: Path) -> dict[str, list[str]]:
    """Return each table's rows, and what DuckDB knows of tables, columns and views."""
    queries = {
        "columns": "select table_name, column_index, column_name, data_type, comment "
        "from duckdb_columns() where not internal",
        "views": "select view_name, sql, comment from duckdb_views() where not internal",
    }
    with open_copy(path) as db:
        tables = db.execute("select table_name from duckdb_tables() order by 1").fetchall()
        queries |= {name: f"from {name}" for (name,) in tables}
        return {name: sorted(map(str, db.execute(sql).fetchall())) for name, sql in queries.items()}


def test_the_file_gets_smaller_and_holds_the_same(home, capsys):
    path = home / "casewatch.duckdb"
    before, size = everything(path), path.stat().st_size

    assert main(["compact"]) == 0
    assert path.stat().st_size < size
    assert everything(path) == everything(home / "casewatch-read.duckdb") == before
    assert "tables are equal" in capsys.readouterr().out
    assert [file.name for file in home.iterdir() if "compact" in file.name] == []


def test_rows_that_are_added_later_stand_in_small_groups_as_before(home):
    compact(Settings(home=home))
    warehouse = Warehouse(home / "casewatch.duckdb")
    with warehouse.transaction() as db:
        db.execute(FILLER)

    with open_copy(home / "casewatch.duckdb") as db:
        groups = db.execute(
            "select max(count) from pragma_storage_info('feed_fetch') "
            "where segment_type = 'VARCHAR'"
        ).fetchone()
    assert groups is not None
    assert groups[0] <= 2_048


def test_who_reads_meanwhile_keeps_the_old_file(home):
    with open_copy(home / "casewatch-read.duckdb") as db:
        before = db.execute("from alert order by alert_id").fetchall()
        compact(Settings(home=home))

        assert db.execute("from alert order by alert_id").fetchall() == before


@pytest.mark.slow
@pytest.mark.parametrize("words", ["writing", "putting", "publishing"])
def test_killed_in_mid_way_a_whole_file_is_in_place_and_the_next_call_clears_up(home, words):
    before = everything(home / "casewatch.duckdb")
    with child("compact_until", home, words, said="stopped"):
        pass
    assert everything(home / "casewatch.duckdb") == before
    compact(Settings(home=home))

    assert everything(home / "casewatch.duckdb") == before
    assert not compaction.leftover(home / "casewatch.duckdb").exists()


def test_a_copy_that_differs_is_not_put_in_place(home, monkeypatch):
    before = (home / "casewatch.duckdb").read_bytes()
    monkeypatch.setattr(compaction, "sums_of", lambda _db, place, _table: place)

    with pytest.raises(WarehouseError, match="is not equal"):
        compact(Settings(home=home))
    assert (home / "casewatch.duckdb").read_bytes() == before
    assert not compaction.leftover(home / "casewatch.duckdb").exists()


def test_it_is_refused_while_a_run_is_under_way(home):
    with only_run(home), pytest.raises(CasewatchError, match="another run is under way"):
        compact(Settings(home=home))


def test_a_lake_and_a_home_that_is_not_there_are_refused(tmp_path):
    with pytest.raises(UsageError, match="lake"):
        compact(Settings(home=tmp_path, lake=Lake("dbname=x", "d")))
    with pytest.raises(UsageError, match="CASEWATCH_HOME"):
        compact(Settings(home=tmp_path / "typo"))
    assert not (tmp_path / "typo").exists()
