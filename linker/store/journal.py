"""The journal: a DuckDB file beside the pointer of what people did, which no generation holds.

Acts: publishing what was held back, rolling back, forgetting. Tombstones: of each record that was
forgotten a keyed hash, so that it is known if a source still brings it.
"""

from __future__ import annotations

import datetime as dt
import getpass
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Final

import duckdb
import polars as pl

from linker.database import frame
from linker.errors import StoreError
from linker.schemas import ACTS, TEXT, TOMBSTONES, Schema, conform, empty
from linker.store.layout import Store, storage_errors, sync_directory

WAITS: Final = 10.0
"""Seconds; who has the file open longer is no short transaction."""
_TABLES: Final[Mapping[str, Schema]] = {"acts": ACTS, "tombstones": TOMBSTONES}
_TYPES: Final[Mapping[pl.DataType, str]] = {
    TEXT: "VARCHAR",
    pl.Int64(): "BIGINT",
    pl.Binary(): "BLOB",
}


@dataclass(frozen=True)
class Act:
    """What a person did to a store.

    Attributes:
        at: When, ISO 8601, UTC.
        who: The author given, or the user of the operating system.
        what: publish, rollback, forget or delete.
        generation: The one published or deleted by it, or published when it was done.
        instead_of: The one that was published before it.
        why: In the person's words.
    """

    at: str
    who: str
    what: str
    generation: int | None
    instead_of: int | None
    why: str


@contextmanager
def open_journal(store: Store) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the journal for one transaction, making what it lacks; the store's lock must be held.

    Raises:
        StoreError: The file is damaged, another program has it open, or it cannot be written.
    """
    with storage_errors(store.directory, "nothing was changed"):
        connection = _connect(store)
        try:
            connection.execute("BEGIN")
            for name, schema in _TABLES.items():
                columns = ", ".join(f'"{column}" {_TYPES[kind]}' for column, kind in schema.items())
                connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()


def _connect(store: Store, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the file; who else has it open, for a transaction of milliseconds, is waited for."""
    until = time.monotonic() + WAITS
    while True:
        try:
            return duckdb.connect(str(store.journal), read_only=read_only)
        except duckdb.Error as error:
            in_use = "could not set lock" in str(error).lower()
            if in_use and time.monotonic() < until:
                time.sleep(0.05)
                continue
            if in_use:
                raise StoreError(
                    f"{store.journal}: another program has it open; close that and run again"
                ) from None
            damaged = isinstance(error, duckdb.SerializationException)
            if not damaged and "not a valid" not in str(error):
                raise
            raise StoreError(f"{store.journal}: is damaged; restore it from a backup") from None


def _rows(store: Store, table: str, order: str) -> pl.DataFrame:
    schema = _TABLES[table]
    if not store.journal.exists():
        return empty(schema)
    with _connect(store, read_only=True) as connection:
        found = connection.execute(
            "SELECT count(*) FROM duckdb_tables() WHERE table_name = $table", {"table": table}
        ).fetchall()
        if not found[0][0]:
            return empty(schema)
        return conform(frame(connection, f"SELECT * FROM {table} ORDER BY {order}"), schema)


def acts(store: Store) -> pl.DataFrame:
    """Return what people did, schema `ACTS`, in the order of time."""
    return _rows(store, "acts", '"at", rowid')


def tombstones(store: Store) -> pl.DataFrame:
    """Return what was forgotten, schema `TOMBSTONES`."""
    return _rows(store, "tombstones", '"at", place, digest')


def record_act(connection: duckdb.DuckDBPyConnection, act: Act) -> None:
    """Write an act down, in an open journal."""
    connection.execute(
        "INSERT INTO acts VALUES ($at, $who, $what, $generation, $instead_of, $why)", asdict(act)
    )


def add_tombstones(connection: duckdb.DuckDBPyConnection, rows: pl.DataFrame) -> None:
    """Add tombstones, schema `TOMBSTONES`, those that are there already left out."""
    connection.register("incoming", rows.to_arrow())
    connection.execute(
        "INSERT INTO tombstones BY NAME SELECT * FROM incoming ANTI JOIN tombstones "
        "USING (kind, place, digest)"
    )
    connection.unregister("incoming")


def delete_decisions(connection: duckdb.DuckDBPyConnection, records: pl.DataFrame) -> None:
    """Delete the rows of every other table of the journal that name one of some records."""
    connection.register("forgotten", records.to_arrow())
    found = connection.execute(
        "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE NOT internal "
        "GROUP BY table_name"
    ).fetchall()
    for table, columns in found:
        for ending in ("", "_l", "_r"):
            side = (f"source{ending}", f"record_id{ending}")
            if table != "forgotten" and set(side) <= set(columns):
                connection.execute(
                    f"DELETE FROM {table} WHERE ({side[0]}, {side[1]}) IN "
                    "(SELECT (source, record_id) FROM forgotten)"
                )
    connection.unregister("forgotten")


def settle_tombstones(store: Store, generation: int) -> None:
    """Note that a generation which holds nothing of what was forgotten has been published."""
    if not store.journal.exists():
        return
    with open_journal(store) as connection:
        connection.execute(
            "UPDATE tombstones SET generation = $number WHERE generation IS NULL",
            {"number": generation},
        )


def compact_journal(store: Store) -> None:
    """Write the journal anew, so that no deleted row is left in the bytes of its file."""
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


def now() -> str:
    """Return the time as it stands in the journal: ISO 8601, UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def author(given: str | None) -> str:
    """Return who does something: the author given, or the user of the operating system."""
    if given and given.strip():
        return given.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return f"uid {os.getuid()}"
