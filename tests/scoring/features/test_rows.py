"""Some rows of packed mentions: packed by themselves, joined, and unpacked."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from linker.schemas import PERSON
from linker.scoring.features.pack import append, arrow, join, pack, pack_frame
from linker.scoring.features.rows import some_rows, unpacked
from tests.scoring.features.decoding import decoded
from tests.scoring.features.test_pack import COLUMNS, LAYOUT, ROWS, frame, holds_together

NUMBERS = st.lists(st.integers(0, 7), max_size=10)


def chosen(rows: list[dict[str, Any]], numbers: list[int]) -> list[int]:
    return [number % len(rows) for number in numbers] if rows else []


@given(ROWS, NUMBERS, st.integers(1, 3))
def test_some_rows_are_what_packing_those_mentions_alone_gives(
    rows: list[dict[str, Any]], numbers: list[int], threads: int
) -> None:
    """Rows taken from packed mentions hold the same values, in the order asked, and no others."""
    wanted = chosen(rows, numbers)
    part = some_rows(pack_frame(frame(rows), LAYOUT), np.array(wanted, dtype=np.int64), threads)
    holds_together(part, LAYOUT)
    alone = pack_frame(frame([rows[number] for number in wanted]), LAYOUT)
    assert decoded(part) == decoded(alone)
    assert len(part.owner) == len(alone.owner)


@given(ROWS, ROWS, NUMBERS, st.integers(1, 2))
def test_rows_that_are_joined_share_the_codes_of_equal_strings(
    first: list[dict[str, Any]], second: list[dict[str, Any]], numbers: list[int], threads: int
) -> None:
    """Joining two parts gives what packing them together gives: equal strings, one code."""
    wanted = chosen(first, numbers)
    part = some_rows(pack_frame(frame(first), LAYOUT), np.array(wanted, dtype=np.int64))
    both = join(part, pack_frame(frame(second), LAYOUT), threads)
    holds_together(both, LAYOUT)
    together = pack_frame(frame([*(first[number] for number in wanted), *second]), LAYOUT)
    assert decoded(both) == decoded(together)
    assert len(both.owner) == len(together.owner)
    assert decoded(both) == decoded(append(part, frame(second)))


@given(ROWS)
def test_unpacking_gives_back_every_value(rows: list[dict[str, Any]]) -> None:
    """What is packed with repeated values is unpacked as it was, missing values of lists aside."""
    mentions = frame(rows)
    packed = pack(lambda name: arrow(mentions[name]), LAYOUT, repeats=True)
    found = unpacked(packed, COLUMNS, PERSON)
    kept = mentions.with_columns(pl.col(pl.List).list.drop_nulls())
    assert found.to_dicts() == kept.to_dicts()
    assert found.schema == kept.schema
