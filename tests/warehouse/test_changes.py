"""What an edit changed, told from what only our code or registry changed; and its captures."""

from dataclasses import replace
from datetime import timedelta

import pytest

from extractors.model import stable_id
from warehouse.archive import Original, WarcPointer
from warehouse.articles import save_readings, save_visits
from warehouse.captures import capture_id_of, with_originals
from warehouse.intake import DuePage, due_pages, save_polls, save_registry
from warehouse.rows import named_rows

ASKED = "Ada Byron asked the court for a new hearing."
BOTH = "Ada Byron asked the court for a new hearing. Mary Shelley spoke for her."
TWO = {"ada-byron": "Ada Byron", "mary-shelley": "Mary Shelley"}
SHA1_HEX = "0a4d55a8d778e5022fab701977c5d840bbc486d0"
SHA1_WARC = "sha1:BJGVLKGXPDSQEL5LOAMXPROYIC54JBWQ"


@pytest.fixture
def save(warehouse, versions):
    def saving(*visits, code=versions, how=save_visits):
        with warehouse.transaction() as db:
            return how(db, visits, code)

    return saving


@pytest.fixture
def changes(warehouse):
    def asking():
        with warehouse.transaction() as db:
            return db.execute(
                "select kind, subject_id, before, after, same_code from article_change "
                "order by seen_at, kind, subject_id"
            ).fetchall()

    return asking


def titled(visit, title):
    """Return *visit* with another headline over the same words."""
    article = visit.reading.article
    text = f"{title}\n\n{article.text[article.body_start :]}"
    fresh = replace(
        article, title=title, text=text, body_start=len(title) + 2, text_hash=stable_id(text)
    )
    return replace(visit, reading=replace(visit.reading, article=fresh))


# --- changes -------------------------------------------------------------------------------------


def test_a_first_version_changes_nothing(save, changes, make_visit):
    save(make_visit("one", ASKED))

    assert changes() == []


def test_a_name_put_in_is_told_with_its_words(save, changes, make_visit):
    save(make_visit("one", ASKED))
    save(make_visit("one", BOTH, named=TWO))

    assert changes() == [("name_added", "mary-shelley", None, "Mary Shelley", True)]


def test_a_name_taken_out_is_told_with_the_words_it_had(save, changes, make_visit):
    save(make_visit("one", BOTH, named=TWO))
    save(make_visit("one", ASKED))

    assert changes() == [("name_removed", "mary-shelley", "Mary Shelley", None, True)]


def test_a_headline_is_told_with_both(save, changes, make_visit):
    save(make_visit("one", ASKED))
    save(titled(make_visit("one", ASKED), "Two"))

    assert changes() == [("headline_changed", None, "one", "Two", True)]


def test_an_edit_that_is_none_of_these_is_only_a_version(save, changes, make_visit):
    save(make_visit("one", ASKED))
    save(make_visit("one", ASKED.replace("asked", "begged")))

    assert changes() == []


def test_the_same_batch_again_tells_nothing_twice(save, changes, make_visit, noon):
    save(make_visit("one", ASKED))
    for _ in range(2):
        save(make_visit("one", BOTH, named=TWO, at=noon + timedelta(hours=1)))

    assert len(changes()) == 1


def test_a_name_that_stood_there_before_the_case_was_tracked_was_not_added(
    save, changes, make_visit, versions
):
    save(make_visit("one", BOTH))
    later = replace(versions, registry="registry-2")
    save(make_visit("one", BOTH.replace("asked", "begged"), named=TWO), code=later)

    assert changes() == []


def test_a_name_put_in_after_our_code_changed_is_told_and_marked(
    save, changes, make_visit, versions
):
    save(make_visit("one", ASKED))
    save(make_visit("one", BOTH, named=TWO), code=replace(versions, extractor="extractor-2"))

    assert changes() == [("name_added", "mary-shelley", None, "Mary Shelley", False)]


def test_a_name_that_we_find_no_more_was_not_removed(save, changes, make_visit, versions):
    save(make_visit("one", BOTH, named=TWO))
    later = replace(versions, tagger="tagger-2")
    save(make_visit("one", BOTH.replace("asked", "begged")), code=later)

    assert changes() == []


def test_reading_the_archive_again_changes_nothing_that_an_outlet_wrote(save, changes, make_visit):
    save(make_visit("one", ASKED))
    stored = save(make_visit("one", BOTH, named=TWO), how=save_readings)

    assert (stored.versions_new, changes()) == (1, [])


def test_reading_again_leaves_the_state_of_the_page(save, warehouse, make_visit):
    save(make_visit("one", ASKED))
    with warehouse.transaction() as db:
        before = named_rows(db, "from page"), named_rows(db, "from capture")
    save(make_visit("one", BOTH, named=TWO), how=save_readings)

    with warehouse.transaction() as db:
        assert (named_rows(db, "from page"), named_rows(db, "from capture")) == before


# --- captures ------------------------------------------------------------------------------------


def pointer(offset: int, **fields) -> WarcPointer:
    return WarcPointer("2024/09/run.warc.gz", offset, SHA1_WARC, **fields)


def test_a_visit_leaves_a_row_that_says_which_record_it_left(save, warehouse, make_visit, noon):
    record = pointer(7, record_id="<urn:uuid:1>", sha256="5e1f")
    save(replace(make_visit("one"), record=record, final_url="https://wire.example/moved"))

    with warehouse.transaction() as db:
        (row,) = named_rows(db, "from capture")
    assert row == {
        "capture_id": capture_id_of(record),
        "page_id": stable_id("https://wire.example/one"),
        "url": "https://wire.example/moved",
        "kind": "response",
        "status": 200,
        "fetched_at": noon,
        "record_id": "<urn:uuid:1>",
        "refers_to": None,
        "warc_file": "2024/09/run.warc.gz",
        "warc_offset": 7,
        "payload_digest": SHA1_WARC,
        "payload_sha256": "5e1f",
        "discarded_at": None,
        "discarded_by": None,
    }


def test_a_visit_without_an_answer_leaves_none(save, warehouse, make_visit):
    save(replace(make_visit("one"), reading=None, failure="timeout", state="due"))

    with warehouse.transaction() as db:
        assert named_rows(db, "from capture") == []


@pytest.fixture
def due(warehouse, make_registry, make_poll, make_entry, noon):
    """Return the page of an entry, as due."""
    with warehouse.transaction() as db:
        save_registry(db, make_registry())
        save_polls(db, "run1", [make_poll(make_entry("one"))])
        (page,) = due_pages(db, noon)
    return replace(page, payload_digest=SHA1_HEX)


def captured(warehouse, page: DuePage) -> Original | None:
    with warehouse.transaction() as db:
        return with_originals(db, [page])[0].captured


def test_a_page_that_was_never_fetched_has_no_original(warehouse, due):
    assert captured(warehouse, due) is None
    assert captured(warehouse, replace(due, payload_digest=None)) is None


def test_the_original_is_the_newest_record_of_the_last_body(save, warehouse, due, make_visit, noon):
    for hours, record in (
        (0, pointer(1)),
        (1, pointer(2, record_id="<urn:uuid:2>", sha256="5e1f")),
        (2, replace(pointer(3), digest="sha1:OTHER")),
        (3, pointer(4, kind="revisit", refers_to="x")),
    ):
        save(replace(make_visit("one", at=noon + timedelta(hours=hours)), record=record))

    assert captured(warehouse, due) == Original(
        capture_id_of(pointer(2)),
        "<urn:uuid:2>",
        "https://wire.example/one",
        noon + timedelta(hours=1),
        SHA1_WARC,
        "5e1f",
    )
