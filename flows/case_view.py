"""One case or advocate on one page of the terminal: coverage, events, days ahead, who speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any

import duckdb
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from extractors.errors import UsageError
from flows.show import day
from review.words import plain
from warehouse import desk
from warehouse.inbox import Judgement, overlay

WEEKS = 26
_BARS = "▁▂▃▄▅▆▇█"
_NEAR = 8  # ids named when none fits
_SHOWN = 20  # rows of each part; the rest is counted
_MOST = 100_000  # no case has so many events or outlets: the terminal cuts, and says so
_OPEN = frozenset({None, "unsure"})

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseView:
    """What is known of one subject. `spoken` is the other side: advocates, or an advocate's cases.

    `linked` are ids and names that the registry gives for that side.
    """

    subject: Row
    open_alerts: int
    alerts: int
    last_named_at: Any
    weeks: list[tuple[date, int]]
    events: list[Row]
    days_ahead: list[Row]
    spoken: list[Row]
    linked: list[tuple[str, str]]
    outlets: list[Row]
    silence: Row | None
    precision: list[Row]


def find_subject(subjects: Sequence[Row], typed: str) -> Row:
    """Return the subject of that id, or the only one whose id begins so; case does not matter.

    Raises UsageError, naming ids that are near, when there is none or more than one.
    """
    wanted = "-".join(typed.lower().split())
    by_id = {str(row["subject_id"]): row for row in subjects}
    if wanted in by_id:
        return by_id[wanted]
    begin = [one for one in sorted(by_id) if wanted and one.startswith(wanted)]
    if len(begin) == 1:
        return by_id[begin[0]]
    if begin:
        raise UsageError(f"{typed!r} begins several ids: {_named(begin)}.")
    near = _near(sorted(by_id), wanted)
    told = f"near: {_named(near)}." if near else '`casewatch sql "from subject"` lists them.'
    raise UsageError(f"no case or advocate {typed!r}; {told}")


def _near(ids: Sequence[str], wanted: str) -> list[str]:
    if not wanted:
        return []
    holding = [one for one in ids if wanted in one]
    alike = get_close_matches(wanted, ids, n=4, cutoff=0.5)
    return list(dict.fromkeys(holding + alike))


def _named(ids: Sequence[str]) -> str:
    more = len(ids) - _NEAR
    return ", ".join(ids[:_NEAR]) + (f" and {more} more" if more > 0 else "")


def case_view(
    db: duckdb.DuckDBPyConnection, typed: str, judged: Sequence[Judgement], today: date
) -> CaseView:
    """Return what the published copy *db* knows of the subject that somebody *typed*.

    *judged* are verdicts that are not published yet. Raises UsageError for an unknown subject.
    """
    subjects = desk.subject_rows(db)
    subject = find_subject(subjects, typed)
    subject_id = subject["subject_id"]
    alerts = overlay(desk.alert_states(db, subject_id), judged)
    silence = desk.silence_row(db, subject_id)
    return CaseView(
        subject=subject,
        open_alerts=sum(alert["verdict"] in _OPEN for alert in alerts),
        alerts=len(alerts),
        last_named_at=silence["last_mentioned_at"] if silence else _last_day(db, subject_id),
        weeks=_weeks(db, subject_id, today),
        events=[_told(row) for row in desk.timeline_rows(db, subject_id, _MOST)],
        days_ahead=[
            row | {"sentence": " ".join(row["passage"].split())}
            for row in desk.upcoming_rows(db, subject_id)
        ],
        spoken=[_spoken(other) for other in desk.spoken_by_other(db, subject, _MOST)],
        linked=desk.linked_with(subjects, subject),
        outlets=desk.coverage_by_outlet(db, subject_id, _MOST),
        silence=silence,
        precision=desk.precision_rows(db, subject_id),
    )


def _last_day(db: duckdb.DuckDBPyConnection, subject_id: str) -> date | None:
    """Return the last day of coverage: of who is watched no more, silence says nothing."""
    days = desk.coverage_by_day(db, subject_id)
    return days[-1]["day"] if days else None


def _weeks(db: duckdb.DuckDBPyConnection, subject_id: str, today: date) -> list[tuple[date, int]]:
    """Return Monday and number of articles of the last weeks, this one last."""
    rows = desk.coverage_by_week(db, WEEKS)
    counts = {row["week"]: int(row["articles"]) for row in rows if row["subject_id"] == subject_id}
    monday = today - timedelta(days=today.weekday())
    weeks = (monday - timedelta(weeks=ago) for ago in reversed(range(WEEKS)))
    return [(week, counts.get(week, 0)) for week in weeks]


def _told(row: Row) -> Row:
    """Return an event with its sentence on one line."""
    kept = {name: value for name, value in row.items() if name != "quote"}
    return kept | {"sentence": " ".join(row["sentence"].split())}


def _spoken(other: Row) -> Row:
    """Return somebody of the other side with what was said, where and when."""
    acts = [
        {name: act[name] for name in ("act", "quote", "outlet", "published_at")}
        | {"url": act["canonical_url"]}
        for act in other["acts"]
    ]
    return other | {"acts": acts}


def sparkline(counts: Sequence[int]) -> str:
    """Return one bar a count: the lowest for none, the full one for the most."""
    most = max(counts, default=0) or 1
    return "".join(_BARS[-(-count * (len(_BARS) - 1) // most)] for count in counts)


def as_object(view: CaseView) -> Row:
    """Return the view as one object for programs, whole: nothing is cut."""
    return {
        **view.subject,
        "open_alerts": view.open_alerts,
        "alerts": view.alerts,
        "last_named_at": view.last_named_at,
        "weeks": [{"week": week, "articles": count} for week, count in view.weeks],
        "events": view.events,
        "days_ahead": view.days_ahead,
        "spoken": view.spoken,
        "linked": [{"id": one, "name": name} for one, name in view.linked],
        "outlets": view.outlets,
        "silence": view.silence,
        "precision": view.precision,
    }


def print_case(out: Console, view: CaseView) -> None:
    """Print a subject for people: facts, then a part for each thing that is known."""
    _print_facts(out, view)
    _print_events(out, view.events)
    _print_days_ahead(out, view.days_ahead)
    _print_spoken(out, view)
    _print_outlets(out, view.outlets)
    _print_precision(out, view.precision)


def _print_facts(out: Console, view: CaseView) -> None:
    subject, counts = view.subject, [count for _, count in view.weeks]
    out.print(Text.assemble((subject["display_name"], "bold"), f"  {subject['subject_id']}"))
    facts = Table.grid(padding=(0, 2))
    if subject["status"]:
        facts.add_row("status", Text(f"{plain(subject['status'])}, {subject['status_as_of']}"))
    if not subject["active"]:
        facts.add_row("watched", Text("no more", style="yellow"))
    facts.add_row("alerts", f"{view.open_alerts} open of {view.alerts}")
    told = f"  {sum(counts)} in {WEEKS} weeks, at most {max(counts)} a week"
    facts.add_row("articles", Text.assemble((sparkline(counts), "cyan"), told))
    facts.add_row("last named", day(view.last_named_at) if view.last_named_at else "never")
    if view.silence:
        facts.add_row("silence", Text(_silence(view.silence)))
    out.print(facts)
    if subject["status_source"]:  # whole, whatever the width: a broken link cannot be opened
        out.print(Text(f"source      {subject['status_source']}", style="dim"), soft_wrap=True)


def _silence(row: Mapping[str, Any]) -> str:
    days, fine, feeds = row["quiet_days"], row["its_feeds_fine"], row["its_feeds"]
    return f"{row['state']}: {days} days quiet, {fine} of {feeds} feeds fine"


def _print_events(out: Console, events: Sequence[Row]) -> None:
    _heading(out, "Events", events)
    if not events:
        return
    table = _table("day", "event", "modality", "outlets")
    for row in events[:_SHOWN]:
        outlets = Text(", ".join(row["outlets"]))
        table.add_row(day(row["day"]), plain(row["type"]), row["modality"], outlets)
    out.print(table)
    _rest(out, events)


def _print_days_ahead(out: Console, ahead: Sequence[Row]) -> None:
    _heading(out, "Days ahead", ahead)
    for row in ahead[:_SHOWN]:
        what = f"  {plain(row['type'])} ({row['modality']}), {', '.join(row['outlets'])}"
        out.print(Text.assemble((day(row["event_date"]), "bold"), what))
        _quote(out, row["sentence"])
    _rest(out, ahead)


def _print_spoken(out: Console, view: CaseView) -> None:
    is_case = view.subject["kind"] == "case"
    _heading(out, "Who speaks for it" if is_case else "Speaks for", view.spoken)
    for other in view.spoken[:_SHOWN]:
        newest, count = other["acts"][0], len(other["acts"])
        sentences = "1 sentence" if count == 1 else f"{count} sentences"
        what = f"  {plain(newest['act'])}, {newest['outlet']}, {day(newest['published_at'])}"
        out.print(Text.assemble((other["name"], "bold"), f"{what}; {sentences}"))
        _quote(out, newest["quote"])
    _rest(out, view.spoken)
    if view.linked:
        names = ", ".join(name for _, name in view.linked)
        out.print(Text(f"linked by the registry: {names}", style="dim"))


def _print_outlets(out: Console, outlets: Sequence[Row]) -> None:
    _heading(out, "Outlets", outlets)
    if not outlets:
        return
    table = _table("outlet", "articles", "last")
    for row in outlets[:_SHOWN]:
        table.add_row(Text(row["outlet"]), str(row["articles"]), day(row["last_day"]))
    out.print(table)
    _rest(out, outlets)


def _print_precision(out: Console, rows: Sequence[Row]) -> None:
    _heading(out, "Precision of its rules, from verdicts", rows)
    if not rows:
        return
    table = _table("form", "kind", "right person", "95 %")
    for row in rows[:_SHOWN]:
        right = f"{row['right_person']} of {row['judged']}"
        table.add_row(Text(row["form"]), row["kind"], right, f"{row['low']:.2f}-{row['high']:.2f}")
    out.print(table)
    _rest(out, rows)


def _heading(out: Console, title: str, rows: Sequence[Row]) -> None:
    out.print(Text.assemble("\n", (title, "bold"), "" if rows else ("  none", "dim")))


def _rest(out: Console, rows: Sequence[Row]) -> None:
    if len(rows) > _SHOWN:
        out.print(Text(f"and {len(rows) - _SHOWN} more: --json has all", style="bold"))


def _quote(out: Console, sentence: str) -> None:
    out.print(Padding(Text(f"“{' '.join(sentence.split())}”"), (0, 0, 0, 4)))


def _table(*titles: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for title in titles:
        table.add_column(title, header_style="dim", overflow="fold")
    return table
