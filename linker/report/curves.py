"""Where the points of a line chart go: plain geometry, which the templates draw as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from linker.report.charts import Tick, ends, step_of, steps
from linker.report.figures import edge

WIDTH: Final = 720.0
HEIGHT: Final = 300.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 118.0, 20.0, 46.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A line through points; `style` is the class that draws it, so that no line is told by colour.

    Attributes:
        name: What it is, written at its end.
        style: ``first``, ``second`` or ``third``: whole, dashed, dotted.
        points: As SVG takes them.
        end: Where the name stands.
        dots: Places of the single points, with what each says.
    """

    name: str
    style: str
    points: str
    end: Point
    dots: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True)
class LineChart:
    """Lines over one axis, in units of its view box; `described` is the chart in words."""

    lines: tuple[Line, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    x_name: str
    y_name: str
    described: str
    title: str
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Axis:
    """An axis: its name, and its ends where the data do not decide them."""

    name: str
    low: float | None = None
    high: float | None = None


def line_chart(
    title: str,
    described: str,
    lines: Sequence[tuple[str, str, Sequence[Point]]],
    axes: tuple[Axis, Axis],
    marks: Sequence[tuple[float, str]] = (),
) -> LineChart | None:
    """Return a chart of lines whose y is a share between 0 and 1; None where there is no point.

    Args:
        title: Its name.
        described: It in words.
        lines: Of each its name, its style and its points.
        axes: That of x and that of y.
        marks: Places on the axis of x that are marked, with their names.
    """
    xs = [x for _, _, points in lines for x, _ in points]
    if not xs:
        return None
    across, _ = axes
    low, high = ends([*xs, *(place for place, _ in marks)])
    low = low if across.low is None else across.low
    high = high if across.high is None else across.high

    def at(x: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (x - low) / (high - low), 2)

    def up(y: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * min(max(y, 0.0), 1.0), 2)

    drawn = []
    for name, style, points in lines:
        placed = [(at(x), up(y)) for x, y in points]
        if placed:
            dots = tuple(
                (*place, f"{name}: {x:.3g}, {y:.3g}")
                for place, (x, y) in zip(placed, points, strict=True)
            )
            text = " ".join(f"{x},{y}" for x, y in placed)
            drawn.append(Line(name, style, text, placed[-1], dots))
    return LineChart(
        lines=_apart(drawn),
        x_ticks=tuple(
            Tick(at(value), edge(value)) for value in steps(low, high, step_of(high - low))
        ),
        y_ticks=tuple(Tick(up(value / 4), f"{25 * value}%") for value in range(5)),
        marks=tuple(Tick(at(place), name) for place, name in marks),
        x_name=axes[0].name,
        y_name=axes[1].name,
        described=described,
        title=title,
    )


def _apart(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Move the names of lines that end at nearly one place away from each other."""
    placed: list[Line] = []
    for line in sorted(lines, key=lambda one: one.end[1]):
        x, y = line.end
        if placed and y - placed[-1].end[1] < 16:  # noqa: PLR2004 - the height of a line of text
            y = placed[-1].end[1] + 16
        placed.append(Line(line.name, line.style, line.points, (x, round(y, 2)), line.dots))
    return tuple(placed)
