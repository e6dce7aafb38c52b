"""The outbox: every alert arrives at least once, and what comes twice has the same key.

Against real servers that fail, hang and drop, with a sender that is killed at any moment.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count as counting
from pathlib import Path
from threading import Event, Thread

import feedparser
import pytest

from extractors.errors import UsageError
from extractors.model import Notify, Verdict
from flows.carriers import Answer, carrier, channel_name, without_secrets
from flows.cli import main
from flows.digests import text_of
from flows.outbox import preview, send_after_run, send_digests, send_due
from flows.seeds import read_newsroom
from flows.settings import Settings
from tests.flows.receivers import TROUBLES, Mailserver, Webhook, running
from warehouse.inbox import Judgement, put
from warehouse.intake import save_registry
from warehouse.rows import named_rows
from warehouse.store import Warehouse

# Apprise imports a module of the standard library that Python 3.13 no longer has.
pytestmark = [
    pytest.mark.slow,  # whole runs and real servers: `make slow`
    pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning"),
]

ROOT = Path(__file__).resolve().parents[2]
SECRET = "whsec_" + base64.b64encode(b"a signing key that nobody knows").decode()
CHAT = "chat://room"


@pytest.fixture
def hook():
    server = Webhook()
    with running(server):
        yield server


@pytest.fixture
def mailserver():
    server = Mailserver()
    with running(server):
        yield server


@pytest.fixture
def settings(home, hook) -> Settings:
    """Return settings with the webhook as only channel, on a warehouse with the newsroom's news.

    Nothing in the newsroom is urgent: two people's alerts are made so.
    """
    with Warehouse(home / "casewatch.duckdb").transaction() as db:
        db.execute(
            "update alert set rank = 3 where subject_id in ('richard-glossip', 'rodney-reed')"
        )
    return Settings(
        home=home, notify=(hook.url,), webhook_secret=SECRET, allow=("127.0.0.1",), contact="desk"
    )


class Chat:
    """Takes messages in place of a real channel, or refuses them all."""

    def __init__(self, *, taken: bool = True) -> None:
        self.taken = taken
        self.messages: list = []

    def __call__(self, _url, message):
        self.messages.append(message)
        return Answer(self.taken, "" if self.taken else "closed today")

    def alerts(self) -> list[str]:
        return [a["alert_id"] for message in self.messages for a in message.content["alerts"]]


def ask(settings, sql, *values):
    with Warehouse(settings.warehouse).transaction() as db:
        return named_rows(db, sql, list(values))


def do(settings, sql, *values):
    with Warehouse(settings.warehouse).transaction() as db:
        db.execute(sql, list(values))


def open_alerts(settings) -> list[str]:
    rows = ask(settings, "select alert_id from open_alerts where not history order by 1")
    return [row["alert_id"] for row in rows]


def keys(calls) -> dict[str, set[str]]:
    """Return under which messages each alert arrived, by the alert's own key."""
    found = defaultdict(set)
    for call in calls:
        body = json.loads(call.body)
        assert call.headers["Idempotency-Key"] == body["key"]
        for alert in body["alerts"]:
            found[alert["key"]].add(body["key"])
    return found


def attempts(settings) -> list[tuple[int, str]]:
    rows = ask(settings, "select number, outcome from outbox_attempt order by begun_at, number")
    return [(row["number"], row["outcome"]) for row in rows]


def test_a_webhook_call_is_signed_as_the_standard_says(settings, hook, noon):
    (sending,) = send_digests(settings, clock=lambda: noon)
    (call,) = hook.calls
    stamp, key = call.headers["webhook-timestamp"], call.headers["webhook-id"]
    signed = f"{key}.{stamp}.".encode() + call.body
    digest = hmac.new(b"a signing key that nobody knows", signed, hashlib.sha256).digest()
    body = json.loads(call.body)

    assert sending.sent
    assert call.headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
    assert abs(time.time() - int(stamp)) < 60
    assert call.headers["Idempotency-Key"] == key == body["key"]
    assert call.headers["Content-Type"] == "application/json; charset=utf-8"
    assert sorted(a["alert_id"] for a in body["alerts"]) == open_alerts(settings)
    assert {"rank", "reason", "passage", "outlets", "first_seen_at", "versions"} <= set(
        body["alerts"][0]
    )


