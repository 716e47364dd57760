"""Texts compared byte by byte, as DuckDB compares them: similarity, edit distances, beginnings.

A text is `data[start:end]` of an array of UTF-8 bytes; a null never comes here.
"""

from __future__ import annotations

import numpy as np

from linker.scoring.functions.bits import (
    SHORT,
    WORD,
    Bytes,
    multiply_add,
    positions_of_16,
    positions_of_64,
    trailing_zeros,
)
from linker.scoring.functions.compiled import compiled

BOOSTED_ABOVE = 0.7
"""The Jaro similarity above which a common beginning counts."""

PREFIX = 4
"""The most bytes of a common beginning that count."""

PREFIX_WEIGHT = 0.1
"""The part of what is missing to 1 that each of them adds."""

SLACK = 1e-9
"""By how much a bound is loosened, so that rounding cannot make it refuse a pair."""

NONE = np.uint64(0)
ONE = np.uint64(1)
ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


@compiled
def jaro_winkler(a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int) -> float:
    """Return the Jaro-Winkler similarity of two texts, to the last bit that of DuckDB.

    An empty text is like nothing, not even another empty one: 0. The order of the texts matters:
    which of several equal letters match, and so what is transposed, is decided along the second.

    A text is compared fastest if its array goes on for 64 bytes (of anything) after its start.
    """
    return _similarity(a, a0, a1, b, b0, b1, -1.0)


@compiled
def jaro_winkler_reaches(
    a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int, least: float
) -> bool:
    """Say whether the Jaro-Winkler similarity of two texts is at least `least`."""
    return _similarity(a, a0, a1, b, b0, b1, least) >= least


