"""Figures and their intervals; how well these cover is tested with the benchmarks' scoreboard."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linker.judging.intervals import FIGURES, PARTS, judged_figures, record_parts
from linker.training.metrics import measure

ids = st.sampled_from(["a", "b", "c", "d"])


@given(st.lists(st.tuples(ids, ids | st.none()), min_size=1, max_size=12))
def test_the_figures_are_those_of_the_measure(rows: list[tuple[str, str | None]]) -> None:
    """Sums over true entities give what counting pairs gives, and lie in their intervals."""
    records = pl.DataFrame(
        rows, schema={"true_id": pl.String, "entity_id": pl.String}, orient="row"
    )
    found = judged_figures(record_parts(records.with_columns(unit="true_id")))
    numbered = records.with_row_index("record_id").with_columns(
        pl.col("record_id").cast(pl.String), source=pl.lit("s")
    )
    wanted = measure(numbered.drop_nulls("entity_id").drop("true_id"), numbered.drop("entity_id"))
    for name in FIGURES:
        value, low, high = getattr(found, name)
        assert value == pytest.approx(getattr(wanted, name), abs=1e-8)
        assert 0 <= low <= value <= high <= 1


def test_pairs_have_no_b_cubed_figures() -> None:
    """Where only pairs are known, figures of records are left out."""
    rows = pl.DataFrame({"unit": [1, 2, 2], **dict.fromkeys(PARTS, 0.0)}).with_columns(
        both=pl.Series([1.0, 0.0, 1.0]), predicted=pl.lit(1.0), true=pl.lit(1.0)
    )
    found = judged_figures(rows)
    assert found.pairwise_recall[0] == pytest.approx(2 / 3)
    assert found.b3_f1 is None
