"""Texts and lists put where compiled functions read them: at addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from linker.scoring.functions.bits import Bytes
from linker.scoring.functions.text import READABLE

Sides = tuple[int, int, int, int]
"""What functions of two texts or lists take: address and length or count, twice."""


def address_of(array: np.ndarray, place: int = 0) -> int:
    """The address of an element; whoever asks keeps the array alive."""
    return int(array.ctypes.data) + place * array.itemsize


def on_texts(function: Callable[..., object], left: str, right: str, *more: object) -> object:
    """Call a function of two texts, with other bytes before and after them."""
    return on_bytes(function, left.encode(), right.encode(), *more)


def on_bytes(
    function: Callable[..., object], left: bytes, right: bytes, *more: object, around: bytes = b"ab"
) -> object:
    """Call a function of two texts with such bytes around them, over and over after them."""
    after = (around * READABLE)[:READABLE]
    array = np.frombuffer(around + left + right + after, np.uint8).copy()
    first = len(around)
    places = address_of(array, first), len(left), address_of(array, first + len(left)), len(right)
    return function(*places, *more)


def dictionary(texts: Iterable[str]) -> tuple[Bytes, np.ndarray]:
    """The bytes of some texts, as many more as are read, and where each text starts."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *(len(each) for each in encoded)]).astype(np.int64)
    return np.frombuffer(b"".join(encoded) + bytes(READABLE), np.uint8).copy(), ends
