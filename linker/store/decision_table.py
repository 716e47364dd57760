"""Clerical decisions on disk: a table of the journal, a DuckDB file beside the published pointer.

They are about no single generation. Rows are added and never deleted. A transaction takes
milliseconds and needs no lock of the store: whoever finds the file in use waits for it, so that
decisions can be recorded while a run is linking.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from linker.errors import StoreError
from linker.schemas import DECISIONS, conform, empty
from linker.store.layout import storage_errors

JOURNAL: Final = "journal.duckdb"
"""The file's name in the store's directory."""
WAITS: Final = 10.0
"""Seconds; who has the file open longer is no short transaction."""
_COLUMNS: Final = ", ".join(
    f"{name} {'BIGINT' if kind == pl.Int64() else 'VARCHAR'}" for name, kind in DECISIONS.items()
)


def read_decisions(directory: Path) -> pl.DataFrame:
    """Return all decisions that were ever recorded, schema `DECISIONS`, by number.

    Args:
        directory: The store's.

    Raises:
        StoreError: The journal is damaged, or another program has it open.
    """
    path = directory / JOURNAL
    if not path.exists():
        return empty(DECISIONS)
    with _open(path, read_only=True) as connection:
        known = "SELECT 1 FROM duckdb_tables() WHERE table_name = 'decisions'"
        return _all(connection) if connection.execute(known).fetchall() else empty(DECISIONS)


class DecisionWriter:
    """A transaction on the decisions of a store."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write through an open transaction."""
        self._connection = connection

    def all(self) -> pl.DataFrame:
        """Return all decisions, schema `DECISIONS`."""
        return _all(self._connection)

    def add(self, rows: pl.DataFrame) -> list[int]:
        """Record decisions, schema `DECISIONS` without ``decision_id``; return their numbers."""
        numbered = conform(
            rows.with_row_index("decision_id", offset=next_number(self.all())), DECISIONS
        )
        self._connection.register("incoming_rows", numbered.to_arrow())
        self._connection.execute("INSERT INTO decisions BY NAME SELECT * FROM incoming_rows")
        self._connection.unregister("incoming_rows")
        return numbered["decision_id"].to_list()

    def withdraw(self, number: int, at: str, by: str, why: str) -> None:
        """Write down that a decision is withdrawn; one that was stays as it is."""
        self._connection.execute(
            "UPDATE decisions SET withdrawn_at = $at, withdrawn_by = $by, withdrawn_why = $why "
            "WHERE decision_id = $number AND withdrawn_at IS NULL",
            {"at": at, "by": by, "why": why, "number": number},
        )


def next_number(decisions: pl.DataFrame) -> int:
    """Return the number that the next decision gets."""
    return int(decisions.select(pl.col("decision_id").max().fill_null(0)).item()) + 1


@contextmanager
def writing_decisions(directory: Path) -> Iterator[DecisionWriter]:
    """Give a transaction on the decisions of a store; an error undoes all of it.

    Args:
        directory: The store's; the journal is made where there is none.

    Raises:
        StoreError: The journal is damaged, cannot be written, or another program has it open.
    """
    path = directory / JOURNAL
    with storage_errors(directory, "nothing was recorded"), _open(path) as connection:
        file = path.stat().st_ino
        connection.execute("BEGIN")
        connection.execute(f"CREATE TABLE IF NOT EXISTS decisions ({_COLUMNS})")
        yield DecisionWriter(connection)
        if path.stat().st_ino != file:  # it was written anew while this one waited
            raise StoreError(f"{path}: was replaced meanwhile; nothing was recorded; run again")
        connection.execute("COMMIT")


def _all(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    found = connection.sql("SELECT * FROM decisions ORDER BY decision_id").to_arrow_table()
    return conform(pl.DataFrame(pl.from_arrow(found)), DECISIONS)


@contextmanager
def _open(path: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = _connect(path, read_only=read_only)
    try:
        yield connection
    except (duckdb.SerializationException, duckdb.CatalogException):
        raise _damaged(path) from None
    finally:
        with suppress(duckdb.Error):
            connection.close()


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    until = time.monotonic() + WAITS
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only)
        except duckdb.Error as error:
            told = str(error)
        if "could not set lock" not in told.lower():
            break
        if time.monotonic() > until:
            raise StoreError(
                f"{path}: another program has it open; close that and run again"
            ) from None
        time.sleep(0.05)
    if "not a valid" in told or "erializ" in told:
        raise _damaged(path)
    raise StoreError(f"{path}: cannot be opened; check its permissions, or restore it")


def _damaged(path: Path) -> StoreError:
    return StoreError(f"{path}: is damaged; restore it from a backup")
