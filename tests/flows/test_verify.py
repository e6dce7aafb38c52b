"""`casewatch verify` finds each break of the chain and says where it is and what to do."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import duckdb
import pytest

from extractors.model import Verdict
from flows.cli import main
from warehouse.inbox import Judgement, drain, put
from warehouse.publish import publish
from warehouse.store import Warehouse

MENTION = "select min(mention_id) from mention"
ALERT = "select alert_id from alert order by alert_id limit 1"


@pytest.fixture(scope="module")
def judged_home(newsroom_home, tmp_path_factory, noon):
    """Return a home with archive and one verdict: do not write to it."""
    home = tmp_path_factory.mktemp("judged") / "home"
    shutil.copytree(newsroom_home, home)
    put(home / "inbox", Judgement(value(home, ALERT), Verdict.RELEVANT, "desk", noon))
    warehouse = Warehouse(home / "casewatch.duckdb")
    drained = drain(warehouse, home / "inbox")
    publish(warehouse, home / "casewatch-read.duckdb")
    drained.forget()
    (home / "casewatch.duckdb").unlink()  # `verify` reads the copy alone
    return home


@pytest.fixture
def sound(judged_home, tmp_path, monkeypatch):
    """Return a copy of that home of the test's own; CASEWATCH_HOME names it."""
    home = tmp_path / "home"
    shutil.copytree(judged_home, home)
    monkeypatch.setenv("CASEWATCH_HOME", str(home))
    return home


@pytest.fixture
def breaks(capsys):
    """Return a function that runs the command and returns its exit code and its breaks."""

    def verify(*words: str) -> tuple[int, list[dict[str, str]], dict[str, dict[str, int]]]:
        code = main(["verify", "--json", *words])
        *found, counts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return code, found, counts

    return verify


def change(home: Path, sql: str) -> None:
    """Change the published copy, as somebody with an editor would."""
    with duckdb.connect(str(home / "casewatch-read.duckdb")) as db:
        db.execute(sql)


def value(home: Path, sql: str) -> str:
    with duckdb.connect(str(home / "casewatch-read.duckdb"), read_only=True) as db:
        found = db.execute(sql).fetchone()
    assert found is not None
    return str(found[0])


def archive_file(home: Path) -> Path:
    return next((home / "warc").rglob("*.warc.gz"))


def told(found: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(line["link"], line["problem"]) for line in found]


# --- nothing is broken ---------------------------------------------------------------------------


def test_a_sound_warehouse_has_no_break_and_every_link_is_counted(sound, breaks):
    code, found, counts = breaks()

    assert (code, found, counts["broken"]) == (0, [], {})
    for link, table in (("verdict", "verdict"), ("alert", "alert"), ("version", "article_version")):
        assert counts["checked"][link] == int(value(sound, f"select count(*) from {table}"))
    assert counts["checked"]["record"] == int(value(sound, "select count(*) from capture"))


def test_a_person_reads_a_table_and_a_verdict(sound, capsys):
    assert main(["verify"]) == 0

    said = capsys.readouterr().out
    assert "Sound: every claim leads to a page in the archive" in said
    assert "record" in said


