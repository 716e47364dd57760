"""The warehouse: a DuckDB file that remembers the ledger and the runs across generations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from linker.errors import StoreError
from linker.schemas import CUT_RECORDS, LEDGER
from linker.store.layout import Store


def _connect(store: Store) -> duckdb.DuckDBPyConnection:
    """Open the warehouse, making its tables where there are none.

    Raises:
        StoreError: The file is damaged, or another program has it open.
    """
    try:
        connection = duckdb.connect(str(store.warehouse))
    except duckdb.Error as error:
        if "could not set lock" in str(error).lower():
            raise StoreError(
                f"{store.warehouse}: another program has it open; close that and run again"
            ) from None
        if "not a valid" not in str(error) and not isinstance(error, duckdb.SerializationException):
            raise
        raise StoreError(f"{store.warehouse}: is damaged; restore it from a backup") from None
    connection.execute(
        "CREATE TABLE IF NOT EXISTS ledger (generation BIGINT, run_at VARCHAR, "
        "entity_type VARCHAR, entity_id VARCHAR, event VARCHAR, other_entity_id VARCHAR, "
        "records BIGINT, model VARCHAR, reason VARCHAR)"
    )
    for name in CUT_RECORDS:  # a warehouse of before cuts were written has no place for them
        connection.execute(f"ALTER TABLE ledger ADD COLUMN IF NOT EXISTS {name} VARCHAR")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS runs (generation BIGINT, run_at VARCHAR, digest VARCHAR)"
    )
    return connection


def record_run(
    store: Store, number: int, ledger: pl.DataFrame, manifest: Mapping[str, Any], copy_to: Path
) -> None:
    """Commit a run's ledger in one transaction and write the whole ledger as Parquet.

    Rows of this or a later number are remains of a run that died before it was published; they
    are removed in the same transaction.

    Args:
        store: Whose warehouse.
        number: The generation's number.
        ledger: The run's events, schema `LEDGER`.
        manifest: What the run says about itself; ``at`` is taken from it.
        copy_to: Where the ledger of all generations is written for readers.

    Raises:
        StoreError: The warehouse is damaged, or another program has it open.
    """
    with _connect(store) as connection:
        connection.register("incoming", ledger.select(list(LEDGER)).to_arrow())
        connection.execute("BEGIN")
        connection.execute("DELETE FROM ledger WHERE generation >= $number", {"number": number})
        connection.execute("DELETE FROM runs WHERE generation >= $number", {"number": number})
        connection.execute("INSERT INTO ledger BY NAME SELECT * FROM incoming")
        connection.execute(
            "INSERT INTO runs VALUES ($number, $at, $digest)",
            {"number": number, "at": manifest["at"], "digest": str(manifest["digest"])},
        )
        connection.execute("COMMIT")
        connection.unregister("incoming")
        # DuckDB writes it, since the ledger of all runs together may not fit into memory
        connection.execute(
            "COPY (SELECT * FROM ledger ORDER BY generation, entity_type, entity_id, event, "
            f"other_entity_id, {', '.join(CUT_RECORDS)}) TO {_quoted(copy_to)} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )


def _quoted(path: Path) -> str:
    """Return a path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"
