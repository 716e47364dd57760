"""Edit distances of texts, as far as a limit asks: the first difference tells what to try.

A text is the address of its first byte and its length. `short` says that both are at most 16
bytes and may be read as far as 33: then 16 bytes are compared at once.
"""

from __future__ import annotations

import numpy as np

from linker.compiled import compiled
from linker.scoring.functions.bits import NONE, ONE, byte, equal_16, trailing_zeros


@compiled
def edits_within(
    a: int, length_a: int, b: int, length_b: int, at_most: int, swaps: bool, short: bool
) -> bool:
    """Say whether at most so many edits make one text the other.

    An edit inserts, deletes or replaces a byte, or exchanges two neighbours if `swaps`; what was
    exchanged may be edited further (the unrestricted Damerau-Levenshtein distance).
    """
    if abs(length_a - length_b) > at_most:
        return False
    if at_most <= 1:
        return at_most >= 0 and _within_one(a, length_a, b, length_b, at_most, swaps, short)
    same = same_beginning(a, b, min(length_a, length_b), short)
    if same == min(length_a, length_b):
        return True
    a, b, length_a, length_b = a + same, b + same, length_a - same, length_b - same
    if at_most == 2:
        return _within_two(a, length_a, b, length_b, swaps, short)
    return _within_table(a, length_a, b, length_b, at_most, swaps)


@compiled
def same_beginning(a: int, b: int, shorter: int, short: bool) -> int:
    """Return how many bytes at the beginning are the same, of at most `shorter`."""
    if short:
        return min(shorter, trailing_zeros(~equal_16(a, b)))
    same = 0
    while same < shorter and byte(a + same) == byte(b + same):
        same += 1
    return same


@compiled
def _same_end(a: int, length_a: int, b: int, length_b: int) -> int:
    """Return how many bytes at the end are the same."""
    same = 0
    shorter = min(length_a, length_b)
    while same < shorter and byte(a + length_a - 1 - same) == byte(b + length_b - 1 - same):
        same += 1
    return same


@compiled
def _within_one(
    a: int, length_a: int, b: int, length_b: int, at_most: int, swaps: bool, short: bool
) -> bool:
    """Say whether the texts are equal, or one edit apart if `at_most` is 1."""
    if abs(length_a - length_b) > at_most:
        return False
    if short:
        if length_a == length_b:
            return _one_changed(a, b, length_a, at_most, swaps)
        return _one_longer(a, b, length_b) if length_a > length_b else _one_longer(b, a, length_a)
    same = same_beginning(a, b, min(length_a, length_b), short)
    a, b, length_a, length_b = a + same, b + same, length_a - same, length_b - same
    same = _same_end(a, length_a, b, length_b)
    longer = max(length_a, length_b) - same
    if longer <= at_most:
        return True
    swapped = swaps and at_most == 1 and longer == 2 and length_a == length_b
    return bool(swapped and byte(a) == byte(b + 1) and byte(a + 1) == byte(b))


@compiled
def _one_longer(a: int, b: int, length_b: int) -> bool:
    """Say whether a short text without one of its bytes is the other."""
    all_b = (ONE << length_b) - ONE
    unlike = ~equal_16(a, b) & all_b
    unlike_next = ~equal_16(a + 1, b) & all_b
    # every byte of b from the first that is unlike equals the next one of a
    return bool(unlike == NONE or unlike_next < (unlike & (~unlike + ONE)))


@compiled
def _one_changed(a: int, b: int, length: int, at_most: int, swaps: bool) -> bool:
    """Say whether short texts of one length are equal, or one replacement or swap apart."""
    unlike = ~equal_16(a, b) & ((ONE << length) - ONE)
    rest = unlike & (unlike - ONE)
    if rest == NONE or at_most == 0:
        return bool(rest == NONE and (unlike == NONE or at_most == 1))
    first = unlike ^ rest
    if not swaps or rest != first << 1:
        return False
    i = trailing_zeros(unlike)
    return bool(byte(a + i) == byte(b + i + 1) and byte(a + i + 1) == byte(b + i))


@compiled
def _within_two(a: int, length_a: int, b: int, length_b: int, swaps: bool, short: bool) -> bool:
    """Say whether texts that begin differently are at most two edits apart: try every first one."""
    if (
        _within_one(a + 1, length_a - 1, b + 1, length_b - 1, 1, swaps, short)
        or _within_one(a + 1, length_a - 1, b, length_b, 1, swaps, short)
        or _within_one(a, length_a, b + 1, length_b - 1, 1, swaps, short)
    ):
        return True
    if not swaps:
        return False
    next_a = length_a > 1 and byte(a + 1) == byte(b)
    next_b = length_b > 1 and byte(b + 1) == byte(a)
    if next_a and next_b:
        return _within_one(a + 2, length_a - 2, b + 2, length_b - 2, 1, swaps, short)
    # exchanged, and a byte inserted between or deleted from between
    if next_a and length_b > 2 and byte(b + 2) == byte(a):
        return _within_one(a + 2, length_a - 2, b + 3, length_b - 3, 0, swaps, short)
    if next_b and length_a > 2 and byte(a + 2) == byte(b):
        return _within_one(a + 3, length_a - 3, b + 2, length_b - 2, 0, swaps, short)
    return False


@compiled
def _within_table(a: int, length_a: int, b: int, length_b: int, at_most: int, swaps: bool) -> bool:
    """Say the same for any number of edits, by the table of distances of all beginnings.

    Cells further than `at_most` from the diagonal are further apart than that, and stay so.
    """
    same = _same_end(a, length_a, b, length_b)
    length_a, length_b = length_a - same, length_b - same
    table = np.full((length_a + 1, length_b + 1), at_most + 1, np.int64)
    for i in range(min(length_a, at_most) + 1):
        table[i, 0] = i
    for j in range(min(length_b, at_most) + 1):
        table[0, j] = j
    last_row = np.zeros(256, np.int64)  # where a byte was last seen in `a`
    fewest = 0  # no later row is reached by fewer edits, not even by a swap over this one
    for i in range(1, length_a + 1):
        fewest += 1
        last_column = 0  # where the byte of this row was last seen in `b`
        for j in range(max(1, i - at_most), min(length_b, i + at_most) + 1):
            equal = byte(a + i - 1) == byte(b + j - 1)
            least = min(table[i - 1, j - 1] + (not equal), table[i - 1, j] + 1, table[i, j - 1] + 1)
            row = last_row[byte(b + j - 1)]
            if swaps and row > 0 and last_column > 0:
                between = (i - row - 1) + (j - last_column - 1)
                least = min(least, table[row - 1, last_column - 1] + between + 1)
            if equal:
                last_column = j
            table[i, j] = least
            fewest = min(fewest, least)
        if fewest > at_most:
            return False
        last_row[byte(a + i - 1)] = i
    return bool(table[length_a, length_b] <= at_most)
