"""The desk in a real Chromium: by keyboard, without a console error or a request off the host."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.review.browser import CHROMIUM, Browser, open_browser
from tests.review.conftest import SEEDS, Web, desk_settings, served
from tests.review.hostile import ADDRESSES, MARKUP, poison
from tests.review.test_hostile_pages import paths_of
from warehouse.inbox import waiting, waiting_audits

ROOT = Path(__file__).resolve().parents[2]
AXE = Path(os.environ.get("CASEWATCH_AXE", ROOT / "node_modules/axe-core/axe.min.js"))

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def _needs(what: str, *, there: bool) -> None:
    """Skip where a developer has not installed it; CI has, and fails without."""
    if there:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    _needs(CHROMIUM, there=shutil.which(CHROMIUM) is not None)
    with open_browser() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, home: Path, tmp_path: Path) -> Iterator[tuple[Browser, Web]]:
    """Return a browser at a desk of the test's own; no error and no foreign request may come."""
    shutil.copytree(SEEDS / "cases", tmp_path / "seeds/cases")
    shutil.copytree(SEEDS / "advocates", tmp_path / "seeds/advocates")
    browser.looks("light", 1280, 900)
    with served(desk_settings(home, seeds=tmp_path / "seeds"), follow=True) as web:
        browser.console.clear()
        browser.asked.clear()
        browser.open(f"http://{web.host}/")
        yield browser, web
    assert browser.console == []
    assert elsewhere(browser, web) == []


def elsewhere(browser: Browser, web: Web) -> list[str]:
    """Return what was asked of others; Chromium draws its own fields with pictures in data:."""
    ours = (f"http://{web.host}/", "data:image/svg+xml;base64,")
    return [one for one in browser.asked if not one.startswith(ours)]


def current(browser: Browser) -> str:
    return str(browser.js("document.querySelector('.alert.current')?.dataset.alert ?? ''"))


def told(browser: Browser, words: str) -> None:
    """Wait until the toast says *words*."""
    browser.wait(f"document.getElementById('said').textContent.includes({json.dumps(words)})")


def test_20_alerts_are_judged_by_keyboard_and_undone(page):
    browser, web = page
    keys = {"r": "relevant", "w": "wrong_person", "p": "passing_mention", "d": "duplicate",
            "x": "not_an_article"}  # fmt: skip
    waiting_at_first = int(browser.text(".head p").partition(",")[0])
    wanted = {}
    for place in range(20):
        key = "rwpdx"[place % 5]
        wanted[current(browser)] = keys[key]
        browser.press(key)
    browser.wait("document.querySelectorAll('.alert.done').length === 20")

    said = {one.alert_id: str(one.verdict) for one in waiting(web.desk.settings.inbox)}
    assert said == wanted
    last = current(browser)
    browser.press("u")
    told(browser, "Undone")
    assert current(browser) != last
    assert browser.count(".alert.done") == 19
    browser.press("u")
    browser.wait("document.querySelectorAll('.alert.done').length === 18")

    browser.open(f"http://{web.host}/")
    shown = set(browser.js("[...document.querySelectorAll('.alert')].map(a => a.dataset.alert)"))
    assert len(shown & set(wanted)) <= 2  # the two that were undone
    assert f"{waiting_at_first - 18}, worst first" in browser.text("main")


def test_keys_move_open_note_and_assign(page):
    browser, web = page
    first = current(browser)
    browser.press("j")
    second = current(browser)
    assert second != first
    browser.press("k")
    assert current(browser) == first

    browser.press("n")
    browser.wait("document.getElementById('note').open")
    browser.write("ask counsel")
    browser.press("Tab")
    browser.press("Tab")
    browser.press("Enter")
    told(browser, "Noted.")
    assert "Note: ask counsel" in browser.text(f"#a-{first}")
    browser.press("a")
    browser.wait("document.getElementById('assign').open")
    browser.write("Grace")
    browser.press("Enter")
    told(browser, "Assigned to Grace.")
    assert "for Grace" in browser.text(f"#a-{first}")

    browser.open(f"http://{web.host}/")
    browser.leaving(lambda: browser.press("Enter"))
    assert browser.js("location.pathname") == f"/alert/{first}"
    browser.leaving(lambda: browser.press("g"))
    browser.press("?")
    browser.wait("document.getElementById('keys').open")
    browser.press("Escape")
    browser.wait("!document.getElementById('keys').open")
    browser.leaving(lambda: browser.press("o"))
    assert browser.js("location.pathname") == f"/alert/{first}"
    browser.press("r")
    told(browser, "Relevant.")
    browser.leaving(lambda: browser.press("j"))
    assert browser.js("location.pathname") == f"/alert/{second}"
    browser.leaving(lambda: browser.press("g"))
    assert browser.js("location.pathname") == "/"
    said = [str(one.verdict) for one in waiting(web.desk.settings.inbox)]
    assert said == ["unsure", "relevant"]


