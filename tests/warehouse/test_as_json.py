"""What is staged comes back as it was."""

from dataclasses import replace
from datetime import UTC, date, datetime

from extractors.model import Advocacy, Event, Evidence, Modality
from warehouse.as_json import from_json, to_json
from warehouse.backfills import Progress
from warehouse.staging import Batch


def test_a_batch_comes_back_equal(make_visit, versions):
    visit = make_visit(rejected={"ada-byron": "hearing"})
    mention = replace(
        visit.reading.tagging.mentions[0], evidence=(Evidence("full", 3.5, "Ada", 0, 3),)
    )
    event = Event("stay", "ada-byron", Modality.ORDERED, 1, 5, "stay", date(2026, 1, 2), True)
    advocacy = (Advocacy("charles", "ada-byron", "said", 0, 4, "said"),)
    tagging = replace(
        visit.reading.tagging, mentions=(mention,), events=(event,), advocacy=advocacy
    )
    reading = replace(visit.reading, tagging=tagging)
    failed = replace(make_visit("two"), reading=None, failure="timeout", state="failed")
    progress = Progress("/x.warc.gz", "warc", "17", 2, 1, 1, True)
    batch = Batch((replace(visit, reading=reading), failed), versions, progress)

    assert from_json(Batch, to_json(batch)) == batch


def test_times_keep_their_zone(make_visit, versions):
    batch = Batch((make_visit(at=datetime(2026, 1, 2, 3, 4, 5, 678, UTC)),), versions)

    assert from_json(Batch, to_json(batch)) == batch


def test_half_a_character_costs_no_batch(make_visit, versions):
    batch = Batch((make_visit(body="Ada Byron \ud83d hello"),), versions)

    (visit,) = from_json(Batch, to_json(batch)).visits

    assert visit.reading
    assert visit.reading.article.text == "one\n\nAda Byron \ufffd hello"
