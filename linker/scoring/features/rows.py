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
    Features,
    Int32s,
    Int64s,
    joined_strings,
    recoded,
)
from linker.scoring.functions.dates import every_day_of


def some_rows(features: Features, numbers: Int64s) -> Features:
    """Return some records packed by themselves, in the order asked; their codes are their own.

    Args:
        features: Packed mentions.
        numbers: Which of their rows.
    """
    layout = features.layout
    part = replace(features, rows=features.rows[numbers], lists=np.empty(0, dtype=np.int32))
    rows = part.rows
    used = np.zeros(len(features.owner) + 1, dtype=np.bool_)
    lists: list[Int32s] = [np.empty(0, dtype=np.int32)]
    begun = 0
    for slot in layout.slots.values():
        if slot.form == "text":
            used[rows[:, slot.place]] = True
        elif slot.form == "list":
            held = _held(features.lists, rows[:, slot.place].copy(), rows[:, slot.place + 1].copy())
            used[held] = True
            counts = np.maximum(rows[:, slot.place + 1], 0)
            rows[:, slot.place] = begun + np.cumsum(counts, dtype=np.int64) - counts
            lists.append(held)
            begun += len(held)
    used[-1] = False  # what is missing has no code
    kept = np.flatnonzero(used)
    codes = np.cumsum(used, dtype=np.int32) - np.int32(1)
    codes[-1] = -1
    data, ends = joined_strings([features.strings(kept)])
    held = np.concatenate(lists)
    return replace(
        part,
        rows=recoded(part, codes, 0),
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
