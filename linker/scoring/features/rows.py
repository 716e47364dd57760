"""Some rows of packed mentions: packed anew by themselves, or unpacked to the values they hold.

Packed mentions may be mapped from disk and many; what these functions cost grows with the rows that
are asked for, but for a pass over some bytes a string where rows are packed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
import polars as pl
import pyarrow as pa

from linker.compiled import compiled_once
from linker.schemas import Schema
from linker.scoring.features.pack import (
    NOTHING,
    Bools,
    Bytes,
    Features,
    Int32s,
    Int64s,
    Rows,
)
from linker.scoring.functions.dates import every_day_of
from linker.scoring.functions.text import READABLE

A = TypeVar("A")
B = TypeVar("B")


def some_rows(features: Features, numbers: Int64s, threads: int = 1) -> Features:
    """Return some records packed by themselves, in the order asked; their codes are their own.

    Args:
        features: Packed mentions.
        numbers: Which of their rows.
        threads: How many threads take a part of the rows each.
    """
    rows = np.empty((len(numbers), features.layout.width), dtype=np.int32)
    slots = features.layout.slots.values()
    texts = np.array([slot.place for slot in slots if slot.form == "text"], dtype=np.int64)
    listed = np.array([slot.place for slot in slots if slot.form == "list"], dtype=np.int64)
    used = np.zeros(len(features.owner), dtype=np.bool_)

    def take(part: slice) -> Int32s:
        places = texts, listed
        return _taken(features.rows, numbers[part], rows[part], places, features.lists, used)

    parts = _parts(len(numbers), threads)
    held = _in_parts(take, parts)
    codes = np.cumsum(used, dtype=np.int32) - np.int32(1)
    begun = np.cumsum([0, *map(len, held)]).tolist()

    def recode(place: int) -> None:
        _recode(rows[parts[place]], texts, listed, codes, held[place], begun[place])

    _in_parts(recode, range(len(parts)))
    kept = np.flatnonzero(used)
    data, ends = _strings_of(features, kept, threads)
    return replace(
        features,
        rows=rows,
        lists=np.concatenate(held),
        data=data,
        ends=ends,
        owner=features.owner[kept],
    )


def _parts(count: int, threads: int) -> list[slice]:
    """Return as many parts of so many places as there are threads."""
    bounds = np.linspace(0, count, threads + 1).astype(np.int64).tolist()
    return [slice(start, stop) for start, stop in pairwise(bounds)]


def _in_parts(work: Callable[[B], A], parts: Sequence[B]) -> list[A]:
    """Return what some work gives of each part, a thread each."""
    if len(parts) == 1:
        return [work(parts[0])]
    with ThreadPoolExecutor(len(parts)) as pool:
        return list(pool.map(work, parts))


def _strings_of(features: Features, codes: Int64s, threads: int) -> tuple[Bytes, Int64s]:
    """Return the bytes of the strings of some codes, as many more as are read, and their starts."""
    ends = np.zeros(len(codes) + 1, dtype=np.int64)
    np.cumsum(features.ends[codes + 1] - features.ends[codes], out=ends[1:])
    data = np.zeros(ends[-1] + READABLE, dtype=np.uint8)

    def copy(part: slice) -> None:
        _copied(features.data, features.ends, codes[part], ends[part], data)

    _in_parts(copy, _parts(len(codes), threads))
    return data, ends


def unpacked(
    features: Features, columns: Iterable[str], schema: Schema, numbers: Int64s | None = None
) -> pl.DataFrame:
    """Return the values of some columns, a row a record.

    Args:
        features: Packed mentions.
        columns: Packed columns.
        schema: Their types.
        numbers: Which of the rows, in the order asked; all unless given.
    """
    part = features if numbers is None else replace(features, rows=features.rows[numbers])
    return pl.DataFrame([_column(part, name, schema[name]) for name in columns])


def _column(features: Features, name: str, dtype: pl.DataType) -> pl.Series:
    slot = features.layout.slots[name]
    values = features.rows[:, slot.place]
    if slot.form == "number":
        return pl.Series(name, values).cast(dtype).set(pl.Series(values == NOTHING), None)
    if slot.form == "date":
        days = every_day_of(np.ascontiguousarray(values))
        return pl.Series(name, days).set(pl.Series(values == NOTHING), None).cast(dtype)
    if slot.form == "text":
        texts = pl.from_arrow(_strings(features, values))
        return pl.Series(name, texts, dtype=dtype)
    counts = features.rows[:, slot.place + 1].copy()
    held = _strings(features, _held(features.lists, values.copy(), counts))
    ends = np.concatenate([[0], np.cumsum(np.maximum(counts, 0), dtype=np.int64)])
    lists = pa.LargeListArray.from_arrays(
        pa.array(ends, type=pa.int64()), held, mask=pa.array(counts < 0)
    )
    return pl.Series(name, pl.from_arrow(lists), dtype=dtype)


def _strings(features: Features, codes: Int32s) -> pa.LargeStringArray:
    missing = codes < 0
    if not len(features.owner):
        return pa.nulls(len(codes), pa.large_string())
    indices = pa.array(np.where(missing, 0, codes), mask=missing)
    every = pa.LargeStringArray.from_buffers(
        len(features.owner), pa.py_buffer(features.ends), pa.py_buffer(features.data)
    )
    return every.take(indices)


@compiled_once
def _taken(
    every: Rows,
    numbers: Int64s,
    rows: Rows,
    places: tuple[Int64s, Int64s],
    lists: Int32s,
    used: Bools,
) -> Int32s:
    """Copy rows and mark the codes that they use; return those of their lists.

    The copies say where their lists start among what is returned.

    Args:
        every: All rows.
        numbers: Which are taken.
        rows: Filled with these.
        places: The places in a row of texts, and of lists.
        lists: The codes of all lists.
        used: By code, whether some row uses it; set, never unset, so that threads may share it.
    """
    texts, listed = places
    total = np.int64(0)
    for record in range(len(numbers)):
        number = numbers[record]
        for column in range(rows.shape[1]):
            rows[record, column] = every[number, column]
        for place in listed:
            total += max(rows[record, place + 1], 0)
    held = np.empty(total, dtype=np.int32)
    filled = 0
    for record in range(len(rows)):
        for place in texts:
            code = rows[record, place]
            if code >= 0:
                used[code] = True
        for place in listed:
            first = rows[record, place]
            rows[record, place] = filled
            for at in range(first, first + max(rows[record, place + 1], 0)):
                code = lists[at]
                used[code] = True
                held[filled] = code
                filled += 1
    return held


@compiled_once
def _recode(
    rows: Rows, texts: Int64s, listed: Int64s, codes: Int32s, held: Int32s, begun: int
) -> None:
    """Give the texts of rows, and the lists they hold, other codes, in place.

    Args:
        rows: The rows.
        texts: The places in a row of texts.
        listed: Those of lists, which start so much later.
        codes: By code, the other one.
        held: The codes of their lists.
        begun: How many codes of lists come before.
    """
    for record in range(len(rows)):
        for place in texts:
            code = rows[record, place]
            if code >= 0:
                rows[record, place] = codes[code]
        for place in listed:
            rows[record, place] += begun
    for at in range(len(held)):
        held[at] = codes[held[at]]


@compiled_once
def _copied(data: Bytes, ends: Int64s, codes: Int64s, starts: Int64s, into: Bytes) -> None:
    """Copy the strings of some codes to where each starts."""
    for place in range(len(codes)):
        first, start = ends[codes[place]], starts[place]
        for at in range(ends[codes[place] + 1] - first):
            into[start + at] = data[first + at]


@compiled_once
def _held(lists: Int32s, firsts: Int32s, counts: Int32s) -> Int32s:
    """Return the codes of some lists one after the other."""
    total = np.int64(0)
    for record in range(len(counts)):
        total += max(counts[record], 0)
    found = np.empty(total, dtype=np.int32)
    filled = 0
    for record in range(len(firsts)):
        for place in range(firsts[record], firsts[record] + max(counts[record], 0)):
            found[filled] = lists[place]
            filled += 1
    return found
