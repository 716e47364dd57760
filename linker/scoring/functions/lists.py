"""Lists of texts compared: a list is the address of its codes, 32 bits each, and their count.

A code stands for one distinct text, and a list holds none twice. A null list has the count -1;
the code of a null text is -1, which is in no list.
"""

from __future__ import annotations

from linker.compiled import compiled
from linker.scoring.functions.bits import byte
from linker.scoring.functions.memory import int32_at, length_of, text_at
from linker.scoring.functions.text import damerau_levenshtein_within, jaro_winkler_reaches

NO_TEXT = -1
"""The code of a null text."""
_ZERO, _NINE = ord("0"), ord("9")


@compiled
def contains(code: int, b: int, count_b: int) -> bool:
    """Say whether the text is in the list."""
    if code == NO_TEXT:
        return False
    for j in range(count_b):
        if int32_at(b, j) == code:
            return True
    return False


@compiled
def common(a: int, count_a: int, b: int, count_b: int) -> int:
    """Return how many texts are in both lists."""
    number = 0
    for i in range(count_a):
        number += contains(int32_at(a, i), b, count_b)
    return number


@compiled
def overlaps(a: int, count_a: int, b: int, count_b: int, at_least: int) -> bool:
    """Say whether at least so many texts are in both lists; of a null list that is never so."""
    if min(count_a, count_b) < max(at_least, 0):
        return False
    return common(a, count_a, b, count_b) >= at_least


@compiled
def overlap_share_all(a: int, count_a: int, b: int, count_b: int, share: float, least: int) -> bool:
    """Say whether the texts in both lists are `least` and a share of all texts (Jaccard)."""
    if count_a < 0 or count_b < 0:
        return False
    both = common(a, count_a, b, count_b)
    return both >= least and both >= share * (count_a + count_b - both)


@compiled
def overlap_share_fewer(
    a: int, count_a: int, b: int, count_b: int, share: float, least: int
) -> bool:
    """Say whether the texts in both lists are `least` and a share of the shorter list."""
    if count_a < 0 or count_b < 0:
        return False
    both = common(a, count_a, b, count_b)
    return both >= least and both >= share * min(count_a, count_b)


@compiled
def alike_in_lists(
    a: int, count_a: int, b: int, count_b: int, data: int, ends: int, least: float
) -> bool:
    """Say whether some text of one list has some Jaro-Winkler similarity with one of the other.

    Args:
        a: The address of the codes of one list.
        count_a: How many there are.
        b: The address of the codes of the other list.
        count_b: How many there are.
        data: The address of the bytes of all texts.
        ends: The address of where each text starts.
        least: The similarity to reach.
    """
    for i in range(count_a):
        code = int32_at(a, i)
        # an empty text is like nothing, not even itself
        filled = code != NO_TEXT and length_of(ends, code) > 0
        if filled and least <= 1.0 and contains(code, b, count_b):
            return True
    for i in range(count_a):
        for j in range(count_b):
            one, other = int32_at(a, i), int32_at(b, j)
            if one == NO_TEXT or other == NO_TEXT:
                continue
            if jaro_winkler_reaches(
                text_at(data, ends, one),
                length_of(ends, one),
                text_at(data, ends, other),
                length_of(ends, other),
                least,
            ):
                return True
    return False


@compiled
def near_in_lists(
    a: int, count_a: int, b: int, count_b: int, data: int, ends: int, near: tuple[int, int, bool]
) -> bool:
    """Say whether some text of one list is near one of the other, or is a part of it.

    Args:
        a: The address of the codes of one list.
        count_a: How many there are.
        b: The address of the codes of the other list.
        count_b: How many there are.
        data: The address of the bytes of all texts.
        ends: The address of where each text starts.
        near: The Damerau-Levenshtein distance that counts as near; the least bytes that a text
            must have; and whether both must have the same digits in the same order, or none.
    """
    at_most, least, digits = near
    for i in range(count_a):
        for j in range(count_b):
            one, other = int32_at(a, i), int32_at(b, j)
            if one == NO_TEXT or other == NO_TEXT:
                continue
            x, length_x = text_at(data, ends, one), length_of(ends, one)
            y, length_y = text_at(data, ends, other), length_of(ends, other)
            if min(length_x, length_y) < least:
                continue
            if digits and not same_digits(x, length_x, y, length_y):
                continue
            if damerau_levenshtein_within(x, length_x, y, length_y, at_most):
                return True
            if is_part_of(x, length_x, y, length_y) or is_part_of(y, length_y, x, length_x):
                return True
    return False


@compiled
def same_digits(a: int, length_a: int, b: int, length_b: int) -> bool:
    """Say whether two texts have the same digits in the same order, or none."""
    i = j = 0
    while True:
        while i < length_a and not _ZERO <= byte(a + i) <= _NINE:
            i += 1
        while j < length_b and not _ZERO <= byte(b + j) <= _NINE:
            j += 1
        if i == length_a or j == length_b:
            return bool(i == length_a and j == length_b)
        if byte(a + i) != byte(b + j):
            return False
        i += 1
        j += 1


@compiled
def is_part_of(a: int, length_a: int, b: int, length_b: int) -> bool:
    """Say whether one text is somewhere in another."""
    for start in range(length_b - length_a + 1):
        same = 0
        while same < length_a and byte(a + same) == byte(b + start + same):
            same += 1
        if same == length_a:
            return True
    return False