def test_a_webhook_without_a_secret_is_refused(settings):
    with pytest.raises(UsageError, match="CASEWATCH_WEBHOOK_SECRET"):
        carrier(replace(settings, webhook_secret=""))


def test_a_webhook_in_our_own_network_is_not_called(settings, hook, noon):
    (sending,) = send_digests(replace(settings, allow=()), clock=lambda: noon)
    (row,) = ask(settings, "from outbox_message")

    assert not sending.sent
    assert hook.calls == []
    assert row["failure"] == "BlockedAddressError: 127.0.0.1 is not a public address"


def test_a_mail_has_text_and_page_and_its_key_as_message_id(settings, mailserver, noon):
    (sending,) = send_digests(replace(settings, notify=(mailserver.url,)), clock=lambda: noon)
    (mail,) = mailserver.mails
    (row,) = ask(settings, "from outbox_message")
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text
    assert page

    assert sending.sent
    assert mail["Message-ID"] == f"<{row['message_id']}.casewatch@desk.example>"
    assert mail["Subject"].startswith(f"casewatch: {len(open_alerts(settings))} alerts, urgent:")
    assert mail["From"] == "Watch <watch@desk.example>"
    assert mail["To"] == "ann@desk.example, bo@desk.example"
    assert mail["Date"].datetime == noon
    assert mail.get_content_type() == "multipart/alternative"
    assert text.get_content().count("casewatch judge") == len(open_alerts(settings))
    assert page.get_content().count("casewatch judge") == len(open_alerts(settings))
    assert mailserver.recipients == [["ann@desk.example", "bo@desk.example"]]
    assert mailserver.logins == ["\0wire\0s3cret-word"]
    assert max(map(len, mailserver.raw[0].split(b"\r\n"))) <= 998


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_was_not_taken_arrives_later_under_the_same_key(
    settings, hook, mailserver, noon, trouble
):
    both = replace(settings, notify=(hook.url, mailserver.url))
    hook.behaviour.troubles, mailserver.behaviour.troubles = [trouble], [trouble]
    first = send_digests(both, carry=carrier(both, seconds=0.5), clock=lambda: noon)
    early = send_due(both, carry=Chat(), clock=lambda: noon + timedelta(seconds=59))
    later = send_due(both, clock=lambda: noon + timedelta(seconds=60))
    mails = [(m["Message-ID"], m.get_body(("plain",)).get_content()) for m in mailserver.mails]
    found = keys(hook.calls)

    assert [s.sent for s in first] == [False, False]
    assert [s.alerts for s in early] == [0, 0]
    assert [s.sent for s in later] == [True, True]
    assert [call.body for call in hook.calls] == [hook.calls[0].body] * 2
    assert len(found) == len(open_alerts(settings))
    assert all(len(messages) == 1 for messages in found.values())
    assert mails == [mails[0]] * 2
    assert attempts(settings) == [(1, "refused"), (1, "refused"), (2, "taken"), (2, "taken")]


def test_a_server_that_is_down_costs_a_try(settings, hook, noon):
    hook.server_close()
    (sending,) = send_digests(settings, clock=lambda: noon)
    (row,) = ask(settings, "from outbox_message")

    assert not sending.sent
    assert (row["state"], row["attempts"]) == ("waiting", 1)
    assert row["next_try_at"] == noon + timedelta(minutes=1)
    assert "refused" in row["failure"]


def test_one_channel_that_fails_costs_itself(settings, hook, mailserver, noon):
    hook.behaviour.troubles = ["fail"]
    both = replace(settings, notify=(hook.url, mailserver.url))

    assert [s.sent for s in send_digests(both, clock=lambda: noon)] == [False, True]
    assert len(mailserver.mails) == 1


