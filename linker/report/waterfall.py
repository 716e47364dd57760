"""A waterfall of evidence as SVG for pages, and as lines of text for terminals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Final

from linker.evidence.waterfall import Step, StepKind, Waterfall
from linker.report.charts import WIDTH, Threshold, Tick, diverging_scale
from linker.report.figures import bits

LEFT, RIGHT, TOP, BOTTOM = 190.0, 110.0, 44.0, 40.0
ROW: Final = 28.0
"""How high a row is."""
BAR: Final = 16.0
"""How high its bar is."""
LEAST_BAR: Final = 1.5
"""How wide a bar is at least, so that it can be seen."""
AGAINST: Final = "#c25a00"
COLOURS: Final = {"prior": "#6b7784", "for": "#2b6fb8", "against": AGAINST, "total": "#6b7784"}
"""What stands out from light and from dark pages alike, by 3 to 1 at least."""


@dataclass(frozen=True)
class Row:
    """A bar of the chart with its label and its number, in units of the view box.

    `next_x` is where the next bar begins: a thin line leads there.
    """

    kind: StepKind
    label: str
    value: str
    title: str
    y: float
    x: float
    width: float
    next_x: float | None


@dataclass(frozen=True)
class WaterfallChart:
    """Where the marks of a waterfall go; `described` is the chart in words."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    thresholds: tuple[Threshold, ...]
    zero: float
    described: str
    height: float
    width: float = WIDTH
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    row: float = ROW
    bar: float = BAR

    @property
    def bottom(self) -> float:
        """Where the rows end and the axis begins."""
        return self.height - BOTTOM


def waterfall_chart(found: Waterfall) -> WaterfallChart:
    """Return where the marks of a waterfall go."""
    lines = {"review": found.review, "link": found.link}
    known = {name: weight for name, weight in lines.items() if weight is not None}
    ends = [end for step in found.steps for end in (step.start, step.end)]
    scale = diverging_scale([*ends, *known.values()])

    def x(weight: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * scale.at(weight) / 100, 2)

    steps = found.steps
    return WaterfallChart(
        rows=tuple(
            _row(step, place, place + 1 < len(steps), x) for place, step in enumerate(steps)
        ),
        ticks=tuple(
            Tick(round(LEFT + (WIDTH - LEFT - RIGHT) * tick.at / 100, 2), tick.label)
            for tick in scale.ticks
        ),
        thresholds=tuple(
            _threshold(name, weight, x(weight), place)
            for place, (name, weight) in enumerate(known.items())
        ),
        zero=x(0),
        described=found.described,
        height=TOP + ROW * len(steps) + BOTTOM,
    )


def waterfall_svg(
    found: Waterfall, chart_id: str, title: str = "How the weight comes about"
) -> str:
    """Return a waterfall as an SVG element, to stand in a page as it is; its texts are escaped.

    It has no script and no style sheet: its colours are attributes, which a page's own rules for
    the classes `for`, `against`, `prior` and `total` of ``.waterfall`` outrank. It is written here
    and not by a template, since a page may show fifty of them.

    Args:
        found: The steps.
        chart_id: Begins the ids within the element; each chart of a page needs its own.
        title: The chart's name.
    """
    chart = waterfall_chart(found)
    name, words, hatched = (f"{chart_id}-{part}" for part in ("title", "words", "hatched"))
    inside = [
        _element("title", title, id=name),
        _element("desc", chart.described, id=words),
        _hatching(hatched),
        *(_tick(tick, chart) for tick in chart.ticks),
        _upright(chart.zero, chart.top, chart.bottom, stroke="currentColor"),
        *(_bar(row, chart, hatched) for row in chart.rows),
        *(_limit(limit, chart) for limit in chart.thresholds),
        _text(chart.right, chart.height - 6, "match weight in bits", "end"),
    ]
    return _element(
        "svg",
        _Markup("\n".join(["", *inside, ""])),
        class_="waterfall",
        role="img",
        aria_labelledby=f"{name} {words}",
        viewBox=f"0 0 {chart.width:g} {chart.height:g}",
        font_family="system-ui, sans-serif",
        font_size="13",
        fill="currentColor",
    )


