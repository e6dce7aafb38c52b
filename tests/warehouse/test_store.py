"""One writer, late and briefly: what a transaction keeps, loses, and waits for."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from extractors.errors import WarehouseError
from warehouse.store import Warehouse, open_copy

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import duckdb, sys
db = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.readline()
"""
DELIVERY = "insert into delivery values (?, 'alert', 'stdout', 'digest', now())"

KILLED = f"""
import os, sys
from pathlib import Path
from warehouse.store import Warehouse
with Warehouse(Path(sys.argv[1])).transaction() as db:
    db.execute({DELIVERY!r}, ["lost"])
    os.kill(os.getpid(), 9)
"""


def deliveries(warehouse: Warehouse) -> list[str]:
    """Return the ids that are in the file, asked through a Warehouse that wrote none of them."""
    with Warehouse(warehouse.path).transaction() as db:
        return [row[0] for row in db.execute("select delivery_id from delivery").fetchall()]


@contextmanager
def held_by_another(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold the file until a line is written to its input."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    with holder:
        yield holder
        if holder.poll() is None:
            holder.communicate("\n")


def test_what_a_transaction_wrote_is_there_when_the_file_is_opened_again(warehouse):
    with warehouse.transaction() as db:
        db.execute(DELIVERY, ["first"])

    assert deliveries(warehouse) == ["first"]


def test_a_transaction_that_raises_leaves_nothing(warehouse):
    def interrupted() -> None:
        with warehouse.transaction() as db:
            db.execute(DELIVERY, ["first"])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert deliveries(warehouse) == []


def test_a_transaction_in_which_sql_fails_leaves_nothing_and_says_what_failed(warehouse):
    with pytest.raises(duckdb.ConstraintException, match="twice"), warehouse.transaction() as db:
        db.executemany(DELIVERY, [["once"], ["twice"], ["twice"]])

    assert deliveries(warehouse) == []


def test_the_next_transaction_goes_through_after_one_that_raised(warehouse):
    with pytest.raises(ZeroDivisionError), warehouse.transaction():
        raise ZeroDivisionError
    with warehouse.transaction() as db:
        db.execute(DELIVERY, ["second"])

    assert deliveries(warehouse) == ["second"]


def test_a_process_that_is_killed_inside_a_transaction_leaves_nothing(warehouse):
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(warehouse.path)], check=False, cwd=ROOT
    )

    assert killed.returncode == -9
    assert deliveries(warehouse) == []


def test_the_first_transaction_makes_the_folder_the_file_and_the_tables(tmp_path):
    path = tmp_path / "deep" / "er" / "casewatch.duckdb"
    with Warehouse(path).transaction() as db:
        db.execute(DELIVERY, ["first"])

    assert deliveries(Warehouse(path)) == ["first"]


def test_another_process_that_holds_the_file_is_waited_for(warehouse):
    with held_by_another(warehouse.path) as holder:
        assert holder.stdin
        soon = threading.Timer(0.4, lambda: holder.communicate("\n"))
        soon.start()
        began = time.monotonic()
        with warehouse.transaction() as db:
            db.execute(DELIVERY, ["patient"])
        waited = time.monotonic() - began
        soon.join()

    assert waited > 0.2
    assert deliveries(warehouse) == ["patient"]


def test_a_process_that_keeps_the_file_is_named(warehouse):
    hasty = Warehouse(warehouse.path, patience=0.1)
    with (
        held_by_another(warehouse.path) as holder,
        pytest.raises(WarehouseError, match=rf"\(process {holder.pid}\)") as raised,
        hasty.transaction(),
    ):
        pass

    assert str(warehouse.path) in str(raised.value)
    assert "casewatch sql" in str(raised.value)


def test_two_threads_share_one_warehouse(warehouse):
    def deliver(who: str) -> None:
        for number in range(10):
            with warehouse.transaction() as db:
                db.execute(DELIVERY, [f"{who}-{number}"])

    threads = [threading.Thread(target=deliver, args=(who,)) for who in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(deliveries(warehouse)) == [f"{who}-{n}" for who in "ab" for n in range(10)]


def test_times_are_told_in_utc(warehouse):
    with warehouse.transaction() as db:
        told = db.execute("select current_setting('TimeZone')").fetchone()

    assert told == ("UTC",)


def test_a_file_that_is_no_warehouse_is_named(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Not a database. " * 500)

    with (
        pytest.raises(WarehouseError, match=r"notes\.txt cannot be opened"),
        Warehouse(path).transaction(),
    ):
        pass


def test_a_copy_that_does_not_exist_yet_says_what_makes_it(tmp_path):
    with (
        pytest.raises(WarehouseError, match="`casewatch run` makes it"),
        open_copy(tmp_path / "copy.duckdb"),
    ):
        pass


def test_a_copy_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "copy.duckdb"
    path.write_text("Not a database. " * 500)

    with pytest.raises(WarehouseError, match=r"copy\.duckdb cannot be opened"), open_copy(path):
        pass


def test_a_copy_cannot_be_written(warehouse):
    with (
        open_copy(warehouse.path) as db,
        pytest.raises(duckdb.InvalidInputException, match="read-only"),
    ):
        db.execute(DELIVERY, ["never"])
