"""Words in common, counted by how rare they are: two lists of codes, and log2 of their frequencies.

A word's rarity is -log2 of its term frequency, in bits: how much it says that both have it.
"""

from __future__ import annotations

from linker.compiled import compiled
from linker.scoring.functions.bits import byte
from linker.scoring.functions.memory import float_at, int32_at, length_of, text_at
from linker.scoring.functions.text import (
    damerau_levenshtein_within,
    jaro_winkler_reaches,
    prefix_equal,
    vowels_left_out,
)

MOST_WORDS = 63
"""Words of a list that are compared; further ones are passed over."""

MISSPELT_BITS = 3.0
"""By how much less two words say that are alike, as several words are as much like either."""

LONG = 5
"""Letters from which on a word that is a keystroke away is thought the same word misspelt."""

SLACK = 1e-9
"""Bits by which a sum may fall short: sums in another order differ in their last digits."""


@compiled
def rarity_of(logs: int, words: int, at: int) -> float:
    """Return how rare one word of a list is, in bits.

    Args:
        logs: The address of log2 of the term frequencies, by code.
        words: The address of the list's codes.
        at: Which word.
    """
    bits: float = -float_at(logs, int32_at(words, at))
    return bits


@compiled
def both_common(one: int, other: int, logs: int, bits: float) -> bool:
    """Say whether two words differ and each is common, less than so many bits rare.

    Args:
        one: The code of a word, negative where missing.
        other: The code of another one.
        logs: The address of log2 of the term frequencies, by code.
        bits: The bits.
    """
    if one < 0 or other < 0 or one == other:
        return False
    commoner_than = -bits
    return bool(min(float_at(logs, one), float_at(logs, other)) > commoner_than)


@compiled
def words_alike(
    one: int, other: int, data: int, ends: int, spelling: tuple[int, float, float]
) -> bool:
    """Say whether two words are spellings of one.

    Words that begin alike are no misspellings of one if many letters differ, but one may be the
    other cut short, or without vowels.

    Args:
        one: The code of a word.
        other: The code of another one.
        data: The address of the bytes of all texts.
        ends: The address of where each text starts.
        spelling: How many keystrokes apart words of `LONG` letters or more may be; the Jaro-Winkler
            similarity that is enough, more than 1 if none is; and the share of the longer word's
            letters that may differ in such words.
    """
    keystrokes, least, differing = spelling
    a, length_a = text_at(data, ends, one), length_of(ends, one)
    b, length_b = text_at(data, ends, other), length_of(ends, other)
    long = min(length_a, length_b) >= LONG
    if long and keystrokes > 0 and damerau_levenshtein_within(a, length_a, b, length_b, keystrokes):
        return True
    if least > 1.0 or not jaro_winkler_reaches(a, length_a, b, length_b, least):
        return False
    most = int(differing * max(length_a, length_b))
    if differing >= 1.0 or damerau_levenshtein_within(a, length_a, b, length_b, most):
        return True
    if prefix_equal(a, length_a, b, length_b, min(length_a, length_b)):
        return True
    return bool(vowels_left_out(a, length_a, b, length_b))


@compiled
def _equal(a: int, count_a: int, b: int, count_b: int) -> tuple[int, int]:
    """Return which words of each list are in the other one: bit k for the k-th."""
    taken_a = taken_b = 0
    for i in range(count_a):
        for j in range(count_b):
            if int32_at(a, i) == int32_at(b, j):
                taken_a |= 1 << i
                taken_b |= 1 << j
    return taken_a, taken_b


@compiled
def _sums(words: int, count: int, logs: int, taken: int) -> tuple[float, float]:
    """Return how rare the words of a list are together that are taken, and the others."""
    inside = rest = 0.0
    for i in range(count):
        if taken >> i & 1:
            inside += rarity_of(logs, words, i)
        else:
            rest += rarity_of(logs, words, i)
    return inside, rest


@compiled
def _partner(
    word: int,
    b: int,
    count_b: int,
    taken_b: int,
    texts: tuple[int, int, int],
    spelling: tuple[int, float, float],
) -> tuple[int, float]:
    """Return the rarest word of a list that is free and spelt like another word, -1 if none is.

    Beside it how rare the commoner of the two is.
    """
    data, ends, logs = texts
    found, best = -1, 0.0
    for j in range(count_b):
        other = int32_at(b, j)
        together = -max(float_at(logs, word), float_at(logs, other))
        free = not taken_b >> j & 1 and together > best
        if free and words_alike(word, other, data, ends, spelling):
            found, best = j, together
    return found, best


@compiled
def _told_apart(
    words: int, count: int, taken: int, texts: tuple[int, int, int], other_has: bool
) -> bool:
    """Say whether a word of a list that is not taken speaks against the other list.

    Any does if the other one has such words too (`other_has`), and a number does always.
    """
    for i in range(count):
        if not taken >> i & 1:
            code = int32_at(words, i)
            letter = byte(text_at(texts[0], texts[1], code))
            if other_has or (length_of(texts[1], code) > 0 and 48 <= letter <= 57):
                return True
    return False


@compiled
def rare_words(
    a: int,
    count_a: int,
    b: int,
    count_b: int,
    texts: tuple[int, int, int],
    wanted: tuple[float, float],
    rest: tuple[bool, bool],
    spelling: tuple[int, float, float],
) -> bool:
    """Say whether the words in common are rare together, and most of what either list says.

    A word goes with one word of the other list: with itself if it is there, else with the rarest
    that is spelt alike, which counts `MISSPELT_BITS` less than the commoner of the two.

    Args:
        a: The address of the codes of one list.
        count_a: How many there are.
        b: The address of the codes of the other list.
        count_b: How many there are.
        texts: The addresses of the bytes of all texts, of where each starts, and of log2 of the
            words' term frequencies, by code.
        wanted: How rare the words in common must be together, in bits, and the share of all words'
            rarity that they must make up.
        rest: Whether that is of the list that has less besides them, or else of both together; and
            whether it must have nothing, and neither list a number, that the other has not.
        spelling: What makes words alike, see `words_alike`.
    """
    if count_a <= 0 or count_b <= 0:
        return False
    logs, (bits, share), (fewer, one_sided) = texts[2], wanted, rest
    count_a, count_b = min(count_a, MOST_WORDS), min(count_b, MOST_WORDS)
    taken_a, taken_b = _equal(a, count_a, b, count_b)
    whole, rest_a = _sums(a, count_a, logs, taken_a)
    rest_b = _sums(b, count_b, logs, taken_b)[1]
    if whole + min(rest_a, rest_b) < bits - SLACK:
        return False
    shared = whole
    if spelling[0] > 0 or spelling[1] <= 1.0:
        for i in range(count_a):
            if taken_a >> i & 1:
                continue
            found, rarity = _partner(int32_at(a, i), b, count_b, taken_b, texts, spelling)
            if found >= 0:
                taken_a |= 1 << i
                taken_b |= 1 << found
                shared += max(rarity - MISSPELT_BITS, 0.0)
                whole += rarity
        rest_a = _sums(a, count_a, logs, taken_a)[1]
        rest_b = _sums(b, count_b, logs, taken_b)[1]
    if one_sided and (
        _told_apart(a, count_a, taken_a, texts, rest_b > 0.0)
        or _told_apart(b, count_b, taken_b, texts, rest_a > 0.0)
    ):
        return False
    whole += min(rest_a, rest_b) if fewer else rest_a + rest_b
    return bool(shared >= bits - SLACK and shared >= share * whole - SLACK)
