"""The command line: exit codes, help, and the commands that read and judge."""

import csv
import io
import json
import subprocess
import sys

import pytest

from extractors.errors import CasewatchError, UsageError
from flows.cli import COMMANDS, DONE, FAILED, WRONG_USE, _run, main
from flows.settings import Settings

VIEWS = (
    "select view_name as name from duckdb_views() "
    "where database_name = 'warehouse' and not internal"
)
HOLD = """
import duckdb, sys
db = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def said(home, capsys):
    """Return a function that runs a command and returns its exit code, output and errors."""

    def run(*words):
        code = main(words)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def rows(said):
    """Return a function that runs a command with --json and returns one dict a line."""

    def run(*words):
        code, out, err = said(*words, "--json")
        assert (code, err) == (DONE, "")
        return [json.loads(line) for line in out.splitlines()]

    return run


# --- the frame ---------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"]])
def test_help_lists_every_command(words, capsys):
    assert main(words) == DONE
    assert {
        line.split()[0] for line in capsys.readouterr().out.splitlines() if line[:2] == "  "
    } == (set(COMMANDS))


def test_an_unknown_command_is_wrong_use_and_named(capsys):
    assert main(["jugde"]) == WRONG_USE
    assert "'jugde'" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name, capsys):
    with pytest.raises(SystemExit) as exit_:
        main([name, "--help"])

    assert exit_.value.code == DONE
    assert f"usage: casewatch {name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_option_is_wrong_use(name, capsys):
    with pytest.raises(SystemExit) as exit_:
        main([name, "--no-such-option"])

    assert exit_.value.code == WRONG_USE
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["alerts", "--help"], ["run", "--help"]])
def test_help_loads_nothing_heavy(words):
    heavy = ("prefect", "duckdb", "trafilatura", "aiohttp", "rich", "pydantic", "apprise", "lxml")
    program = (
        f"import sys\nfrom flows.cli import main\ntry: main({words!r})\nexcept SystemExit: pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stderr == "[]\n"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CasewatchError("the mill burnt down"), FAILED),
        (UsageError("no such mill"), WRONG_USE),
        (KeyboardInterrupt(), 130),
    ],
)
def test_an_error_has_its_code_and_is_named(error, code, capsys):
    def command(_):
        raise error

    assert _run(command, None) == code  # type: ignore[arg-type]
    assert (str(error) or "stopped") in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["alerts"], ["sql", "select 1"], ["health"], ["judge", "a", "b"]]
)
def test_without_a_run_a_command_says_how_to_make_one(words, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CASEWATCH_HOME", str(tmp_path / "nowhere"))

    assert main(words) == FAILED
    assert "`casewatch run` makes it" in capsys.readouterr().err


def test_a_wrong_setting_is_wrong_use(said, monkeypatch):
    monkeypatch.setenv("CASEWATCH_TIMEOUT", "soon")
    code, _, err = said("alerts")

    assert code == WRONG_USE
    assert "CASEWATCH_TIMEOUT" in err


# --- sql ---------------------------------------------------------------------------------------


def test_sql_answers_as_a_table(said):
    code, out, _ = said("sql", "select 7 as seven, null as nothing")

    assert code == DONE
    assert out.split() == ["seven", "nothing", "7", "null"]


def test_sql_prints_json_that_can_be_read(rows):
    query = "select alert_id, outlets, raised_at, 1.5::decimal(3,1) as half from alerts limit 2"
    first, second = rows("sql", query)

    assert first.keys() == {"alert_id", "outlets", "raised_at", "half"}
    assert isinstance(second["outlets"], list)


def test_sql_prints_csv_that_can_be_read(said):
    query = "select 'a, \"b\"' as words, 2 as two union all select null, 3 order by two"
    _, out, _ = said("sql", query, "--csv")

    assert list(csv.DictReader(io.StringIO(out))) == [
        {"words": 'a, "b"', "two": "2"},
        {"words": "", "two": "3"},
    ]


def test_an_answer_without_rows_still_names_its_columns(said):
    _, out, _ = said("sql", "select 1 as one, 2 as two where false", "--csv")

    assert out.splitlines() == ["one,two"]


def test_columns_of_one_name_are_told_apart(rows):
    assert rows("sql", "select 1 as a, 2 as b, 3 as a") == [{"a": 1, "b": 2, "a_1": 3}]


def test_sql_reads_standard_input(rows, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("select 1 as one\n"))

    assert rows("sql") == [{"one": 1}]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("selec 1", "Parser Error"),
        ("select nothing from nowhere", "nowhere"),
        ("select 1 as a where ? = 1", "parameter"),
        ("delete from alert", "read-only"),
        ("select 1/'x'::int", "Conversion Error"),
        (" ", "no query"),
        ("-- only a comment", "no query"),
    ],
)
def test_a_query_that_fails_is_wrong_use_in_duckdbs_words(said, query, message):
    code, out, err = said("sql", query)

    assert (code, out) == (WRONG_USE, "")
    assert message in err


# --- alerts ------------------------------------------------------------------------------------


def test_alerts_come_worst_first_and_whole(rows):
    alerts = rows("alerts")
    ranks = [alert["rank"] for alert in alerts]

    assert len(alerts) > 10
    assert ranks == sorted(ranks, reverse=True)
    assert all(alert["passage"] and alert["reason"] and alert["outlets"] for alert in alerts)


def test_alerts_of_one_subject_are_only_its_own(rows):
    assert {alert["subject_id"] for alert in rows("alerts", "Kevin-Cooper")} == {"kevin-cooper"}


def test_an_alert_says_why_it_was_raised(said, rows):
    alert = rows("alerts", "kevin-cooper")[0]
    _, plain, _ = said("alerts", alert["alert_id"][:8])
    _, why, _ = said("alerts", alert["alert_id"][:8], "--why")

    assert alert["canonical_url"] in plain
    assert "confidence" in why
    assert "confidence" not in plain


def test_an_alert_that_is_none_is_wrong_use(said):
    code, _, err = said("alerts", "nobody-at-all")

    assert code == WRONG_USE
    assert "'nobody-at-all'" in err


# --- judge -------------------------------------------------------------------------------------


def test_a_judged_alert_leaves_the_open_list_and_keeps_who_and_why(said, rows):
    alert, *others = rows("alerts")
    short = alert["alert_id"][:8].upper()
    code, out, _ = said("judge", short, "relevant", "--note", "call them", "--reviewer", "ida")
    open_now = [a["alert_id"] for a in rows("alerts")]
    (judged,) = rows("alerts", alert["alert_id"], "--all")

    assert (code, out) == (DONE, f"{short.lower()}: relevant, by ida\n")
    assert sorted(open_now) == sorted(a["alert_id"] for a in others)
    assert (judged["verdict"], judged["reviewer"], judged["note"]) == (
        "relevant",
        "ida",
        "call them",
    )


def test_unsure_keeps_an_alert_open(said, rows):
    alert = rows("alerts")[0]["alert_id"]
    said("judge", alert, "unsure")

    assert alert in {a["alert_id"] for a in rows("alerts")}


def test_the_later_verdict_counts_and_both_are_kept(said, rows):
    alert = rows("alerts")[0]["alert_id"]
    said("judge", alert, "relevant", "--reviewer", "ida")
    said("judge", alert, "wrong_person", "--reviewer", "bo")
    (shown,) = rows("alerts", alert, "--all")
    log = rows("sql", "select verdict, reviewer from verdict order by judged_at")

    assert (shown["verdict"], shown["reviewer"]) == ("wrong_person", "bo")
    assert [row["verdict"] for row in log] == ["relevant", "wrong_person"]


def test_the_reviewer_may_stand_in_the_environment(said, rows, monkeypatch):
    monkeypatch.setenv("CASEWATCH_REVIEWER", "desk")
    _, out, _ = said("judge", rows("alerts")[0]["alert_id"], "duplicate")

    assert out.endswith("duplicate, by desk\n")


def test_an_unknown_verdict_lists_those_that_there_are(said, rows, home):
    code, _, err = said("judge", rows("alerts")[0]["alert_id"], "great")

    assert code == WRONG_USE
    assert "'great'" in err
    assert "relevant, wrong_person, passing_mention, duplicate, not_an_article, unsure" in err
    assert not list(home.glob("inbox/*"))


@pytest.mark.parametrize(("typed", "told"), [("zzzz", "no alert 'zzzz'"), ("", "type more of it")])
def test_an_alert_must_be_one(said, typed, told):
    code, _, err = said("judge", typed, "relevant")

    assert code == WRONG_USE
    assert told in err


def test_a_verdict_is_durable_while_another_process_holds_the_warehouse(said, rows, home):
    alert = rows("alerts")[0]["alert_id"]
    settings = Settings(home=home)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        code, out, _ = said("judge", alert, "relevant", "--reviewer", "ida")
        (meanwhile,) = rows("alerts", alert, "--all")
        assert holder.stdin is not None
        holder.stdin.close()
    (other,) = {a["alert_id"] for a in rows("alerts")[:1]}
    said("judge", other, "duplicate")
    stored = rows("sql", f"select verdict, reviewer from verdict where alert_id = '{alert}'")

    assert code == DONE
    assert "it will take it in" in out
    assert (meanwhile["verdict"], meanwhile["reviewer"]) == ("relevant", "ida")
    assert stored == [{"verdict": "relevant", "reviewer": "ida"}]
    assert not list(settings.inbox.iterdir())


# --- health and schema -------------------------------------------------------------------------


def test_health_names_what_fails_and_counts_what_is_fine(said):
    code, out, _ = said("health")
    _, everything, _ = said("health", "--all")

    assert code == DONE
    assert "herald-weather" in out
    assert "gone" in out
    assert "courier-all" not in out
    assert "courier-all" in everything


def test_health_in_json_says_all_of_it(rows):
    (health,) = rows("health")

    assert health["last_run"]["state"] == "done"
    assert {f["feed_id"]: f["failure"] for f in health["feeds"] if f["state"] == "failing"} == {
        "herald-weather": "gone",
        "tribune-politics": "parse",
    }
    assert {f["failure"] for f in health["failures"]} == {"gone", "parse", "robots"}
    assert len(health["silence"]) == 18


def test_schema_describes_every_view_and_every_column(rows):
    described = rows("schema")
    views = {row["table_name"] for row in described if row["is_view"]}

    assert views == {row["name"] for row in rows("sql", VIEWS)}
    assert {"alerts", "open_alerts", "feed_health", "failures", "silence"} <= views
    assert all(row["table_comment"] for row in described)


def test_schema_shows_one_view_or_says_that_there_is_none(said):
    code, out, _ = said("schema", "open_alerts")
    wrong, _, err = said("schema", "alarms")

    assert code == DONE
    assert "open_alerts  view." in out
    assert "feed_health" not in out
    assert (wrong, "'alarms'" in err) == (WRONG_USE, True)
