"""Where the marks of a chart go: plain geometry, which the templates draw as SVG or bars."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from linker.report.figures import bits, counted, edge
from linker.report.run_report import EntityTypeReport

WIDTH: Final = 720.0
HEIGHT: Final = 300.0
LEFT, RIGHT, TOP, BOTTOM = 70.0, 14.0, 46.0, 46.0
LEAST_SPAN: Final = 1e-6
"""Values that lie nearer to each other than this are drawn as one."""
TICKS: Final = 6
"""About how many numbers an axis has."""


@dataclass(frozen=True)
class Tick:
    """A number of an axis and where it stands."""

    at: float
    label: str


@dataclass(frozen=True)
class Column:
    """A column of a histogram; `title` says in words what it stands for."""

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True)
class Threshold:
    """A threshold: a line at `x`, its label at `label_y` with SVG's text anchor `anchor`."""

    name: str
    x: float
    label_x: float
    label_y: float
    anchor: str
    label: str


@dataclass(frozen=True)
class Histogram:
    """A histogram of match weights, in units of its view box.

    `link_x` parts the links from the possible links; `described` is the chart in words.
    """

    columns: tuple[Column, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    thresholds: tuple[Threshold, ...]
    link_x: float
    described: str
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM


@dataclass(frozen=True)
class DivergingScale:
    """A scale of bits for bars around zero; all places are in percent of its width."""

    low: float
    high: float
    ticks: tuple[Tick, ...]

    def at(self, weight: float) -> float:
        """Return the place of a weight in bits."""
        return round(100 * (weight - self.low) / (self.high - self.low), 2)

    def left(self, weight: float, other: float = 0.0) -> float:
        """Return where the bar between two weights begins; from zero unless given."""
        return self.at(min(weight, other))

    def length(self, weight: float, other: float = 0.0) -> float:
        """Return how long the bar between two weights is; from zero unless given."""
        return round(abs(self.at(weight) - self.at(other)), 2)


def diverging_scale(weights: Iterable[float]) -> DivergingScale:
    """Return a scale that holds zero and every weight, its ends on whole steps."""
    low, high = ends([0.0, *weights])
    step = step_of(high - low)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    scale = DivergingScale(low, high, ())
    ticks = tuple(Tick(scale.at(value), edge(value)) for value in steps(low, high, step))
    return DivergingScale(low, high, ticks)


def histogram(report: EntityTypeReport) -> Histogram | None:
    """Return the histogram of match weights with both thresholds, None where no pair was kept."""
    bins = report.weights
    if not any(found.pairs for found in bins):
        return None
    edges = [value for found in bins for value in (found.from_, found.to)]
    low, high = ends([*edges, report.link_weight, report.review_weight])
    most = max(found.pairs for found in bins)
    step = max(1, int(step_of(most)))
    top = math.ceil(most / step) * step

    def x(weight: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (weight - low) / (high - low), 2)

    def y(pairs: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * pairs / top, 2)

    columns = tuple(
        Column(
            x=x(found.from_),
            y=y(found.pairs),
            width=round(max(x(found.to) - x(found.from_) - 1, 0.5), 2),
            height=round(y(0) - y(found.pairs), 2),
            title=f"{edge(found.from_)} to {edge(found.to)} bits: "
            + counted(found.pairs, "pair", "pairs"),
        )
        for found in bins
        if found.pairs
    )
    fullest = max(bins, key=lambda found: found.pairs)
    return Histogram(
        columns=columns,
        x_ticks=tuple(
            Tick(x(value), edge(value)) for value in steps(low, high, step_of(high - low))
        ),
        y_ticks=tuple(Tick(y(value), f"{int(value):,}") for value in steps(0, top, step)),
        thresholds=(
            _threshold("review", report.review_weight, x(report.review_weight), row=0),
            _threshold("link", report.link_weight, x(report.link_weight), row=1),
        ),
        link_x=x(report.link_weight),
        described=(
            f"Kept pairs by match weight, from {edge(low)} to {edge(high)} bits. Most pairs, "
            f"{fullest.pairs:,}, lie from {edge(fullest.from_)} to {edge(fullest.to)} bits. The "
            f"review threshold is at {bits(report.review_weight)} bits, the link threshold at "
            f"{bits(report.link_weight)} bits."
        ),
    )


def _threshold(name: str, weight: float, x: float, row: int) -> Threshold:
    """Put the label beside the line, on the side that has room, in a row of its own."""
    has_room = x < LEFT + 0.7 * (WIDTH - LEFT - RIGHT)
    return Threshold(
        name=name,
        x=x,
        label_x=x + 5 if has_room else x - 5,
        label_y=14.0 + 18.0 * row,
        anchor="start" if has_room else "end",
        label=f"{name} threshold {bits(weight)}",
    )


def ends(values: Iterable[float]) -> tuple[float, float]:
    """Return the lowest and the highest value, apart from each other."""
    known = list(values)
    low, high = min(known), max(known)
    return (low, high) if high - low > LEAST_SPAN else (low - 1.0, high + 1.0)


def step_of(span: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten that gives few enough ticks."""
    unit = 10.0 ** math.floor(math.log10(span / TICKS))
    return next(unit * step for step in (1, 2, 5, 10) if span <= unit * step * TICKS)


def steps(low: float, high: float, step: float) -> list[float]:
    """Return the whole steps between two values, ends included."""
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [step * place for place in range(first, last + 1)]