def test_tries_go_on_for_two_days_then_the_digest_says_so_and_tries_again(settings, noon):
    chat = replace(settings, notify=(CHAT,))
    closed = Chat(taken=False)
    send_digests(chat, carry=closed, clock=lambda: noon)
    now = noon + timedelta(days=2)
    send_due(chat, carry=closed, clock=lambda: noon + timedelta(minutes=1))
    send_due(chat, carry=closed, clock=lambda: now)
    (row,) = ask(settings, "from outbox_message")
    send_due(chat, carry=closed, clock=lambda: now + timedelta(days=1))
    shown = text_of(preview(chat, clock=lambda: now))
    opened = Chat()
    send_digests(chat, carry=opened, clock=lambda: now)

    assert (row["state"], row["next_try_at"], row["failure"]) == ("given_up", None, "closed today")
    assert row["attempts"] == len(closed.messages) == 3
    assert f"Not sent in two days of trying: {row['alerts']} alerts to chat:" in shown
    assert {m.id for m in closed.messages} == {m.id for m in opened.messages}
    assert sorted(opened.alerts()) == open_alerts(settings)


def test_only_what_is_urgent_is_sent_after_a_run_and_the_digest_has_the_rest(settings, noon):
    chat = replace(settings, notify=(CHAT,))
    urgent, digest = Chat(), Chat()
    send_due(chat, carry=urgent, clock=lambda: noon)
    send_digests(chat, carry=digest, clock=lambda: noon)
    ranks = {m.kind: {a["rank"] for a in m.content["alerts"]} for m in urgent.messages}

    assert ranks == {"at_once": {3}}
    assert sorted(urgent.alerts() + digest.alerts()) == open_alerts(settings)


def test_nothing_is_sent_at_once_in_quiet_hours(settings, noon):
    night = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    chat = replace(settings, notify=(CHAT,), quiet_hours=_hours("22:00-07:00"))
    quiet, morning = Chat(), Chat()

    assert send_due(chat, carry=quiet, clock=lambda: night) == []
    send_due(chat, carry=morning, clock=lambda: night + timedelta(hours=9))
    assert quiet.messages == []
    assert morning.messages[0].kind == "at_once"


def _hours(text):
    from extractors.delivery import quiet_hours_from

    return quiet_hours_from(text)


def test_a_subject_says_when_its_alerts_are_sent(settings, noon):
    """noon is a Friday, and its digest the first of its week; the next week begins on Monday."""
    chat = replace(settings, notify=(CHAT,))
    first, tuesday, monday = Chat(), Chat(), Chat()
    send_digests(chat, carry=first, clock=lambda: noon)
    for way, kind in (("weekly", 2), ("events_only", 1), ("at_once", 1), ("daily", 1)):
        do(
            settings,
            "insert into alert by name select 'new-' || $1 as alert_id, $2 as rank, "
            "columns(* exclude (alert_id, rank)) from alert where not history limit 1",
            way,
            kind,
        )
    subject = ask(settings, "select subject_id from alert where alert_id = 'new-weekly'")[0]
    sent = {}
    for way in ("weekly", "events_only", "at_once"):
        do(settings, "update subject set notify = $1 where subject_id = $2", way, *subject.values())
        others = [f"new-{w}" for w in ("weekly", "events_only", "at_once", "daily") if w != way]
        do(settings, "update alert set history = list_contains($1, alert_id)", others)
        at_once, digest = Chat(), Chat()
        send_due(chat, carry=at_once, clock=lambda: noon)
        send_digests(chat, carry=digest, clock=lambda: noon)
        sent[way] = (at_once.alerts(), digest.alerts())

    assert sent == {
        "weekly": ([], []),
        "events_only": ([], []),
        "at_once": (["new-at_once"], []),
    }
    do(settings, "update subject set notify = 'weekly'")
    do(settings, "update alert set history = false")
    send_digests(chat, carry=tuesday, clock=lambda: noon + timedelta(days=1))
    send_digests(chat, carry=monday, clock=lambda: noon + timedelta(days=3))
    assert tuesday.alerts() == []
    assert {"new-weekly", "new-daily"} <= set(monday.alerts())


