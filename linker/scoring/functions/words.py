"""Names compared word by word, in any order: lists of codes as in `lists`, strings beside them."""

from __future__ import annotations

from linker.compiled import compiled
from linker.scoring.functions.bits import SHORT, byte
from linker.scoring.functions.lists import NO_TEXT, contains
from linker.scoring.functions.memory import int32_at, length_of, text_at
from linker.scoring.functions.text import (
    damerau_levenshtein_within,
    jaro_winkler,
    prefix_equal,
)

__all__ = ["words_fit"]

MOST = 30
"""Words of a name that are looked at: one bit each."""
INITIAL = 2.0
"""The likeness of an initial and what it begins."""
WITHOUT_SERVANT = 1.5
"""The likeness of a servant's name and the same without "servant"."""
SERVANT = 3
"""The letters of "abd"."""
VOWELS = (ord("a"), ord("e"), ord("i"), ord("o"), ord("u"))
LEAST_OF_A_SERVANT = 3
"""So many letters follow it at least."""


@compiled
def words_fit(
    a: int,
    count_a: int,
    b: int,
    count_b: int,
    given_a: int,
    given_b: int,
    data: int,
    ends: int,
    spelling: tuple[float, float],
    both: bool,
) -> bool:
    """Say whether every word of the name with fewer words has its own among the other's.

    Args:
        a: The address of the codes of one name's words.
        count_a: How many there are.
        b: The address of the codes of the other name's words.
        count_b: How many there are.
        given_a: The code of the one given name.
        given_b: The code of the other given name.
        data: The address of the bytes of all texts.
        ends: The address of where each text starts.
        spelling: The Jaro-Winkler similarity from which on two words may be one (above 1 none
            does), and the share of the longer one's letters that may differ.
        both: Whether both given names must be in the other name, or one of them.
    """
    if min(count_a, count_b) < 2 or max(count_a, count_b) > MOST:
        return False
    if given_a == NO_TEXT or given_b == NO_TEXT:
        return False
    if not _begun(a, count_a, b, count_b):
        return False
    # of names with as many words either may be the one whose words look for their own
    for _ in range(2):
        if count_a <= count_b and _fit(
            a, count_a, b, count_b, given_a, given_b, data, ends, spelling, both
        ):
            return True
        a, count_a, b, count_b = b, count_b, a, count_a
        given_a, given_b = given_b, given_a
    return False


@compiled
def _begun(a: int, count_a: int, b: int, count_b: int) -> bool:
    """Say whether some word is in both names."""
    for i in range(count_a):
        if contains(int32_at(a, i), b, count_b):
            return True
    return False


@compiled
def _fit(
    a: int,
    count_a: int,
    b: int,
    count_b: int,
    given_a: int,
    given_b: int,
    data: int,
    ends: int,
    spelling: tuple[float, float],
    both: bool,
) -> bool:
    """Say the same where the words of the first name look for their own among the other's."""
    least = spelling[0]
    first, second = contains(given_a, b, count_b), contains(given_b, a, count_a)
    given = (first and second) or (not both and (first or second))
    if not given and (least > 1.0 or _likeness(given_a, given_b, data, ends, spelling) < least):
        return False
    open_a, open_b = _open(a, count_a, b, count_b), _open(b, count_b, a, count_a)
    letters = initials = servants = 0
    for i in range(count_a):
        letters += length_of(ends, int32_at(a, i)) == 1
    if count_a - letters < 2:
        return False
    if open_a == 0:
        return True
    open_a, open_b = _without_joined(a, count_a, b, count_b, data, ends, open_a, open_b)
    for i in range(count_a):
        if open_a & (1 << i):
            best, at = _likest(int32_at(a, i), b, count_b, data, ends, open_b, spelling)
            initials += best == INITIAL
            servants += best == WITHOUT_SERVANT
            letters += best == INITIAL and length_of(ends, int32_at(a, i)) > 1
            if best < least or initials > 1 or count_a - letters < 2:
                return False
            open_b &= ~(1 << at)
    # an initial may stand for a word, and "servant" be left out, only where the other name has no
    # further word to tell: "Abdul Kabir Abdul Jan" is not "Abdul Kabir Mohammad Jan"
    return initials + servants == 0 or open_b == 0


@compiled
def _open(a: int, count_a: int, b: int, count_b: int) -> int:
    """Return the bits of the words of one name that are not in the other."""
    found = 0
    for i in range(count_a):
        if not contains(int32_at(a, i), b, count_b):
            found |= 1 << i
    return found


