"""Cases and advocates are added and edited in a form: checked, counted, written whole."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path

import pytest

from extractors.errors import UsageError
from extractors.model import Registry
from extractors.registry import parse_registry
from review.guard import Form
from review.subject_files import (
    ADVOCATE,
    CASE,
    check_subject,
    digest,
    seed_texts,
    subject_file,
    write_subject,
    yaml_from,
)  # fmt: skip
from tests.review.conftest import SEEDS, desk_settings, served

FIELDS = {
    "given": "Ada, Adah", "family": "Quarry", "nick": "", "born": "1958", "country": "US",
    "region": "US-CA", "county": "", "court": "", "status": "life_sentence", "as_of": "2007-05",
    "policy": "context_required", "names": "Ada Stone | birth name @2", "short": "", "solo": "",
    "context": "victim: Bellweather\nprison: Chowchilla @2\nlawyer: N. O. Body",
    "not": "the geologist: quarry stone, basalt", "dockets": "05-99004 | Ninth Circuit",
    "sources": "https://news.example/quarry\nhttps://court.example/a?b=c#d", "hashtags": "",
    "about": "Ada Quarry, in prison for a fire.", "do": "check",
}  # fmt: skip


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """Return a copy of the registry of the test's own."""
    for folder in ("cases", "advocates"):
        shutil.copytree(SEEDS / folder, tmp_path / "seeds" / folder)
    shutil.copyfile(SEEDS / "feeds.yaml", tmp_path / "seeds" / "feeds.yaml")
    return tmp_path / "seeds"


@pytest.fixture
def desk(newsroom_home, tmp_path, seeds):
    shutil.copytree(newsroom_home, tmp_path / "home")
    settings = desk_settings(tmp_path / "home", seeds=seeds, retag="`casewatch retag` does it.")
    with served(settings) as web:
        yield web


def form(**changes: str) -> Form:
    return Form({name: [value] for name, value in (FIELDS | changes).items()})


def text_in(page) -> str:
    """Return the file as the page's field holds it."""
    fields = re.findall(r'<textarea class="code"[^>]*>(.*?)</textarea>', page.html, re.DOTALL)
    return unescape(fields[0])


def test_a_form_becomes_a_file_that_the_registry_takes():
    text = yaml_from(form(), CASE)

    registry = parse_registry({"cases/ada-quarry.yaml": text})
    case = registry.cases[0]
    assert (case.id, case.display_name) == ("ada-quarry", "Ada Quarry")
    assert case.name.given == ("Ada", "Adah")
    assert [(term.kind, term.text, term.source) for term in case.context] == [
        ("victim", "Bellweather", "s1"), ("prison", "Chowchilla", "s2"),
        ("lawyer", "N. O. Body", "s1"),
    ]  # fmt: skip
    assert case.names[0].text == "Ada Stone"
    assert case.namesakes[0].cues == ("quarry stone", "basalt")
    assert text.startswith("# yaml-language-server: $schema=../schema/case.json\n# Ada Quarry, in")


@pytest.mark.parametrize(
    "said",
    ["'", '"', ": ", "#", "- x", "{a: b}", "[x]", "&a", "*a", "!x", "%", "@", "null", "é\u2028"],
)
def test_whatever_is_typed_stays_a_text(said):
    text = yaml_from(
        form(context=f"victim: x{said}y", family=f"Quarry{said}", id="ada-quarry"), CASE
    )

    case = parse_registry({"cases/ada-quarry.yaml": text}).cases[0]
    assert case.context[0].text == f"x{said}y".strip()


def test_what_is_wrong_is_named_with_its_line(desk):
    desk.get("/cases/new")

    page = desk.post("/cases/new", FIELDS | {"as_of": "soon", "sources": "ftp://x"})

    assert page.status == 400
    assert "Not saved" in page.text
    assert "cases/ada-quarry.yaml:" in page.text
    assert "write 2024, 2024-09 or 2024-09-24" in page.text
    assert 'value="soon"' in page.html  # what was typed is still there


def test_a_case_shows_what_it_would_have_matched_before_it_is_saved(desk, seeds):
    desk.get("/cases/new")
    known = seeds / "cases" / "robert-roberson.yaml"
    known.unlink()
    fields = FIELDS | {"given": "Robert", "family": "Roberson", "names": "", "not": "",
                       "context": "victim: Nikki Curtis\nlawyer: Gretchen Sween"}  # fmt: skip

    page = desk.post("/cases/new", fields)

    assert page.status == 200
    assert "3 stored articles would have matched" in page.text
    assert "<mark>Robert Roberson</mark>" in page.html or "<mark>Roberson</mark>" in page.html
    assert not known.exists()


