"""`casewatch backup` and `restore`: whole or not there, whatever runs beside them or kills them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import duckdb
import pytest

from extractors.errors import CasewatchError, UsageError, WarehouseError
from extractors.model import Verdict
from flows.backup import drop_old, make_backup
from flows.backup_manifest import backups_in, chosen
from flows.cli import main
from flows.job import only_run
from flows.restoring import check, restore
from flows.settings import Settings
from flows.upkeep import only_upkeep
from tests.flows.upkeep_child import child
from warehouse.backups import contents_of
from warehouse.chain import Walk, walk_chain
from warehouse.inbox import Judgement, put, waiting
from warehouse.store import Warehouse, open_copy

_MOMENTS = (datetime(2026, 11, 24, 6, tzinfo=UTC) + timedelta(seconds=n) for n in count())


@pytest.fixture
def home(newsroom_home, tmp_path, monkeypatch):
    """Return a home with its archive, of the test's own; CASEWATCH_HOME names it."""
    copied = tmp_path / "home"
    shutil.copytree(newsroom_home, copied)
    monkeypatch.setenv("CASEWATCH_HOME", str(copied))
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "feeds.yaml").write_text("feeds: []\n")
    monkeypatch.setenv("CASEWATCH_SEEDS", str(seeds))
    return copied


@pytest.fixture
def place(tmp_path):
    return tmp_path / "backups"


def rows_in(warehouse: Path) -> dict[str, int]:
    return contents_of(warehouse).rows


def back_up(home: Path, place: Path, **options):
    moment = next(_MOMENTS)
    return make_backup(
        Settings(home=home), place.with_name("seeds"), place, clock=lambda: moment, **options
    )


def archive_file(home: Path) -> Path:
    return next((home / "warc").rglob("*.warc.gz"))


def execute(home: Path, sql: str) -> None:
    with Warehouse(home / "casewatch.duckdb").transaction() as db:
        db.execute(sql)


# --- what is in a backup, and comes back ---------------------------------------------------------


def test_what_was_backed_up_comes_back_row_for_row_and_byte_for_byte(home, place, tmp_path, noon):
    put(home / "inbox", Judgement("feedface", Verdict.RELEVANT, "desk", noon))
    backup, making = back_up(home, place)
    restored = restore(chosen(place), Settings(home=tmp_path / "new"))

    assert (making.warnings, restored.breaks, restored.moved) == ([], {}, None)
    assert rows_in(restored.home / "casewatch.duckdb") == rows_in(home / "casewatch.duckdb")
    assert archive_file(restored.home).read_bytes() == archive_file(home).read_bytes()
    assert [one.alert_id for one in waiting(restored.home / "inbox")] == ["feedface"]
    assert (restored.home / "seeds/feeds.yaml").read_text() == "feeds: []\n"
    assert backup.manifest.rows["alert"] > 0


def test_a_restored_home_is_sound_and_reads_at_once(home, place, tmp_path, monkeypatch, capsys):
    back_up(home, place)
    assert main(["restore", str(place), "--home", str(tmp_path / "new")]) == 0
    monkeypatch.setenv("CASEWATCH_HOME", str(tmp_path / "new"))

    assert main(["verify"]) == 0
    assert "Sound" in capsys.readouterr().out


def test_a_warc_file_that_has_not_changed_shares_its_bytes_with_the_last_backup(home, place):
    first, _ = back_up(home, place)
    second, making = back_up(home, place)
    name = f"warc/{archive_file(home).relative_to(home / 'warc')}"

    assert making.linked == 1
    assert (first.folder / name).samefile(second.folder / name)
    assert not (second.folder / name).samefile(archive_file(home))


def test_a_warc_file_that_has_grown_is_copied_anew_up_to_its_last_whole_record(home, place):
    back_up(home, place)
    file = archive_file(home)
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 2][:700])  # as a run writes it, or was killed
    backup, making = back_up(home, place)
    copied = archive_file(backup.folder).read_bytes()

    assert (making.linked, making.warnings) == (0, [])
    assert len(whole) <= len(copied) < file.stat().st_size
    assert file.read_bytes().startswith(copied)


