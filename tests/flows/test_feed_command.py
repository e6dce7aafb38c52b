"""`casewatch feed`: one valid JSON line a feed, in order, whatever the files are."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from flows.commands.feed import lines_of, read_file

FEED = (
    b"<rss version='2.0'><channel><title>The Paper</title><item><title>One</title>"
    b"<link>1?utm_source=x</link><guid>g-1</guid><pubDate>Tue, 05 Mar 2024 08:00:00 GMT</pubDate>"
    b"<description>First</description></item></channel></rss>"
)


def test_a_feed_is_a_line_of_json(tmp_path, capfdbinary):
    (tmp_path / "a.xml").write_bytes(FEED)

    code = main(["feed", str(tmp_path / "a.xml"), "--url", "https://a.example/feed"])

    (line,) = map(json.loads, capfdbinary.readouterr().out.splitlines())
    assert code == 0
    assert (line["file"], line["title"], line["error"]) == (
        str(tmp_path / "a.xml"),
        "The Paper",
        None,
    )
    (entry,) = line["entries"]
    assert len(entry.pop("id")) == 16
    assert entry == {
        "guid": "g-1",
        "url": "https://a.example/1?utm_source=x",
        "title": "One",
        "published": "2024-03-05T08:00:00+00:00",
        "updated": None,
        "summary": "First",
    }


def test_files_that_fail_are_named_in_their_place(tmp_path, capfdbinary):
    (tmp_path / "a.xml").write_bytes(FEED)
    (tmp_path / "b.xml").write_bytes(b"<html></html>")
    (tmp_path / "list").write_text(f"{tmp_path}/b.xml\n\n{tmp_path}/a.xml\n{tmp_path}\n")

    code = main(["feed", f"{tmp_path}/missing", "--from-list", f"{tmp_path}/list"])

    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert code == 1
    assert [Path(line["file"]).name for line in lines] == [
        "missing",
        "b.xml",
        "a.xml",
        tmp_path.name,
    ]
    assert [line["error"] for line in lines] == [
        "unreadable: No such file or directory",
        "html: a web page stands in place of the feed",
        None,
        "unreadable: Is a directory",
    ]


def test_a_line_is_valid_json_whatever_the_names_and_titles(tmp_path, capfdbinary):
    name = tmp_path / "caf\udce9.json"
    name.write_bytes(
        b'{"version": "https://jsonfeed.org/version/1", "title": "\\ud83d", "items": []}'
    )

    code = main(["feed", str(name)])

    (line,) = capfdbinary.readouterr().out.splitlines()
    assert code == 0
    assert json.loads(line.decode("utf-8"))["title"] == ""


def test_no_file_is_wrong_use(capfdbinary, tmp_path):
    assert main(["feed"]) == 2
    assert main(["feed", "--from-list", str(tmp_path / "missing")]) == 2


def read_or_die(name: str, url: str) -> dict[str, Any]:
    """Stand in for the reader of a feed that kills it, and of one that never ends."""
    if name == "deadly":
        os._exit(9)
    if name == "endless":
        time.sleep(60)
    return read_file(name, url)


def test_a_reader_that_dies_or_hangs_costs_that_feed_only(tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(FEED)

    lines = lines_of(
        [str(path), "deadly", str(path), "endless", str(path)], "", read_or_die, seconds=0.5
    )

    assert [line["error"] for line in lines] == [
        None,
        "crash: the reader died with code 9",
        None,
        "timeout: not read in time",
        None,
    ]


@pytest.mark.shared
@pytest.mark.slow
def test_every_stored_feed_is_read_without_a_crash(tmp_path):
    feeds = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "feeds"
    names = [
        str(feeds / json.loads(line)["file"])
        for line in (feeds / "index.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    (tmp_path / "list").write_text("\n".join(names))

    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "feed", "--from-list", str(tmp_path / "list")],
        capture_output=True,
        check=False,
    )

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    kinds = {line["error"].partition(":")[0] for line in lines if line["error"]}
    assert [line["file"] for line in lines] == names
    assert kinds <= {"empty", "html", "binary", "not_a_feed", "parse"}
    assert (
        sum(line["error"] is None for line in lines) >= 3_190
    )  # 11 more are cut off before their first entry
    assert sum(len(line["entries"]) for line in lines) >= 8_000
