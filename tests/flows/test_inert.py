"""Whatever the web or the registry wrote, a terminal is shown words and our own colours."""

import json
import re
import unicodedata
from contextlib import redirect_stdout
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from flows.cli import main
from flows.inert import inert, inert_terminal
from flows.settings import settings_from
from flows.show import console, rows_table
from warehouse.publish import publish
from warehouse.store import Warehouse

CONTROLS = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0))))
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31mRed\u202egnp.exe\u2066\x08\x7f\rDone"
STYLE = re.compile(r"\x1b\[[0-9;]*m")
hostile_texts = st.text(st.one_of(st.sampled_from(CONTROLS + BIDI), st.characters()))


class Terminal(StringIO):
    """A terminal that remembers what it was shown."""

    def isatty(self):
        return True


def shown(*renderables, stream=None):
    stream = stream or Terminal()
    with redirect_stdout(stream):
        out = console()
        for renderable in renderables:
            out.print(renderable)
    return stream.getvalue()


def live(text):
    """Return the characters of *text* that a terminal obeys."""
    return {c for c in text if (unicodedata.category(c) == "Cc" and c not in "\n\t") or c in BIDI}


@given(hostile_texts)
def test_what_is_inert_holds_nothing_that_a_terminal_obeys_and_all_else(text):
    assert live(inert(text)) == set()
    assert [c for c in text if not live(c)] == list(inert(text))


@given(hostile_texts)
def test_whatever_is_printed_only_our_own_styles_reach_the_terminal(text):
    """In plain words, styled, in a table's cell, nested: after our colours, nothing is left."""
    told = shown(
        text,
        Text(text, style="bold red"),
        Text.assemble((text, "dim"), text),
        Group(Padding(Text(text), (0, 0, 0, 4))),
        rows_table([{"title": text, "outlets": [text]}], ("title", "outlets")),
    )

    assert live(STYLE.sub("", told)) == set()
    assert live(shown(text, stream=StringIO())) == set()


def test_our_own_colours_reach_the_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)

    assert "\x1b[1;31mred" in shown(Text("red", style="bold red"))


def test_a_plain_print_to_a_terminal_is_inert_and_to_a_program_is_exact():
    terminal, pipe = Terminal(), StringIO()
    for stream in (terminal, pipe):
        with redirect_stdout(stream), inert_terminal():
            print(HOSTILE)

    assert terminal.getvalue() == "]0;owned[2J31mRedgnp.exeDone\n"
    assert pipe.getvalue() == f"{HOSTILE}\n"


@pytest.fixture
def hostile_home(home):
    """Return a home in which names, titles, passages and failures are hostile."""
    warehouse = Warehouse(settings_from().warehouse)
    with warehouse.transaction() as db:
        for column in (
            "subject.display_name",
            "article.outlet",
            "article_version.title",
            "alert.quote",
            "alert.reason",
            "event.sentence",
            "feed.failure_message",
            "page.failure_message",
        ):
            table, _, name = column.partition(".")
            db.execute(f"update {table} set {name} = ?", [HOSTILE])
        db.execute("update feed set failure = 'parse'; update page set failure = 'http_5xx'")
        (article,) = db.execute("select any_value(article_id) from alert").fetchone() or ()
    publish(warehouse, settings_from().copy)
    return article


@pytest.mark.slow
def test_what_commands_show_is_inert(hostile_home):
    asked = (
        ["alerts"],
        ["case", "kevin-cooper"],
        ["health", "--all"],
        ["outbox"],
        ["versions", hostile_home],
        ["sql", "select title, display_name from alerts"],
        ["alerts", "--json"],
        ["health", "--json"],
        ["digest"],
    )
    said = {}
    for words in asked:
        with redirect_stdout(Terminal()) as terminal:
            main(words)
        said[" ".join(words)] = terminal.getvalue()

    assert {name for name, text in said.items() if live(STYLE.sub("", text))} == set()
    assert {name for name, text in said.items() if "gnp.exe" not in text} <= {"outbox"}
    assert json.loads(said["health --json"])["feeds"]