def test_what_the_registry_says_of_sending_reaches_the_warehouse(settings):
    registry = read_newsroom(ROOT / "seeds")
    case = replace(registry.cases[0], notify=Notify.WEEKLY)
    changed = replace(registry, cases=(case, *registry.cases[1:]))
    with Warehouse(settings.warehouse).transaction() as db:
        save_registry(db, changed)
    rows = ask(settings, "select subject_id from subject where notify = 'weekly'")

    assert rows == [{"subject_id": case.id}]


def test_mentions_that_are_only_counted_are_counted_once(settings, noon):
    do(settings, "update subject set notify = 'events_only'")
    chat = replace(settings, notify=(CHAT,))
    posts, again = Chat(), Chat()
    send_digests(chat, carry=posts, clock=lambda: noon)
    send_digests(chat, carry=again, clock=lambda: noon)
    (message,) = posts.messages
    told = len(message.content["alerts"])

    assert {a["rank"] for a in message.content["alerts"]} == {2, 3}
    assert told + sum(message.content["counted"].values()) == len(open_alerts(settings))
    assert "Not shown, as they are set to events only" in text_of(message.content)
    assert again.messages == []


def test_a_webhook_gets_every_alert_of_a_flood_a_hundred_a_call(settings, hook, noon):
    do(
        settings,
        "insert into alert by name select alert_id || i as alert_id, "
        "columns(* exclude (alert_id, i)) "
        "from (from alert where not history limit 1), range(230) r(i)",
    )
    send_digests(settings, clock=lambda: noon)
    arrived = [a["alert_id"] for call in hook.calls for a in json.loads(call.body)["alerts"]]

    assert len(hook.calls) == 3
    assert sorted(arrived) == open_alerts(settings)


def test_what_stands_behind_a_call_that_hangs_does_not_wait_as_long(settings, hook, noon):
    do(
        settings,
        "insert into alert by name select alert_id || i as alert_id, "
        "columns(* exclude (alert_id, i)) "
        "from (from alert where not history limit 1), range(230) r(i)",
    )
    hook.behaviour.troubles = ["take", "hang"]
    (first,) = send_digests(settings, carry=carrier(settings, seconds=0.5), clock=lambda: noon)
    calls = len(hook.calls)
    send_due(settings, clock=lambda: noon + timedelta(minutes=1))

    assert not first.sent
    assert calls == 2
    assert len(keys(hook.calls)) == len(open_alerts(settings))


def test_a_verdict_in_the_inbox_settles_an_alert_before_it_is_sent(settings, noon):
    chat = replace(settings, notify=(CHAT,))
    settled, *rest = open_alerts(settings)
    put(settings.inbox, Judgement(settled, Verdict.RELEVANT, "ann", noon))
    posts = Chat()
    send_digests(chat, carry=posts, clock=lambda: noon)

    assert sorted(posts.alerts()) == rest


def test_history_is_not_sent(settings, noon):
    do(settings, "update alert set history = true")
    posts = Chat()
    send_digests(replace(settings, notify=(CHAT,)), carry=posts, clock=lambda: noon)

    assert posts.messages == []


def test_what_an_older_casewatch_sent_is_not_sent_again(settings, noon):
    chat = replace(settings, notify=(CHAT,))
    do(
        settings,
        "insert into delivery select alert_id, alert_id, $1, 'old', now() from alert",
        channel_name(CHAT),
    )
    posts = Chat()
    send_digests(chat, carry=posts, clock=lambda: noon)

    assert posts.messages == []


