"""Who may come in, what may be written, and what a page may do."""

from __future__ import annotations

import argparse

import pytest

from extractors.errors import UsageError
from flows.cli import main
from flows.commands import review as command
from review.guard import POLICY
from review.passwords import check_hash, hash_password, is_password
from review.sessions import Sessions, read_secret
from tests.review.conftest import desk_settings, served
from warehouse.inbox import waiting

FORM = "application/x-www-form-urlencoded"


def first_alert(web):
    return web.get("/").html.partition('data-alert="')[2][:16]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", "[::1]", ""]
)
def test_a_foreign_host_is_refused(reader, host):
    assert reader.get("/", host=host).status == 421


def test_localhost_is_our_own_name(reader):
    assert reader.get("/", host=f"localhost:{reader.port}").status == 200


@pytest.mark.parametrize("path", ["/judge", "/undo", "/note", "/assign", "/name", "/cases/new"])
@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_write_without_our_token_is_refused(web, path, token):
    alert = first_alert(web)

    answer = web.post(path, {"token": token, "alert": alert, "verdict": "relevant", "name": "x"})

    assert answer.status == 403
    assert not waiting(web.desk.settings.inbox)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_write_from_another_origin_is_refused(web, headers):
    alert = first_alert(web)

    answer = web.post("/judge", {"alert": alert, "verdict": "relevant"}, **headers)

    assert answer.status == 403
    assert not waiting(web.desk.settings.inbox)


def test_a_token_of_another_session_is_refused(web):
    alert = first_alert(web)
    token, web.token, web.cookie = web.token, "", None
    web.get("/")

    assert web.post("/judge", {"token": token, "alert": alert, "verdict": "x"}).status == 403


def test_a_cookie_that_was_touched_is_worth_nothing(web):
    alert = first_alert(web)
    web.cookie = f"{web.cookie[:-1]}{'0' if web.cookie[-1] != '0' else '1'}"

    assert web.post("/judge", {"alert": alert, "verdict": "relevant"}).status == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data", ""])
def test_only_plain_forms_are_taken(web, kind):
    web.get("/")

    answer = web.post("/judge", {"alert": "x", "verdict": "relevant"}, **{"content-type": kind})

    assert answer.status == 415


def test_a_form_that_is_too_long_is_refused(web):
    web.get("/")

    assert web.post("/note", {"alert": "x", "note": "a" * 500_000}).status == 413


def test_other_methods_are_refused(web):
    assert web.ask("DELETE", "/", None, {"host": web.host}).status == 405
    assert web.ask("GET", "/judge", None, {"host": web.host}).status == 405


def test_every_answer_has_the_headers_that_bind_it(reader):
    for path in ("/", "/overview", "/nowhere", "/static/desk.css", "/login"):
        headers = reader.get(path).headers

        assert headers["content-security-policy"] == POLICY, path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


def test_the_cookie_is_strict_and_out_of_reach_of_scripts(web):
    given = web.get("/").headers["set-cookie"]

    assert "HttpOnly" in given
    assert "SameSite=Strict" in given
    assert "set-cookie" not in web.get("/").headers


def test_a_link_of_another_site_loads_the_page_again_and_keeps_the_session(web):
    """A strict cookie stays at home then; a new one would cost the reviewer's name."""
    web.get("/")
    web.post("/name", {"name": "Zora"})
    kept, web.cookie = web.cookie, None

    answer = web.get("/", **{"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"})

    assert 'http-equiv="refresh"' in answer.html
    assert "set-cookie" not in answer.headers
    web.cookie = kept
    assert "You judge as Zora" in web.get("/").text


