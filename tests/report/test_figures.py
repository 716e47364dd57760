"""Numbers in words, and the geometry of charts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.report import figures
from linker.report.charts import diverging_scale, histogram
from linker.report.run_report import EntityTypeReport, RunReport


@pytest.mark.parametrize(
    ("write", "value", "written"),
    [
        (figures.percent, 0, "0%"),
        (figures.percent, 0.0004, "under 0.1%"),
        (figures.percent, 0.123, "12.3%"),
        (figures.percent, 0.99996, "over 99.9%"),
        (figures.percent, 1, "100%"),
        (figures.bits, -0.04, "0.0"),
        (figures.bits, 12.34, "+12.3"),
        (figures.bits, -3.06, "−3.1"),
        (figures.edge, -0.0001, "0"),
        (figures.edge, -2.5, "−2.5"),
        (figures.seconds, 0.421, "0.42 s"),
        (figures.seconds, 1204.51, "1,204.5 s"),
        (figures.probability, 1.0, "1"),
        (figures.probability, 0.9999, "over 0.999"),
        (figures.probability, 0.76, "0.760"),
        (figures.probability, 1.234e-6, "1.23 × 10⁻⁶"),
        (figures.one_in, 0.9, "1.1"),
        (figures.one_in, 0.5, "2"),
        (figures.one_in, 8.1e-7, "1,234,568"),
        (figures.day, dt.date(2026, 12, 9), "9 December 2026"),
        (figures.moment, "2026-03-01T02:00:05Z", "1 March 2026, 02:00:05 UTC"),
        (figures.spaced, "fbi_number", "FBI number"),
        (figures.capitalised, "FBI number", "FBI number"),
    ],
)
def test_numbers_are_written_for_people(
    write: Callable[[Any], str], value: object, written: str
) -> None:
    """Each kind of number is written as a person reads it, and rounding hides no extreme."""
    assert write(value) == written


@pytest.mark.parametrize(("number", "words"), [(0, "0 rows"), (1, "1 row"), (1204, "1,204 rows")])
def test_nouns_follow_their_number(number: int, words: str) -> None:
    """A count comes with its noun in the singular only for 1."""
    assert figures.counted(number, "row", "rows") == words


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_widths_keep_the_order(number: int, other: int) -> None:
    """A longer bar never stands for a smaller number; only 0 has no bar; the most fills it."""
    most = max(number, other)
    for scale in (figures.width, figures.log_width):
        widths = float(scale(number, most)), float(scale(other, most))
        assert (widths[0] <= widths[1]) == (number <= other) or widths[0] == widths[1]
        assert all(
            (width > 0) == (value > 0) for width, value in zip(widths, (number, other), strict=True)
        )
        assert max(widths) == (100 if most else 0)


@given(st.lists(st.floats(-80, 80), max_size=8))
def test_a_scale_of_bits_holds_every_weight(weights: list[float]) -> None:
    """Zero and every weight lie on the scale, whose ticks are few, in order and include zero."""
    scale = diverging_scale(weights)
    assert all(0 <= scale.at(weight) <= 100 for weight in (0.0, *weights))
    assert "0" in [tick.label for tick in scale.ticks]
    places = [tick.at for tick in scale.ticks]
    assert places == sorted(places)
    assert 2 <= len(places) <= 9


def people(report: RunReport, **changes: object) -> EntityTypeReport:
    return EntityTypeReport.model_validate(
        {**report.model_dump(mode="json")["entity_types"]["person"], **changes}
    )


@given(
    counts=st.lists(st.integers(0, 10**10), min_size=1, max_size=40),
    first=st.integers(-20, 20),
    review=st.floats(-20, 10),
    gap=st.floats(0, 30),
)
def test_the_histogram_stays_in_its_frame(
    counts: list[int], first: int, review: float, gap: float, run_report: RunReport
) -> None:
    """Columns and thresholds lie within the frame, columns as high as their pairs demand."""
    bins = [{"from": first + n, "to": first + n + 1, "pairs": p} for n, p in enumerate(counts)]
    chart = histogram(
        people(run_report, weights=bins, review_weight=review, link_weight=review + gap)
    )
    if not any(counts):
        assert chart is None
        return
    assert chart is not None
    assert len(chart.columns) == sum(count > 0 for count in counts)
    for column in chart.columns:
        assert chart.left - 0.01 <= column.x
        assert column.x + column.width <= chart.right + 0.51
        assert chart.top - 0.01 <= column.y
        assert column.y + column.height == pytest.approx(chart.bottom)
    heights = [column.height for column in chart.columns]
    pairs = [count for count in counts if count]
    fullest = pairs.index(max(pairs))
    for height, count in zip(heights, pairs, strict=True):
        assert height == pytest.approx(heights[fullest] * count / pairs[fullest], abs=0.02)
    assert [threshold.name for threshold in chart.thresholds] == ["review", "link"]
    assert chart.left <= chart.thresholds[0].x <= chart.thresholds[1].x <= chart.right
    assert chart.link_x == chart.thresholds[1].x


def test_a_bin_without_width_can_be_seen(run_report: RunReport) -> None:
    """A bin so narrow that its rounded edges are equal still has a column, also on a threshold."""
    bins = [{"from": 4.2, "to": 4.2, "pairs": 7}]
    chart = histogram(people(run_report, weights=bins, review_weight=4.2, link_weight=4.2))
    assert chart is not None
    assert chart.columns[0].width > 0
    assert chart.columns[0].height > 0


def test_thresholds_stand_between_the_right_columns(run_report: RunReport) -> None:
    """The link threshold stands right of what is below it and left of what is above it."""
    chart = histogram(people(run_report))
    assert chart is not None
    below, above = chart.columns
    assert chart.thresholds[0].x == below.x
    assert below.x + below.width < chart.link_x < above.x
