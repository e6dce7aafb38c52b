from datetime import UTC, date, datetime

import pytest
from lxml.html import document_fromstring

from extractors.articles.dates import in_url
from extractors.articles.dates_read import read_date
from extractors.articles.dates_shown import read_shown
from extractors.articles.jsonld import Node, article_node, read_nodes
from extractors.articles.names import clean_names
from extractors.articles.read import read_article
from extractors.articles.titles import without_site
from extractors.model import Article, Page

FETCHED_AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
BODY = "<p>" + "The court said on Monday that the tests would go ahead as planned. " * 8 + "</p>"


def read(head="", body="", url="https://news.example.org/courts/stay") -> Article:
    html = f"<html lang='en'><head>{head}</head><body><article>{body}{BODY}</article></body></html>"
    return read_article(Page(url, url, 200, (), html.encode(), FETCHED_AT))


def json_ld(text) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def nodes_of(*scripts) -> tuple[Node, ...]:
    head = "".join(map(json_ld, scripts))
    return read_nodes(document_fromstring(f"<html><head>{head}</head><body>x</body></html>"))


# --- JSON-LD -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Stay"}',
        '[{"@type": "Organization", "name": "X"}, {"@type": ["NewsArticle"], "headline": "Stay"}]',
        '{"@graph": [{"@type": "WebPage", "name": "p"}, {"@type": "Article", "headline": "Stay"}]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "Stay"}}',
        '<!-- {"@type": "NewsArticle", "headline": "Stay"} -->',
        '//<![CDATA[\n{"@type": "http://schema.org/NewsArticle", "headline": "Stay",}\n//]]>',
        '{"@type": "NewsArticle", "description": "a\nb", "headline": "Stay"};',
        '{"@type": "NewsArticle", "headline": "Stay", "description": "a "quoted" word"}',  # broken
    ],
)
def test_a_headline_is_found_however_json_ld_is_written(script):
    node = article_node(nodes_of(script), "https://news.example.org/a")

    assert node is not None
    assert node["headline"] == "Stay"


def test_an_article_in_a_list_of_others_is_not_this_page():
    script = '{"@type": "ItemList", "itemListElement": [{"@type": "Article", "headline": "Other"}]}'

    assert article_node(nodes_of(script), "https://news.example.org/a") is None


def test_of_two_articles_the_one_with_this_address_is_the_page():
    scripts = (
        '{"@type": "Article", "headline": "Other", "url": "https://news.example.org/b"}',
        '{"@type": "Article", "headline": "Stay", "url": "https://news.example.org/a/"}',
    )
    node = article_node(nodes_of(*scripts), "https://news.example.org/a")

    assert node is not None
    assert node["headline"] == "Stay"


@pytest.mark.parametrize("script", ["", "null", "{", '"text"', "[[[[", '{"@id": "#x"}'])
def test_broken_json_ld_is_as_good_as_none(script):
    assert article_node(nodes_of(script), "https://news.example.org/a") is None


# --- titles --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Court stays execution - The Example Times", "Court stays execution"),
        ("Court stays execution | Example Times", "Court stays execution"),
        ("Example Times: Court stays execution", "Court stays execution"),
        ("Court stays execution - again", "Court stays execution - again"),
        ("Example Times", "Example Times"),
    ],
)
def test_the_outlets_name_is_no_part_of_a_title(title, expected):
    assert without_site(title, ("The Example Times",)) == expected


def test_the_headline_that_readers_see_wins_over_a_shortened_one():
    article = read(
        head='<meta property="og:title" content="Court stays execution of man">',
        body="<h1>Logo</h1><h1>Court stays execution of man after 30 years on death row</h1>",
    )

    assert article.title == "Court stays execution of man after 30 years on death row"


def test_a_section_above_the_headline_is_no_part_of_it():
    title = "Court stays execution after 30 years on death row"
    head = f'<meta property="og:title" content="{title}">'

    assert read(head, f"<h1>State politics {title}</h1>").title == title


def test_a_meta_element_may_say_value_for_content():
    assert read('<meta name="og:title" value="Court stays execution">').title == (
        "Court stays execution"
    )


