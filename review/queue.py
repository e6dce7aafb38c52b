"""The queue of alerts: what a person asked for, and the page of it, worst first."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from extractors.model import Verdict
from review.index import fts_query
from review.words import SEVERITIES
from review.words import STATES as STATE_WORDS

PAGE = 25  # alerts a page
OPEN, ALL, UNJUDGED = "open", "all", "unjudged"
STATES = (OPEN, UNJUDGED, *(str(verdict) for verdict in Verdict), ALL)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_MOST_PAGES = 100_000

_TWO_COUNTS = "count(*) filter (where history = 0), count(*) filter (where history = 1)"
# filter -> its column, and the one to show
_CHOSEN = (
    ("subject", "subject_id", "max(display_name)"),
    ("outlet", "outlet", "outlet"),
    ("language", "language", "language"),
    ("assignee", "assignee", "assignee"),
)
STILL_OPEN = "coalesce(verdict, 'unsure') = 'unsure'"
_STATE_SQL = {
    OPEN: STILL_OPEN,
    UNJUDGED: "verdict is null",
    ALL: "1",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person chose to see. Empty means: whatever it is."""

    q: str = ""
    subject: str = ""
    severity: str = ""
    outlet: str = ""
    language: str = ""
    since: str = ""
    until: str = ""
    verdict: str = OPEN
    assignee: str = ""
    past: str = ""  # "": news alone, "only": history alone, "all": both
    page: int = 1

    def url(self, **changes: object) -> str:
        """Return the address of the queue so filtered, with *changes*; page 1 unless given."""
        wanted = replace(self, **({"page": 1} | changes))  # type: ignore[arg-type]
        return address("/", wanted, Filters())

    def chosen(self) -> list[tuple[str, str]]:
        """Return what is filtered, in words: for paper, which has no form to read it from."""
        severity = SEVERITIES[int(self.severity)][0] if self.severity else ""
        past = {"only": "history", "all": "both"}.get(self.past, "")
        said = (
            ("words", self.q), ("subject", self.subject), ("severity", severity),
            ("outlet", self.outlet), ("language", self.language), ("from", self.since),
            ("until", self.until), ("verdict", STATE_WORDS[self.verdict]),
            ("assigned to", self.assignee), ("news or history", past),
        )  # fmt: skip
        return [(name, words) for name, words in said if words]

    @property
    def is_plain(self) -> bool:
        """Return whether nothing is filtered."""
        return replace(self, page=1) == Filters()


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the queue: its alerts, how many match in all, and what could be chosen."""

    alerts: tuple[dict[str, Any], ...]
    matching: int
    open: int
    history: int
    choices: Mapping[str, list[tuple[str, str, int]]]  # filter -> (value, shown, how many)
    pages: int


def filters_from(query: Mapping[str, str]) -> Filters:
    """Return the filters that the address says; what cannot be is left out."""
    said = {name: query.get(name, "").strip()[:200] for name in Filters.__slots__ if name != "page"}
    return Filters(
        **said
        | {
            "verdict": said["verdict"] if said["verdict"] in STATES else OPEN,
            "severity": said["severity"] if said["severity"] in {"1", "2", "3"} else "",
            "past": said["past"] if said["past"] in {"only", "all"} else "",
            "since": said["since"] if _DAY.match(said["since"]) else "",
            "until": said["until"] if _DAY.match(said["until"]) else "",
        },
        page=page_asked(query),
    )


def address(path: str, wanted: object, plain: object) -> str:
    """Return *path* with what *wanted* says otherwise than *plain*: two of one dataclass."""
    said = {
        field.name: getattr(wanted, field.name)
        for field in fields(plain)  # type: ignore[arg-type]
        if getattr(wanted, field.name) != getattr(plain, field.name)
    }
    return f"{path}?{urlencode(said)}" if said else path


def page_asked(query: Mapping[str, str], most: int = _MOST_PAGES) -> int:
    """Return the page that the address asks for, from 1 to *most*; 1 where it asks for none."""
    number = query.get("page", "1")
    asked = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    return min(max(1, asked), most)


def list_queue(db: sqlite3.Connection, filters: Filters) -> Listed:
    """Return the page that *filters* ask for; *db* comes from `Index.reading()`."""
    where, values = _where(filters)
    matching = db.execute(f"select count(*) from seen where {where}", values).fetchone()[0]  # noqa: S608 - ours
    pages = max(1, -(-matching // PAGE))
    page = min(filters.page, pages)
    found = db.execute(
        f"select alert_id from seen where {where} "  # noqa: S608 - conditions are ours
        "order by rank desc, sort_at desc, alert_id limit :most offset :skip",
        values | {"most": PAGE, "skip": (page - 1) * PAGE},
    ).fetchall()
    still_open, history = db.execute(
        f"select {_TWO_COUNTS} from seen where {_STATE_SQL[OPEN]}"  # noqa: S608 - our own words
    ).fetchone()
    return Listed(
        tuple(alerts_of(db, [row[0] for row in found])), matching, still_open, history,
        _choices(db, filters), pages,
    )  # fmt: skip


def waiting_in(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many alerts of news, and how many candidates of the sample, nobody settled."""
    alerts, candidates = db.execute(
        f"select (select count(*) from seen where history = 0 and {STILL_OPEN}), "  # noqa: S608 - ours
        f"(select count(*) from audited where in_sample = 1 and {STILL_OPEN})"
    ).fetchone()
    return {"alerts": alerts, "candidates": candidates}


