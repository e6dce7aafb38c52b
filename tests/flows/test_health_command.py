"""`casewatch health`: what may be missing, and what feeds ask to have changed."""

import json
import shutil
from pathlib import Path

import pytest

from flows.cli import main
from flows.settings import settings_from
from warehouse.publish import publish
from warehouse.store import Warehouse

SEEDS = Path(__file__).resolve().parents[2] / "seeds"


@pytest.fixture
def change(home):
    """Return a function that changes the warehouse by SQL and publishes it."""

    def run(sql):
        warehouse = Warehouse(settings_from().warehouse)
        with warehouse.transaction() as db:
            db.execute(sql)
        publish(warehouse, settings_from().copy)

    return run


@pytest.fixture
def seeds(tmp_path, monkeypatch):
    """Return a copy of the registry whose feeds.yaml names the newsroom's feeds."""
    copied = tmp_path / "seeds"
    shutil.copytree(SEEDS, copied)
    shutil.copyfile(SEEDS / "newsroom" / "feeds.yaml", copied / "feeds.yaml")
    monkeypatch.setenv("CASEWATCH_SEEDS", str(copied))
    return copied


def feed_id(seeds):
    """Return the first feed's id."""
    text = (seeds / "feeds.yaml").read_text("utf-8")
    return text.partition("- id: ")[2].split()[0]


def test_a_feed_that_moved_is_proposed_as_a_diff(change, seeds, capsys):
    name = feed_id(seeds)
    change("update feed set moved_to = null, gone_at = null")
    change(f"update feed set moved_to = 'https://new.example/rss' where feed_id = '{name}'")
    code = main(["health", "--propose"])
    diff = capsys.readouterr().out

    assert code == 0
    added = [line for line in diff.splitlines() if line.startswith("+") and "+++" not in line]
    assert [line.split("url: ")[1] for line in added] == ["https://new.example/rss"]


def test_where_nothing_moved_nothing_is_proposed(change, seeds, capsys):
    change("update feed set moved_to = null, gone_at = null")

    assert main(["health", "--propose"]) == 0
    assert capsys.readouterr().out == ""


def test_a_case_that_nobody_writes_of_is_told(change, capsys):
    change("update run set started_at = now() - interval 40 days")
    main(["health"])
    out = capsys.readouterr().out

    assert "What may be missing" in out
    assert "no mention of" in out


def given_up(change, *messages):
    """Put *messages* (id, channel, rank of the alert in it) into the outbox, given up."""
    change("delete from outbox_message; delete from outbox")
    for name, channel, rank in messages:
        change(
            f"update alert set rank = {rank} where alert_id = (select alert_id from alert "
            f"order by rank = {rank} desc, alert_id limit 1)"
        )
        change(
            "insert into outbox_message (message_id, channel, kind, state, alerts, packed_at, "
            f"attempts, failure) values ('{name}', '{channel}', 'digest', 'given_up', 1, "
            "'2026-11-20 06:30:00Z', 9, 'HTTP 503');"
            "insert into outbox (outbox_id, alert_id, channel, message_id, told) "
            f"select '{name}', any_value(alert_id), '{channel}', '{name}', true from alert "
            f"where rank = {rank}"
        )


def test_what_was_given_up_is_named_worst_first_with_the_way_to_send_it(change, capsys):
    given_up(change, ("a", "mail:desk", 1), ("b", "chat:team", 3))
    main(["health"])
    out = capsys.readouterr().out
    block = out.partition("Not sent in two days of trying: 2 alerts")[2].partition("Cases,")[0]

    assert block.index("urgent   chat:team") < block.index("mention  mail:desk")
    assert "HTTP 503" in block
    assert "Send them again: casewatch digest" in block


def test_where_nothing_was_given_up_nothing_is_said_of_it(change, capsys):
    given_up(change)
    main(["health"])

    assert "two days of trying" not in capsys.readouterr().out


def test_programs_get_what_was_given_up_too(change, capsys):
    given_up(change, ("a", "mail:desk", 2))
    main(["health", "--json"])
    (message,) = json.loads(capsys.readouterr().out)["given_up"]

    assert (message["channel"], message["rank"], message["attempts"]) == ("mail:desk", 2, 9)
