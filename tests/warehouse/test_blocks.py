"""The next copy is made of the spare: equal to the last byte, and no reader's file is touched."""

import os
import random
import subprocess
import sys

import duckdb
import pytest

from warehouse.blocks import copy_blocks
from warehouse.publish import publish, spare_of
from warehouse.store import open_copy

BLOCK = 262_144
HOLD = """
import duckdb, sys
db = duckdb.connect(sys.argv[1], read_only=True)
print(db.execute("select count(*) from delivery").fetchone()[0], flush=True)
sys.stdin.readline()
print(db.execute("select count(*) from delivery").fetchone()[0], flush=True)
"""


def deliver(warehouse, name, times=1):
    with warehouse.transaction() as db:
        db.execute(
            "insert into delivery select $name || '-' || i, 'alert', repeat($name, 50), 'digest', "
            "now() from range($times) as t(i)",
            {"name": name, "times": times},
        )


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "copy.duckdb"


def test_every_copy_equals_the_warehouse_to_the_last_byte(warehouse, copy):
    chance = random.Random(3)
    for number in range(6):
        deliver(warehouse, f"{number}-{chance.random()}", chance.choice([1, 300, 20_000]))
        if number % 2:
            with warehouse.transaction() as db:
                db.execute("delete from delivery where hash(delivery_id) % 3 = 0")
        publish(warehouse, copy)

        assert copy.read_bytes() == warehouse.path.read_bytes()


def test_only_what_differs_is_written(warehouse, tmp_path):
    deliver(warehouse, "much", 200_000)
    target = tmp_path / "target.duckdb"
    whole = copy_blocks(warehouse.path, target, BLOCK)
    assert whole == warehouse.path.stat().st_size
    deliver(warehouse, "little")

    assert copy_blocks(warehouse.path, target, BLOCK) < whole / 2
    assert target.read_bytes() == warehouse.path.read_bytes()


def test_a_reader_of_the_copy_before_the_last_keeps_what_it_opened(warehouse, copy):
    deliver(warehouse, "first")
    publish(warehouse, copy)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(copy)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout
        assert reader.stdout.readline() == "1\n"
        for number in range(3):
            deliver(warehouse, f"later-{number}", 5_000)
            publish(warehouse, copy)

        assert reader.communicate("go\n")[0] == "1\n"


def test_a_spare_that_is_the_copy_itself_is_never_written_to(warehouse, copy):
    """As a kill leaves it, after the copy got its second name and before it lost the first."""
    publish(warehouse, copy)
    spare_of(copy).unlink(missing_ok=True)
    os.link(copy, spare_of(copy))
    with open_copy(copy) as db:
        deliver(warehouse, "later", 5_000)
        publish(warehouse, copy)

        assert db.execute("select count(*) from delivery").fetchone() == (0,)
    assert copy.read_bytes() == warehouse.path.read_bytes()


def test_what_a_killed_publisher_left_is_removed(warehouse, copy):
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    left = copy.with_name(f".{copy.name}.{gone.pid}")
    left.write_bytes(b"half a copy")
    publish(warehouse, copy)

    assert not left.exists()


def test_a_torn_spare_is_made_whole(warehouse, copy):
    deliver(warehouse, "much", 100_000)
    publish(warehouse, copy)
    spare_of(copy).write_bytes(copy.read_bytes()[:300_000])
    publish(warehouse, copy)

    with duckdb.connect(str(copy), read_only=True) as db:
        assert db.execute("select count(*) from delivery").fetchone() == (100_000,)
    assert copy.read_bytes() == warehouse.path.read_bytes()
