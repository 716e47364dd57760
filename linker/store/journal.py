"""The journal: what people did to a store, and tombstones of what was forgotten.

Acts: publishing what was held back, rolling back, forgetting. Tombstones: of each record that was
forgotten a keyed hash, so that it is known if a source still brings it.
"""

from __future__ import annotations

import datetime as dt
import getpass
import os
from dataclasses import asdict, dataclass

import polars as pl

from linker.database import Connection
from linker.store.journal_file import journal_rows, open_journal
from linker.store.layout import Store


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


def acts(store: Store) -> pl.DataFrame:
    """Return what people did, schema `ACTS`, in the order of time."""
    return journal_rows(store, "acts", '"at", rowid')


def tombstones(store: Store) -> pl.DataFrame:
    """Return what was forgotten, schema `TOMBSTONES`."""
    return journal_rows(store, "tombstones", '"at", place, digest')


def record_act(connection: Connection, act: Act) -> None:
    """Write an act down, in an open journal."""
    connection.execute(
        "INSERT INTO acts VALUES ($at, $who, $what, $generation, $instead_of, $why)", asdict(act)
    )


def add_tombstones(connection: Connection, rows: pl.DataFrame) -> None:
    """Add tombstones, schema `TOMBSTONES`, those that are there already left out."""
    connection.register("incoming", rows.to_arrow())
    connection.execute(
        "INSERT INTO tombstones BY NAME SELECT * FROM incoming ANTI JOIN tombstones "
        "USING (kind, place, digest)"
    )
    connection.unregister("incoming")


def settle_tombstones(store: Store, generation: int) -> None:
    """Note that a generation which holds nothing of what was forgotten has been published."""
    if not store.journal.exists():
        return
    with open_journal(store) as connection:
        connection.execute(
            "UPDATE tombstones SET generation = $number WHERE generation IS NULL",
            {"number": generation},
        )


def now() -> str:
    """Return the time as it stands in the journal: ISO 8601, UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def author_of(given: str | None) -> str:
    """Return who does something: the author given, or the user of the operating system."""
    if given and given.strip():
        return given.strip()
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return f"uid {os.getuid()}"
