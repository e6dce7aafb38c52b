"""The seed article is the first source record: served, fetched, read, tagged, stored, and asked."""

from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from extractors.model import Feed, Registry
from flows.demo import demo_settings
from flows.job import make_job
from flows.seeds import read_seeds
from flows.watch import watch_once
from warehouse.store import open_copy

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = ROOT.parent / "shared" / "seed" / "article.txt"
HOST = "first.example"

pytestmark = pytest.mark.shared


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder without a line a request."""

    def log_message(self, format, *args):  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """Return the published copy after one run over a feed whose one entry is the seed article."""
    site, home = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("home")
    lines = ARTICLE.read_text("utf-8").splitlines()
    body = "\n".join(f"<p>{escape(line)}</p>" for line in lines if line.strip())
    (site / "article.html").write_text(
        "<html lang=en><head><meta charset=utf-8><title>Campaigner meets prisoner</title>"
        '<meta property="article:published_time" content="2019-06-01T10:00:00Z"></head>'
        f"<body><article><h1>Campaigner meets prisoner</h1>{body}</article></body></html>",
        "utf-8",
    )
    (site / "rss.xml").write_text(
        "<rss version='2.0'><channel><title>First</title><item><title>Campaigner meets prisoner"
        f"</title><link>http://{HOST}/article.html</link></item></channel></rss>",
        "utf-8",
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    seeds = read_seeds(ROOT / "seeds")
    feeds = (Feed("first", f"http://{HOST}/rss.xml", "First"),)
    registry = Registry(seeds.cases, seeds.advocates, feeds, seeds.version)
    settings = demo_settings(home, (HOST,), server.server_port)
    job = make_job(settings, registry)
    watch_once(job, "demo")
    server.shutdown()
    server.server_close()
    return job.settings.copy


def asked(warehouse, sql):
    with open_copy(warehouse) as db:
        return db.execute(sql).fetchall()


def test_it_names_the_case_the_advocate_and_the_other_case(warehouse):
    found = asked(warehouse, "select distinct subject_id from mentions order by 1")

    assert found == [("alice-marie-johnson",), ("kevin-cooper",), ("kim-kardashian",)]


def test_the_advocate_is_found_by_her_married_name_and_under_her_quoted_tweets(warehouse):
    quotes = asked(
        warehouse,
        "select quote, count(*) from mentions where subject_id = 'kim-kardashian' "
        "group by all order by 1",
    )
    signed = asked(
        warehouse,
        "select count(*) from mentions m join articles a using (article_id) "
        "where m.subject_id = 'kim-kardashian' "
        "and substring(a.text, m.start_offset - 1, 2) = '— '",
    )

    assert dict(quotes) == {"Kardashian West": 5, "Kim Kardashian West": 3}
    assert signed == [(2,)]


def test_every_offset_is_exact(warehouse):
    rows = asked(
        warehouse,
        "select text, start_offset, end_offset, quote from mentions join articles "
        "using (article_id)",
    )

    assert len(rows) >= 16
    assert all(text[start:end] == quote for text, start, end, quote in rows)


def test_its_events_are_the_dna_testing_and_the_commutation(warehouse):
    events = asked(warehouse, "select distinct subject_id, type from case_timeline")

    assert ("kevin-cooper", "dna_testing_ordered") in events
    assert ("alice-marie-johnson", "commuted") in events


def test_she_speaks_for_him(warehouse):
    acts = asked(warehouse, "select advocate_id, case_id from advocacy where act = 'met'")

    assert ("kim-kardashian", "kevin-cooper") in acts
