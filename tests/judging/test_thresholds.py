"""Precision and recall of links over thresholds."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.judging.thresholds import HIGHEST_WEIGHT, LEAST_WEIGHT, curve_of
from linker.model import Thresholds

IN_USE = Thresholds(link=0.95, review=0.5, identity_floor=3.0)
halves = st.integers(-60, 120).map(lambda number: number / 4)


@given(st.lists(st.tuples(halves, halves, st.booleans(), st.booleans()), max_size=20))
def test_the_curve_counts_links(rows: list[tuple[float, float, bool, bool]]) -> None:
    """At each threshold the links are those that reach it and the floor, or are confirmed."""
    pairs = pl.DataFrame(
        rows,
        schema={
            "match_weight": pl.Float64,
            "identity_weight": pl.Float64,
            "confirmed": pl.Boolean,
            "is_match": pl.Boolean,
        },
        orient="row",
    )
    curve = curve_of(pairs, 30, IN_USE)
    assert (curve[0].weight, curve[-1].weight) == (LEAST_WEIGHT, HIGHEST_WEIGHT)
    for point in curve[::6]:
        links = [
            match
            for weight, identity, confirmed, match in rows
            if confirmed or (weight >= point.weight and identity >= 3.0)
        ]
        right = sum(links)
        assert point.recall == pytest.approx(right / 30, abs=1e-8)
        assert point.precision == pytest.approx(right / len(links) if links else 1.0, abs=1e-8)
        assert 0 < point.probability < 1
