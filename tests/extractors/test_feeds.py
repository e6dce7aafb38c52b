"""What a feed's body becomes: every format, every way to be broken, nothing that harms."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import FeedError
from extractors.feeds import parse_feed

URL = "https://paper.example/news/feed.xml"


def rss(*items: str, head: str = "", declaration: str = '<?xml version="1.0"?>') -> str:
    return (
        f'{declaration}<rss version="2.0"{head}><channel><title>The Paper</title>'
        f"<link>https://paper.example/</link>{''.join(items)}</channel></rss>"
    )


def item(number: int = 1, extra: str = "") -> str:
    return (
        f"<item><title>Story {number}</title><link>https://paper.example/{number}</link>"
        f"<guid>story-{number}</guid>{extra}</item>"
    )


def parse(body: str | bytes, **more: str):
    return parse_feed(body.encode() if isinstance(body, str) else body, url=URL, **more)


def only(body: str | bytes):
    (entry,) = parse(body).entries
    return entry


def failure_of(body: bytes) -> str | None:
    try:
        repr(parse(body)).encode("utf-8")
    except FeedError as error:
        return error.kind
    return None


def test_an_rss_item_is_an_entry():
    feed = parse(
        rss(
            item(
                7,
                "<pubDate>Tue, 05 Mar 2024 08:00:00 -0500</pubDate><author>Ann Lee</author>"
                "<description>&lt;p&gt;Court &amp;amp; appeal&lt;/p&gt;</description>",
            )
        ),
        feed_id="paper",
    )
    (entry,) = feed.entries

    assert (feed.title, feed.format, feed.warnings) == ("The Paper", "rss20", ())
    assert (entry.feed_id, entry.guid, entry.title) == ("paper", "story-7", "Story 7")
    assert entry.url == "https://paper.example/7"
    assert entry.summary == "Court & appeal"
    assert entry.published_at == datetime(2024, 3, 5, 13, tzinfo=UTC)
    assert entry.authors == ("Ann Lee",)


def test_an_atom_entry_keeps_published_and_updated_apart():
    entry = only(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://atom.example/a/" '
        'xml:lang="de"><title>A</title><entry><id>tag:atom.example,2024:1</id>'
        '<title type="html">Ein &lt;b&gt;'
        'Urteil&lt;/b&gt;</title><link rel="self" href="/self"/><link href="b/1"/>'
        "<published>2024-01-02T03:04:05+02:00</published><updated>2024-01-03T00:00:00Z</updated>"
        "<author><name>Bo</name></author></entry></feed>"
    )

    assert entry.url == "https://atom.example/a/b/1"
    assert entry.title == "Ein Urteil"
    assert entry.language == "de"
    assert entry.published_at == datetime(2024, 1, 2, 1, 4, 5, tzinfo=UTC)
    assert entry.updated_at == datetime(2024, 1, 3, tzinfo=UTC)


def test_an_atom_entry_that_was_only_updated_has_no_publication_date():
    entry = only(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>urn:1</id>'
        "<title>B</title><updated>2024-01-03T00:00:00Z</updated></entry></feed>"
    )

    assert entry.published_at is None
    assert entry.url is None


def test_rdf_is_read_and_its_only_date_is_that_of_publication():
    entry = only(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="https://a.example/"><title>R</title></channel>'
        '<item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link>'
        "<dc:date>2024-05-06</dc:date></item></rdf:RDF>"
    )

    assert entry.published_at == datetime(2024, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_json_feed_is_read(bom):
    entry = only(
        bom + b'{"version": "https://jsonfeed.org/version/1.1", "title": "J", "language": "en",'
        b'"items": [{"id": 12, "url": "/12", "title": "T \\ud800", "content_html": "<p>Hi</p>",'
        b'"date_published": "2024-01-01T00:00:00Z", "authors": [{"name": "Cy"}]}, "junk"]}'
    )

    assert (entry.guid, entry.url, entry.title) == ("12", "https://paper.example/12", "T")
    assert (entry.summary, entry.authors, entry.language) == ("Hi", ("Cy",), "en")


def test_json_that_breaks_off_gives_what_is_whole():
    feed = parse(
        '{"version": "https://jsonfeed.org/version/1", "title": "J", "items": [{"id": "1"}, {"id'
    )

    assert [entry.guid for entry in feed.entries] == ["1"]
    assert feed.title == "J"
    assert "broken JSON" in feed.warnings[0]


def test_a_news_sitemap_has_titles_and_dates():
    feed = parse(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
        "<url><image:image><image:loc>https://a.example/1.jpg</image:loc>"
        "<image:title>Picture</image:title></image:image><loc>https://a.example/1</loc>"
        "<news:news><news:publication><news:name>A</news:name><news:language>en</news:language>"
        "</news:publication><news:publication_date>2024-02-03T04:05:06Z</news:publication_date>"
        "<news:title>One &amp; two</news:title></news:news></url></urlset>"
    )
    (entry,) = feed.entries

    assert (feed.title, feed.format) == ("A", "news_sitemap")
    assert (entry.url, entry.title, entry.language) == ("https://a.example/1", "One & two", "en")
    assert entry.published_at == datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_a_plain_sitemap_has_addresses_and_when_they_changed():
    entry = only("<urlset><url><loc> /a </loc><lastmod>2024-01-02</lastmod></url></urlset>")

    assert entry.url == "https://paper.example/a"
    assert (entry.title, entry.published_at) == ("", None)
    assert entry.updated_at == datetime(2024, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("<!DOCTYPE html><html><body>Not found</body></html>", "html"),
        ("<head><title>Moved</title></head>", "html"),
        (b"%PDF-1.7 ...", "binary"),
        (b"\x1f\x8bnot gzip", "binary"),
        ("/etc/passwd", "not_a_feed"),
        ("http://127.0.0.1/feed", "not_a_feed"),
        ("<opml><body/></opml>", "not_a_feed"),
        (
            "<sitemapindex><sitemap><loc>https://a.example/s</loc></sitemap></sitemapindex>",
            "not_a_feed",
        ),
        ('{"error": "no such feed"}', "not_a_feed"),
        ('{"version": ', "parse"),
        ("[" * 100_000, "parse"),
    ],
)
def test_what_is_no_feed_is_named(body, kind):
    with pytest.raises(FeedError) as caught:
        parse(body)

    assert caught.value.kind == kind


@pytest.mark.parametrize("body", [rss(), '<feed xmlns="http://www.w3.org/2005/Atom"/>'])
def test_a_feed_without_entries_is_a_feed(body):
    assert parse(body).entries == ()


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (rss("<item><title>Café</title></item>").encode("utf-16"), "Café"),
        (rss("<item><title>Café</title></item>").encode("utf-16-le"), "Café"),
        (rss("<item><title>Café</title></item>").encode("utf-32-be"), "Café"),
        (rss("<item><title>Café</title></item>").encode("utf-8-sig"), "Café"),
        (rss("<item><title>Café</title></item>").encode("cp1252"), "Café"),
        (
            rss(
                "<item><title>“Суд”</title></item>",
                declaration='<?xml version="1.0" encoding="windows-1251"?>',
            ).encode("cp1251"),
            "“Суд”",
        ),
        (
            rss(
                "<item><title>Café</title></item>",
                declaration='<?xml version="1.0" encoding="iso-8859-1"?>',
            ).encode(),
            "Café",
        ),
        (gzip.compress(rss("<item><title>Café</title></item>").encode()), "Café"),
    ],
)
def test_a_title_survives_its_encoding(body, title):
    assert only(body).title == title


def test_a_wrong_charset_is_noted():
    body = rss(item(), "<item><title>Café</title></item>").encode()

    assert parse(body, content_type="text/xml; charset=windows-1251").warnings == (
        "declared as cp1251, is utf-8",
    )


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        ("\n\n " + rss(item()), "blank space before the feed"),
        ("Warning: mysql in line 7\n" + rss(item()), "dropped 25 characters before the feed"),
        ("<br /><b>Notice</b>: x" + rss(item()), "dropped 22 characters before the feed"),
        (rss(item()) + "<script>track()</script>", "dropped what follows the feed"),
        (rss(item(extra="<media:x url='a'/>")), "undeclared namespaces: media"),
        (rss(item(extra="<a>R&D &nbsp; &bogus;</a>")), "repaired 3 ampersands and references"),
        (rss(item(extra="<a>\x08\x0b</a>")), "dropped 2 control characters"),
        (rss(item()).replace("</channel>", ""), "broken XML: mismatched tag: line 1, column 180"),
        (
            f"<html><body>{rss(item(), declaration='')}</body></html>",
            "a web page is wrapped around the feed",
        ),
    ],
)
def test_a_broken_feed_is_read_and_the_repair_is_noted(body, warning):
    feed = parse(body)

    assert [entry.url for entry in feed.entries] == ["https://paper.example/1"]
    assert warning in feed.warnings


def test_a_feed_that_breaks_off_gives_the_entries_so_far():
    whole = rss(item(1), item(2), item(3))
    feed = parse(whole[: whole.index("story-3")])

    assert [entry.title for entry in feed.entries] == ["Story 1", "Story 2", "Story 3"]
    assert "the XML ends early" in feed.warnings


def test_a_link_cut_in_half_is_no_link():
    whole = rss(item(1), item(2))
    feed = parse(whole[: whole.index("example/2")])

    assert [entry.url for entry in feed.entries] == ["https://paper.example/1"]
    assert "dropped the entry in which the feed breaks off" in feed.warnings


def test_billion_laughs_stay_inert():
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE r [<!ENTITY l0 "lol">{levels}]>' + rss(
        "<item><title>&l9;</title></item>", declaration=""
    )

    assert only(body).title == "&l9;"


@pytest.mark.parametrize("root", ["rss", "urlset"])
def test_an_external_entity_is_never_opened(root, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("TOP SECRET")
    doctype = f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "file://{secret}">]>'
    bodies = {
        "rss": rss("<item><title>&x;</title></item>", declaration=""),
        "urlset": "<urlset><url><loc>https://a.example/</loc><title>&x;</title></url></urlset>",
    }

    assert "SECRET" not in repr(parse(doctype + bodies[root]))


def test_a_plain_entity_of_the_feeds_own_is_put_in():
    doctype = '<!DOCTYPE rss [<!ENTITY paper "The Paper">]>'

    assert only(doctype + rss("<item><title>&paper;</title></item>", declaration="")).title == (
        "The Paper"
    )


@pytest.mark.parametrize(
    "body",
    [
        rss("<a>" * 100_000),
        rss("<item " + " ".join(f'a{n}="1"' for n in range(50_000)) + "/>"),
        rss("<item><title>" + "<!--" * 100_000),
        "<urlset>" + "<url>" * 100_000,
        "<!DOCTYPE a [" + "\n" * 500_000 + "]>" + rss(),
        rss("<item><title><![CDATA[" + "<!-- <script> </x <p " * 10_000 + "]]></title></item>"),
    ],
)
@pytest.mark.timeout(10)
def test_what_is_meant_to_keep_a_parser_busy_does_not(body):
    assert failure_of(body.encode()) in {None, "parse"}


def test_markup_and_entities_are_gone_from_texts():
    entry = only(
        rss(
            "<item><title>&lt;b&gt;R&amp;amp;D&lt;/b&gt; 3 &lt; 4 &amp;#8217;s</title><description>"
            "<![CDATA[<style>p{}</style><p>One</p><p>two<br>three</p>]]></description></item>"
        )
    )

    assert entry.title == "R&D 3 < 4 ’s"
    assert entry.summary == "One two three"


def test_a_summary_is_cut_at_2000_characters():
    entry = only(rss(f"<item><description>{'word ' * 1_000}</description></item>"))

    assert 1_900 < len(entry.summary) <= 2_000
    assert entry.summary.endswith("word…")


def test_an_alert_of_google_points_at_the_article():
    link = "https://www.google.com/url?rct=j&amp;url=https://other.example/a%3Fid%3D1&amp;ct=ga"

    assert only(rss(f"<item><link>{link}</link></item>")).url == "https://other.example/a?id=1"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "mailto:a@b.example", "http://[::1"])
def test_a_link_that_cannot_be_fetched_is_no_address(link):
    feed = parse(rss(f"<item><title>T</title><link>{link}</link></item>"))

    assert [entry.url for entry in feed.entries] == [None]
    assert any("cannot be fetched" in line for line in feed.warnings)


def test_without_an_address_a_feed_stands_on_its_own():
    feed = parse_feed(rss("<item><link>a/1</link></item>").encode(), url="")

    assert [entry.url for entry in feed.entries] == ["https://paper.example/a/1"]


FRAGMENTS = st.sampled_from(
    ("<item>", "</item>", "<title>", "</title>", "<link>", "<![CDATA[", "]]>", "&", "&amp;", "&x;")
) | st.sampled_from(
    (
        '<a b="',
        "<!--",
        "-->",
        "<?x",
        "\x00",
        "\xff",
        "http://a.example/1",
        "<x:y>",
        "2024",
        "</rss>",
    )
)


@given(st.lists(FRAGMENTS, max_size=30).map("".join))
def test_no_body_raises_anything_but_a_feed_error(tail):
    for body in (
        rss(tail),
        rss() + tail,
        rss(tail)[: 60 + len(tail)],
        tail,
        "<urlset><url>" + tail,
    ):
        failure_of(body.encode("latin-1"))


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_feed_error(body):
    for whole in (body, b'<?xml version="1.0"?><rss><channel><item>' + body, b'{"items":[' + body):
        assert failure_of(whole) in {None, "empty", "html", "binary", "parse", "not_a_feed"}