@compiled
def _similarity(a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int, least: float) -> float:
    """Return the similarity, or 0 as soon as it is certain not to reach `least`."""
    length_a, length_b = a1 - a0, b1 - b0
    shorter = min(length_a, length_b)
    if shorter == 0:
        return 0.0
    same = 0
    while same < shorter and a[a0 + same] == b[b0 + same]:
        same += 1
    prefix = min(same, PREFIX)
    needed = _matches_needed(length_a, length_b, prefix, least)
    if shorter < needed:
        return 0.0
    if same == shorter:
        return _formula(length_a, length_b, same, 0, prefix)
    window = max(max(length_a, length_b) // 2 - 1, 0)
    most_missed = int(length_b - needed)
    if length_a <= SHORT and a0 + SHORT <= a.size and length_b <= WORD:
        matches, moved = _matches_in_word(a, a0, a1, b, b0, b1, same, window, most_missed, True)
    elif length_a <= WORD and a0 + WORD <= a.size and length_b <= WORD:
        matches, moved = _matches_in_word(a, a0, a1, b, b0, b1, same, window, most_missed, False)
    else:
        matches, moved = _matches(a, a0, a1, b, b0, b1, same, window)
    return _formula(length_a, length_b, matches, moved // 2, prefix)


@compiled
def _formula(length_a: int, length_b: int, matches: int, transposed: int, prefix: int) -> float:
    """Return the similarity that the counts give; the order of operations is DuckDB's."""
    if matches == 0:
        return 0.0
    jaro = (matches / length_a + matches / length_b + (matches - transposed) / matches) / 3.0
    if jaro > BOOSTED_ABOVE:
        # DuckDB's library is built with fused multiplication and addition, which rounds once
        return multiply_add(prefix * PREFIX_WEIGHT, 1.0 - jaro, jaro)
    return jaro


@compiled
def _matches_needed(length_a: int, length_b: int, prefix: int, least: float) -> float:
    """Return a number of matching bytes below which the similarity is less than `least`."""
    jaro = least
    if least > BOOSTED_ABOVE:
        given = prefix * PREFIX_WEIGHT
        jaro = max(BOOSTED_ABOVE, (least - given) / (1.0 - given))
    return (3.0 * (jaro - SLACK) - 1.0) * (length_a * length_b) / (length_a + length_b)


@compiled
def _matches_in_word(
    a: Bytes,
    a0: int,
    a1: int,
    b: Bytes,
    b0: int,
    b1: int,
    same: int,
    window: int,
    most_missed: int,
    short: bool,
) -> tuple[int, int]:
    """Count matching bytes, and those of them that match out of order; (0, 0) if too few match.

    Sets of places in a text of at most 64 bytes are words.
    """
    length_a, length_b = a1 - a0, b1 - b0
    last = length_a - 1
    end = min(length_b, length_a + window)
    taken_a = taken_b = NONE
    free = ALL << same
    missed = length_b - end
    for j in range(same, end):
        byte = b[b0 + j]
        found = positions_of_16(a, a0, byte) if short else positions_of_64(a, a0, byte)
        found &= free & (ALL << max(j - window, 0)) & (ALL >> (63 - min(j + window, last)))
        lowest = found & (~found + ONE)
        free ^= lowest
        taken_a |= lowest
        hit = np.uint64(found != NONE)
        taken_b |= hit << j
        missed += found == NONE
        if missed > most_missed:
            return 0, 0
    moved = 0
    while taken_b != NONE:
        moved += a[a0 + trailing_zeros(taken_a)] != b[b0 + trailing_zeros(taken_b)]
        taken_a &= taken_a - ONE
        taken_b &= taken_b - ONE
    return length_b - missed, moved


@compiled
def _matches(
    a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int, same: int, window: int
) -> tuple[int, int]:
    """Count the same of texts of any length."""
    taken = np.zeros(a1 - a0, np.bool_)
    matched = np.empty(b1 - b0, np.uint8)
    matches = 0
    for j in range(same, b1 - b0):
        for i in range(max(j - window, same), min(j + window + 1, a1 - a0)):
            if not taken[i] and a[a0 + i] == b[b0 + j]:
                taken[i] = True
                matched[matches] = b[b0 + j]
                matches += 1
                break
    moved = 0
    k = 0
    for i in range(same, a1 - a0):
        if taken[i]:
            moved += a[a0 + i] != matched[k]
            k += 1
    return same + matches, moved


@compiled
def levenshtein_within(
    a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int, at_most: int
) -> bool:
    """Say whether at most so many bytes inserted, deleted or replaced make one text the other."""
    return _within(a, a0, a1, b, b0, b1, at_most, False)


@compiled
def damerau_levenshtein_within(
    a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int, at_most: int
) -> bool:
    """Say the same where two neighbours exchanged count once.

    This is the unrestricted distance: exchanged bytes may be edited further ("ca", "abc": 2).
    """
    return _within(a, a0, a1, b, b0, b1, at_most, True)


@compiled
def _within(
    a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int, at_most: int, swaps: bool
) -> bool:
    if abs((a1 - a0) - (b1 - b0)) > at_most:
        return False
    if at_most <= 1:
        return at_most >= 0 and _within_one(a, a0, a1, b, b0, b1, at_most, swaps)
    if at_most == 2:
        return _within_two(a, a0, a1, b, b0, b1, swaps)
    return _within_table(a, a0, a1, b, b0, b1, at_most, swaps)


@compiled
def _within_one(
    a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int, at_most: int, swaps: bool
) -> bool:
    """Say whether the texts are equal, or one edit apart if `at_most` is 1."""
    while a0 < a1 and b0 < b1 and a[a0] == b[b0]:
        a0 += 1
        b0 += 1
    while a0 < a1 and b0 < b1 and a[a1 - 1] == b[b1 - 1]:
        a1 -= 1
        b1 -= 1
    if a0 == a1 and b0 == b1:
        return True
    if at_most == 0:
        return False
    if max(a1 - a0, b1 - b0) == 1:
        return True
    return swaps and a1 - a0 == 2 and b1 - b0 == 2 and a[a0] == b[b0 + 1] and a[a0 + 1] == b[b0]


@compiled
def _within_two(a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int, swaps: bool) -> bool:
    """Say whether they are at most two edits apart: try every edit where they begin to differ."""
    while a0 < a1 and b0 < b1 and a[a0] == b[b0]:
        a0 += 1
        b0 += 1
    if a0 == a1 or b0 == b1:
        return True  # the caller has compared the lengths
    if (
        _within_one(a, a0 + 1, a1, b, b0 + 1, b1, 1, swaps)
        or _within_one(a, a0 + 1, a1, b, b0, b1, 1, swaps)
        or _within_one(a, a0, a1, b, b0 + 1, b1, 1, swaps)
    ):
        return True
    if not swaps:
        return False
    next_a, next_b = a0 + 1 < a1 and a[a0 + 1] == b[b0], b0 + 1 < b1 and b[b0 + 1] == a[a0]
    if next_a and next_b and _within_one(a, a0 + 2, a1, b, b0 + 2, b1, 1, swaps):
        return True
    # exchanged, and a byte inserted between or deleted from between
    if next_a and b0 + 2 < b1 and b[b0 + 2] == a[a0]:
        return _within_one(a, a0 + 2, a1, b, b0 + 3, b1, 0, swaps)
    return (
        next_b
        and a0 + 2 < a1
        and a[a0 + 2] == b[b0]
        and _within_one(a, a0 + 3, a1, b, b0 + 2, b1, 0, swaps)
    )


@compiled
def _within_table(
    a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int, at_most: int, swaps: bool
) -> bool:
    """Say the same for any number of edits, by the table of distances of all beginnings.

    Cells further than `at_most` from the diagonal are further apart than that, and stay so.
    """
    length_a, length_b = a1 - a0, b1 - b0
    far = at_most + 1
    table = np.full((length_a + 1, length_b + 1), far, np.int64)
    for i in range(min(length_a, at_most) + 1):
        table[i, 0] = i
    for j in range(min(length_b, at_most) + 1):
        table[0, j] = j
    last_row = np.zeros(256, np.int64)  # where a byte was last seen in `a`
    for i in range(1, length_a + 1):
        last_column = 0  # where the byte of this row was last seen in `b`
        for j in range(max(1, i - at_most), min(length_b, i + at_most) + 1):
            equal = a[a0 + i - 1] == b[b0 + j - 1]
            least = min(table[i - 1, j - 1] + (not equal), table[i - 1, j] + 1, table[i, j - 1] + 1)
            row = last_row[b[b0 + j - 1]]
            if swaps and row > 0 and last_column > 0:
                between = (i - row - 1) + (j - last_column - 1)
                least = min(least, table[row - 1, last_column - 1] + between + 1)
            if equal:
                last_column = j
            table[i, j] = least
        last_row[a[a0 + i - 1]] = i
    return bool(table[length_a, length_b] <= at_most)


@compiled
def characters(a: Bytes, a0: int, a1: int) -> int:
    """Return the number of code points of a text."""
    number = 0
    for i in range(a0, a1):
        number += (a[i] & 0xC0) != 0x80  # the other bytes continue a code point
    return number


@compiled
def prefix_equal(a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int, length: int) -> bool:
    """Say whether both texts have at least so many code points, and the first ones are equal."""
    begun = 0
    for k in range(a1 - a0):
        begun += (a[a0 + k] & 0xC0) != 0x80
        if begun > length:
            return True
        if b0 + k >= b1 or a[a0 + k] != b[b0 + k]:
            return False
    return begun == length


@compiled
def first_character_equal(a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int) -> bool:
    """Say whether the first code points are equal, or both texts are empty."""
    return prefix_equal(a, a0, a1, b, b0, b1, 1) or (a0 == a1 and b0 == b1)


@compiled
def is_initial_of(a: Bytes, a0: int, a1: int, b: Bytes, b0: int, b1: int) -> bool:
    """Say whether one text is exactly one code point, the first of the other."""
    return prefix_equal(a, a0, a1, b, b0, b1, 1) and (
        characters(a, a0, a1) == 1 or characters(b, b0, b1) == 1
    )
