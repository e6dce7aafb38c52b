"""What outlets, feeds and people might send to a page, and a warehouse full of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extractors.model import Page
from warehouse.archive import Archive
from warehouse.publish import publish
from warehouse.store import Warehouse

_EVIL = "http://evil.example"
MARKUP = (
    "<script>window.hacked=1</script>",
    "<script src=//evil.example/x.js></script>",
    "</script><script>window.hacked=2</script>",
    "<img src=x onerror=window.hacked=3>",
    f"<img src={_EVIL}/pixel.gif>",
    "<svg onload=window.hacked=4>",
    "<svg><script>window.hacked=5</script></svg>",
    "<svg><animate onbegin=window.hacked=6 attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.hacked=7>",
    "<body onload=window.hacked=8>",
    "<input autofocus onfocus=window.hacked=9>",
    "<details open ontoggle=window.hacked=10>",
    "<video><source onerror=window.hacked=11>",
    "<audio src=x onerror=window.hacked=12>",
    f"<iframe src={_EVIL}></iframe>",
    "<iframe srcdoc='<script>parent.hacked=13</script>'></iframe>",
    f"<object data={_EVIL}></object>",
    f"<embed src={_EVIL}>",
    f"<link rel=stylesheet href={_EVIL}/x.css>",
    f"<link rel=preconnect href={_EVIL}>",
    f"<base href={_EVIL}/>",
    f"<meta http-equiv=refresh content='0;url={_EVIL}'>",
    f"<form action={_EVIL}><button>Log in</button></form>",
    f"<style>@import '{_EVIL}/x.css';body{{display:none}}</style>",
    '" onmouseover="window.hacked=14" x="',
    "' autofocus onfocus='window.hacked=15",
    '"><script>window.hacked=16</script>',
    "'><img src=x onerror=window.hacked=17>",
    "`-window.hacked=18-`",
    "{{ 7 * 7 }}{% raw %}{{ config }}",
    "${window.hacked=19}",
    "<!--><script>window.hacked=20</script>-->",
    "]]><script>window.hacked=21</script>",
    "&lt;script&gt;window.hacked=22&lt;/script&gt;",
    "&#60;script&#62;window.hacked=23&#60;/script&#62;",
    "<scr\u0000ipt>window.hacked=24</scr\u0000ipt>".replace("\u0000", "\ufffd"),
    "\u202e<script>window.hacked=25</script>\u202c",
    "<a href=javascript:window.hacked=26>press</a>",
    "<marquee onstart=window.hacked=27>news</marquee>",
    "<textarea></textarea><script>window.hacked=28</script>",
    "</title></style></textarea><img src=x onerror=window.hacked=29>",
    "<template><script>window.hacked=30</script></template>",
    "<portal src=http://evil.example></portal><x onclick=window.hacked=31>",
    "<noscript><p title='</noscript><img src=x onerror=window.hacked=32>'>",
)
ADDRESSES = (
    "javascript:window.hacked=40",
    "JaVaScRiPt:window.hacked=41//http://x",
    " javascript:window.hacked=42",
    "java\tscript:window.hacked=43",
    "data:text/html,<script>window.hacked=44</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:http://evil.example/x",
    "//evil.example/x",
    "http://good.example@evil.example/",
    'http://evil.example/"onmouseover="window.hacked=45',
    "http://[::1",
    "\\\\evil.example\\x",
    "https:evil",
)


def hostile_page() -> str:
    """Return a page for the archive that tries all of it at once."""
    return f"<html><head>{''.join(MARKUP[17:22])}</head><body>{''.join(MARKUP)}</body></html>"


def poison(home: Path) -> None:
    """Put the payloads wherever words of others stand in the warehouse of *home*, and publish."""
    warehouse = Warehouse(home / "casewatch.duckdb")
    pointer = Archive(home / "warc", "hostile", datetime(2026, 11, 24, tzinfo=UTC)).store(
        [_archived()]
    )[0]
    with warehouse.transaction() as db:
        alerts = db.execute("select alert_id, article_id, version_id from alert order by 1")
        addresses: dict[str, str] = {}  # by article: some have several alerts
        for place, (alert, article, version) in enumerate(alerts.fetchall()):
            url = addresses.setdefault(article, ADDRESSES[len(addresses) % len(ADDRESSES)])
            said = MARKUP[place % len(MARKUP)]
            _poison_one(db, alert, article, version, said, url)
            db.execute(
                "update article_version set warc_file = ?, warc_offset = ? where version_id = ?",
                [pointer.file, pointer.offset, version],
            )
        _poison_rest(db)
    publish(warehouse, home / "casewatch-read.duckdb")


def _poison_one(db: Any, alert: str, article: str, version: str, said: str, url: str) -> None:
    passage = f"{said} Kevin Cooper {said} was stabbed."
    text = f"{said}\n\n{passage}\n{said}"
    start = len(said) + 2
    name = start + len(said) + 1
    values = {"said": said, "url": url, "article": article, "version": version, "alert": alert,
              "text": text, "passage": passage, "start": start, "end": start + len(passage),
              "name": name, "after": name + len("Kevin Cooper")}  # fmt: skip
    for sql in (
        "update article_version set title = $said, text = $text, body_start = $start "
        "where version_id = $version",
        "update article set outlet = $said, canonical_url = $url, language = $said, "
        "authors = [$said] where article_id = $article",
        "update alert set quote = $passage, reason = $said, start_offset = $start, "
        "end_offset = $end where alert_id = $alert",
        "update mention set quote = 'Kevin Cooper', start_offset = $name, end_offset = $after, "
        "form = $said, evidence = [{'term': 'context_prison', 'weight': 1.0, 'text': $said, "
        "'start': 0, "
        "'end': 3}] where version_id = $version",
        "update event set quote = $said, start_offset = $start, end_offset = $end, "
        "type = $said where version_id = $version",
        "update advocacy_act set quote = $said, act = $said where version_id = $version",
        "insert into verdict values ($alert, $alert, 'unsure', $said, $said, now())",
        "insert into assignment values ($alert, $alert, $said, $said, now())",
    ):
        db.execute(sql, {k: v for k, v in values.items() if f"${k}" in sql})


def _poison_rest(db: Any) -> None:
    for sql in (
        "update subject set display_name = $said || subject_id, status = $said, "
        "status_source = $url, jurisdiction = $said",
        "update feed set url = $url, outlet = $said, failure = $said, failure_message = $said",
        "update run set message = $said",
        "update article_change set before = $said, after = $said, kind = $said",
    ):
        values = {"said": MARKUP[3], "url": ADDRESSES[0]}
        db.execute(sql, {k: v for k, v in values.items() if f"${k}" in sql})


def _archived() -> Page:
    body = hostile_page().encode()
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    now = datetime(2026, 11, 24, tzinfo=UTC)
    return Page("http://x.example/", "http://x.example/", 200, headers, body, now)
