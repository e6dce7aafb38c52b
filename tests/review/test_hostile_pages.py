"""Hostile words are shown as words: 44 payloads of markup, 14 addresses, on every page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.words import away, link_to
from tests.review.conftest import Web, desk_settings, served
from tests.review.hostile import ADDRESSES, MARKUP, poison
from tests.review.test_queue import alerts_in

_OURS = {"/static/desk.js"}


class Outline(HTMLParser):
    """What a browser would make of a page: its tags and their attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def hostile(newsroom_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """Return a browser at a desk over a poisoned warehouse."""
    import shutil

    home = tmp_path_factory.mktemp("hostile") / "home"
    shutil.copytree(newsroom_home, home)
    poison(home)
    with served(desk_settings(home)) as web:
        yield web


def paths_of(web: Web) -> list[str]:
    """Return every kind of page, and each alert's."""
    ids = alerts_in(web.get("/?verdict=all&past=all")) + alerts_in(
        web.get("/?verdict=all&past=all&page=2")
    )
    with web.desk.index.reading() as db:
        rows = db.execute("select article_id, version_id from seen order by alert_id").fetchall()
    return [
        "/", "/?page=2", "/?verdict=all&past=all&outlet=%3Cscript%3E", "/overview", "/cases",
        "/rejected?which=all",
        "/search?q=cooper", "/case/kevin-cooper", "/advocate/kim-kardashian",
        *(f"/alert/{one}" for one in ids),
        *(f"/article/{row['article_id']}" for row in rows[:5]),
        *(f"/archived/{row['version_id']}" for row in rows[:3]),
        f"/compare/{rows[0]['version_id']}/{rows[1]['version_id']}",
    ]  # fmt: skip


def test_there_are_at_least_40_payloads():
    assert len(MARKUP) >= 40
    assert len(set(MARKUP)) == len(MARKUP)


def test_no_page_has_a_tag_or_attribute_of_theirs(hostile):
    paths = paths_of(hostile)
    assert len(paths) > 60
    for path in paths:
        answer = hostile.get(path)
        assert answer.status == 200, path
        outline = Outline()
        outline.feed(answer.html)

        scripts = [(a["src"] or "").partition("?")[0] for tag, a in outline.tags if tag == "script"]
        assert scripts == ["/static/desk.js"], path
        names = {name for _, attributes in outline.tags for name in attributes}
        assert not {name for name in names if name.startswith("on")}, path
        assert "style" not in names, path
        tags = {tag for tag, _ in outline.tags}
        assert not tags & {"object", "embed", "base", "video", "audio", "math", "style", "portal"}
        pictures = [a["src"] or "" for tag, a in outline.tags if tag == "img"]
        assert all(one.startswith("/static/") for one in pictures), path
        links = [a["href"] or "" for tag, a in outline.tags if tag == "a" and "href" in a]
        assert all(one.startswith(("/", "http://", "https://", "#")) for one in links), path
        assert not [one for one in links if one.startswith("//")], path


def test_every_payload_stands_on_a_page_as_its_author_typed_it(hostile):
    pages = " ".join(hostile.get(path).html for path in paths_of(hostile))
    whole = " ".join(unescape(pages).split())

    missing = [one for one in MARKUP if " ".join(one.split()) not in whole]
    assert not missing


def test_the_archived_page_is_left_with_words_alone(hostile):
    with hostile.desk.index.reading() as db:
        version = db.execute("select version_id from seen limit 1").fetchone()[0]

    inner = hostile.get(f"/archived/{version}/page")
    outline = Outline()
    outline.feed(inner.html)

    allowed = {"html", "head", "meta", "title", "style", "body", "div", "p", "a", "span", "table"}
    assert {tag for tag, _ in outline.tags} <= allowed | {"details", "main", "button", "tbody"}
    names = {name for _, attributes in outline.tags for name in attributes}
    assert names <= {"charset", "lang", "dir", "colspan", "rowspan", "datetime"}
    source = hostile.get(f"/archived/{version}/source")
    assert source.headers["content-type"].startswith("text/plain")
    assert MARKUP[0] in source.html


@pytest.mark.parametrize("said", MARKUP)
def test_a_hostile_note_name_and_query_are_shown_inert(hostile, said):
    alert = alerts_in(hostile.get("/?verdict=all&past=all"))[0]

    hostile.say("/note", {"alert": alert, "note": said})
    page = hostile.get(f"/alert/{alert}").html

    assert str(escape(said, quote=False)) in page.replace("&#34;", '"').replace("&#39;", "'")
    assert f"Note: {said}" not in page or "<" not in said


@pytest.mark.parametrize("address", ADDRESSES[:10] + ADDRESSES[11:])
def test_an_address_that_is_no_web_page_is_no_link(address):
    assert link_to(address) is None
    assert "<a" not in away(address)
    assert "<a" not in away(address, "words")


def test_an_address_cannot_leave_its_attribute():
    shown = away(ADDRESSES[10])

    assert 'href="http://evil.example/&#34;onmouseover=&#34;window.hacked=45"' in shown


@given(st.text())
def test_whatever_stands_in_an_address_the_link_is_one_element(address):
    outline = Outline()
    outline.feed(str(away(address)))

    assert [tag for tag, _ in outline.tags] in (["a"], ["span"])
    for tag, attributes in outline.tags:
        href = attributes.get("href") or ""
        assert tag == "span" or href.lower().startswith(("http://", "https://"))
