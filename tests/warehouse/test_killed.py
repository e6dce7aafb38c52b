"""A process that dies leaves the file and its log: the next one must be able to open them."""

import shutil

import duckdb

from warehouse.schema import migrate


def test_a_file_whose_first_writer_was_killed_before_any_checkpoint_opens_again(tmp_path):
    """With a default of now() in a commented table, DuckDB could not replay its log."""
    live, left = tmp_path / "live.duckdb", tmp_path / "left.duckdb"
    with duckdb.connect(str(live)) as db:
        migrate(db)
        shutil.copy(live, left)
        shutil.copy(f"{live}.wal", f"{left}.wal")

    with duckdb.connect(str(left)) as db:
        migrate(db)
        assert db.execute("select count(*) from open_alerts").fetchone() == (0,)
