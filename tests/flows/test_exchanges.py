"""What the fetcher hands over for the archive: whom it asked, and in which words."""

from extractors.model import Page


def test_a_page_says_what_was_asked_of_which_address(odd_server, fetch):
    odd_server.says("good.example/one", "hello")
    got = fetch("http://good.example/one", etag='"v1"').got

    assert isinstance(got, Page)
    assert got.exchange is not None
    assert got.exchange.address == "127.0.0.1"
    assert got.exchange.reason == "OK"
    assert dict(got.exchange.request_headers)["If-None-Match"] == '"v1"'
    assert dict(got.exchange.request_headers)["User-Agent"].startswith("casewatch/")
    assert dict(got.exchange.request_headers)["Host"].startswith("good.example")


def test_an_answer_without_a_body_says_it_too(odd_server, fetch):
    odd_server.says("good.example/one", b"", 304)
    got = fetch("http://good.example/one", etag='"v1"').got

    assert isinstance(got, Page)
    assert got.exchange is not None
    assert (got.exchange.address, got.exchange.reason) == ("127.0.0.1", "Not Modified")
