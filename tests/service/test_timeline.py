"""Investigations on a line of time."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from linker.service.pages.timeline import WIDTH, time_line

DAYS = st.dates(dt.date(1970, 1, 1), dt.date(2030, 12, 31)).map(dt.date.isoformat) | st.none()
ROWS = st.fixed_dictionaries(
    {"agency": st.just("HSI"), "unit": st.none(), "case_id": st.none(), "opened": DAYS}
    | {"closed": DAYS, "class": st.just("PRIOR")}
)


@given(rows=st.lists(ROWS, max_size=8), as_of=st.dates(dt.date(1980, 1, 1), dt.date(2030, 1, 1)))
def test_every_mark_is_on_the_chart(rows: list[dict[str, str | None]], as_of: dt.date) -> None:
    """Bars, ticks and labels lie within the chart; what has no sound dates is counted instead."""
    chart = time_line(rows, as_of.isoformat())
    sound = [
        row
        for row in rows
        if row["opened"] and (row["closed"] is None or row["closed"] >= row["opened"])
    ]
    if not sound:
        assert chart is None
        return
    assert chart is not None
    assert len(chart.bars) == len(sound)
    assert chart.undated == len(rows) - len(sound)
    assert 1 <= len(chart.ticks) <= 9
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 4
        assert 0 <= bar.label_x <= WIDTH
        assert bar.y < chart.height
    assert 0 <= chart.as_of_x <= WIDTH


def test_an_investigation_in_words() -> None:
    """The chart is told in words to those who do not see it."""
    rows = [
        {
            "agency": "HSI",
            "unit": "Laredo",
            "case_id": "H-1",
            "opened": "2025-01-10",
            "closed": None,
        },
        {
            "agency": None,
            "unit": None,
            "case_id": None,
            "opened": "2023-02-01",
            "closed": "2024-03-01",
        },
        {"agency": "DEA", "unit": None, "case_id": None, "opened": None, "closed": None},
    ]
    chart = time_line(rows, "2026-06-30")
    assert chart is not None
    assert chart.described == (
        "unknown: opened 1 February 2023, to 1 March 2024; "
        "HSI, Laredo H-1: opened 10 January 2025, not closed."
    )
    assert chart.undated == 1
