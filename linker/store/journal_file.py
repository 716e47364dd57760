"""The journal's file: a DuckDB database beside the pointer, open for a transaction at a time.

It holds what people did and decided, which no generation holds. A transaction takes milliseconds:
whoever finds the file in use waits for it, so that decisions can be recorded while a run links.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from linker.database import Connection, frame
from linker.errors import StoreError
from linker.schemas import ACTS, DECISIONS, TEXT, TOMBSTONES, Schema, conform, empty
from linker.store.layout import Store, storage_errors, sync_directory

WAITS: Final = 10.0
"""Seconds; who has the file open longer is no short transaction."""
_TABLES: Final[Mapping[str, Schema]] = {
    "acts": ACTS,
    "decisions": DECISIONS,
    "tombstones": TOMBSTONES,
}
_TYPES: Final[Mapping[pl.DataType, str]] = {
    TEXT: "VARCHAR",
    pl.Int64(): "BIGINT",
    pl.Binary(): "BLOB",
}


@contextmanager
def open_journal(store: Store, outcome: str = "nothing was changed") -> Iterator[Connection]:
    """Open the journal for one transaction, making what it lacks; an error undoes all of it.

    Args:
        store: Whose journal.
        outcome: What the line says of the consequence where it cannot be written.

    Raises:
        StoreError: The file is damaged, cannot be written, another program has it open, or it was
            written anew meanwhile.
    """
    path = store.journal
    with storage_errors(store.directory, outcome), _open(path) as connection:
        file = path.stat().st_ino
        connection.execute("BEGIN")
        for name, schema in _TABLES.items():
            columns = ", ".join(f'"{column}" {_TYPES[kind]}' for column, kind in schema.items())
            connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
        yield connection
        if path.stat().st_ino != file:  # it was compacted while this one waited
            raise StoreError(f"{path}: was replaced meanwhile; {outcome}; run again")
        connection.execute("COMMIT")


def journal_rows(store: Store, table: str, order: str) -> pl.DataFrame:
    """Return a table of the journal, empty where there is none, with its own schema.

    Args:
        store: Whose journal.
        table: acts, decisions or tombstones.
        order: SQL to order the rows by.

    Raises:
        StoreError: The file is damaged, cannot be read, or another program has it open.
    """
    schema = _TABLES[table]
    if not store.journal.exists():
        return empty(schema)
    with _open(store.journal, read_only=True) as connection:
        known = "SELECT 1 FROM duckdb_tables() WHERE table_name = $table"
        if not connection.execute(known, {"table": table}).fetchall():
            return empty(schema)
        return conform(frame(connection, f"SELECT * FROM {table} ORDER BY {order}"), schema)


def compact_journal(store: Store) -> None:
    """Write the journal anew, so that no deleted row is left in the bytes of its file.

    Raises:
        StoreError: The disk is full, or cannot be written.
    """
    if not store.journal.exists():
        return
    fresh = store.journal.with_name("journal.duckdb.new")
    with storage_errors(store.directory, "the journal is as it was"):
        fresh.unlink(missing_ok=True)
        with duckdb.connect() as connection:
            for name, path in (("old", store.journal), ("fresh", fresh)):
                mode = " (READ_ONLY)" if name == "old" else ""
                quoted = str(path).replace("'", "''")
                connection.execute(f"ATTACH '{quoted}' AS {name}{mode}")
            connection.execute("COPY FROM DATABASE old TO fresh")
            connection.execute("DETACH fresh")
            descriptor = os.open(fresh, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            fresh.replace(store.journal)  # while nobody else can open the old one for writing
        sync_directory(store.directory)


@contextmanager
def _open(path: Path, *, read_only: bool = False) -> Iterator[Connection]:
    connection = _connect(path, read_only=read_only)
    try:
        yield connection
    except (duckdb.SerializationException, duckdb.CatalogException):
        raise _damaged(path) from None
    finally:
        with suppress(duckdb.Error):
            connection.close()


def _connect(path: Path, *, read_only: bool) -> Connection:
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
