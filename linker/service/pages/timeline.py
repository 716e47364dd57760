"""Investigations on a line of time: plain geometry, which a template draws as SVG."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from linker.report.figures import day

WIDTH: Final = 720.0
LEFT, RIGHT = 8.0, 8.0
ROW: Final = 44.0
TOP: Final = 30.0
LEAST_BAR: Final = 4.0
"""A day is a thing one must be able to see."""
MOST_TICKS: Final = 8
LABEL_WIDTH: Final = 330.0
"""A label that would not fit to the right of where its bar begins ends where the bar ends."""


@dataclass(frozen=True)
class Tick:
    """The first day of a year, and where it stands."""

    x: float
    label: str


@dataclass(frozen=True)
class Bar:
    """An investigation's time: from `x` so wide; `is_open` where it has not ended."""

    x: float
    y: float
    width: float
    is_open: bool
    label: str
    label_x: float
    anchor: str
    words: str


@dataclass(frozen=True)
class TimeLine:
    """A chart of investigations, and those whose dates do not allow to draw them."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    as_of_x: float
    height: float
    described: str
    undated: int
    width: float = WIDTH


def time_line(investigations: Iterable[Mapping[str, Any]], as_of: str) -> TimeLine | None:
    """Return the chart of investigations that have a day of opening, None where none has.

    Args:
        investigations: As a `Hit` has them; what may not be seen is None.
        as_of: The day they were judged at; what is not closed reaches to it.
    """
    rows = list(investigations)
    until = _date(as_of) or dt.datetime.now(dt.UTC).date()
    dated = [
        (row, start, end)
        for row in rows
        if (start := _date(row.get("opened")))
        for end in [_date(row.get("closed"))]
        if end is None or end >= start
    ]
    if not dated:
        return None
    dated.sort(key=lambda item: (item[1], item[2] or until))
    first = min([until, *(start for _, start, _ in dated)])
    last = max([until, *(end or start for _, start, end in dated)])
    low, high = dt.date(first.year, 1, 1), dt.date(last.year + 1, 1, 1)
    span = (high - low).days

    def x(when: dt.date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (when - low).days / span, 1)

    bars = tuple(
        _bar(row, x(start), x(end or max(until, start)), TOP + place * ROW, is_open=end is None)
        for place, (row, start, end) in enumerate(dated)
    )
    step = -(-(high.year - low.year) // MOST_TICKS)
    ticks = tuple(
        Tick(x(dt.date(year, 1, 1)), str(year)) for year in range(low.year, high.year, step)
    )
    return TimeLine(
        bars=bars,
        ticks=ticks,
        as_of_x=x(until),
        height=TOP + len(bars) * ROW + 26.0,
        described="; ".join(bar.words for bar in bars) + ".",
        undated=len(rows) - len(dated),
    )


def _bar(row: Mapping[str, Any], start: float, end: float, y: float, *, is_open: bool) -> Bar:
    owner = ", ".join(str(row[name]) for name in ("agency", "unit") if row.get(name)) or "unknown"
    case = f" {row['case_id']}" if row.get("case_id") else ""
    opened = day(_date(row["opened"]) or dt.date.min)
    closed = _date(row.get("closed"))
    until = f"to {day(closed)}" if closed else "not closed"
    fits = start + LABEL_WIDTH < WIDTH
    return Bar(
        x=start,
        y=y,
        width=max(end - start, LEAST_BAR),
        is_open=is_open,
        label=f"{owner}{case}",
        label_x=start if fits else WIDTH - RIGHT,
        anchor="start" if fits else "end",
        words=f"{owner}{case}: opened {opened}, {until}",
    )


def _date(value: object) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None
