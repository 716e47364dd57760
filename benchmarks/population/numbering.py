"""Numbers and short codes: ids that never repeat, and patterns of letters and figures."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import polars as pl

from benchmarks.population.draws import Ints

_LETTERS: Final = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)
_FIGURES: Final = np.frombuffer(b"0123456789", dtype=np.uint8)


def scrambled(numbers: Ints, size: int) -> Ints:
    """Return the numbers 0 to `size` - 1 in another order, so that neighbours lie far apart.

    Args:
        numbers: Different numbers below `size`; they stay different.
        size: How many numbers there are, below 3e9.
    """
    factor = max(1, int(size * 0.6180339887))
    while math.gcd(factor, size) != 1:
        factor += 1
    return numbers % size * factor % size


def coded(rng: np.random.Generator, rows: int, pattern: str) -> pl.Series:
    """Return random codes such as ``KTM4821`` for the pattern ``AAA####``.

    Args:
        rng: Where chance comes from.
        rows: How many.
        pattern: ``A`` stands for a letter, ``#`` for a figure, anything else for itself.
    """
    characters = np.empty((rows, len(pattern)), dtype=np.uint8)
    for place, character in enumerate(pattern):
        if character == "A":
            characters[:, place] = _LETTERS[rng.integers(0, 26, rows)]
        elif character == "#":
            characters[:, place] = _FIGURES[rng.integers(0, 10, rows)]
        else:
            characters[:, place] = ord(character)
    text = np.ascontiguousarray(characters).view(f"S{len(pattern)}").ravel()
    return pl.Series(text.astype(f"U{len(pattern)}"))


def padded(numbers: Ints | pl.Series, width: int) -> pl.Series:
    """Return numbers as texts of at least `width` figures."""
    return pl.Series(numbers).cast(pl.String).str.zfill(width)