def test_a_missing_warc_file_is_said_and_the_rest_is_backed_up(home, place, capsys):
    archive_file(home).unlink()

    assert main(["backup", str(place)]) == 1
    assert "missing or too short" in capsys.readouterr().out
    assert len(backups_in(place)) == 1


def test_what_a_killed_writer_left_in_its_log_is_in_the_backup_and_the_home_stays(home, place):
    live = duckdb.connect(str(home / "casewatch.duckdb"))
    live.execute("set checkpoint_threshold = '1GB'")
    live.execute("insert into feed (feed_id, url, outlet, kind, active, failures_in_a_row) values "
                 "('logged', 'u', 'o', 'feed', true, 0)")  # fmt: skip
    left = home.with_name("left")
    shutil.copytree(home, left)
    live.close()
    before = {path.name: path.read_bytes() for path in left.iterdir() if path.is_file()}
    backup, _ = back_up(left, place)

    with open_copy(backup.folder / "casewatch.duckdb") as db:
        assert db.execute("select count(*) from feed where feed_id = 'logged'").fetchone() == (1,)
    assert not (backup.folder / "casewatch.duckdb.wal").exists()
    assert (
        before.items()
        <= {path.name: path.read_bytes() for path in left.iterdir() if path.is_file()}.items()
    )


