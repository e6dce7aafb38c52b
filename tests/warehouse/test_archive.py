"""The WARC archive: every page can be read again by anybody's tools, where its row says it lies."""

import base64
import gzip
import os
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from extractors.model import Exchange, Page
from warehouse.archive import Archive, Original, WarcPointer

STARTED = datetime(2024, 9, 24, 6, 30, tzinfo=UTC)
ASKED = Exchange((("Host", "wire.example"), ("User-Agent", "casewatch")), "192.0.2.7", "OK")
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


# --- beside warcio: a reader that shares nothing with the library that wrote the files ------------


def members_of(raw: bytes) -> list[bytes]:
    """Return the gzip members of a file, unpacked, by zlib alone."""
    members = []
    while raw:
        unpacker = zlib.decompressobj(31)
        members.append(unpacker.decompress(raw))
        raw = unpacker.unused_data
    return members


def plain_records(folder: Path, name: str = NAME) -> list[tuple[dict[str, str], bytes]]:
    """Return (WARC headers, block) of each record, read as the standard says they stand there."""
    found = []
    for member in members_of((folder / name).read_bytes()):
        head, _, rest = member.partition(b"\r\n\r\n")
        version, *lines = head.decode("utf-8").split("\r\n")
        assert version == "WARC/1.1"
        headers = dict(line.split(": ", 1) for line in lines)
        length = int(headers["Content-Length"])
        assert rest[length:] == b"\r\n\r\n"
        found.append((headers, rest[:length]))
    return found


def kinds_of(folder: Path, name: str = NAME) -> list[str]:
    return [headers["WARC-Type"] for headers, _ in plain_records(folder, name)]


def test_every_record_has_what_the_standard_asks_of_it(archive, tmp_path, make_page):
    archive.store([make_page(exchange=ASKED)])
    records = [headers for headers, _ in plain_records(tmp_path)]

    assert all(
        {"WARC-Record-ID", "WARC-Type", "WARC-Date", "Content-Length", "Content-Type"} <= {*headers}
        for headers in records
    )
    assert len({headers["WARC-Record-ID"] for headers in records}) == 3
    assert [headers.get("Content-Type") for headers in records] == [
        "application/warc-fields",
        "application/http; msgtype=response",
        "application/http; msgtype=request",
    ]


def test_block_digests_are_those_of_the_blocks(archive, tmp_path, make_page):
    archive.store([make_page(exchange=ASKED)])

    for headers, block in plain_records(tmp_path):
        assert headers["WARC-Block-Digest"] == digest_of(block)


def test_the_request_stands_after_its_answer_and_names_it(archive, tmp_path, make_page):
    archive.store([make_page("https://wire.example/one?page=2", exchange=ASKED)])
    _, (answer, _), (request, block) = plain_records(tmp_path)

    assert request["WARC-Type"] == "request"
    assert request["WARC-Concurrent-To"] == answer["WARC-Record-ID"]
    assert request["WARC-Date"] == answer["WARC-Date"]
    assert (
        block == b"GET /one?page=2 HTTP/1.1\r\nHost: wire.example\r\nUser-Agent: casewatch\r\n\r\n"
    )


def test_the_address_that_was_asked_is_kept(archive, tmp_path, make_page):
    archive.store([make_page(exchange=ASKED), make_page()])
    addresses = [headers.get("WARC-IP-Address") for headers, _ in plain_records(tmp_path)]

    assert addresses == [None, "192.0.2.7", "192.0.2.7", None]


def test_the_words_behind_the_status_are_kept(archive, tmp_path, make_page):
    archive.store([make_page(status=203, exchange=replace(ASKED, reason="Half Known"))])

    assert plain_records(tmp_path)[1][1].startswith(b"HTTP/1.1 203 Half Known\r\n")


# --- revisits ------------------------------------------------------------------------------------


def original_of(page: Page, pointer: WarcPointer) -> Original:
    return Original(
        "capture-1", pointer.record_id, page.final_url, page.fetched_at, pointer.digest, "5e1f"
    )


def test_the_same_body_again_is_a_revisit_without_it(archive, tmp_path, make_page):
    page = make_page(body=b"<p>Hello</p>")
    first = archive.store([page])[0]
    again = archive.store_again([(page, original_of(page, first))])[0]
    (answer, _), (revisit, block) = plain_records(tmp_path)[1:]

    assert (again.kind, again.refers_to, again.digest) == ("revisit", "capture-1", first.digest)
    assert revisit["WARC-Type"] == "revisit"
    assert revisit["WARC-Profile"].endswith("/warc/1.1/revisit/identical-payload-digest")
    assert revisit["WARC-Refers-To"] == answer["WARC-Record-ID"]
    assert revisit["WARC-Refers-To-Target-URI"] == "https://wire.example/one"
    assert revisit["WARC-Refers-To-Date"] == answer["WARC-Date"]
    assert revisit["WARC-Payload-Digest"] == answer["WARC-Payload-Digest"]
    assert block.endswith(b"Content-Length: 12\r\n\r\n")


