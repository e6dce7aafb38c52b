"""Records read back without the library that wrote them, and every way in which that can fail."""

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import RecordError
from extractors.model import Exchange, Page
from warehouse.archive import Archive
from warehouse.records import digest_problems, member_bytes, page_of, read_record, records_from

STARTED = datetime(2024, 9, 24, 6, 30, tzinfo=UTC)
ASKED = Exchange((("Host", "wire.example"),), "192.0.2.7", "OK")


@pytest.fixture
def stored(tmp_path, make_page):
    """Return the folder of an archive with two pages, and their pointers."""
    pages = [
        make_page("https://wire.example/one", b"<p>Hello</p>" * 50, exchange=ASKED),
        make_page("https://wire.example/two", b"<p>Adieu</p>" * 50, exchange=ASKED),
    ]
    return tmp_path, Archive(tmp_path, "run1", STARTED).store(pages)


def kind_of_error(folder, file, offset) -> str:
    with pytest.raises(RecordError) as caught:
        read_record(folder, file, offset)
    return caught.value.kind


def test_a_page_comes_back_as_it_was_fetched(tmp_path, make_page):
    page = make_page(
        "https://wire.example/one",
        b"<p>Zo\xc3\xab</p>",
        final_url="https://wire.example/moved",
        headers=(("Content-Type", "text/html; charset=utf-8"), ("X-Title", "One")),
        fetched_at=datetime(2024, 9, 24, 12, 0, 1, 2, tzinfo=UTC),
    )
    pointer = Archive(tmp_path, "run1", STARTED).store([page])[0]
    again = page_of(read_record(tmp_path, pointer.file, pointer.offset), page.url)

    assert (again.url, again.final_url, again.status) == (page.url, page.final_url, 200)
    assert (again.body, again.fetched_at) == (page.body, page.fetched_at)
    assert again.header("x-title") == "One"


def test_records_follow_one_another_to_the_end_of_the_file(stored):
    folder, pointers = stored
    kinds = [record.kind for record in records_from(folder, pointers[0].file, 0)]

    assert kinds == ["warcinfo", "response", "request", "response", "request"]


def test_a_member_is_copied_byte_for_byte(stored):
    folder, pointers = stored
    record = read_record(folder, pointers[0].file, pointers[0].offset)
    copied = member_bytes(folder, pointers[0].file, record)

    assert copied in (folder / pointers[0].file).read_bytes()
    assert gzip.decompress(copied).startswith(b"WARC/1.1\r\n")


def test_a_file_that_is_not_there_is_missing(stored):
    folder, _ = stored

    assert kind_of_error(folder, "2024/09/other.warc.gz", 0) == "missing_file"


def test_a_file_that_ends_within_the_record_is_truncated(stored):
    folder, pointers = stored
    path = folder / pointers[1].file
    path.write_bytes(path.read_bytes()[: pointers[1].offset + 40])

    assert kind_of_error(folder, pointers[1].file, pointers[1].offset) == "truncated"
    assert read_record(folder, pointers[0].file, pointers[0].offset).body.startswith(b"<p>Hello")


def test_an_offset_after_the_end_is_truncated(stored):
    folder, pointers = stored

    assert kind_of_error(folder, pointers[0].file, 1_000_000) == "truncated"


def test_an_offset_within_a_record_is_damaged(stored):
    folder, pointers = stored

    assert kind_of_error(folder, pointers[0].file, pointers[0].offset + 1) == "damaged"


def test_a_member_that_is_no_record_is_damaged(stored):
    folder, pointers = stored
    (folder / pointers[0].file).write_bytes(gzip.compress(b"hello"))

    assert kind_of_error(folder, pointers[0].file, 0) == "damaged"


def test_a_record_whose_length_is_a_lie_is_damaged(stored):
    folder, pointers = stored
    member = gzip.compress(b"WARC/1.1\r\nContent-Length: 9\r\n\r\nhello\r\n\r\n")
    (folder / pointers[0].file).write_bytes(member)

    assert kind_of_error(folder, pointers[0].file, 0) == "damaged"


def test_a_body_that_was_exchanged_does_not_have_its_digests(stored):
    folder, pointers = stored
    content = gzip.decompress((folder / pointers[0].file).read_bytes()[pointers[1].offset :])
    (folder / "forged.warc.gz").write_bytes(
        gzip.compress(
            content.split(b"WARC/1.1\r\n")[1]
            .join([b"WARC/1.1\r\n", b""])
            .replace(b"Adieu", b"Salut")
        )
    )
    said = digest_problems(read_record(folder, "forged.warc.gz", 0))

    assert [line.partition(" says")[0] for line in said] == [
        "WARC-Block-Digest",
        "WARC-Payload-Digest",
    ]


def test_only_a_response_is_a_page(stored):
    folder, pointers = stored
    with pytest.raises(RecordError, match="a warcinfo record stands where a response should"):
        page_of(read_record(folder, pointers[0].file, 0), "https://wire.example/one")


@given(place=st.integers(min_value=0), value=st.integers(min_value=0, max_value=255))
def test_a_changed_byte_is_an_error_or_a_wrong_digest_or_no_matter(tmp_path_factory, place, value):
    """Of a flipped byte nothing worse comes than a named error: some bytes of gzip mean nothing."""
    folder = tmp_path_factory.mktemp("archive")
    page = Page("https://e.example/", "https://e.example/", 200, (), b"<p>Hello</p>", STARTED)
    pointer = Archive(folder, "run1", STARTED).store([page])[0]
    path = folder / pointer.file
    raw = bytearray(path.read_bytes())
    raw[pointer.offset + place % (len(raw) - pointer.offset)] = value
    path.write_bytes(raw)

    try:
        record = read_record(folder, pointer.file, pointer.offset)
    except RecordError:
        return
    assert record.body == page.body or digest_problems(record)