def test_the_queue_is_filtered_and_searched_by_keyboard(page):
    browser, _ = page
    browser.press("/")
    browser.write("shaken baby")
    browser.leaving(lambda: browser.press("Enter"))
    assert "Robert Roberson" in browser.text("main")
    assert browser.js("new URLSearchParams(location.search).get('q')") == "shaken baby"

    browser.js("document.querySelector('#queue-q').value = ''")
    browser.js("document.querySelector('[name=subject]').value = 'kevin-cooper'")
    browser.leaving(lambda: browser.click(".filters button.main"))
    assert browser.count(".alert") >= 1
    names = browser.js("[...document.querySelectorAll('.alert .line a')].map(a => a.textContent)")
    assert set(names) == {"Kevin Cooper"}


def test_a_case_is_added_in_the_form(page, tmp_path):
    browser, web = page
    browser.open(f"http://{web.host}/cases/new")
    fields = {
        "given": "Ada", "family": "Quarry", "as_of": "2007", "region": "US-CA",
        "context": "prison: Huntsville", "sources": "https://news.example/quarry",
    }  # fmt: skip
    for name, value in fields.items():
        browser.js(f"document.querySelector('#subject-form [name={name}]').focus()")
        browser.write(value)
    browser.leaving(lambda: browser.click("#subject-form button[value=check]"))
    assert "The file is sound" in browser.text("main")
    assert "stored articles would have matched" in browser.text("main")

    browser.leaving(lambda: browser.click("#subject-form button[value=save]"))

    assert "Saved ada-quarry.yaml" in browser.text(".flash")
    assert (tmp_path / "seeds/cases/ada-quarry.yaml").exists()


def test_a_timeline_is_read(page):
    browser, web = page
    browser.open(f"http://{web.host}/case/robert-roberson")

    label = browser.js("document.querySelector('svg.chart').getAttribute('aria-label')")
    assert label.startswith("Articles about Robert Roberson by day")
    assert browser.count("svg.chart rect.bar") >= 2
    assert "stopped his execution" in browser.text("main")


def test_without_a_desk_the_page_says_that_nothing_was_kept(page):
    browser, web = page
    alert = current(browser)
    browser.js("window.fetch = () => Promise.reject(new Error('gone'))")
    browser.press("r")
    told(browser, "was not kept")

    assert "was not kept" in browser.text(f"#a-{alert}")
    assert browser.count(".alert.done") == 0
    assert waiting(web.desk.settings.inbox) == []


@pytest.mark.parametrize(("width", "phone"), [(360, True), (800, False)])
def test_a_small_screen_never_scrolls_sideways(page, width, phone):
    browser, web = page
    browser.looks("light", width, 740, phone=phone)
    alert = current(browser)
    for path in ("/", f"/alert/{alert}", "/case/robert-roberson", "/overview", "/cases",
                 "/cases/new", "/cases/kevin-cooper/edit", "/search?q=prison", "/advocates/new",
                 "/rejected?which=all"):  # fmt: skip
        browser.open(f"http://{web.host}{path}")
        wide = browser.js("document.documentElement.scrollWidth")
        assert wide <= width, (path, wide)


def test_paper_is_light_and_has_no_buttons_but_title_day_and_sources(page):
    browser, web = page
    browser.press("r")
    told(browser, "Relevant.")
    browser.as_paper("dark")
    alert = current(browser)
    for path in ("/?verdict=all", f"/alert/{alert}", "/case/robert-roberson", "/overview",
                 "/rejected?which=all"):  # fmt: skip
        browser.open(f"http://{web.host}{path}")
        shown = browser.js(
            "[...document.querySelectorAll('button, nav, input, select, dialog, .toast')]"
            ".filter(one => one.checkVisibility()).map(one => one.outerHTML)"
        )
        assert shown == [], path
        ground = browser.js("getComputedStyle(document.body).backgroundColor")
        ink = browser.js("getComputedStyle(document.body).color")
        assert (ground, ink) == ("rgb(255, 255, 255)", "rgb(28, 32, 36)"), path
        assert "casewatch, as of " in browser.text(".running"), path
    browser.open(f"http://{web.host}/?verdict=all")
    assert "http://courier.example/" in browser.text("main")
    assert "Filtered: verdict All." in browser.text("main")


