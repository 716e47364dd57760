"""Stable 64-bit hashes of texts and numbers, and of keys made of several of them.

A hash depends on its input alone: not on the machine, the process, or the version of any library,
since keys are stored and compared between runs. Texts are hashed as UTF-8 by FNV-1a (Fowler, Noll
and Vo; draft-eastlake-fnv, section 2), whose bits are then mixed by the finaliser of splitmix64
(Steele, Lea and Flood 2014), so that keys spread evenly over the 64-bit numbers. A number is hashed
by the finaliser alone.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from linker.compiled import compiled, compiled_once

HASH_VERSION: Final = "fnv1a-splitmix64/1"
"""Named beside stored keys; keys of another hash can never meet these."""

UInt64s = np.ndarray[tuple[int], np.dtype[np.uint64]]
Int64s = np.ndarray[tuple[int], np.dtype[np.int64]]
Int32s = np.ndarray[tuple[int], np.dtype[np.int32]]
Bytes = np.ndarray[tuple[int], np.dtype[np.uint8]]
Bools = np.ndarray[tuple[int], np.dtype[np.bool_]]

NO_HASH: Final = 0
"""Stands for what is missing; nothing present has it."""
EVERY_CHARACTER: Final = 1 << 30
"""As a prefix length: the whole text."""

_FNV_BASIS = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_UPPER_BITS = 0xC0
_CONTINUING = 0x80
"""The two upper bits of a byte that does not begin a code point."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@compiled
def mixed(value: np.uint64) -> np.uint64:
    """Return the bits of a number mixed; a bijection."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@compiled
def _present(value: np.uint64) -> np.uint64:
    return value if value != np.uint64(NO_HASH) else np.uint64(1)


@compiled_once
def hash_texts(data: Bytes, offsets: Int64s, known: Bytes, characters: int) -> UInt64s:
    """Return the hash of the first `characters` code points of texts, `NO_HASH` where empty.

    Args:
        data: The bytes of all texts.
        offsets: Where each text starts, and where the last one ends.
        known: 0 where a text is missing.
        characters: How much of each text counts.
    """
    hashes = np.zeros(len(offsets) - 1, dtype=np.uint64)
    for text in range(len(hashes)):
        start, end = offsets[text], offsets[text + 1]
        if start == end or known[text] == 0:
            continue
        value = _FNV_BASIS
        seen = 0
        for place in range(start, end):
            byte = data[place]
            if byte & _UPPER_BITS != _CONTINUING:
                if seen == characters:
                    break
                seen += 1
            value = (value ^ np.uint64(byte)) * _FNV_PRIME
        hashes[text] = _present(mixed(value))
    return hashes


@compiled_once
def hash_numbers(values: Int64s, known: Bytes) -> UInt64s:
    """Return the hash of whole numbers, `NO_HASH` where missing."""
    hashes = np.zeros(len(values), dtype=np.uint64)
    for place in range(len(values)):
        if known[place] != 0:
            hashes[place] = _present(mixed(np.uint64(values[place]) + _GOLDEN))
    return hashes


@compiled_once
def joined_keys(
    keys: UInt64s, records: Int32s, part: UInt64s, offsets: Int64s
) -> tuple[UInt64s, Int32s]:
    """Return keys extended by one more part; a record that lacks the part has no key any more.

    Args:
        keys: Keys so far.
        records: The record of each.
        part: The part's hashes: of each record, or, with `offsets`, of all values of all lists.
        offsets: Where the list of each record starts, and where the last one ends; empty where the
            part is no list.
    """
    several = len(offsets) > 0
    count = 0
    for place in range(len(keys)):
        record = records[place]
        if several:
            for value in range(offsets[record], offsets[record + 1]):
                count += part[value] != np.uint64(NO_HASH)
        else:
            count += part[record] != np.uint64(NO_HASH)
    longer = np.empty(count, dtype=np.uint64)
    whose = np.empty(count, dtype=np.int32)
    filled = 0
    for place in range(len(keys)):
        record = records[place]
        first = offsets[record] if several else record
        last = offsets[record + 1] if several else record + 1
        for value in range(first, last):
            if part[value] != np.uint64(NO_HASH):
                longer[filled] = mixed(keys[place] * _GOLDEN + part[value])
                whose[filled] = record
                filled += 1
    return longer, whose


@compiled_once
def folded(hashes: UInt64s, part: UInt64s, offsets: Int64s, salt: np.uint64) -> UInt64s:
    """Return the hashes of records with one more part folded in; what is missing changes nothing.

    Args:
        hashes: The hash of each record so far.
        part: The part's hashes: of each record, or, with `offsets`, of all values of all lists.
        offsets: Where the list of each record starts, and where the last one ends; empty where the
            part is no list.
        salt: What tells this part from others.
    """
    several = len(offsets) > 0
    found = np.empty(len(hashes), dtype=np.uint64)
    for record in range(len(hashes)):
        first = offsets[record] if several else record
        last = offsets[record + 1] if several else record + 1
        value = hashes[record]
        for place in range(first, last):
            if part[place] != np.uint64(NO_HASH):
                value = mixed(value * _GOLDEN + (part[place] ^ salt))
        found[record] = value
    return found
