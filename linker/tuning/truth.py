"""A file that says who is who: the truth that rules are tuned by."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from linker.errors import UsageError
from linker.schemas import RECORD

COLUMNS: Final = (*RECORD, "true_id")
"""What such a file has at least."""


def read_truth(path: Path) -> pl.DataFrame:
    """Return ``source``, ``record_id`` and ``true_id`` of each record, as texts.

    Args:
        path: A CSV or Parquet file; records without a true_id are left out.

    Raises:
        UsageError: It cannot be read, lacks a column, or says two things of one record.
    """
    if path.suffix not in (".csv", ".parquet"):
        raise UsageError(f"{path}: name a file that ends in .csv or .parquet")
    try:
        frame = (
            pl.read_csv(path, infer_schema=False)
            if path.suffix == ".csv"
            else pl.read_parquet(path)
        )
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file") from None
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"{path}: cannot be read: {type(error).__name__}") from None
    for column in COLUMNS:
        if column not in frame.columns:
            raise UsageError(
                f"{path}: lacks the column {column!r}; it needs source, record_id and true_id"
            )
    try:
        truth = frame.select(pl.col(COLUMNS).cast(pl.String)).drop_nulls().unique()
    except pl.exceptions.PolarsError:
        raise UsageError(f"{path}: source, record_id and true_id must be plain values") from None
    twice = truth.select(pl.struct(list(RECORD)).is_duplicated().sum()).item()
    if twice:
        raise UsageError(f"{path}: {twice:,} rows give a record more than one true_id")
    return truth.sort(*RECORD)
