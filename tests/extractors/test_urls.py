"""The canonical form of an address: what is dropped, what must stay, what is no address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.urls import absolute_url, canonical_url, host_of


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example.ORG", "https://news.example.org/"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("http://news.example:80/a", "http://news.example/a"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://user:secret@news.example/a", "https://news.example/a"),
        ("https://news.example/a#comments", "https://news.example/a"),
        ("https://news.example/#!/story/7", "https://news.example/#!/story/7"),
        ("https://news.example/a/../b/./c", "https://news.example/b/c"),
        ("https://news.example/b/..", "https://news.example/"),
        ("https://news.example/%7euser/caf%c3%a9", "https://news.example/~user/caf%C3%A9"),
        ("https://news.example/café noir", "https://news.example/caf%C3%A9%20noir"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://straße.example/a", "https://xn--strae-oqa.example/a"),
        ("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a"),
        ("  https://news.example/a\n ", "https://news.example/a"),
        ("https://news.example/a?x=1&amp;y=2", "https://news.example/a?x=1&y=2"),
    ],
)
def test_one_address_has_one_form(url, canonical):
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=rss&utm_medium=feed",
        "UTM_Campaign=x",
        "fbclid=abc",
        "gclid=abc",
        "mc_cid=1&mc_eid=2",
        "at_medium=RSS&at_campaign=KARANGA",
        "ns_mchannel=rss&ns_source=PublicRSS20",
        "cmpid=rss",
        "source=rss----9f1",
        "ref=rss",
        "partner=rss&emc=rss",
        "guce_referrer=x&guccounter=1",
        "WT.mc_id=7",
    ],
)
def test_how_a_reader_came_is_not_part_of_an_address(query):
    assert canonical_url(f"https://news.example/a?{query}&id=7") == "https://news.example/a?id=7"
    assert canonical_url(f"https://news.example/a?{query}") == "https://news.example/a"


@pytest.mark.parametrize(
    "query",
    [
        "id=7",
        "p=123",
        "page_id=4",
        "cid=99",
        "story=12&page=2",
        "uid=8",
        "ref=2024-118",
        "source=12",
        "keyword=appeal",
        "session=3",
        "medium=tv",
        "at=12",
        "q=utm_source",
        "a=&b=",
        "ns=1234",
        "stmt=5",
    ],
)
def test_parameters_that_may_name_an_article_stay(query):
    assert canonical_url(f"https://news.example/a?{query}") == f"https://news.example/a?{query}"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "javascript:alert(1)",
        "mailto:desk@news.example",
        "data:text/html,x",
        "ftp://news.example/a",
        "//news.example/a",
        "/a",
        "news.example/a",
        "http://",
        "http://[::1",
        "http://news.example:99999/",
        "http://news.example:port/",
        "http://a b/",
        "http://../",
        "https://news.example/" + "a" * 9_000,
        "tag:news.example,2024:7",
        "http://\ud800.example/",
    ],
)
def test_what_cannot_be_fetched_is_none(url):
    assert canonical_url(url) is None
    assert absolute_url(url) is None
    assert host_of(url) == ""


def test_a_relative_link_is_joined_to_its_base():
    assert canonical_url("../b?id=1", "https://news.example/x/y/a") == (
        "https://news.example/x/b?id=1"
    )
    assert canonical_url("//cdn.example/a", "https://news.example/") == "https://cdn.example/a"
    assert canonical_url("javascript:void(0)", "https://news.example/") is None


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url?rct=j&sa=t&url=https://paper.example/a%3Fid%3D7&ct=ga&usg=X",
        "https://www.google.co.uk/url?q=https%3A%2F%2Fpaper.example%2Fa%3Fid%3D7",
        "http://news.google.com/news/url?sa=t&url=https://paper.example/a?id%3D7",
        "https://www.bing.com/news/apiclick.aspx?ref=x&url=https%3a%2f%2fpaper.example%2fa%3fid%3d7",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fpaper.example%2Fa%3Fid%3D7",
        "https://www.google.com/url?url=https%3A%2F%2Fwww.google.de%2Furl%3Fq%3D"
        "https%253A%252F%252Fpaper.example%252Fa%253Fid%253D7",
    ],
)
def test_a_search_engines_redirect_is_the_article_it_points_to(url):
    assert canonical_url(url) == "https://paper.example/a?id=7"
    assert absolute_url(url) == "https://paper.example/a?id=7"


def test_a_redirect_to_no_article_stays_itself():
    url = "https://www.google.com/url?q=javascript:alert(1)"

    assert canonical_url(url) == url


def test_hundreds_of_nested_redirects_do_not_exhaust_the_stack():
    url = "https://google.com/url?q=" * 900 + "https://paper.example/a"

    assert canonical_url(url) == "https://paper.example/a"


def test_an_absolute_url_is_left_as_it_was_written():
    assert absolute_url("/a?utm_source=rss#top", "https://News.example/feed") == (
        "https://News.example/a?utm_source=rss#top"
    )


def test_a_host_has_no_www_and_no_port():
    assert host_of("https://WWW.News.example:8443/a") == "news.example"


PIECES = st.sampled_from(
    [
        "/",
        "?",
        "#",
        "#!",
        "&",
        "=",
        "%",
        "%2e",
        "%25",
        "..",
        ".",
        "utm_source=1",
        "id=2",
        "é",
        "&amp;",
        "amp;",
        ":",
        "@",
        "[",
        "]",
        "+",
        "a",
        "�",
        "www.google.com/url?q=http://",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join))
def test_the_canonical_form_of_a_canonical_form_is_itself(tail):
    canonical = canonical_url(f"http://news.example/{tail}")

    assert canonical is None or canonical_url(canonical) == canonical


@given(
    st.text(alphabet=st.characters(exclude_categories=()), max_size=60),
    st.none() | st.text(max_size=40),
)
def test_no_string_makes_it_raise(url, base):
    canonical_url(url, base)
    canonical_url(f"http://{url}", base)
    host_of(f"https://{url}/")
    absolute_url(url, base)
