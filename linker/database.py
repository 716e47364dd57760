"""DuckDB connections and the few ways this project talks through them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

Connection = duckdb.DuckDBPyConnection
"""An open database."""

MEMORY_LIMIT: Final = "8GB"


def connect(spill: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection to a database in memory.

    Args:
        spill: A directory for what does not fit into memory; nothing is spilled unless given.
    """
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": str(spill) if spill else "",
            "preserve_insertion_order": False,
        }
    )
    connection.execute("SET enable_progress_bar = false")
    return connection


def load(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Fill a table, made anew, with the rows of a frame."""
    connection.register("incoming_rows", rows.to_arrow())
    connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM incoming_rows")
    connection.unregister("incoming_rows")


def count(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any] | None = None
) -> int:
    """Return the one whole number that a query yields, 0 for null.

    All rows are fetched: DuckDB refuses other work on a connection with an unfinished result.
    """
    rows = connection.execute(sql, dict(values or {})).fetchall()
    return int(rows[0][0] or 0)


def frame(connection: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    """Return all rows of a query as a frame."""
    return pl.DataFrame(pl.from_arrow(connection.sql(sql).to_arrow_table()))
