"""Texts compared byte by byte, as DuckDB compares them: similarity, edit distances, beginnings.

A text is the address of its first byte and how many bytes it has, UTF-8; a null never comes here.
At least `READABLE` bytes (of anything) may be read from its beginning on.
"""

from __future__ import annotations

import numpy as np

from linker.compiled import compiled
from linker.scoring.functions.bits import (
    ALL,
    NONE,
    ONE,
    SHORT,
    WORD,
    byte,
    multiply_add,
    positions_of_16,
    positions_of_64,
    trailing_zeros,
)
from linker.scoring.functions.edits import edits_within, same_beginning

READABLE = 64
"""Bytes from the beginning of a text that belong to its array, whatever its length."""

BOOSTED_ABOVE = 0.7
"""The Jaro similarity above which a common beginning counts."""

PREFIX = 4
"""The most bytes of a common beginning that count."""

PREFIX_WEIGHT = 0.1
"""The part of what is missing to 1 that each of them adds."""

SPACE = 32
LETTER_H = 104
SILENT = 0
"""What stands for a letter that is not heard."""

SLACK = 1e-9
"""By how much a bound is loosened, so that rounding cannot make it refuse a pair."""


@compiled
def jaro_winkler(a: int, length_a: int, b: int, length_b: int) -> float:
    """Return the Jaro-Winkler similarity of two texts, to the last bit that of DuckDB.

    An empty text is like nothing, not even another empty one: 0. The order of the texts matters:
    which of several equal letters match, and so what is transposed, is decided along the second.
    """
    return _similarity(a, length_a, b, length_b, -1.0)


@compiled
def jaro_winkler_reaches(a: int, length_a: int, b: int, length_b: int, least: float) -> bool:
    """Say whether the Jaro-Winkler similarity of two texts is at least `least`."""
    return _similarity(a, length_a, b, length_b, least) >= least


@compiled
def _lanes(longer: int) -> int:
    """Return how many bytes are compared at once: 16, 64, or 0 if one by one."""
    if longer <= SHORT:
        return SHORT
    return WORD if longer <= WORD else 0


@compiled
def _similarity(a: int, length_a: int, b: int, length_b: int, least: float) -> float:
    """Return the similarity of two texts, or 0 as soon as it is certain not to reach `least`."""
    lanes = _lanes(max(length_a, length_b))
    shorter = min(length_a, length_b)
    if shorter == 0:
        return 0.0
    same = same_beginning(a, b, shorter, lanes == SHORT)
    prefix = min(same, PREFIX)
    needed = _matches_needed(length_a, length_b, prefix, least)
    if shorter < needed:
        return 0.0
    if same == shorter:
        return _formula(length_a, length_b, same, 0, prefix)
    window = max(max(length_a, length_b) // 2 - 1, 0)
    if lanes == 0:
        matches, moved = _matches(a, length_a, b, length_b, same, window)
    else:
        most_missed = int(length_b - needed)
        matches, moved = _matches_in_word(
            a, length_a, b, length_b, same, window, most_missed, lanes
        )
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
    a: int,
    length_a: int,
    b: int,
    length_b: int,
    same: int,
    window: int,
    most_missed: int,
    lanes: int,
) -> tuple[int, int]:
    """Count matching bytes, and those of them that match out of order; (0, 0) if too few match.

    Sets of places in a text of at most 64 bytes are words.
    """
    last = length_a - 1
    end = min(length_b, length_a + window)
    free = ALL << same
    taken_a = taken_b = NONE
    missed = length_b - end
    for j in range(same, end):
        letter = byte(b + j)
        found = positions_of_16(a, letter) if lanes == SHORT else positions_of_64(a, letter)
        found &= free & (ALL << max(j - window, 0)) & (ALL >> (63 - min(j + window, last)))
        lowest = found & (~found + ONE)
        free ^= lowest
        taken_a |= lowest
        taken_b |= np.uint64(found != NONE) << j
        missed += found == NONE
        if missed > most_missed:
            return 0, 0
    moved = 0
    while taken_b != NONE:
        moved += byte(a + trailing_zeros(taken_a)) != byte(b + trailing_zeros(taken_b))
        taken_a &= taken_a - ONE
        taken_b &= taken_b - ONE
    return length_b - missed, moved


@compiled
def _matches(
    a: int, length_a: int, b: int, length_b: int, same: int, window: int
) -> tuple[int, int]:
    """Count the same in texts of any length."""
    taken = np.zeros(length_a, np.bool_)
    matched = np.empty(length_b, np.uint8)
    matches = 0
    for j in range(same, length_b):
        for i in range(max(j - window, same), min(j + window + 1, length_a)):
            if not taken[i] and byte(a + i) == byte(b + j):
                taken[i] = True
                matched[matches] = byte(b + j)
                matches += 1
                break
    moved = 0
    k = 0
    for i in range(same, length_a):
        if taken[i]:
            moved += byte(a + i) != matched[k]
            k += 1
    return same + matches, moved


@compiled
def levenshtein_within(a: int, length_a: int, b: int, length_b: int, at_most: int) -> bool:
    """Say whether at most so many bytes inserted, deleted or replaced make one text the other."""
    short = max(length_a, length_b) <= SHORT
    return edits_within(a, int(length_a), b, int(length_b), int(at_most), False, short)


