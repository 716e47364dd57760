"""List columns: splitting joined texts, and merging values from several fields."""

from __future__ import annotations

import polars as pl


def split(texts: pl.Series, separator: str) -> pl.Series:
    """Return a list column from joined texts; null and empty texts give null.

    Args:
        texts: A column of text.
        separator: What separates the values in it.
    """
    text = pl.col("text")
    return (
        texts.to_frame("text")
        .select(pl.when(text != "").then(text.str.split(separator)))["text"]
        .rename(texts.name)
    )


def merged(told: pl.Series, found: pl.Series) -> pl.Series:
    """Return the distinct values of two list columns, sorted; null where there are none.

    Args:
        told: A list column.
        found: Another, of equal length.
    """
    none = pl.lit([], dtype=pl.List(pl.String()))
    both = pl.concat_list(pl.col("told").fill_null(none), pl.col("found").fill_null(none))
    return (
        pl.DataFrame({"told": told, "found": found})
        .select(both=both.list.unique().list.sort())
        .select(pl.when(pl.col("both").list.len() > 0).then("both"))["both"]
        .rename(told.name)
    )
