"""An evidence folder stands alone: its sums, its records, its offsets, and hostile words inert."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zlib
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from warcio.archiveiterator import ArchiveIterator

from extractors.model import Verdict
from flows.cli import main
from warehouse.inbox import Judgement, put

FILES = {
    "SHA256SUMS",
    "alert.json",
    "check.py",
    "index.html",
    "mentions.json",
    "page.warc.gz",
    "text.txt",
    "verdicts.json",
}
HOSTILE = (
    "<script>alert('x')</script> \"><img src=x onerror=alert(1)> \u202egnp.exe </style> &amp;lt;"
)


@pytest.fixture(scope="module")
def odd_home(tmp_path_factory, module_server, make_odd_job, watch, rss, story):
    """Return the home of a watch over a hostile page that was edited and then left alone."""
    home = tmp_path_factory.mktemp("export") / "home"
    escaped = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    module_server.says("good.example/feed", rss("http://good.example/one"))
    module_server.says("good.example/one", story(), ETag='"1"')
    feeds = {"good": "http://good.example/feed"}
    settings = module_server.settings(home, revisit_after=(timedelta(),))
    watch(make_odd_job(settings, feeds))
    edited = story(title=f"Court hears Ada Quarry {escaped}", more=escaped)
    module_server.says("good.example/one", edited, ETag='"2"')
    watch(make_odd_job(settings, feeds, timedelta(hours=1)))
    watch(make_odd_job(settings, feeds, timedelta(hours=2)))
    return home


@pytest.fixture
def odd(odd_home, tmp_path, monkeypatch):
    """Return a copy of that home of the test's own; CASEWATCH_HOME names it."""
    home = tmp_path / "home"
    shutil.copytree(odd_home, home)
    monkeypatch.setenv("CASEWATCH_HOME", str(home))
    return home


@pytest.fixture
def folder(odd, tmp_path, noon):
    """Return the evidence of that home's one alert, with a verdict that is still in the inbox."""
    put(odd / "inbox", Judgement(alert_of(odd), Verdict.RELEVANT, f"Zoë {HOSTILE}", noon, HOSTILE))
    assert main(["export", "--evidence", alert_of(odd), "--out", str(tmp_path / "out")]) == 0
    return tmp_path / "out"


def ask(home: Path, sql: str) -> str:
    with duckdb.connect(str(home / "casewatch-read.duckdb"), read_only=True) as db:
        found = db.execute(sql).fetchone()
    assert found is not None
    return str(found[0])


def alert_of(home: Path) -> str:
    return ask(home, "select alert_id from alert")


def change(home: Path, sql: str) -> None:
    with duckdb.connect(str(home / "casewatch-read.duckdb")) as db:
        db.execute(sql)


def facts_of(folder: Path, name: str):
    return json.loads((folder / name).read_text("utf-8"))


def check(folder: Path) -> tuple[int, str]:
    """Run the folder's own check, as a stranger would: no casewatch, no packages."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "check.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


# --- the files -----------------------------------------------------------------------------------


def test_the_folder_has_these_files_and_no_other(folder):
    assert {path.name for path in folder.iterdir()} == FILES


def test_sha256sum_accepts_the_sums(folder):
    said = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.count(": OK") == len(FILES) - 1


def test_the_offsets_of_the_mentions_are_those_of_the_text(folder):
    text = (folder / "text.txt").read_bytes().decode("utf-8")
    mentions = facts_of(folder, "mentions.json")

    assert mentions
    assert all(text[m["start_offset"] : m["end_offset"]] == m["quote"] for m in mentions)
    assert {"evidence", "confidence", "tagger_version", "registry_version"} <= {*mentions[0]}


def test_the_text_is_the_version_that_raised_the_alert(folder, odd):
    sql = "select text from article_version join alert using (version_id)"

    assert (folder / "text.txt").read_bytes().decode("utf-8") == ask(odd, sql)
    assert facts_of(folder, "alert.json")["version"]["extractor_version"]


def test_the_records_are_a_warc_file_of_their_own(folder):
    with (folder / "page.warc.gz").open("rb") as file:
        kinds = [r.rec_type for r in ArchiveIterator(file, check_digests="raise")]

    assert kinds == [
        *("warcinfo", "response", "request"),
        *("warcinfo", "response", "request"),
        *("warcinfo", "revisit", "request"),
    ]


def test_fastwarc_finds_the_digests_of_every_record_sound(folder):
    with (folder / "page.warc.gz").open("rb") as file:
        records = FastIterator(file, record_types=WarcRecordType.any_type, parse_http=False)
        sound = [record.verify_block_digest() for record in records]

    assert sound == [True] * 9


def test_the_records_are_copied_byte_for_byte(folder, odd):
    archive = b"".join(path.read_bytes() for path in (odd / "warc").rglob("*.warc.gz"))
    raw = (folder / "page.warc.gz").read_bytes()
    copied = 0
    while raw:
        unpacker = zlib.decompressobj(31)
        unpacker.decompress(raw)
        member, raw = raw[: len(raw) - len(unpacker.unused_data)], unpacker.unused_data
        assert member in archive
        copied += 1

    assert copied == 9


def test_a_verdict_that_waits_in_the_inbox_is_in_it(folder):
    (verdict,) = facts_of(folder, "verdicts.json")

    assert (verdict["verdict"], verdict["note"]) == ("relevant", HOSTILE)


def test_two_exports_are_equal_byte_for_byte(folder, odd, tmp_path):
    main(["export", "--evidence", alert_of(odd)[:6], "--out", str(tmp_path / "again")])

    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {
        p.name: p.read_bytes() for p in (tmp_path / "again").iterdir()
    }


# --- checking it without casewatch ---------------------------------------------------------------


def test_its_own_check_finds_all_of_it_sound(folder):
    code, said = check(folder)

    assert code == 0, said
    assert said.endswith(" 0 broken\n")
    assert "seen    on the archived page: 'Ada Quarry'" in said


@pytest.mark.parametrize("name", sorted(FILES - {"SHA256SUMS", "check.py"}))
def test_its_own_check_finds_a_changed_file(folder, name):
    path = folder / name
    path.write_bytes(path.read_bytes() + b" ")

    assert check(folder)[0] == 1


def test_its_own_check_finds_a_text_that_was_changed_together_with_its_sum(folder):
    path = folder / "text.txt"
    path.write_bytes(path.read_bytes().replace(b"Quarry", b"Quarrel"))
    sums = folder / "SHA256SUMS"
    fresh = hashlib.sha256(path.read_bytes()).hexdigest()
    sums.write_text(re.sub(r"\w+(?=  text\.txt)", fresh, sums.read_text()))
    code, said = check(folder)

    assert code == 1
    assert "BROKEN  text.txt: hash" in said
    assert "ok      text.txt: SHA-256" in said


def test_its_own_check_survives_a_folder_without_its_page(folder):
    (folder / "page.warc.gz").unlink()
    code, said = check(folder)

    assert code == 1
    assert "BROKEN  records: FileNotFoundError" in said


# --- the page ------------------------------------------------------------------------------------


class Tags(HTMLParser):
    """The tags of a page, with their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


