"""One writer of `benchmarks.lake`: stores its batches one after the other until told to stop.

python -m benchmarks.lake_child LAKE WRITER FOLDER
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from benchmarks.lake_work import NOON, PAGES, Work, numbers_of
from flows.seeds import default_seeds_dir, read_seeds
from warehouse.backfills import progress_of
from warehouse.lake import LakeWarehouse
from warehouse.places import Lake, place_from
from warehouse.staging import merge, store


def write(lake: Lake, writer: int, folder: Path) -> None:
    """Go on where this writer was when it was killed; note each batch that is stored or staged."""
    warehouse, source = LakeWarehouse(lake, patience=600.0), f"writer-{writer}"
    with warehouse.held():
        merge(warehouse, NOON)
        with warehouse.transaction() as db:
            place = progress_of(db, source, "warc").pages // PAGES
    work, parent = Work(read_seeds(default_seeds_dir())), os.getppid()
    with (folder / source).open("a") as log:
        for number in numbers_of(writer)[place:]:
            if (folder / "stop").exists() or os.getppid() != parent:  # told to, or left alone
                return
            place += 1
            batch = work.batch(number, source, place)
            begun = time.monotonic()
            stored = store(warehouse, batch, NOON)
            kind = "stored" if stored.articles_new else "staged"
            log.write(f"{number} {kind} {time.monotonic() - begun:.3f}\n")
            log.flush()
            os.fsync(log.fileno())


def main() -> None:
    """Read the command line and write."""
    lake = place_from(sys.argv[1])
    assert isinstance(lake, Lake)
    write(lake, int(sys.argv[2]), Path(sys.argv[3]))


if __name__ == "__main__":
    main()