@compiled
def _likest(
    word: int,
    b: int,
    count: int,
    data: int,
    ends: int,
    opened: int,
    spelling: tuple[float, float],
) -> tuple[float, int]:
    """Return how like the likest open word of a name is, and its place."""
    best, at = 0.0, 0
    for j in range(count):
        if opened & (1 << j):
            found = _likeness(word, int32_at(b, j), data, ends, spelling)
            if found > best:
                best, at = found, j
    return best, at


@compiled
def _likeness(one: int, other: int, data: int, ends: int, spelling: tuple[float, float]) -> float:
    """Return the similarity of two words; an initial and what it begins have `INITIAL`.

    No similarity reaches more than 1, so that only initials matter then. Words with more letters
    that differ than may differ are not alike: a common beginning alone makes "orbach" as like
    "orban" as a misspelling is. A servant's name is its own without "servant" (`_servant_of`), and
    of two of them what follows is compared: Abdurrahman is no more like Abdurrahim than Rahman is
    like Rahim.
    """
    least, differing = spelling
    a, length_a = text_at(data, ends, one), length_of(ends, one)
    b, length_b = text_at(data, ends, other), length_of(ends, other)
    if min(length_a, length_b) == 1:
        return INITIAL if prefix_equal(a, length_a, b, length_b, 1) else 0.0
    if least > 1.0:
        return 0.0
    if _servant_of(a, length_a, b, length_b) or _servant_of(b, length_b, a, length_a):
        return WITHOUT_SERVANT
    if _is_servant(a, length_a) and _is_servant(b, length_b) and max(length_a, length_b) <= SHORT:
        a, b = a + SERVANT, b + SERVANT
        length_a, length_b = length_a - SERVANT, length_b - SERVANT
    similarity = jaro_winkler(a, length_a, b, length_b)
    if similarity >= least and differing < 1.0:
        most = int(differing * max(length_a, length_b))
        if not damerau_levenshtein_within(a, length_a, b, length_b, most):
            return 0.0
    return similarity


@compiled
def _servant_of(a: int, length_a: int, b: int, length_b: int) -> bool:
    """Say whether a name of the pattern "servant of" is written as the other without "servant".

    Who is called Abdul Rahman is written down as Rahman. Keys of such names begin with "abd" and
    lose the vowels after it, which the other name has (see `linker.standardise.name_keys`).
    """
    rest = length_a - SERVANT
    if rest > length_b or not _is_servant(a, length_a):  # no text is read beyond its end
        return False
    vowels = length_b - rest
    for k in range(vowels):
        if byte(b + k) not in VOWELS:
            return False
    return _begins(a + SERVANT, b + vowels, rest)


@compiled
def _is_servant(a: int, length: int) -> bool:
    """Say whether a word is "abd" and a name: three letters at least."""
    if length < SERVANT + LEAST_OF_A_SERVANT:  # no text is read beyond its end
        return False
    return bool(byte(a) == ord("a") and byte(a + 1) == ord("b") and byte(a + 2) == ord("d"))


@compiled
def _without_joined(
    a: int,
    count_a: int,
    b: int,
    count_b: int,
    data: int,
    ends: int,
    open_a: int,
    open_b: int,
) -> tuple[int, int]:
    """Return the open words without those that two of the other name make when written as one."""
    for i in range(count_a):
        if open_a & (1 << i):
            pair = _makes(int32_at(a, i), b, count_b, data, ends, open_b)
            if pair:
                open_a &= ~(1 << i)
                open_b &= ~pair
    for j in range(count_b):
        if open_b & (1 << j):
            pair = _makes(int32_at(b, j), a, count_a, data, ends, open_a)
            if pair:
                open_b &= ~(1 << j)
                open_a &= ~pair
    return open_a, open_b


@compiled
def _makes(word: int, b: int, count: int, data: int, ends: int, opened: int) -> int:
    """Return the bits of two open words of a name that make a word, or 0."""
    whole, length = text_at(data, ends, word), length_of(ends, word)
    for j in range(count):
        first = length_of(ends, int32_at(b, j))
        if opened & (1 << j) and first < length:
            if not _begins(whole, text_at(data, ends, int32_at(b, j)), first):
                continue
            for k in range(count):
                rest = length_of(ends, int32_at(b, k))
                fills = k != j and opened & (1 << k) and first + rest == length
                if fills and _begins(whole + first, text_at(data, ends, int32_at(b, k)), rest):
                    return (1 << j) | (1 << k)
    return 0


@compiled
def _begins(a: int, b: int, length: int) -> bool:
    for k in range(length):
        if byte(a + k) != byte(b + k):
            return False
    return True
