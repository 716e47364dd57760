"""Which mentions share keys with a question, from mapped files of many segments, in one pass.

The arrays of all segments are handed over as addresses: a compiled function takes any number of
them so, and asks none of the interpreter. Whoever calls keeps the arrays alive.

Keys are hashes, spread evenly: a search guesses where a key lies by its value, looks around there,
and halves only what is left (interpolation search; Perl, Itai and Avni 1978).
"""

from __future__ import annotations

import numpy as np

from linker.blocking.hashing import Bytes, Int32s, Int64s, UInt64s
from linker.compiled import compiled, compiled_once
from linker.scoring.functions.memory import int32_at, int64_at

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Table = np.ndarray[tuple[int, int, int], np.dtype[np.int64]]
"""By name of keys and segment: the address of its keys, of their mentions, and how many."""
Spans = np.ndarray[tuple[int, int, int], np.dtype[np.int64]]
"""By asked key and segment: where its mentions start and end."""

KEYS, MENTIONS, LENGTH = 0, 1, 2
"""The last places of a `Table`."""
_GUESSED = 64
"""Places around a guess that are looked at before halving."""
_EMPTY = -1
_MARKS = 1 << 18
"""Bits, as many as a processor has at hand: they tell of most mentions that they were not met."""


@compiled
def _key_at(keys: int, place: int) -> np.uint64:
    return np.uint64(int64_at(keys, place))


@compiled
def _lower(keys: int, low: int, high: int, key: np.uint64) -> int:
    """Return the first place from `low` on, before `high`, whose key is not below `key`."""
    while low < high:
        middle = (low + high) // 2
        if _key_at(keys, middle) < key:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _upper(keys: int, low: int, high: int, key: np.uint64) -> int:
    """Return the first place from `low` on, before `high`, whose key is above `key`."""
    step = 1
    while low + step <= high and _key_at(keys, low + step - 1) <= key:
        low += step
        step *= 2
    high = min(high, low + step)
    while low < high:
        middle = (low + high) // 2
        if _key_at(keys, middle) <= key:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _first(keys: int, length: int, key: np.uint64) -> int:
    """Return the first place whose key is not below `key`."""
    guess = int(float(key) / 18446744073709551616.0 * length)
    width = _GUESSED
    low, high = max(min(guess, length) - width, 0), min(guess + width, length)
    while low > 0 and _key_at(keys, low) >= key:
        width *= 4
        low = max(guess - width, 0)
    width = _GUESSED
    while high < length and _key_at(keys, high - 1 if high > 0 else 0) < key:
        width *= 4
        high = min(guess + width, length)
    return _lower(keys, low, high, key)


@compiled_once
def spans_of(table: Table, names: Int32s, asked: UInt64s) -> Spans:
    """Return where each asked key lies in each segment.

    Args:
        table: The addresses of keys.
        names: The name of each asked key, by its place in the table.
        asked: The keys.
    """
    segments = table.shape[1]
    spans = np.zeros((len(asked), segments, 2), dtype=np.int64)
    for number in range(len(asked)):
        for segment in range(segments):
            keys = table[names[number], segment, KEYS]
            length = table[names[number], segment, LENGTH]
            if length == 0:
                continue
            first = _first(keys, length, asked[number])
            spans[number, segment, 0] = first
            spans[number, segment, 1] = _upper(keys, first, length, asked[number])
    return spans


@compiled
def _is_there(mention: int, bits: Bytes) -> bool:
    byte = mention >> 3
    return byte < len(bits) and bool(bits[byte] >> (mention & 7) & 1)


@compiled_once
def members_of(table: Table, names: Int32s, spans: Spans, there: Bytes) -> tuple[Int32s, Int64s]:
    """Return the mentions of each asked key that are there, and where those of each key start.

    Args:
        table: The addresses of keys and mentions.
        names: The name of each asked key.
        spans: What `spans_of` returned.
        there: A bit a mention: which of them count.
    """
    starts = np.zeros(len(names) + 1, dtype=np.int64)
    for number in range(len(names)):
        count = 0
        for segment in range(table.shape[1]):
            mentions = table[names[number], segment, MENTIONS]
            for place in range(spans[number, segment, 0], spans[number, segment, 1]):
                count += _is_there(int32_at(mentions, place), there)
        starts[number + 1] = starts[number] + count
    found = np.empty(starts[-1], dtype=np.int32)
    filled = 0
    for number in range(len(names)):
        for segment in range(table.shape[1]):
            mentions = table[names[number], segment, MENTIONS]
            for place in range(spans[number, segment, 0], spans[number, segment, 1]):
                mention = int32_at(mentions, place)
                if _is_there(mention, there):
                    found[filled] = mention
                    filled += 1
    return found, starts


@compiled
def _mixed(mention: int) -> np.uint64:
    return np.uint64(mention) * np.uint64(0x9E3779B97F4A7C15)


@compiled
def _marked(marks: UInt64s, mention: int) -> bool:
    """Whether a mention may have been met; its highest mixed bits are a number below `_MARKS`."""
    mark = _mixed(mention) >> np.uint64(46)
    return bool(marks[mark >> np.uint64(6)] >> (mark & np.uint64(63)) & np.uint64(1))


@compiled
def _mark(marks: UInt64s, mention: int) -> None:
    mark = _mixed(mention) >> np.uint64(46)
    marks[mark >> np.uint64(6)] |= np.uint64(1) << (mark & np.uint64(63))


@compiled_once
def candidates_of(  # noqa: C901 - one loop
    table: Table,
    names: Int32s,
    spans: Spans,
    order: Int64s,
    worth: Floats,
    there: Bytes,
    most: int,
) -> tuple[Int32s, Floats, int]:
    """Return the mentions that share a key, each once, and what the shared keys are worth together.

    Keys are gone through in order. Once `most` mentions are found no new one is taken in; keys
    that only repeat what is known still count for it.

    Args:
        table: The addresses of keys and mentions.
        names: The name of each asked key.
        spans: What `spans_of` returned.
        order: The asked keys, the rarest first.
        worth: What sharing each key is worth.
        there: A bit a mention: which of them count.
        most: So many mentions at most.

    Returns:
        The mentions, in the order they were met; what each one's keys are worth; and how many
        places of keys were passed over.
    """
    size = 64
    while size < 3 * most:
        size *= 2
    slots = np.full(size, _EMPTY, dtype=np.int32)
    marks = np.zeros(_MARKS // 64, dtype=np.uint64)
    found = np.empty(most, dtype=np.int32)
    gained = np.zeros(most)
    filled, passed = 0, 0
    for at in range(len(order)):
        number = order[at]
        for segment in range(table.shape[1]):
            mentions = table[names[number], segment, MENTIONS]
            first, last = spans[number, segment, 0], spans[number, segment, 1]
            if filled == most and last - first > 16 * most:
                passed += last - first
                continue
            for place in range(first, last):
                mention = int32_at(mentions, place)
                if filled == most and not _marked(marks, mention):
                    passed += _is_there(mention, there)
                    continue
                if not _is_there(mention, there):
                    continue
                slot = _mixed(mention) >> np.uint64(20) & np.uint64(size - 1)
                while slots[slot] != _EMPTY and found[slots[slot]] != mention:
                    slot = np.uint64(slot + np.uint64(1)) & np.uint64(size - 1)
                if slots[slot] == _EMPTY:
                    if filled == most:
                        passed += 1
                        continue
                    slots[slot] = filled
                    found[filled] = mention
                    filled += 1
                    _mark(marks, mention)
                gained[slots[slot]] += worth[number]
    return found[:filled], gained[:filled], passed
