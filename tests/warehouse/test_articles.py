"""Articles and their versions: what a second look, a correction and a twin page leave behind."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from extractors.model import Advocacy, Event, Evidence, Modality
from warehouse.articles import Stored, save_visits
from warehouse.intake import save_polls, save_registry
from warehouse.rows import named_rows

ASKED = "Ada Byron asked the court for a new hearing."
GRANTED = "Ada Byron was granted a new hearing."
BOTH = "Ada Byron asked the court for a new hearing. Mary Shelley spoke for her."
TWO = {"ada-byron": "Ada Byron", "mary-shelley": "Mary Shelley"}
DERIVED = ("mention", "event", "advocacy_act", "claim")


@pytest.fixture
def save(warehouse, versions):
    """Store a batch of visits in a transaction of its own."""

    def saving(*visits: Any) -> Stored:
        with warehouse.transaction() as db:
            return save_visits(db, visits, versions)

    return saving


@pytest.fixture
def ask(warehouse):
    def asking(sql: str) -> list[tuple[Any, ...]]:
        with warehouse.transaction() as db:
            rows: list[tuple[Any, ...]] = db.execute(sql).fetchall()
        return rows

    return asking


@pytest.fixture
def everything(warehouse):
    """Return all rows of the tables that a visit may touch."""

    def looking() -> dict[str, list[dict[str, Any]]]:
        tables = ("article", "article_version", "page", "sketch", *DERIVED)
        with warehouse.transaction() as db:
            return {table: named_rows(db, f"from {table} order by all") for table in tables}

    return looking


def with_claims_of_every_kind(visit: Any) -> Any:
    """Return *visit* with an event, an act of advocacy and evidence beside its mentions."""
    reading = visit.reading
    evidence = (Evidence("full", 2.5, "Ada", 5, 8), Evidence("prior", -1.0))
    tagging = replace(
        reading.tagging,
        mentions=tuple(replace(m, evidence=evidence) for m in reading.tagging.mentions),
        events=(
            Event("stay", "ada-byron", Modality.ASKED, 5, 14, "Ada Byron", date(2024, 10, 1)),
            Event("hearing_set", "ada-byron", Modality.ASKED, 5, 14, "Ada Byron"),
        ),
        advocacy=(Advocacy("grace-hopper", "ada-byron", "said", 5, 14, "Ada Byron"),),
    )
    return replace(visit, reading=replace(reading, tagging=tagging))


# --- versions ------------------------------------------------------------------------------------


def test_an_article_read_for_the_first_time_is_version_one(save, ask, make_visit, noon):
    stored = save(make_visit("one", ASKED))

    assert stored == Stored(articles_new=1, mentions_new=1)
    assert ask("select url, versions, first_seen_at, outlet, host from article") == [
        ("https://wire.example/one", 1, noon, "wire", "wire.example")
    ]
    assert ask("select number, title, text, body_start from article_version") == [
        (1, "one", f"one\n\n{ASKED}", 5)
    ]


def test_a_version_points_at_its_record_and_at_the_code_that_read_it(save, ask, make_visit):
    save(make_visit())

    assert ask(
        "select warc_file, warc_offset, payload_digest, extractor_version from article_version"
    ) == [("2024/09/run.warc.gz", 0, "sha1:X", "extractor-1")]


def test_the_same_words_again_are_no_new_version(save, everything, make_visit, noon):
    save(make_visit("one", ASKED))
    before = everything()
    stored = save(make_visit("one", ASKED, at=noon + timedelta(days=1)))
    after = everything()

    assert stored == Stored()
    assert {k: v for k, v in after.items() if k != "page"} == {
        k: v for k, v in before.items() if k != "page"
    }
    assert after["page"][0]["last_fetched_at"] == noon + timedelta(days=1)


def test_edited_words_are_version_two(save, ask, make_visit, noon):
    save(make_visit("one", ASKED))
    stored = save(make_visit("one", GRANTED, at=noon + timedelta(days=1)))

    assert (stored.articles_new, stored.versions_new) == (0, 1)
    assert ask("select number, text from article_version order by 1") == [
        (1, f"one\n\n{ASKED}"),
        (2, f"one\n\n{GRANTED}"),
    ]
    assert ask("select versions, first_seen_at, text from articles") == [
        (2, noon, f"one\n\n{GRANTED}")
    ]


def test_a_name_that_an_edit_adds_is_told(save, make_visit):
    save(make_visit("one", ASKED))
    stored = save(make_visit("one", BOTH, named=TWO))

    assert stored.mentions_new == 1
    assert stored.edited == ("https://wire.example/one: new version (name added: mary-shelley)",)


def test_a_name_that_a_correction_takes_out_is_told(save, make_visit):
    save(make_visit("one", BOTH, named=TWO))
    stored = save(make_visit("one", ASKED))

    assert stored.mentions_new == 0
    assert stored.edited == ("https://wire.example/one: new version (name removed: mary-shelley)",)


def test_an_edit_that_names_the_same_people_is_told_without_names(save, make_visit):
    save(make_visit("one", ASKED))
    stored = save(make_visit("one", GRANTED))

    assert stored.edited == ("https://wire.example/one: new version",)


def test_words_that_come_back_stand_again_and_make_no_third_version(save, ask, make_visit):
    save(make_visit("one", ASKED))
    save(make_visit("one", BOTH, named=TWO))
    stored = save(make_visit("one", ASKED))

    assert stored.versions_new == 0
    assert stored.edited == (
        "https://wire.example/one: an earlier version again (name removed: mary-shelley)",
    )
    assert ask("select text, versions from articles") == [(f"one\n\n{ASKED}", 2)]
    assert ask("select number from article_version order by 1") == [(1,), (2,)]


def test_words_that_come_back_bring_their_mentions_and_claims(save, ask, make_visit):
    for body, named in ((ASKED, None), (BOTH, TWO), (ASKED, None), (BOTH, TWO)):
        save(with_claims_of_every_kind(make_visit("one", body, named=named)))

    for table in ("mention", "claim"):
        assert ask(
            f"from (from {table} join article_version using (version_id)) "
            "select number, count(*) group by all order by 1"
        ) == [(1, 1), (2, 2)]
    assert ask("select count(*) from event") == [(4,)]


def test_the_version_after_words_that_came_back_is_the_third(save, ask, make_visit):
    for body in (ASKED, GRANTED, ASKED, BOTH):
        save(make_visit("one", body))

    assert ask("select number from article_version order by 1") == [(1,), (2,), (3,)]
    assert ask("select versions from article") == [(3,)]


# --- twins ---------------------------------------------------------------------------------------


def test_a_twin_page_of_the_same_canonical_address_makes_no_version(save, ask, make_visit):
    main = make_visit("one", ASKED)
    twin = make_visit("one-amp", f"{ASKED} (AMP)", canonical=main.reading.article.canonical_url)
    save(main)
    stored = save(twin)

    assert stored == Stored()
    assert ask("select text, url from articles") == [
        (f"one\n\n{ASKED}", "https://wire.example/one")
    ]
    assert ask("select count(distinct article_id), count(*) from page") == [(1, 2)]


def test_two_pages_that_give_one_article_in_one_batch_make_one_version(save, ask, make_visit):
    main = make_visit("one", ASKED)
    twin = make_visit("one-amp", f"{ASKED} (AMP)", canonical=main.reading.article.canonical_url)

    assert save(main, twin).articles_new == 1
    assert ask("select count(*) from article_version") == [(1,)]
    assert ask("select count(*) from mention") == [(1,)]


def test_an_edit_is_stored_although_the_twin_comes_first_in_the_batch(save, ask, make_visit):
    main = make_visit("one", ASKED)
    twin = make_visit("one-amp", f"{ASKED} (AMP)", canonical=main.reading.article.canonical_url)
    save(main, twin)

    assert save(twin, make_visit("one", GRANTED)).versions_new == 1
    assert ask("select text from articles") == [(f"one\n\n{GRANTED}",)]


# --- what derives from a version -----------------------------------------------------------------


def test_mentions_are_stored_with_evidence_and_the_versions_that_made_them(save, ask, make_visit):
    save(with_claims_of_every_kind(make_visit("one", ASKED)))

    assert ask(
        "select subject_id, quote, kind, form, confidence, tier, evidence, tagger_version, "
        "registry_version from mention"
    ) == [
        (
            "ada-byron",
            "Ada Byron",
            "full",
            "Ada Byron",
            0.95,
            "confirmed",
            [
                {"term": "full", "weight": 2.5, "text": "Ada", "start": 5, "end": 8},
                {"term": "prior", "weight": -1.0, "text": "", "start": None, "end": None},
            ],
            "tagger-1",
            "registry-1",
        )
    ]


def test_events_and_acts_of_advocacy_are_stored(save, ask, make_visit):
    save(with_claims_of_every_kind(make_visit()))

    assert ask("select type, modality, event_date from event order by 1") == [
        ("hearing_set", "asked", None),
        ("stay", "asked", date(2024, 10, 1)),
    ]
    assert ask("select advocate_id, case_id, act, quote from advocacy_act") == [
        ("grace-hopper", "ada-byron", "said", "Ada Byron")
    ]


def test_rejected_mentions_are_stored_and_not_counted(save, ask, make_visit):
    stored = save(make_visit("one", BOTH, rejected={"mary-shelley": "Mary Shelley"}))

    assert stored.mentions_new == 1
    assert ask("select subject_id, tier from mention order by 1") == [
        ("ada-byron", "confirmed"),
        ("mary-shelley", "rejected"),
    ]


def test_a_name_that_was_only_rejected_before_counts_as_added(save, make_visit):
    save(make_visit("one", BOTH, rejected={"mary-shelley": "Mary Shelley"}))
    stored = save(make_visit("one", f"{BOTH} Twice.", named=TWO))

    assert stored.edited == ("https://wire.example/one: new version (name added: mary-shelley)",)


def test_every_stored_quote_is_the_text_of_its_span(save, ask, make_visit):
    body = "🙂 Ada Byron, “Ada Byron” and Zoë\u0301 Ruíz; Mary Shelley.\n\nAda Byron again."
    named = {"ada-byron": "Ada Byron", "zoe-ruiz": "Zoë\u0301 Ruíz"}
    save(make_visit("Ada Byron 🙂 heard", body, named=named, rejected={"mary": "Mary Shelley"}))
    rows = ask(
        "select text, start_offset, end_offset, quote from mention join article_version "
        "using (version_id)"
    )

    assert len(rows) == 6
    assert all(text[start:end] == quote for text, start, end, quote in rows)


def test_sql_finds_the_quote_at_its_code_points(save, ask, make_visit):
    save(make_visit("🙂🙂", f"Zoë\u0301 knows it: {ASKED}"))

    assert ask(
        "select substring(text, start_offset + 1, end_offset - start_offset), quote "
        "from mention join article_version using (version_id)"
    ) == [("Ada Byron", "Ada Byron")]


def test_the_sketch_is_of_the_words_that_stand_now(save, ask, make_visit):
    first, second = make_visit("one", ASKED), make_visit("one", GRANTED)
    save(first)
    save(second)

    assert ask("select shingles from sketch") == [(list(second.reading.sketch),)]
    assert ask("select distinct day from sketch") == [(date(2024, 9, 24),)]


def test_an_article_without_a_date_is_sketched_on_the_day_it_was_fetched(save, ask, make_visit):
    save(make_visit(published_at=None))

    assert ask("select distinct day from sketch") == [(date(2024, 9, 24),)]
    assert ask("select published_at, published_day from article") == [(None, None)]


# --- again, and failures -------------------------------------------------------------------------


def test_the_same_batch_again_changes_nothing(save, everything, make_visit):
    batch = [
        with_claims_of_every_kind(make_visit("one", ASKED)),
        make_visit("two", BOTH, named=TWO),
        failed_visit(make_visit("three")),
    ]
    save(*batch)
    before = everything()

    assert save(*batch) == Stored()
    assert everything() == before


def test_no_visits_are_nothing(save):
    assert save() == Stored()


def failed_visit(visit: Any, **fields: Any) -> Any:
    facts = {
        "state": "due",
        "status": 503,
        "failure": "http_5xx",
        "message": "HTTP 503",
        "reading": None,
    }
    return replace(visit, **(facts | fields))


def test_a_failure_is_a_row_and_counted(save, ask, make_visit, noon):
    later = noon + timedelta(hours=1)
    visit = failed_visit(make_visit(), next_fetch_at=later)
    save(visit)
    save(replace(visit, page=replace(visit.page, attempts=1)))

    assert ask(
        "select state, attempts, status, failure, failure_message, next_fetch_at from page"
    ) == [("due", 2, 503, "http_5xx", "HTTP 503", later)]
    assert ask("select count(*) from article") == [(0,)]


def test_a_failure_keeps_the_article_that_the_page_once_gave(save, ask, make_visit):
    visit = make_visit("one", ASKED)
    save(visit)
    article_id = visit.reading.article.id
    save(failed_visit(replace(visit, page=replace(visit.page, article_id=article_id))))

    assert ask("select article_id, failure from page") == [(article_id, "http_5xx")]
    assert ask("select text from articles") == [(f"one\n\n{ASKED}",)]


def test_a_page_keeps_the_feed_and_entry_that_promised_it(
    warehouse, save, ask, make_registry, make_poll, make_entry, make_visit, noon
):
    with warehouse.transaction() as db:
        save_registry(db, make_registry())
        save_polls(db, "run-1", [make_poll(make_entry("one"))])
    save(make_visit("one", ASKED, at=noon + timedelta(hours=1)))

    assert ask("select feed_id, entry_id, first_seen_at, state, next_fetch_at from page") == [
        ("wire", make_entry("one").id, noon, "done", None)
    ]


def test_a_validator_that_is_no_text_costs_no_page(save, ask, make_visit):
    save(replace(make_visit("one"), etag='"caf\udce9"'), make_visit("two"))

    assert ask("select count(*) from article") == [(2,)]
