"""Pairs out of runs of which only some members are new, each once, under the first rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from linker.blocking.hashing import Bytes, Int32s, Int64s, UInt64s
from linker.compiled import compiled_once
from linker.errors import StoreError

NewRuns = tuple[Int32s, Int64s, Int64s]
"""Members of runs, ascending within each; where each run starts and the last one ends; and where
the members of each start that make a pair with every member before them."""

_RULE_BITS: Final = 8
_NUMBER_BITS: Final = 28
MOST_NUMBERS: Final = 1 << _NUMBER_BITS
"""Two mentions and a rule fit into 64 bits up to so many numbers of mentions."""


def distinct_pairs(
    found: Sequence[tuple[int, NewRuns]], total: int
) -> tuple[Int32s, Int32s, Bytes]:
    """Return the pairs that runs make anew, each once.

    Args:
        found: The number of a rule, and runs of its keys.
        total: How many numbers of mentions there are.

    Returns:
        The lower number of each pair, ascending, the higher, and the lowest rule that has it.

    Raises:
        StoreError: There are too many numbers.
    """
    if total > MOST_NUMBERS:
        raise StoreError(
            f"{total:,} numbers of mentions have been given out, more than the {MOST_NUMBERS:,} "
            "that an increment can pair; run linker link --full"
        )
    made = [np.empty(0, dtype=np.uint64), *(_made(*runs, rule) for rule, runs in found)]
    codes = np.sort(np.concatenate(made))
    pairs = codes >> np.uint64(_RULE_BITS)
    first = np.ones(len(codes), dtype=np.bool_)
    first[1:] = pairs[1:] != pairs[:-1]
    codes, pairs = codes[first], pairs[first]
    return (
        (pairs >> np.uint64(_NUMBER_BITS)).astype(np.int32),
        (pairs & np.uint64(MOST_NUMBERS - 1)).astype(np.int32),
        (codes & np.uint64((1 << _RULE_BITS) - 1)).astype(np.uint8),
    )


@compiled_once
def _made(members: Int32s, starts: Int64s, anew: Int64s, rule: int) -> UInt64s:
    """Return the new pairs of some runs: left, right and rule in one number."""
    count = 0
    for run in range(len(anew)):
        for later in range(anew[run], starts[run + 1]):
            count += later - starts[run]
    codes = np.empty(count, dtype=np.uint64)
    filled = 0
    for run in range(len(anew)):
        for later in range(anew[run], starts[run + 1]):
            low = np.uint64(members[later]) << np.uint64(_RULE_BITS) | np.uint64(rule)
            for earlier in range(starts[run], later):
                left = np.uint64(members[earlier])
                codes[filled] = left << np.uint64(_NUMBER_BITS + _RULE_BITS) | low
                filled += 1
    return codes