# --- authors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Lee, Bob Ray and Cy Young", ("Ann Lee", "Bob Ray", "Cy Young")),
        ("by ann@example.org (Ann Lee)", ()),
        ("ANN LEE & BOB O'NEIL", ("Ann Lee", "Bob O'Neil")),
        ("Ann Lee, Staff Writer", ("Ann Lee",)),
        ("Ann Lee Senior Reporter", ("Ann Lee",)),
        ("Martin Luther King, Jr. and Ann Lee", ("Martin Luther King Jr.", "Ann Lee")),
        ("https://www.facebook.com/example", ()),
        ("Ann Lee @annlee", ("Ann Lee",)),
        ("Ann Lee, Ann Lee", ("Ann Lee",)),
        ("Von Anna Groß und Björn Weiß", ("Anna Groß", "Björn Weiß")),
        ("Ann Lee March 3, 2026", ("Ann Lee",)),
        ("admin", ()),
        ("Anderson Sand", ("Anderson Sand",)),
        ("", ()),
    ],
)
def test_a_byline_gives_its_names(byline, names):
    assert clean_names([byline]) == names


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('"Ann Lee"', ("Ann Lee",)),
        ('{"@type": "Person", "name": "Ann Lee"}', ("Ann Lee",)),
        ('[{"name": "Ann Lee"}, {"name": ["Bob Ray"]}]', ("Ann Lee", "Bob Ray")),
        ('{"@id": "#ann"}', ("Ann Lee",)),
        ('[{"@type": "Organization", "name": "Desk X"}, {"name": "Ann Lee"}]', ("Ann Lee",)),
        ('{"@type": "Organization", "name": "Example Times"}', ("Example Times",)),
        ('{"name": "Example Times Staff"}', ("Example Times Staff",)),
        ('{"name": "ann.lee.12"}', ("ann.lee.12",)),  # a handle, where nobody is named
        ('{"name": "Ann Lee | The Example Journal"}', ("Ann Lee",)),
        ('[{"name": "Ann Lee"}, {"name": "The Associated Press"}]', ("Ann Lee",)),
        ('{"name": "The Associated Press"}', ("The Associated Press",)),
        ("{}", ()),
    ],
)
def test_json_ld_names_the_authors_in_many_ways(author, names):
    head = '<meta property="og:site_name" content="Example Times">' + json_ld(
        f'[{{"@type": "NewsArticle", "headline": "Stay", "author": {author}}},'
        ' {"@type": "Person", "@id": "#ann", "name": "Ann Lee"}]'
    )

    assert read(head).authors == names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Lee | Reviewed by Bob Ray", ("Ann Lee",)),
        ("By Ann Lee and Bob Ray", ("Ann Lee", "Bob Ray")),
        ("By Ann Lee Photography by Bob Ray", ("Ann Lee",)),
    ],
)
def test_a_reviewer_or_photographer_is_no_author(byline, names):
    people = '[{"name": "Ann Lee"}, {"name": "Bob Ray"}]'
    head = json_ld(f'{{"@type": "Article", "headline": "Stay", "author": {people}}}')

    assert read(head, f"<h1>Stay</h1><div>{byline}</div>").authors == names


def test_the_meta_element_that_names_all_authors_completes_the_first():
    head = json_ld('{"@type": "Article", "headline": "Stay", "author": {"name": "Ann Lee"}}')

    assert read(f'{head}<meta name="author" content="Ann Lee, Bob Ray">').authors == (
        "Ann Lee",
        "Bob Ray",
    )


def test_a_byline_of_a_related_article_names_no_author():
    body = (
        '<p class="byline">By <a rel="author" href="/ann">Ann Lee</a></p>'
        '<div class="related"><a rel="author" href="/bob">Bob Ray</a></div>'
    )

    assert read(body=body).authors == ("Ann Lee",)


# --- dates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "has_zone"),
    [
        ("2026-03-09T18:30:00-05:00", datetime(2026, 3, 9, 23, 30, tzinfo=UTC), True),
        ("2026-03-09T18:30:00Z", datetime(2026, 3, 9, 18, 30, tzinfo=UTC), True),
        ("2026-03-09 18:30", datetime(2026, 3, 9, 18, 30, tzinfo=UTC), False),
        ("2026-03-09", datetime(2026, 3, 9, tzinfo=UTC), False),
        ("Mon, 09 Mar 2026 18:30:00 GMT", datetime(2026, 3, 9, 18, 30, tzinfo=UTC), True),
        ("March 9, 2026 6:30 PM EDT", datetime(2026, 3, 9, 22, 30, tzinfo=UTC), True),
        ("9 March 2026", datetime(2026, 3, 9, tzinfo=UTC), False),
        ("01.06.2026", datetime(2026, 6, 1, tzinfo=UTC), False),
        ("06/01/2026", datetime(2026, 6, 1, tzinfo=UTC), False),
        ("20260309", datetime(2026, 3, 9, tzinfo=UTC), False),
        ("1773081000", datetime(2026, 3, 9, 18, 30, tzinfo=UTC), True),
    ],
)
def test_a_date_is_read_with_its_zone(text, at, has_zone):
    assert read_date(text) == (at, has_zone)


@pytest.mark.parametrize(
    "text",
    ["", "today", "18:30", "Monday", "March 9", "2026", "March 2026", "12 hours ago", "x" * 99],
)
def test_half_a_date_is_none(text):
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("url", "days"),
    [
        ("https://x.org/2026/03/09/stay", ["2026-03-09"]),
        ("https://x.org/news/2026-3-9-stay", ["2026-03-09"]),
        ("https://x.org/20260309/stay.html", ["2026-03-09"]),
        ("https://x.org/story?date=2026-03-09", []),
        ("https://x.org/2026/stay-130926", []),
    ],
)
def test_a_day_in_the_address_is_read(url, days):
    assert list(in_url(url)) == days


