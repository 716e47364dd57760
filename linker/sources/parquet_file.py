"""Parquet: columns of any type, as text.

Arrow makes the text, not Polars: given a damaged date it says so, where Polars ends with a panic.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from linker.sources.batch import Batch
from linker.sources.files import InputFile, require_columns

ROWS_AT_ONCE: Final = 65_536
LARGEST_WHOLE: Final = 2.0**63
"""Whole floats below it are written as integers."""
TEXT: Final = pa.large_string()
_ZERO_DECIMALS: Final = r"^(-?\d+)\.0+$"
_ZERO_FRACTION: Final = r"\.0+($|[+\-Z])"


def read_parquet(file: InputFile, wanted: Sequence[str]) -> Iterator[Batch]:
    """Yield the rows of a Parquet file; every row of it is sound, or none is.

    Dates and times become ISO 8601, whole floats integers, bytes hexadecimal digits, structures
    JSON; lists stay lists.

    Args:
        file: The file.
        wanted: The columns to read.

    Raises:
        SourceError: The file is damaged or cut short, or lacks a wanted column, or has it twice.
    """
    try:
        with pq.ParquetFile(file.path) as parquet:
            names = parquet.schema_arrow.names
            require_columns(file, wanted, names)
            count = 0
            for part in parquet.iter_batches(ROWS_AT_ONCE, columns=list(wanted)):
                part.validate(full=True)
                yield _batch(file, part, wanted, count)
                count += part.num_rows
    except (pa.ArrowException, OSError, ValueError, OverflowError, KeyError, MemoryError):
        # also what damaged lengths and dates end in, once Arrow has taken them for true
        raise file.refuse(
            "damaged or cut short, or no Parquet that can be read here; fetch or write it again"
        ) from None


def _batch(file: InputFile, part: pa.RecordBatch, wanted: Sequence[str], count: int) -> Batch:
    texts, lists = {}, {}
    for name in wanted:
        if part.schema.names.count(name) > 1:
            raise file.refuse(f"has two columns {name!r}; rename one")
        values = part.column(name)
        if _is_list(values.type):
            lists[name] = pl.Series(name, pl.from_arrow(_list_text(values)))
            values = pa.nulls(len(values))
        texts[name] = pl.Series(name, pl.from_arrow(_text(values)))
    rows = pl.int_range(count + 1, count + 1 + part.num_rows, eager=True, dtype=pl.Int64)
    return Batch(rows, pl.DataFrame(texts), pl.DataFrame(lists))


def _is_list(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(
        types.is_list(kind)
        or types.is_large_list(kind)
        or types.is_fixed_size_list(kind)
        or types.is_list_view(kind)
        or types.is_large_list_view(kind)
    )


def _list_text(values: pa.Array) -> pa.Array:
    lengths = pc.fill_null(pc.list_value_length(values), 0).to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    return pa.LargeListArray.from_arrays(
        pa.array(offsets, pa.int64()), _text(values.flatten()), mask=pc.is_null(values)
    )


def _text(values: pa.Array) -> pa.Array:
    """Return an array of any type that Parquet holds as text."""
    if isinstance(values, pa.ExtensionArray):
        return _text(values.storage)
    if pa.types.is_dictionary(values.type):
        return _text(values.dictionary_decode())
    for fits, as_text in _AS_TEXT:
        if fits(values.type):
            return as_text(values)
    return pc.cast(values, TEXT)


def _float_text(values: pa.Array) -> pa.Array:
    values = pc.cast(values, pa.float64()) if pa.types.is_float16(values.type) else values
    sound = pc.if_else(pc.is_nan(values), None, values)
    whole = pc.and_(
        pc.equal(pc.floor(sound), sound), pc.less(pc.abs(sound), pa.scalar(LARGEST_WHOLE))
    )
    integers = pc.cast(pc.if_else(whole, sound, None), pa.int64())
    return pc.coalesce(pc.cast(integers, TEXT), pc.cast(sound, TEXT))


def _decimal_text(values: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(pc.cast(values, TEXT), _ZERO_DECIMALS, r"\1")


def _time_text(values: pa.Array) -> pa.Array:
    text = pc.replace_substring(pc.cast(values, TEXT), " ", "T", max_replacements=1)
    return pc.replace_substring_regex(text, _ZERO_FRACTION, r"\1")


def _hexadecimal(values: pa.Array) -> pa.Array:
    return pa.array([None if it is None else it.hex() for it in values.to_pylist()], TEXT)


def _json(values: pa.Array) -> pa.Array:
    texts = [
        None if it is None else json.dumps(it, ensure_ascii=False, default=_plain)
        for it in values.to_pylist()
    ]
    return pa.array(texts, TEXT)


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


_AS_TEXT: Final[
    tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], pa.Array]], ...]
] = (
    (pa.types.is_floating, _float_text),
    (pa.types.is_decimal, _decimal_text),
    (pa.types.is_timestamp, _time_text),
    (pa.types.is_time, _time_text),
    (pa.types.is_binary, _hexadecimal),
    (pa.types.is_large_binary, _hexadecimal),
    (pa.types.is_fixed_size_binary, _hexadecimal),
    (pa.types.is_nested, _json),
)
"""How arrays of a kind become text; those of any other kind are cast."""
