"""Make a file equal to a DuckDB file by copying only the blocks that differ.

Run as a program of its own, `python blocks.py SOURCE TARGET BLOCK_SIZE`, and so free of imports
beyond Python's own: closing any descriptor of a database in the process that holds it would drop
DuckDB's lock on it (POSIX locks belong to the process), and a second writer could slip in.

DuckDB's storage format: three headers of 4,096 bytes, then blocks of one size, each of which begins
with the checksum of what it holds. Where both files have the same checksum at the same place, the
block is the same, so eight bytes of each are read instead of 262,144.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

_HEADERS = 3 * 4096
_CHECKSUM = 8


def copy_blocks(source: Path, target: Path, block: int) -> int:
    """Make *target* equal to *source*, whose blocks have *block* bytes; return how many it wrote.

    A *target* that is not there, or that somebody has open, is made anew: who reads the old one
    keeps it as it is.
    """
    if not _is_free(target):
        target.unlink(missing_ok=True)
        shutil.copyfile(source, target)
        return source.stat().st_size
    with source.open("rb", buffering=0) as old, target.open("r+b", buffering=0) as new:
        places = [*_differing(old.fileno(), new.fileno(), block)]
        new.truncate(os.fstat(old.fileno()).st_size)
        written = sum(_copied(old.fileno(), new.fileno(), *place) for place in places)
        os.fsync(new.fileno())  # else a power cut could leave checksums without their blocks
    return written


def _is_free(target: Path) -> bool:
    """Return whether *target* is there and no program has it open: DuckDB locks what it reads."""
    try:
        with target.open("r+b", buffering=0) as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _differing(old: int, new: int, block: int) -> Iterator[tuple[int, int]]:
    """Yield offset and length of the headers and of each block that is not the same in both."""
    yield 0, _HEADERS
    end = os.fstat(new).st_size
    for offset in range(_HEADERS, os.fstat(old).st_size, block):
        whole = offset + block <= end
        if not whole or os.pread(new, _CHECKSUM, offset) != os.pread(old, _CHECKSUM, offset):
            yield offset, block


def _copied(old: int, new: int, offset: int, length: int) -> int:
    content = os.pread(old, length, offset)
    return os.pwrite(new, content, offset)


if __name__ == "__main__":
    copy_blocks(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