def _row(step: Step, place: int, has_next: bool, x: Callable[[float], float]) -> Row:
    first, last = sorted((x(step.start), x(step.end)))
    side = f" {step.kind}" if step.kind in {"for", "against"} else ""
    said = f": {step.words}" if step.words else ""
    return Row(
        kind=step.kind,
        label=step.label,
        value=f"{bits(step.weight)}{side}",
        title=f"{step.label}, {bits(step.weight)} bits{said}",
        y=TOP + ROW * place,
        x=first,
        width=max(round(last - first, 2), LEAST_BAR),
        next_x=x(step.end) if has_next else None,
    )


def _threshold(name: str, weight: float, x: float, row: int) -> Threshold:
    """Put the label right of the line, where the column of numbers leaves room above itself."""
    return Threshold(
        name=name,
        x=x,
        label_x=x + 5,
        label_y=14.0 + 18.0 * row,
        anchor="start",
        label=f"{name} from {bits(weight)}",
    )


class _Markup(str):
    """Text that is markup already, and not to be escaped."""

    __slots__ = ()


_Value = str | float


def _element(tag: str, content: str = "", **attributes: _Value) -> _Markup:
    """Return an element; an underscore in an attribute's name stands for a hyphen."""
    said = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
    )
    inside = content if isinstance(content, _Markup) else escape(content)
    return _Markup(f"<{tag}{said}>{inside}</{tag}>" if inside else f"<{tag}{said}/>")


def _text(x: float, y: float, content: str, anchor: str, **more: _Value) -> _Markup:
    return _element("text", content, x=x, y=y, text_anchor=anchor, **more)


def _upright(x: float, top: float, bottom: float, **more: _Value) -> _Markup:
    return _element("line", "", x1=x, x2=x, y1=top, y2=bottom, **more)


def _hatching(pattern_id: str) -> _Markup:
    """Return the pattern of what speaks against, so that colour does not tell it alone."""
    ground = _element("rect", "", width=6, height=6, fill=AGAINST)
    stripe = _element("rect", "", width=2, height=6, fill="#ffffff")
    return _element(
        "pattern",
        _Markup(ground + stripe),
        id=pattern_id,
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def _tick(tick: Tick, chart: WaterfallChart) -> _Markup:
    line = _upright(tick.at, chart.top, chart.bottom, stroke="#8a949e", stroke_opacity=0.45)
    return _Markup(line + _text(tick.at, chart.bottom + 16, tick.label, "middle"))


def _bar(row: Row, chart: WaterfallChart, hatched: str) -> _Markup:
    colour = COLOURS[row.kind]
    bar = _element(
        "rect",
        "",
        x=row.x,
        y=row.y + 6,
        width=row.width,
        height=chart.bar,
        fill=f"url(#{hatched})" if row.kind == "against" else colour,
        stroke=colour,
    )
    weight = 600 if row.kind == "total" else 400
    label = _text(chart.left - 12, row.y + 18, row.label, "end", font_weight=weight)
    value = _text(chart.width - 4, row.y + 18, row.value, "end", font_weight=weight)
    lead = ""
    if row.next_x is not None:
        top, bottom = row.y + 6 + chart.bar, row.y + 6 + chart.row
        lead = _upright(row.next_x, top, bottom, stroke="currentColor", stroke_opacity=0.6)
    title = _element("title", row.title)
    return _element("g", _Markup(title + label + bar + value + lead), class_=row.kind)


def _limit(limit: Threshold, chart: WaterfallChart) -> _Markup:
    line = _upright(
        limit.x,
        limit.label_y - 10,
        chart.bottom,
        class_=limit.name,
        stroke="currentColor",
        stroke_width=1.5,
        stroke_dasharray="5 4" if limit.name == "review" else "none",
    )
    return _Markup(line + _text(limit.label_x, limit.label_y, limit.label, limit.anchor))
