"""The queue, and what reviewers do there, asked for as a browser without scripts would."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from extractors.model import Verdict
from review.queue import Filters, filters_from, list_queue
from review.verdicts import settle
from tests.review.conftest import desk_settings, served
from warehouse.evidence import verdict_rows
from warehouse.inbox import Judgement, put, waiting
from warehouse.store import open_copy


def alerts_in(answer):
    """Return the ids of the alerts on a page, in their order."""
    return re.findall(r'id="a-([0-9a-f]{16})"', answer.html)


def ranks_in(answer):
    return [int(rank) for rank in re.findall(r'class="alert sev-(\d)', answer.html)]


def test_the_queue_shows_open_alerts_worst_first(reader):
    answer = reader.get("/")

    assert answer.status == 200
    assert ranks_in(answer) == sorted(ranks_in(answer), reverse=True)
    assert len(alerts_in(answer)) == 25
    assert "Kevin Cooper" in answer.text


def test_a_passage_has_its_mentions_marked(reader):
    answer = reader.get("/?subject=robert-roberson")

    assert re.search("<mark>[^<]*Roberson</mark>", answer.html)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("subject=kevin-cooper", "Kevin Cooper"),
        ("severity=2", "Event"),
        ("outlet=Tribune", "Tribune"),
        ("language=es", "Spanish"),
    ],
)
def test_a_filter_leaves_what_it_names(reader, query, said):
    every, some = reader.get("/"), reader.get(f"/?{query}")

    shown = re.findall(r'<article class="alert.*?</article>', some.html, re.DOTALL)
    assert shown
    assert all(said in one for one in shown)
    assert re.search("match(es)?, worst first", some.text)
    assert not re.search("match(es)?, worst first", every.text)


def test_days_bound_the_queue(reader):
    with reader.desk.index.reading() as db:
        shown = list_queue(db, Filters(since="2026-11-10", until="2026-11-12"))

    assert shown.alerts
    assert {alert["day"] for alert in shown.alerts} <= {"2026-11-10", "2026-11-11", "2026-11-12"}


def test_pages_hold_every_alert_once(reader):
    first, second = reader.get("/"), reader.get("/?page=2")

    assert not set(alerts_in(first)) & set(alerts_in(second))
    assert 'rel="next" href="/?page=2"' in first.html
    assert alerts_in(reader.get("/?page=999"))  # the last there is


def test_search_finds_words_of_the_whole_article(reader):
    found = reader.get("/?q=shaken")

    assert "Robert Roberson" in found.text
    assert alerts_in(found)
    assert not alerts_in(reader.get("/?q=xyzzyx"))


def test_filters_that_cannot_be_are_left_out():
    query = {"verdict": "maybe", "severity": "9", "since": "soon", "page": "-3", "past": "x"}

    assert filters_from(query) == Filters()


def test_a_verdict_takes_the_alert_out_of_the_queue_at_once(web):
    alert = alerts_in(web.get("/"))[0]

    told = web.say("/judge", {"alert": alert, "verdict": "relevant"})

    assert told.pop("waiting") == {"alerts": 49, "candidates": 0}
    assert told == {"alert": alert, "said": "Relevant.", "verdict": "relevant"}
    assert alert not in alerts_in(web.get("/"))
    assert alert in alerts_in(web.get("/?verdict=relevant"))
    assert [one.alert_id for one in waiting(web.desk.settings.inbox)] == [alert]


def test_a_form_leads_back_and_says_what_was_done(web):
    alert = alerts_in(web.get("/"))[0]

    answer = web.post(
        "/judge", {"alert": alert, "verdict": "duplicate", "back": "/?severity=3#a-x"}
    )

    assert answer.status == 303
    assert answer.headers["location"] == "/?severity=3#a-x"
    assert "Duplicate. Undo" in web.get("/").text
    assert "Duplicate. Undo" not in web.get("/").text  # once


def test_undo_says_again_what_stood_before(web):
    alert = alerts_in(web.get("/"))[0]
    web.say("/judge", {"alert": alert, "verdict": "wrong_person"})
    web.say("/judge", {"alert": alert, "verdict": "relevant"})

    first = web.say("/undo", {})
    second = web.say("/undo", {})

    assert (first["verdict"], second["verdict"]) == ("wrong_person", "unsure")
    assert alert in alerts_in(web.get("/"))
    said = [str(one.verdict) for one in waiting(web.desk.settings.inbox)]
    assert said == ["wrong_person", "relevant", "wrong_person", "unsure"]  # appended, all of it


def test_undo_without_a_verdict_does_nothing(web):
    web.get("/")

    assert web.say("/undo", {})["said"] == "Nothing left to undo."
    assert not waiting(web.desk.settings.inbox)


def test_a_note_leaves_the_verdict_as_it_is(web):
    alert = alerts_in(web.get("/"))[0]
    web.say("/judge", {"alert": alert, "verdict": "relevant"})

    told = web.say("/note", {"alert": alert, "note": "confirmed by counsel"})

    assert told["verdict"] == "relevant"
    assert "confirmed by counsel" in web.get(f"/alert/{alert}").text


def test_an_assignment_is_kept_and_can_be_filtered(web):
    alert = alerts_in(web.get("/"))[3]

    web.say("/assign", {"alert": alert, "assignee": " Grace  Hopper "})

    assert alerts_in(web.get("/?assignee=Grace+Hopper")) == [alert]
    assert "assigned to Grace Hopper by ada" in web.get(f"/alert/{alert}").text
    assert settle(web.desk.settings)
    web.desk.keeper.catch_up()
    assert alerts_in(web.get("/?assignee=Grace+Hopper")) == [alert]
    web.say("/assign", {"alert": alert, "assignee": ""})
    assert alerts_in(web.get("/?assignee=Grace+Hopper")) == []


def test_a_name_stands_beside_each_later_verdict(web):
    alert = alerts_in(web.get("/"))[0]
    assert web.post("/name", {"name": "Zora"}).status == 303

    web.say("/judge", {"alert": alert, "verdict": "relevant"})

    assert waiting(web.desk.settings.inbox)[0].reviewer == "Zora"


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/judge", {"alert": "0" * 16, "verdict": "relevant"}),
        ("/judge", {"alert": "", "verdict": "maybe"}),
        ("/note", {"alert": "0" * 16, "note": "x"}),
        ("/name", {"name": "  "}),
    ],
)
def test_what_cannot_be_is_refused_and_not_kept(web, path, fields):
    web.get("/")

    assert web.post(path, fields).status == 400
    assert not waiting(web.desk.settings.inbox)


def test_verdicts_of_the_command_line_count_at_the_desk(web):
    alert = alerts_in(web.get("/"))[0]
    now = datetime.now(UTC)
    put(web.desk.settings.inbox, Judgement(alert, Verdict.DUPLICATE, "zora", now))

    assert alert not in alerts_in(web.get("/"))
    assert "Duplicate" in web.get(f"/alert/{alert}").text


def test_a_verdict_counts_while_it_goes_from_inbox_to_copy(web):
    """Between the publishing and the desk's next look, no reader sees the alert come back."""
    alert = alerts_in(web.get("/"))[0]
    web.say("/judge", {"alert": alert, "verdict": "relevant"})

    assert settle(web.desk.settings)

    assert not waiting(web.desk.settings.inbox)
    assert alert not in alerts_in(web.get("/"))  # the index is behind: the inbox's memory counts
    web.desk.keeper.catch_up()
    assert alert not in alerts_in(web.get("/"))
    with open_copy(web.desk.settings.copy) as db:
        assert [row["verdict"] for row in verdict_rows(db, alert)] == ["relevant"]


