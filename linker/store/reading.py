"""Files of a store as they are read: what is missing or damaged ends in one line that names it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from linker.arrays import map_array
from linker.errors import StoreError


def read_json(path: Path) -> dict[str, Any]:
    """Return the object of a JSON file.

    Raises:
        StoreError: The file is missing or damaged.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise damaged(path) from None
    if not isinstance(value, dict):
        raise damaged(path)
    return value


def read_table(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Return a Parquet file's table, whole unless `columns` names those wanted.

    Raises:
        StoreError: The file is missing or damaged.
    """
    try:
        return pl.read_parquet(path, columns=list(columns) if columns is not None else None)
    except (OSError, pl.exceptions.PolarsError):
        raise damaged(path) from None


def collected(path: Path, query: Callable[[pl.LazyFrame], pl.LazyFrame]) -> pl.DataFrame:
    """Return what a query finds in a Parquet file, without reading the rest of it.

    Raises:
        StoreError: The file is missing or damaged.
    """
    try:
        return query(pl.scan_parquet(path)).collect()
    except (OSError, pl.exceptions.PolarsError):
        raise damaged(path) from None


def schema_of(path: Path) -> dict[str, pl.DataType]:
    """Return the columns of a Parquet file.

    Raises:
        StoreError: The file is missing or damaged.
    """
    try:
        return dict(pl.read_parquet_schema(path))
    except (OSError, pl.exceptions.PolarsError):
        raise damaged(path) from None


def read_array(path: Path) -> np.ndarray[Any, Any]:
    """Return the array of a file.

    Raises:
        StoreError: The file is missing or damaged.
    """
    return np.array(mapped_array(path))


def mapped_array(path: Path) -> np.ndarray[Any, Any]:
    """Return the array of a file, mapped into memory.

    Raises:
        StoreError: The file is missing or damaged.
    """
    try:
        return map_array(path)
    except (OSError, ValueError, EOFError, SyntaxError):
        raise damaged(path) from None


def damaged(path: Path) -> StoreError:
    """Return the error that says of a file or directory that it cannot be read."""
    return StoreError(f"{path}: is missing or damaged; publish a new generation")
