"""Tests of mapping a column by its distinct values."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from linker.standardise.uniques import map_uniques, map_uniques_to_columns

TEXTS = st.lists(st.none() | st.sampled_from(["a", "bb", "ccc", "", "x"]), max_size=6)


def test_each_distinct_value_is_mapped_once() -> None:
    """A function is called once for each distinct value, however many rows hold it."""
    calls: list[str] = []

    def length(text: str) -> int:
        calls.append(text)
        return len(text)

    values = pl.Series("word", ["a", "bb", None, "a"] * 1000)
    mapped = map_uniques(values, length, pl.Int32())
    assert sorted(calls) == ["a", "bb"]
    assert mapped.name == "word"
    assert mapped.to_list() == [1, 2, None, 1] * 1000


@given(TEXTS, st.sampled_from([1, 50]))
def test_rows_keep_their_order_and_nulls(texts: list[str | None], times: int) -> None:
    """Every row has what its own value maps to, in few rows and in many; null stays null."""
    values = pl.Series("word", texts * times, dtype=pl.String)
    expected = [None if text is None else text.upper() for text in texts] * times
    assert map_uniques(values, str.upper, pl.String()).to_list() == expected
    both = map_uniques_to_columns(values, lambda text: (text.upper(), None), ["upper", "none"])
    assert both["upper"].to_list() == expected
    assert both["none"].null_count() == len(expected)