def test_rejected_candidates_are_judged_by_keyboard_and_undone(page):
    browser, web = page
    browser.open(f"http://{web.host}/rejected?which=all")
    first = browser.js("document.querySelector('.alert.current').dataset.candidate")
    browser.press("m")
    told(browser, "It is a mention.")
    second = browser.js("document.querySelector('.alert.current').dataset.candidate")
    browser.press("w")
    told(browser, "It is none.")
    assert browser.count(".alert.done") == 2
    browser.press("u")
    told(browser, "Undone")
    assert browser.js("document.querySelector('.alert.current').dataset.candidate") == second
    browser.press("n")
    browser.wait("document.getElementById('note').open")
    browser.write("a cousin")
    browser.click("#note button.main")
    told(browser, "Noted.")
    assert "Note: a cousin" in browser.text(f"#c-{second}")
    browser.press("a")  # a candidate is nobody's to be given
    assert not browser.js("document.getElementById('assign').open")

    said = [(one.mention_id, str(one.verdict)) for one in waiting_audits(web.desk.settings.inbox)]
    assert said == [
        (first, "missed"), (second, "rightly_rejected"), (second, "unsure"), (second, "unsure"),
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(page, scheme):
    _needs(str(AXE), there=AXE.exists())
    browser, web = page
    alert = current(browser)
    alerts = json.loads(browser.js("JSON.stringify([...document.querySelectorAll('.alert')]"
                                   ".map(a => a.dataset.alert))"))  # fmt: skip
    article = browser.js("document.querySelector('.alert .title a').pathname")
    browser.open(f"http://{web.host}{article}")
    links = browser.js(
        "JSON.stringify([...document.querySelectorAll('main a')].map(a=>a.pathname))"
    )
    inner = [one for one in json.loads(links) if one.startswith(("/article/", "/archived/"))]
    browser.press("r")
    told(browser, "Relevant.")
    paths = [
        "/", "/?verdict=all&past=all", "/?q=xyzzyx", f"/alert/{alert}", f"/alert/{alerts[2]}",
        "/search?q=prison", "/overview", "/cases", "/cases/new", "/cases/kevin-cooper/edit",
        "/advocates/new", "/rejected", "/rejected?which=all", "/case/robert-roberson",
        "/advocate/kim-kardashian", inner[0], inner[1], "/nowhere",
    ]  # fmt: skip
    source = AXE.read_text("utf-8")
    found = {}
    for width, phone in ((1280, False), (390, True)):
        browser.looks(scheme, width, 900, phone=phone)
        for path in paths:
            browser.open(f"http://{web.host}{path}")
            if path == "/nowhere":
                browser.console.clear()  # the browser notes the 404, as it should
            browser.js(source)
            wrong = browser.js(
                "axe.run({resultTypes: ['violations'], iframes: false}).then(r => "
                "r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target + ' ' "
                "+ n.any.map(a => a.message)).slice(0, 3).join(' | ')))"
            )
            if wrong:
                found[path, width] = wrong
    assert found == {}


def test_hostile_words_do_nothing_in_a_browser(browser, newsroom_home, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(newsroom_home, home)
    poison(home)
    browser.looks("light", 1280, 900)
    browser.console.clear()
    browser.asked.clear()
    shown = ""
    with served(desk_settings(home)) as web:
        for path in paths_of(web):
            browser.open(f"http://{web.host}{path}")
            browser.js("for (const one of document.querySelectorAll('details')) one.open = true")
            assert browser.js("window.hacked") is None, path
            assert browser.count("main script, main object, main embed, [onerror]") == 0
            shown += str(browser.js("document.body.textContent"))
    assert browser.dialogs == 0
    assert browser.console == []
    assert elsewhere(browser, web) == []
    whole = " ".join(shown.split())
    assert not [one for one in MARKUP if " ".join(one.split()) not in whole]
    assert not [one for one in ADDRESSES if " ".join(one.split()) not in whole]
