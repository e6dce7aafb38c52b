"""The published copy: equal to the warehouse, replaced under readers that keep what they opened."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors.errors import WarehouseError
from warehouse.publish import publish, spare_of
from warehouse.schema_text import described_columns, undocumented
from warehouse.store import Warehouse, open_copy

DELIVERY = "insert into delivery values (?, 'alert', 'stdout', 'digest', now())"
ASK = """
import duckdb, sys
db = duckdb.connect(sys.argv[1], read_only=True)
for query in sys.stdin:
    print(db.execute(query).fetchone()[0], flush=True)
"""


def deliver(warehouse: Warehouse, name: str) -> None:
    with warehouse.transaction() as db:
        db.execute(DELIVERY, [name])


def deliveries(db: duckdb.DuckDBPyConnection) -> list[str]:
    return [row[0] for row in db.execute("select delivery_id from delivery order by 1").fetchall()]


def everything(db: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    tables = db.execute("select table_name from duckdb_tables() order by 1").fetchall()
    return {name: db.execute(f"from {name} order by all").fetchall() for (name,) in tables}


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "copy.duckdb"


def test_the_copy_equals_the_warehouse(warehouse, copy):
    for number in range(20):
        deliver(warehouse, f"delivery-{number}")
    publish(warehouse, copy)
    with warehouse.transaction() as db:
        written = everything(db)
    with open_copy(copy) as db:
        assert everything(db) == written

    assert len(written["delivery"]) == 20


def test_the_copy_needs_no_log_beside_it(warehouse, copy):
    deliver(warehouse, "first")
    publish(warehouse, copy)
    alone = copy.with_name("elsewhere.duckdb")
    shutil.copyfile(copy, alone)

    with open_copy(alone) as db:
        assert deliveries(db) == ["first"]


def test_publishing_leaves_nothing_but_the_copy_and_its_spare(warehouse, copy):
    publish(warehouse, copy)
    publish(warehouse, copy)

    assert {file.name for file in copy.parent.iterdir()} == {
        warehouse.path.name,
        copy.name,
        spare_of(copy).name,
    }


def test_a_reader_that_stays_open_keeps_working_while_a_new_copy_takes_its_place(warehouse, copy):
    deliver(warehouse, "first")
    publish(warehouse, copy)
    with reader_of(copy) as reader:
        assert asked(reader) == "first"

        deliver(warehouse, "second")
        publish(warehouse, copy)

        assert asked(reader) == "first"
    with reader_of(copy) as reader:
        assert asked(reader) == "first,second"


def test_a_reader_of_the_copy_does_not_stop_the_writer(warehouse, copy):
    publish(warehouse, copy)
    with reader_of(copy):
        deliver(Warehouse(warehouse.path, patience=0), "first")

    with warehouse.transaction() as db:
        assert deliveries(db) == ["first"]


def test_a_reader_in_this_process_that_opens_the_copy_anew_sees_the_new_one(warehouse, copy):
    """The desk serves several people at once: one slow reader must not keep the others behind."""
    publish(warehouse, copy)
    with open_copy(copy) as slow:
        deliver(warehouse, "first")
        publish(warehouse, copy)
        with open_copy(copy) as fresh:
            assert deliveries(fresh) == ["first"]

        assert deliveries(slow) == []


def test_a_copy_that_cannot_be_made_is_named(warehouse, copy):
    nowhere = copy.parent / "no-such-folder" / "copy.duckdb"

    with pytest.raises(WarehouseError, match=r"no-such-folder/copy\.duckdb cannot be written"):
        publish(warehouse, nowhere)


def test_the_warehouse_can_be_written_again_after_publishing(warehouse, copy):
    publish(warehouse, copy)
    deliver(warehouse, "after")

    with warehouse.transaction() as db:
        assert deliveries(db) == ["after"]


def reader_of(copy: Path) -> subprocess.Popen[str]:
    """Start another process that keeps *copy* open and answers each line it is sent."""
    return subprocess.Popen(
        [sys.executable, "-c", ASK, str(copy)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def asked(reader: subprocess.Popen[str]) -> str:
    assert reader.stdin
    assert reader.stdout
    reader.stdin.write("select string_agg(delivery_id, ',' order by delivery_id) from delivery\n")
    reader.stdin.flush()
    return reader.stdout.readline().strip()


def test_a_path_with_a_quote_in_it_is_a_path(warehouse, tmp_path):
    copy = tmp_path / "the judge's copy.duckdb"
    publish(warehouse, copy)

    with open_copy(copy) as db:
        assert deliveries(db) == []


def test_what_documents_the_schema_reads_the_copy_as_well(warehouse, copy):
    publish(warehouse, copy)
    with warehouse.transaction() as db:
        described = described_columns(db)
    with open_copy(copy) as db:
        assert described_columns(db) == described
        assert undocumented(db) == []