@pytest.mark.parametrize(
    "back",
    [
        "//evil.example/",
        "https://evil.example",
        "/\\evil.example",
        "\\/evil",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_led_off_the_desk(web, back):
    answer = web.post("/judge", {"alert": first_alert(web), "verdict": "unsure", "back": back})

    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd"]
)
def test_only_our_own_files_are_served(reader, path):
    assert reader.get(path).status == 404


def test_a_locked_desk_asks_for_the_password(home):
    settings = desk_settings(home, password_hash=hash_password("correct horse"))
    with served(settings) as web:
        first = web.get("/case/kevin-cooper")
        assert (first.status, first.headers["location"]) == (
            303,
            "/login?next=%2Fcase%2Fkevin-cooper",
        )
        web.get("/login")
        assert web.post("/judge", {"alert": "x", "verdict": "relevant"}).status == 401
        assert web.post("/login", {"password": "wrong horse", "name": "Zora"}).status == 403

        answer = web.post("/login", {"password": "correct horse", "name": "Zora", "next": "/cases"})

        assert (answer.status, answer.headers["location"]) == (303, "/cases")
        assert "You judge as Zora" in web.get("/").text
        web.post("/logout", {})
        assert web.get("/").status == 303


def test_wrong_passwords_are_heard_a_few_times_a_minute(home, monkeypatch):
    monkeypatch.setattr("review.writes._wrong", type(__import__("collections").deque())(maxlen=5))
    settings = desk_settings(home, password_hash=hash_password("correct horse"))
    with served(settings) as web:
        web.get("/login")
        said = [web.post("/login", {"password": "wrong", "name": "x"}).status for _ in range(7)]

    assert said == [403] * 5 + [429] * 2


def test_a_session_outlives_the_desk(home):
    with served(desk_settings(home)) as web:
        web.get("/")
        web.post("/name", {"name": "Zora"})
        kept = web.cookie
    with served(desk_settings(home)) as web:
        web.cookie = kept
        assert "You judge as Zora" in web.get("/").text


def test_another_password_ends_every_session(tmp_path):
    session = Sessions(read_secret(tmp_path, "one")).begin("ada", known=True, now=0)
    cookie = Sessions(read_secret(tmp_path, "one")).cookie(session)

    assert Sessions(read_secret(tmp_path, "one")).read(cookie, 1) == session
    assert Sessions(read_secret(tmp_path, "two")).read(cookie, 1) is None
    assert Sessions(read_secret(tmp_path, "one")).read(cookie, 10**10) is None
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


def test_a_password_is_known_by_its_hash():
    kept = hash_password("correct horse")

    assert is_password("correct horse", kept)
    assert not is_password("correct horsf", kept)
    assert "correct" not in kept
    assert check_hash(kept) == kept


@pytest.mark.parametrize("kept", ["", "hunter2", "scrypt$2$8$1$aa$bb", "scrypt$$$$$"])
def test_what_is_no_hash_is_named(kept):
    with pytest.raises(UsageError, match="--hash-password"):
        check_hash(kept)


def test_a_short_password_is_refused():
    with pytest.raises(UsageError, match="8 at least"):
        hash_password("short")


@pytest.mark.parametrize(
    ("words", "hosts"),
    [
        ([], {"127.0.0.1:8765", "localhost:8765", "[::1]:8765"}),
        (["--port", "80"], {"127.0.0.1:80", "localhost:80", "[::1]:80"}),
        (
            ["--bind", "192.0.2.7", "--host", "desk.example.org"],
            {
                "127.0.0.1:8765", "localhost:8765", "[::1]:8765", "192.0.2.7:8765",
                "desk.example.org:8765", "desk.example.org",
            },
        ),
    ],
)  # fmt: skip
def test_the_command_says_which_hosts_are_ours(words, hosts):
    parser = argparse.ArgumentParser()
    command.configure(parser)
    environment = {"CASEWATCH_DESK_PASSWORD_HASH": hash_password("correct horse")}

    settings = command.desk_settings(parser.parse_args(words), environment)

    assert set(settings.hosts) == hosts
    assert settings.password_hash


def test_the_hash_of_a_password_is_printed_and_not_the_password(capsys, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda _: "correct horse")

    assert main(["review", "--hash-password"]) == 0

    said = capsys.readouterr().out
    assert said.startswith("CASEWATCH_DESK_PASSWORD_HASH='scrypt$")
    assert "horse" not in said


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.7", "::", "desk.example.org"])  # noqa: S104
def test_an_open_desk_on_an_address_of_others_is_refused(address, capsys, monkeypatch):
    monkeypatch.delenv("CASEWATCH_DESK_PASSWORD_HASH", raising=False)

    assert main(["review", "--bind", address]) == 2
    assert "--hash-password" in capsys.readouterr().err
