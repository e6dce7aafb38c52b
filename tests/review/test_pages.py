"""What each page tells, over the newsroom's articles."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.review.test_queue import alerts_in
from warehouse.publish import publish
from warehouse.store import Warehouse


def alert_about(web, subject, **filters):
    query = "&".join(
        f"{k}={v}" for k, v in ({"subject": subject, "verdict": "all"} | filters).items()
    )
    return alerts_in(web.get(f"/?{query}"))[0]


def test_an_alert_tells_its_evidence_in_words(reader):
    page = reader.get(f"/alert/{alert_about(reader, 'kevin-cooper')}")

    assert "Why it is believed" in page.text
    assert "no namesake cues" in page.text
    assert "more than 99 % sure" in page.text
    assert '<mark title="Kevin Cooper">' in page.html


def test_an_alert_lists_its_outlets_and_how_their_copies_differ(reader):
    page = reader.get(f"/alert/{alert_about(reader, 'robert-roberson')}")

    assert "How Tribune differs from The Courier" in page.text
    assert "<ins>" in page.html
    assert "<del>" in page.html


def test_an_edited_article_shows_what_changed(reader):
    edited = [one for one in every_alert(reader) if "The article was edited" in one.text]

    assert edited
    assert "Version 2" in edited[0].text
    assert "<ins>" in edited[0].html


def test_rejected_candidates_are_told_with_their_reason(reader):
    found = [one for one in every_alert(reader) if "looked at and not counted" in one.text]

    assert found
    assert "rejected: " in found[0].text


def test_passages_of_violence_are_folded(reader):
    page = reader.get(f"/alert/{alert_about(reader, 'robert-roberson')}")

    assert re.search(r'<details class="fold"><summary><b>Paragraph folded:</b>', page.html)
    assert "tells of violence (blood)" in page.text


def test_previous_and_next_walk_through_the_filtered_queue(reader):
    ids = alerts_in(reader.get("/?severity=2"))
    middle = reader.get(f"/alert/{ids[1]}?severity=2").html

    assert f'href="/alert/{ids[0]}?severity=2" data-key="k"' in middle
    assert f'href="/alert/{ids[2]}?severity=2" data-key="j"' in middle


def test_a_case_has_chart_events_and_silence(reader):
    page = reader.get("/case/robert-roberson")

    assert '<svg class="chart"' in page.html
    assert "Articles about Robert Roberson by day" in page.html
    assert "stopped his execution" in page.text  # the words of an event
    assert "heard of" in page.text
    assert "Execution stayed." in page.text


def test_a_copy_without_a_column_that_is_asked_for_is_said_to_be_of_an_older_casewatch(web):
    warehouse = Warehouse(web.desk.settings.warehouse)
    with warehouse.transaction() as db:
        db.execute("alter table subject drop column display_name")
    publish(warehouse, web.desk.settings.copy)

    page = web.get("/case/robert-roberson")

    assert page.status == 503
    assert "the published copy is of an older casewatch" in page.text.lower()


def test_each_page_begins_its_papers_with_its_title_and_the_day(reader):
    alert = alert_about(reader, "robert-roberson")
    for path, title in (
        ("/", "Queue"), ("/case/kevin-cooper", "Kevin Cooper"), ("/overview", "Overview"),
        (f"/alert/{alert}", "Robert Roberson: Texas hearing on Robert Roberson's conviction"),
    ):  # fmt: skip
        running = re.search(r'<div class="running".*?</div></div>', reader.get(path).html)
        assert running
        assert f"<b>{title}" in unescape(running[0])
        assert re.search(r"as of \d{1,2} \w{3} \d{4}, \d\d:\d\d UTC", running[0])


def test_papers_name_sources_by_their_address(reader):
    events = reader.get("/case/robert-roberson").html
    spoken = reader.get("/advocate/kim-kardashian").html

    assert re.search(r'<span class="print-only small soft url">http://\w+\.example/', events)
    assert re.search(r'<span class="print-only url">http://\w+\.example/', spoken)
    assert 'class="away "' in events  # its status: the address stands behind these words on paper
    assert "bare" in reader.get("/overview").html  # an address that is its own words: not twice


def test_a_case_names_who_speaks_for_it(reader):
    told = [reader.get(f"/case/{one}").text for one in ("julius-jones", "curtis-flowers")]
    advocates = reader.get("/advocate/kim-kardashian").text

    assert any("Who speaks for the case" in one for one in told)
    assert "For whom, in their words" in advocates
    assert "The registry links them to" in advocates


def test_a_case_asked_for_as_an_advocate_is_led_to_its_page(reader):
    assert reader.get("/advocate/kevin-cooper").headers["location"] == "/case/kevin-cooper"


def test_the_overview_shows_everybody_and_the_feeds(reader):
    page = reader.get("/overview")

    assert page.html.count('class="tile"') > 30
    assert "2 failing" in page.text
    assert "HTTP 410" in page.text


def test_an_article_marks_everybody_whom_it_names(reader):
    alert = alert_about(reader, "robert-roberson")
    article = re.findall(r"/article/([0-9a-f]{16})", reader.get(f"/alert/{alert}").html)

    page = reader.get(f"/article/{article[0]}")

    assert '<mark title="Robert Roberson">' in page.html
    assert '<mark title="Jeff Leach">' in page.html


def test_the_archived_page_is_framed_without_powers(reader):
    alert = alert_about(reader, "kevin-cooper")
    version = re.findall(r"/archived/([0-9a-f]{16})", reader.get(f"/alert/{alert}").html)[0]

    page = reader.get(f"/archived/{version}")
    inner = reader.get(f"/archived/{version}/page")
    source = reader.get(f"/archived/{version}/source")

    assert 'sandbox=""' in page.html
    assert "WARC-Target-URI" in page.text
    assert "Cooper" in inner.html
    assert "<script" not in inner.html
    assert "<link" not in inner.html
    assert "default-src 'none'" in inner.headers["content-security-policy"]
    assert inner.headers["content-security-policy"].endswith("sandbox")
    assert source.headers["content-type"].startswith("text/plain")


def test_search_through_all_articles_marks_what_was_found(reader):
    page = reader.get("/search?q=clemency")

    assert "<mark>clemency</mark>" in page.html.lower()
    assert "newest first" in page.text
    assert "No article has these words" in reader.get("/search?q=xyzzyx").text


@pytest.mark.parametrize(
    "path",
    [
        "/alert/0000000000000000", "/article/x", "/case/nobody", "/archived/x", "/compare/a/b",
        "/cases/nobody/edit", "/nowhere", "/archived/x/page",
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_with_404(reader, path):
    answer = reader.get(path)

    assert answer.status == 404
    assert "Not found" in answer.text


def test_a_compared_text_is_shown_word_by_word(reader):
    page = reader.get(f"/alert/{alert_about(reader, 'robert-roberson')}").html
    ids = re.findall(r"/archived/([0-9a-f]{16})", page)

    same = reader.get(f"/compare/{ids[0]}/{ids[0]}")

    assert "Word for word the same" in same.text


def test_no_page_asks_another_host_for_anything(reader):
    for path in ("/", "/overview", "/cases", "/case/kevin-cooper", "/search?q=prison"):
        page = reader.get(path).html
        asked = re.findall(r'(?:src|srcset|action|poster|data)="([^"]*)"', page)
        asked += re.findall(r'<link[^>]*href="([^"]*)"', page)

        assert asked
        assert all(one.startswith("/") and not one.startswith("//") for one in asked), path


def test_every_link_away_hides_where_it_came_from(reader):
    for page in every_alert(reader)[:5]:
        away = re.findall(r'<a [^>]*href="http[^>]*>', page.html)

        assert away
        assert all('rel="noopener noreferrer' in one for one in away)


_SEEN: dict[int, list] = {}


def every_alert(web):
    """Return the page of every alert."""
    if web.port not in _SEEN:
        ids = [*alerts_in(web.get("/?verdict=all&past=all"))]
        ids += alerts_in(web.get("/?verdict=all&past=all&page=2"))
        _SEEN[web.port] = [web.get(f"/alert/{one}") for one in ids]
    return _SEEN[web.port]
