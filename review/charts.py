"""Charts as geometry: numbers in, rectangles out. The templates draw them as inline SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 720, 180  # of a timeline, in its own units
LEFT, RIGHT, TOP, BOTTOM = 34, 10, 12, 44  # what axes take
_DAYS_BY_DAY, _DAYS_BY_WEEK = 75, 800  # how long a span is drawn by day, by week; then by month
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """What was written in one day, week or month."""

    x: float
    y: float
    width: float
    height: float
    when: str
    count: int
    rank: int

    @property
    def label(self) -> str:
        """Return what the bar says in words."""
        return f"{self.when}: {self.count:,} {'article' if self.count == 1 else 'articles'}"


@dataclass(frozen=True, slots=True)
class Dot:
    """An event below the bars; *row* keeps dots of one day apart."""

    x: float
    y: float
    label: str
    grave: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """Coverage over time with events. *unit* is day, week or month."""

    unit: str
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, int], ...]
    first: date
    last: date
    most: int
    total: int


@dataclass(frozen=True, slots=True)
class Spark:
    """A small chart: one bar a week, the last one on the right."""

    bars: tuple[Bar, ...]
    total: int
    most: int
    latest: int


def timeline(
    days: Sequence[Mapping[str, object]],
    events: Sequence[tuple[date, str, bool]],
    until: date,
) -> Timeline | None:
    """Return the chart of *days* (day, articles, rank) up to *until*; None where nothing is told.

    Events are (day, words, grave); those outside of the span of the coverage are left out.
    """
    counts = {_day(row["day"]): (_int(row["articles"]), _int(row["rank"])) for row in days}
    if not counts:
        return None
    first, last = min(counts), max(until, *counts)
    unit = _unit(first, last)
    starts = _starts(first, last, unit)
    step = (WIDTH - LEFT - RIGHT) / len(starts)
    summed = _summed(counts, starts)
    most = max(count for count, _ in summed)
    floor = HEIGHT - BOTTOM
    scale = (floor - TOP) / _round_up(most)
    wide = min(max(step * 0.8, 0.6), 22.0)
    bars = tuple(
        Bar(
            round(LEFT + (place + 0.5) * step - wide / 2, 2), round(floor - count * scale, 2),
            round(wide, 2), round(count * scale, 2),
            _bucket(start, unit), count, rank,
        )
        for place, (start, (count, rank)) in enumerate(zip(starts, summed, strict=True))
        if count
    )  # fmt: skip
    top = _round_up(most)
    levels = ((floor, 0), (floor - top * scale / 2, top // 2), (float(TOP), top))
    return Timeline(
        unit, bars, _dots(events, starts, step, last), _ticks(starts, step, unit),
        levels if top > 1 else (levels[0], levels[2]), first, last, most,
        sum(count for count, _ in summed),
    )  # fmt: skip


def spark(
    weeks: Mapping[date, tuple[int, int]], last: date, how_many: int, most: int | None = None
) -> Spark:
    """Return a sparkline of *how_many* weeks up to that of *last*, 4 units a week, 24 high.

    *weeks* gives (articles, rank) by Monday; *most* is the count that fills the height.
    """
    monday = last - timedelta(days=last.weekday())
    shown = [monday - timedelta(weeks=how_many - 1 - place) for place in range(how_many)]
    counts = [weeks.get(week, (0, 0)) for week in shown]
    own = max((count for count, _ in counts), default=0)
    full = max(most or own, 1)
    bars = tuple(
        Bar(
            place * 4.0, round(24 - max(24 * count / full, 1.5), 2), 3.0,
            round(max(24 * count / full, 1.5), 2), f"week of {week.isoformat()}", count, rank,
        )
        for place, (week, (count, rank)) in enumerate(zip(shown, counts, strict=True))
        if count
    )  # fmt: skip
    return Spark(bars, sum(count for count, _ in counts), own, counts[-1][0])


def _unit(first: date, last: date) -> str:
    span = (last - first).days
    if span <= _DAYS_BY_DAY:
        return "day"
    return "week" if span <= _DAYS_BY_WEEK else "month"


def _starts(first: date, last: date, unit: str) -> list[date]:
    if unit == "day":  # a week at least: one bar as wide as the page tells nothing
        first = min(first, last - timedelta(days=13))
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if unit == "week":
        monday = first - timedelta(days=first.weekday())
        return [monday + timedelta(weeks=n) for n in range((last - monday).days // 7 + 1)]
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(n // 12, n % 12 + 1, 1) for n in months]


def _summed(
    counts: Mapping[date, tuple[int, int]], starts: Sequence[date]
) -> list[tuple[int, int]]:
    sums = [(0, 0)] * len(starts)
    place = 0
    for day, (count, rank) in sorted(counts.items()):
        while place + 1 < len(starts) and starts[place + 1] <= day:
            place += 1
        sums[place] = (sums[place][0] + count, max(sums[place][1], rank))
    return sums


def _dots(
    events: Sequence[tuple[date, str, bool]], starts: Sequence[date], step: float, last: date
) -> tuple[Dot, ...]:
    dots: list[Dot] = []
    taken: dict[int, int] = {}
    place = 0
    for day, words, grave in sorted(events):
        if not starts[0] <= day <= last:
            continue
        while place + 1 < len(starts) and starts[place + 1] <= day:
            place += 1
        row = taken.get(place, 0)
        taken[place] = row + 1
        if row > 1:
            continue  # two dots a place; the table below tells the rest
        x = LEFT + (place + 0.5) * step
        dots.append(Dot(round(x, 2), HEIGHT - BOTTOM + 9 + row * 9, words, grave))
    return tuple(dots)


def _ticks(starts: Sequence[date], step: float, unit: str) -> tuple[tuple[float, str], ...]:
    every = max(1, -(-len(starts) // _MOST_TICKS))
    shape = "%d %b" if unit == "day" else "%b %Y"
    return tuple(
        (round(LEFT + (place + 0.5) * step, 2), start.strftime(shape).lstrip("0"))
        for place, start in enumerate(starts)
        if place % every == 0
    )


def _bucket(start: date, unit: str) -> str:
    if unit == "month":
        return f"{start:%B %Y}"
    return f"{'week of ' if unit == 'week' else ''}{start.day} {start:%b %Y}"


def _round_up(most: int) -> int:
    """Return the next number that halves well: the top of the axis."""
    for step in (1, 2, 4, 6, 8, 10, 20, 40, 60, 80, 100, 200, 400, 600, 800, 1000):
        if most <= step:
            return step
    return -(-most // 1000) * 1000


def _day(value: object) -> date:
    assert isinstance(value, date)  # noqa: S101 - a column of days
    return value


def _int(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 - a column of counts
    return value
