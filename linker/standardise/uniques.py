"""Mapping a column through a Python function: each distinct value once, however many rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import polars as pl

_CHUNK: Final = 250_000
_FEW: Final = 64
"""Up to so many rows, as in a lookup, calling the function for each costs less than joining."""


def map_uniques(
    values: pl.Series, function: Callable[[str], object], dtype: pl.DataType
) -> pl.Series:
    """Return `function` of every value; null stays null.

    Args:
        values: A column of text.
        function: A pure function of one text; None becomes null.
        dtype: The type of the result.
    """
    mapped = _mapped(values, lambda text: (function(text),), {"value": dtype})
    return mapped["value"].rename(values.name)


def map_uniques_to_columns(
    values: pl.Series, function: Callable[[str], Sequence[str | None]], names: Sequence[str]
) -> pl.DataFrame:
    """Return several text columns, one for each part that `function` returns; None is null.

    Args:
        values: A column of text.
        function: A pure function of one text, such as one that returns a named tuple of texts.
        names: The columns' names, in the order of the parts.
    """
    return _mapped(values, function, dict.fromkeys(names, pl.String()))


def _mapped(
    values: pl.Series,
    function: Callable[[str], Sequence[object]],
    schema: Mapping[str, pl.DataType],
) -> pl.DataFrame:
    if len(values) <= _FEW:
        nothing = (None,) * len(schema)
        return _table(
            [nothing if text is None else function(text) for text in values.to_list()], schema
        )
    distinct = values.drop_nulls().unique()
    parts = [pl.DataFrame(schema={"text": pl.String(), **schema})]
    # In chunks, so that ten million distinct names are never all Python objects at once.
    for start in range(0, len(distinct), _CHUNK):
        texts = distinct.slice(start, _CHUNK).rename("text")
        table = _table([function(text) for text in texts.to_list()], schema)
        parts.append(table.insert_column(0, texts))
    rows = pl.DataFrame([values.rename("text")])
    return rows.join(pl.concat(parts), on="text", how="left", maintain_order="left").drop("text")


def _table(results: Sequence[Sequence[object]], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    columns = zip(*results, strict=True) if results else ([] for _ in schema)
    return pl.DataFrame(
        [
            pl.Series(name, column, dtype=dtype)
            for (name, dtype), column in zip(schema.items(), columns, strict=True)
        ]
    )
