"""The bundled news site: what the server answers, and that its pages are as expected.yaml says."""

from __future__ import annotations

import gzip
import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
import trafilatura
import yaml
from lxml import etree, html

from extractors.errors import UsageError
from flows.newsroom import Newsroom

ROOT = Path(__file__).resolve().parents[2] / "seeds" / "newsroom"
EXPECTED: dict[str, Any] = yaml.safe_load((ROOT / "expected.yaml").read_text(encoding="utf-8"))
FEEDS: list[dict[str, str]] = yaml.safe_load((ROOT / "feeds.yaml").read_text("utf-8"))["feeds"]
FEED_URLS = {feed["id"]: feed["url"] for feed in FEEDS}
PAGES: dict[str, dict[str, Any]] = {page["url"]: page for page in EXPECTED["pages"]}
ARTICLES = [url for url, page in PAGES.items() if page["kind"] == "article"]
READ = [url for url, page in PAGES.items() if page["kind"] not in {"listing", "video"}]
STATE_2 = {
    "http://herald.example/2026/11/12/hinton-stevenson-panel-montgomery/",
    "http://herald.example/feed/",
    "http://courier.example/atom.xml",
}
PANEL = "http://herald.example/2026/11/12/hinton-stevenson-panel-montgomery/"
ATOM = "http://courier.example/atom.xml"
SURNAMES = re.compile(
    r"Cooper|Julius|Reed|Glossip|Lucio|Toforest|Roberson|Marie|Payne|Bernard|Hinton|Flowers"
    r"|Marcellus|Syed|Mumia|Ibar|Cyntoia|Peltier|Kardashian|Innocence Project|Rihanna|Prejean"
)


