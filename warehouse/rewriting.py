"""A WARC file written anew without some of its records; the others are copied byte for byte."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from extractors.errors import RecordError
from warehouse.archive import about_member
from warehouse.records import Record, member_bytes, records_from

_GENERATION = re.compile(r"(?:-r(\d+))?\.warc\.gz$")
_PAGES = frozenset({"response", "revisit"})


@dataclass(slots=True)
class Rewritten:
    """What came of it: *moved* says where each record that was kept begins now."""

    moved: dict[int, int] = field(default_factory=dict)
    pages: int = 0  # responses and revisits that were kept
    dropped: set[int] = field(default_factory=set)


def next_name(file: str) -> str:
    """Return what *file* is called when it is written anew: -r1 is added, or counted up."""
    found = _GENERATION.search(file)
    assert found, f"{file} is no WARC file of ours"  # noqa: S101 - a programming error
    return f"{file[: found.start()]}-r{int(found[1] or 0) + 1}.warc.gz"


def previous_name(file: str) -> str | None:
    """Return the name of which *file* was written anew, or None for a file that a run wrote."""
    found = _GENERATION.search(file)
    if not found or not found[1]:
        return None
    before = int(found[1]) - 1
    return file[: found.start()] + (f"-r{before}.warc.gz" if before else ".warc.gz")


def rewrite(
    folder: Path, file: str, drop: Mapping[int, str | None], new_file: str, said: str
) -> Rewritten:
    """Write *new_file* with the records of *file* but those at the offsets *drop*, and sync it.

    *drop* gives each record's id, where it is known; the request that a dropped page answered goes
    with it. The new file begins with *said*. Half a record at the end is left out. Raises
    RecordError, and leaves no new file, where *file* is damaged or another record stands there.
    """
    done = Rewritten()
    target = folder / new_file
    try:
        with target.open("xb") as new:
            new.write(about_member(new_file, said))
            for record in _kept(folder, file, drop, done):
                _copy(folder, file, record, new, done)
            new.flush()
            os.fsync(new.fileno())
        if missed := set(drop) - done.dropped:
            raise RecordError("damaged", f"{file}: no record begins at byte {min(missed)}")
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return done


def _kept(
    folder: Path, file: str, drop: Mapping[int, str | None], done: Rewritten
) -> Iterator[Record]:
    last_dropped: str | None = None
    for record in _whole(folder, file):
        if record.start in drop:
            last_dropped = _checked(record, drop[record.start], file)
            done.dropped.add(record.start)
        elif not last_dropped or record.header("WARC-Concurrent-To") != last_dropped:
            yield record


def _whole(folder: Path, file: str) -> Iterator[Record]:
    """Yield the records of *file* up to half of one at its end, which a killed run leaves."""
    try:
        yield from records_from(folder, file, 0)
    except RecordError as error:
        if error.kind != "truncated":
            raise


def _checked(record: Record, wanted: str | None, file: str) -> str | None:
    found = record.header("WARC-Record-ID")
    if record.kind not in _PAGES or wanted not in {None, found}:
        raise RecordError(
            "damaged", f"{file} at byte {record.start}: another record than its row says"
        )
    return found


def _copy(folder: Path, file: str, record: Record, new: IO[bytes], done: Rewritten) -> None:
    done.moved[record.start] = new.tell()
    done.pages += record.kind in _PAGES
    new.write(member_bytes(folder, file, record))
