"""Lists of texts compared: a list is `codes[start:start + count]` of an int32 array.

A code stands for one distinct text, and a list holds none twice. A null list has the count -1;
the code of a null text is -1, which is in no list.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from linker.scoring.functions.bits import Bytes
from linker.scoring.functions.compiled import compiled
from linker.scoring.functions.text import jaro_winkler_reaches

Codes = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]

NO_TEXT = -1
"""The code of a null text."""


@compiled
def contains(code: np.int32 | int, b: Codes, b0: int, bn: int) -> bool:
    """Say whether the text is in the list."""
    if code == NO_TEXT:
        return False
    for j in range(b0, b0 + bn):
        if b[j] == code:
            return True
    return False


@compiled
def common(a: Codes, a0: int, an: int, b: Codes, b0: int, bn: int) -> int:
    """Return how many texts are in both lists."""
    number = 0
    for i in range(a0, a0 + an):
        number += contains(a[i], b, b0, bn)
    return number


@compiled
def overlaps(a: Codes, a0: int, an: int, b: Codes, b0: int, bn: int, at_least: int) -> bool:
    """Say whether at least so many texts are in both lists; of a null list that is never so."""
    if min(an, bn) < max(at_least, 0):
        return False
    return common(a, a0, an, b, b0, bn) >= at_least


@compiled
def alike_in_lists(
    a: Codes,
    a0: int,
    an: int,
    b: Codes,
    b0: int,
    bn: int,
    data: Bytes,
    ends: Offsets,
    least: float,
) -> bool:
    """Say whether some text of one list has some Jaro-Winkler similarity with one of the other.

    The text of a code is `data[ends[code]:ends[code + 1]]`.
    """
    for i in range(a0, a0 + an):
        filled = a[i] != NO_TEXT and ends[a[i]] < ends[a[i] + 1]
        if filled and least <= 1.0 and contains(a[i], b, b0, bn):
            return True
    for i in range(a0, a0 + an):
        for j in range(b0, b0 + bn):
            if a[i] == NO_TEXT or b[j] == NO_TEXT:
                continue
            if jaro_winkler_reaches(
                data, ends[a[i]], ends[a[i] + 1], data, ends[b[j]], ends[b[j] + 1], least
            ):
                return True
    return False
