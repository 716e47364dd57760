"""Some rows of packed mentions: packed anew by themselves, or unpacked to the values they hold.

Packed mentions may be mapped from disk and many; what these functions cost grows with the rows that
are asked for, but for a pass over some bytes a string where rows are packed anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import polars as pl
import pyarrow as pa

from linker.compiled import compiled_once
from linker.schemas import Schema
from linker.scoring.features.pack import (
    NOTHING,
    Bools,
    Features,
    Int32s,
    Int64s,
    Rows,
    joined_strings,
)
from linker.scoring.functions.dates import every_day_of


def some_rows(features: Features, numbers: Int64s) -> Features:
    """Return some records packed by themselves, in the order asked; their codes are their own.

    Args:
        features: Packed mentions.
        numbers: Which of their rows.
    """
    rows = features.rows[numbers]
    slots = features.layout.slots.values()
    texts = np.array([slot.place for slot in slots if slot.form == "text"], dtype=np.int64)
    listed = np.array([slot.place for slot in slots if slot.form == "list"], dtype=np.int64)
    used = np.zeros(len(features.owner), dtype=np.bool_)
    held = _used(rows, texts, listed, features.lists, used)
    kept = np.flatnonzero(used)
    codes = np.cumsum(used, dtype=np.int32) - np.int32(1)
    _recode(rows, texts, codes)
    data, ends = joined_strings([features.strings(kept)])
    return replace(
        features,
        rows=rows,
        lists=codes[held] if len(held) else held,
        data=data,
        ends=ends,
        owner=features.owner[kept],
    )


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
def _used(rows: Rows, texts: Int64s, listed: Int64s, lists: Int32s, used: Bools) -> Int32s:
    """Mark the codes that rows use; return those of their lists, where rows say now they start."""
    total = 0
    for record in range(len(rows)):
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
def _recode(rows: Rows, texts: Int64s, codes: Int32s) -> None:
    """Give the texts of rows other codes, in place."""
    for record in range(len(rows)):
        for place in texts:
            code = rows[record, place]
            if code >= 0:
                rows[record, place] = codes[code]


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
