"""`casewatch feeds`: OPML out and in, and a site asked for its feeds."""

from __future__ import annotations

import pytest
import yaml

from extractors.feeds.opml import read_opml
from extractors.model import Registry
from flows.cli import main
from flows.discovery import discover, feed_yaml, unwatched

RSS = "<rss version='2.0'><channel><title>{}</title>{}</channel></rss>"
ENTRY = "<item><title>Report</title><link>http://one.example/a</link></item>"


def test_the_watched_feeds_go_out_as_opml_and_come_in_as_known(capsysbinary, tmp_path):
    assert main(["feeds", "export"]) == 0
    opml = capsysbinary.readouterr().out
    assert len(read_opml(opml)) > 25
    (tmp_path / "ours.opml").write_bytes(opml)

    assert main(["feeds", "import", str(tmp_path / "ours.opml")]) == 0
    assert b"0 of them not watched yet" in capsysbinary.readouterr().out


def test_what_an_opml_file_adds_is_yaml_with_ids_of_its_own(tmp_path, capsys):
    (tmp_path / "x.opml").write_text(
        '<opml><body><outline text="AP News" xmlUrl="https://new.example/rss" language="en-US"/>'
        '<outline text="AP News" xmlUrl="https://new.example/rss2"/></body></opml>'
    )

    assert main(["feeds", "import", str(tmp_path / "x.opml")]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == [
        {
            "id": "ap-news-2",
            "url": "https://new.example/rss",
            "outlet": "AP News",
            "kind": "feed",
            "language": "en",
        },
        {
            "id": "ap-news-3",
            "url": "https://new.example/rss2",
            "outlet": "AP News",
            "kind": "feed",
        },
    ]


@pytest.mark.parametrize("body", ["<html/>", ""])
def test_a_file_that_is_no_opml_is_wrong_use_and_named(body, tmp_path, capsys):
    (tmp_path / "x.opml").write_text(body)

    assert main(["feeds", "import", str(tmp_path / "x.opml")]) == 2
    assert "x.opml: no OPML" in capsys.readouterr().err


def test_the_feed_that_a_page_names_is_found_and_tried(odd_server, tmp_path):
    odd_server.says(
        "one.example/",
        '<link rel="alternate" type="application/rss+xml" href="/rss"><a href="/dead.rss">x</a>',
        Content_Type="text/html",
    )
    odd_server.says("one.example/rss", RSS.format("One", ENTRY), Content_Type="text/xml")

    found, problems = discover(odd_server.settings(tmp_path), "http://one.example/")

    assert [(feed.url, feed.title) for feed in found] == [("http://one.example/rss", "One")]
    assert problems == []
    assert "http://one.example/feed/" not in {f"http://{place}" for place, _ in odd_server.asked}


def test_a_page_that_names_none_is_asked_at_the_usual_places(odd_server, tmp_path):
    odd_server.says("one.example/", "<p>Hello</p>", Content_Type="text/html")
    odd_server.says("one.example/feed/", RSS.format("One", ENTRY), Content_Type="text/xml")
    odd_server.says("one.example/rss", RSS.format("Empty", ""), Content_Type="text/xml")

    found, _ = discover(odd_server.settings(tmp_path), "http://one.example/")

    assert [feed.url for feed in found] == ["http://one.example/feed/"]


def test_a_site_that_does_not_answer_is_named(odd_server, tmp_path):
    found, problems = discover(odd_server.settings(tmp_path, "one.example"), "http://one.example/")

    assert found == []
    assert "http://one.example/" in problems[0]


def test_a_last_slash_makes_no_new_feed():
    (known,) = read_opml(b'<opml><outline xmlUrl="https://a.example/f/"/></opml>')
    (feed,) = yaml.safe_load(feed_yaml([known], Registry((), (), (), "")))

    assert feed["outlet"] == "a.example"
    assert unwatched(Registry((), (), (), ""), [known]) == [known]