def test_a_checked_case_is_saved_and_its_retagging_is_told(desk, seeds):
    desk.get("/cases/new")

    answer = desk.post("/cases/new", FIELDS | {"do": "save"})

    assert (answer.status, answer.headers["location"]) == (303, "/cases")
    listing = desk.get("/cases").text
    assert "Saved ada-quarry.yaml. casewatch retag does it." in listing
    assert "Saved, and not yet known to a run: ada-quarry" in listing
    assert parse_registry(seed_texts(seeds)).version
    assert not list((seeds / "cases").glob(".*"))


def test_a_case_that_is_there_is_not_overwritten(desk, seeds):
    before = (seeds / "cases" / "kevin-cooper.yaml").read_text()
    desk.get("/cases/new")

    page = desk.post("/cases/new", FIELDS | {"id": "kevin-cooper", "do": "save"})

    assert page.status == 400
    assert "is there already" in page.text
    assert (seeds / "cases" / "kevin-cooper.yaml").read_text() == before


@pytest.mark.parametrize("name", ["../x", "a/b", "A", "", "x" * 81, "..", "a.yaml"])
def test_an_id_cannot_lead_out_of_the_folder(seeds, name):
    with pytest.raises(UsageError, match="small letters"):
        subject_file(seeds, CASE, name)


def test_an_edit_keeps_comments_and_all_other_lines(desk, seeds):
    file = seeds / "cases" / "kevin-cooper.yaml"
    before = file.read_text()
    page = desk.get("/cases/kevin-cooper/edit")
    fields = {
        "text": text_in(page),
        "base": digest(before),
        "do": "save",
        "add_context": "lawyer: Ada Counsel",
        "add_source": "https://news.example/counsel",
    }

    assert desk.post("/cases/kevin-cooper/edit", fields).status == 303

    after = file.read_text()
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert "{type: lawyer, text: Ada Counsel, source: s10}" in after
    assert "s10: https://news.example/counsel" in after


def test_an_edit_shows_its_diff_before_it_is_saved(desk, seeds):
    page = desk.get("/cases/kevin-cooper/edit")
    before = (seeds / "cases" / "kevin-cooper.yaml").read_text()
    changed = text_in(page).replace("year: 1958", "year: 1957")

    shown = desk.post(
        "/cases/kevin-cooper/edit", {"text": changed, "base": digest(before), "do": "check"}
    )

    assert "-born: {year: 1958, source: s1}" in shown.text
    assert "+born: {year: 1957, source: s1}" in shown.text
    assert "stored articles would have matched" in shown.text
    assert (seeds / "cases" / "kevin-cooper.yaml").read_text() == before


def test_a_broken_edit_is_not_saved(desk, seeds):
    before = (seeds / "cases" / "kevin-cooper.yaml").read_text()
    desk.get("/cases/kevin-cooper/edit")

    for text in ("id: [", "id: somebody-else\n", before.replace("source: s9", "source: s99")):
        page = desk.post(
            "/cases/kevin-cooper/edit", {"text": text, "base": digest(before), "do": "save"}
        )
        assert page.status == 400, text
        assert "cases/kevin-cooper.yaml:" in page.text

    assert (seeds / "cases" / "kevin-cooper.yaml").read_text() == before


def test_a_file_that_somebody_else_changed_is_not_overwritten(desk, seeds):
    file = seeds / "cases" / "kevin-cooper.yaml"
    page = desk.get("/cases/kevin-cooper/edit")
    base = digest(file.read_text())
    file.write_text(file.read_text() + "# a colleague was here\n")

    answer = desk.post(
        "/cases/kevin-cooper/edit", {"text": text_in(page), "base": base, "do": "save"}
    )

    assert answer.status == 409
    assert file.read_text().endswith("# a colleague was here\n")


def test_a_fact_without_its_source_is_refused(desk, seeds):
    page = desk.get("/cases/kevin-cooper/edit")
    base = digest((seeds / "cases" / "kevin-cooper.yaml").read_text())

    answer = desk.post(
        "/cases/kevin-cooper/edit",
        {"text": text_in(page), "base": base, "add_context": "lawyer: X", "add_source": ""},
    )

    assert answer.status == 400
    assert "every fact needs its source" in answer.text


def test_two_who_write_the_same_new_case_do_not_overwrite_each_other(seeds):
    write_subject(seeds, CASE, "ada-quarry", "id: ada-quarry\n", None)

    with pytest.raises(UsageError, match="there already"):
        write_subject(seeds, CASE, "ada-quarry", "id: other\n", None)


def test_a_name_that_many_bear_is_warned_of(seeds):
    text = yaml_from(form(given="Kevin", family="Smith", policy="name_sufficient", names=""), CASE)

    checked = check_subject(seeds, CASE, "kevin-smith", text)

    assert checked.subject is not None
    assert any("bear this name" in one for one in checked.warnings)


