"""Pairs out of runs of which only some members are new."""

from __future__ import annotations

import numpy as np
import pytest

from linker.blocking.new_pairs import MOST_NUMBERS, NewRuns, distinct_pairs
from linker.errors import StoreError


def runs(*members: list[int], anew: list[int]) -> NewRuns:
    """Runs, and from which place within each members pair anew."""
    starts = np.cumsum([0, *map(len, members)]).astype(np.int64)
    return np.concatenate(members).astype(np.int32), starts, starts[:-1] + np.array(anew)


def test_new_members_pair_with_all_before_them_once() -> None:
    """Each pair comes once, under the lowest rule that has it; old members do not pair anew."""
    found = [
        (200, runs([1, 2, 9], anew=[2])),
        (3, runs([2, 9], [7, 8, MOST_NUMBERS - 1], anew=[1, 1])),
    ]
    left, right, rule = distinct_pairs(found, MOST_NUMBERS)
    last = MOST_NUMBERS - 1
    assert list(zip(left.tolist(), right.tolist(), rule.tolist(), strict=True)) == [
        (1, 9, 200),
        (2, 9, 3),
        (7, 8, 3),
        (7, last, 3),
        (8, last, 3),
    ]


def test_no_runs_make_no_pairs() -> None:
    """Nothing comes of nothing."""
    assert [len(column) for column in distinct_pairs([], 5)] == [0, 0, 0]


def test_more_numbers_than_fit_are_refused() -> None:
    """Where numbers have grown too large to pair, the way out is a run that numbers anew."""
    with pytest.raises(StoreError, match="run linker link --full"):
        distinct_pairs([], MOST_NUMBERS + 1)
