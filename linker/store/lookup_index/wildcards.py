"""The values of a column that fit a pattern: one pass over its distinct strings.

Nearly all strings are told apart by eight bytes at once: those that the pattern knows before its
first ``*``, and those behind its last one.
"""

from __future__ import annotations

import numpy as np

from linker.compiled import compiled, compiled_once
from linker.scoring.features.pack import Bytes, Int64s
from linker.scoring.functions.memory import int64_at

_ANY, _ONE = ord("*"), ord("?")
_WORD = 8
"""Bytes that are compared at once."""


def fitting(
    data: Bytes, ends: Int64s, first: int, last: int, pattern: str, most: int
) -> tuple[Int64s, int]:
    """Return the codes from `first` to before `last` whose strings fit, and how many there are.

    Args:
        data: The bytes of all strings, and some more.
        ends: Where each string starts, and where the last one ends.
        first: The first code.
        last: The code to stop before.
        pattern: ASCII; ``?`` is one character and ``*`` any number of them.
        most: So many codes are returned at most; the others are counted.
    """
    told = np.frombuffer(pattern.encode("ascii"), dtype=np.uint8).copy()
    head, _, _ = pattern.partition("*")
    _, _, tail = pattern.rpartition("*")
    tail = tail[-_WORD:]
    anchors = np.array(
        [*_known(head[:_WORD]), *(_known(tail.rjust(_WORD, "?")))],
        dtype=np.int64,
    )
    return _fitting(data, ends, first, last, told, anchors, most)


def _known(part: str) -> tuple[int, int]:
    """Return up to eight bytes as one number, and the mask of those that are known."""
    known = bytes(0 if character == "?" else ord(character) for character in part)
    mask = bytes(0 if character == "?" else 0xFF for character in part)
    return tuple(  # type: ignore[return-value]
        int.from_bytes(one.ljust(_WORD, b"\0"), "little", signed=True) for one in (known, mask)
    )


@compiled
def _fits(data: Bytes, start: int, end: int, pattern: Bytes) -> bool:
    """Whether a string fits: on a mismatch the last ``*`` takes one character more."""
    place, at = start, 0
    star, resume = -1, start
    while place < end:
        if at < len(pattern) and (pattern[at] == _ONE or pattern[at] == data[place]):
            place += 1
            at += 1
        elif at < len(pattern) and pattern[at] == _ANY:
            star, resume = at, place
            at += 1
        elif star >= 0:
            resume += 1
            place, at = resume, star + 1
        else:
            return False
    while at < len(pattern) and pattern[at] == _ANY:
        at += 1
    return at == len(pattern)


@compiled_once
def _fitting(
    data: Bytes, ends: Int64s, first: int, last: int, pattern: Bytes, anchors: Int64s, most: int
) -> tuple[Int64s, int]:
    """Return what `fitting` does.

    Args:
        data: The bytes of all strings, and some more.
        ends: Where each string starts, and where the last one ends.
        first: The first code.
        last: The code to stop before.
        pattern: The pattern.
        anchors: The bytes that a string must begin with, and their mask; the bytes that it must
            end in, and theirs.
        most: So many codes are returned at most.
    """
    shortest = 0
    for at in range(len(pattern)):
        shortest += pattern[at] != _ANY
    longest = shortest if shortest == len(pattern) else np.int64(1) << 62
    head, head_mask, tail, tail_mask = anchors
    address = data.ctypes.data
    found = np.empty(most, dtype=np.int64)
    count = 0
    for code in range(first, last):
        start, end = ends[code], ends[code + 1]
        if (int64_at(address + start, 0) ^ head) & head_mask:
            continue
        if end >= _WORD and (int64_at(address + end - _WORD, 0) ^ tail) & tail_mask:
            continue
        if shortest <= end - start <= longest and _fits(data, start, end, pattern):
            if count < most:
                found[count] = code
            count += 1
    return found[: min(count, most)], count