ISO = "2026-03-09T18:30:00-05:00"
AT = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "body", "url", "expected"),
    [
        (
            json_ld(f'{{"@type":"Article","headline":"x","datePublished":"{ISO}"}}'),
            "",
            "a",
            (AT, "json_ld", True),
        ),
        (f'<meta property="article:published_time" content="{ISO}">', "", "a", (AT, "meta", True)),
        ("", f'<h1>Stay</h1><time datetime="{ISO}">Monday</time>', "a", (AT, "time_element", True)),
        ("", "", "2026/03/09/stay", (datetime(2026, 3, 9, tzinfo=UTC), "url", False)),
        (
            "",
            '<div class="date">March 9, 2026</div>',
            "a",
            (datetime(2026, 3, 9, tzinfo=UTC), "shown", False),
        ),
    ],
)
def test_a_publication_date_says_where_it_is_from(head, body, url, expected):
    article = read(head, body, f"https://news.example.org/{url}")

    assert (article.published_at, article.published_source, article.published_has_zone) == expected


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", ""),
        ("", "<footer>Copyright 1995-2026 Example Times</footer>"),
        ("", "<p>He was convicted in 1985.</p>"),
        ('<meta name="date" content="2027-01-01">', ""),  # later than tomorrow
        ('<meta name="date" content="0001-01-01T00:00:00Z">', ""),
        ('<meta name="date" content="today">', ""),
    ],
)
def test_a_page_without_a_date_has_none(head, body):
    article = read(head, body)

    assert article.published_at is None
    assert article.published_source is None
    assert article.published_has_zone is None


@pytest.mark.parametrize(
    ("stamp", "shown", "url", "offset"),
    [
        ("2026-03-09T02:30:00Z", "March 8, 2026", "a", -300),  # a day only: where most live
        ("2026-03-09T02:30:00Z", "March 8, 2026, 6:30 PM", "a", -480),
        ("2026-03-08T22:30:00Z", "9 March 2026 09:30", "a", 660),
        ("2026-03-09T02:30:00Z", "", "2026/03/08/stay", -300),
        ("2026-03-09T02:30:00Z", "", "2026/mar/08/stay", -300),
        ("2026-03-09T02:30:00Z", "March 9, 2026", "a", 0),
        ("2026-03-09T02:30:00Z", "Updated: March 10, 2026", "a", 0),
        ("2026-03-09T02:30:00Z", "March 2, 2026", "a", 0),  # another day altogether
        ("2026-03-09T02:30:00-05:00", "March 8, 2026", "a", -300),  # the page named its zone
    ],
)
def test_a_moment_in_utc_has_the_day_that_the_page_shows(stamp, shown, url, offset):
    head = f'<meta property="article:published_time" content="{stamp}">'
    article = read(head, f"<h1>Stay</h1><span>{shown}</span>", f"https://news.example.org/{url}")

    assert article.published_offset == offset


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Published: Dec. 22, 2025, 6:47 p.m.", date(2025, 12, 22)),
        ("October 16, 2025 · 8 min read", date(2025, 10, 16)),
        ("El 3 de marzo de 2026", date(2026, 3, 3)),
        ("9. März 2026", date(2026, 3, 9)),
        ("最終更新日：2026年3月9日", date(2026, 3, 9)),
        ("2026.03.09", date(2026, 3, 9)),
        ("09.03.2026", date(2026, 3, 9)),
        ("3/9/2026", date(2026, 3, 9)),
        ("25/3/2026", date(2026, 3, 25)),
        ("© March 9, 2026 Example Times", None),
        ("The man was arrested with two others on March 9, 2026 and then held", None),
        ("March 2026", None),
        ("February 31, 2026", None),
    ],
)
def test_a_byline_shows_a_day_and_a_sentence_does_not(text, day):
    shown = read_shown(text)

    assert (shown.day if shown else None) == day


def test_an_update_is_not_the_publication():
    script = (
        '{"@type": "Article", "headline": "x", "datePublished": "2026-03-01T08:00:00Z",'
        ' "dateModified": "2026-03-09T08:00:00Z"}'
    )
    article = read(json_ld(script))

    assert article.published_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert (article.updated_at, article.updated_source) == (
        datetime(2026, 3, 9, 8, tzinfo=UTC),
        "json_ld",
    )


def test_the_outlets_own_day_is_kept_beside_the_moment():
    article = read('<meta property="article:published_time" content="2026-03-09T22:30:00-05:00">')

    assert article.published_at == datetime(2026, 3, 10, 3, 30, tzinfo=UTC)
    assert article.published_offset == -300
