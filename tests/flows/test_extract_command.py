import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main

WORDS = "The court said on Monday that the new tests would go ahead as planned. " * 6
HEAD = (
    '<meta property="article:published_time" content="2026-03-09T18:30:00-05:00">'
    '<meta name="author" content="By Ann Lee and Bob Ray">'
)


def html(title, head="") -> str:
    return f"<html lang='en'><head>{head}</head><body><h1>{title}</h1><p>{WORDS}</p></body></html>"


def write_lines(path: Path, *lines) -> Path:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    path.write_text(text, "utf-8")
    return path


def extract(capsys, *args) -> tuple[int, list[dict[str, Any]]]:
    code = main(["extract", *map(str, args)])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_page_gives_one_line_with_its_article(tmp_path, capsys):
    (tmp_path / "a.html").write_text(html("Court stays execution", HEAD), "utf-8")
    url = "https://news.example.org/a"
    file = write_lines(tmp_path / "pages.jsonl", {"id": 1, "url": url, "html_path": "a.html"})

    code, lines = extract(capsys, file, "--workers", "0")

    assert code == 0
    assert lines == [
        {
            "id": 1,
            "title": "Court stays execution",
            "authors": ["Ann Lee", "Bob Ray"],
            "published": "2026-03-09T18:30:00-05:00",
            "text": WORDS.strip(),
            "language": "en",
            "error": None,
        }
    ]


def test_a_day_without_a_time_is_printed_as_a_day(tmp_path, capsys):
    (tmp_path / "a.html").write_text(html("Stay"), "utf-8")
    url = "https://news.example.org/2026/03/09/stay"
    file = write_lines(tmp_path / "pages.jsonl", {"id": 1, "url": url, "html_path": "a.html"})

    assert extract(capsys, file, "--workers", "0")[1][0]["published"] == "2026-03-09"


@pytest.mark.enable_socket  # workers are reached through Unix sockets
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_bad_line_costs_only_itself_and_is_named(tmp_path, capsys, workers):
    (tmp_path / "a.html").write_text(html("One"), "utf-8")
    (tmp_path / "b.html").write_bytes(b"%PDF-1.7")
    file = write_lines(
        tmp_path / "pages.jsonl",
        {"id": "a", "url": "https://x.org/a", "html_path": "a.html"},
        "{not json",
        {"id": "b", "url": "https://x.org/b", "html_path": "b.html"},
        "",
        {"id": "c", "url": "https://x.org/c", "html_path": "missing.html"},
        {"id": "d", "url": "https://x.org/d"},
        "[]",
        {"id": "e", "url": None, "html_path": str(tmp_path / "a.html")},
        {"id": "f", "url": 7, "html_path": "a.html"},
    )

    code, lines = extract(capsys, file, "--workers", workers)
    errors = [(line["id"], (line["error"] or "").partition(":")[0]) for line in lines]

    assert code == 1
    assert errors == [
        ("a", ""),
        (None, "line 2"),
        ("b", "not_html"),
        ("c", "line 5"),
        ("d", "line 6"),
        (None, "line 7"),
        ("e", ""),
        ("f", "line 9"),
    ]
    assert lines[6]["title"] == "One"
    assert lines[2]["text"] is None


def test_lists_and_pages_may_be_gzipped(tmp_path, capsys):
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(html("One").encode()))
    file = tmp_path / "pages.jsonl.gz"
    line = {"id": 1, "url": "https://x.org/a", "html_path": "a.html.gz"}
    file.write_bytes(gzip.compress(json.dumps(line).encode()))

    code, lines = extract(capsys, file, "--workers", "0")

    assert (code, lines[0]["title"]) == (0, "One")


def test_a_missing_file_is_wrong_use(tmp_path, capsys):
    assert main(["extract", str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl" in capsys.readouterr().err