def test_a_304_is_a_revisit_of_what_the_server_did_not_modify(archive, tmp_path, make_page):
    page = make_page()
    first = archive.store([page])[0]
    unmodified = make_page(
        status=304, body=b"", exchange=replace(ASKED, reason="Not Modified"), headers=()
    )
    archive.store_again([(unmodified, original_of(page, first))])
    revisit, block = plain_records(tmp_path)[2]

    assert revisit["WARC-Profile"].endswith("/warc/1.1/revisit/server-not-modified")
    assert block == b"HTTP/1.1 304 Not Modified\r\n\r\n"
    assert kinds_of(tmp_path) == ["warcinfo", "response", "revisit", "request"]


def test_a_revisit_of_a_record_whose_id_nobody_kept_names_address_and_time(
    archive, tmp_path, make_page
):
    page = make_page()
    original = replace(original_of(page, archive.store([page])[0]), record_id=None)
    archive.store_again([(page, original)])
    revisit = plain_records(tmp_path)[2][0]

    assert "WARC-Refers-To" not in revisit
    assert revisit["WARC-Refers-To-Date"] == "2024-09-24T12:00:00.000000Z"


def test_warcio_reads_revisits_and_requests_too(archive, tmp_path, make_page):
    page = make_page(exchange=ASKED)
    archive.store_again([(page, original_of(page, archive.store([page])[0]))])

    assert [kind for kind, _ in records_of(tmp_path)] == [
        "warcinfo",
        "response",
        "request",
        "revisit",
        "request",
    ]


def test_fastwarc_reads_every_record_finds_its_digests_sound_and_the_same_offsets(
    archive, tmp_path, make_page
):
    pages = [make_page(f"https://wire.example/{n}", exchange=ASKED) for n in range(2)]
    pointers = archive.store(pages)
    archive.store_again([(pages[0], original_of(pages[0], pointers[0]))])
    found = []
    with (tmp_path / NAME).open("rb") as file:
        for record in FastIterator(file, record_types=WarcRecordType.any_type, parse_http=False):
            assert record.verify_block_digest()
            found.append((str(record.record_type), record.stream_pos, record.record_id))

    assert [kind for kind, _, _ in found] == [
        *("warcinfo", "response", "request"),
        *("response", "request", "revisit", "request"),
    ]
    assert [found[1][1:], found[3][1:]] == [(p.offset, p.record_id) for p in pointers]


def test_fastwarc_reads_the_pages_and_finds_their_payload_digests_sound(
    archive, tmp_path, make_page
):
    bodies = [b"<p>One</p>", b"", b"<p>Zo\xc3\xab</p>" * 9_000]
    archive.store([make_page(body=body, exchange=ASKED) for body in bodies])
    found = []
    with (tmp_path / NAME).open("rb") as file:
        for record in FastIterator(file, record_types=WarcRecordType.response, parse_http=True):
            assert record.verify_payload_digest()
            assert record.http_headers.status_code == 200
            found.append(record.reader.read())

    assert found == bodies


# --- files ---------------------------------------------------------------------------------------


def test_a_file_that_is_full_is_followed_by_another(tmp_path, make_page):
    archive = Archive(tmp_path, "run1", STARTED, max_bytes=1)
    pages = [make_page(f"https://wire.example/{n}", exchange=ASKED) for n in range(3)]
    pointers = [*archive.store(pages[:2]), *archive.store(pages[2:])]

    assert [pointer.file[-18:] for pointer in pointers] == [
        "00000-run1.warc.gz",
        "00001-run1.warc.gz",
        "00002-run1.warc.gz",
    ]
    assert {tuple(kinds_of(tmp_path, pointer.file)) for pointer in pointers} == {
        ("warcinfo", "response", "request")
    }
    assert [record_at(tmp_path, p)[0].rec_type for p in pointers] == ["response"] * 3


def test_a_file_holds_pages_until_it_is_full(tmp_path, make_page):
    archive = Archive(tmp_path, "run1", STARTED, max_bytes=4_000)
    pointers = archive.store([make_page(body=os.urandom(1_500)) for _ in range(5)])

    assert [pointer.file[-18:-13] for pointer in pointers] == ["00000"] * 2 + ["00001"] * 2 + [
        "00002"
    ]


def test_nothing_is_appended_to_a_file_that_may_end_in_half_a_record(tmp_path, make_page):
    archive = Archive(tmp_path, "run1", STARTED)
    archive.store([make_page()])
    with pytest.raises(AttributeError):
        archive.store([None])  # type: ignore[list-item]  # stands for a full disk
    pointer = archive.store([make_page()])[0]

    assert pointer.file.endswith("00001-run1.warc.gz")


def test_a_pointer_carries_both_digests_and_the_id_of_the_record(archive, tmp_path, make_page):
    pointer = archive.store([make_page(body=b"<p>Hello</p>")])[0]

    assert pointer.sha256 == sha256(b"<p>Hello</p>").hexdigest()
    assert pointer.record_id == plain_records(tmp_path)[1][0]["WARC-Record-ID"]


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
