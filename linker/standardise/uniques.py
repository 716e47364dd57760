"""Mapping a column through a Python function: each distinct value once, however many rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

_CHUNK = 250_000


def map_uniques(
    values: pl.Series, function: Callable[[str], object], dtype: pl.DataType
) -> pl.Series:
    """Return `function` of every value; null stays null.

    Args:
        values: A column of text.
        function: A pure function of one text; None becomes null.
        dtype: The type of the result.
    """
    found = lookup(values, lambda text: (function(text),), {"value": dtype})
    return gather(values, found)["value"].rename(values.name)


def map_uniques_to_columns(
    values: pl.Series, function: Callable[[str], Sequence[str | None]], names: Sequence[str]
) -> pl.DataFrame:
    """Return several text columns, one for each part that `function` returns; empty is null.

    Args:
        values: A column of text.
        function: A pure function of one text, such as one that returns a named tuple of texts.
        names: The columns' names, in the order of the parts.
    """
    found = lookup(values, function, dict.fromkeys(names, pl.String()))
    return gather(values, found).select(
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in names
    )


def lookup(
    values: pl.Series,
    function: Callable[[str], Sequence[object]],
    schema: dict[str, pl.DataType],
) -> pl.DataFrame:
    """Return one row a distinct text, with what `function` makes of it.

    Args:
        values: A column of text.
        function: A pure function of one text that returns one value for each column of `schema`.
        schema: The columns to make.

    Returns:
        A column ``text`` and those of `schema`.
    """
    distinct = values.drop_nulls().unique() if values.null_count() < len(values) else values.clear()
    parts = [pl.DataFrame(schema={"text": pl.String(), **schema})]
    # In chunks, so that ten million distinct names are never all Python objects at once.
    for start in range(0, len(distinct), _CHUNK):
        texts = distinct.slice(start, _CHUNK)
        results = list(zip(*map(function, texts.to_list()), strict=True))
        columns = [
            pl.Series(name, column, dtype=dtype)
            for (name, dtype), column in zip(schema.items(), results, strict=True)
        ]
        parts.append(pl.DataFrame([texts.rename("text"), *columns]))
    return pl.concat(parts)


def gather(values: pl.Series, found: pl.DataFrame) -> pl.DataFrame:
    """Return the looked-up columns for every row of `values`, in its order.

    Args:
        values: A column of text.
        found: What `lookup` returned for it.
    """
    if found.is_empty():  # an unmapped field
        return found.drop("text").clear(len(values))
    rows = pl.DataFrame([values.rename("text")])
    return rows.join(found, on="text", how="left", maintain_order="left").drop("text")
