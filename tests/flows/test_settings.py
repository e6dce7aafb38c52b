"""Settings from the environment."""

from datetime import time
from pathlib import Path

import pytest

from extractors.delivery import QuietHours
from extractors.errors import UsageError
from flows.settings import Settings, in_place, settings_from
from warehouse.places import Lake


def test_without_variables_the_defaults_count():
    assert settings_from({}) == Settings()


def test_an_empty_variable_counts_as_not_given():
    names = ("HOME", "CONTACT", "HOST_GAP", "TIMEOUT", "WORKERS", "NOTIFY")

    assert settings_from({f"CASEWATCH_{name}": " " for name in names}) == Settings()


def test_each_variable_sets_its_setting():
    settings = settings_from(
        {
            "CASEWATCH_HOME": "/srv/watch",
            "CASEWATCH_CONTACT": "desk@watch.example",
            "CASEWATCH_HOST_GAP": "7.5",
            "CASEWATCH_TIMEOUT": "12",
            "CASEWATCH_WORKERS": "3",
            "CASEWATCH_NOTIFY": "json://a.example  mailto://b.example",
        }
    )

    assert settings == Settings(
        home=Path("/srv/watch"),
        contact="desk@watch.example",
        host_gap=7.5,
        total_timeout=12.0,
        workers=3,
        notify=("json://a.example", "mailto://b.example"),
    )


def test_a_home_may_begin_with_a_tilde(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ida")

    assert settings_from({"CASEWATCH_HOME": "~/watch"}).home == Path("/home/ida/watch")


@pytest.mark.parametrize("name", ["CASEWATCH_HOST_GAP", "CASEWATCH_TIMEOUT", "CASEWATCH_WORKERS"])
@pytest.mark.parametrize("value", ["soon", "-1", "nan", "inf", "-inf", "1,5"])
def test_a_number_that_cannot_be_is_named(name, value):
    with pytest.raises(UsageError, match=f"{name} is .*{value}.*; it takes a number"):
        settings_from({name: value})


def test_a_timeout_of_zero_would_wait_for_ever():
    with pytest.raises(UsageError, match=r"CASEWATCH_TIMEOUT is 0; .* at least 0\.1"):
        settings_from({"CASEWATCH_TIMEOUT": "0"})


def test_a_contact_is_one_line():
    with pytest.raises(UsageError, match=r"CASEWATCH_CONTACT .* one line"):
        settings_from({"CASEWATCH_CONTACT": "desk@watch.example\r\nHost: other.example"})


def test_the_files_lie_below_home():
    settings = Settings(home=Path("/srv/watch"))
    files = (settings.warehouse, settings.copy, settings.archive, settings.inbox)

    assert all(file.parent == Path("/srv/watch") for file in files)
    assert len(set(files)) == 4


def test_the_user_agent_says_what_we_are_and_whom_to_ask():
    agent = Settings(contact="desk@watch.example").user_agent

    assert agent == "casewatch/0.1 (news monitoring; desk@watch.example)"


def test_what_is_said_of_sending_is_read():
    settings = settings_from(
        {
            "CASEWATCH_QUIET_HOURS": "22:00-07:30",
            "CASEWATCH_TIME_ZONE": "Europe/Berlin",
            "CASEWATCH_URGENT": "digest",
            "CASEWATCH_WEBHOOK_SECRET": "s3cret",
        }
    )

    assert settings.quiet_hours == QuietHours(time(22), time(7, 30))
    assert settings.zone.key == "Europe/Berlin"
    assert not settings.urgent
    assert settings.webhook_secret == "s3cret"
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CASEWATCH_QUIET_HOURS", "at night"),
        ("CASEWATCH_TIME_ZONE", "Berlin/../../etc"),
        ("CASEWATCH_TIME_ZONE", "Middle/Earth"),
        ("CASEWATCH_URGENT", "now"),
    ],
)
def test_what_cannot_be_said_of_sending_is_named(name, value):
    with pytest.raises(UsageError, match=name):
        settings_from({name: value})


def test_the_warehouse_is_a_file_below_the_home_unless_another_is_named():
    assert settings_from({"CASEWATCH_HOME": "/srv"}).warehouse == Path("/srv/casewatch.duckdb")
    named = settings_from({"CASEWATCH_HOME": "/srv", "CASEWATCH_WAREHOUSE": "/fast/w.duckdb"})
    assert (named.warehouse, named.copy) == (
        Path("/fast/w.duckdb"),
        Path("/srv/casewatch-read.duckdb"),
    )


def test_the_warehouse_may_be_a_lake():
    settings = settings_from({"CASEWATCH_WAREHOUSE": "ducklake:postgres:dbname=news;data=/lake"})

    assert settings.lake == Lake("dbname=news", "/lake")
    assert in_place(settings, "/other.duckdb").lake is None
