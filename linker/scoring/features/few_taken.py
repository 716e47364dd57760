"""Taking rows of a packed set in among others: compiled, and waiting for memory seldom.

A set of millions of records lies in memory that is nowhere near the processor, and where a string
lies is told by what has to be read before. So a few rows at a time are gone through several times:
what the next time will read is asked for early, and has come when it is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from linker.compiled import compiled, compiled_once
from linker.scoring.features.pack import Bytes, Int32s, Int64s, Rows
from linker.scoring.features.term_logs import Floats
from linker.scoring.functions.memory import float_at, int32_at, int64_at, prefetch
from linker.scoring.functions.text import READABLE

UInt64s = np.ndarray[tuple[int], np.dtype[np.uint64]]
LogTable = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Bounds = np.ndarray[tuple[int, int], np.dtype[np.int64]]

AHEAD = 12
"""Rows that are asked for before they are copied."""
AT_ONCE = 16
"""Rows whose strings are taken in together."""
LINE = 64
"""Bytes that memory gives at once."""
WORD, COPIED = 8, 16
"""Bytes that are hashed, and copied, at once."""


class Set(NamedTuple):
    """The arrays of a packed set that are read; its rows are copied before."""

    lists: Int32s
    data: Bytes
    ends: Int64s
    logs: Floats


class Places(NamedTuple):
    """The places in a row of texts and of lists, and the group of columns of each."""

    texts: Int64s
    text_groups: Int64s
    listed: Int64s
    list_groups: Int64s
    left_out: Int64s
    """The places of others, which are emptied."""


class Columns(NamedTuple):
    """The columns with term frequencies, group by group."""

    firsts: Int64s
    """By group, where its columns start in `numbers`."""
    numbers: Int64s
    bounds: Bounds
    """By the number of a column, where its stretch of the set's logarithms is."""


class Strings(NamedTuple):
    """The strings met so far, by what they say: their codes and hashes, -1 where there is none."""

    codes: Int32s
    hashes: UInt64s


class Room(NamedTuple):
    """Where the rows taken in go."""

    rows: Rows
    lists: Int32s
    ends: Int64s
    owner: Bytes
    logs: LogTable
    """By column with term frequencies and code; of another group's code nothing is told."""
    filled: Int64s
    """How many codes of lists, codes and bytes there are."""


@compiled_once
def copied_rows(rows: Rows, numbers: Int64s, places: Places, into: Rows, first: int) -> int:
    """Copy some rows of a set, and return how many codes their lists have.

    Args:
        rows: Those of the set.
        numbers: Which of them.
        places: The places in a row that matter.
        into: Where they go.
        first: From which row on.
    """
    address, width = rows.ctypes.data, rows.shape[1]
    held = 0
    for at in range(len(numbers)):
        if at + AHEAD < len(numbers):
            for line in range(0, 4 * width, LINE):
                prefetch(address + 4 * width * numbers[at + AHEAD] + line)
        for place in range(width):
            into[first + at, place] = rows[numbers[at], place]
        for start in places.listed:
            held += max(int(into[first + at, start + 1]), 0)
        for left_out in places.left_out:
            into[first + at, left_out] = -1
    return held


@intrinsic
def _any_word(_context: Any, _address: Any) -> Any:  # noqa: ANN401 - numba's protocol
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        pointer = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        return builder.load(pointer, align=1)

    return types.uint64(types.int64), generate


_word_at = cast("Callable[[int], np.uint64]", _any_word)
"""The eight bytes that begin at an address, which need not be a multiple of anything."""


@intrinsic
def _copy_line(_context: Any, _address: Any, _into: Any) -> Any:  # noqa: ANN401 - numba's protocol
    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
        kind = ir.VectorType(ir.IntType(8), COPIED).as_pointer()
        source, into = (builder.inttoptr(address, kind) for address in arguments)
        builder.store(builder.load(source, align=1), into, align=1)
        return ir.Constant(ir.IntType(64), 0)

    return types.int64(types.int64, types.int64), generate


_copied_from = cast("Callable[[int, int], int]", _copy_line)
"""Copy `COPIED` bytes from an address to another one; gives 0."""


@compiled
def _hash(text: int, length: int, group: int) -> np.uint64:
    """Return the hash of a string of a group, eight bytes at a time.

    So many bytes may be read beyond its end.
    """
    value = np.uint64(0xCBF29CE484222325) ^ np.uint64(group * 1024 + length)
    for start in range(0, length, WORD):
        word = _word_at(text + start)
        if length - start < WORD:
            word &= (np.uint64(1) << np.uint64(8 * (length - start))) - np.uint64(1)
        value = (value ^ word) * np.uint64(0x9E3779B97F4A7C15)
        value ^= value >> np.uint64(29)
    return value ^ (value >> np.uint64(32))


@compiled
def _same(data: Bytes, start: int, other: Bytes, begin: int, length: int) -> bool:
    byte = 0
    while byte < length and data[start + byte] == other[begin + byte]:
        byte += 1
    return byte == length