def test_an_older_verdict_in_the_inbox_does_not_undo_a_later_one(web):
    alert = alerts_in(web.get("/"))[0]
    web.say("/judge", {"alert": alert, "verdict": "relevant"})
    assert settle(web.desk.settings)
    web.desk.keeper.catch_up()
    before = datetime.now(UTC) - timedelta(hours=1)
    put(web.desk.settings.inbox, Judgement(alert, Verdict.WRONG_PERSON, "late", before))

    assert alert in alerts_in(web.get("/?verdict=relevant"))


def test_a_desk_without_a_copy_says_so(tmp_path):
    with served(desk_settings(tmp_path)) as web:
        answer = web.get("/")

    assert answer.status == 503
    assert "does not exist yet" in answer.text


def test_the_address_of_a_filtered_queue_keeps_what_differs():
    assert Filters().url() == "/"
    assert Filters(q="a b", page=3).url() == "/?q=a+b"
    assert Filters(q="a b").url(page=2, verdict="all") == "/?q=a+b&verdict=all&page=2"


def test_facts_for_a_script_are_json(web):
    alert = alerts_in(web.get("/"))[0]

    fields = {"alert": alert, "verdict": "unsure"}
    answer = web.post("/judge", fields, accept="application/json")

    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.body)["verdict"] == "unsure"
