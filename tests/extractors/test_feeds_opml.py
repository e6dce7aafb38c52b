"""OPML in and out, and where a site's feeds may be."""

import pytest

from extractors.errors import FeedError
from extractors.feeds.discover import candidates
from extractors.feeds.opml import read_opml, write_opml
from extractors.feeds.sitemap import sitemaps_in
from extractors.model import Feed

FEEDS = (
    Feed("one", "https://one.example/feed?a=1&b=2", "The “One”", "feed", "en"),
    Feed("two", "https://two.example/atom", "Zwei & Söhne", source="https://two.example/"),
)


def test_what_is_written_is_read_again():
    read = read_opml(write_opml(FEEDS, "ours"))

    assert [(s.url, s.title, s.site, s.language) for s in read] == [
        ("https://one.example/feed?a=1&b=2", "The “One”", None, "en"),
        ("https://two.example/atom", "Zwei & Söhne", "https://two.example/", None),
    ]


def test_folders_are_flattened_and_an_address_stands_once():
    body = b"""<opml version="1.1"><body>
    <outline text="Law"><outline text="A" XMLURL="http://a.example/f"/></outline>
    <outline text="again" xmlUrl="http://a.example/f"/><outline text="no feed"/></body></opml>"""

    assert [s.url for s in read_opml(body)] == ["http://a.example/f"]


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"\x00\x01", b"{}"])
def test_what_is_no_opml_is_refused(body):
    with pytest.raises(FeedError, match="no OPML"):
        read_opml(body)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "", "feed.xml"])
def test_an_address_that_cannot_be_fetched_is_no_feed(url):
    assert read_opml(f'<opml><body><outline xmlUrl="{url}"/></body></opml>'.encode()) == ()


def test_an_entity_of_an_opml_file_is_not_loaded():
    body = b"""<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/hostname">]>
    <opml><body><outline text="&x;" xmlUrl="http://a.example/f"/></body></opml>"""

    assert all("/" not in s.title and s.title.strip() == "" for s in read_opml(body))


def test_a_page_s_own_links_come_before_guesses():
    page = b"""<html><head><link rel="alternate" type="application/rss+xml" title=" All  news "
    href="/rss/all"><link rel="alternate" hreflang="es" href="/es"></head>
    <body><a href="/feeds">Our feeds</a><a href="https://else.example/rss">theirs</a></body></html>"""
    found = candidates(
        page, "https://one.example/news", "Sitemap: https://one.example/news-map.xml"
    )

    assert [(c.url, c.title, c.why) for c in found[:3]] == [
        ("https://one.example/rss/all", "All news", "link"),
        ("https://one.example/feeds", "Our feeds", "anchor"),
        ("https://one.example/news-map.xml", "", "robots"),
    ]
    assert {c.why for c in found[3:]} == {"usual"}


@pytest.mark.parametrize("body", [b"", b"\x00", b"<", b"plain"])
def test_a_page_that_names_no_feed_leaves_the_usual_places(body):
    assert {c.why for c in candidates(body, "https://one.example/")} == {"usual"}


def test_a_sitemap_index_is_told_from_a_sitemap():
    index = b"<sitemapindex><sitemap><loc> /a.xml </loc></sitemap><sitemap/></sitemapindex>"

    assert sitemaps_in(index, "https://one.example/x") == ("https://one.example/a.xml",)
    assert sitemaps_in(b"<urlset/>", "https://one.example/x") is None
    assert sitemaps_in(b"", "https://one.example/x") is None