@compiled_once
def taken_in(  # noqa: C901, PLR0912, PLR0915 - in one function; see below
    of: Set,
    span: tuple[int, int, int],
    what: tuple[Places, Columns],
    known: tuple[Strings, bool],
    room: Room,
    new_data: Bytes,
) -> Bytes:
    """Take in the strings of rows that were copied, and give the rows the new codes.

    All is done in one function: each array handed on to another would be counted, which takes
    longer than looking a code up.

    Args:
        of: Their set.
        span: The first of these rows, the one to stop before, and how many codes they may have.
        what: Which places have strings, and which columns have term frequencies.
        known: The strings met so far, and whether to remember those that come.
        room: Where everything goes.
        new_data: Where the bytes of strings go.

    Returns:
        The bytes, or all of them in a larger place.
    """
    places, columns = what
    strings, remember = known
    table, hashes = strings.codes, strings.hashes
    lists, data, ends, logs = of
    rows, new_lists, new_ends, new_owner, new_logs, filled = room
    first_row, stop, codes = span
    at_lists, at_data, at_ends, at_logs, at_new = (
        lists.ctypes.data,
        data.ctypes.data,
        ends.ctypes.data,
        logs.ctypes.data,
        new_data.ctypes.data,
    )
    size = 64
    while size < 2 * codes:
        size *= 2
    mask, wide = np.uint64(size - 1), np.uint64(len(table) - 1)
    # the codes of this set that were met, and their new ones
    met = np.full(size, -1, dtype=np.int32)
    news = np.empty(size, dtype=np.int32)
    slots = np.empty(codes, dtype=np.int32)
    fresh, groups = np.empty(codes, dtype=np.int32), np.empty(codes, dtype=np.int64)
    held, used, full = filled[0], filled[1], filled[2]
    texts, listed = len(places.texts), len(places.listed)
    for begin in range(first_row, stop, AT_ONCE):
        end = min(begin + AT_ONCE, stop)
        for row in range(begin, end):
            for number in range(listed):
                prefetch(at_lists + 4 * rows[row, places.listed[number]])
            for number in range(texts):
                if rows[row, places.texts[number]] >= 0:
                    prefetch(at_ends + 8 * rows[row, places.texts[number]])
        for row in range(begin, end):
            for number in range(listed):
                start = rows[row, places.listed[number]]
                for at in range(start, start + rows[row, places.listed[number] + 1]):
                    prefetch(at_ends + 8 * int32_at(at_lists, at))
        count, unread = 0, 0
        for row in range(begin, end):
            for number in range(texts + listed):
                if number < texts:
                    group = places.text_groups[number]
                    start = int(rows[row, places.texts[number]])
                    last = start + 1 if start >= 0 else start
                else:
                    group = places.list_groups[number - texts]
                    start = int(rows[row, places.listed[number - texts]])
                    last = start + rows[row, places.listed[number - texts] + 1]
                for at in range(start, last):
                    code = at if number < texts else int(int32_at(at_lists, at))
                    slot = (np.uint64(code) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(24)) & mask
                    while met[slot] >= 0 and met[slot] != code:
                        slot = (slot + np.uint64(1)) & mask
                    if met[slot] < 0:
                        met[slot] = code
                        fresh[unread], groups[unread] = slot, group
                        unread += 1
                        prefetch(at_data + int64_at(at_ends, code))
                        for column in range(columns.firsts[group], columns.firsts[group + 1]):
                            begun = columns.bounds[columns.numbers[column], 0]
                            prefetch(at_logs + 8 * (begun + code))
                    slots[count] = slot
                    count += 1
        for at in range(unread):
            slot = fresh[at]
            code, group = int(met[slot]), groups[at]
            start = int64_at(at_ends, code)
            length = int64_at(at_ends, code + 1) - start
            value = _hash(at_data + start, length, group)
            other = value & wide
            new = -1
            while table[other] >= 0:
                there = table[other]
                if (
                    hashes[other] == value
                    and new_owner[there] == group
                    and new_ends[there + 1] - new_ends[there] == length
                    and _same(data, start, new_data, new_ends[there], length)
                ):
                    new = int(there)
                    break
                other = (other + np.uint64(1)) & wide
            if new < 0:
                new = used
                used += 1
                if full + length + READABLE > len(new_data):
                    more = np.empty(2 * (len(new_data) + length), dtype=np.uint8)
                    more[:full] = new_data[:full]
                    new_data = more
                    at_new = new_data.ctypes.data
                for byte in range(0, length, COPIED):
                    _copied_from(at_data + start + byte, at_new + full + byte)
                full += length
                new_ends[new + 1] = full
                new_owner[new] = group
                for column in range(columns.firsts[group], columns.firsts[group + 1]):
                    new_logs[columns.numbers[column], new] = -np.inf
                if remember:
                    table[other] = new
                    hashes[other] = value
            for column in range(columns.firsts[group], columns.firsts[group + 1]):
                number = columns.numbers[column]
                place = columns.bounds[number, 0] + code
                if place < columns.bounds[number, 1]:
                    new_logs[number, new] = max(new_logs[number, new], float_at(at_logs, place))
            news[slot] = new
        count = 0
        for row in range(begin, end):
            for number in range(texts):
                if rows[row, places.texts[number]] >= 0:
                    rows[row, places.texts[number]] = news[slots[count]]
                    count += 1
            for number in range(listed):
                place = places.listed[number]
                rows[row, place] = held
                for _ in range(rows[row, place + 1]):
                    new_lists[held] = news[slots[count]]
                    held += 1
                    count += 1
    filled[0], filled[1], filled[2] = held, used, full
    return new_data
