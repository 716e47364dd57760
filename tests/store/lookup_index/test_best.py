"""The candidates whose shared keys tell the most, chosen among many that share some."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from linker.store.lookup_index.index import best_of


@given(
    gained=st.lists(st.sampled_from([1.0, 2.0, 3.0, 70_000.0, 1e9]), max_size=60),
    most=st.integers(1, 40),
    seed=st.integers(0, 1_000),
)
def test_the_best_are_those_of_a_whole_order(gained: list[float], most: int, seed: int) -> None:
    """They are the first of all put in order, by what they gained and then by their number."""
    mentions = np.random.default_rng(seed).permutation(len(gained)).astype(np.int32)
    told = np.array(gained, dtype=np.float64)
    expected = np.lexsort((mentions, -told))[:most]
    assert best_of(mentions, told, most).tolist() == mentions[expected].tolist()
