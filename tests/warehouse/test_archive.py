"""The WARC archive: every page can be read again by anybody's tools, where its row says it lies."""

import base64
import gzip
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from extractors.model import Page
from warehouse.archive import Archive, WarcPointer

STARTED = datetime(2024, 9, 24, 6, 30, tzinfo=UTC)
NAME = "2024/09/casewatch-20240924T063000Z-00000-run1.warc.gz"


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path, "run1", STARTED)


def record_at(folder: Path, pointer: WarcPointer) -> tuple[Any, bytes]:
    """Return the record at the pointer and its body, as another program would read them."""
    with (folder / pointer.file).open("rb") as file:
        file.seek(pointer.offset)
        record = next(iter(ArchiveIterator(file, check_digests="raise")))
        return record, record.content_stream().read()


def records_of(folder: Path, name: str = NAME) -> list[tuple[str, str | None]]:
    with (folder / name).open("rb") as file:
        return [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"))
            for record in ArchiveIterator(file, check_digests="raise")
        ]


def digest_of(body: bytes) -> str:
    return "sha1:" + base64.b32encode(sha1(body, usedforsecurity=False).digest()).decode()


def test_a_page_is_read_again_at_its_offset(archive, tmp_path, make_page):
    pages = [make_page(f"https://wire.example/{n}", f"<p>{n}</p>".encode()) for n in range(3)]
    pointers = archive.store(pages)

    for page, pointer in zip(pages, pointers, strict=True):
        record, body = record_at(tmp_path, pointer)

        assert record.rec_type == "response"
        assert record.rec_headers.get_header("WARC-Target-URI") == page.url
        assert record.http_headers.get_statuscode() == "200"
        assert body == page.body


def test_the_digest_is_the_sha1_of_the_body_in_base32(archive, tmp_path, make_page):
    page = make_page(body=b"<p>Hello</p>")
    pointer = archive.store([page])[0]
    record, _ = record_at(tmp_path, pointer)

    assert pointer.digest == digest_of(b"<p>Hello</p>")
    assert record.rec_headers.get_header("WARC-Payload-Digest") == pointer.digest


def test_the_file_is_named_after_the_run_and_begins_by_saying_who_wrote_it(
    archive, tmp_path, make_page
):
    pointer = archive.store([make_page()])[0]

    assert pointer.file == NAME
    assert records_of(tmp_path) == [("warcinfo", None), ("response", "https://wire.example/one")]


def test_two_batches_of_a_run_are_one_file(archive, tmp_path, make_page):
    first = archive.store([make_page("https://wire.example/one", b"one")])
    second = archive.store([make_page("https://wire.example/two", b"two")])

    assert [record_at(tmp_path, p)[1] for p in (*first, *second)] == [b"one", b"two"]
    assert [kind for kind, _ in records_of(tmp_path)] == ["warcinfo", "response", "response"]


def test_two_runs_are_two_files(tmp_path, make_page):
    pointers = [Archive(tmp_path, run, STARTED).store([make_page()])[0] for run in ("a", "b")]

    assert len({pointer.file for pointer in pointers}) == 2


def test_a_file_that_a_kill_cut_short_keeps_every_record_before_the_cut(
    archive, tmp_path, make_page
):
    pages = [make_page(f"https://wire.example/{n}", bytes(range(256)) * 40) for n in range(2)]
    whole, cut = archive.store(pages)
    path = tmp_path / NAME
    path.write_bytes(path.read_bytes()[: cut.offset + 100])

    assert record_at(tmp_path, whole)[1] == pages[0].body


def test_every_record_is_a_gzip_member_of_its_own(archive, tmp_path, make_page):
    pointers = archive.store([make_page(body=b"one"), make_page(body=b"two")])
    raw = (tmp_path / NAME).read_bytes()

    assert b"one" in gzip.decompress(raw[pointers[0].offset : pointers[1].offset])
    assert b"two" in gzip.decompress(raw[pointers[1].offset :])


def test_the_address_is_the_one_after_redirects(archive, tmp_path, make_page):
    pointer = archive.store([make_page(final_url="https://wire.example/moved")])[0]
    record, _ = record_at(tmp_path, pointer)

    assert record.rec_headers.get_header("WARC-Target-URI") == "https://wire.example/moved"


def test_headers_of_the_wire_are_left_out_because_the_body_is_stored_decoded(
    archive, tmp_path, make_page
):
    headers = (
        ("Content-Type", "text/html"),
        ("Content-Encoding", "br"),
        ("transfer-encoding", "chunked"),
        ("Content-Length", "7"),
        ("Connection", "close"),
        ("ETag", '"v1"'),
    )
    record, body = record_at(tmp_path, archive.store([make_page(headers=headers)])[0])

    assert record.http_headers.headers == [
        ("Content-Type", "text/html"),
        ("ETag", '"v1"'),
        ("Content-Length", str(len(body))),
    ]


@pytest.mark.parametrize(
    "value", ["Café – “Zoë”", "größe", "事件", "caf\udce9", "a\u0085b"], ids=ascii
)
def test_headers_that_are_not_ascii_do_not_cost_the_page(archive, tmp_path, make_page, value):
    page = make_page(headers=(("X-Title", value), ("Content-Type", "text/html")))
    record, body = record_at(tmp_path, archive.store([page])[0])

    assert body == page.body
    assert record.http_headers.get_header("Content-Type") == "text/html"
    assert record.http_headers.get_header("X-Title")


def test_an_address_that_is_not_ascii_does_not_cost_the_page(archive, tmp_path, make_page):
    page = make_page("https://wire.example/zoë-事件")
    record, body = record_at(tmp_path, archive.store([page])[0])

    assert body == page.body
    assert record.rec_headers.get_header("WARC-Target-URI").startswith("https://wire.example/zo")


def test_a_page_without_a_body_or_headers_is_kept(archive, tmp_path, make_page):
    pointer = archive.store([make_page(body=b"", headers=(), status=404)])[0]
    record, body = record_at(tmp_path, pointer)

    assert (record.http_headers.get_statuscode(), body) == ("404", b"")
    assert pointer.digest == digest_of(b"")


def test_the_record_says_when_the_page_was_fetched(archive, tmp_path, make_page):
    fetched_at = datetime(2024, 9, 24, 6, 31, 2, 345, tzinfo=UTC)
    record, _ = record_at(tmp_path, archive.store([make_page(fetched_at=fetched_at)])[0])

    assert record.rec_headers.get_header("WARC-Date") == "2024-09-24T06:31:02.000345Z"


def test_no_pages_have_no_pointers(archive):
    assert archive.store([]) == []


@given(bodies=st.lists(st.binary(max_size=2000), max_size=4))
def test_whatever_bytes_a_page_has_they_are_read_again(tmp_path_factory, bodies):
    folder = tmp_path_factory.mktemp("archive")
    pages = [
        Page(f"https://e.example/{n}", f"https://e.example/{n}", 200, (), body, STARTED)
        for n, body in enumerate(bodies)
    ]
    pointers = Archive(folder, "run1", STARTED).store(pages)

    assert [record_at(folder, pointer)[1] for pointer in pointers] == bodies
    assert [pointer.digest for pointer in pointers] == [digest_of(body) for body in bodies]