@pytest.fixture
def page(folder):
    return Tags((folder / "index.html").read_text("utf-8"))


def test_hostile_words_are_words(page):
    tags = {tag for tag, _ in page.tags}

    assert tags.isdisjoint({"script", "img", "iframe", "object", "svg", "base", "form"})
    assert page.words.count("<script>alert('x')</script>") >= 3  # headline, text, note
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]


def test_the_page_forbids_scripts_and_requests_by_policy(page):
    (policy,) = [a["content"] for t, a in page.tags if a.get("http-equiv")]

    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy


def test_the_policy_allows_the_style_of_the_page_and_no_other(folder):
    text = (folder / "index.html").read_text("utf-8")
    style = text.partition("<style>")[2].partition("</style>")[0]
    digest = hashlib.sha256(style.encode()).digest()
    allowed = re.search(r"'sha256-([^']+)'", text)

    assert allowed is not None
    assert base64.b64encode(digest).decode() == allowed[1]


def test_words_that_turn_the_direction_of_reading_are_kept_to_themselves(folder):
    text = (folder / "index.html").read_text("utf-8")
    body = text.partition("<body>")[2]
    outside = re.sub(
        r"<bdi>.*?</bdi>|<title>.*?</title>|<p[ >].*?</p>|<blockquote>.*?</blockquote>",
        "",
        body,
        flags=re.DOTALL,
    )

    assert "\u202e" in body
    assert "\u202e" not in outside


def test_links_lead_to_the_web_or_to_a_file_beside_the_page(page, folder):
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a"]

    assert "http://good.example/one" in links
    assert all(
        href.startswith("http://good.example/") or (folder / href).is_file() for href in links
    )


def test_the_page_tells_names_evidence_edit_and_how_to_check(page):
    for words in (
        "Ada Quarry",
        "Full name; ",
        "The article was edited",
        "headline changed",
        "sha256sum -c SHA256SUMS",
        "python3 check.py",
        "unchanged, byte for byte",
        "Neither the alert nor this page says whether anybody is guilty",
    ):
        assert words in " ".join(page.words.split()), words


# --- refusals ------------------------------------------------------------------------------------


def test_a_broken_chain_is_named_and_nothing_is_written(odd, tmp_path, capsys):
    change(odd, "update article_version set text = text || '!' where number = 1")

    assert main(["export", "--evidence", alert_of(odd), "--out", str(tmp_path / "out")]) == 1
    assert "text_hash says" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_later_record_that_is_gone_is_left_out_and_named(odd, tmp_path, capsys):
    last = ask(odd, "select arg_max(warc_file, fetched_at) from capture")
    (odd / "warc" / last).unlink()

    assert main(["export", "--evidence", alert_of(odd), "--out", str(tmp_path / "out")]) == 1
    assert "left out: the record of 2026-11-20 14:00 UTC" in capsys.readouterr().out
    assert "Left out: " in (tmp_path / "out" / "index.html").read_text("utf-8")
    assert check(tmp_path / "out")[0] == 0


def test_a_folder_that_is_there_is_not_touched(odd, tmp_path, capsys):
    (tmp_path / "out").mkdir()

    assert main(["export", "--evidence", alert_of(odd), "--out", str(tmp_path / "out")]) == 2
    assert "is there already" in capsys.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []


def test_an_alert_that_nobody_raised_is_wrong_use(odd, capsys):
    assert main(["export", "--evidence", "feedface"]) == 2
    assert "no alert 'feedface'" in capsys.readouterr().err


def test_without_out_the_folder_is_named_after_the_alert(odd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    main(["export", "--evidence", alert_of(odd)])

    assert (tmp_path / f"evidence-{alert_of(odd)[:8]}" / "index.html").is_file()