def test_two_senders_at_once_send_each_alert_once(settings, hook, noon):
    senders = [
        Thread(target=send_digests, args=(settings,), kwargs={"clock": lambda: noon})
        for _ in range(3)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert len(hook.calls) == 1
    assert len(keys(hook.calls)) == len(open_alerts(settings))


def test_no_secret_is_in_the_warehouse_or_in_what_is_said(
    settings, hook, mailserver, noon, capfd, caplog
):
    """Each fails, by each way in which its secret could get into a message about that."""
    json_url = f"json://user:s3cret-json@{hook.address}/s3cret-path"
    noisy = replace(settings, notify=(hook.url, mailserver.url, json_url))
    hook.behaviour.troubles = ["refuse"] * 4
    mailserver.behaviour.troubles = ["refuse"]
    for name in (None, "apprise", "urllib3"):
        caplog.set_level("DEBUG", name)
    lost = send_digests(noisy, clock=lambda: noon)
    stored = b"".join(file.read_bytes() for file in settings.home.rglob("*") if file.is_file())
    said = "".join(capfd.readouterr()) + caplog.text + repr(noisy)
    failures = [row["failure"] for row in ask(settings, "from outbox_attempt order by failure")]

    assert [sending.sent for sending in lost] == [False] * 3
    assert not re.search(rb"s3cret|whsec_|signing key", stored)
    assert not re.search(r"s3cret|whsec_|signing key", said)
    assert "HTTP 410" in failures
    assert any("*** is no good" in failure for failure in failures)


@pytest.mark.parametrize(
    ("words", "url", "told"),
    [
        (
            "no POST to https://h.example/T0KEN?x=pass",
            "https://h.example/T0KEN?x=pass",
            "no POST to ***",
        ),
        ("token T0KEN", "slack://T0KEN/b", "token ***"),
        ("pa ss at h.example:2525", "mailto://u:pa%20ss@h.example:2525", "*** at h.example:2525"),
        ("plain words", "json://h.example", "plain words"),
    ],
)
def test_what_a_library_says_loses_every_part_of_the_address_but_the_host(words, url, told):
    assert without_secrets(words, url) == told


def test_redirects_of_a_webhook_are_not_followed(settings, odd_server, noon):
    host, port = odd_server.address
    odd_server.post_status = 302
    url = f"webhook+http://{host}:{port}/hook"
    (sending,) = send_digests(replace(settings, notify=(url,)), clock=lambda: noon)

    assert not sending.sent
    assert len(odd_server.posted) == 1


# --- kill -9 -------------------------------------------------------------------------------------

_CHILD = """
from flows.outbox import send_digests
from flows.settings import settings_from
print("ready", flush=True)
send_digests(settings_from())
print("done", flush=True)
"""


def start(settings, *urls):
    environment = os.environ | {
        "CASEWATCH_HOME": str(settings.home),
        "CASEWATCH_NOTIFY": " ".join(urls),
        "CASEWATCH_WEBHOOK_SECRET": SECRET,
        "CASEWATCH_ALLOW": "127.0.0.1",
    }
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    assert child.stdout.readline() == "ready\n"
    return child


def kill(child) -> None:
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()


@pytest.mark.slow
def test_what_a_killed_sender_was_sending_arrives_under_the_same_key(
    settings, hook, mailserver, tmp_path, noon
):
    """Killed while the webhook has the call, while the mail server has the mail, right after each
    answer, and at moments spread over all of it.
    """
    wanted = set(open_alerts(settings))
    moments = [("hook", 0.0), ("mail", 0.0), ("hook", 0.02), ("mail", 0.02)]
    moments += [("start", seconds) for seconds in (0.1, 0.3, 0.6)]
    for number, (server, seconds) in zip(counting(), moments, strict=False):
        home = tmp_path / f"home-{number}"
        shutil.copytree(settings.home, home)
        mine = replace(settings, home=home, notify=(hook.url, mailserver.url))
        calls, mails = len(hook.calls), len(mailserver.raw)
        _kill_at(mine, {"hook": hook, "mail": mailserver}.get(server), seconds)
        send_digests(mine)
        arrived = hook.calls[calls:]
        messages = [mail["Message-ID"] for mail in mailserver.mails[mails:]]

        assert {a["alert_id"] for c in arrived for a in json.loads(c.body)["alerts"]} == wanted
        assert all(len(found) == 1 for found in keys(arrived).values())
        assert len(set(messages)) == 1
        assert {row["state"] for row in ask(mine, "from outbox_message")} == {"sent"}


def _kill_at(settings, server, seconds) -> None:
    """Kill a sender *seconds* after *server* has its message, which it answers only after *seconds*
    0; without a server after it began.
    """
    reached, killed = Event(), Event()
    if server is not None:

        def on_message(_):
            reached.set()
            if not seconds:
                killed.wait(10)

        server.behaviour.on_message = on_message
    child = start(settings, *settings.notify)
    if server is not None:
        assert reached.wait(30)
    time.sleep(seconds)
    kill(child)
    killed.set()
    if server is not None:
        server.behaviour.on_message = lambda _: None


def test_a_try_that_was_cut_short_is_logged_as_such(settings, hook, noon):
    class Killed(BaseException):
        pass

    def die(url, message):
        raise Killed

    with pytest.raises(Killed):
        send_digests(settings, carry=die, clock=lambda: noon)
    (sending,) = send_due(settings, clock=lambda: noon)

    assert sending.sent
    assert attempts(settings) == [(1, "cut_short"), (2, "taken")]


# --- what a person types -------------------------------------------------------------------------


def test_a_preview_is_a_page_that_a_browser_opens(home, capsys, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    code = main(["digest", "--preview"])
    page = Path(capsys.readouterr().out.strip())

    assert code == 0
    assert opened == [page.as_uri()]
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert main(["digest", "--preview", "--text"]) == 0
    assert capsys.readouterr().out.startswith("casewatch: ")


def test_the_outbox_shows_what_waits_and_why(home, settings, hook, noon, capsys):
    hook.behaviour.troubles = ["fail"]
    send_digests(settings, clock=lambda: noon)
    assert main(["outbox", "--log", "5"]) == 0
    shown = capsys.readouterr().out

    assert f"Not sent yet: {len(open_alerts(settings))} alerts in 1 messages" in shown
    assert "HTTP 500" in shown
    assert main(["outbox", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unsent"][0]["state"] == "waiting"


def test_what_is_due_is_sent_from_the_command_line(settings, hook, capsys, monkeypatch):
    for name, value in {
        "CASEWATCH_NOTIFY": hook.url,
        "CASEWATCH_WEBHOOK_SECRET": SECRET,
        "CASEWATCH_ALLOW": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)

    assert main(["outbox", "--send"]) == 0
    assert {a["rank"] for c in hook.calls for a in json.loads(c.body)["alerts"]} == {3}
    assert main(["digest"]) == 0
    hook.behaviour.troubles = ["fail"]
    assert main(["digest"]) == 0
    assert "alerts, sent" in capsys.readouterr().out


def test_a_failure_after_a_run_is_a_line_of_its_report(settings, noon):
    said = send_after_run(settings, carry=Chat(taken=False), clock=lambda: noon)

    assert said == f"not taken by {channel_name(settings.notify[0])}: casewatch outbox"
    assert "SECRET is not set" in (send_after_run(replace(settings, webhook_secret="")) or "")


def test_a_run_leaves_feed_and_calendar_beside_the_copy(home, capfdbinary):
    feed, calendar = home / "alerts.atom", home / "dates.ics"
    found = feedparser.parse(feed.read_bytes())

    assert not found.bozo
    assert len(found.entries) > 10
    assert calendar.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert main(["atom"]) == 0
    assert capfdbinary.readouterr().out == feed.read_bytes()
    assert main(["calendar", "--out", str(home / "other.ics")]) == 0
    assert (home / "other.ics").read_bytes() == calendar.read_bytes()
    assert main(["calendar", "--list"]) == 0


def test_the_calendar_has_the_sentence_that_names_the_day(settings, capfdbinary):
    """Whatever the day is on which this runs: the hearing is moved to the future."""
    do(settings, "update event set event_date = date '2099-12-14' where type = 'hearing_set'")
    shutil.copyfile(settings.warehouse, settings.copy)
    assert main(["calendar"]) == 0
    written = capfdbinary.readouterr().out.replace(b"\r\n ", b"")

    assert b"DTSTART;VALUE=DATE:20991214" in written
    assert re.search(rb"DESCRIPTION:.{60,}hearing", written)
