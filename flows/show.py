"""What a person reads in the terminal: a run's report, alerts with sentence and reason, health."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from extractors.mentions import in_words
from extractors.model import Evidence
from flows.inert import inert
from flows.job import Loss, Report

_MARKS = {3: ("!!!", "bold red"), 2: (" ! ", "bold yellow"), 1: (" · ", "dim")}
_SHORT_ID = 8
_LOSSES = 12  # shown in a run's report; health shows all


class _InertConsole(Console):
    """A console whose own styles reach the terminal, but no control character of what it shows."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        """Yield the segments of *renderable*, their words inert."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else inert(text), style, control)


def console() -> Console:
    """Return where people read: the terminal's width, 100 columns when piped.

    What others wrote is never markup, and inert.
    """
    terminal = getattr(sys.stdout, "terminal", None)  # an InertStream would strip our styles too
    found = _InertConsole(file=terminal, highlight=False, markup=False)
    if not found.is_terminal:
        found.width = 100
    return found


def report_lines(report: Report) -> RenderableType:
    """Return a run in a few lines: counts, edits, losses by name."""
    lines: list[RenderableType] = [_counts(report)]
    lines += [Text(f"  edited  {edit}", style="cyan") for edit in report.edited]
    lines += [Text(f"  odd     {odd}", style="dim") for odd in report.odd[:_LOSSES]]
    lines += [_loss(loss) for loss in report.losses[:_LOSSES]]
    hidden = len(report.losses) - _LOSSES
    if hidden > 0:
        lines.append(Text(f"  and {hidden} more failures: `casewatch health`", style="red"))
    lines += [Text(f"  to do   {advice}", style="bold yellow") for advice in report.advice]
    if report.message:
        lines.append(Text(report.message, style="bold red"))
    return Group(*lines)


def _loss(loss: Loss) -> Text:
    if loss.kind == "robots":
        return Text(f"  refused {loss.what} {loss.url}: robots.txt asks us not to read it", "dim")
    return Text(f"  failed  {loss.what} {loss.url}: {loss.kind}: {loss.message}", "red")


def _counts(report: Report) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row(
        "feeds",
        _of(report.feeds_polled, "polled", report.feeds_failed, "failed")
        + (f", {report.feeds_not_due} not due yet" if report.feeds_not_due else ""),
    )
    table.add_row("entries", f"{report.entries_new} new")
    table.add_row("pages", _of(report.pages_fetched, "fetched", report.pages_failed, "failed"))
    table.add_row("articles", f"{report.articles_new} new, {report.versions_new} new versions")
    table.add_row("mentions", f"{report.mentions_new} new")
    table.add_row("alerts", Text(f"{report.alerts_new} new", style="bold"))
    return table


def _of(count: int, done: str, failed: int, name: str) -> str:
    return f"{count} {done}" + (f", {failed} {name}" if failed else "")


def print_alerts(
    out: Console, alerts: Sequence[dict[str, Any]], *, most: int | None = None
) -> None:
    """Print *alerts* one under another, *most* of them at the most, and count the rest."""
    if not alerts:
        out.print("No alerts.", style="dim")
    for alert in alerts[:most]:
        print_alert(out, alert)
    if most is not None and len(alerts) > most:
        out.print(f"... and {len(alerts) - most} more: casewatch alerts\n", style="bold")


def print_alert(out: Console, alert: dict[str, Any]) -> None:
    """Print one alert: mark, who, what happened, sentence, reason, outlets, link."""
    mark, style = _MARKS[alert["rank"]]
    head = Text.assemble(
        (mark, style), " ", (alert["display_name"], "bold"), "  ", (alert["title"], "")
    )
    lines = [
        Text(f"“{' '.join(alert['passage'].split())}”"),
        Text(alert["reason"], style="green"),
        Text(_where(alert), style="dim"),
    ]
    if alert["verdict"]:
        lines.append(Text(_judged(alert), style="magenta"))
    out.print(Group(head, *(Padding(line, (0, 0, 0, 4)) for line in lines)))
    # Whole, whatever the width: a link that is broken over two lines cannot be opened.
    out.print(Text(f"    {alert['canonical_url']}\n", style="dim"), soft_wrap=True)


def _where(alert: dict[str, Any]) -> str:
    outlets = alert["outlets"]
    told = ", ".join(outlets) if len(outlets) <= 4 else f"{', '.join(outlets[:3])} and more"
    short, when = alert["alert_id"][:_SHORT_ID], day(alert["published_at"])
    return f"{short}  {told}  {when}"


def _judged(alert: dict[str, Any]) -> str:
    note = f": {alert['note']}" if alert["note"] else ""
    return f"judged {alert['verdict']} by {alert['reviewer']}{note}"


def evidence_table(mentions: Iterable[dict[str, Any]]) -> Table:
    """Return the mentions of an alert, counted or rejected, with each term of their score."""
    table = Table(box=None, padding=(0, 2), show_edge=False)
    for title in ("mention", "kind", "confidence", "evidence"):
        table.add_column(title, header_style="dim", overflow="fold")
    for mention in mentions:
        terms = "; ".join(
            f"{in_words(Evidence(**e), {})} {e['weight']:+.2f}" for e in mention["evidence"]
        )
        confidence = f"{mention['confidence']:.2f} {mention['tier']}"
        table.add_row(mention["quote"], mention["kind"], confidence, terms)
    return table


def print_rows(out: Console, rows: Sequence[dict[str, Any]]) -> None:
    """Print *rows* as a table, or one under another where a table would be too wide to read."""
    if not rows:
        out.print("No rows.", style="dim")
        return
    widths = (max(len(name), *(len(cell(row[name])) for row in rows)) for name in rows[0])
    if sum(width + 2 for width in widths) <= max(out.width, 60):
        out.print(rows_table(rows, tuple(rows[0])))
        return
    for row in rows:
        for name, value in row.items():
            out.print(Text.assemble((f"{name:>18}  ", "bold"), cell(value)), soft_wrap=True)
        out.print()


def rows_table(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> RenderableType:
    """Return *rows* as a table of the columns *names*."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    for name in names:
        table.add_column(name, header_style="bold", overflow="fold")
    for row in rows:
        table.add_row(*(cell(row[name]) for name in names))
    return table


def cell(value: object) -> Text:
    """Return a value as a person reads it; null is shown as such."""
    if value is None:
        return Text("null", style="dim")
    if isinstance(value, datetime):
        return Text(f"{value:%Y-%m-%d %H:%M}")
    if isinstance(value, list):
        return Text(", ".join(map(str, value)))
    return Text(str(value))


def day(moment: datetime | None) -> str:
    """Return the day, or "undated"."""
    return f"{moment:%d %b %Y}" if moment else "undated"