def test_without_a_run_there_is_nothing_to_verify(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CASEWATCH_HOME", str(tmp_path))

    assert main(["verify"]) == 1
    assert "does not exist yet" in capsys.readouterr().err


# --- one thing is broken -------------------------------------------------------------------------


def test_a_verdict_of_an_alert_that_is_not_stored(sound, breaks):
    change(sound, "update verdict set alert_id = 'feedfacefeedface'")
    code, found, _ = breaks()

    assert (code, told(found)) == (1, [("verdict", "unknown_alert")])
    assert found[0]["id"] == value(sound, "select verdict_id from verdict")
    assert "relevant by desk judges alert feedfacefeedface" in found[0]["said"]
    assert "restore the warehouse from a backup" in found[0]["advice"]


def test_an_alert_that_no_mention_speaks_for(sound, breaks):
    alert = value(sound, ALERT)
    change(
        sound,
        "delete from mention where (version_id, subject_id) in "
        f"(select (version_id, subject_id) from alert where alert_id = '{alert}')",
    )
    code, found, _ = breaks()

    assert (code, told(found)) == (1, [("alert", "no_mention")])
    assert found[0]["id"] == alert


def test_an_alert_whose_passage_is_not_in_the_text(sound, breaks):
    alert = value(sound, ALERT)
    change(sound, f"update alert set quote = 'He confessed.' where alert_id = '{alert}'")
    code, found, _ = breaks()

    assert (code, told(found)) == (1, [("alert", "quote")])
    assert "the row says 'He confessed.'" in found[0]["said"]


@pytest.mark.parametrize(
    ("table", "link"),
    [("alert", "alert"), ("verdict", "verdict"), ("mention", "mention"), ("capture", "record")],
)
def test_a_row_that_stands_there_twice(sound, breaks, table, link):
    change(sound, f"insert into {table} from {table} order by all limit 1")
    _, found, _ = breaks()

    assert (link, "twice") in told(found)
    assert f"2 rows of table {table} have this id" in {line["said"] for line in found}


def test_an_alert_without_its_story(sound, breaks):
    change(sound, f"update alert set story_id = 'none' where alert_id = ({ALERT})")

    assert told(breaks()[1]) == [("alert", "no_story")]


def test_a_mention_whose_offsets_were_moved(sound, breaks):
    mention = value(sound, "select min(mention_id) from mention")
    change(
        sound,
        "update mention set start_offset = start_offset + 1, end_offset = end_offset + 1 "
        f"where mention_id = '{mention}'",
    )
    code, found, _ = breaks()

    assert (code, told(found)) == (1, [("mention", "quote")])
    assert found[0]["id"] == mention
    assert "offsets or text were changed" in found[0]["advice"]


def test_a_mention_whose_offsets_lie_outside_the_text(sound, breaks):
    change(
        sound,
        f"update mention set start_offset = -8 where mention_id = ({MENTION})",
    )

    assert told(breaks()[1]) == [("mention", "quote")]


def test_a_mention_of_a_version_that_is_not_stored(sound, breaks):
    change(
        sound,
        "update mention set version_id = 'gone' "
        "where mention_id = (select min(mention_id) from mention where tier = 'rejected')",
    )

    assert told(breaks()[1]) == [("mention", "no_version")]


def test_a_mention_that_names_another_article(sound, breaks):
    change(
        sound,
        f"update mention set article_id = 'other' where mention_id = ({MENTION})",
    )

    assert told(breaks()[1]) == [("mention", "other_article")]


def test_a_text_that_was_changed_after_it_was_stored(sound, breaks):
    version = value(sound, "select min(version_id) from article_version")
    change(sound, f"update article_version set text = text || '!' where version_id = '{version}'")
    code, found, _ = breaks()

    assert (code, told(found)) == (1, [("version", "text_hash")])
    assert found[0]["id"] == version
    assert "compare it with the page in its WARC record" in found[0]["advice"]


def test_a_text_that_was_changed_together_with_its_hash(sound, breaks):
    """The hash of the text is in the version's id, and that in every row that derives from it."""
    change(
        sound,
        "update article_version set text = text || '!', "
        "text_hash = left(sha256(text || '!'), 16) "
        "where version_id = (select min(version_id) from article_version)",
    )

    assert told(breaks()[1]) == [("version", "version_id")]


def test_a_version_without_its_article(sound, breaks):
    change(
        sound,
        "update article set article_id = 'other' "
        "where article_id = (select min(article_id) from article)",
    )
    links = {(link, problem) for link, problem in told(breaks()[1])}

    assert links == {("version", "no_article"), ("version", "no_version")}


def test_a_file_of_the_archive_that_is_gone(sound, breaks):
    file = archive_file(sound)
    file.unlink()
    code, found, counts = breaks()

    assert code == 1
    assert set(told(found)) == {("record", "missing_file")}
    assert len(found) == counts["checked"]["record"]
    assert file.name in found[0]["said"]
    assert found[0]["id"].startswith("version ")
    assert "put the file back from a backup of the archive" in found[0]["advice"]


def test_a_file_that_was_cut_short(sound, breaks):
    file = archive_file(sound)
    last = int(value(sound, "select max(warc_offset) from capture"))
    file.write_bytes(file.read_bytes()[: last + 50])
    _, found, _ = breaks()

    assert told(found) == [("record", "truncated")]
    assert f"at byte {last}" in found[0]["said"]


def test_a_file_with_a_flipped_byte(sound, breaks):
    file = archive_file(sound)
    raw = bytearray(file.read_bytes())
    offset = int(value(sound, "select min(warc_offset) from capture"))
    raw[offset + 300] ^= 0xFF
    file.write_bytes(raw)

    assert told(breaks()[1]) == [("record", "damaged")]


def test_a_page_that_was_exchanged_in_the_archive(sound, breaks):
    """Whoever forges a record with all its digests still has the row against it."""
    file = archive_file(sound)
    offset = int(value(sound, "select max(warc_offset) from capture"))
    raw = file.read_bytes()
    forged = gzip.decompress(raw[offset:]).partition(b"\r\n\r\nWARC/1.1")[0] + b"\r\n\r\n"
    file.write_bytes(raw[:offset] + gzip.compress(forged.replace(b"</body>", b"</b0dy>")))
    _, found, _ = breaks()

    assert set(told(found)) == {("record", "digest")}


def test_a_row_whose_digest_was_changed(sound, breaks):
    version = value(sound, "select min(version_id) from article_version")
    change(
        sound,
        f"update article_version set payload_digest = 'sha1:AAAA' where version_id = '{version}'",
    )
    _, found, _ = breaks()

    assert told(found) == [("record", "digest")]
    assert f"version {version}" in found[0]["id"]
    assert "the row says sha1:AAAA" in found[0]["said"]


def test_a_row_that_points_at_another_page(sound, breaks):
    change(
        sound,
        "update capture set warc_offset = (select max(warc_offset) from capture) "
        "where capture_id = (select arg_min(capture_id, warc_offset) from capture)",
    )
    _, found, _ = breaks()

    assert {problem for _, problem in told(found)} == {"digest", "other_record"}


def test_a_revisit_that_points_nowhere(sound, breaks):
    change(
        sound,
        "update capture set kind = 'revisit', refers_to = 'gone' "
        "where capture_id = (select min(capture_id) from capture)",
    )
    _, found, _ = breaks()

    assert told(found) == [("revisit", "nowhere"), ("revisit", "other_record")]
    assert "refers to capture gone, which holds no page" in found[0]["said"]


# --- how it looks --------------------------------------------------------------------------------


def test_quick_does_not_read_the_records_but_misses_no_file(sound, breaks):
    file = archive_file(sound)
    raw = bytearray(file.read_bytes())
    raw[int(value(sound, "select min(warc_offset) from capture")) + 300] ^= 0xFF
    file.write_bytes(raw)

    assert breaks("--quick")[:2] == (0, [])
    file.unlink()
    assert set(told(breaks("--quick")[1])) == {("record", "missing_file")}


def test_a_person_reads_what_is_broken_where_and_what_to_do(sound, capsys):
    change(sound, "update verdict set alert_id = 'feedfacefeedface'")

    assert main(["verify"]) == 1
    said = capsys.readouterr().out
    assert "broken verdict " in said
    assert "What to do: restore the warehouse from a backup" in said
    assert "1 break. What is not named above is sound." in said
