"""Keys of single values and of records."""

from __future__ import annotations

import polars as pl
from hypothesis import strategies as st

from linker.blocking.values import joint_keys, record_keys

TEXT = st.none() | st.sampled_from(["a", "b", "ab"])


def pairs_of(keys: list[int], rows: list[int]) -> set[tuple[int, int]]:
    """The pairs of rows that share a key."""
    held = list(zip(keys, rows, strict=True))
    return {
        (one, other) for key, one in held for same, other in held if key == same and one < other
    }


def test_records_differ_in_source_or_record_id() -> None:
    """A record's key tells apart what only looks alike when put together."""
    frame = pl.DataFrame({"source": ["a", "ab", "a", "a"], "record_id": ["bc", "c", "b", "bc"]})
    keys = record_keys(frame).tolist()
    assert len(set(keys)) == 3
    assert keys[0] == keys[3]


def test_a_row_that_lacks_a_text_has_no_joint_key() -> None:
    """Only rows that have all columns have a key of them."""
    frame = pl.DataFrame({"source": ["a", None, "b"], "record_id": ["x", "y", None]})
    assert joint_keys(frame, ("source", "record_id"))[1].tolist() == [0]
