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
ZERO, NINE = ord("0"), ord("9")


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
    a: int, count_a: int, b: int, count_b: int, data: int, ends: int, at_most: int, least: int
) -> bool:
    """Say whether some text of one list is near one of the other, or is a part of it.

    Args:
        a: The address of the codes of one list.
        count_a: How many there are.
        b: The address of the codes of the other list.
        count_b: How many there are.
        data: The address of the bytes of all texts.
        ends: The address of where each text starts.
        at_most: The Damerau-Levenshtein distance that counts as near.
        least: Texts of fewer bytes are passed over.
    """
    for i in range(count_a):
        for j in range(count_b):
            one, other = int32_at(a, i), int32_at(b, j)
            if one == NO_TEXT or other == NO_TEXT:
                continue
            x, length_x = text_at(data, ends, one), length_of(ends, one)
            y, length_y = text_at(data, ends, other), length_of(ends, other)
            if _near(x, length_x, y, length_y, at_most, least):
                return True
    return False


@compiled
def near_but_in_digits(
    a: int, count_a: int, b: int, count_b: int, data: int, ends: int, at_most: int, least: int
) -> bool:
    """Say the same of texts that have the same digits in the same order, or none; arguments too."""
    for i in range(count_a):
        for j in range(count_b):
            one, other = int32_at(a, i), int32_at(b, j)
            if one == NO_TEXT or other == NO_TEXT:
                continue
            x, length_x = text_at(data, ends, one), length_of(ends, one)
            y, length_y = text_at(data, ends, other), length_of(ends, other)
            same = same_digits(x, length_x, y, length_y)
            if same and _near(x, length_x, y, length_y, at_most, least):
                return True
    return False


@compiled
def _near(a: int, length_a: int, b: int, length_b: int, at_most: int, least: int) -> bool:
    if min(length_a, length_b) < least:
        return False
    if damerau_levenshtein_within(a, length_a, b, length_b, at_most):
        return True
    return is_part_of(a, length_a, b, length_b) or is_part_of(b, length_b, a, length_a)


@compiled
def same_digits(a: int, length_a: int, b: int, length_b: int) -> bool:
    """Say whether two texts have the same digits in the same order, or none."""
    i = j = 0
    while True:
        while i < length_a and not ZERO <= byte(a + i) <= NINE:
            i += 1
        while j < length_b and not ZERO <= byte(b + j) <= NINE:
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