class Answer:
    """What came back: status, headers, body."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = dict(response.getheaders())
        self.body = response.read()

    @property
    def text(self) -> str:
        declared = re.search(r"charset=([\w-]+)", self.headers["Content-Type"])
        in_page = re.search(rb'<meta charset="([\w-]+)"', self.body)
        return self.body.decode(declared[1] if declared else in_page[1].decode() if in_page else "")


def ask(site: Newsroom, url: str, method: str = "GET", **headers: str) -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, target, headers={"Host": parts.netloc, **named})
        return Answer(connection.getresponse())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def site() -> Iterator[Newsroom]:
    with Newsroom(ROOT) as running:
        yield running


@pytest.fixture(scope="module")
def later() -> Iterator[Newsroom]:
    with Newsroom(ROOT, state=2) as running:
        yield running


def body_of(site: Newsroom, url: str) -> str:
    return trafilatura.extract(ask(site, url).text, include_comments=False) or ""


def links_of(site: Newsroom, feed_id: str) -> list[str]:
    url = FEED_URLS[feed_id]
    answer = ask(site, url)
    if feed_id == "sport-daily":
        return [entry["url"] for entry in json.loads(answer.body)["items"]]
    if feed_id == "kurier-news":
        return [str(loc.text) for loc in etree.fromstring(answer.body).iterfind("{*}url/{*}loc")]
    parsed = feedparser.parse(answer.body)
    return [urljoin(url, entry.link) for entry in parsed.entries if "link" in entry]


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


# --- the server --------------------------------------------------------------------------------


def test_a_page_says_what_it_is_how_long_it_is_and_when_it_changed(site):
    answer = ask(site, PANEL)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert answer.headers["Last-Modified"] == "Fri, 20 Nov 2026 06:00:00 GMT"
    assert re.fullmatch(r'W/"[0-9a-f]{20}"', answer.headers["ETag"])


def test_a_port_in_the_host_header_changes_nothing(site):
    answer = ask(site, PANEL, Host=f"herald.example:{site.port}")

    assert answer.status == 200


def test_head_has_the_headers_of_get_and_no_body(site):
    got, asked = ask(site, PANEL), ask(site, PANEL, method="HEAD")

    assert asked.body == b""
    assert asked.headers["Content-Length"] == got.headers["Content-Length"]


def test_who_has_the_etag_gets_304_and_no_body(site):
    tag = ask(site, PANEL).headers["ETag"]
    again = ask(site, PANEL, If_None_Match=f'"other", {tag}')

    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == tag


def test_who_has_another_etag_gets_the_page_whatever_the_date_says(site):
    again = ask(
        site, PANEL, If_None_Match='"other"', If_Modified_Since="Fri, 20 Nov 2026 06:00:00 GMT"
    )

    assert again.status == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Fri, 20 Nov 2026 06:00:00 GMT", 304),
        ("Thu, 19 Nov 2026 06:00:00 GMT", 200),
        ("last Tuesday", 200),
    ],
)
def test_if_modified_since_is_honoured_where_it_is_a_date(site, since, status):
    assert ask(site, PANEL, If_Modified_Since=since).status == status


def test_a_page_is_gzipped_for_who_asks(site):
    plain, packed = ask(site, PANEL), ask(site, PANEL, Accept_Encoding="gzip, br")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 2
    assert gzip.decompress(packed.body) == plain.body


def test_one_connection_takes_many_requests(site):
    connection, statuses = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10), []
    for path in ("/robots.txt", "/feed/", "/nothing", "/"):
        connection.request("GET", path, headers={"Host": "herald.example"})
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
    connection.close()

    assert statuses == [200, 200, 404, 200]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://herald.example/feed/weather/", 410),
        ("http://herald.example/../server.yaml", 404),
        ("http://nobody.example/", 404),
        ("http://herald.example/feed", 301),
        ("http://herald.example/feed/?utm_source=x", 200),
    ],
)
def test_an_address_answers_with(site, url, status):
    assert ask(site, url).status == status


def test_a_person_finds_every_page_from_the_bare_address(site):
    bare = f"http://127.0.0.1:{site.port}"
    links = html.fromstring(ask(site, f"{bare}/").text).xpath("//a/@href")

    assert len(links) > 60
    assert {ask(site, bare + link).status for link in links} == {200}


def test_a_link_followed_in_a_browser_stays_at_its_outlet(site):
    bare = f"http://127.0.0.1:{site.port}"
    answer = ask(site, f"{bare}/feed/", Referer=f"{bare}/herald.example/")

    assert (answer.status, answer.headers["Location"]) == (302, "/herald.example/feed/")


def test_the_log_says_who_was_asked_for_what(site):
    before = len(site.log)
    ask(site, f"{ATOM}?page=2")
    ask(site, ATOM, If_None_Match="*")
    plain, conditional = site.log[before:]

    assert (plain.method, plain.host, plain.path) == ("GET", "courier.example", "/atom.xml?page=2")
    assert (plain.status, plain.conditional) == (200, False)
    assert (conditional.status, conditional.conditional) == (304, True)
    assert plain.at <= conditional.at


def test_a_state_that_is_not_there_is_named():
    with pytest.raises(UsageError, match=r"states \[1, 2\], not 3"):
        Newsroom(ROOT, state=3)


# --- the two states ----------------------------------------------------------------------------


def test_the_states_differ_in_three_files_only(site, later):
    changed = {
        f"http://{host}{path}"
        for host in site.hosts
        for path in site.pages(host)
        if site.find(host, path) != later.find(host, path)
    }

    assert changed == STATE_2
    assert all(site.pages(host) == later.pages(host) for host in site.hosts)


def test_a_correction_changes_text_date_etag_and_last_modified(site, later):
    before, after = ask(site, PANEL), ask(later, PANEL)

    assert "Toforest Johnson" not in body_of(site, PANEL)
    assert "Toforest Johnson" in body_of(later, PANEL)
    assert "Correction:" in after.text
    assert '"dateModified": "2026-11-20T09:05:00-06:00"' in after.text
    assert before.headers["ETag"] != after.headers["ETag"]
    assert after.headers["Last-Modified"] == "Fri, 20 Nov 2026 15:10:00 GMT"


def test_a_site_can_change_while_it_is_served():
    with Newsroom(ROOT) as site:
        tag = ask(site, PANEL).headers["ETag"]
        site.set_state(2)
        answer = ask(site, PANEL, If_None_Match=tag)

    assert answer.status == 200


def test_an_edited_title_keeps_its_id(site, later):
    before, after = (feedparser.parse(ask(at, ATOM).body).entries for at in (site, later))

    assert [entry.id for entry in before] == [entry.id for entry in after]
    assert len({entry.title for entry in after} - {entry.title for entry in before}) == 1


# --- the feeds -----------------------------------------------------------------------------------


def test_every_feed_is_expected_and_every_expectation_has_a_feed():
    assert [feed["id"] for feed in FEEDS] == [feed["id"] for feed in EXPECTED["feeds"]]


@pytest.mark.parametrize("feed", EXPECTED["feeds"], ids=lambda feed: feed["id"])
def test_a_feed_has_the_entries_that_are_expected(site, feed):
    links = links_of(site, feed["id"]) if feed["outcome"] != "gone" else []

    assert ask(site, FEED_URLS[feed["id"]]).status == feed.get("status", 200)
    assert len(links) == feed["entries"] - feed["without_link"]


@pytest.mark.parametrize("feed", EXPECTED["feeds"], ids=lambda feed: feed["id"])
def test_every_link_of_a_feed_resolves(site, feed):
    links = links_of(site, feed["id"]) if feed["outcome"] == "ok" else []

    assert {ask(site, link).status for link in links} <= {200}


def test_feeds_list_the_expected_pages_and_no_others(site):
    alive = [feed["id"] for feed in EXPECTED["feeds"] if feed["outcome"] == "ok"]
    links = {link.partition("?")[0] for feed_id in alive for link in links_of(site, feed_id)}

    assert links == set(PAGES)


def test_feeds_have_the_oddities_of_real_ones(site):
    local = feedparser.parse(ask(site, FEED_URLS["tribune-local"]).body)
    news = feedparser.parse(ask(site, FEED_URLS["herald-news"]).body)
    courts = feedparser.parse(ask(site, FEED_URLS["herald-courts"]).body)
    broken = feedparser.parse(ask(site, FEED_URLS["tribune-politics"]).body)

    assert not any("id" in entry for entry in local.entries)
    assert "31 Dec 9999" in " ".join(entry.published for entry in local.entries)
    assert all(entry.id.startswith("http://herald.example/?p=") for entry in news.entries)
    assert not any(entry.guidislink for entry in news.entries)
    assert sum("utm_source" in entry.link for entry in courts.entries) == 1
    assert {e.id for e in courts.entries} < {e.id for e in news.entries}
    assert b'href="/story/' in ask(site, ATOM).body
    assert broken.bozo
    assert not broken.entries


def test_robots_txt_forbids_the_one_page_that_is_not_to_be_fetched(site):
    rules = {host: ask(site, f"http://{host}/robots.txt") for host in site.hosts}
    forbidden = [url for url, page in PAGES.items() if page.get("fetched") is False]

    assert {answer.status for answer in rules.values()} == {200}
    assert "Disallow: /subscribers/" in rules["herald.example"].text
    assert [urlsplit(url).path.split("/")[1] for url in forbidden] == ["subscribers"]


# --- the pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ARTICLES)
def test_an_article_reads_as_one_and_a_namesake_has_text_to_be_told_apart_by(site, url):
    assert len(body_of(site, url).split()) >= (100 if PAGES[url]["mentions"] else 120)


def test_a_video_page_has_hardly_a_word(site):
    video = next(url for url, page in PAGES.items() if page["kind"] == "video")

    assert len(body_of(site, video).split()) < 60  # menu and links included


@pytest.mark.parametrize("url", READ)
def test_names_in_related_links_are_not_in_the_body(site, url):
    page = html.fromstring(ask(site, url).text)
    related = page.xpath(
        "//*[contains(@class, 'related') or contains(@class, 'most-read')"
        " or contains(@class, 'read-more')]//a/text()"
    )
    body = body_of(site, url)

    assert related
    assert not [title for title in related if title in body]


def test_a_page_without_mentions_has_tracked_names_in_its_related_links(site):
    library = "http://herald.example/2026/11/05/library-bond-measure-count/"

    assert len(set(SURNAMES.findall(ask(site, library).text))) >= 4
    assert not SURNAMES.findall(body_of(site, library))


def test_comments_name_people_whom_the_article_does_not(site):
    url = "http://herald.example/2026/11/03/cooper-supporters-ask-for-clemency/"
    comments = " ".join(html.fromstring(ask(site, url).text).xpath("//*[@id='comments']//text()"))

    assert "Rodney Reed" in comments
    assert "Rodney Reed" not in body_of(site, url)


def test_wire_copies_share_three_fifths_of_the_shorter(site):
    (story,) = EXPECTED["stories"].values()
    whole, cut, edited = (shingles(body_of(site, url)) for url in story)

    assert 0.4 < len(cut) / len(whole) < 0.6
    assert len(whole & cut) / len(cut) > 0.9
    assert len(whole & edited) / min(len(whole), len(edited)) > 0.6
    assert len(cut & edited) / len(cut) > 0.6
    assert [PAGES[url]["story"] for url in story] == ["roberson-hearing"] * 3


def test_charsets_are_told_in_three_ways(site):
    header = next(url for url in PAGES if "pablo-ibar" in url)
    meta = next(url for url in PAGES if "mumia" in url)

    assert ask(site, header).headers["Content-Type"] == "text/html; charset=iso-8859-1"
    assert b"<meta charset" not in ask(site, header).body
    assert ask(site, meta).headers["Content-Type"] == "text/html"
    assert "«\u00a0Nous avons vieilli avec lui\u00a0»" in ask(site, meta).text


# --- the expectations ----------------------------------------------------------------------------


@pytest.mark.parametrize("url", list(PAGES))
def test_an_alert_needs_a_mention_and_both_need_the_names_on_the_page(site, url):
    page = PAGES[url]
    families = {subject.split("-")[-1] for subject in page["mentions"]}
    text = ask(site, url).text.lower()
    organisations = {"dpic", "focus", "project", "initiative", "international", "innocence"}

    assert set(page["alerts"]) <= set(page["mentions"])
    assert all(name in text for name in families - organisations)


def test_every_tracked_subject_is_mentioned_in_one_state_or_the_other():
    mentioned = {subject for page in PAGES.values() for subject in page["mentions"]}
    added = {s for page in EXPECTED["state2"]["pages"] for s in page["mentions_added"]}

    assert mentioned | added == set(EXPECTED["subjects"])