def test_only_the_newest_backups_of_this_home_are_kept(home, place, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(home, other)
    kept, _ = back_up(other, place)
    first, _ = back_up(home, place)
    second, _ = back_up(home, place)

    assert drop_old(Settings(home=home), place, 1) == [first.folder]
    assert [backup.folder for backup in backups_in(place)] == [kept.folder, second.folder]
    check(second)


# --- beside writers ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_backup_beside_a_process_that_writes_has_every_record_that_its_rows_name(home, place):
    with child("write_on", home, said="begun"):
        backups = [back_up(home, place) for _ in range(3)]
    written = [backup.manifest.rows["capture"] for backup, _ in backups]

    assert written == sorted(written)
    assert written[-1] > rows_in(home / "casewatch-read.duckdb")["capture"]
    for backup, making in backups:
        check(backup)
        assert making.warnings == []
        with open_copy(backup.folder / "casewatch.duckdb") as db:
            assert list(walk_chain(db, backup.folder / "warc", Walk())) == []


def test_where_a_writer_does_not_let_go_the_published_copy_is_taken_and_that_is_said(
    home, place, capsys
):
    execute(home, "update feed set title = 'later'")
    with child("hold", home, said="begun"):
        assert main(["backup", str(place), "--wait", "0.1"]) == 1

    said = " ".join(capsys.readouterr().out.split())
    assert "published copy" in said
    assert "is held by" in said
    with open_copy(chosen(place).folder / "casewatch.duckdb") as db:
        assert db.execute("select count(*) from feed where title = 'later'").fetchone() == (0,)


def test_two_backups_at_once_or_one_beside_other_upkeep_are_refused(home, place):
    with only_upkeep(home, "a compaction"), pytest.raises(CasewatchError, match="a compaction"):
        back_up(home, place)

    assert not place.exists() or backups_in(place) == []


# --- killed --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("words", ["copying the warehouse", "copying the archive"])
def test_a_backup_killed_in_mid_way_is_no_backup_and_the_next_one_clears_it_away(
    home, place, words
):
    with child("backup_until", home, place, words, said="stopped"):
        pass
    assert list(place.iterdir()) != []
    assert backups_in(place) == []
    with pytest.raises(UsageError, match="no backup there"):
        chosen(place)
    backup, _ = back_up(home, place)

    assert {path.name for path in place.iterdir()} == {".lock", backup.folder.name}
    check(backup)


@pytest.mark.slow
def test_a_restore_killed_in_mid_way_leaves_the_home_as_it_was(home, place):
    back_up(home, place)
    execute(home, "update feed set title = 'later'")
    with child("restore_until", place, home, "copying", said="stopped"):
        pass

    with open_copy(home / "casewatch.duckdb") as db:
        assert db.execute("select distinct title from feed").fetchall() == [("later",)]
    restored = restore(chosen(place), Settings(home=home), over=True)
    assert restored.moved is not None
    assert [path.name for path in home.parent.glob(".home*")] == []


# --- refusals ------------------------------------------------------------------------------------


def test_a_damaged_backup_is_named_file_by_file_and_nothing_is_written(home, place, tmp_path):
    backup, _ = back_up(home, place)
    file = archive_file(backup.folder)
    file.write_bytes(file.read_bytes()[:-1] + b"?")
    (backup.folder / "seeds/feeds.yaml").unlink()

    with pytest.raises(WarehouseError, match="damaged, nothing was restored") as raised:
        restore(backup, Settings(home=tmp_path / "new"))
    assert str(file) in str(raised.value)
    assert "feeds.yaml: missing" in str(raised.value)
    assert not (tmp_path / "new").exists()


def test_a_damaged_backup_fails_the_check_of_the_command(home, place, capsys):
    backup, _ = back_up(home, place)
    assert main(["restore", str(place), "--check"]) == 0
    (backup.folder / "casewatch.duckdb").write_bytes(b"")

    assert main(["restore", str(place), "--check"]) == 1
    assert "0 bytes, the manifest says" in capsys.readouterr().err


def test_a_manifest_that_cannot_be_read_is_named(home, place):
    backup, _ = back_up(home, place)
    (backup.folder / "manifest.json").write_text("{")

    with pytest.raises(WarehouseError, match=r"manifest\.json cannot be read"):
        chosen(backup.folder)


def test_rows_that_the_manifest_does_not_say_are_refused(home, place, tmp_path):
    backup, _ = back_up(home, place)
    wrong = replace(backup.manifest, rows=backup.manifest.rows | {"alert": 7})

    with pytest.raises(WarehouseError, match="table alert has"):
        restore(replace(backup, manifest=wrong), Settings(home=tmp_path / "new"))
    assert list(tmp_path.glob("*new*")) == []


def test_a_home_that_is_not_empty_is_refused_and_moved_aside_only_when_asked(home, place):
    back_up(home, place)
    execute(home, "update feed set title = 'later'")
    with pytest.raises(UsageError, match="not empty"):
        restore(chosen(place), Settings(home=home))
    restored = restore(chosen(place), Settings(home=home), over=True)

    assert restored.moved is not None
    with open_copy(restored.moved / "casewatch.duckdb") as db:
        assert db.execute("select distinct title from feed").fetchall() == [("later",)]
    with open_copy(home / "casewatch.duckdb") as db:
        assert db.execute("select count(*) from feed where title = 'later'").fetchone() == (0,)


def test_a_home_in_which_a_run_is_under_way_is_not_moved(home, place):
    back_up(home, place)

    with only_run(home), pytest.raises(CasewatchError, match="another run is under way"):
        restore(chosen(place), Settings(home=home), over=True)
    assert (home / "casewatch.duckdb").exists()


def test_a_home_that_is_not_there_is_no_backup(tmp_path, place):
    with pytest.raises(UsageError, match="CASEWATCH_HOME"):
        back_up(tmp_path / "typo", place)
    assert not place.exists()


def test_a_backup_inside_of_what_is_backed_up_is_refused(home):
    with pytest.raises(UsageError, match="which is backed up"):
        back_up(home, home / "warc" / "backups")


def test_the_manifest_says_what_was_backed_up_with_which_versions(home, place):
    backup, _ = back_up(home, place)
    facts = json.loads((backup.folder / "manifest.json").read_text("utf-8"))

    assert facts["rows"] == rows_in(home / "casewatch.duckdb")
    assert facts["versions"]["duckdb"] == duckdb.__version__
    assert {file["path"].partition("/")[0] for file in facts["files"]} == {
        "casewatch.duckdb",
        "warc",
        "seeds",
    }
