"""Whole pages, written for these tests, from bytes to article."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.articles.canon import canonical_text
from extractors.articles.read import read_article
from extractors.errors import PageError
from extractors.model import Article, Entry, Page, PageKind, stable_id

URL = "https://news.example.org/courts/stay-granted"
FETCHED_AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
PARAGRAPHS = (
    "The state's highest court on Monday stayed the execution of a man who has spent three decades"
    " on death row, hours before it was to be carried out, and ordered new tests of the evidence.",
    "In a brief order the justices said that the trial court should hear the testimony of two"
    " witnesses whose statements had never been shown to the defence before the first trial began.",
    "Lawyers for the man said that they were grateful, and that the tests would show what they have"
    " said for years. Prosecutors said that they would study the order and answer it in writing.",
    "The order gives both sides sixty days to agree on a laboratory. If they cannot agree, then the"
    " judge will choose one from a list that the two sides submitted to the court in September.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def make_html(
    head="", body=BODY, before="", after="", lang=' lang="en"', h1="Court stays execution"
) -> str:
    heading = f"<h1>{h1}</h1>" if h1 else ""
    return (
        f"<!DOCTYPE html><html{lang}><head><meta charset='utf-8'>{head}</head><body>{before}"
        f"<main><article>{heading}{body}</article></main>{after}</body></html>"
    )


def make_page(html="", *, body=None, url=URL, headers=(), fetched_at=FETCHED_AT) -> Page:
    content = html.encode() if body is None else body
    return Page(url, url, 200, headers, content, fetched_at)


def read(html, **page) -> Article:
    return read_article(make_page(html, **page))


def make_entry(**values) -> Entry:
    return Entry(id="e1", feed_id="f", url=URL, **{"title": "From the feed", **values})


def json_ld(text) -> str:
    return f'<script type="application/ld+json">{text}</script>'


# --- text ----------------------------------------------------------------------------------------


def test_an_article_is_its_title_a_blank_line_and_its_body():
    article = read(make_html())

    assert article.title == "Court stays execution"
    assert article.text == "Court stays execution\n\n" + article.text[article.body_start :]
    assert article.text[article.body_start :].split("\n") == list(PARAGRAPHS)
    assert article.id == stable_id(URL)
    assert article.text_hash == stable_id(article.text)
    assert article.page_kind == PageKind.ARTICLE


def test_a_title_that_opens_the_body_stands_once():
    article = read(make_html(body=f"<p>Court stays execution</p>{BODY}"))

    assert article.text.count("Court stays execution") == 1


@pytest.mark.parametrize(
    "block",
    [
        '<div class="related-articles"><h3>Related</h3><p>{}</p></div>',
        '<aside class="c-moreStories"><ul><li><a href="/x">{}</a></li></ul></aside>',
        '<section id="comments"><div class="comment"><p>{}</p></div></section>',
        '<div class="newsletter-signup"><p>{}</p></div>',
        '<div class="TrendingList"><ol><li><a href="/x">{}</a></li></ol></div>',
        '<nav class="menu"><a href="/x">{}</a></nav>',
        '<div id="disqus_thread"><p>{}</p></div>',
        '<p><strong>Related:</strong> <a href="/x">{}</a></p>',
        '<p>READ MORE: <a href="/x">{}</a></p>',
        '<h3>Related stories</h3><ul><li><a href="/x">{}</a></li><li><a href="/y">B</a></li></ul>',
        '<div class="recommended"><a href="/x">{}</a><p>Two days before the hearing.</p></div>',
    ],
)
@pytest.mark.parametrize("place", ["in the article", "behind it"])
def test_a_name_around_the_article_is_not_in_its_text(block, place):
    filled = block.format("Kevin Cooper asks the governor for a hearing about his case this week")
    inside = place == "in the article"
    html = make_html(
        body=f"<p>{PARAGRAPHS[0]}</p>{filled if inside else ''}" + BODY,
        after="" if inside else filled,
    )
    text = read(html).text

    assert "Kevin Cooper" not in text
    assert all(paragraph in text for paragraph in PARAGRAPHS)


@pytest.mark.parametrize(
    "wrapper",
    [
        '<div class="article has-comments related-enabled">{}</div>',
        '<div class="trending story"><div itemprop="articleBody">{}</div></div>',
        '<div class="correlated">{}</div>',
    ],
)
def test_an_article_in_a_badly_named_block_is_kept(wrapper):
    text = read(make_html(body=wrapper.format(BODY))).text

    assert all(paragraph in text for paragraph in PARAGRAPHS)


def test_a_sentence_that_begins_with_related_is_kept():
    sentence = "Related: the court also set a date for the second hearing in the county of Alameda."

    assert sentence in read(make_html(body=f"{BODY}<p>{sentence}</p>")).text


def test_a_page_with_a_huge_script_keeps_its_text():
    html = make_html(after=f"<script>var state = '{'x <p>y</p> ' * 20_000}';</script>")

    assert PARAGRAPHS[3] in read(html).text


@pytest.mark.parametrize("control", ["\x02", "&#2;", "&#x1F;", "&#00;", "\ufffe"])
def test_a_control_character_costs_itself_and_not_the_text(control):
    article = read(make_html(body=BODY.replace("order", f"or{control}der")))

    assert article.text[article.body_start :].split("\n") == list(PARAGRAPHS)


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_the_stored_text_is_canonical_whatever_the_title(title):
    article = read(make_html(h1="", head=f'<meta property="og:title" content="{title}">'))

    assert canonical_text(article.text) == article.text
    assert canonical_text(article.title) == article.title


# --- bytes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "label", "header"),
    [
        ("utf-8", "iso-8859-1", ""),  # mislabelled in the page
        ("utf-8", "", "text/html; charset=ISO-8859-1"),  # and by the server
        ("cp1252", "iso-8859-1", ""),
        ("cp1252", "", "text/html; charset=windows-1252"),
        ("utf-8-sig", "", ""),
        ("utf-16", "", ""),
        ("cp1252", "", ""),  # no label at all
    ],
)
def test_a_page_is_read_in_its_real_encoding(encoding, label, header):
    html = make_html(
        body=BODY + "<p>José Núñez, “innocent” for 30 years, said his sister Renée.</p>"
    )
    html = html.replace("<meta charset='utf-8'>", f"<meta charset='{label}'>" if label else "")
    headers = (("Content-Type", header),) if header else ()

    assert "José Núñez, “innocent”" in read("", body=html.encode(encoding), headers=headers).text


def test_japanese_in_shift_jis_is_read_by_its_label():
    text = "最高裁判所は月曜日に、死刑囚の再審請求を認める決定を出した。" * 12
    html = make_html(lang=' lang="ja"', body=f"<p>{text}</p>", h1="再審").replace(
        "utf-8", "shift_jis"
    )

    assert text in read("", body=html.encode("cp932")).text


@pytest.mark.parametrize(
    ("body", "headers", "kind"),
    [
        (b"%PDF-1.7 ...", (), "not_html"),
        (b"\x89PNG\r\n", (("content-type", "text/html"),), "not_html"),
        (b'{"a": 1}', (("content-type", "application/json"),), "not_html"),
        (b'<?xml version="1.0"?><rss version="2.0"></rss>', (), "not_html"),
        (b"  \n", (), "no_text"),
        (b"<html><body><h1>Title</h1></body></html>", (), "no_text"),
        (b"<html><body><ul><li><a href='/'>Home</a></li></ul></body></html>", (), "no_text"),
        (b"<p>x</p>" + b" " * 5_000_000, (), "too_large"),
        (b"<div>" + b"<i>x</i>" * 20_001 + b"</div>", (), "too_many_elements"),
        (b"<!-- -->", (), "parse"),
    ],
)
def test_what_is_no_article_is_named(body, headers, kind):
    with pytest.raises(PageError) as caught:
        read("", body=body, headers=headers)

    assert caught.value.kind == kind


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_bytes_raise_anything_but_a_page_error(body):
    with suppress(PageError):
        read_article(make_page(body=b"<html><body><p>" + body))


# --- address -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        (
            "https://news.example.org/courts/stay-granted-2",
            "https://news.example.org/courts/stay-granted-2",
        ),
        ("/courts/stay-granted-2", "https://news.example.org/courts/stay-granted-2"),
        ("https://news.example.org/", URL),  # the home page stands for no article
        ("https://elsewhere.example.com/copied", URL),
        ("javascript:void(0)", URL),
        ("", URL),
    ],
)
def test_the_canonical_address_is_the_pages_own_if_sane(link, canonical):
    article = read(make_html(head=f'<link rel="canonical" href="{link}">'))

    assert (article.url, article.canonical_url) == (URL, canonical)


# --- kinds ---------------------------------------------------------------------------------------

CLOSED = json_ld(
    '{"@type": "NewsArticle", "headline": "Court stays execution", "isAccessibleForFree": "False"}'
)


def test_the_beginning_before_a_paywall_is_a_teaser():
    html = make_html(
        head=CLOSED, body=f"<p>{PARAGRAPHS[0]}</p><div>Subscribe to continue reading</div>"
    )

    assert read(html).page_kind == PageKind.TEASER


def test_a_whole_article_that_says_it_is_not_free_is_an_article():
    assert read(make_html(head=CLOSED, body=BODY * 5)).page_kind == PageKind.ARTICLE


def test_a_live_blog_is_one():
    head = json_ld(
        '{"@type": "LiveBlogPosting", "headline": "Court stays execution", "liveBlogUpdate": []}'
    )

    assert read(make_html(head=head)).page_kind == PageKind.LIVE_BLOG


def test_a_bot_check_is_no_article():
    html = "<html><title>Just a moment...</title><body><p>Verify you are human</p></body></html>"

    assert read(html).page_kind == PageKind.CHALLENGE


@pytest.mark.parametrize(
    ("url", "head", "h1"),
    [
        (
            "https://shop.example.org/products/lamp",
            json_ld('{"@type": "Product", "name": "Desk lamp"}'),
            "Desk lamp",
        ),
        (
            "https://forum.example.org/threads/90",
            json_ld('{"@type": "DiscussionForumPosting", "headline": "Which lamp?"}'),
            "Which lamp?",
        ),
        ("https://docs.example.org/api/reference", "", "API reference"),
    ],
)
def test_a_page_that_is_no_article_is_told_from_one(url, head, h1):
    body = f"<pre>lamp.on()</pre>{BODY}<button>Add to cart</button><p>We ship our lamps.</p>"
    page = make_page(make_html(head=head, h1=h1, body=body), url=url)

    assert read_article(page).page_kind == PageKind.OTHER


def test_what_a_feed_promised_is_an_article_sooner():
    page = make_page(make_html(h1="Statement"), url="https://example.org/statement")

    assert read_article(page, entry=make_entry()).page_kind == PageKind.ARTICLE


def test_a_home_page_is_a_listing():
    assert read(make_html(), url="https://news.example.org/").page_kind == PageKind.LISTING


def test_a_video_with_a_caption_is_a_video():
    html = make_html(
        head='<meta property="og:type" content="video.other">', body=f"<p>{PARAGRAPHS[0]}</p>"
    )

    assert read(html).page_kind == PageKind.VIDEO


# --- language ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "head", "feed", "language"),
    [
        (' lang="en-US"', "", None, ("en", "html")),
        ("", '<meta property="og:locale" content="en_GB">', None, ("en", "meta")),
        (
            "",
            json_ld('{"@type":"Article","headline":"x","inLanguage":"en"}'),
            None,
            ("en", "json_ld"),
        ),
        ("", "", "en-us", ("en", "feed")),
        ("", "", None, ("en", "detected")),
        (' lang="de"', "", None, ("en", "detected")),  # a template's language, not the text's
    ],
)
def test_the_language_is_the_declared_one_unless_the_text_speaks_another(
    lang, head, feed, language
):
    page = make_page(make_html(lang=lang, head=head))
    article = read_article(page, feed_language=feed)

    assert (article.language, article.language_source) == language


def test_a_feed_fills_what_the_page_does_not_say():
    at = datetime(2026, 3, 9, 18, 30, tzinfo=UTC)
    entry = make_entry(authors=("Ann Lee",), published_at=at)
    article = read_article(make_page(make_html(h1="")), entry=entry)

    assert article.title == "From the feed"
    assert article.authors == ("Ann Lee",)
    assert (article.published_at, article.published_source) == (at, "feed")