@compiled
def damerau_levenshtein_within(a: int, length_a: int, b: int, length_b: int, at_most: int) -> bool:
    """Say the same where two neighbours exchanged count once.

    This is the unrestricted distance: exchanged bytes may be edited further ("ca", "abc": 2).
    """
    short = max(length_a, length_b) <= SHORT
    # as numbers: for each literal the compiler would make what follows anew
    return edits_within(a, int(length_a), b, int(length_b), int(at_most), True, short)


@compiled
def same_letters(a: int, length_a: int, b: int, length_b: int) -> bool:
    """Say whether two texts are equal but for spaces."""
    i = j = 0
    while i < length_a or j < length_b:
        if i < length_a and byte(a + i) == SPACE:
            i += 1
        elif j < length_b and byte(b + j) == SPACE:
            j += 1
        elif i == length_a or j == length_b or byte(a + i) != byte(b + j):
            return False
        else:
            i += 1
            j += 1
    return True


@compiled
def one_holds(a: int, length_a: int, b: int, length_b: int, words: int) -> bool:
    """Say whether every word of the shorter text is a word of the longer one.

    Words stand between spaces. The shorter text must have so many at least, and a digit: street
    names alone are on many doors. Of texts as long as each other either may be the shorter one.
    """
    if length_a <= length_b and _is_held(a, length_a, b, length_b, words):
        return True
    return length_b <= length_a and _is_held(b, length_b, a, length_a, words)


@compiled
def _is_held(a: int, length_a: int, b: int, length_b: int, words: int) -> bool:
    """Say whether the second text has every word of the first, so many at least, and a digit."""
    count = start = 0
    digit = False
    for end in range(length_a + 1):
        if end < length_a and byte(a + end) != SPACE:
            digit = digit or bool(48 <= byte(a + end) <= 57)
            continue
        if end > start:
            count += 1
            if not _has_word(a + start, end - start, b, length_b):
                return False
        start = end + 1
    return digit and count >= words


@compiled
def _has_word(word: int, length: int, b: int, length_b: int) -> bool:
    """Say whether a text has a word."""
    start = 0
    for end in range(length_b + 1):
        if end == length_b or byte(b + end) == SPACE:
            if end - start == length:
                same = 0
                while same < length and byte(word + same) == byte(b + start + same):
                    same += 1
                if same == length:
                    return True
            start = end + 1
    return False


@compiled
def same_consonants(a: int, length_a: int, b: int, length_b: int, fewest: int) -> bool:
    """Say whether two texts have the same consonants in the same order, and so many at least.

    Of letters that sound alike one stands for all (see `_heard`), and two of them side by side are
    one. Bytes that are no letter a to z are silent.
    """
    i = j = count = 0
    while True:
        one, i = _next_heard(a, length_a, i)
        other, j = _next_heard(b, length_b, j)
        if one != other:
            return False
        if one == SILENT:
            return count >= fewest
        count += 1


@compiled
def _next_heard(a: int, length: int, at: int) -> tuple[int, int]:
    """Return the next consonant that is heard from a place on, `SILENT` at the end, and a place."""
    while at < length:
        found = _heard(a, length, at)
        again = at > 0 and found == _heard(a, length, at - 1)
        at += 1
        if found != SILENT and not again:
            return found, at
    return SILENT, at


@compiled
def _heard(a: int, length: int, at: int) -> int:
    """Return the letter that stands for the consonant at a place, `SILENT` for none.

    c is s before e, i and y, and else k, as q and x are; z is s, v is f, and so is ph.
    """
    letter = int(byte(a + at))
    following = int(byte(a + at + 1)) if at + 1 < length else 0
    if letter == 99:  # c
        return 115 if following in (101, 105, 121) else 107
    if letter in (113, 120):  # q, x
        return 107
    if letter == 122:  # z
        return 115
    if letter == 118 or (letter == 112 and following == LETTER_H):  # v, ph
        return 102
    silent = letter < 97 or letter > 122 or letter in (97, 101, 104, 105, 111, 117, 119, 121)
    return SILENT if silent else letter


@compiled
def vowels_left_out(a: int, length_a: int, b: int, length_b: int) -> bool:
    """Say whether one text is the other without some of its vowels: "univrsl", "universal".

    Bytes that are none of a, e, i, o and u have to be there in both.
    """
    short, most, whole, length = a, length_a, b, length_b
    if length_a > length_b:
        short, most, whole, length = b, length_b, a, length_a
    at = 0
    for k in range(length):
        letter = int(byte(whole + k))
        if at < most and byte(short + at) == letter:
            at += 1
        elif letter not in (97, 101, 105, 111, 117):
            return False
    return at == most


@compiled
def characters(a: int, length_a: int) -> int:
    """Return the number of code points of a text."""
    number = 0
    for i in range(length_a):
        number += (byte(a + i) & 0xC0) != 0x80  # the other bytes continue a code point
    return number


@compiled
def prefix_equal(a: int, length_a: int, b: int, length_b: int, length: int) -> bool:
    """Say whether both texts have at least so many code points, and the first ones are equal."""
    begun = 0
    for k in range(length_a):
        begun += (byte(a + k) & 0xC0) != 0x80
        if begun > length:
            return True
        if k >= length_b or byte(a + k) != byte(b + k):
            return False
    return begun == length


@compiled
def is_initial_of(a: int, length_a: int, b: int, length_b: int) -> bool:
    """Say whether one text is exactly one code point, the first of the other."""
    return prefix_equal(a, length_a, b, length_b, 1) and (
        characters(a, length_a) == 1 or characters(b, length_b) == 1
    )