def one_alert(db: sqlite3.Connection, alert_id: str) -> dict[str, Any] | None:
    """Return an alert with its verdict, or None."""
    row = db.execute("select * from seen where alert_id = ?", [alert_id]).fetchone()
    return as_alert(row) if row else None


def alerts_of(db: sqlite3.Connection, ids: list[str]) -> list[dict[str, Any]]:
    """Return those of *ids* that are indexed, in their order."""
    marks = ", ".join("?" * len(ids))
    rows = db.execute(f"select * from seen where alert_id in ({marks})", ids)  # noqa: S608 - marks
    found = {row["alert_id"]: as_alert(row) for row in rows}
    return [found[one] for one in ids if one in found]


def neighbours(
    db: sqlite3.Connection, filters: Filters, alert: Mapping[str, Any]
) -> tuple[str | None, str | None]:
    """Return the alerts before and after *alert* in the queue, whether or not it still is in it."""
    where, values = _where(filters)
    here = values | {"rank": alert["rank"], "at": alert["sort_at"], "id": alert["alert_id"]}
    after = db.execute(
        f"select alert_id from seen where {where} and (rank < :rank or (rank = :rank and "  # noqa: S608 - ours
        "(sort_at < :at or (sort_at = :at and alert_id > :id)))) "
        "order by rank desc, sort_at desc, alert_id limit 1",
        here,
    ).fetchone()
    before = db.execute(
        f"select alert_id from seen where {where} and (rank > :rank or (rank = :rank and "  # noqa: S608 - ours
        "(sort_at > :at or (sort_at = :at and alert_id < :id)))) "
        "order by rank, sort_at, alert_id desc limit 1",
        here,
    ).fetchone()
    return (before[0] if before else None, after[0] if after else None)


def as_alert(row: sqlite3.Row) -> dict[str, Any]:
    """Return an alert's row with its lists read."""
    found = dict(row)
    return found | {
        "outlets": json.loads(found["outlets"]),
        "spans": [tuple(span) for span in json.loads(found["spans"])],
    }


def _where(filters: Filters) -> tuple[str, dict[str, Any]]:
    conditions = [_STATE_SQL.get(filters.verdict, "verdict = :verdict")]
    if filters.verdict == str(Verdict.UNSURE):
        conditions = ["verdict = 'unsure'"]
    if filters.past != "all":
        conditions.append("history = 1" if filters.past == "only" else "history = 0")
    simple = {
        "subject": "subject_id = :subject",
        "severity": "rank = cast(:severity as integer)",
        "language": "language = :language",
        "since": "day >= :since",
        "until": "day <= :until",
        "assignee": "assignee = :assignee",
        "outlet": "alert_id in (select alert_id from alert_outlet where outlet = :outlet)",
    }
    conditions += [sql for name, sql in simple.items() if getattr(filters, name)]
    values: dict[str, Any] = {name: getattr(filters, name) for name in (*simple, "verdict")}
    if filters.q:
        query = fts_query(filters.q)
        if query is None:
            return "0", values
        conditions.append("doc_id in (select rowid from alert_words where alert_words match :q)")
        values["q"] = query
    return " and ".join(conditions), values


def _choices(db: sqlite3.Connection, filters: Filters) -> dict[str, list[tuple[str, str, int]]]:
    """Return what each filter could be set to: counted among alerts of the state that is shown."""
    where, values = _where(Filters(verdict=filters.verdict, past=filters.past))
    return {
        name: _counted(
            db.execute(
                f"select {column}, {shown}, count(*) from seen where {where} group by {column}",  # noqa: S608 - ours
                values,
            )
        )
        for name, column, shown in _CHOSEN
    }


def _counted(rows: Iterable[sqlite3.Row]) -> list[tuple[str, str, int]]:
    named = [(row[0], row[1], row[2]) for row in rows if row[0]]
    return sorted(named, key=lambda one: one[1].casefold())
