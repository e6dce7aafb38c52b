"""`casewatch retain`: what nobody speaks of goes, what a claim rests on stays, killed or not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.articles import EXTRACTOR_VERSION
from extractors.errors import CasewatchError, UsageError, WarehouseError
from flows.backup import make_backup
from flows.cli import main
from flows.evidence import gather
from flows.job import only_run
from flows.retention import plan, retain, rule_of
from flows.settings import Settings, settings_from
from tests.flows.upkeep_child import child
from warehouse.captures import discarding_of
from warehouse.chain import Walk, walk_chain
from warehouse.publish import publish
from warehouse.records import read_record, records_from
from warehouse.reextractions import Scope, count_stale
from warehouse.rewriting import next_name, previous_name
from warehouse.rows import named_rows
from warehouse.store import Warehouse, open_copy

PLAIN = "select min(article_id) from article anti join mention using (article_id)"


@pytest.fixture
def home(newsroom_home, tmp_path, monkeypatch):
    """Return a home whose pages were fetched a year ago; CASEWATCH_HOME names it."""
    copied = tmp_path / "home"
    shutil.copytree(newsroom_home, copied)
    monkeypatch.setenv("CASEWATCH_HOME", str(copied))
    execute(copied, "update capture set fetched_at = fetched_at - interval 365 days")
    return copied


def execute(home: Path, sql: str) -> None:
    warehouse = Warehouse(home / "casewatch.duckdb")
    with warehouse.transaction() as db:
        db.execute(sql)
    publish(warehouse, home / "casewatch-read.duckdb")


def rows(home: Path, sql: str, name: str = "casewatch.duckdb") -> list[dict[str, Any]]:
    with open_copy(home / name) as db:
        return named_rows(db, sql)


def article_of(home: Path) -> str:
    (found,) = rows(home, PLAIN)
    return str(next(iter(found.values())))


def files_of(home: Path) -> list[str]:
    archive = home / "warc"
    return sorted(path.relative_to(archive).as_posix() for path in archive.rglob("*.warc.gz"))


def breaks(home: Path, name: str = "casewatch-read.duckdb") -> list[Any]:
    with open_copy(home / name) as db:
        return list(walk_chain(db, home / "warc", Walk()))


def state(home: Path) -> tuple[Any, ...]:
    archive = {file: (home / "warc" / file).read_bytes() for file in files_of(home)}
    return archive, rows(home, "from capture"), rows(home, "from article_version")


def would_go(home: Path, days: int = 90) -> int:
    settings = Settings(home=home)
    return sum(file.records.get("", 0) for file in plan(settings, rule_of(days)))


# --- what goes and what stays --------------------------------------------------------------------


def test_pages_that_nobody_speaks_of_go_and_every_claim_still_leads_to_its_page(home):
    plain = rows(home, "from article anti join mention using (article_id)")
    members = {record.header("WARC-Record-ID"): record.block for record in records(home)}
    retained = retain(Settings(home=home), 90)
    (done,) = retained.done

    assert len(done.captures) == len(plain) > 0
    assert breaks(home) == breaks(home, "casewatch.duckdb") == []
    assert files_of(home) == [done.new_file]
    assert done.bytes_after < done.bytes_before
    kept = {record.header("WARC-Record-ID"): record.block for record in records(home)}
    assert (
        kept.items() - {(key, kept[key]) for key in kept.keys() - members.keys()} < members.items()
    )
    assert rows(home, "select count(*) from capture where discarded_at is null") == [
        {"count_star()": done.kept}
    ]


def records(home: Path) -> list[Any]:
    (file,) = files_of(home)
    return list(records_from(home / "warc", file, 0))


def test_without_yes_nothing_changes(home, capsys):
    before = state(home)

    assert main(["retain", "--days", "90"]) == 0
    said = capsys.readouterr().out
    assert "would go" in said
    assert "kept: an alert, or a copy of its story" in said
    assert "Nothing was changed" in said
    assert state(home) == before


def test_without_a_rule_pages_are_kept_for_ever(home, capsys, monkeypatch):
    assert main(["retain", "--yes"]) == 2
    assert "kept for ever" in capsys.readouterr().err
    monkeypatch.setenv("CASEWATCH_KEEP_PAGES", "90")

    assert main(["retain"]) == 0


def test_days_that_are_no_number_of_days_are_refused():
    with pytest.raises(UsageError, match="CASEWATCH_KEEP_PAGES"):
        settings_from({"CASEWATCH_KEEP_PAGES": "0"})


def test_pages_that_are_younger_stay(home):
    assert would_go(home, days=400) == 0


@pytest.mark.parametrize(
    ("reason", "sql"),
    [
        (
            "mention",
            "insert into mention by name from "
            "(select * replace ('{article}' as article_id, 'm' as mention_id, 'rejected' as tier) "
            "from mention limit 1)",
        ),
        (
            "alert",
            "insert into alert by name from (select * replace ('a' as alert_id, "
            "(select story_id from article where article_id = '{article}') as story_id) "
            "from alert limit 1)",
        ),
        ("edited", "update article set versions = 2 where article_id = '{article}'"),
        (
            "edited",
            "insert into article_change values "
            "('c', '{article}', 'v', 'w', 'headline_changed', null, 'a', 'b', true, now())",
        ),
        (
            "verdict",
            "insert into mention by name from (select * replace "
            "('{article}' as article_id, 'm' as mention_id) from mention limit 1);"
            "insert into candidate_verdict values ('v', 'm', 'missed', 'desk', null, now())",
        ),
        ("younger", "update capture set fetched_at = now() where page_id in "
                    "(select page_id from page where article_id = '{article}')"),
        ("no_article", "update page set article_id = null where article_id = '{article}'; "
                       "delete from article_version where article_id = '{article}'"),
    ],
)  # fmt: skip
def test_a_page_stays_because_of(home, reason, sql):
    before, article = would_go(home), article_of(home)
    execute(home, sql.format(article=article))
    (file,) = plan(Settings(home=home), rule_of(90))

    assert file.records[""] == before - 1
    assert file.records[reason] >= 1


def test_what_is_kept_moves_once_more_when_more_goes(home):
    retain(Settings(home=home), 90)
    for table in ("mention", "alert", "claim", "event", "advocacy_act"):
        execute(home, f"delete from {table}")
    (done,) = retain(Settings(home=home), 90).done

    assert done.file.endswith("-r1.warc.gz")
    assert done.new_file is None
    assert files_of(home) == []
    assert [found.link for found in breaks(home)] == []


# --- what it says ever after ---------------------------------------------------------------------


def test_verify_says_plainly_what_was_discarded_when_and_by_which_rule(home, capsys):
    retain(Settings(home=home), 90)

    assert main(["verify"]) == 0
    said = capsys.readouterr().out
    assert "records discarded on 20" in said
    assert "by the rule: no mention, older than 90 days" in said
    assert "Sound" in said
    assert main(["verify", "--quick", "--json"]) == 0
    assert sum(json.loads(capsys.readouterr().out)["discarded"].values()) > 0


def test_an_alert_that_is_raised_later_from_the_text_is_told_apart_from_damage(home, capsys):
    retain(Settings(home=home), 90)
    (version,) = rows(home, f"from article_version where article_id = ({PLAIN})")
    execute(
        home,
        "insert into alert by name from (select * replace ('feedface' as alert_id, "
        f"'{version['article_id']}' as article_id, '{version['version_id']}' as version_id, "
        "0 as start_offset, 0 as end_offset, '' as quote) from alert limit 1);"
        "insert into mention by name from (select * replace ('m' as mention_id, "
        f"'{version['article_id']}' as article_id, '{version['version_id']}' as version_id, "
        "0 as start_offset, 0 as end_offset, '' as quote) from mention "
        "where subject_id = (select subject_id from alert where alert_id = 'feedface') limit 1)",
    )

    assert main(["verify"]) == 0
    said = capsys.readouterr().out
    assert "alerts raised since from texts without a page: 1: feedface" in said
    assert "Sound, but for the alerts without a page" in said
    with open_copy(home / "casewatch-read.duckdb") as db:
        with pytest.raises(WarehouseError, match="by the rule: no mention"):
            gather(db, home / "warc", [], "feedface")
        assert discarding_of(db, version["warc_file"], version["warc_offset"]) is not None


def test_a_discarded_page_is_not_read_again(home):
    scope = Scope(f"{EXTRACTOR_VERSION} and later")
    retained = retain(Settings(home=home), 90)

    with open_copy(home / "casewatch.duckdb") as db:
        assert count_stale(db, scope) == retained.done[0].kept


def test_a_backup_after_it_is_whole(home, tmp_path):
    retain(Settings(home=home), 90)
    _, making = make_backup(Settings(home=home), tmp_path / "none", tmp_path / "backups")

    assert making.warnings == [f"{tmp_path}/none is no folder: the registry is not in this backup"]
    assert making.count("warc") == 1


# --- what can go wrong ---------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("words", ["writing", "committing", "publishing"])
def test_killed_in_mid_way_every_row_leads_to_its_record_and_the_next_call_ends_it(home, words):
    with child("retain_until", home, words, said="stopped"):
        pass
    assert breaks(home) == breaks(home, "casewatch.duckdb") == []
    retain(Settings(home=home), 90)

    assert len(files_of(home)) == 1
    assert would_go(home) == 0
    assert breaks(home) == breaks(home, "casewatch.duckdb") == []


def test_a_damaged_file_is_left_as_it_is_and_named(home, capsys):
    (file,) = files_of(home)
    content = bytearray((home / "warc" / file).read_bytes())
    content[len(content) // 2] ^= 0xFF
    (home / "warc" / file).write_bytes(content)

    assert main(["retain", "--days", "90", "--yes"]) == 1
    said = capsys.readouterr().out
    assert f"failed  {file}" in said
    assert files_of(home) == [file]
    assert (home / "warc" / file).read_bytes() == content
    assert rows(home, "from capture where discarded_at is not null") == []


def test_half_a_record_at_the_end_of_a_file_hinders_nothing(home):
    (file,) = files_of(home)
    whole = (home / "warc" / file).read_bytes()
    (home / "warc" / file).write_bytes(whole + whole[:300])
    retained = retain(Settings(home=home), 90)

    assert (len(retained.done), retained.failed) == (1, [])
    assert breaks(home) == []


def test_a_new_file_whose_old_one_is_gone_is_never_deleted(home):
    """Such as after a warehouse from before the retention was put back by hand."""
    before = home.with_name("before.duckdb")
    shutil.copy(home / "casewatch.duckdb", before)
    retain(Settings(home=home), 90)
    shutil.copy(before, home / "casewatch.duckdb")
    (file,) = files_of(home)
    retain(Settings(home=home), 90)

    assert files_of(home) == [file]


def test_nothing_is_discarded_while_a_run_is_under_way(home):
    before = state(home)

    with only_run(home), pytest.raises(CasewatchError, match="another run is under way"):
        retain(Settings(home=home), 90)
    assert state(home) == before


@given(st.from_regex(r"[a-z0-9/-]{1,20}", fullmatch=True), st.integers(1, 12))
def test_the_name_before_is_the_inverse_of_the_next_name(stem, times):
    name = f"{stem}-x.warc.gz"
    for _ in range(times):
        assert previous_name(next_name(name)) == name
        name = next_name(name)


def test_a_record_that_moved_is_read_at_its_new_place(home):
    retain(Settings(home=home), 90)

    for capture in rows(home, "from capture where discarded_at is null"):
        record = read_record(home / "warc", capture["warc_file"], capture["warc_offset"])
        assert record.header("WARC-Record-ID") == capture["record_id"]
