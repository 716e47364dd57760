"""Checking that a table has the columns of its schema, and making it so."""

from __future__ import annotations

import polars as pl

from linker.errors import LinkerError
from linker.schemas.mentions import Schema


def check(frame: pl.DataFrame, schema: Schema, table: str) -> pl.DataFrame:
    """Return `frame` if it has exactly the columns and types of `schema`.

    Args:
        frame: The table to check.
        schema: Its expected columns, in order.
        table: Its name, for the error.

    Raises:
        LinkerError: A column is missing, unknown, misplaced or of another type: a defect of ours.
    """
    if dict(frame.schema) != dict(schema):
        wrong = sorted(
            set(schema) ^ set(frame.columns)
            | {
                name
                for name in set(schema) & set(frame.columns)
                if frame[name].dtype != schema[name]
            }
        )
        raise LinkerError(
            f"table {table}: columns do not fit the schema: {', '.join(wrong) or 'order'}"
        )
    return frame


def conform(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return the columns of `schema`, in its order, cast to its types."""
    return frame.select(pl.col(name).cast(kind) for name, kind in schema.items())


def empty(schema: Schema) -> pl.DataFrame:
    """Return a frame of no rows with the given columns and types."""
    return pl.DataFrame(schema=dict(schema))
