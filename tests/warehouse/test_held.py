"""Steps that follow each other share one opening of the file; what each commits stands."""

import threading

import duckdb
import pytest

from extractors.errors import WarehouseBusyError
from warehouse.store import Warehouse

COUNT = "select count(*) from delivery"


def deliver(db, name):
    db.execute("insert into delivery values (?, 'alert', 'stdout', 'digest', now())", [name])


def test_nobody_else_gets_in_between_two_transactions_of_one_holder(warehouse):
    impatient = Warehouse(warehouse.path, patience=0)
    with warehouse.held():
        with warehouse.transaction() as db:
            deliver(db, "first")
        with pytest.raises(WarehouseBusyError), impatient.transaction():
            pass
        with warehouse.transaction() as db:
            deliver(db, "second")

    with impatient.transaction() as db:
        assert db.execute(COUNT).fetchone() == (2,)


def test_what_was_committed_while_held_outlasts_a_failure_after_it(warehouse):
    def fail():
        with warehouse.held():
            with warehouse.transaction() as db:
                deliver(db, "kept")
            with warehouse.transaction() as db:
                deliver(db, "rolled back")
                raise KeyError

    with pytest.raises(KeyError):
        fail()

    with warehouse.transaction() as db:
        assert db.execute("select delivery_id from delivery").fetchall() == [("kept",)]


def test_another_thread_waits_for_the_holder(warehouse):
    seen = []

    def look():
        with warehouse.transaction() as db:
            seen.append(db.execute(COUNT).fetchone())

    with warehouse.held():
        thread = threading.Thread(target=look)
        thread.start()
        for name in ("first", "second"):
            with warehouse.transaction() as db:
                deliver(db, name)
        assert not seen
    thread.join()

    assert seen == [(2,)]


def test_a_transaction_within_a_transaction_is_refused_and_neither_stands(warehouse):
    def nest():
        with warehouse.transaction() as db:
            deliver(db, "outer")
            with warehouse.transaction():
                pass

    with pytest.raises(duckdb.TransactionException):
        nest()
    with warehouse.transaction() as db:
        assert db.execute(COUNT).fetchone() == (0,)