PERSON = {
    "kind": "person", "title": "Sister", "given": "Ada", "family": "Quarry", "born": "1958",
    "names": "Ada Stone | married name @2", "solo": "Quarry", "policy": "name_sufficient",
    "topic_gate": "justice", "notify": "weekly", "context": "work: Basalt Hearts",
    "not": "the geologist: quarry stone", "not_prefix": "", "not_suffix": "",
    "sources": "https://news.example/quarry\nhttps://court.example/ada", "about": "Who speaks.",
    "do": "check",
}  # fmt: skip


def advocate(**changes: str) -> Form:
    return Form({name: [value] for name, value in (PERSON | changes).items()})


def registry_with(path: str, text: str) -> Registry:
    """Return a registry of that file and of the case without which there is none."""
    return parse_registry({path: text, "cases/bea-quarry.yaml": yaml_from(form(given="Bea"), CASE)})


def test_a_form_becomes_the_file_of_a_person_who_speaks_for_cases():
    text = yaml_from(advocate(), ADVOCATE)

    found = registry_with("advocates/ada-quarry.yaml", text).advocates[0]
    assert (found.id, found.kind, found.topic_gate) == ("ada-quarry", "person", "justice")
    assert found.names[0].text == "Ada Stone"
    assert [(term.kind, term.text) for term in found.context] == [("work", "Basalt Hearts")]
    assert str(found.notify) == "weekly"
    assert text.startswith("# yaml-language-server: $schema=../schema/advocate.json\n# Who speaks.")
    assert "status" not in text
    assert "jurisdiction" not in text


def test_a_form_becomes_the_file_of_an_organisation_named_by_its_first_name():
    names = "Quarry Justice Project\nProyecto Quarry | translation @2"
    text = yaml_from(
        advocate(kind="org", names=names, not_prefix="Ohio, Texas", born="", context="", solo=""),
        ADVOCATE,
    )

    found = registry_with("advocates/quarry-justice-project.yaml", text).advocates[0]
    assert (found.kind, found.display_name) == ("org", "Quarry Justice Project")
    assert [(form.text, form.kind) for form in found.names] == [
        ("Quarry Justice Project", "org"), ("Proyecto Quarry", "translation"),
    ]  # fmt: skip
    assert found.not_prefix == ("Ohio", "Texas")


def test_an_advocate_shows_what_it_would_have_matched_before_it_is_saved(desk, seeds):
    desk.get("/advocates/new")
    known = seeds / "advocates" / "kim-kardashian.yaml"
    for file in seeds.glob("cases/*.yaml"):  # nobody may name whom the registry lacks
        file.write_text(file.read_text().replace("kim-kardashian", "van-jones"))
    known.unlink()
    fields = PERSON | {"given": "Kim", "family": "Kardashian", "title": "", "names": "", "not": "",
                       "solo": "", "born": ""}  # fmt: skip

    page = desk.post("/advocates/new", fields)

    assert page.status == 200, page.text
    assert "would have matched" in page.text
    assert re.search(r"<mark>Kim Kardashian", page.html)
    assert not known.exists()


def test_a_checked_advocate_is_saved_and_listed_until_a_run_knows_it(desk, seeds):
    desk.get("/advocates/new")

    answer = desk.post("/advocates/new", PERSON | {"do": "save"})

    assert (answer.status, answer.headers["location"]) == (303, "/cases")
    listing = desk.get("/cases")
    assert "Saved ada-quarry.yaml." in listing.text
    assert 'href="/advocates/ada-quarry/edit"' in listing.html
    assert parse_registry(seed_texts(seeds)).version


def test_an_advocate_without_a_name_is_not_saved(desk):
    desk.get("/advocates/new")

    page = desk.post("/advocates/new", PERSON | {"given": "", "family": "", "names": "", "id": "x"})

    assert page.status == 400
    assert "it has no name" in page.text


def test_a_common_name_is_warned_of_in_an_advocates_form_too(desk):
    desk.get("/advocates/new")

    page = desk.post("/advocates/new", PERSON | {"given": "Kevin", "family": "Smith", "names": ""})

    assert page.status == 200
    assert "bear this name" in page.text


def test_an_advocates_file_is_added_to_and_its_names_need_no_word_of_a_case(desk, seeds):
    file = seeds / "advocates" / "innocence-project.yaml"
    page = desk.get("/advocates/innocence-project/edit")
    fields = {
        "text": text_in(page),
        "base": digest(file.read_text()),
        "do": "save",
        "add_names": "The Innocence Project Inc",
        "add_source": "https://news.example/names",
    }

    assert desk.post("/advocates/innocence-project/edit", fields).status == 303

    assert "{text: The Innocence Project Inc, kind: org, source: s4}" in file.read_text()


def test_the_form_of_an_advocate_opens_no_case(desk):
    assert desk.get("/advocates/kevin-cooper/edit").status == 404
    assert desk.get("/cases/kim-kardashian/edit").status == 404
